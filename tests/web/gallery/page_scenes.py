"""Every page but the desk: template and context by the name of its scene."""

from typing import Any

from tests.web.gallery import (
    check_in_scenes,
    choices_scenes,
    limits_scenes,
    people_scenes,
    plan_scenes,
    project_scenes,
    record_scenes,
)

SCENES: dict[str, tuple[str, dict[str, Any]]] = {
    **people_scenes.SCENES,
    **project_scenes.SCENES,
    **plan_scenes.SCENES,
    **choices_scenes.SCENES,
    **limits_scenes.SCENES,
    **record_scenes.SCENES,
    **check_in_scenes.SCENES,
}
