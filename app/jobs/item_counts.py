"""Count how the questions of a version work, where somebody asked for it or a day has passed."""

from flask import current_app

from app.extensions import db
from app.work import long_reading, unit_of_work
from courses.catalogue import CourseVersion, document_of
from kernel import outbox
from kernel.clock import utc_now
from reports.items.figures import VersionFigures
from reports.items.snapshots import COUNT_ITEMS, store_figures
from reports.items.tallies import count_items


class CountsFailed(Exception):
    """Some versions could not be counted; the log says why, and housekeeping rings again."""


def count_waiting() -> None:
    """Count every version that is owed a count. Raises ``CountsFailed`` at the end."""
    subjects = outbox.open_subjects(db.session(), job=COUNT_ITEMS)
    failures = [subject for subject in subjects if not _keep(subject)]
    if failures:
        raise CountsFailed(", ".join(failures))


def _keep(subject: str) -> bool:
    try:
        figures = _count(int(subject))
        with unit_of_work() as work:
            if figures is not None:
                store_figures(work.session, version_id=int(subject), figures=figures)
            outbox.keep(work.session, job=COUNT_ITEMS, subjects=[subject], now=utc_now())
    except Exception as problem:
        # Whatever it is: one version that cannot be counted must not keep the others from authors.
        current_app.logger.error("The questions of version %s could not be counted", subject, exc_info=problem)
        return False
    return True


def _count(version_id: int) -> VersionFigures | None:
    """Read outside a unit of work: on SQLite nobody could answer anything while one is open."""
    with long_reading() as session:
        version = session.get(CourseVersion, version_id)
        if version is None:
            return None
        document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
        return count_items(
            session,
            version_id=version.id,
            document=document,
            now=utc_now(),
            smallest_shown=current_app.config["SETTINGS"].smallest_group,
        )
