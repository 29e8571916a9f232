"""What people and staff do at a host: each act by the product's own services, as its views do."""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from sqlmodel import Session

from labelhub.domain.vocabulary import OptOutScope, PersonId, Severity
from labelhub.services import (
    desk,
    joining,
    leases,
    offers,
    own_choices,
    people,
    projects_policy,
    rating,
    safeguarding,
)
from labelhub.services.showing import Offered, Shown
from labelhub.store import gate_clock
from tests.simulation.hosts import Host
from tests.simulation.laying import HARM, KINDS, MILD
from tests.simulation.people import Answer, Client, Fields, Form
from tests.simulation.plan import Act, Fault, Step
from tests.simulation.scene import Scene

PREFERENCES = ("-3", "-1", "tie", "2", "both_bad")
TIGHTER = (120, 60, 20, 6)
"""Points an hour that a project allows, each time it tightens (L-02)."""


class Doing:
    """One step as it is done: by whom, where, and with which dice."""

    def __init__(self, scene: Scene, host: Host, step: Step) -> None:
        self.scene, self.host, self.step = scene, host, step
        self.dice = random.Random(f"{scene.plan.seed} {step.number}")  # noqa: S311 a test's dice
        self.person: PersonId = scene.ground.people[step.person]
        self.client: Client = scene.clients[step.person]
        self.slug = HARM if step.harm else MILD

    def do(self) -> None:
        """Do it; what had not been answered is tried again first."""
        if self.client.pending is not None and self.step.act in {Act.WORK, Act.NEXT}:
            self.scene.shared.hit(Fault.RETRY)
            self._send(self.client.pending)
            return
        _ACTS[self.step.act](self)

    # Work.

    def work(self) -> None:
        form = self.client.newest
        if form is None:
            self.next()
        elif not form.shown:
            self.client.forms.remove(form)
            self._served(
                lambda s: desk.reveal(s, self.person, form.slug, form.assignment, self.clock)
            )
        else:
            stale = self.dice.random() < 0.15
            chosen = (
                self.dice.choice([one for one in self.client.forms if one.shown]) if stale else form
            )
            self._send(Answer(chosen, self._fields(chosen)))

    def next(self) -> None:
        self._served(lambda s: desk.go_on(s, self.person, self.slug, self.clock))

    def again(self) -> None:
        form = self.client.newest
        slug = form.slug if form else self.slug
        self._served(lambda s: desk.serve(s, self.person, slug, self.clock))

    def undo(self) -> None:
        self._served(lambda s: desk.undo(s, self.person, self.slug, self.clock))

    def draft(self) -> None:
        form = self.client.newest
        if form is None:
            return
        fields = self._fields(form)
        self._run(lambda s: rating.save_draft(s, self.person, form.assignment, fields, self.clock))

    def look(self) -> None:
        form = self._served_by_reading(lambda s: desk.look(s, self.person, self.slug, self.clock))
        self.host.read(lambda s: offers.for_labeler(s, self.person, self.clock))
        self.scene.expect(not isinstance(form.outcome, Shown), "looking shows a text")

    def _send(self, answer: Answer) -> None:
        form = answer.form
        self.client.pending = answer
        outcome = self._run(
            lambda s: rating.submit(
                s, self.person, form.assignment, form.key, answer.fields, self.clock
            )
        )
        self.scene.told(self.client, answer, outcome)
        if not isinstance(outcome, rating.Accepted):
            self._answered()
            self.client.pending = None
            self._forget(form)
            return
        found = self._run(
            lambda s: desk.next_after(
                s, self.person, form.slug, self.clock, key=form.key, repeated=outcome.repeated
            )
        )
        self._receive(found)
        self.client.pending = None
        self._forget(form)

    def _forget(self, form: Form) -> None:
        if self.dice.random() < 0.7 and form in self.client.forms:
            self.client.forms.remove(form)

    def _fields(self, form: Form) -> Fields:
        if form.slug == MILD:
            return {"preference": [self.dice.choice(PREFERENCES)], "rationale": [""]}
        fields: Fields = {"rationale": [""]}
        for place in range(2):
            found = self.dice.choice((0, 0, 1, 2, 3, 4) if self.dice.random() < 0.4 else (0, 0, 1))
            fields[f"severity-{place}"] = [str(found)]
            fields[f"hazards-{place}"] = [self.dice.choice(KINDS)] if found else []
        return fields

    # Choices.

    def decline(self) -> None:
        scope = self.dice.choice([OptOutScope.ITEM] * 5 + list(OptOutScope))
        form = self.client.newest
        category = self.dice.choice(KINDS) if self.dice.random() < 0.5 else ""
        slug = form.slug if form else self.slug
        self._run(
            lambda s: safeguarding.opt_out(
                s, self.person, slug, scope, self.clock,
                assignment_id=form.assignment if form else None, category=category,
            )
        )  # fmt: skip
        if form is not None and form in self.client.forms and self.dice.random() < 0.8:
            self.client.forms.remove(form)

    def rest(self, kind: str = "own") -> None:
        self._run(lambda s: safeguarding.take_break(s, self.person, self.slug, kind, self.clock))

    def moment(self) -> None:
        self.rest("moment")

    def back(self) -> None:
        self._run(lambda s: safeguarding.come_back(s, self.person, self.slug, self.clock))

    def continue_(self) -> None:
        self._run(lambda s: safeguarding.go_on_with_hard(s, self.person, self.slug, self.clock))

    def withdraw(self) -> None:
        tier = Severity(self.dice.choice((2, 3, 4, 4)))
        self._run(lambda s: own_choices.withdraw(s, self.person, tier, self.clock))

    def consent(self) -> None:
        tier = Severity(self.dice.choice((2, 3, 4)))
        step = self.dice.choice((own_choices.ask_consent, own_choices.confirm_consent))
        self._run(lambda s: step(s, self.person, tier, self.clock))

    def end(self) -> None:
        step = self.dice.choice(
            (
                own_choices.ask_end,
                own_choices.confirm_end,
                own_choices.confirm_end,
                own_choices.keep,
            )
        )
        scope, subject = self.dice.choice(
            [(OptOutScope.CATEGORY, kind) for kind in KINDS]
            + [(OptOutScope.SEVERITY, tier) for tier in "234"]
            + [(OptOutScope.PROJECT, one.hex) for one in self.scene.ground.projects.values()]
            + [(OptOutScope.TODAY, "")] * 3
        )
        self._run(lambda s: step(s, self.person, scope, subject, self.clock))

    def join(self) -> None:
        agreed = self.dice.choice(((2, 3, 4), (2, 3, 4), (2, 3), (2,)))
        self._run(
            lambda s: joining.join(
                s, self.person, HARM, [Severity(one) for one in agreed], self.clock
            )
        )

    def stop(self) -> None:
        form = self.client.newest
        if form is not None:
            self._run(
                lambda s: safeguarding.stop_prohibited(s, self.person, form.assignment, self.clock)
            )

    # Staff and jobs.

    def tighten(self) -> None:
        if self.scene.tightened == len(TIGHTER):
            return
        points = TIGHTER[self.scene.tightened]
        self.scene.tightened += 1

        def tighten(session: Session) -> None:
            with suppress(projects_policy.LoosensError):  # a tighter one came first
                projects_policy.tighten(session, {lab}, HARM, wanted, None, self.clock)

        named: dict[str, Any] = {"dose_hour": {"value": points, "unit": "points", "limit": "L-02"}}
        wanted = {"schema": "labelhub-policy-v1", "limits": named}
        lab: Any = self.scene.ground.lab
        self._run(tighten)

    def suspend(self) -> None:
        self._run(lambda s: people.suspend(s, self.person, None, self.clock))

    def reinstate(self) -> None:
        self._run(lambda s: people.reinstate(s, self.person, None, self.clock))

    def expire(self) -> None:
        self._run(lambda s: leases.expire(s, self.clock))

    def confirm(self) -> None:
        self._run(lambda s: gate_clock.confirm(s, self.clock))
        self.scene.shared.hit(Fault.CONFIRMED)

    # How a request goes.

    @property
    def clock(self) -> Any:
        return self.host.clock

    def _run(self, work: Callable[[Any], Any]) -> Any:
        found = self.host.transact(work)
        self.scene.look(self.host)
        return found

    def _served_by_reading(self, work: Callable[[Any], desk.Desk]) -> desk.Desk:
        return self.host.read(work)

    def _served(self, work: Callable[[Any], desk.Desk]) -> None:
        self._receive(self._run(work))

    def _receive(self, found: desk.Desk) -> None:
        """Build the response; it may be lost on its way, but it was sent."""
        outcome = found.outcome
        self.scene.sent(self.person, outcome)
        self._answered()
        if isinstance(outcome, Shown | Offered):
            shown = isinstance(outcome, Shown)
            key = outcome.exposure_id.hex if isinstance(outcome, Shown) else ""
            slug = outcome.locked.place.slug
            self.client.sees(Form(slug, UUID(str(outcome.assignment.id)), key, shown))

    def _answered(self) -> None:
        self.scene.shared.baton.pass_()
        if self.step.lost:
            self.scene.shared.hit(Fault.LOST)
            raise LostError


class LostError(Exception):
    """The response did not arrive; whoever waits for it does not know what was done."""


_ACTS: dict[Act, Callable[[Doing], None]] = {
    Act.WORK: Doing.work, Act.NEXT: Doing.next, Act.AGAIN: Doing.again, Act.UNDO: Doing.undo,
    Act.DRAFT: Doing.draft, Act.DECLINE: Doing.decline, Act.REST: Doing.rest,
    Act.MOMENT: Doing.moment, Act.BACK: Doing.back, Act.CONTINUE: Doing.continue_,
    Act.WITHDRAW: Doing.withdraw, Act.CONSENT: Doing.consent, Act.END: Doing.end,
    Act.JOIN: Doing.join, Act.STOP: Doing.stop, Act.LOOK: Doing.look, Act.TIGHTEN: Doing.tighten,
    Act.SUSPEND: Doing.suspend, Act.REINSTATE: Doing.reinstate, Act.EXPIRE: Doing.expire,
    Act.CONFIRM: Doing.confirm,
}  # fmt: skip
