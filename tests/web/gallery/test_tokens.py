"""Colours can be read in light and dark, and no value hides outside the tokens."""

import re
from pathlib import Path

import pytest

import labelhub

STATIC = Path(labelhub.__file__).parent / "static"
TEXT = ("ink", "ink-quiet", "accent", "danger", "good")
GROUNDS = ("page", "surface", "raised")
FOR_TEXT = 4.5  # WCAG 2.2, 1.4.3
FOR_CONTROLS = 3.0  # WCAG 2.2, 1.4.11


def palette(scheme: str) -> dict[str, str]:
    css = (STATIC / "tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, flags=re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block)) for block in blocks[:2])
    return light if scheme == "light" else {**light, **dark}


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", TEXT)
def test_text_can_be_read_on_every_ground(scheme: str, ground: str, ink: str) -> None:
    colours = palette(scheme)

    assert contrast(colours[ink], colours[ground]) >= FOR_TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [("accent-ink", "accent"), ("ink", "accent-quiet"), ("ink", "notice"), ("page", "danger")],
)
def test_text_can_be_read_on_colour(scheme: str, ink: str, ground: str) -> None:
    colours = palette(scheme)

    assert contrast(colours[ink], colours[ground]) >= FOR_TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_edge_of_a_control_can_be_seen(scheme: str, ground: str) -> None:
    colours = palette(scheme)

    assert contrast(colours["control-line"], colours[ground]) >= FOR_CONTROLS


@pytest.mark.parametrize("name", ["labelhub.css", "desk.css"])
def test_no_colour_or_side_is_named_outside_the_tokens(name: str) -> None:
    css = re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.DOTALL)

    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|\brgba?\(|\bhsla?\(", css)
    assert not re.findall(r"\b(?:margin|padding|border|inset)-(?:left|right)\b", css)
    assert not re.findall(r"(?<!text-)(?<!-)\b(?:left|right)\s*:", css)
