"""One definition of what counts as complete: whoever reads completions asks ``is_standing``, or has a reason not to."""

from tests.architecture.source import PRODUCT, files, imports, relative

COMPLETIONS = "courses/records/completion.py"
# These read the completion of a certificate or a correction in hand, or let an audience, which asks, choose for them.
# Why a published figure differs is asked of corrections, and ways and lists by the condition of figures.
# What an authority leaves with holds withdrawn ones too, with their corrections beside them.
# What a file brings goes by withdrawn ones too: it does not bring back what somebody took away.
NEED_NOT_ASK = {
    "app/learn/courses/again.py",
    "app/learn/courses/course.py",
    "app/learn/courses/earlier.py",
    "app/learn/courses/home.py",
    "app/people/asked.py",
    "app/people/completions.py",
    "certificates/badges/making.py",
    "certificates/batches/bulk_issuing.py",
    "certificates/batches/bulk_preview.py",
    "certificates/batches/bulk_reissuing.py",
    "certificates/changes/reissuing.py",
    "certificates/file_care/consistency.py",
    "certificates/making/queue_status.py",
    "certificates/record/issuing.py",
    "certificates/record/runs.py",
    "certificates/zips/contents.py",
    "courses/amending/record.py",
    "courses/history/known_here.py",
    "courses/taking/withdrawing.py",
    "demo/storing.py",
    "privacy/leaving/tables.py",
    "privacy/leaving/whole.py",
    "reports/answers/replaying.py",
    "reports/figures/routes.py",
    "reports/freshness/counting.py",
    "reports/listing/people_states.py",
    "reports/target/finished_lately.py",
}


def test_whoever_reads_completions_asks_whether_they_stand() -> None:
    read = {
        relative(path): {found.name.rpartition(".")[2] for found in imports(path)}
        for path in files(*PRODUCT)
        if relative(path) != COMPLETIONS
    }
    readers = {file for file, names in read.items() if "Completion" in names}
    # What counts at an authority asks whether it stands, too.
    assert {file for file in readers if not read[file] & {"is_standing", "counts_at"}} == NEED_NOT_ASK
