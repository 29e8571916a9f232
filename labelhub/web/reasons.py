"""The gate's reasons in words, from the one template that has them."""

from flask import current_app

from labelhub.domain.welfare.verdicts import Reason


def sentence(reason: Reason) -> str:
    """Return the sentence that pages say for a reason."""
    module = current_app.jinja_env.get_template("macros/reasons.html").make_module()
    return str(module.hold_sentence(reason.value)).strip()  # type: ignore[attr-defined]
