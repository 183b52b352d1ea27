"""Telling people that a report of a schedule is ready: a link behind the sign-in, and never the file itself."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.versions import titles_of
from kernel.clock import local_day
from kernel.errors import NotFound
from kernel.tasks.kinds import TaskState
from messages.ledger import ComposedMessage, DropReason, Message, MessageContent, note_messages
from people.accounts import Account
from people.organisations import Organisation
from people.reorganisation.sentences import day_in_words
from people.visibility import who_may_see
from reports.paper.record import Paper, PaperKind, get_paper
from reports.schedules.periods import rhythm_in_words
from reports.schedules.record import ReportRecipient, ReportSchedule

REPORT_READY = "report-ready"
CALLED = {PaperKind.BOARD_REPORT: "Report for a board", PaperKind.FIGURES: "Figures in Excel"}


def note_report(session: Session, *, paper_id: int, now: datetime) -> int:
    """Note a message for everybody who is to be told of a report that was made; returns for how many it is new."""
    paper = session.get_one(Paper, paper_id)
    people = session.scalars(
        select(Account.person_id)
        .join(ReportRecipient, ReportRecipient.account_id == Account.id)
        .where(ReportRecipient.schedule_id == paper.subject_id)
        .order_by(Account.person_id)
    ).all()
    return sum(
        note_messages(session, kind=REPORT_READY, people={paper_id: person_id}, now=now, due_at=now)
        for person_id in dict.fromkeys(people)
    )


def may_open(session: Session, paper: Paper, *, account_id: int, now: datetime) -> bool:
    """Whether an account is told of a report, or has it made, and may see its figures today."""
    schedule = session.get(ReportSchedule, paper.subject_id or 0)
    if schedule is None or account_id not in who_may_see(
        session, organisation_id=paper.organisation_id, on=local_day(now)
    ):
        return False
    is_told = session.get(ReportRecipient, (schedule.id, account_id)) is not None
    return is_told or schedule.made_by_account_id == account_id


def get_report(session: Session, *, paper_id: int, organisation_id: int, account_id: int, now: datetime) -> Paper:
    """A report that was made and is there, for somebody who may open it. Raises ``NotFound``."""
    paper = get_paper(session, paper_id=paper_id, organisation_id=organisation_id)
    if not paper.is_ready or not may_open(session, paper, account_id=account_id, now=now):
        raise NotFound(f"report {paper_id}")
    return paper


def compose_report(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:
    """The words for one report; nothing for somebody who may not see its figures any more, or where it has gone."""
    (message,) = messages
    paper = session.get(Paper, message.subject_id)
    account_id = session.scalar(select(Account.id).where(Account.person_id == message.person_id, Account.is_active))
    if (
        paper is None
        or paper.state is not TaskState.DONE
        or account_id is None
        or not may_open(session, paper, account_id=account_id, now=now)
    ):
        return ComposedMessage(None, {message.id: DropReason.NOT_TRUE_ANY_MORE})
    schedule = session.get_one(ReportSchedule, paper.subject_id or 0)
    organisation = session.get_one(Organisation, paper.organisation_id)
    title = titles_of(session, course_ids=[schedule.course_id]).get(schedule.course_id, "")
    when = rhythm_in_words(schedule.rhythm, schedule.day)
    return ComposedMessage(
        MessageContent(
            subject=f"{CALLED[paper.kind]}: {organisation.name}",
            paragraphs=(
                f"{title}, as at {day_in_words(local_day(paper.ready_at or now))}.",
                "It is there for three months. Small groups are hidden in it, so you may pass it on.",
            ),
            link_words="Sign in and download it",
            link_path=f"/council/{organisation.slug}/reports/files/{paper.id}",
            why=f"You get this because somebody who leads HR has it made {when}.",
            can_choose=False,
        )
    )
