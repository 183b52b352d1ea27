"""What changes a day that is over, by every way there is, and what leaves it as it was."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from assignments.audiences.rules import OnGrade
from assignments.audiences.saved import approve_rule, propose_rule
from assignments.exemptions.giving import end_exemption
from assignments.exemptions.record import Exemption, ExemptionEnd, ExemptionReason
from assignments.requirement_changes import change_asking, get_requirement, withdraw_requirement
from assignments.requirements import Asking
from courses.acceptance.rules import Accepts, EarlierTrainingRule
from courses.catalogue.programmes import ProgrammeVersion, programmes_of
from courses.catalogue.versions import get_current_version
from courses.records.completion import Completion, CompletionSource, note_event
from courses.records.completion_events import CompletionEventKind
from kernel.database import table_of
from people.jobs.absences import Absence
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.merging.merging import merge_people
from people.organisations import Unit
from people.reorganisation.periods import UnitPeriod
from tests.builders.programmes import complete
from tests.builders.region import NOON, TODAY, a_person, a_unit, an_employment, change_job, job_of
from tests.reports.kept.conftest import BEFORE, DAY, OCTOBER, Halton
from tests.reports.taken_course import people_in

Act = Callable[[Session, Halton], object]


def past_learning(session: Session, halton: Halton) -> None:
    version = get_current_version(session, course_id=halton.asked)
    rows = [
        {
            "person_id": person.id,
            "course_id": halton.asked,
            "cycle": -1,
            "course_version_id": version.id,
            "organisation_id": halton.sefton.id,
            "unit_path": "",
            "grade": "",
            "completed_at": datetime(2026, 10, 30, 23, 30, tzinfo=UTC),
            "source": CompletionSource.IMPORTED,
        }
        for person in halton.idle[:9]
    ]
    session.execute(insert(table_of(Completion)), rows)


def withdraw(session: Session, halton: Halton) -> None:
    for person in halton.midway[:7]:
        found = session.scalars(select(Completion).where(Completion.person_id == person.id)).one()
        note_event(session, found, CompletionEventKind.WITHDRAWN, reason="None", account_id=None, now=NOON)


def exempt_more(session: Session, halton: Halton) -> None:
    said = {"organisation_id": halton.organisation.id, "course_id": halton.asked, "given_at": NOON, "evidence": ""}
    days = {"starts_on": OCTOBER, "ends_on": TODAY, "reason": ExemptionReason.OTHER}
    session.execute(insert(table_of(Exemption)), [{"person_id": one.id, **said, **days} for one in halton.idle[:8]])


def exempt_less(session: Session, halton: Halton) -> None:
    key = session.scalars(select(Exemption.id)).one()
    row = {"exemption_id": key, "from_on": OCTOBER, "reason": "", "ended_at": NOON}
    session.execute(insert(table_of(ExemptionEnd)), [row])


def transfer(session: Session, halton: Halton) -> None:
    for person in halton.everybody[:20]:
        change_job(session, job_of(session, person), OCTOBER - 3 * DAY, unit_id=halton.parks.id, grade="G9")


def leave(session: Session, halton: Halton) -> None:
    for person in halton.everybody[:20]:
        change_job(session, job_of(session, person), OCTOBER, held=False)


def take_long_leave(session: Session, halton: Halton) -> None:
    for person in halton.everybody[:20]:
        change_job(session, job_of(session, person), OCTOBER, away="long-leave")


def manage(session: Session, halton: Halton) -> None:
    """In another authority, somebody is said to have had a manager from here."""
    unit = a_unit(session, halton.sefton, "Elsewhere")
    job = job_of(session, halton.idle[0]).id
    an_employment(session, a_person(session, unit), unit, manager_id=job)


def merge(session: Session, halton: Halton) -> None:
    one, other = halton.idle[0], halton.done[0]
    merge_people(session, kept_person_id=one.id, merged_person_id=other.id, by=None, now=NOON)


def change_audience(session: Session, halton: Halton) -> None:
    version = propose_rule(
        session, audience_id=halton.audience_id, rule=OnGrade(("G6",)), account_id=None, now=BEFORE + DAY
    )
    approve_rule(session, version_id=version.id, account_id=None, now=BEFORE + DAY)


def change_plan(session: Session, halton: Halton) -> None:
    held = get_requirement(session, course_id=halton.asked, organisation_id=halton.organisation.id)
    change_asking(session, requirement_id=held.id, asking=Asking(), account_id=None, now=BEFORE + DAY)


def withdraw_plan(session: Session, halton: Halton) -> None:
    held = get_requirement(session, course_id=halton.asked, organisation_id=halton.organisation.id)
    withdraw_requirement(session, requirement_id=held.id, account_id=None, now=BEFORE + DAY)


def shorten_programme(session: Session, halton: Halton) -> None:
    (found,) = programmes_of(session, organisation_id=halton.organisation.id)
    session.execute(
        insert(table_of(ProgrammeVersion)),
        [{"programme_id": found.programme_id, "number": 2, "name": "Short", "made_at": BEFORE + DAY}],
    )


def accept_less(session: Session, halton: Halton) -> None:
    said = {"organisation_id": halton.organisation.id, "course_id": None, "accepts": Accepts.NONE, "months": None}
    session.execute(insert(table_of(EarlierTrainingRule)), [{**said, "holds_from": OCTOBER, "set_at": NOON}])


def reorganise(session: Session, halton: Halton) -> None:
    said = {"unit_id": halton.parks.id, "starts_on": OCTOBER, "name": "Parks", "path": "Parks"}
    session.execute(insert(table_of(UnitPeriod)), [{**said, "parent_id": halton.care.id}])


def stand_elsewhere(session: Session, halton: Halton) -> None:
    session.execute(update(table_of(Unit)).where(Unit.id == halton.parks.id).values(parent_id=halton.care.id))


def write_terms(session: Session, halton: Halton) -> None:
    session.execute(update(table_of(EmploymentTerms)).values(grade="G1"))


def forget_leave(session: Session, halton: Halton) -> None:
    session.execute(delete(table_of(Absence)))


def give_jobs_away(session: Session, halton: Halton) -> None:
    session.execute(
        update(table_of(Employment))
        .where(Employment.person_id == halton.done[0].id)
        .values(person_id=halton.idle[0].id)
    )


# What is marked about the course is marked about its programme too, even where that changes nothing.
BOTH, PROGRAMME = ("asked", "programme"), ("programme",)
OF_THE_PAST: dict[str, tuple[Act, tuple[str, ...]]] = {
    "past learning": (past_learning, BOTH),
    "a revoked certificate": (withdraw, BOTH),
    "an exemption from an earlier day": (exempt_more, BOTH),
    "the end of an exemption on an earlier day": (exempt_less, BOTH),
    "a back-dated transfer": (transfer, BOTH),
    "a back-dated leaver": (leave, BOTH),
    "back-dated leave": (take_long_leave, BOTH),
    "a manager named elsewhere": (manage, BOTH),
    "a merge": (merge, BOTH),
    "another audience": (change_audience, BOTH),
    "another plan": (change_plan, BOTH),
    "a plan withdrawn": (withdraw_plan, BOTH),
    "another version of the programme": (shorten_programme, PROGRAMME),
    "another rule for earlier training": (accept_less, BOTH),
    "a reorganisation dated back": (reorganise, BOTH),
    "a unit that stands elsewhere": (stand_elsewhere, BOTH),
    "terms that a hand wrote": (write_terms, BOTH),
    "leave that a hand deleted": (forget_leave, BOTH),
    "jobs that change hands": (give_jobs_away, BOTH),
}


def complete_today(session: Session, halton: Halton) -> None:
    complete(session, halton.idle[0], halton.asked, NOON, cycle=1)


def taken_on(session: Session, halton: Halton) -> None:
    people_in(session, halton.care, 12, starts_on=OCTOBER + DAY)


def transfer_today(session: Session, halton: Halton) -> None:
    for person in halton.everybody[:20]:
        change_job(session, job_of(session, person), TODAY, unit_id=halton.parks.id, grade="G9")


def leave_today(session: Session, halton: Halton) -> None:
    for person in halton.everybody[:20]:
        change_job(session, job_of(session, person), TODAY, held=False)


def another_unit(session: Session, halton: Halton) -> None:
    a_unit(session, halton.organisation, "New", parent=halton.care)
    halton.parks.name = halton.parks.path = "Green"
    session.flush()


def end_exemption_today(session: Session, halton: Halton) -> None:
    key = session.scalars(select(Exemption.id)).one()
    end_exemption(session, exemption_id=key, reason="Over", by=None, now=NOON)


def other_authority(session: Session, halton: Halton) -> None:
    people_in(session, a_unit(session, halton.sefton, "Elsewhere"), 9)


OF_TODAY: dict[str, Act] = {
    "somebody finishes today": complete_today,
    "people are taken on": taken_on,
    "people move today": transfer_today,
    "people leave today": leave_today,
    "a new unit, and another name": another_unit,
    "an exemption ends today": end_exemption_today,
    "another authority takes people on": other_authority,
}
