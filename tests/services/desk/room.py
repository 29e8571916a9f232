"""A room with a desk: each act of a labeler in a transaction of its own, as the views do it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import OptOutScope, PersonId, Severity
from labelhub.services import rating, safeguarding, serving
from labelhub.services.showing import Offered, Served, Shown
from labelhub.store import choices
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.worlds import Desk, HandClock, lay_desk

T = TypeVar("T")

FIRST = {"preference": ["-2"], "rationale": [""]}
SECOND = {"preference": ["3"], "rationale": ["clearer"]}


def harm(*severities: int, kind: str = "hte") -> dict[str, list[str]]:
    """Return the fields of a harm rating, in the order of display."""
    fields: dict[str, list[str]] = {"rationale": [""]}
    for place, severity in enumerate(severities):
        fields[f"severity-{place}"] = [str(severity)]
        fields[f"hazards-{place}"] = [kind] if severity else []
    return fields


@dataclass(frozen=True, slots=True)
class Room:
    database: Database
    clock: HandClock
    desk: Desk

    def who(self, place: int = 0) -> PersonId:
        return self.desk.labelers[place]

    def run(self, work: Callable[[Session], T]) -> T:
        return self.database.run(work)

    def next(self, place: int = 0, slug: str = "") -> Served:
        asked = slug or self.desk.slug
        return self.run(lambda s: serving.serve_next(s, self.who(place), asked, self.clock))

    def shown(self, place: int = 0, slug: str = "") -> Shown:
        """Ask for an item that is certain to be shown."""
        served = self.next(place, slug)
        assert isinstance(served, Shown), served
        return served

    def offered(self, place: int = 0) -> Offered:
        served = self.next(place)
        assert isinstance(served, Offered), served
        return served

    def reveal(self, assignment: UUID, place: int = 0) -> Served:
        return self.run(
            lambda s: serving.reveal(s, self.who(place), self.desk.slug, assignment, self.clock)
        )

    def answer(
        self,
        shown: Shown | Offered,
        fields: Mapping[str, list[str]] = FIRST,
        *,
        key: str = "",
        place: int = 0,
    ) -> rating.Outcome:
        return self.run(
            lambda s: rating.submit(
                s, self.who(place), shown.assignment.id, key or uuid4().hex, fields, self.clock
            )
        )

    def accepted(
        self, shown: Shown, fields: Mapping[str, list[str]] = FIRST, place: int = 0
    ) -> rating.Accepted:
        outcome = self.answer(shown, fields, place=place)
        assert isinstance(outcome, rating.Accepted), outcome
        return outcome

    def draft(self, shown: Shown, fields: Mapping[str, list[str]], place: int = 0) -> bool:
        return self.run(
            lambda s: rating.save_draft(s, self.who(place), shown.assignment.id, fields, self.clock)
        )

    def undo(
        self, place: int = 0, slug: str = "", rating_id: UUID | None = None
    ) -> Served | rating.Stands:
        asked = slug or self.desk.slug
        return self.run(lambda s: rating.undo(s, self.who(place), asked, self.clock, rating_id))

    def decline(
        self,
        scope: OptOutScope = OptOutScope.ITEM,
        *,
        shown: Shown | Offered | None = None,
        category: str = "",
        place: int = 0,
        slug: str = "",
    ) -> safeguarding.Declined:
        return self.run(
            lambda s: safeguarding.opt_out(
                s, self.who(place), slug or self.desk.slug, scope, self.clock,
                assignment_id=shown.assignment.id if shown else None, category=category,
            )
        )  # fmt: skip

    def rest(self, kind: str = "own", place: int = 0) -> None:
        self.run(
            lambda s: safeguarding.take_break(s, self.who(place), self.desk.slug, kind, self.clock)
        )

    def back(self, place: int = 0) -> None:
        self.run(lambda s: safeguarding.come_back(s, self.who(place), self.desk.slug, self.clock))

    def go_on_with_hard(self, place: int = 0) -> bool:
        return self.run(
            lambda s: safeguarding.go_on_with_hard(s, self.who(place), self.desk.slug, self.clock)
        )

    def stop(self, shown: Shown | Offered, place: int = 0) -> safeguarding.Declined | None:
        return self.run(
            lambda s: safeguarding.stop_prohibited(
                s, self.who(place), shown.assignment.id, self.clock
            )
        )

    def consent(self, *severities: int, place: int = 0) -> None:
        for severity in map(Severity, severities):
            self.run(
                lambda s, tier=severity: choices.give_consent(
                    s, self.who(place), tier, "v", self.clock.now() - timedelta(days=1),
                    lifetime=timedelta(days=30), delay=timedelta(),
                )
            )  # fmt: skip

    def rows(self, table: str, **where: Any) -> list[Any]:
        """Return the rows of a table, oldest identifier first where it has one."""
        columns = metadata.tables[table].c
        statement = sa.select(metadata.tables[table]).filter_by(**where)
        if "id" in columns:
            statement = statement.order_by(columns.id)
        with self.database.reading() as session:
            return list(session.connection().execute(statement).all())

    def change(self, table: str, which: Mapping[str, Any], **values: Any) -> None:
        """Change rows behind everybody's back, as staff's services do."""
        with self.database.writing() as session:
            statement = sa.update(metadata.tables[table]).filter_by(**which).values(**values)
            assert session.connection().execute(statement).rowcount > 0

    def events(self, place: int = 0) -> list[str]:
        """Return the kinds of the labeler's events, in order."""
        (chain,) = self.rows("chain", person_id=self.who(place)) or (None,)
        if chain is None:
            return []
        found = self.rows("event", chain_id=chain.id)
        return [event.kind for event in sorted(found, key=lambda event: event.seq)]

    def paid(self, place: int = 0) -> dict[str, int]:
        """Return the labeler's paid seconds by kind."""
        kinds: dict[str, int] = {}
        for row in self.rows("paid_time", person_id=self.who(place)):
            kinds[row.kind] = kinds.get(row.kind, 0) + row.seconds
        return kinds

    def second_project(self, slug: str = "other") -> "Room":
        """Open another project of the lab to the same labelers; it has no items yet."""
        project = uuid4()
        with self.database.writing() as session:
            connection = session.connection()
            for table, key in (
                ("project", "id"), ("guidelines", "project_id"),
                ("project_opening", "project_id"), ("joining", "project_id"),
            ):  # fmt: skip
                statement = sa.select(metadata.tables[table]).filter_by(**{key: self.desk.project})
                for row in connection.execute(statement).mappings().all():
                    named = {"slug": slug} if table == "project" else {}
                    copied = {**row, key: project, **named}
                    connection.execute(sa.insert(metadata.tables[table]), copied)
        return Room(self.database, self.clock, replace(self.desk, project=project, slug=slug))


def furnish(database: Database, clock: HandClock, **laid: Any) -> Room:
    """Lay a desk; the arguments are those of `lay_desk`."""
    return Room(database, clock, lay_desk(database, clock, **laid))
