"""Files of past learning: small ones are planned while somebody waits, large ones are kept, sealed, for a worker."""

from io import BytesIO
from uuid import uuid4

from flask import current_app

from app.platform.sealed.files import seal, unseal
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from courses.history.planning import HistoryFile, PlannedFile, begin_file, plan_rows
from courses.history.reading import HistoryReading, check_columns, read_entries
from courses.history.stored import HistoryRun
from kernel.clock import local_day, utc_now
from kernel.errors import FileMissing, StorageError
from people.feed.mapping.days import DateOrder
from people.feed.reading.opening import open_table
from people.feed.reading.tables import ReadingChoice, Table
from people.feed.reading.unreadable import UnreadableFile

# Some three thousand rows, which are planned in less than a second: what is wrong with them stands beside the field.
PLANNED_AT_ONCE_BYTES = 256 * 1024


def file_of(name: str, table: Table) -> HistoryFile:
    """A file as it was read."""
    return HistoryFile(name, table.how.sentences, table.headings, table.how.choice.delimiter or ",")


def keep_for_worker(
    data: bytes, table: Table, *, name: str, how: HistoryReading, sheet: str | None, organisation_id: int, by: int
) -> int:
    """Keep a large file, whose columns are checked now, for a worker to read to its end; returns its run.

    Raises ``UnreadableFile`` for columns that are not there.
    """
    check_columns(table.headings)
    key = f"past-learning/{organisation_id}/{uuid4().hex}.sealed"
    file_store().put(key, seal(data))
    try:
        with unit_of_work() as work:
            run = begin_file(work.session, file_of(name, table), organisation_id=organisation_id, by=by, now=utc_now())
            run.file_key = key
            run.reading = {"order": how.order.value, "source": how.source, "sheet": sheet}
            work.session.flush()
            return run.id
    except BaseException:
        delete_file(key)
        raise


def planned_from_store(run: HistoryRun) -> tuple[HistoryFile, PlannedFile]:
    """What a kept file would do. Writes nothing. Raises ``UnreadableFile``."""
    try:
        source = BytesIO(unseal(file_store().read(run.file_key or "")))
    except FileMissing as problem:
        raise UnreadableFile("The file is not kept any more. Send it again.") from problem
    now, how = utc_now(), HistoryReading(DateOrder(run.reading["order"]), run.reading["source"])
    table = open_table(source, choice=ReadingChoice(sheet=run.reading["sheet"]))
    with unit_of_work() as work:
        rows = read_entries(table, how, on=local_day(now))
        return file_of(run.file_name, table), plan_rows(
            work.session, rows, organisation_id=run.organisation_id, now=now
        )


def delete_file(key: str) -> None:
    """Delete a kept file; should the store not let go of it, that stands in the log."""
    try:
        file_store().delete(key)
    except StorageError as problem:
        current_app.logger.warning("A file of past learning is still there: %s", problem)
