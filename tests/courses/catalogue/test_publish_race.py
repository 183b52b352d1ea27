"""Two people at once, on a real server: the row lock and the unique number decide; nothing is half done."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses.catalogue.uploads import CourseUpload, discard_upload, publish_upload, store_upload
from courses.catalogue.versions import CourseVersion, PublishOutcome
from courses.content.bundle.reading import read_bundle
from kernel.database import Base
from kernel.errors import NotFound, RuleBroken
from tests.builders.region import FIRST, NOON, a_course, a_person, an_account, bundle_files
from tests.conftest import NewDatabase
from tests.courses.catalogue.test_uploads import MemoryStore
from tests.databases import postgresql_only

pytestmark = [pytest.mark.services, pytest.mark.slow, postgresql_only]

ROUNDS = 5


@pytest.fixture
def engine(a_database: NewDatabase, tmp_path: Path) -> Iterator[Engine]:
    """A database of its own: what is published is never removed again."""
    with a_database(tmp_path) as url:
        own = create_engine(url)
        Base.metadata.create_all(own)
        yield own
        own.dispose()


def an_upload(session: Session, words: str) -> int:
    bundle = read_bundle(bundle_files(first=FIRST.replace("Welcome to", words)))
    return store_upload(
        session, bundle=bundle, file_name="course.zip", store=MemoryStore(), account_id=None, now=NOON
    ).upload_id


def at_once(engine: Engine, *acts: Callable[[Session], object]) -> list[object]:
    """What each act returned, or the refusal that it met, all begun at the same moment."""
    barrier, results = Barrier(len(acts)), [object()] * len(acts)

    def run(place: int) -> None:
        with Session(engine) as session:
            session.connection()
            barrier.wait(timeout=10)
            try:
                results[place] = acts[place](session)
                session.commit()
            except (IntegrityError, RuleBroken, NotFound) as refusal:
                session.rollback()
                results[place] = refusal

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return results


def count_versions(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(CourseVersion)) or 0


def publishing(upload_id: int, number: int | None = None) -> Callable[[Session], PublishOutcome]:
    return lambda session: publish_upload(
        session, upload_id=upload_id, account_id=None, now=NOON, expected_number=number
    )


def test_of_two_uploads_published_at_once_one_wins(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        a_course(session)
    for number in range(2, 2 + ROUNDS):
        with Session(engine) as session, session.begin():
            pair = [an_upload(session, f"{side} {number} welcomes") for side in ("Left", "Right")]
        results = at_once(engine, *(publishing(upload_id, number) for upload_id in pair))
        winners = [result for result in results if isinstance(result, PublishOutcome)]
        assert [winner.number for winner in winners] == [number], results
        assert count_versions(engine) == number
        with Session(engine) as session:
            states = session.scalars(select(CourseUpload.published_version_id).where(CourseUpload.id.in_(pair))).all()
        assert len([state for state in states if state is None]) == 1


def test_one_upload_published_twice_at_once_is_one_version(engine: Engine) -> None:
    for number in range(1, 1 + ROUNDS):
        with Session(engine) as session, session.begin():
            upload_id = an_upload(session, f"Round {number} welcomes")
        results = at_once(engine, publishing(upload_id), publishing(upload_id))
        outcomes = [result for result in results if isinstance(result, PublishOutcome)]
        assert sorted(outcome.is_new for outcome in outcomes) == [False, True], results
        assert count_versions(engine) == number


def test_publishing_and_discarding_at_once_cannot_both_happen(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        author = an_account(session, a_person(session)).id
    published = 0
    for number in range(ROUNDS):
        with Session(engine) as session, session.begin():
            upload_id = an_upload(session, f"Try {number} welcomes")

        def discard(session: Session, upload_id: int = upload_id) -> None:
            discard_upload(session, upload_id=upload_id, account_id=author, now=NOON)

        results = at_once(engine, publishing(upload_id), discard)
        assert sum(isinstance(result, RuleBroken | NotFound) for result in results) == 1, results
        published += isinstance(results[0], PublishOutcome)
    assert count_versions(engine) == published
