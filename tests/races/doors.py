"""Two doors to the desk: the services in R3's two transactions, and the pages in front of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from flask import Flask
from sqlmodel import Session

from labelhub.app import create_app
from labelhub.clock import SystemClock, utc_now
from labelhub.domain.vocabulary import OptOutScope, PersonId
from labelhub.services import desk, rating, safeguarding
from labelhub.services.showing import Served, Shown
from labelhub.settings import Settings
from labelhub.store.database import Database
from tests.races.plan import Seat

_ASSIGNMENT = re.compile(r'name="assignment" value="([0-9a-f-]{32,36})"')
_KEY = re.compile(r'name="key" value="([^"]+)"')
_LAST_RATING = re.compile(r'name="rating" value="([0-9a-f]{32})"')
_STATUS_CONFLICT = 422
_HEADERS = {"Sec-Fetch-Site": "same-origin", "HX-Request": "true"}
"""As htmx: an answer that is not accepted is then always a 422, whatever else could be shown."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What came back: bytes, when, and the form in them if there is one."""

    body: bytes
    since: datetime
    at: datetime
    assignment: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer came to: accepted (its identifier, where it is told), or not."""

    accepted: bool
    rating: str
    seen: Seen | None


class Door(Protocol):
    def go_on(self, person: UUID) -> Seen: ...
    def submit(
        self, person: UUID, assignment: str, key: str, fields: dict[str, list[str]]
    ) -> Told: ...
    def undo(self, person: UUID) -> Seen: ...
    def decline(self, person: UUID, assignment: str) -> None: ...
    def rest(self, person: UUID) -> None: ...


class Services:
    """A labeler by the services; each transaction has committed before anything is journaled."""

    def __init__(self, seat: Seat) -> None:
        self._database = Database(seat.plan.url, pool_size=2)
        self._clock = SystemClock()
        self._slug = seat.slug

    def go_on(self, person: UUID) -> Seen:
        return self._told(
            lambda s: desk.go_on(s, PersonId(person), self._slug, self._clock).outcome
        )

    def submit(self, person: UUID, assignment: str, key: str, fields: dict[str, list[str]]) -> Told:
        outcome = self._database.run(
            lambda s: rating.submit(s, PersonId(person), UUID(assignment), key, fields, self._clock)
        )
        if not isinstance(outcome, rating.Accepted):
            return Told(accepted=False, rating="", seen=None)
        seen = self._told(
            lambda s: (
                desk.next_after(
                    s, PersonId(person), self._slug, self._clock, key=key, repeated=outcome.repeated
                ).outcome
            )
        )
        return Told(accepted=True, rating=outcome.rating_id.hex, seen=seen)

    def undo(self, person: UUID) -> Seen:
        return self._told(lambda s: rating.undo(s, PersonId(person), self._slug, self._clock))

    def decline(self, person: UUID, assignment: str) -> None:
        self._database.run(
            lambda s: safeguarding.opt_out(
                s, PersonId(person), self._slug, OptOutScope.ITEM, self._clock,
                assignment_id=UUID(assignment),
            )
        )  # fmt: skip

    def rest(self, person: UUID) -> None:
        self._database.run(
            lambda s: safeguarding.take_break(s, PersonId(person), self._slug, "own", self._clock)
        )

    def _told(self, work: Callable[[Session], Served | desk.Ready | rating.Stands]) -> Seen:
        since = utc_now()
        outcome = self._database.run(work)
        at = utc_now()
        if not isinstance(outcome, Shown):
            return Seen(repr(outcome).encode(), since, at)
        return Seen(
            repr(outcome.text).encode(), since, at,
            outcome.assignment.id.hex, outcome.exposure_id.hex,
        )  # fmt: skip


class Pages:
    """A labeler by the pages, as the desk's script sends its forms."""

    def __init__(self, seat: Seat) -> None:
        settings = Settings(
            data=seat.plan.folder, database_url=seat.plan.url, secret_key=seat.plan.secret_key
        )
        self._app: Flask = create_app(settings, SystemClock())
        self._slug = seat.slug
        self._tokens = dict(seat.persons)
        self._undo: dict[UUID, str] = {}  # the answer that the page offers to take back

    def go_on(self, person: UUID) -> Seen:
        return self._post(person, "next", {})[1]

    def submit(self, person: UUID, assignment: str, key: str, fields: dict[str, list[str]]) -> Told:
        status, seen = self._post(
            person, "submit", {"assignment": [assignment], "key": [key], **fields}
        )
        return Told(status != _STATUS_CONFLICT, "", seen)

    def undo(self, person: UUID) -> Seen:
        return self._post(person, "undo", {"rating": [self._undo.get(person, "")]})[1]

    def decline(self, person: UUID, assignment: str) -> None:
        self._post(person, "decline", {"assignment": [assignment], "scope": ["item"]})

    def rest(self, person: UUID) -> None:
        self._post(person, "break", {})

    def _post(self, person: UUID, act: str, form: dict[str, list[str]]) -> tuple[int, Seen]:
        client = self._app.test_client()
        client.set_cookie("labelhub", self._tokens[person], domain="localhost")
        since = utc_now()
        response = client.post(f"/desk/{self._slug}/{act}", data=form, headers=_HEADERS)
        body = response.get_data()
        if response.status_code not in {200, _STATUS_CONFLICT}:
            raise RuntimeError(f"{act} answered {response.status_code}")
        text = body.decode()
        last = _LAST_RATING.search(text)
        self._undo[person] = last[1] if last else ""
        assignment, key = _ASSIGNMENT.search(text), _KEY.search(text)
        seen = Seen(
            body, since, utc_now(),
            assignment[1] if assignment else "", key[1] if key else "",
        )  # fmt: skip
        return response.status_code, seen


def open_door(seat: Seat) -> Door:
    return Pages(seat) if seat.by_pages else Services(seat)
