"""The labeler's record as a file of their own: complete, recomputable, signed (D.7, DAT-01)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.record.carried import SCHEMA
from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.dose import seconds_down
from labelhub.domain.welfare.policy import ceiling
from labelhub.domain.welfare.windows import HOUR, Measure
from labelhub.exports.sealed import Sealed, public_key
from labelhub.services.my_record import standing as standings
from labelhub.services.my_record.standing import Standing, Window
from labelhub.store import carried, looks, own_choices, people
from labelhub.store.my_record import choices, decisions, exposures, limits, times

UNITS = {Measure.POINTS: "point-seconds", Measure.WORK: "seconds", Measure.SEVERE: "items"}


def write(
    session: Session, person_id: PersonId, key: Ed25519PrivateKey, file: BinaryIO, clock: Clock
) -> str:
    """Write the whole record to *file* and sign it; return its digest.

    The session keeps one view of the database. However many exposures there are, a thousand are
    in memory.
    """
    standing = standings.of(session, person_id, clock)
    document = Sealed(file, SCHEMA)
    _write_head(session, document, person_id, key, standing)
    _write_limits(session, document, person_id, standing)
    _write_choices(session, document, person_id)
    document.entries("engagements", _engagements(session, person_id))
    document.entries("decisions", _decisions(session, person_id))
    document.entries("looks", _looks(session, person_id))
    document.entries("chains", _chains(session, person_id))
    document.entries("breaks", _breaks(session, person_id))
    document.entries("paid_time", _paid(session, person_id))
    document.entries("carried_records", _carried_records(session, person_id))
    document.entries("carried", _carried(session, person_id))
    document.entries("exposures", _exposures(session, person_id))
    return document.seal(key)


def _write_head(
    session: Session,
    document: Sealed,
    person_id: PersonId,
    key: Ed25519PrivateKey,
    standing: Standing,
) -> None:
    person = people.get(session, person_id)
    document.member("issued", {
        "gate_time": _text(standing.now), "wall_time": _text(standing.turn.wall),
        "time_verified": standing.turn.verified, "public_key": public_key(key),
    })  # fmt: skip
    document.member("person", {"id": person_id.hex, "email": person.email, "name": person.name})
    document.member("windows", [_window(window) for window in standing.windows])
    document.member("on_screen", _on_screen(session, person_id, standing))


def _window(window: Window) -> dict[str, Any]:
    return {
        "measure": window.measure.value, "hours": window.window // HOUR,
        "unit": UNITS[window.measure], "spent": window.spent, "limit": window.limit,
        "remaining": window.remaining, "limit_from_s2": window.hard_limit,
        "remaining_from_s2": window.hard_remaining, "set_by": window.layer.value,
        "project": window.project, "next_back": _text_or_none(window.next_back),
        "all_back": _text_or_none(window.all_back),
    }  # fmt: skip


def _on_screen(session: Session, person_id: PersonId, standing: Standing) -> dict[str, Any] | None:
    """Return what is open: it is in no window's sum yet, and counts when it is hidden."""
    showing = standing.turn.work.showing
    found = None if showing is None else exposures.open_now(session, person_id, showing.shown_at)
    if found is None:
        return None
    return {
        "project": found.project, "shown": _text(found.shown_at),
        "severity": int(found.severity), "granted_seconds": seconds_down(found.granted),
    }  # fmt: skip


def _write_limits(
    session: Session, document: Sealed, person_id: PersonId, standing: Standing
) -> None:
    weights = standing.policy.weights if standing.places else ceiling().weights
    document.member("weights", list(weights))
    document.entries("limits", (
        {
            "project": place.slug, "title": place.title,
            "values": place.limits.policy.to_mapping(),
            "set_by": {name: layer.value for name, layer in place.limits.set_by.items()},
        }
        for place in standing.places
    ))  # fmt: skip
    found = limits.history(
        session,
        person_id,
        [place.vendor_id for place in standing.places],
        [place.project_id for place in standing.places],
    )
    document.entries("limit_history", (
        {
            "layer": each.layer.value, "values": each.document,
            "committed": _text(each.committed_at), "effective": _text(each.effective_at),
        }
        for each in found
    ))  # fmt: skip


def _write_choices(session: Session, document: Sealed, person_id: PersonId) -> None:
    document.entries("consents", (
        {
            "severity": int(each.severity), "given": _text(each.given_at),
            "effective": _text(each.effective_at), "expires": _text(each.expires_at),
            "withdrawn": _text_or_none(each.withdrawn_at),
        }
        for each in own_choices.consents(session, person_id)
    ))  # fmt: skip
    document.entries("opt_outs", (
        {
            "scope": each.scope.value, "subject": each.subject, "about": each.about,
            "started": _text(each.started_at), "ended": _text_or_none(each.ended_at),
        }
        for each in choices.opt_outs(session, person_id)
    ))  # fmt: skip
    document.entries("declarations", (
        {"choice": each.choice, "declared": _text(each.declared_at)}
        for each in choices.declarations(session, person_id)
    ))  # fmt: skip


def _engagements(session: Session, person_id: PersonId) -> Iterator[dict[str, Any]]:
    for each in decisions.engagements(session, person_id):
        yield {
            "role": each.role, "organisation": each.organisation,
            "started": _text(each.started_at), "ended": _text_or_none(each.ended_at),
        }  # fmt: skip


def _decisions(session: Session, person_id: PersonId) -> Iterator[dict[str, Any]]:
    for each in decisions.about(session, person_id):
        yield {
            "kind": each.kind, "at": _text(each.at), "organisation": each.organisation,
            "by": each.by, "what": each.what,
        }  # fmt: skip


def _looks(session: Session, person_id: PersonId) -> Iterator[dict[str, Any]]:
    for each in looks.at(session, person_id):
        yield {"by": each.by or "operator", "what": each.what, "at": _text(each.looked_at)}


def _chains(session: Session, person_id: PersonId) -> Iterator[dict[str, Any]]:
    for each in decisions.chains(session, person_id):
        yield {
            "organisation": each.organisation, "chain": each.chain_id.hex, "events": each.seq,
            "head": each.head,
        }  # fmt: skip


def _breaks(session: Session, person_id: PersonId) -> Iterator[dict[str, Any]]:
    for each in times.breaks(session, person_id):
        yield {
            "kind": each.kind, "started": _text(each.started_at),
            "ended": _text_or_none(each.ended_at),
        }  # fmt: skip


def _paid(session: Session, person_id: PersonId) -> Iterator[dict[str, Any]]:
    for each in times.all_paid(session, person_id):
        yield {
            "recorded": _text(each.recorded_at), "kind": each.kind, "seconds": each.seconds,
            "organisation": each.organisation, "project": each.project,
        }  # fmt: skip


def _carried_records(session: Session, person_id: PersonId) -> Iterator[dict[str, Any]]:
    for each in carried.records(session, person_id):
        yield {
            "issuer": each.issuer, "sha256": each.digest, "issued": _text(each.issued_at),
            "carried": _text(each.carried_at), "counted": each.exposures,
        }  # fmt: skip


def _carried(session: Session, person_id: PersonId) -> Iterator[dict[str, Any]]:
    for issuer, each in carried.all_of(session, person_id):
        yield {
            "hidden": _text(each.hidden_at), "severity": int(each.severity),
            "seconds": each.active_s, "point_seconds": each.charge_ps,
            "counted": _text(each.counted_at), "issuer": issuer,
        }  # fmt: skip


def _exposures(session: Session, person_id: PersonId) -> Iterator[dict[str, Any]]:
    for each in exposures.all_of(session, person_id):
        yield {
            "number": each.seq, "project": each.project, "shown": _text(each.shown_at),
            "hidden": _text(each.hidden_at), "screened": int(each.screened),
            "severity": int(each.severity), "seconds": each.active_s,
            "point_seconds": each.charge_ps,
        }  # fmt: skip


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _text_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else _text(moment)
