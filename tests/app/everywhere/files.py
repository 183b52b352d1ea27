"""What stands in the addresses of files: of past learning, of sources of HR files, and of sheets in one zip."""

from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.platform.work import unit_of_work
from courses.history.stored import HistoryRow, HistoryRun, Stage
from kernel.clock import utc_now
from people.feed.mapping.mappings import Column, Mapping
from people.feed.mapping.stored import keep_mapping
from people.feed.mapping.uses import ColumnUse
from people.feed.sources.record import FeedSource
from people.ways_in.rounds import WayInBatch, WayInRound
from people.ways_in.zips import ask_for_zip
from tests.builders.region import NOON

OF_PAST_LEARNING = (
    "history_run",
    "history_run_status",
    "history_run_change",
    "history_rows",
    "history_courses",
    "history_rows_file",
)


def of_files(session: Session) -> dict[str, Any]:
    """The newest of each, and past learning that belongs to nobody."""
    applied = session.scalar(select(func.min(HistoryRun.id)).where(HistoryRun.stage == Stage.APPLIED))
    planned = session.scalar(select(func.max(HistoryRun.id)))
    return {
        **{f"council.{view} run_id": planned for view in OF_PAST_LEARNING},
        "council.history_run_change act": "apply",
        "course_slug": "test-course",
        "council.feed_source_new kind": "sftp",
        "council.feed_source_act act": "off",
        "source_id": session.scalar(select(func.max(FeedSource.id))),
        "outcome": "unmatched",
        "row_id": session.scalar(select(func.max(HistoryRow.id)).where(HistoryRow.run_id == applied)),
    }


def keep_a_mapping(session: Session, organisation_id: int) -> None:
    """One that a source of HR files can use."""
    uses = (ColumnUse.PAYROLL_NUMBER, ColumnUse.FULL_NAME, ColumnUse.UNIT)
    mapping = Mapping(tuple(Column(use.words, use) for use in uses))
    keep_mapping(session, organisation_id=organisation_id, name="Staff", mapping=mapping, by=None, now=NOON)
    session.commit()


def ask_for_a_zip_of_sheets(app: Flask) -> None:
    """The HR lead asks for the sheets of a round in one file."""
    with app.app_context(), unit_of_work() as work:
        rounds = select(WayInRound).join(WayInBatch, WayInBatch.round_id == WayInRound.id)
        asked = rounds.where(WayInBatch.sha256.is_not(None), WayInRound.asked_by_account_id.is_not(None))
        of = work.session.scalars(asked.order_by(WayInRound.id.desc())).first()
        assert of is not None
        about = {"organisation_id": of.organisation_id, "unit_ids": None, "by": of.asked_by_account_id}
        ask_for_zip(work.session, round_id=of.id, now=utc_now(), **about)
