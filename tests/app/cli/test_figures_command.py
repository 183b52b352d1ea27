"""``figures``: what pages say too, published for ever, and asked for again."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from assignments.requirements import require_course
from courses.records.completion import Completion, note_event
from courses.records.completion_events import CompletionEventKind
from kernel.audit import AuditEntry
from kernel.clock import local_day, utc_now
from people.persons import Person
from tests.builders.region import a_course, a_unit, an_organisation
from tests.reports.taken_course import people_in

LONG_AGO = utc_now() - timedelta(days=900)
MONTH_END = local_day(utc_now()).replace(day=1) - timedelta(days=1)


@pytest.fixture
def staff(session):
    halton = an_organisation(session)
    course = a_course(session)
    require_course(session, course_id=course.course_id, organisation_ids=[halton.id], account_id=None, now=LONG_AGO)
    care, mayor = a_unit(session, halton), a_unit(session, halton, "Mayor’s Office")
    found = people_in(session, care, 83, course=course, complete=41, at=LONG_AGO)
    people_in(session, mayor, 3, course=course, complete=3, at=LONG_AGO)
    session.execute(update(Person).values(created_at=LONG_AGO))
    session.commit()
    return found


@pytest.fixture
def call(app, staff):
    """What a command prints, and with what it ends."""

    def called(*words):
        done = app.test_cli_runner().invoke(args=["figures", *map(str, words)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return called


def test_figures_of_today_are_exact_and_hide_small_groups(call):
    status, said = call("halton")
    assert status == 0
    assert "Halton Borough Council: Test course (version 1)" in said
    assert [line.split() for line in said.splitlines()[1:5]] == [
        ["people", "complete", "share"],
        ["Halton", "Borough", "Council", "86", "44", "51%"],
        ["Adult", "Social", "Care", "not", "shown"],
        ["Mayor’s", "Office", "not", "shown"],
    ]


def test_json_says_the_same(call):
    _, said = call("halton", "--json")
    found = json.loads(said)
    assert found["definition"] == {
        "authority": "halton", "course": "test-course", "on": local_day(utc_now()).isoformat(),
        "by": "unit", "part": "", "measure": "completion",
    }  # fmt: skip
    assert [(one["name"], one["people"], one["complete"]) for one in found["groups"]] == [
        ("Halton Borough Council", 86, 44),
        ("Adult Social Care", None, None),
        ("Mayor’s Office", None, None),
    ]


def test_a_day_that_is_over_is_rounded(call):
    status, said = call("halton", "--on", MONTH_END, "--by", "grade")
    assert status == 0
    assert "To the nearest 10. Groups of fewer than 50 are not shown." in said
    assert ["G5", "90", "40"] in [line.split() for line in said.splitlines()]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["atlantis"], "There is no organisation atlantis."),
        (["halton", "--course", "juggling"], "There is no course juggling."),
        (["halton", "--on", "2999-01-01"], "1 January 2999 has not come yet."),
        (["halton", "--on", "1999-01-01"], "There are no figures of days before it."),
        (["halton", "--part", "987654"], "There is no unit 987654 of Halton Borough Council."),
        (["halton", "--part", "Parks"], "There is no unit Parks."),
        (["halton", "--by", "grade", "--part", "G99"], "The grade “G99” is not in these figures"),
        (["halton", "--by", "shoe-size"], "is not one of"),
        (["halton", "--on", "yesterday"], "does not match the format"),
        (["publish", "halton", "--on", local_day(utc_now())], "Today is not over"),
        (["replay", "FIG-0000-0000-0"], "There is no published figure FIG-0000-0000-0."),
    ],
)
def test_what_cannot_be_answered_is_said_in_words_and_ends_with_2(call, words, said):
    status, printed = call(*words)
    assert status == 2
    assert said in printed


def test_a_figure_is_published_asked_for_again_and_differs_after_a_correction(call, session, staff):
    status, said = call("publish", "halton", "--on", MONTH_END, "--json")
    assert status == 0
    made = json.loads(said)
    assert made["address"] == f"http://localhost/figures/{made['number']}"
    assert [one["people"] for one in made["groups"]] == [90, 80, None]
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "figure-published"))
    assert (entry.subject_id, entry.detail["as_at"]) == (made["number"], MONTH_END.isoformat())
    assert call("replay", made["number"])[0] == 0
    for one in session.scalars(select(Completion).order_by(Completion.id).limit(20)).all():
        reason = {"reason": "By mistake", "account_id": None, "now": utc_now()}
        note_event(session, one, CompletionEventKind.WITHDRAWN, **reason)
    session.commit()
    status, said = call("replay", made["number"].lower())
    assert status == 1
    assert "Adult Social Care, complete: published 40, today 20." in said
    assert "Since then: Completions were withdrawn or put right." in said
    status, said = call("replay", made["number"], "--json")
    assert (status, json.loads(said)["is_equal"]) == (1, False)


def test_what_was_published_is_listed_the_newest_first(call):
    assert call("published", "halton") == (0, "Nothing was published.\n")
    first = json.loads(call("publish", "halton", "--on", MONTH_END, "--json")[1])["number"]
    second = json.loads(call("publish", "halton", "--on", MONTH_END, "--by", "grade", "--public", "--json")[1])[
        "number"
    ]
    one, other = call("published", "halton")[1].splitlines()
    assert one.startswith(f"{second}  Test course, {MONTH_END}, by grade; published on ")
    assert one.endswith("for everybody")
    assert other.startswith(first)
    assert other.endswith("for who sees these figures")
    assert [row["number"] for row in json.loads(call("published", "halton", "--json")[1])] == [second, first]
    assert call("published", "atlantis")[0] == 2


def test_yesterday_is_published_where_no_day_is_named(call):
    found = json.loads(call("publish", "halton", "--public", "--json")[1])
    assert date.fromisoformat(found["on"]) == local_day(utc_now()) - timedelta(days=1)


def test_without_a_course_that_is_asked_for_one_has_to_be_named(app, session):
    an_organisation(session)
    a_course(session)
    session.commit()
    done = app.test_cli_runner().invoke(args=["figures", "halton"])
    assert done.exit_code == 2
    assert "Halton Borough Council asks for no course. Name one with --course." in done.output
