"""Many people who completed a course, made quickly."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count

from sqlalchemy import insert
from sqlalchemy.orm import Session

from certificates.batches.working_off import work_off_batch
from certificates.making.rendering import CERTIFICATE_FILES, Made, mark_ready, storage_key
from certificates.record.issuing import issue_for_completion
from certificates.record.runs import RUNS, Batch
from courses.catalogue.versions import PublishOutcome
from courses.records.completion import Completion, CompletionSource
from kernel.files import FileStore
from kernel.tasks.claims import claim
from people.jobs.changes import ChangeOrigin
from people.jobs.values import Terms
from people.jobs.writing import NewJob, Source, add_jobs
from people.organisations import Unit
from people.persons import Person
from tests.builders.region import NOON
from tests.builders.tasks import in_hand

NAMES = ("Siân Jones", "Nguyễn Thị Minh", "محمد علي", "王芳", "Ọláyínká Adé")
_people = count(100_000)


def completed(
    session: Session,
    course: PublishOutcome,
    unit: Unit,
    number: int,
    *,
    source: CompletionSource = CompletionSource.PLATFORM,
    names: Sequence[str] = NAMES,
) -> list[int]:
    """So many people of a unit completed the course; returns the ids of their completions, in order."""
    ids = [next(_people) for _ in range(number)]
    session.execute(
        insert(Person),
        [{"id": one, "chosen_name": names[place % len(names)], "created_at": NOON} for place, one in enumerate(ids)],
    )
    terms, begins = Terms(unit.id, "Officer", "G5"), date(2020, 4, 1)
    jobs = [NewJob(one, unit.organisation_id, f"B{one}", begins, terms) for one in ids]
    add_jobs(session, jobs, source=Source(ChangeOrigin.HAND), now=NOON)
    rows = [
        {
            "id": one,
            "person_id": one,
            "course_id": course.course_id,
            "cycle": 1,
            "course_version_id": course.version_id,
            "organisation_id": unit.organisation_id,
            "unit_path": unit.path,
            "grade": "G5",
            "completed_at": NOON,
            "source": source,
        }
        for one in ids
    ]
    session.execute(insert(Completion), rows)
    return ids


def with_files(session: Session, store: FileStore, course: PublishOutcome, unit: Unit, number: int) -> list[int]:
    """So many more people, each with a certificate whose file is stored; returns the ids of the certificates."""
    made = []
    for completion_id in completed(session, course, unit, number):
        outcome = issue_for_completion(session, completion_id=completion_id, now=NOON)
        assert outcome is not None
        file = store.put(storage_key(outcome.number), f"%PDF {outcome.number}".encode())
        made.append(Made(outcome.certificate_id, file))
    ids = [one.certificate_id for one in made]
    mark_ready(session, in_hand(session, CERTIFICATE_FILES, *ids), made=made, now=NOON)
    return ids


def one_batch(session: Session, run_id: int, *, limit: int, now: datetime = NOON) -> Batch | None:
    """What a worker does of a run; nothing when it is not due."""
    claimed = claim(session, RUNS, now=now, only=[run_id])
    return work_off_batch(session, claimed, limit=limit, now=now) if claimed else None
