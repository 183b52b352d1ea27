"""Delete the files of people who were erased."""

from app.jobs.task_loop import work_off
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from kernel.tasks.background import BackgroundTask
from kernel.tasks.claims import Claim, finish, hold
from privacy.erasing.files import ERASED_FILES, erased_file_keys, forget_keys


def delete_erased_files() -> None:
    """Delete everything that is wanted to go. Deleting what is gone already changes nothing."""
    work_off(ERASED_FILES, _delete)


def _delete(claimed: Claim[BackgroundTask]) -> None:
    with unit_of_work() as work:
        person_id = int(hold(work.session, claimed).subject)
        keys = erased_file_keys(work.session, person_id=person_id)
    for key in keys:
        file_store().delete(key)
    with unit_of_work() as work:
        forget_keys(work.session, keys=keys)
        finish(work.session, claimed)
