"""A reorganisation is previewed, decided as it was seen, takes force on its day, and can be undone until then."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from kernel.audit import AuditEntry
from kernel.errors import RuleBroken
from people.counting import people_of
from people.organisations import Unit, UnitKind, units_of
from people.reorganisation.applying import decide, undo
from people.reorganisation.bringing_about import bring_about
from people.reorganisation.periods import UnitPeriod, units_on
from people.reorganisation.planning import Wanted, preview
from people.reorganisation.record import ReorganisationState
from people.reorganisation.steps import Merge, Move, Rename, Split
from people.roles import Role
from tests.builders.region import NOON, TODAY, a_person, a_unit, an_account, an_employment, change_job, job_of

DAY = timedelta(days=1)
APRIL = date(2027, 4, 1)
MARCH = APRIL - DAY


def paths(tree, on):
    return [one.path for one in units_on(tree.session, organisation_id=tree.halton.id, on=on)]


def today_paths(tree):
    tree.session.expire_all()
    return [one.path for one in units_of(tree.session, organisation_id=tree.halton.id)]


def noon(on):
    return NOON + (on - TODAY)


def where(tree, person, on):
    people = people_of(organisation_id=tree.halton.id, on=on)
    return tree.session.scalar(select(people.c.unit_id).where(people.c.person_id == person.id))


BEFORE = ["Care", "Care / Home care", "Care / Home care / Day", "Care / Home care / Night", "Places", "Places / Parks"]


def test_a_new_name_holds_from_its_day_on_for_everything_below(tree):
    tree.decide(APRIL, Rename(tree.care.id, "Adults"))
    assert paths(tree, MARCH) == today_paths(tree) == BEFORE
    assert paths(tree, APRIL) == [path.replace("Care", "Adults", 1) for path in BEFORE]


def test_a_merger_moves_people_on_its_day_and_not_before(tree):
    person = a_person(tree.session, tree.night)
    seen = tree.see(APRIL, Merge(tree.night.id, tree.day.id))
    assert seen.findings == ()
    assert seen.sentences == (
        "“Care / Home care / Night” ends, and “Care / Home care / Day” takes it in. 1 person works there, and moves.",
        "It holds from 1 April 2027 on. The published figures of all days before it stay as they are.",
    )
    tree.decide(APRIL, Merge(tree.night.id, tree.day.id))
    assert where(tree, person, MARCH) == tree.night.id
    assert where(tree, person, APRIL) == tree.day.id
    assert "Care / Home care / Night" in paths(tree, MARCH)
    assert "Care / Home care / Night" not in paths(tree, APRIL)


def test_jobs_are_said_beside_people_where_somebody_has_two(tree):
    person = a_person(tree.session, tree.night)
    an_employment(tree.session, person, tree.night)
    a_person(tree.session, tree.night)
    seen = tree.see(APRIL, Merge(tree.night.id, tree.day.id))
    assert seen.moving_words == "3 jobs of 2 people move"
    assert seen.sentences[0].endswith("takes it in. 2 people work in 3 jobs there, and move.")
    split = tree.see(APRIL, Split(tree.home.id, "Nights", (tree.night.id,), ()))
    assert split.sentences[0] == (
        "“Nights” is new and comes out of “Care / Home care”, with 1 unit in it and 3 jobs of 2 people."
    )


def test_whoever_is_to_come_into_a_unit_that_ends_comes_into_the_other_one(tree):
    person = a_person(tree.session, tree.parks)
    change_job(tree.session, job_of(tree.session, person), APRIL + 30 * DAY, now=NOON - DAY, unit_id=tree.night.id)
    tree.decide(APRIL, Merge(tree.night.id, tree.day.id))
    assert where(tree, person, APRIL) == tree.parks.id
    assert where(tree, person, APRIL + 30 * DAY) == tree.day.id


def test_a_service_that_is_merged_brings_its_teams(tree):
    outside = a_unit(tree.session, tree.halton, "Outside care", parent=tree.care, kind=UnitKind.SERVICE)
    tree.decide(APRIL, Merge(tree.home.id, outside.id))
    assert paths(tree, APRIL)[:4] == [
        "Care", "Care / Outside care", "Care / Outside care / Day", "Care / Outside care / Night",
    ]  # fmt: skip


def test_a_service_moves_with_everything_in_it(tree):
    tree.decide(APRIL, Move(tree.home.id, tree.places.id))
    assert "Places / Home care / Night" in paths(tree, APRIL)
    assert "Care / Home care / Night" in paths(tree, MARCH)


def test_a_split_takes_units_and_named_people_out(tree):
    stays, goes = a_person(tree.session, tree.home), a_person(tree.session, tree.home, payroll_number="0042")
    tree.decide(APRIL, Split(tree.home.id, "Reablement", (tree.night.id,), ("0042",)))
    assert "Care / Reablement / Night" in paths(tree, APRIL)
    assert where(tree, stays, APRIL) == tree.home.id
    new = where(tree, goes, APRIL)
    assert new not in {tree.home.id, None}
    assert where(tree, goes, MARCH) == tree.home.id
    assert "Reablement" not in " ".join(today_paths(tree))
    bring_about(tree.session, now=noon(APRIL))
    assert "Care / Reablement" in today_paths(tree)
    assert tree.session.get_one(Unit, new).name == "Reablement"


def test_on_its_day_units_are_called_what_was_decided_and_two_may_swap_their_names(tree):
    row = tree.decide(APRIL, Rename(tree.day.id, "Night"), Rename(tree.night.id, "Day"))
    assert bring_about(tree.session, now=noon(MARCH)) == 0
    assert bring_about(tree.session, now=noon(APRIL)) == 1
    assert bring_about(tree.session, now=noon(APRIL)) == 0
    tree.session.expire_all()
    assert (tree.day.path, tree.night.path) == ("Care / Home care / Night", "Care / Home care / Day")
    assert row.state is ReorganisationState.IN_FORCE


def test_a_unit_that_ended_says_so_and_leaves_its_name_free(tree):
    tree.decide(APRIL, Merge(tree.night.id, tree.day.id))
    bring_about(tree.session, now=noon(APRIL))
    tree.session.expire_all()
    assert tree.night.name == "Night (until 31 March 2027)"
    assert not tree.night.is_open
    a_unit(tree.session, tree.halton, "Night", parent=tree.home, kind=UnitKind.TEAM)
    assert today_paths(tree) == BEFORE


def test_a_unit_of_the_new_name_that_was_added_by_hand_meanwhile_can_be_told_apart(tree):
    tree.decide(APRIL, Rename(tree.care.id, "Adults"))
    a_unit(tree.session, tree.halton, "Adults")
    bring_about(tree.session, now=noon(APRIL))
    assert {"Adults", "Adults (2)"} <= set(today_paths(tree))


def test_whoever_and_whatever_came_later_into_a_unit_that_ends_goes_with_the_others(tree):
    outside = a_unit(tree.session, tree.halton, "Outside care", parent=tree.care, kind=UnitKind.SERVICE)
    tree.decide(APRIL, Merge(tree.home.id, outside.id), Rename(tree.care.id, "Adults"))
    later = a_person(tree.session, tree.home, starts_on=date(2027, 1, 4))
    a_unit(tree.session, tree.halton, "Evening", parent=tree.home, kind=UnitKind.TEAM)
    a_unit(tree.session, tree.halton, "Lunches", parent=tree.care, kind=UnitKind.SERVICE)
    bring_about(tree.session, now=noon(APRIL))
    assert where(tree, later, MARCH) == tree.home.id
    assert where(tree, later, APRIL) == outside.id
    assert {"Adults / Outside care / Evening", "Adults / Lunches"} <= set(today_paths(tree))


def test_undoing_it_before_its_day_leaves_everything_as_it_was(tree):
    person = a_person(tree.session, tree.night)
    row = tree.decide(
        APRIL,
        Rename(tree.care.id, "Adults"),
        Merge(tree.night.id, tree.day.id),
        Split(tree.places.id, "Green", (tree.parks.id,)),
    )
    change_job(tree.session, job_of(tree.session, person), APRIL + DAY, now=NOON + DAY, grade="G9")
    undo(tree.session, row=row, by=None, now=NOON + DAY)
    assert paths(tree, APRIL) == today_paths(tree) == BEFORE
    assert where(tree, person, APRIL + DAY) == tree.night.id
    assert bring_about(tree.session, now=noon(APRIL)) == 0
    with pytest.raises(RuleBroken, match="undone already"):
        undo(tree.session, row=row, by=None, now=NOON)


def test_it_cannot_be_undone_from_its_day_on(tree):
    row = tree.decide(APRIL, Rename(tree.care.id, "Adults"))
    on_the_day = NOON + (APRIL - TODAY)
    with pytest.raises(RuleBroken, match="until the day before 1 April 2027"):
        undo(tree.session, row=row, by=None, now=on_the_day)


def test_each_builds_on_the_one_before_and_is_undone_before_it(tree):
    first = tree.decide(APRIL, Rename(tree.care.id, "Adults"))
    second = tree.decide(APRIL + DAY, Rename(tree.care.id, "Adults and health"), title="The second")
    assert [paths(tree, APRIL + place * DAY)[0] for place in (-1, 0, 1)] == ["Care", "Adults", "Adults and health"]
    assert "“The second” is of 2 April 2027" in tree.see(APRIL, Rename(tree.parks.id, "Green")).findings[0]
    with pytest.raises(RuleBroken, match="“The second” builds on it"):
        undo(tree.session, row=first, by=None, now=NOON)
    undo(tree.session, row=second, by=None, now=NOON)
    assert paths(tree, APRIL + DAY)[0] == "Adults"
    undo(tree.session, row=first, by=None, now=NOON)
    assert paths(tree, APRIL + DAY)[0] == "Care"


def test_a_new_unit_that_is_in_use_keeps_its_reorganisation(tree):
    row = tree.decide(APRIL, Split(tree.places.id, "Green", (tree.parks.id,)))
    green = next(one for one in units_on(tree.session, organisation_id=tree.halton.id, on=APRIL) if one.name == "Green")
    a_person(tree.session, tree.session.get_one(Unit, green.id), starts_on=APRIL)
    with pytest.raises(RuleBroken, match="is in use already"):
        undo(tree.session, row=row, by=None, now=NOON)


def test_what_was_seen_is_done_or_nothing(tree):
    wanted = Wanted("Merger", APRIL, (Merge(tree.night.id, tree.day.id),))
    seen = preview(tree.session, organisation=tree.halton, wanted=wanted, now=NOON)
    a_person(tree.session, tree.night)
    with pytest.raises(RuleBroken, match="has changed since"):
        decide(tree.session, organisation=tree.halton, wanted=wanted, fingerprint=seen.fingerprint, by=None, now=NOON)
    assert tree.session.scalar(select(func.count()).select_from(UnitPeriod)) == 0


def test_a_past_day_is_a_correction_and_says_so(tree):
    person = a_person(tree.session, tree.night)
    past = TODAY - 30 * DAY
    assert "This is a correction" in tree.see(past, Merge(tree.night.id, tree.day.id)).sentences[-1]
    row = tree.decide(past, Merge(tree.night.id, tree.day.id))
    assert row.state is ReorganisationState.IN_FORCE
    assert where(tree, person, past - DAY) == tree.night.id
    assert "Care / Home care / Night" not in today_paths(tree)


def test_managers_of_a_unit_that_ends_are_counted_in_the_preview(tree):
    an_account(tree.session, a_person(tree.session), Role.MANAGER, unit=tree.night)
    seen = tree.see(APRIL, Merge(tree.night.id, tree.day.id))
    assert seen.sentences[-1].startswith("Somebody is manager of a unit that ends. The role does not move")


def test_deciding_and_undoing_stand_in_the_audit_trail(tree):
    row = tree.decide(APRIL, Rename(tree.care.id, "Adults"))
    undo(tree.session, row=row, by=None, now=NOON)
    actions = tree.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["reorganisation-decided", "reorganisation-undone"]
