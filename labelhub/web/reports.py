"""Takes browsers' reports of policy violations, so that a broken page shows in the log."""

from http import HTTPStatus

import orjson
import structlog
from flask import Blueprint, Response, request

from labelhub.web.access import PUBLIC, audience
from labelhub.web.headers import REPORTS

bp = Blueprint("reports", __name__)
log = structlog.get_logger(__name__)
_LONGEST = 16 * 1024
_MOST = 5


@bp.post(REPORTS)
@audience(PUBLIC)
def policy() -> Response:
    """Log which directive was violated, and nothing else a stranger could write here."""
    request.max_content_length = _LONGEST
    try:
        sent = orjson.loads(request.get_data(cache=False))
    except orjson.JSONDecodeError:
        return Response(status=HTTPStatus.BAD_REQUEST)
    for report in (sent if isinstance(sent, list) else [])[:_MOST]:
        body = report.get("body") if isinstance(report, dict) else None
        directive = body.get("effectiveDirective") if isinstance(body, dict) else None
        if isinstance(directive, str) and directive.replace("-", "").isalpha():
            log.warning("policy_violated", directive=directive[:40])
    return Response(status=HTTPStatus.NO_CONTENT)
