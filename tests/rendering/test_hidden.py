"""Characters that cannot be seen are shown as marks and counted."""

import pytest

from labelhub.rendering import render
from tests.rendering.page import visible


@pytest.mark.parametrize(
    ("text", "shown", "counts"),
    [
        ("a\u202eb\u202c", "a⟦U+202E⟧b⟦U+202C⟧", {"bidi": 2}),
        ("a\u2066\u2066\u2069b", "a⟦U+2066 ×2⟧⟦U+2069⟧b", {"bidi": 3}),
        ("\u200eא\u200f", "⟦U+200E⟧א⟦U+200F⟧", {"bidi": 2}),
        ("pass\u200bword", "pass⟦U+200B⟧word", {"zero_width": 1}),
        ("a\u200db\u200cc", "a⟦U+200D⟧b⟦U+200C⟧c", {"zero_width": 2}),
        ("\ufeffa\u00adb\u2060", "⟦U+FEFF⟧a⟦U+00AD⟧b⟦U+2060⟧", {"zero_width": 3}),
        ("\u3164\u115f", "⟦U+3164⟧⟦U+115F⟧", {"zero_width": 2}),
        ("a\U000e0041\U000e0042", "a⟦U+E0041⟧⟦U+E0042⟧", {"tag": 2}),
        ("🙂\ufe0f\ufe0f\ufe0f", "🙂⟦U+FE0F ×3⟧", {"variation": 3}),
        ("a\ufe01\U000e0100", "a⟦U+FE01⟧⟦U+E0100⟧", {"variation": 2}),
        ("a\x00b\x1bc\x7f\x85", "a␀b␛c␡⟦U+0085⟧", {"control": 4}),
        ("a\u2028b", "a⟦U+2028⟧b", {"control": 1}),
        ("a\ud800b", "a⟦U+D800⟧b", {"control": 1}),
        ("e" + "\u0301" * 8, "e" + "\u0301" * 8, {}),
        ("e" + "\u0301" * 9, "e" + "\u0301" * 8 + "⟦◌ ×1⟧", {"combining": 1}),
        ("e" + "\u0301\u0302" * 50, "e" + "\u0301\u0302" * 4 + "⟦◌ ×92⟧", {"combining": 92}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("style", ["plain", "markdown"])
def test_hidden_characters_are_marked_and_counted(
    text: str, shown: str, counts: dict[str, int], style: str
) -> None:
    rendered = render(text, "plain" if style == "plain" else "markdown")

    assert visible(rendered.html).strip() == shown
    assert dict(rendered.hidden) == counts


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian: "I want", with the joiner its spelling asks for
        "क्\u200dष",
        "👩\u200d💻 ❤\ufe0f 1\ufe0f\u20e3 👩🏽\u200d🚀",
        "葛\U000e0100城市",
        "naïve Ünïcode, Tiếng Việt, עִבְרִית, العربية",
        "tab\tand\nline",
    ],
)
def test_correct_spelling_has_no_marks(text: str) -> None:
    rendered = render(text, "markdown")

    assert dict(rendered.hidden) == {}
    assert "".join(visible(rendered.html).split()) == "".join(text.split())


def test_marks_stay_within_the_bound_on_output() -> None:
    text = "\u00ad\u034f" * 16_000
    rendered = render(text, "plain")

    assert len(rendered.html.encode()) <= 8 * len(text.encode()) + 1024
    assert rendered.hidden == {"zero_width": 32_000}
