"""Somebody who knows every rule, asks for everything that can be asked, and solves for what is hidden.

What they can be sure of is the same in every population that gives the same answers. So each hidden number is safe if
there is another population in which it is another number, while every answer stays word for word as it was.
"""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import permutations, product
from operator import attrgetter

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kernel.errors import NotFound, RuleBroken
from people.organisations import UnitKind
from people.reorganisation.periods import UnitOnDay
from reports.completion import part_in, shown_today
from reports.earlier_days import shown_earlier
from reports.figures.counting import Counted, Reason
from reports.figures.definition import By, Cut
from reports.figures.unit_tree import list_of, tree_of
from reports.groups import Counts, Level
from tests.reports.test_earlier_days import MAY_12

# Two directorates, of which the first has three services, and the first of these two teams.
UNITS = tuple(
    UnitOnDay(key, kind, f"Unit {key}", parent, f"Unit {key}")
    for key, kind, parent in (
        (1, UnitKind.DIRECTORATE, None), (2, UnitKind.DIRECTORATE, None), (3, UnitKind.SERVICE, 1),
        (4, UnitKind.SERVICE, 1), (5, UnitKind.SERVICE, 1), (6, UnitKind.TEAM, 3), (7, UnitKind.TEAM, 3),
    )
)  # fmt: skip
LEAVES, GRADES, CONTRACTS = (2, 4, 5, 6, 7), ("G1", "G2", "G3", "G4"), ("Permanent", "Fixed term", "-")
LEVELS = {By.GRADE: Level.GRADE, By.CONTRACT: Level.CONTRACT, By.MANAGER: Level.MANAGER, By.EMAIL: Level.EMAIL}
EVERY_BY = (By.UNIT, *LEVELS)
COMPLETE, MIDWAY, NOT_BEGUN, AWAY = "complete", "midway", "not begun", "away"


@dataclass(frozen=True)
class Somebody:
    unit_id: int
    grade: str
    contract: str
    state: str
    manager: str = "no"
    email: str = "yes"


def counted(people, by):
    """What the one function counts of them."""
    key = attrgetter("unit_id" if by is By.UNIT else by.value)

    def arranged(some):
        states = Counter((key(one), one.state) for one in some)
        counts = {
            part: Counts(
                sum(number for (other, _), number in states.items() if other == part),
                states[part, COMPLETE],
                states[part, MIDWAY],
            )
            for part, _ in states
        }
        if by is By.UNIT:
            return tree_of("Authority", UNITS, counts)
        return list_of("Authority", LEVELS[by], counts, {})

    left_out = arranged([one for one in people if one.state == AWAY])
    return Counted(arranged([one for one in people if one.state != AWAY]), (Reason("On long leave", left_out),))


CUTS = (
    *(Cut(By.UNIT, str(one.id)) for one in UNITS),
    *(Cut(By.GRADE, one) for one in GRADES),
    *(Cut(By.CONTRACT, one) for one in CONTRACTS),
    *(Cut(by, part) for by in (By.MANAGER, By.EMAIL) for part in ("yes", "no")),
    *(Cut(by) for by in EVERY_BY),
)


def all_answers(people, shown=shown_today):
    """Everything that anybody can be told, whatever they ask for."""
    whole = {by: counted(people, by) for by in EVERY_BY}

    def told(cut):
        try:
            return shown(whole[cut.by], cut)
        except (NotFound, RuleBroken) as refusal:
            return str(refusal)

    return {cut: told(cut) for cut in CUTS}


somebody = st.builds(
    Somebody,
    st.sampled_from((2, 2, 2, 4, 4, 5, 6, 7)),
    st.sampled_from(("G1", "G1", "G1", "G2", "G3", "G4")),
    st.sampled_from(("Permanent", "Permanent", "Fixed term", "-")),
    st.sampled_from((COMPLETE, COMPLETE, MIDWAY, NOT_BEGUN, AWAY)),
    st.sampled_from(("no", "no", "no", "yes")),
    st.sampled_from(("yes", "yes", "yes", "no")),
)
populations = st.lists(somebody, min_size=12, max_size=90)


def crossed(people):
    return Counter(people)


@settings(max_examples=100, deadline=None)
@given(populations, st.randoms(use_true_random=False))
def test_no_answers_say_who_of_a_unit_is_in_which_other_part(people, random):
    """Grades, contracts and the rest dealt out anew among those who are equally far: every answer stays as it was."""
    other = []
    for state in (COMPLETE, MIDWAY, NOT_BEGUN, AWAY):
        alike = [one for one in people if one.state == state]
        dealt = {}
        for field in ("grade", "contract", "manager", "email"):
            dealt[field] = [getattr(one, field) for one in alike]
            random.shuffle(dealt[field])
        rows = zip(alike, *dealt.values(), strict=True)
        other += [replace(one, **dict(zip(dealt, values, strict=True))) for one, *values in rows]
    assume(crossed(other) != crossed(people))
    assert all_answers(other) == all_answers(people)


def sizes(people):
    return Counter(one.unit_id for one in people if one.state != AWAY)


def with_movers(people):
    """The same people, of whom some work in another unit: up to six each out of one unit or two. Nothing else of them
    is another."""
    staff = {
        unit: [place for place, one in enumerate(people) if one.unit_id == unit and one.state != AWAY]
        for unit in LEAVES
    }
    for first, second, target in permutations(LEAVES, 3):
        for of_first, of_second in product(range(1, 7), range(7)):
            movers = {*staff[first][:of_first], *staff[second][:of_second]}
            if len(movers) == of_first + of_second:
                yield [replace(one, unit_id=target) if place in movers else one for place, one in enumerate(people)]


def is_told_the_same(other, answers):
    """Whether every answer stays as it was; by unit first, because most differ there."""
    by_unit = Cut(By.UNIT)
    return shown_today(counted(other, By.UNIT), by_unit) == answers[by_unit] and all_answers(other) == answers


@settings(max_examples=40, deadline=None)
@given(populations)
def test_the_size_of_no_hidden_unit_can_be_worked_out(people):
    answers = all_answers(people)
    total, _ = answers[Cut(By.UNIT)]
    assume(total.is_shown)
    hidden = {one.unit_id for one in total.walk() if not one.is_shown and one.unit_id in LEAVES}
    before = sizes(people)
    for other in with_movers(people):
        if not hidden:
            break
        after = sizes(other)
        changed = {unit for unit in hidden if before[unit] != after[unit]}
        if changed and is_told_the_same(other, answers):
            hidden -= changed
    assert hidden == set()


def careless(whole, cut):
    """What a report would say that hides small groups and nothing beside them."""
    smaller = tuple(
        replace(one, counts=None, children=()) if 0 < one.counts.people < 10 else replace(one, children=())
        for one in whole.total.children
    )
    return part_in(replace(whole.total, children=smaller), cut)


def test_the_attacker_of_these_tests_finds_what_a_careless_report_gives_away():
    """Twelve in one directorate and three in the other: whoever knows both sums knows the three."""
    people = [Somebody(unit, "G1", "Permanent", NOT_BEGUN) for unit in (*[4] * 12, *[2] * 3)]
    answers = all_answers(people, careless)
    assert not answers[Cut(By.UNIT)].children[1].is_shown
    told_the_same = [other for other in with_movers(people) if all_answers(other, careless) == answers]
    assert all(sizes(other)[2] == 3 for other in told_the_same)


def earlier(people, others):
    """All that can be told of a day within a month, when the others were there at the end of the month before."""
    before = {by: counted(others, by) for by in EVERY_BY}
    return all_answers(people, lambda whole, cut: shown_earlier(whole, before[cut.by], cut, on=MAY_12))


@settings(max_examples=60, deadline=None)
@given(populations, populations)
def test_a_day_within_a_month_tells_nothing_of_groups_that_are_not_large(people, others):
    """Ninety people are not: whatever happened since the end of the month before, the answer is that of its end."""
    assert earlier(people, others) == earlier(others, others)


@settings(max_examples=60, deadline=None)
@given(populations, st.integers(0, 89))
def test_beside_each_other_the_answers_of_two_month_ends_differ_by_whole_tens(people, place):
    """So they do where one person alone was another: nobody is sure whether it was one, or nineteen."""
    one = people[place % len(people)]
    other = [*people, replace(one, state=COMPLETE)]
    for cut, answered in earlier(people, people).items():
        again = earlier(other, other)[cut]
        for then, now in zip(groups_in(answered), groups_in(again), strict=False):
            assert then.counts is None or now.counts is None or (then.counts.people - now.counts.people) % 10 == 0


def groups_in(answered):
    return [] if isinstance(answered, str) else list(answered[0].walk())
