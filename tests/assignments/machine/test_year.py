"""Five months played day by day: the reminders of each person, read as a list, are those of a plain model."""

from collections.abc import Callable
from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from assignments.reminders.noting import note_owed
from assignments.reminders.owed import owed_on
from messages.ways import Ways
from tests.assignments.machine.agreement import NAMES
from tests.assignments.machine.plain import Plain
from tests.assignments.machine.plain_facts import AskingSaid
from tests.assignments.machine.world import World

DAY = timedelta(days=1)
BEGIN, END = date(2027, 2, 22), date(2027, 7, 23)
EASTER_MONDAY = date(2027, 3, 29)
# As published by the government for England and Wales.
CLOSED = {date(2027, 3, 26), EASTER_MONDAY, date(2027, 5, 3), date(2027, 5, 31)}
ANN, WANG, BO = NAMES
Given = list[tuple[date, str, date]]


def is_worked(day: date) -> bool:
    return day.weekday() < 5 and day not in CLOSED


def first_worked(day: date, step: int) -> date:
    while not is_worked(day):
        day += step * DAY
    return day


def expected(plain: Plain, name: str, on: date, given: Given) -> list[tuple[str, date]]:
    """What somebody is to get on a working day, from how they stand alone."""
    stand, person = plain.stand(name, on), plain.people[name]
    if stand.due_on is None or stand.last_on is None or person.job.is_away(on) or plain.is_exempt(person, on):
        return []
    since, period = plain.asked_since(person, on), plain.period(person, on)
    if period is not None and period[1] is not None and period[1] >= since:
        since = max(since, period[2])
    before = [(f"{days}-before", first_worked(stand.due_on - days * DAY, -1)) for days in (30, 7, 1)]
    after = [(f"late-{week}", first_worked(stand.last_on + week * 7 * DAY, 1)) for week in (1, 2, 3, 4)]
    own = [*before, ("on-the-day", first_worked(stand.due_on, -1)), *after]
    if period is None:  # nobody here ever begins without finishing
        own.append(("at-risk", first_worked(stand.due_on - 14 * DAY, -1)))
    elif period[2] <= on:
        own.append(("not-begun-again", first_worked(period[2] + 14 * DAY, 1)))
    newest = sorted((step for step in own if step[1] <= on), key=lambda step: step[1])[-1:]
    about = [("manager", after[-1][1])] if after[-1][1] <= on else []
    return [
        (step, stand.due_on)
        for step, day in (*newest, *about)
        if day >= max(since, on - 14 * DAY)
        and not any(one == step and (due == stand.due_on or on - when < 14 * DAY) for when, one, due in given)
    ]


def acts(world: World) -> dict[date, Callable[[], object]]:
    """A finisher who takes it again, a leaver who comes back, long leave, an exemption, and a reorganisation."""
    now = world.at
    return {
        date(2027, 2, 22): lambda: world.complete(ANN, "course", now(time(17))),
        date(2027, 3, 12): lambda: world.change(WANG, date(2027, 3, 20), now(time(9)), held=False),
        date(2027, 4, 19): lambda: world.change(BO, date(2027, 4, 20), now(time(9)), away="long-leave"),
        date(2027, 5, 10): lambda: world.change(WANG, date(2027, 5, 10), now(time(9)), held=True),
        date(2027, 6, 1): lambda: world.change(BO, date(2027, 6, 1), now(time(9)), away=None),
        date(2027, 6, 10): lambda: [
            world.change(name, date(2027, 6, 10), now(time(9)), unit="South") for name in (ANN, BO)
        ],
        date(2027, 6, 11): lambda: world.change_rule("unit South", now(time(9))),
        date(2027, 6, 21): lambda: world.change(WANG, date(2027, 6, 21), now(time(9)), unit="South"),
        date(2027, 7, 12): lambda: world.exempt(BO, 20, now(time(9))),
        date(2027, 6, 17): lambda: world.complete(ANN, "course", now(time(9))),
    }


def test_the_reminders_of_five_months_are_those_that_a_plain_model_expects(session: Session) -> None:
    world = World(session, BEGIN)
    said = AskingSaid(0, True, ("day", EASTER_MONDAY), ("months", 4, 40, "old-end"), grace=2)
    world.ask_for(said, world.at(time(9)))
    planned, names = acts(world), {key: name for name, key in world.ids.items()}
    got: dict[str, Given] = {name: [] for name in NAMES}
    wanted: dict[str, Given] = {name: [] for name in NAMES}
    while world.today <= END:
        on = world.today
        for name in NAMES if is_worked(on) else ():
            wanted[name] += [(on, *one) for one in expected(world.plain, name, on, wanted[name])]
        for _ in range(2 if on.weekday() == 0 else 1) if is_worked(on) else ():
            owed = [one for some in owed_on(session, organisation_id=world.organisation.id, on=on) for one in some]
            note_owed(session, owed, now=world.at(time(5, 30)), ways=Ways(sends_mail=False, sends_texts=False))
            for one in owed:
                got[names[one.person_id]].append((on, one.step.value, one.due_on))
        planned.get(on, lambda: None)()
        world.today += DAY
    assert {name: sorted(its) for name, its in got.items()} == {name: sorted(its) for name, its in wanted.items()}
    once = ["30-before", "not-begun-again", "7-before"]
    assert [step for _, step, _ in got[ANN]] == once, "once, for the end of her first period"
    assert not any(date(2027, 4, 20) <= on < date(2027, 6, 1) for on, *_ in got[BO])
    assert not any(date(2027, 3, 20) <= on < date(2027, 5, 10) for on, *_ in got[WANG])
    assert len(got[BO]) > 4
