"""What stands in the addresses of files of past learning, and of sources of HR files."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.history.stored import HistoryRow, HistoryRun, Stage
from people.feed.sources.record import FeedSource

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
