"""A second limiter, written from working-standards.md alone, to check the first against.

It imports nothing of the product, keeps the whole history and walks it again for every
question. Times are seconds from the start of a story; points are kept as point-seconds.
"""

import math
from dataclasses import dataclass, field

MINUTE, HOUR, DAY = 60, 3_600, 86_400
WEIGHT = [0, 1, 6, 20, 60]
LONGEST = [1_800, 600, 360, 240, 120]
DOSES = [
    ("L-02", HOUR, 240),
    ("L-03", DAY, 960),
    ("L-04", 7 * DAY, 3_840),
    ("L-05", 28 * DAY, 11_520),
]
SEVERE = [(HOUR, 1), (DAY, 4), (7 * DAY, 12)]
CONSENT_DAYS = {2: 180, 3: 90, 4: 30}
RAMP = [(3, 1, 100), (6, 2, 25), (10, 3, 50), (20, 3, 75), (10**9, 4, 100)]


@dataclass
class Item:
    """Something that was shown: its severity, and from when to when."""

    severity: int
    shown: float
    hidden: float

    @property
    def active(self) -> int:
        return math.ceil(self.hidden - self.shown)

    @property
    def charge(self) -> int:
        return WEIGHT[self.severity] * max(60, self.active)


@dataclass
class Oracle:
    """One person's history and what may be shown next."""

    everything: bool  # else L-06, L-14, L-15, L-17 and L-18 do not bind
    days_before: int = 0
    first_before: float | None = None
    hard_before: float | None = None
    day_before: float | None = None
    consented: float = 0
    midnight: float = 0  # a local midnight, seconds from the start
    continued: list[float] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    def ask(self, severity: int, words: int, now: float) -> tuple[int, set[str]]:
        """Return the seconds granted (0: refused) and the limits that refuse."""
        needed = max(60, math.ceil(words * 60 / 200))
        spans: list[tuple[str, float]] = [("A.1", LONGEST[severity])]
        refused = set()
        spans += self.doses(severity, now)
        spans += self.breaks(severity, now)
        spans += self.days(severity, now)
        refused |= self.sequences(severity, now)
        refused |= self.permissions(severity, now)
        if self.everything:
            spans += self.rests(severity, now)
            if severity >= 3:
                spans.append(("L-17", self.until_night(now)))
                if now - self.period_began(now) < 10 * MINUTE:
                    refused.add("L-17")
        refused |= {limit for limit, span in spans if span < needed}
        granted = 0 if refused else math.floor(min(span for _, span in spans))
        return granted, refused

    # Doses.

    def inside(self, length: float, now: float) -> list[Item]:
        return [item for item in self.items if now - length < item.hidden <= now]

    def doses(self, severity: int, now: float) -> list[tuple[str, float]]:
        if WEIGHT[severity] == 0:
            return []
        spans = []
        for limit, length, points in DOSES:
            budget = points * 60 * self.percent(severity, now) // 100
            left = budget - sum(item.charge for item in self.inside(length, now))
            spans.append((limit, left // WEIGHT[severity]))
        return spans

    def day_share(self, severity: int, now: float) -> float:
        """Return the day's dose in percent of what L-03 allows."""
        used = sum(item.charge for item in self.inside(DAY, now))
        return 100 * used / (960 * 60 * self.percent(severity, now) // 100)

    # Breaks.

    def gaps(self, now: float) -> list[float]:
        """Return the gap before each item, and at the end the gap until now."""
        starts = [item.shown for item in self.items] + [now]
        ends = [-math.inf] + [item.hidden for item in self.items]
        return [start - end for start, end in zip(starts, ends, strict=True)]

    def since(self, least: float, now: float) -> list[Item]:
        """Return the items after the last gap of *least* or more."""
        kept: list[Item] = []
        for item, gap in zip([*self.items, None], self.gaps(now), strict=True):
            if gap >= least:
                kept = []
            if item is not None:
                kept.append(item)
        return kept

    def since_hard_break(self, now: float) -> list[Item]:
        """Return the items after the last fifteen minutes, or five and later ten."""
        kept: list[Item] = []
        five_taken = False
        for item, gap in zip([*self.items, None], self.gaps(now), strict=True):
            if gap >= 15 * MINUTE or (five_taken and gap >= 10 * MINUTE):
                kept, five_taken = [], False
            elif gap >= 5 * MINUTE:
                five_taken = True
            if item is not None:
                kept.append(item)
        return kept

    def breaks(self, severity: int, now: float) -> list[tuple[str, float]]:
        spans: list[tuple[str, float]] = [
            ("L-10", 50 * MINUTE - sum(item.active for item in self.since(10 * MINUTE, now))),
            ("L-12", 4 * HOUR - sum(item.active for item in self.since(30 * MINUTE, now))),
        ]
        if severity >= 2:
            hard = [item for item in self.since_hard_break(now) if item.severity >= 2]
            spans.append(("L-11", 20 * MINUTE - sum(item.active for item in hard)))
        return spans

    # Sequences.

    def run(self, least: int, now: float) -> int:
        length = benign = 0
        for item in self.since_hard_break(now):
            benign = benign + 1 if item.severity <= 1 else 0
            if benign >= 2:
                length = 0
            if item.severity >= least:
                length += 1
        return length

    def sequences(self, severity: int, now: float) -> set[str]:
        refused = set()
        if severity >= 2:
            if self.run(2, now) >= 4 or (severity >= 3 and self.run(3, now) >= 2):
                refused.add("L-08")
            most = 5 if self.everything and self.day_share(severity, now) >= 25 else 6
            if sum(item.severity >= 2 for item in self.items[-9:]) + 1 > most:
                refused.add("L-09")
            if now < self.cool_until():
                refused.add("L-16")
        if severity == 4:
            for length, most in SEVERE:
                if sum(item.severity == 4 for item in self.inside(length, now)) >= most:
                    refused.add("L-07")
        return refused

    def cool_until(self) -> float:
        ends = [item.hidden for item in self.items if item.severity == 4]
        if not ends:
            return -math.inf
        further = any(ends[-1] - DAY < end for end in ends[:-1])
        return ends[-1] + (30 if further else 15) * MINUTE

    # Permissions.

    def permissions(self, severity: int, now: float) -> set[str]:
        refused = set()
        if severity >= 2 and now >= self.consented + CONSENT_DAYS[severity] * DAY:
            refused.add("L-19")
        if not self.everything:
            return refused
        highest = next(top for last, top, _ in RAMP if self.day_number(now) <= last)
        if severity > highest:
            refused.add("L-18")
        chosen = [at for at in self.continued if at <= now < at + DAY]
        if severity >= 2 and self.day_share(severity, now) >= 50 and not chosen:
            refused.add("L-06")
        return refused

    def day_starts(self, now: float) -> list[float]:
        """Return when each day with exposure began, as if something were shown now."""
        starts: list[float] = []
        last = self.day_before
        for shown in [*(item.shown for item in self.items), now]:
            if last is None or shown - last >= 20 * HOUR:
                last = shown
                starts.append(shown)
        return starts

    def day_number(self, now: float) -> int:
        return self.days_before + len(self.day_starts(now))

    def percent(self, severity: int, now: float) -> int:
        if not self.everything:
            return 100
        share = next(part for last, _, part in RAMP if self.day_number(now) <= last)
        return min(share, 50) if severity >= 2 and self.returning(now) else share

    def returning(self, now: float) -> bool:
        """Say whether S2+ came back, or would now, after fourteen days, within three days."""
        first = self.first_before if self.first_before is not None else math.inf
        if self.items:
            first = min(first, self.items[0].shown)
        calm_since = self.hard_before if self.hard_before is not None else first
        back_on = None
        for item in self.items:
            if item.severity >= 2:
                if item.shown - calm_since >= 14 * DAY:
                    back_on = self.day_of(item)
                calm_since = item.hidden
        if now - calm_since >= 14 * DAY:
            return True
        return back_on is not None and self.day_number(now) - back_on < 3

    def day_of(self, item: Item) -> int:
        until_then = [other.shown for other in self.items if other.shown <= item.shown]
        last, count = self.day_before, self.days_before
        for shown in until_then:
            if last is None or shown - last >= 20 * HOUR:
                last, count = shown, count + 1
        return count

    # Days and rests.

    def days(self, severity: int, now: float) -> list[tuple[str, float]]:
        today = self.inside(DAY, now)
        hard = severity >= 2 or any(item.severity >= 2 for item in today)
        spans: list[tuple[str, float]] = [
            ("L-13", (6 if hard else 8) * HOUR - sum(item.active for item in today)),
        ]
        if self.everything:
            ends = self.rest_ends(11 * HOUR, [(i.shown, i.hidden) for i in self.items], now)
            spans.append(("L-13", ends[-1] + 10 * HOUR - now))
        return spans

    def rests(self, severity: int, now: float) -> list[tuple[str, float]]:
        shown = [(item.shown, item.hidden) for item in self.items]
        worked = sum(item.active for item in self.inside(7 * DAY, now))
        spans: list[tuple[str, float]] = [("L-15", 40 * HOUR - worked)]
        spans.append(("L-14", self.room_after_rest(11 * HOUR, DAY, shown, now)))
        spans.append(("L-15", self.room_after_rest(35 * HOUR, 7 * DAY, shown, now)))
        if severity >= 2:
            hard = [(item.shown, item.hidden) for item in self.items if item.severity >= 2]
            spans.append(("L-15", self.room_after_rest(60 * HOUR, 7 * DAY, hard, now)))
        return spans

    def rest_ends(self, rest: float, shown: list[tuple[float, float]], now: float) -> list[float]:
        """Return when each rest of that length ended; before the first item all was rest."""
        ends = [shown[0][0] if shown else now]
        hidden = -math.inf
        for start, end in [*shown, (now, now)]:
            if start - hidden >= rest:
                ends.append(start)
            hidden = end
        return ends

    def room_after_rest(
        self, rest: float, period: float, shown: list[tuple[float, float]], now: float
    ) -> float:
        """Return for how long every period that ends in the display still holds a whole rest."""
        return max(end + period - rest - now for end in self.rest_ends(rest, shown, now))

    # The time of day.

    def until_night(self, now: float) -> float:
        of_day = (now - self.midnight) % DAY
        if of_day < 7 * HOUR or of_day >= 20 * HOUR:
            return 0
        return 20 * HOUR - of_day

    def period_began(self, now: float) -> float:
        kept = self.since(30 * MINUTE, now)
        return kept[0].shown if kept else now
