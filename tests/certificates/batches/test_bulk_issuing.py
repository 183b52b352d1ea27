"""First certificates for many people at once: who gets one, batch after batch, whatever happens between two batches."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from certificates.batches.bulk_issuing import start_issue
from certificates.batches.bulk_preview import earners, preview_issue
from certificates.batches.working_off import work_off_batch
from certificates.file_care.consistency import consistency
from certificates.making.rendering import CERTIFICATE_FILES
from certificates.record.audiences import Audience
from certificates.record.issuing import Certificate, issue_for_completion
from certificates.record.missing_certificates import completions_without_certificate
from certificates.record.runs import RUNS, CertificateRun, RunMail, cancel_run, pause_run, resume_run
from courses.catalogue.versions import PublishOutcome
from courses.records.completion import CompletionSource
from kernel.audit import entries_for
from kernel.errors import RuleBroken
from kernel.tasks.claims import ClaimLost, claim
from kernel.tasks.kinds import TaskState
from people.organisations import Organisation, Unit
from tests.app.platform.test_query_counts import counted
from tests.builders.certificate_batches import completed, one_batch
from tests.builders.region import NOON, TODAY, a_course, a_follow_up, a_person, a_unit, an_account, an_organisation
from tests.builders.tasks import count_open, failed, in_hand

IMPORTED = CompletionSource.IMPORTED


@dataclass
class Place:
    """A course, two units with people who completed it, and somebody who starts runs."""

    course: PublishOutcome
    halton: Organisation
    care: Unit
    home: Unit
    account_id: int

    @property
    def audience(self) -> Audience:
        return Audience(self.course.course_id, self.care.organisation_id, on=TODAY)


@pytest.fixture
def place(session: Session) -> Place:
    halton = an_organisation(session)
    care = a_unit(session, halton)
    home = a_unit(session, an_organisation(session, "wirral", "Wirral Council"), "Children’s Services")
    return Place(a_course(session), halton, care, home, an_account(session, a_person(session)).id)


def start(
    session: Session,
    place: Place,
    audience: Audience | None = None,
    *,
    imported: bool = False,
    mail: RunMail = RunMail.NONE,
) -> int:
    audience = audience or place.audience
    seen = preview_issue(session, audience, takes_imported=imported).stamp
    about = {"takes_imported": imported, "mail": mail, "account_id": place.account_id}
    run = start_issue(session, audience, seen=seen, now=NOON, **about)
    return run.id


def work_off(session: Session, run_id: int, *, limit: int = 7) -> int:
    """Until nothing of it is due; how many were issued."""
    issued = 0
    for _ in range(1000):
        batch = one_batch(session, run_id, limit=limit)
        if batch is None:
            return issued
        issued += batch.issued
    raise AssertionError("it never ends")


def how_many(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Certificate)) or 0


def test_the_preview_counts_everybody_once(session: Session, place: Place) -> None:
    with_one, *_ = completed(session, place.course, place.care, 5)
    issue_for_completion(session, completion_id=with_one, now=NOON)
    completed(session, place.course, place.care, 3, source=IMPORTED)
    completed(session, place.course, place.home, 4)
    found = preview_issue(session, place.audience, takes_imported=False)
    assert (found.completed, found.wanted, found.have_one, found.imported_left_out) == (8, 4, 1, 3)
    found = preview_issue(session, place.audience, takes_imported=True)
    assert (found.wanted, found.wanted_imported, found.imported_left_out) == (7, 3, 0)
    everywhere = preview_issue(session, Audience(place.course.course_id, on=TODAY), takes_imported=False)
    assert everywhere.wanted == 8


def test_a_unit_holds_its_parts_and_no_unit_with_a_longer_name(session: Session, place: Place) -> None:
    service = a_unit(session, place.halton, "Home Care", parent=place.care)
    longer = a_unit(session, place.halton, "Adult Social Care Plus")
    for unit, number in ((place.care, 1), (service, 2), (longer, 4)):
        completed(session, place.course, unit, number)
    audience = Audience(place.course.course_id, place.care.organisation_id, place.care.id, on=TODAY)
    found = preview_issue(session, audience, takes_imported=False)
    assert found.wanted == 3
    run_id = start(session, place, audience)
    assert work_off(session, run_id, limit=1) == 3


def test_a_course_without_certificates_gives_none(session: Session, place: Place) -> None:
    course = a_follow_up(session)
    completed(session, course, place.care, 2)
    audience = Audience(course.course_id, place.care.organisation_id, on=TODAY)
    found = preview_issue(session, audience, takes_imported=True)
    assert (found.completed, found.wanted, found.without_certificate) == (2, 0, 2)
    with pytest.raises(RuleBroken, match="nothing to issue"):
        start(session, place, audience)


def test_the_list_turns_its_pages_by_unit_and_name(session: Session, place: Place) -> None:
    completed(session, place.course, place.care, 5, source=IMPORTED)
    pages = [earners(session, place.audience, takes_imported=True, page=page, size=2) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert {one.name for page in pages for one in page} == {
        "Siân Jones", "Nguyễn Thị Minh", "محمد علي", "王芳", "Ọláyínká Adé",
    }  # fmt: skip
    assert all(one.is_imported for page in pages for one in page)


def test_imported_history_gets_certificates_only_on_purpose(session: Session, place: Place) -> None:
    completed(session, place.course, place.care, 2)
    completed(session, place.course, place.care, 3, source=IMPORTED)
    assert work_off(session, start(session, place)) == 2
    assert work_off(session, start(session, place, imported=True)) == 3
    assert consistency(session).is_whole


def test_two_thousand_are_issued_in_batches_that_cost_the_same(
    session: Session, place: Place, connection: Connection
) -> None:
    completed(session, place.course, place.care, 2000)
    run_id = start(session, place)
    costs = []
    for _ in range(11):
        with counted(connection) as seen:
            one_batch(session, run_id, limit=200)
        costs.append(len(seen))
    assert one_batch(session, run_id, limit=200) is None
    assert how_many(session) == 2000
    assert count_open(session, CERTIFICATE_FILES) == 2000
    assert max(costs) <= 14
    assert len(set(costs[1:9])) == 1


def test_a_larger_batch_costs_no_more_statements(session: Session, place: Place, connection: Connection) -> None:
    completed(session, place.course, place.care, 200)
    run_id = start(session, place)
    costs = []
    for limit in (10, 10, 100):
        with counted(connection) as seen:
            one_batch(session, run_id, limit=limit)
        costs.append(len(seen))
    assert costs[1] == costs[2]


def test_a_changed_number_is_asked_for_again(session: Session, place: Place) -> None:
    first, *_ = completed(session, place.course, place.care, 2)
    seen = preview_issue(session, place.audience, takes_imported=False).stamp
    issue_for_completion(session, completion_id=first, now=NOON)
    completed(session, place.course, place.care, 1)  # as many as before, but not the same
    about = {"takes_imported": False, "mail": RunMail.NONE, "account_id": place.account_id}
    with pytest.raises(RuleBroken, match="numbers have changed"):
        start_issue(session, place.audience, seen=seen, now=NOON, **about)


def test_only_one_open_run_for_the_same_people(session: Session, place: Place) -> None:
    completed(session, place.course, place.care, 2)
    run_id = start(session, place)
    with pytest.raises(RuleBroken, match="under way"):
        start(session, place)
    work_off(session, run_id)
    completed(session, place.course, place.care, 1)
    assert work_off(session, start(session, place)) == 1


def test_those_who_complete_after_the_start_are_not_of_the_run(session: Session, place: Place) -> None:
    completed(session, place.course, place.care, 3)
    run_id = start(session, place)
    completed(session, place.course, place.care, 2)
    assert work_off(session, run_id) == 3


def test_one_that_came_from_elsewhere_meanwhile_is_not_issued_twice(session: Session, place: Place) -> None:
    ids = completed(session, place.course, place.care, 5)
    run_id = start(session, place)
    one_batch(session, run_id, limit=2)
    issue_for_completion(session, completion_id=ids[3], now=NOON)
    assert work_off(session, run_id) == 2
    assert how_many(session) == 5


def test_a_paused_run_issues_nothing_until_it_is_resumed(session: Session, place: Place) -> None:
    completed(session, place.course, place.care, 5)
    run_id = start(session, place)
    one_batch(session, run_id, limit=2)
    pause_run(session, run_id=run_id, account_id=place.account_id, now=NOON)
    assert work_off(session, run_id) == 0
    assert completions_without_certificate(session, limit=9) == []  # housekeeping leaves them to the run
    resume_run(session, run_id=run_id, account_id=place.account_id, now=NOON)
    assert work_off(session, run_id) == 3
    actions = [entry.action for entry in entries_for(session, subject_type="certificate-run", subject_id=run_id)]
    assert actions == ["certificate-run-started", "certificate-run-paused", "certificate-run-resumed"]


def test_a_cancelled_run_leaves_what_it_issued_and_issues_no_more(session: Session, place: Place) -> None:
    completed(session, place.course, place.care, 5, source=IMPORTED)
    run_id = start(session, place, imported=True)
    one_batch(session, run_id, limit=2)
    cancel_run(session, run_id=run_id, account_id=place.account_id, now=NOON)
    assert work_off(session, run_id) == 0
    assert (how_many(session), count_open(session, RUNS)) == (2, 0)
    for act in (pause_run, resume_run, cancel_run):
        with pytest.raises(RuleBroken):
            act(session, run_id=run_id, account_id=place.account_id, now=NOON)


def test_a_run_that_fails_three_times_in_a_row_is_parked_with_the_reason(session: Session, place: Place) -> None:
    completed(session, place.course, place.care, 2)
    run_id = start(session, place)
    failed(session, RUNS, run_id, "No such course version", times=3)
    run = session.get_one(CertificateRun, run_id)
    assert (run.state, run.failure_reason) == (TaskState.PARKED, "No such course version")
    assert completions_without_certificate(session, limit=9) == []  # it is still open
    resume_run(session, run_id=run_id, account_id=place.account_id, now=NOON)
    assert work_off(session, run_id) == 2


def test_a_batch_that_comes_through_forgets_the_failures_before(session: Session, place: Place) -> None:
    completed(session, place.course, place.care, 5)
    run_id = start(session, place)
    failed(session, RUNS, run_id, times=2, now=NOON - timedelta(days=1))
    one_batch(session, run_id, limit=2)
    session.expire_all()
    run = session.get_one(CertificateRun, run_id)
    assert (run.failures, run.failure_reason, run.issued) == (0, None, 2)


def test_runs_take_turns(session: Session, place: Place) -> None:
    completed(session, place.course, place.care, 5)
    completed(session, place.course, place.home, 5)
    first = start(session, place)
    second = start(session, place, Audience(place.course.course_id, place.home.organisation_id, on=TODAY))
    taken = []
    for minutes in range(1, 5):
        claimed = claim(session, RUNS, now=NOON + timedelta(minutes=minutes))
        assert claimed is not None
        taken.append(claimed.id)
        work_off_batch(session, claimed, limit=2, now=NOON)
    assert taken == [first, second, first, second]


@pytest.mark.parametrize("act", [pause_run, cancel_run])
def test_whoever_stops_a_run_takes_its_batch_from_the_worker(
    session: Session, place: Place, act: Callable[..., None]
) -> None:
    completed(session, place.course, place.care, 5)
    run_id = start(session, place)
    claimed = in_hand(session, RUNS, run_id)
    act(session, run_id=run_id, account_id=place.account_id, now=NOON)
    with pytest.raises(ClaimLost):
        work_off_batch(session, claimed, limit=2, now=NOON)
    assert how_many(session) == 0
