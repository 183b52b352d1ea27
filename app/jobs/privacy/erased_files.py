"""Delete the files of people who were erased."""

from app.jobs.task_loop import work_off
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from kernel.tasks.background import BackgroundTask
from kernel.tasks.claims import Claim, finish, hold
from people.feed.runs.forgetting import files_to_delete, note_deleted
from privacy.erasing.files import ERASED_FILES, HR_FILES, erased_file_keys, forget_keys


def delete_erased_files() -> None:
    """Delete everything that is wanted to go. Deleting what is gone already changes nothing."""
    work_off(ERASED_FILES, _delete)


def _delete(claimed: Claim[BackgroundTask]) -> None:
    with unit_of_work() as work:
        subject = hold(work.session, claimed).subject
    if subject == HR_FILES:
        _delete_hr_files(claimed)
    else:
        _delete_files_of(claimed, int(subject))


def _delete_files_of(claimed: Claim[BackgroundTask], person_id: int) -> None:
    with unit_of_work() as work:
        keys = erased_file_keys(work.session, person_id=person_id)
    for key in keys:
        file_store().delete(key)
    with unit_of_work() as work:
        forget_keys(work.session, keys=keys)
        finish(work.session, claimed)


def _delete_hr_files(claimed: Claim[BackgroundTask]) -> None:
    with unit_of_work() as work:
        files = files_to_delete(work.session)
    for key in files.values():
        file_store().delete(key)
    with unit_of_work() as work:
        note_deleted(work.session, run_ids=list(files))
        finish(work.session, claimed)
