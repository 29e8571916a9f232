"""A failing history made small: steps are taken out as long as it still fails."""

from collections.abc import Callable, Sequence

from tests.simulation.plan import Plan, Step

Fails = Callable[[Plan], bool]
MOST_TRIES = 120


def shrink(plan: Plan, fails: Fails) -> Plan:
    """Return a plan that still fails, with as few steps as a number of tries finds."""
    steps, size, tries = list(plan.steps), len(plan.steps) // 2, 0
    while size >= 1 and tries < MOST_TRIES:
        start, smaller = 0, False
        while start < len(steps) and tries < MOST_TRIES:
            fewer = steps[:start] + steps[start + size :]
            tries += 1
            if fewer and fails(plan.with_steps(fewer)):
                steps, smaller = fewer, True
            else:
                start += size
        if not smaller:
            size //= 2
    return plan.with_steps(steps)


def told(steps: Sequence[Step]) -> str:
    """Return steps as lines, each with only what is not usual about it."""
    return "\n".join(
        f"  {step.number:2}: host {step.host}, person {step.person}, {step.act}"
        f" ({'harm' if step.harm else 'mild'}) after {step.passes:g} s{_faults(step)}"
        for step in steps
    )


def _faults(step: Step) -> str:
    faults = {
        "crash at statement": step.crash_at, "crash at commit": step.crash_at_commit,
        "connection dropped at statement": step.drop_at, "suspended at": step.suspend_at,
        "response lost": step.lost, "clock jumps by": step.jump, "reboot": step.reboot,
        "clock set right": step.heal,
    }  # fmt: skip
    return "".join(f", {name} {value}" for name, value in faults.items() if value)
