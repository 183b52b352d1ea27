"""Many people who completed a course, made quickly."""

from collections.abc import Sequence
from itertools import count

from sqlalchemy import insert
from sqlalchemy.orm import Session

from certificates.issuing import issue_for_completion
from certificates.rendering import Made, mark_ready, storage_key
from courses.catalogue import PublishOutcome
from courses.completion import Completion, CompletionSource
from kernel.files import FileStore
from people.organisations import Unit
from people.persons import Person
from tests.builders import NOON

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
    mark_ready(session, made=made, now=NOON)
    return [one.certificate_id for one in made]
