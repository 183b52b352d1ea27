"""Short ways to plan, apply and undo a file of past learning."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.record.missing_certificates import certified_completions
from courses.amending.record import replaced_completions
from courses.history.plan import Outcome
from courses.history.planning import HistoryFile, plan_history
from courses.history.reading import HistoryReading, read_entries
from courses.history.runs import counts_of, start_applying, start_undoing
from courses.history.stored import HISTORY_RUNS, HistoryRow, HistoryRun
from courses.history.working_off import OfOthers, work_off_batch
from courses.records.completion import Completion, is_standing
from kernel.clock import local_day
from kernel.tasks.claims import claim
from people.feed.mapping.days import DateOrder
from people.feed.reading.opening import open_table
from people.organisations import Organisation
from tests.builders.region import NOON

HEADINGS = "Payroll number,Name,Date of birth,Course,Date completed,Evidence"
HOW = HistoryReading(DateOrder.DAY_FIRST, "Training records")


def a_file(*lines: str, headings: str = HEADINGS) -> BytesIO:
    return BytesIO("\r\n".join([headings, *lines, ""]).encode())


def planned(session: Session, organisation: Organisation, *lines: str, headings: str = HEADINGS) -> HistoryRun:
    """The plan of a file, as it is kept."""
    table = open_table(a_file(*lines, headings=headings))
    return plan_history(
        session,
        HistoryFile("records.csv", table.how.sentences),
        read_entries(table, HOW, on=local_day(NOON)),
        organisation_id=organisation.id,
        by=None,
        now=NOON,
    )


def work_off(session: Session, run_id: int, *, limit: int = 100, batches: int = 100, now: datetime = NOON) -> None:
    """What workers do of a run, in so many batches at the most."""
    for _ in range(batches):
        claimed = claim(session, HISTORY_RUNS, now=now, only=[run_id])
        if claimed is None:
            return
        others = OfOthers(certified_completions(), replaced_completions())
        work_off_batch(session, claimed, others=others, limit=limit, now=now)
        session.expire_all()


def applied(session: Session, organisation: Organisation, *lines: str) -> HistoryRun:
    """A file that was planned and applied."""
    run = planned(session, organisation, *lines)
    apply(session, run)
    return run


def apply(session: Session, run: HistoryRun, *, limit: int = 100) -> None:
    start_applying(session, run_id=run.id, account_id=None, now=NOON)
    work_off(session, run.id, limit=limit)


def undo(session: Session, run: HistoryRun, *, limit: int = 100) -> None:
    start_undoing(session, run_id=run.id, account_id=None, now=NOON)
    work_off(session, run.id, limit=limit)


def outcomes(session: Session, run: HistoryRun) -> Mapping[Outcome, int]:
    return counts_of(session, run_ids=[run.id])[run.id]


def rows_of(session: Session, run: HistoryRun) -> list[HistoryRow]:
    return list(session.scalars(select(HistoryRow).where(HistoryRow.run_id == run.id).order_by(HistoryRow.row_number)))


def standing(session: Session, person_ids: Iterable[int]) -> set[tuple[int, int, date]]:
    """What these people have completed, and what of it counts."""
    found = session.scalars(select(Completion).where(Completion.person_id.in_(list(person_ids)), is_standing()))
    return {(one.person_id, one.course_id, local_day(one.completed_at)) for one in found}
