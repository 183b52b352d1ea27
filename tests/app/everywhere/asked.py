"""What is asked on the small site: an audience with a change that waits to be approved."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.platform.texts.stopping import stop_url
from assignments.audiences.rules import OnGrade
from assignments.audiences.saved import SavedAudience, add_audience, propose_rule
from assignments.exemptions.giving import NewExemption, give_exemption
from assignments.exemptions.record import Exemption, ExemptionReason
from assignments.for_many.record import ActForMany, ActKind, PersonOfAct, PersonOutcome
from assignments.programmes.making import Draft, make_programme
from assignments.requests.asking import NewRequest, ask
from assignments.requests.record import LearnerRequest, RequestKind
from assignments.requirements import require_course
from assignments.rota.record import PlannedHour
from certificates.record.numbers import new_number
from courses.catalogue.programmes import Programme
from courses.catalogue.versions import get_course
from kernel.clock import local_day, utc_now
from kernel.files import FileStore
from kernel.tasks.kinds import TaskState
from messages.by_text.record import TextMessage
from people.accounts import Account
from people.jobs.employment import Employment
from people.persons import Person
from people.roles import Role, RoleGrant
from privacy.leaving.record import AuthorityExport
from reports.answers.published import publish
from reports.earlier_days import month_end_before
from reports.enquiries.record import AskerKind, EnquiryAct, EnquiryState, NewAct, NewEnquiry, add_event, note_enquiry
from reports.evidence.actions import add_action
from reports.evidence.packs import PREFIX
from reports.figures.definition import By, FigureDefinition
from reports.paper.record import Paper, PaperKind
from reports.schedules.periods import Rhythm
from reports.schedules.record import ReportRecipient, ReportSchedule
from tests.builders.region import NOON

# Where files are stored that the site has to hold.
PACK, REPORT = "papers/everywhere.pdf", "papers/everywhere.xlsx"
ADDRESSES = {
    "requirements.requirement_preview": "?course=test-course&since=asked&count=30",
    "requirements.requirement_ended": "?course=test-course",
}


def ask_for(session: Session, course_id: int, organisation_id: int) -> None:
    """Ask everybody there to take the course."""
    require_course(session, course_id=course_id, organisation_ids=[organisation_id], account_id=None, now=NOON)


def have_exceptions(session: Session, organisation_id: int) -> None:
    """Let not everything be asked of everybody in the same way."""
    save_audience(session, organisation_id)
    exempt_somebody(session, organisation_id)
    course = get_course(session, slug="test-course")
    draft = Draft("First weeks", ((course.id,),))
    made = make_programme(session, draft, organisation_id=organisation_id, account_id=None, now=NOON)
    ask_for(session, made.course_id, organisation_id)
    plan_an_hour(session, organisation_id, course.id)
    give_time_to_one(session, organisation_id, course.id)


def give_time_to_one(session: Session, organisation_id: int, course_id: int) -> None:
    """One decision for many people, of whom one is done."""
    person_id, account_id = session.execute(select(Account.person_id, Account.id).order_by(Account.id)).first() or (
        0,
        0,
    )
    act = ActForMany(
        kind=ActKind.MORE_TIME,
        organisation_id=organisation_id,
        course_id=course_id,
        whom="Everybody",
        ends_on=local_day(utc_now()) + timedelta(days=30),
        wanted=1,
        started_by_account_id=account_id,
        started_at=NOON,
        state=TaskState.DONE,
    )
    session.add(act)
    session.flush()
    session.add(PersonOfAct(act_id=act.id, person_id=person_id, outcome=PersonOutcome.DONE))


def plan_an_hour(session: Session, organisation_id: int, course_id: int) -> None:
    """Time for the course for whoever came first, in a week."""
    now = utc_now()
    hour = PlannedHour(
        person_id=session.scalars(select(Employment.person_id).order_by(Employment.id)).first(),
        organisation_id=organisation_id,
        course_id=course_id,
        starts_at=now + timedelta(days=7),
        minutes=45,
        place="Training room 2",
        uid="everywhere@common-ground",
        sequence=0,
        planned_at=now,
        changed_at=now,
    )
    session.add(hour)
    session.flush()


def save_audience(session: Session, organisation_id: int) -> None:
    """Save it, and propose another rule."""
    key = add_audience(
        session, organisation_id=organisation_id, name="Grade 5", rule=OnGrade(("G5",)), account_id=None, now=NOON
    )
    propose_rule(session, audience_id=key, rule=OnGrade(("G7",)), account_id=None, now=NOON)


def exempt_somebody(session: Session, organisation_id: int) -> None:
    """Exempt whoever came first from the course; and the manager says that it is not for them."""
    today, course = local_day(utc_now()), get_course(session, slug="test-course")
    person_id = session.scalars(select(Employment.person_id).order_by(Employment.id)).first()
    days = (today, today + timedelta(days=30))
    new = NewExemption(person_id or 0, organisation_id, course.id, ExemptionReason.OTHER, "Agreed in May", *days)
    give_exemption(session, new, by=None, now=utc_now())
    manager_id = session.scalars(select(Person.id).where(Person.chosen_name == "A manager")).one()
    wrong = NewRequest(RequestKind.NOT_FOR_ME, "I am a volunteer")
    ask(session, wrong, person_id=manager_id, course_id=course.id, by=None, now=utc_now())


def _published(session: Session) -> str:
    """The number of a figure of a day to come, published when that will be over: the record begins today."""
    day = month_end_before(local_day(utc_now()) + timedelta(days=60))
    definition = FigureDefinition("halton", "test-course", day)
    later = utc_now() + timedelta(days=90)
    return publish(session, definition, is_public=False, account_id=None, now=later).number


def _text(session: Session) -> int:
    """The number of a text that somebody got."""
    person_id = session.scalars(select(Employment.person_id).order_by(Employment.id)).first()
    day = local_day(utc_now())
    text = TextMessage(
        person_id=person_id, sent_on=day, number="+447700900000", reference="a text", written_at=utc_now(), parts=1
    )
    session.add(text)
    session.flush()
    return text.id


def _export(session: Session) -> int:
    """The number of an export of everything, which has no file."""
    organisation_id = session.scalars(select(Employment.organisation_id)).first()
    export = AuthorityExport(organisation_id=organisation_id, asked_at=utc_now(), storage_key="exports/none.zip.age")
    export.state = TaskState.CANCELLED
    session.add(export)
    session.flush()
    return export.id


def _leaves_the_building(session: Session, store: FileStore) -> dict[str, Any]:
    """An evidence pack and a report that are made, its schedule, and an action."""
    now, day = utc_now(), local_day(utc_now())
    organisation_id = session.scalars(select(Employment.organisation_id).order_by(Employment.id)).first() or 0
    lead = session.scalars(select(RoleGrant.account_id).where(RoleGrant.role == Role.HR_LEAD)).first() or 0
    schedule = ReportSchedule(
        organisation_id=organisation_id,
        course_id=get_course(session, slug="test-course").id,
        by=By.UNIT,
        part="",
        kind=PaperKind.FIGURES,
        rhythm=Rhythm.WEEKLY,
        day=1,
        made_at=now,
        made_by_account_id=lead,
    )
    session.add(schedule)
    session.flush()
    session.add(ReportRecipient(schedule_id=schedule.id, account_id=lead))
    about = {"organisation_id": organisation_id, "on": day, "asked": "{}", "asked_at": now, "asked_by_account_id": lead}
    made = {"state": TaskState.DONE, "ready_at": now, "size_bytes": 5}
    number = new_number(PREFIX)
    pack = Paper(
        **about, **made, once="a", kind=PaperKind.EVIDENCE_PACK, number=number, storage_key=PACK, sha256="a" * 64
    )
    report = Paper(
        **about, **made, once="b", kind=PaperKind.FIGURES, subject_id=schedule.id, storage_key=REPORT, sha256="b" * 64
    )
    session.add_all((pack, report))
    for key in (PACK, REPORT):
        store.put(key, b"%PDF-")
    session.flush()
    action_id = add_action(
        session, organisation_id=organisation_id, words="A", decided_on=day, due_on=day, account_id=None, now=now
    )
    return {
        "paper_id": pack.id,
        "council.report_file paper_id": report.id,
        "schedule_id": schedule.id,
        "action_id": action_id,
        "evidence_number": pack.number,
    }


def _question(session: Session) -> int:
    """The number of a question with an answer that may be sent."""
    organisation_id = session.scalars(select(Employment.organisation_id)).first() or 0
    by = session.scalars(select(Account.id)).first()
    new = NewEnquiry(organisation_id, AskerKind.FOI, "FOI 1", "How many?", local_day(utc_now()))
    enquiry = note_enquiry(session, new, account_id=by or 0, now=utc_now())
    edited = NewAct(EnquiryAct.EDITED, words="About 90")
    add_event(session, EnquiryState(enquiry), edited, account_id=by or 0, now=utc_now())
    return enquiry.id


def of_what_is_asked(session: Session, store: FileStore) -> dict[str, Any]:
    """What stands in the addresses of its pages."""
    newest = session.scalar(select(func.max(SavedAudience.id)))
    exemption = session.scalar(select(func.max(Exemption.id)))
    return {
        "requirements slug": "halton",
        "text_name": "nudge",
        "requirements.wording_restored version_number": 0,
        "managing slug": "halton",
        "api slug": "halton",
        "people slug": "halton",
        "audience_id": newest,
        "programme_id": session.scalar(select(func.max(Programme.id))),
        "decision": "approve",
        "figure_number": _published(session),
        "export_id": _export(session),
        "enquiry_id": _question(session),
        "exemption_id": exemption,
        "public.stop_texts token": stop_url(_text(session)).rpartition("/")[2],
        **_leaves_the_building(session, store),
        "hour_id": session.scalar(select(func.max(PlannedHour.id))),
        "request_id": session.scalar(select(func.max(LearnerRequest.id))),
    }
