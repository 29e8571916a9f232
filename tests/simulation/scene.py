"""Everything of one history: the hosts on their ground, what was sent and told, what went wrong."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labelhub.services import rating
from labelhub.services.showing import Shown
from tests.canary import MARK
from tests.simulation.clocks import TrueTime
from tests.simulation.hosts import Host, Shared
from tests.simulation.laying import Ground
from tests.simulation.observing import Onlooker
from tests.simulation.people import Answer, Client, Fields, Sent
from tests.simulation.plan import PEOPLE, Plan


class Scene:
    """What the acts of a history share, and the journal of it."""

    def __init__(
        self, plan: Plan, ground: Ground, shared: Shared, time: TrueTime, connection: sa.Connection
    ) -> None:
        self.plan, self.ground, self.shared, self.time = plan, ground, shared, time
        self.onlooker = Onlooker(connection)
        self.clients = [Client() for _ in range(PEOPLE)]
        self.journal: list[Sent] = []
        self.accepted: dict[tuple[UUID, str], tuple[UUID, Fields]] = {}
        self.wrong: list[str] = []
        self.tightened = 0
        self.served = 0

    def expect(self, holds: object, otherwise: str) -> None:
        if not holds:
            self.wrong.append(otherwise)

    def look(self, host: Host) -> None:
        now = self.time.seconds
        reads = host.clock.reads or [now]
        self.onlooker.look(now, reads[0], reads[-1])

    def sent(self, person: UUID, outcome: Any) -> None:
        """Note a response: text in it needs an exposure that is committed already (W-4)."""
        body = repr(outcome.text) if isinstance(outcome, Shown) else repr(outcome)
        for mark in {found.decode() for found in MARK.findall(body.encode())}:
            item, order = UUID(mark), self.onlooker.commits
            if not isinstance(outcome, Shown):
                self.wrong.append(f"item {item} is in a response that shows nothing")
                continue
            self.served += 1
            self.journal.append(Sent(person, item, order, outcome.locked.now, body.encode()))
            if (person, item) not in self.onlooker.exposed:
                self.wrong.append(f"item {item} was sent to {person} before its exposure (W-4)")

    def told(self, client: Client, answer: Answer, outcome: Any) -> None:
        """Note what an answer came to: once accepted, always the same (D-2, D-7)."""
        key = answer.form.key
        before = client.told.get(key)
        if isinstance(outcome, rating.Accepted):
            told = (answer.fields, UUID(str(outcome.rating_id)))
            self.expect(
                before is None or before == told, f"under key {key} {before} and {told} (D-2)"
            )
            client.told[key] = told
            self.accepted[answer.form.assignment, key] = (told[1], answer.fields)
        else:
            known = isinstance(outcome, rating.Conflict)
            self.expect(known, f"an answer to {answer.form.assignment} came to {outcome} (D-7)")
