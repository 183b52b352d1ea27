"""Count how the questions of a version work, where somebody asked for it or a day has passed."""

from app.jobs.task_loop import work_off
from app.platform.current_settings import current_settings
from app.platform.work import long_reading, unit_of_work
from courses.catalogue.versions import CourseVersion, document_of
from kernel.clock import utc_now
from kernel.tasks.background import BackgroundTask
from kernel.tasks.claims import Claim, finish, hold
from reports.items.figures import VersionFigures
from reports.items.snapshots import ITEM_COUNTS, store_figures
from reports.items.tallies import count_items


def count_waiting() -> None:
    """Count every version whose count is wanted. Raises ``TasksFailed`` at the end."""
    work_off(ITEM_COUNTS, _keep)


def _keep(claimed: Claim[BackgroundTask]) -> None:
    with unit_of_work() as work:
        version_id = int(hold(work.session, claimed).subject)
    figures = _count(version_id)
    with unit_of_work() as work:
        if figures is not None:
            store_figures(work.session, version_id=version_id, figures=figures)
        finish(work.session, claimed)


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
            smallest_shown=current_settings().smallest_group,
        )
