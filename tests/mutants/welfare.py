"""Faults in limits, breaks, opt-outs and time that the simulated world must notice (M2, M22)."""

from tests.mutants.faults import Edit, Mutant, mutant

FEW = "tests/simulation/test_histories.py::test_a_few_histories[few]"
A_DAY = (
    "tests/services/desk/test_own_choices.py"
    "::test_a_kind_ends_only_by_a_second_yes_a_day_after_the_first[sqlite]"
)
STOPPED = (
    "tests/services/desk/test_veil_and_stop.py"
    "::test_a_stopped_item_stops_for_everyone_at_once[sqlite]"
)
WINDOWS = "tests/store/test_charges.py::test_windows_equal_plain_summing[sqlite]"
CLOCKS = "tests/simulation/test_histories.py::test_a_few_histories[clocks]"
ALONE = "tests/domain/welfare/test_rules_alone.py::test_each_rule_holds_alone"
GATE = "labelhub/domain/welfare/gate.py"
_LIMITS = "    rows = _IN_FORCE.all(session, asked)\n"
_KEPT = (
    "    kept = in_force.__dict__.setdefault(labeler, {})\n"
    "    rows = kept.setdefault(project, None) or _IN_FORCE.all(session, asked)\n"
    "    kept[project] = rows\n"
)


def _without(rule: str, what: str, *, alone: bool = False) -> Mutant:
    """Take one rule out of the gate's list; *alone*: its own test notices, histories hardly ever.

    Other limits bind before it in most histories.
    """
    named = rule.split(".")[1]
    return mutant(what, GATE, f"    {rule},\n", "", f"{ALONE}[{named}]" if alone else FEW)


WELFARE: tuple[Mutant, ...] = (
    _without("standing.on_break", "a break of one's own holds nothing"),
    _without("standing.suspended", "a suspended person is served"),
    _without("optouts.opted_out_of_category", "a declined category is served", alone=True),
    _without("optouts.opted_out_of_severity", "a declined severity is served", alone=True),
    _without("consent.no_consent", "hard content without a consent", alone=True),
    _without("consent.ramping_up", "a newcomer is shown everything"),
    _without("doses.hourly_dose", "the hour's dose does not count"),
    _without("doses.severe_count", "any number of S4", alone=True),
    _without("sequence.consecutive", "hard items follow one another", alone=True),
    _without("sequence.mix", "hard items without mild ones between", alone=True),
    _without("sequence.cooling_down", "no cool-down after S4", alone=True),
    _without("breaks.break_due", "no break comes due"),
    _without("breaks.hard_break_due", "no break comes due after hard content", alone=True),
    _without("shift.period_start", "graphic content opens a work period", alone=True),
    mutant(
        "the longest allowance is granted", GATE,
        "else min(allowed) // _SECOND", "else max(allowed) // _SECOND", FEW,
    ),
    mutant(
        "windows begin at midnight", "labelhub/store/charges.py",
        "    total, *sums = _totals(session, person_id, [now - window for window in windows])\n",
        "    day = now.replace(hour=0, minute=0, second=0)\n"
        "    total, *sums = _totals(\n"
        "        session, person_id, [max(day, now - window) for window in windows])\n", WINDOWS,
    ),
    mutant("limits kept from the first time", "labelhub/store/policies.py", _LIMITS, _KEPT, FEW),
    mutant(
        "a consent taken back holds again at once", "labelhub/services/own_choices.py",
        "    delay = holding.labeler_delay(session, person_id, now)\n",
        "    delay = timedelta()\n", FEW,
    ),
    mutant(
        "an opt-out ends at the second yes without a day", "labelhub/services/own_choices.py",
        "    until = turn.now + holding.labeler_delay(session, turn.person_id, turn.now)\n",
        "    until = turn.now\n", A_DAY,
    ),
    mutant(
        "a finding does not raise what the item is served at", "labelhub/services/rating.py",
        "    _raise_item(session, assignment, found)\n", "", FEW,
    ),
    mutant(
        "a finding does not raise the charge", "labelhub/services/rating.py",
        "hiding.hide(session, turn.person_id, work, turn.now, found)",
        "hiding.hide(session, turn.person_id, work, turn.now)", FEW,
        Edit(
            "labelhub/services/rating.py",
            "    if found is not None and found > assignment.severity:\n        work =",
            "    if False:\n        work =",
        ),
    ),
    mutant(
        "an answer is not paid", "labelhub/services/rating.py",
        '    paid_time.for_assignment(session, assignment, "work", turn.now)\n', "", FEW,
    ),
    mutant(
        "stopping an item stops nothing", "labelhub/services/safeguarding.py",
        "    slots.stop_item(session, assignment.item_id)\n", "", STOPPED,
    ),
    mutant(
        "a machine that nobody vouches for credits its wall clock", "labelhub/domain/gate_time.py",
        "        credit = _ZERO\n", "        credit = max(_ZERO, wall_step)\n", CLOCKS,
    ),
    mutant(
        "a machine that lies behind reads a time that stands still",
        "labelhub/store/gate_clock.py",
        "    apart = abs(reading.wall - anchor.reading.wall)\n",
        "    apart = reading.wall - anchor.reading.wall\n", CLOCKS,
    ),
)  # fmt: skip
