"""Schedules of reports: made, listed and stopped; and the report of each period as a row, before it is made."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.audit import record
from kernel.clock import local_day
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import NotFound, RuleBroken
from kernel.insert_once import insert_once
from people.visibility import who_may_see
from reports.figures.definition import By, Cut
from reports.paper.record import Paper, PaperKind, canonical, new_key
from reports.schedules.periods import Rhythm, last_due

MOST = 50
TOO_MANY = f"There are {MOST} schedules already. Stop one that nobody needs"
ENDINGS = {PaperKind.BOARD_REPORT: "pdf", PaperKind.FIGURES: "xlsx"}


class StopReason(StrEnum):
    """Why a schedule was stopped."""

    BY_SOMEBODY = "by-somebody"
    RIGHT_LOST = "right-lost"


class ReportSchedule(Base):
    """One report, for as long as whoever made the schedule may see its figures and nobody stops it."""

    __tablename__ = "report_schedule"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    by: Mapped[By] = mapped_column("told_by", enum_by_value(By))
    part: Mapped[str] = mapped_column(String(200))
    kind: Mapped[PaperKind] = mapped_column(enum_by_value(PaperKind))
    rhythm: Mapped[Rhythm] = mapped_column(enum_by_value(Rhythm))
    day: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stop_reason: Mapped[StopReason | None] = mapped_column(enum_by_value(StopReason))

    __table_args__ = (
        CheckConstraint("day BETWEEN 1 AND 28", name="day_is_in_every_month"),
        Index(None, "organisation_id", "stopped_at"),
    )

    @property
    def cut(self) -> Cut:
        """Of whom it is, and by what."""
        return Cut(self.by, self.part)


class ReportRecipient(Base):
    """Somebody who is told of the reports of a schedule."""

    __tablename__ = "report_recipient"

    schedule_id: Mapped[int] = mapped_column(ForeignKey("report_schedule.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)


@dataclass(frozen=True)
class NewSchedule:
    """What somebody asks for."""

    organisation_id: int
    course_id: int
    cut: Cut
    kind: PaperKind
    rhythm: Rhythm
    day: int


def add_schedule(
    session: Session, new: NewSchedule, *, recipients: Collection[int], account_id: int, now: datetime
) -> int:
    """Keep a schedule; its first report comes on its next day. Raises ``RuleBroken`` where there are too many, and
    where somebody is to be told who may not see these figures."""
    may_see = who_may_see(session, organisation_id=new.organisation_id, on=local_day(now))
    if not recipients or not set(recipients) <= set(may_see):
        raise RuleBroken("Select people who lead HR here, or yourself", field="recipients")
    if count_running(session, organisation_id=new.organisation_id) >= MOST:
        raise RuleBroken(TOO_MANY)
    row = ReportSchedule(
        organisation_id=new.organisation_id,
        course_id=new.course_id,
        by=new.cut.by,
        part=new.cut.part,
        kind=new.kind,
        rhythm=new.rhythm,
        day=new.day,
        made_at=now,
        made_by_account_id=account_id,
    )
    session.add(row)
    session.flush()
    session.add_all(ReportRecipient(schedule_id=row.id, account_id=one) for one in sorted(set(recipients)))
    session.flush()
    _note(session, row, "report-scheduled", account_id, now)
    return row.id


def count_running(session: Session, *, organisation_id: int) -> int:
    """How many schedules of an authority run."""
    wanted = select(func.count()).where(
        ReportSchedule.organisation_id == organisation_id, ReportSchedule.stopped_at.is_(None)
    )
    return session.scalar(wanted) or 0


def schedules_of(session: Session, *, organisation_id: int, limit: int) -> Sequence[ReportSchedule]:
    """Those that run, then those that were stopped last."""
    return session.scalars(
        select(ReportSchedule)
        .where(ReportSchedule.organisation_id == organisation_id)
        .order_by(ReportSchedule.stopped_at.is_not(None), ReportSchedule.id.desc())
        .limit(limit)
    ).all()


def recipients_of(session: Session, *, schedule_ids: Collection[int]) -> dict[int, list[int]]:
    """The accounts that are told, by schedule."""
    rows = session.execute(
        select(ReportRecipient.schedule_id, ReportRecipient.account_id)
        .where(ReportRecipient.schedule_id.in_(schedule_ids))
        .order_by(ReportRecipient.schedule_id, ReportRecipient.account_id)
    )
    found: dict[int, list[int]] = {one: [] for one in schedule_ids}
    for schedule_id, account_id in rows:
        found[schedule_id].append(account_id)
    return found


def stop_schedule(
    session: Session, *, schedule_id: int, organisation_id: int, account_id: int | None, now: datetime,
    reason: StopReason = StopReason.BY_SOMEBODY,
) -> None:  # fmt: skip
    """Make no more of its reports; those that were made stay for their time. Raises ``NotFound``, and ``RuleBroken``
    where it was stopped already."""
    row = session.get(ReportSchedule, schedule_id, with_for_update=True, populate_existing=True)
    if row is None or row.organisation_id != organisation_id:
        raise NotFound(f"report schedule {schedule_id}")
    if row.stopped_at is not None:
        raise RuleBroken("This schedule was stopped already")
    row.stopped_at, row.stop_reason = now, reason
    session.flush()
    _note(session, row, "report-schedule-stopped", account_id, now)


def want_reports(session: Session, *, now: datetime) -> int:
    """Note the report of each schedule whose day has come, once for each period; returns how many are new.

    Of days that went by while nobody worked, the last alone is made. A schedule whose maker may not see the figures any
    more is stopped.
    """
    today, new = local_day(now), 0
    running = session.scalars(
        select(ReportSchedule).where(ReportSchedule.stopped_at.is_(None)).order_by(ReportSchedule.id)
    ).all()
    may_see: dict[int, dict[int, int]] = {}
    for one in running:
        due = last_due(one.rhythm, one.day, today)
        if due <= local_day(one.made_at):
            continue
        place = one.organisation_id
        may_see.setdefault(place, {})
        may_see[place] = may_see[place] or who_may_see(session, organisation_id=place, on=today)
        if one.made_by_account_id not in may_see[place]:
            _stop_without_right(session, one, now)
        else:
            new += _want(session, one, due, now)
    return new


def _stop_without_right(session: Session, one: ReportSchedule, now: datetime) -> None:
    stop_schedule(
        session,
        schedule_id=one.id,
        organisation_id=one.organisation_id,
        account_id=None,
        now=now,
        reason=StopReason.RIGHT_LOST,
    )


def _want(session: Session, one: ReportSchedule, due: date, now: datetime) -> int:
    row = {
        "once": f"schedule/{one.id}/{due.isoformat()}",
        "kind": one.kind,
        "organisation_id": one.organisation_id,
        "subject_id": one.id,
        "of_day": due,
        "asked": canonical({"schedule": one.id, "due": due.isoformat()}),
        "asked_by_account_id": one.made_by_account_id,
        "asked_at": now,
        "storage_key": new_key(ENDINGS[one.kind]),
    }
    return len(insert_once(session, Paper, [row], unique=("once",)))


def _note(session: Session, row: ReportSchedule, action: str, account_id: int | None, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="organisation",
        subject_id=row.organisation_id,
        actor_account_id=account_id,
        now=now,
        detail={"course": row.course_id, "schedule": row.id}
        | ({"stopped": row.stop_reason.value} if row.stop_reason else {}),
    )
