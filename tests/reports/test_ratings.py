"""What people say about themselves, counted so that nobody’s answer can be worked out."""

from collections import Counter
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from courses.catalogue.versions import PublishOutcome
from courses.content.model.personal import Moment
from courses.reflection.rating_comparison import MOMENT_WORDS
from courses.reflection.ratings import Rating, forget_ratings
from kernel.errors import NotFound
from people.jobs.terms import EmploymentKind
from people.organisations import Organisation, Unit
from people.persons import Person
from reports.rating_chart import rating_chart
from reports.ratings import RatingFigures, rating_figures
from reports.suppression import SMALLEST_SHOWN, whole_steps
from tests.builders.own_words import a_course_about_oneself
from tests.builders.region import NOON, TODAY, a_person, a_unit, an_organisation
from tests.reports.taken_course import begin, finish

LATER = NOON + timedelta(days=30)


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def care(session: Session, halton: Organisation) -> Unit:
    return a_unit(session, halton)


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    return a_course_about_oneself(session)


def say(
    session: Session,
    person: Person,
    organisation: Organisation,
    value: str,
    moment: Moment = Moment.BEFORE,
    *,
    statement: str = "C1",
    instrument: str = "TC-C",
    at: datetime = NOON,
) -> None:
    session.add(
        Rating(
            person_id=person.id, organisation_id=organisation.id, instrument_id=instrument, statement_id=statement,
            moment=moment, value=value, first_said_at=at, said_at=at,
        )
    )  # fmt: skip
    session.flush()


def people_say(
    session: Session, organisation: Organisation, values: str, moment: Moment = Moment.BEFORE, **more: object
) -> list[Person]:
    """One person for each figure of ``values``, in that order."""
    people = [a_person(session) for _ in values]
    for number, (person, value) in enumerate(zip(people, values, strict=True)):
        say(session, person, organisation, value, moment, at=NOON + timedelta(minutes=number), **more)  # type: ignore[arg-type]
    return people


def figures_of(session: Session, organisation: Organisation, instrument: str = "TC-C") -> RatingFigures:
    return rating_figures(session, organisation=organisation, instrument_id=instrument, now=LATER)


def shown(figures: RatingFigures, moment: Moment = Moment.BEFORE, row: int = 0) -> tuple[int, float, int] | None:
    answers = figures.statements[row].answers.get(moment)
    return (answers.people, float(answers.average), answers.agree_percent) if answers else None


def test_ten_people_are_shown_and_nine_are_not(session: Session, halton: Organisation, course: PublishOutcome) -> None:
    people_say(session, halton, "222333445")
    assert shown(figures_of(session, halton)) is None
    people_say(session, halton, "5")
    assert shown(figures_of(session, halton)) == (10, 3.3, 40)


def test_halves_are_rounded_up_in_shares_and_in_averages(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    people_say(session, halton, "5" + "3" * 30 + "2" * 9)  # 2.5% agree
    people_say(session, halton, "3" * 15 + "4" * 5, Moment.AFTER)  # 3.25 on average
    figures = figures_of(session, halton)
    assert shown(figures) == (40, 2.8, 3)  # 113 ÷ 40 = 2.825
    assert shown(figures, Moment.AFTER) == (20, 3.3, 25)


def test_one_more_answer_changes_nothing_until_ten_more_have_come(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    people_say(session, halton, "2" * 10)
    seen = set()
    for _ in range(9):
        say(session, a_person(session), halton, "5", at=LATER)
        seen.add(shown(figures_of(session, halton)))
    assert seen == {(10, 2.0, 0)}
    say(session, a_person(session), halton, "5", at=LATER)
    assert shown(figures_of(session, halton)) == (20, 3.5, 50)


@given(st.lists(st.sampled_from("12345"), max_size=60))
def test_two_figures_are_the_same_or_ten_people_apart(values: list[str]) -> None:
    published = [Counter(values[: whole_steps(number, SMALLEST_SHOWN)]) for number in range(len(values) + 1)]
    for earlier in published:
        for later in published:
            apart = (later - earlier).total() - (earlier - later).total()
            assert later == earlier or abs(apart) >= SMALLEST_SHOWN or apart == 0
    assert all(one.total() == 0 or one.total() >= SMALLEST_SHOWN for one in published)


def test_those_who_would_rather_not_say_are_not_counted(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    people_say(session, halton, "444444444")
    for _ in range(5):
        say(session, a_person(session), halton, "prefer-not-to-say")
    figures = figures_of(session, halton)
    assert shown(figures) is None
    assert figures.responses[0].answered is None


def test_each_statement_holds_to_the_rule_by_itself(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    people = people_say(session, halton, "4" * 12)
    for person in people[:9]:
        say(session, person, halton, "1", statement="C2")
    figures = figures_of(session, halton)
    assert (shown(figures), shown(figures, row=1)) == ((10, 4.0, 100), None)


def test_moments_are_apart(session: Session, halton: Organisation, course: PublishOutcome) -> None:
    people_say(session, halton, "2" * 10)
    people_say(session, halton, "4" * 10, Moment.AFTER)
    figures = figures_of(session, halton)
    assert figures.moments == (Moment.BEFORE, Moment.LOOKING_BACK, Moment.AFTER)
    assert [shown(figures, moment) for moment in figures.moments] == [(10, 2.0, 0), None, (10, 4.0, 100)]


def test_another_authority_is_not_in_it(session: Session, halton: Organisation, course: PublishOutcome) -> None:
    wirral = an_organisation(session, "wirral", "Wirral Council")
    people_say(session, halton, "2" * 5)
    people_say(session, wirral, "5" * 10)
    assert shown(figures_of(session, halton)) is None
    assert shown(figures_of(session, wirral)) == (10, 5.0, 100)


def test_what_somebody_takes_back_is_not_counted(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    people = people_say(session, halton, "4" * 10)
    forget_ratings(session, person_id=people[0].id, instrument_id="TC-C")
    assert shown(figures_of(session, halton)) is None


def test_answers_in_words_are_shares(session: Session, halton: Organisation, course: PublishOutcome) -> None:
    people = [a_person(session) for _ in range(10)]
    for number, person in enumerate(people):
        value = "did" if number < 4 else "did-not"
        say(session, person, halton, value, Moment.LATER, statement="D1", instrument="TC-D")
    answers = figures_of(session, halton, "TC-D").statements[0].answers[Moment.LATER]
    assert (answers.percent("did"), answers.percent("did-not")) == (40, 60)


def test_the_response_rate_is_of_those_who_were_asked(
    session: Session, halton: Organisation, care: Unit, course: PublishOutcome
) -> None:
    people = [a_person(session, care) for _ in range(40)]
    for person in people[:20]:
        finish(session, course, person, care)
    for person in people[20:]:
        begin(session, course, person)
    for person in people[:25]:
        say(session, person, halton, "3")
    for person in people[:12]:
        say(session, person, halton, "4", Moment.AFTER)
    before, _, after = figures_of(session, halton).responses
    assert (before.answered, before.asked, before.percent) == (20, 40, 50)
    assert (after.answered, after.asked, after.percent) == (10, 20, 50)


def test_nobody_learns_from_two_figures_how_many_who_finished_have_left(
    session: Session, halton: Organisation, care: Unit, course: PublishOutcome
) -> None:
    seen = set()
    for is_left, people in ((False, 12), (True, 3)):
        for _ in range(people):
            person = a_person(session, care, ends_on=TODAY - timedelta(days=1) if is_left else None)
            finish(session, course, person, care)
            say(session, person, halton, "4", Moment.AFTER)
            seen.add(person.id)
        before, _, after = figures_of(session, halton).responses
        assert [(one.answered, one.asked) for one in (before, after)] == [(None, 10), (10, 10)]
    assert len(seen) == 15


@pytest.mark.parametrize(
    "job", [{"kind": EmploymentKind.AGENCY}, {"away_from": TODAY}, {"ends_on": TODAY}], ids=["agency", "away", "left"]
)
def test_whoever_does_not_count_and_said_nothing_is_not_among_those_who_were_asked(
    session: Session, halton: Organisation, care: Unit, course: PublishOutcome, job: dict[str, object]
) -> None:
    for _ in range(10):
        person = a_person(session, care, **job)
        finish(session, course, person, care)
    assert [one.asked for one in figures_of(session, halton).responses] == [None, None, None]


def test_more_people_never_answered_than_were_asked(
    session: Session, halton: Organisation, care: Unit, course: PublishOutcome
) -> None:
    people = [a_person(session, care) for _ in range(30)]
    for person in people:
        say(session, person, halton, "4", Moment.AFTER)  # the last screen asks, and some stop there
        say(session, person, halton, "5", Moment.AFTER, statement="C2")
    for person in people[:12]:
        finish(session, course, person, care)
    *_, after = figures_of(session, halton).responses
    assert (after.answered, after.asked, after.percent) == (30, 30, 100)


def test_a_rate_of_few_people_is_not_shown(
    session: Session, halton: Organisation, care: Unit, course: PublishOutcome
) -> None:
    for _ in range(9):
        begin(session, course, a_person(session, care))
    (before, *_) = figures_of(session, halton).responses
    assert (before.answered, before.asked, before.percent) == (None, None, None)


def test_what_no_course_asks_is_not_there(session: Session, halton: Organisation, course: PublishOutcome) -> None:
    with pytest.raises(NotFound):
        figures_of(session, halton, "TC-X")


def test_a_threshold_below_ten_is_refused(session: Session, halton: Organisation, course: PublishOutcome) -> None:
    with pytest.raises(ValueError, match="at least 10 people"):
        rating_figures(session, organisation=halton, instrument_id="TC-C", now=LATER, smallest_shown=9)


def test_the_picture_says_in_words_what_it_draws(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    people_say(session, halton, "2" * 5 + "5" * 5)
    people_say(session, halton, "4" * 10, Moment.AFTER)
    svg = rating_chart(figures_of(session, halton), words=MOMENT_WORDS, description="Two shares", width=328)
    root = ElementTree.fromstring(svg)  # noqa: S314 - we drew it
    words = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words == ["Before", "Before, looking back", "After", "I can speak up", "50%", "100%"]
    assert {element.text for element in root.iter("{http://www.w3.org/2000/svg}desc")} == {"Two shares"}
    assert b"<script" not in svg


def test_the_picture_says_whose_ratings_it_shows_of_what_and_when(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    people_say(session, halton, "2" * 5 + "5" * 5)
    figures = figures_of(session, halton)
    head = ("Halton", "Before and after, 29 November 2026")
    plain, headed = (
        ElementTree.fromstring(  # noqa: S314 - we drew it
            rating_chart(figures, words=MOMENT_WORDS, description="x", width=328, head=lines)
        )
        for lines in ((), head)
    )
    texts = [list(picture.iter("{http://www.w3.org/2000/svg}text")) for picture in (plain, headed)]
    assert " ".join(str(text.text) for text in texts[1][:3]) == " ".join(head)
    assert [text.text for text in texts[0]] == [text.text for text in texts[1][3:]]
    heights = [int(text.attrib["y"]) for text in texts[1][:4]]
    assert heights == sorted(set(heights))
