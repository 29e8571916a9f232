"""Every page but the desk: template and context by the name of its scene."""

from typing import Any

from tests.web.gallery import choices_scenes, people_scenes, project_scenes

SCENES: dict[str, tuple[str, dict[str, Any]]] = {
    **people_scenes.SCENES,
    **project_scenes.SCENES,
    **choices_scenes.SCENES,
}
