"""What is kept of a day holds until anything about that day changes, and answers are the same with it and without."""

from itertools import pairwise

import pytest
from sqlalchemy import delete, event, text, update
from sqlalchemy.orm import Session

from courses.catalogue.versions import Course
from kernel.database import Base
from kernel.errors import NotFound, RuleBroken
from reports.answers.answering import answer
from reports.answers.over_months import kept_months, over_months
from reports.answers.plain import plain
from reports.figures.definition import By, Cut, FigureDefinition, in_unit
from reports.kept.keeping import count_day, keep, kept_on
from reports.kept.record import KeptCount, close_days
from reports.kept.watching import WATCHED
from tests.builders.region import NOON, TODAY
from tests.reports.kept.acts import OF_THE_PAST, OF_TODAY
from tests.reports.kept.conftest import DAY, OCTOBER, Halton

CUTS = (Cut(), Cut(By.GRADE), Cut(By.ROUTE), Cut(By.MANAGER))


def keep_all(session: Session, halton: Halton) -> None:
    assert close_days(session, TODAY - DAY, now=NOON)
    for course_id in (halton.asked, halton.programme):
        for cut in CUTS:
            found = count_day(
                session, organisation_id=halton.organisation.id, course_id=course_id, on=OCTOBER, by=cut.by, now=NOON
            )
            assert found
            keep(session, found)


def holds(session: Session, halton: Halton, course_id: int, by: By = By.UNIT) -> bool:
    organisation_id = halton.organisation.id
    return bool(kept_on(session, [OCTOBER], organisation_id=organisation_id, course_id=course_id, by=by))


def answers(session: Session, halton: Halton) -> list[dict[str, object] | str]:
    cuts = (*CUTS, in_unit(halton.care.id))
    slugs = [session.get_one(Course, one).slug for one in (halton.asked, halton.programme)]
    asked = [FigureDefinition("halton", slug, OCTOBER, cut) for slug in slugs for cut in cuts]
    return [answered(session, one) for one in asked]


def answered(session: Session, definition: FigureDefinition) -> dict[str, object] | str:
    try:
        return dict(plain(answer(session, definition, now=NOON)))
    except (NotFound, RuleBroken) as refusal:
        return str(refusal)


@pytest.mark.parametrize("name", OF_THE_PAST)
def test_a_change_of_the_past_makes_what_is_kept_of_it_void_at_once(
    session: Session, halton: Halton, name: str
) -> None:
    act, void = OF_THE_PAST[name]
    keep_all(session, halton)
    act(session, halton)
    session.flush()
    session.expire_all()
    for thing in ("asked", "programme"):
        for cut in CUTS:
            assert holds(session, halton, getattr(halton, thing), cut.by) is (thing not in void), (thing, cut.by)
    with_it = answers(session, halton)
    session.execute(delete(KeptCount))
    assert with_it == answers(session, halton)


@pytest.mark.parametrize("name", OF_TODAY)
def test_what_happens_today_leaves_what_is_kept_of_the_past(session: Session, halton: Halton, name: str) -> None:
    keep_all(session, halton)
    OF_TODAY[name](session, halton)
    session.flush()
    session.expire_all()
    assert all(holds(session, halton, one, cut.by) for one in (halton.asked, halton.programme) for cut in CUTS)
    with_it = answers(session, halton)
    session.execute(delete(KeptCount))
    assert with_it == answers(session, halton)


def test_a_day_that_is_not_closed_is_not_kept(session: Session, halton: Halton) -> None:
    assert close_days(session, OCTOBER - DAY, now=NOON)
    organisation_id = halton.organisation.id
    assert count_day(session, organisation_id=organisation_id, course_id=halton.asked, on=OCTOBER, now=NOON) is None


def test_other_code_counts_for_itself(session: Session, halton: Halton) -> None:
    keep_all(session, halton)
    session.execute(update(KeptCount).values(code="of the release before"))
    assert not holds(session, halton, halton.asked)


def test_the_months_are_the_same_with_what_is_kept_and_without(session: Session, halton: Halton) -> None:
    of_all = FigureDefinition("halton", "aa", TODAY)
    questions = (of_all, FigureDefinition("halton", "aa", TODAY, in_unit(halton.care.id)))
    counted = [over_months(session, one, now=NOON) for one in questions]
    assert all(kept_months(session, one, now=NOON) == () for one in questions)
    close_days(session, OCTOBER, now=NOON)
    for month in counted[0]:
        found = count_day(
            session, organisation_id=halton.organisation.id, course_id=halton.asked, on=month.on, now=NOON
        )
        assert found
        keep(session, found)
    assert [over_months(session, one, now=NOON) for one in questions] == counted
    assert [kept_months(session, one, now=NOON) for one in questions] == counted
    assert counted[0][-1].counts is not None
    # Something about the last of them changes: until it is counted anew, nothing is drawn.
    OF_THE_PAST["past learning"][0](session, halton)
    assert kept_months(session, of_all, now=NOON) == ()


READ_BESIDE = {
    "organisation": "only which one it is",
    "person": "only which ones they are",
    "learner_request": "moves dates alone, and nobody is past theirs on a day that is over",
    "time_given": "as a request",
    "change_of_past": "holds the marks",
    "closed_days": "says whether a day may be kept",
    "kept_count": "holds what is kept",
}


def test_whatever_is_read_of_a_day_is_watched(session: Session, halton: Halton) -> None:
    """A table that figures of the past come to follow from, and that nobody watches, is found here."""
    keep_all(session, halton)
    read: set[str] = set()
    with Statements(session) as said:
        keep_all(session, halton)
    for statement in said:
        words = statement.replace("(", " ").replace(",", " ").replace('"', " ").split()
        read |= {after for word, after in pairwise(words) if word.upper() in ("FROM", "JOIN")}
    tables = read & set(Base.metadata.tables)
    assert {"employment_terms", "completion", "exemption", "requirement", "audience_version"} <= tables
    assert tables - {one.table for one in WATCHED} - set(READ_BESIDE) == set()


class Statements(list[str]):
    """What the database is asked meanwhile."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.bind = session.get_bind()

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self.append(statement)

    def __enter__(self) -> "Statements":
        event.listen(self.bind, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.bind, "before_cursor_execute", self._note)


@pytest.mark.parametrize("watched", WATCHED, ids=lambda one: one.table)
def test_the_database_marks_each_of_them(session: Session, watched) -> None:
    """A migration that makes a table anew on SQLite has to bring its triggers back."""
    if session.get_bind().dialect.name == "sqlite":
        found = session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"),
            {"table": watched.table},
        )
        assert {f"{watched.table}_marks_{verb}" for verb in watched.verbs} <= set(found)
        return
    found = session.scalars(
        text(
            "SELECT event_manipulation FROM information_schema.triggers"
            " WHERE event_object_table = :table AND trigger_name = :name"
        ),
        {"table": watched.table, "name": f"{watched.table}_marks"},
    )
    assert {verb.upper() for verb in watched.verbs} == set(found)


def test_terms_of_which_only_the_end_changed_are_the_same_in_every_column_that_figures_read() -> None:
    """A column that is new has to be compared too, or to stand here because no figure and no audience reads it."""
    (terms,) = (one for one in WATCHED if one.table == "employment_terms")
    compared = {column.name for column in Base.metadata.tables[terms.table].columns} - {"id", "ends_on", "site"}
    assert {name for name in compared if f"OLD.{name} = NEW.{name}" not in terms.changed[0].since} == set()
