"""How many jobs each directorate has before and after a file."""

from collections import Counter
from dataclasses import dataclass

from people.feed.planning.plan import Act, Plan
from people.feed.planning.state import StateNow
from people.feed.rows import FeedField


@dataclass(frozen=True)
class Directorate:
    """The jobs that are held in one directorate, now and when a file is applied."""

    name: str
    before: int
    after: int


def before_and_after(state: StateNow, plan: Plan) -> tuple[Directorate, ...]:
    """Every directorate that has anybody before or after, the greatest change first."""
    before = Counter(job.unit[0] for job in state.held(plan.on) if job.unit)
    after = Counter(before)
    for item in plan.items:
        here, there = item.shown.get(FeedField.UNIT.value, ("", ""))
        job = state.jobs.get(item.payroll_number)
        home = job.unit[0] if job and job.unit else ""
        if item.act is Act.CHANGE and not (item.is_move and job and job.is_held(plan.on)):
            continue
        if item.is_withdrawn:
            continue
        if item.act in (Act.CHANGE, Act.LEAVE):
            after[_top(here) or home] -= 1
        if item.act is not Act.LEAVE:
            after[_top(there) or home] += 1
    found = [Directorate(name, before[name], after[name]) for name in before.keys() | after.keys() if name]
    return tuple(sorted(found, key=lambda one: (-abs(one.after - one.before), one.name)))


def _top(path: str) -> str:
    return path.split(" / ")[0]
