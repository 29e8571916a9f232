"""Column names that trainers read when they are there, and so mean nothing else (section 3.1)."""

from labelhub.domain.release.spec import Format

RESERVED = frozenset(
    (
        *("messages", "completion", "label", "margin", "tools", "chat_template_kwargs"),
        *("image", "images", "text", "chosen_ids", "rejected_ids", "prompt_ids"),
        *("completion_ids", "KL_completion_ids", "input_ids", "labels", "ref_chosen_logps"),
        *("ref_rejected_logps", "ref_logps", "ref_KL_logps", "chosen_input_ids"),
        "rejected_input_ids",
    )
)
MEANT: dict[Format, frozenset[str]] = {
    Format.TRL_UNPAIRED: frozenset({"completion", "label"}),
    Format.REWARD_MARGIN: frozenset({"margin"}),
}
"""Where a format means what the trainer reads."""


def misused(names: frozenset[str], release_format: Format) -> frozenset[str]:
    return (names & RESERVED) - MEANT.get(release_format, frozenset())
