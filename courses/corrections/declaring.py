"""Saying that a version corrects another: what it would do, the row that says so, and how far the moving is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from courses.catalogue.versions import CourseVersion, document_of, versions_of
from courses.content.model.course import CourseDocument
from courses.corrections.correspondence import changed_questions, obstacles
from courses.corrections.marking_anew import in_portions, raised_in_quizzes, raised_on_screens
from courses.records.attempts import Attempt
from courses.records.completion import Completion, is_standing
from courses.records.moves import AttemptMove, CourseCorrection
from kernel.audit import record
from kernel.errors import RuleBroken
from kernel.insert_once import insert_once
from kernel.tasks.background import background_kind, want

MOVE_ATTEMPTS = "move-attempts"
MOVES = background_kind(MOVE_ATTEMPTS, lease=timedelta(minutes=5))
MOST_VERSIONS = 5


@dataclass(frozen=True)
class CorrectionPreview:
    """What correcting a version would do: how many people move, how many marks rise, and what stands in the way."""

    version_number: int
    people: int
    marks: int
    obstacles: tuple[str, ...]


@dataclass(frozen=True)
class CorrectionProgress:
    """How far the moving to a version is: how many people were moved, how many marks rose, how many are left."""

    number: int
    corrects: int
    moved: int
    marks: int
    left: int


def is_midway(version_id: int) -> ColumnElement[bool]:
    """The condition that an attempt is on a version, its person’s newest, and they have not completed the course."""
    later = aliased(Attempt)
    is_over = exists().where(
        later.person_id == Attempt.person_id, later.course_id == Attempt.course_id, later.cycle > Attempt.cycle
    )
    done = exists().where(
        Completion.person_id == Attempt.person_id, Completion.course_id == Attempt.course_id, is_standing()
    )
    return (Attempt.course_version_id == version_id) & ~is_over & ~done


def preview_corrections(session: Session, *, course_id: int, document: CourseDocument) -> tuple[CorrectionPreview, ...]:
    """What ``document`` would do as a correction of the newest version, and of earlier ones with people midway."""
    found = [_preview(session, version, document) for version in versions_of(session, course_id=course_id)]
    return tuple(one for place, one in enumerate(found) if place == 0 or one.people)[:MOST_VERSIONS]


def _preview(session: Session, version: CourseVersion, document: CourseDocument) -> CorrectionPreview:
    before = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
    attempt_ids = session.scalars(select(Attempt.id).where(is_midway(version.id)).order_by(Attempt.id)).all()
    hindered = obstacles(before, document)
    changed = changed_questions(before, document)
    marks = 0
    for some in in_portions(attempt_ids) if changed and not hindered else ():
        marks += len(raised_on_screens(session, attempt_ids=some, document=document, changed=changed))
        marks += len(raised_in_quizzes(session, attempt_ids=some, document=document, changed=changed))
    return CorrectionPreview(version.number, len(attempt_ids), marks, hindered)


def declare_corrections(
    session: Session, *, version_id: int, corrects: Collection[int], account_id: int | None, now: datetime
) -> None:
    """Write down that a version corrects the versions with these numbers, and want their people moved. Audited.

    Saying it twice says it once. Raises ``RuleBroken`` with everything that stands in the way.
    """
    version = session.get_one(CourseVersion, version_id)
    document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
    earlier = {one.number: one for one in versions_of(session, course_id=version.course_id) if one.id != version_id}
    for number in sorted(corrects):
        if number not in earlier:
            raise RuleBroken(f"There is no version {number} to correct", field="corrects")
        before = document_of(session, version_id=earlier[number].id, fingerprint=earlier[number].fingerprint)
        if hindered := obstacles(before, document):
            raise RuleBroken(f"It cannot correct version {number}. {'. '.join(hindered)}", field="corrects")
        row = {
            "course_version_id": version_id,
            "corrects_version_id": earlier[number].id,
            "made_at": now,
            "made_by_account_id": account_id,
        }
        for correction_id in insert_once(
            session, CourseCorrection, [row], unique=("course_version_id", "corrects_version_id")
        ):
            want(session, MOVES, subject=str(correction_id), now=now)
            record(
                session,
                action="course-corrected",
                subject_type="course",
                subject_id=version.course_id,
                actor_account_id=account_id,
                now=now,
                detail={"version": version.number, "corrects": number},
            )


def corrections_of(session: Session, *, course_id: int) -> Sequence[CorrectionProgress]:
    """How far each correction of a course is, newest first."""
    numbers = {one.id: one.number for one in versions_of(session, course_id=course_id)}
    rows = session.scalars(
        select(CourseCorrection)
        .where(CourseCorrection.course_version_id.in_(numbers))
        .order_by(CourseCorrection.id.desc())
    )
    return [_progress(session, row, numbers) for row in rows]


def _progress(session: Session, row: CourseCorrection, numbers: dict[int, int]) -> CorrectionProgress:
    raised = session.scalars(select(AttemptMove.raised).where(AttemptMove.correction_id == row.id)).all()
    left = session.scalar(select(func.count()).select_from(Attempt).where(is_midway(row.corrects_version_id))) or 0
    return CorrectionProgress(
        number=numbers[row.course_version_id],
        corrects=numbers[row.corrects_version_id],
        moved=len(raised),
        marks=sum(len(one) for one in raised),
        left=left,
    )
