"""Making a programme, and changing it: each save is a version. Nothing here asks anybody for anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assignments.programmes.findings import Fault, Route, faults_in_steps
from courses.catalogue.programmes import (
    LONGEST_NAME,
    Programme,
    ProgrammeRoute,
    ProgrammeVersion,
    Step,
    get_programme,
    names_of_programmes,
    programmes_of,
)
from courses.catalogue.versions import Course, current_versions
from kernel.audit import record
from kernel.errors import RuleBroken
from kernel.typed import composed, folded

CHANGED_MEANWHILE = (
    "Somebody else has changed this programme since you opened the page. Yours is still below, unsaved. "
    "Look at theirs, then save again"
)


@dataclass(frozen=True)
class Draft:
    """A programme as somebody wants it. A step names courses by id; 0 stands for one that is not chosen."""

    name: str
    steps: tuple[Step, ...]


def published_routes(session: Session) -> dict[int, Route]:
    """Every published course, by id, in the order of titles."""
    current = current_versions(session)
    ids = {course.slug: course.id for course, _ in current}
    return {
        course.id: Route(course.id, version.title, ids.get(version.follows_slug or "")) for course, version in current
    }


def faults_in(session: Session, draft: Draft, *, organisation_id: int, programme_id: int | None) -> tuple[Fault, ...]:
    """Everything that is wrong with it, what is about the whole of it first; ``programme_id`` is the one it changes."""
    name = " ".join(composed(draft.name).split())
    found = []
    if not name:
        found.append(Fault(0, "Enter a name for the programme"))
    if len(name) > LONGEST_NAME:
        found.append(Fault(0, f"The name must be {LONGEST_NAME} characters or fewer"))
    others = [one for one in programmes_of(session, organisation_id) if one.programme_id != programme_id]
    if any(folded(one.name) == folded(name) for one in others):
        found.append(Fault(0, "Another programme has this name. Choose a different name"))
    named = {course for step in draft.steps for course in step}
    programmes = names_of_programmes(session, course_ids=named)
    return (*found, *faults_in_steps(draft.steps, published_routes(session), programmes))


def make_programme(
    session: Session, draft: Draft, *, organisation_id: int, account_id: int | None, now: datetime
) -> Programme:
    """Keep a new programme of an authority. Raises ``RuleBroken`` with the first thing that is wrong."""
    refuse_faults(session, draft, organisation_id=organisation_id, programme_id=None)
    programme = Programme(course_id=_new_row(session), organisation_id=organisation_id, made_at=now)
    session.add(programme)
    session.flush()
    _add_version(session, programme, 1, draft, account_id, now)
    _record(session, "programme-made", programme, 1, account_id, now)
    return programme


def change_programme(
    session: Session, draft: Draft, *, programme_id: int, seen: int, organisation_id: int, by: int | None, now: datetime
) -> bool:
    """Let it be this from now on; says whether anything changed. ``seen`` is the number of the version that changes.

    Raises ``RuleBroken`` with the first thing that is wrong, also where somebody else has changed it since.
    """
    refuse_faults(session, draft, organisation_id=organisation_id, programme_id=programme_id)
    held = get_programme(session, programme_id=programme_id, organisation_id=organisation_id)
    if held.number != seen:
        raise RuleBroken(CHANGED_MEANWHILE)
    if (held.name, held.steps) == as_kept(draft):
        return False
    programme = session.get_one(Programme, programme_id)
    try:
        with session.begin_nested():
            _add_version(session, programme, seen + 1, draft, by, now)
    except IntegrityError:  # somebody saves it at this very moment; the number of the version decides
        raise RuleBroken(CHANGED_MEANWHILE) from None
    _record(session, "programme-changed", programme, seen + 1, by, now)
    return True


def as_kept(draft: Draft) -> tuple[str, tuple[Step, ...]]:
    """The name and the steps as they would be stored."""
    steps = tuple(tuple(course for course in step if course) for step in draft.steps)
    return " ".join(composed(draft.name).split()), steps


def refuse_faults(session: Session, draft: Draft, *, organisation_id: int, programme_id: int | None) -> None:
    """Raise ``RuleBroken`` with the first thing that is wrong with it."""
    faults = faults_in(session, draft, organisation_id=organisation_id, programme_id=programme_id)
    if faults:
        raise RuleBroken(faults[0].words)


def _new_row(session: Session) -> int:
    """The row by which it is asked for. No author can write such an id or address, so it is never one of a course."""
    row = Course(code="P-0", slug="programme.0")
    with session.begin_nested():
        session.add(row)
        session.flush()
        row.code, row.slug = f"P-{row.id}", f"programme.{row.id}"
    return row.id


def _add_version(
    session: Session, programme: Programme, number: int, draft: Draft, account_id: int | None, now: datetime
) -> None:
    name, steps = as_kept(draft)
    version = ProgrammeVersion(
        programme_id=programme.id,
        number=number,
        name=name,
        made_at=now,
        made_by_account_id=account_id,
    )
    session.add(version)
    session.flush()
    session.add_all(
        ProgrammeRoute(programme_version_id=version.id, step_number=step_number, place=place, course_id=course)
        for step_number, step in enumerate(steps, start=1)
        for place, course in enumerate(step, start=1)
    )
    session.flush()


def _record(
    session: Session, action: str, programme: Programme, number: int, account_id: int | None, now: datetime
) -> None:
    record(
        session,
        action=action,
        subject_type="course",
        subject_id=programme.course_id,
        actor_account_id=account_id,
        now=now,
        detail={"organisation_id": programme.organisation_id, "version": number},
    )


def versions_made(session: Session, *, programme_id: int) -> Sequence[ProgrammeVersion]:
    """Every version of a programme, the newest first."""
    return session.scalars(
        select(ProgrammeVersion)
        .where(ProgrammeVersion.programme_id == programme_id)
        .order_by(ProgrammeVersion.number.desc())
    ).all()
