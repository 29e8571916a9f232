"""What a person chose, followed event by event: declined, agreed to, resting (W-2, W-3, W-5).

Written from the text, in plain Python; it imports nothing of the product.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HOUR = 3_600.0
DAY = 24 * HOUR
SLIP = 300.0
REST = 11 * HOUR
HARD = 2
LIFETIME = {2: 180 * DAY, 3: 90 * DAY, 4: 30 * DAY}


@dataclass
class Declined:
    since: float
    asked: float | None = None  # when its end was asked for


@dataclass
class Agreed:
    since: float | None = None  # since when it holds
    withdrawn: bool = False
    asked: float | None = None


@dataclass
class Choices:
    """One person's. Each event is taken in the order of commits; `wrong` tells what was not."""

    declined: dict[tuple[str, str], Declined] = field(default_factory=dict)
    agreed: dict[int, Agreed] = field(default_factory=dict)
    resting: bool = False
    suspended: bool = False
    wrong: list[str] = field(default_factory=list)

    def take(self, kind: str, said: Mapping[str, Any], at: float) -> None:
        match kind:
            case "opt_out":
                self._decline(said, at)
            case "choice":
                self._choose(said, at)
            case "joined":
                self._join(said, at)
            case "break":
                self.resting = "began" in said
            case "suspended" | "reinstated":
                self.suspended = kind == "suspended"
            case _:
                pass

    def bars(
        self, item: str, project: str, kinds: frozenset[str], severity: int, at: float
    ) -> list[str]:
        """Return what forbids the showing; items and projects by their identifiers in hex."""
        found = []
        if self.resting:
            found.append("in a break of their own (W-2)")
        if self.suspended:
            found.append("while suspended")
        for scope, subject in self.declined:
            covers = {
                "item": subject == item,
                "category": subject in kinds,
                "severity": subject.isdigit() and severity >= int(subject),
                "project": subject == project,
            }.get(scope, False)
            if covers:
                found.append(f"after its {scope} was declined (W-3)")
        if severity >= HARD and not self._holds(severity, at):
            found.append(f"without a consent to S{severity} (L-19)")
        return found

    def hard_declined_at(self) -> float | None:
        """Return since when no hard content is wanted today; None where it is."""
        today = self.declined.get(("today", ""))
        return None if today is None else today.since

    def _holds(self, severity: int, at: float) -> bool:
        agreed = self.agreed.get(severity, Agreed())
        return agreed.since is not None and at < agreed.since + LIFETIME[severity]

    def _decline(self, said: Mapping[str, Any], at: float) -> None:
        for subject in said["subjects"]:
            key = (said["scope"], subject)
            again = key in self.declined and said["scope"] != "today"
            since = self.declined[key].since if again else at
            self.declined[key] = Declined(since)

    def _choose(self, said: Mapping[str, Any], at: float) -> None:
        if "withdrawn" in said:
            for severity in said["withdrawn"]:
                self.agreed[severity] = Agreed(withdrawn=True)
        elif "consent" in said:
            self._consent(said["consent"], said["step"], at)
        elif "end" in said:
            self._end((said["scope"], said["subject"]), said["end"], at)

    def _consent(self, severity: int, step: str, at: float) -> None:
        agreed = self.agreed.setdefault(severity, Agreed())
        if step == "asked":
            agreed.asked = at
            return
        if agreed.asked is None or at < agreed.asked + DAY:
            self.wrong.append(f"consent to S{severity} came back within a day (W-5)")
        self.agreed[severity] = Agreed(since=at)

    def _end(self, key: tuple[str, str], step: str, at: float) -> None:
        one = self.declined.get(key)
        if one is None:
            return
        if step == "confirmed":
            if not self._may_end(key, one, at):
                self.wrong.append(f"the opt-out of {key} ended within a day (W-5)")
            del self.declined[key]
        else:
            one.asked = at if step == "asked" else None

    def _may_end(self, key: tuple[str, str], one: Declined, at: float) -> bool:
        slip = key[0] in {"category", "project"} and one.asked is None and at - one.since < SLIP
        return slip or (one.asked is not None and at >= one.asked + DAY)

    def _join(self, said: Mapping[str, Any], at: float) -> None:
        """Coming back to a project is a step of ending its opt-out; so are consents ticked."""
        for severity in map(int, said["consents"].strip("[]").split(",")):
            agreed = self.agreed.setdefault(severity, Agreed())
            ripe = agreed.asked is not None and at >= agreed.asked + DAY
            if not agreed.withdrawn or ripe:
                since = agreed.since if self._holds(severity, at) else at
                self.agreed[severity] = Agreed(since=since)
            elif agreed.asked is None:
                agreed.asked = at
        key = ("project", said["project"])
        one = self.declined.get(key)
        if one is None:
            return
        if self._may_end(key, one, at):
            del self.declined[key]
        elif one.asked is None:
            one.asked = at
