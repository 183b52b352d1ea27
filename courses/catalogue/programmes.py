"""Programmes: courses in steps, under a name, in versions. A version is never changed; the newest one holds.

A programme has a row of ``course``: whatever can be asked for, reminded of or be somebody's exemption is one. It has no
version of a course, so nobody can take it; they take the courses of its steps.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.append_only import keep_append_only
from kernel.database import Base, UTCDateTime, table_of
from kernel.errors import NotFound
from kernel.typed import folded

LONGEST_NAME = 120
# A step is done by any one of these courses.
Step = tuple[int, ...]


class Programme(Base):
    """A programme of one authority. ``course_id`` is by what it is asked for, like a course."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ProgrammeVersion(Base):
    """The name and, by its routes, the steps of a programme from ``made_at`` until the next version."""

    __tablename__ = "programme_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    # Two who change a programme at once make the same number, and the second is refused.
    __table_args__ = (UniqueConstraint("programme_id", "number"),)


class ProgrammeRoute(Base):
    """A course by which a step of a version can be done. Steps count from 1, the routes of a step have an order too."""

    __tablename__ = "programme_route"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_version_id: Mapped[int] = mapped_column(ForeignKey("programme_version.id"))
    step_number: Mapped[int]
    place: Mapped[int]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))

    __table_args__ = (
        UniqueConstraint("programme_version_id", "step_number", "place"),
        UniqueConstraint("programme_version_id", "step_number", "course_id"),
    )


keep_append_only(table_of(ProgrammeVersion))
keep_append_only(table_of(ProgrammeRoute))


@dataclass(frozen=True)
class StepsFrom:
    """A version of a programme with its steps in order, and when it began to hold."""

    programme_id: int
    course_id: int
    number: int
    name: str
    made_at: datetime
    steps: tuple[Step, ...]


def versions_of_programmes(session: Session, *, course_ids: Collection[int]) -> dict[int, tuple[StepsFrom, ...]]:
    """Every version of each of these programmes, the oldest first; by the id by which they are asked for.

    One statement. Ids of courses are left out.
    """
    if not course_ids:
        return {}
    rows = session.execute(
        select(
            Programme.course_id,
            Programme.id,
            ProgrammeVersion.number,
            ProgrammeVersion.name,
            ProgrammeVersion.made_at,
            ProgrammeRoute.step_number,
            ProgrammeRoute.course_id,
        )
        .join(ProgrammeVersion, ProgrammeVersion.programme_id == Programme.id)
        .join(ProgrammeRoute, ProgrammeRoute.programme_version_id == ProgrammeVersion.id)
        .where(Programme.course_id.in_(course_ids))
        .order_by(Programme.course_id, ProgrammeVersion.number, ProgrammeRoute.step_number, ProgrammeRoute.place)
    ).all()
    found: dict[int, list[StepsFrom]] = {}
    for _, group in groupby(rows, key=lambda row: (row[0], row[2])):
        routes = list(group)
        course_id, programme_id, number, name, made_at, *_ = routes[0]
        steps = tuple(tuple(row[6] for row in step) for _, step in groupby(routes, key=lambda row: row[5]))
        found.setdefault(course_id, []).append(StepsFrom(programme_id, course_id, number, name, made_at, steps))
    return {course_id: tuple(versions) for course_id, versions in found.items()}


def get_programme(session: Session, *, programme_id: int, organisation_id: int) -> StepsFrom:
    """The newest version of a programme of an authority. Raises ``NotFound``."""
    found = next((one for one in programmes_of(session, organisation_id) if one.programme_id == programme_id), None)
    if found is None:
        raise NotFound(f"programme {programme_id} of organisation {organisation_id}")
    return found


def programmes_of(session: Session, organisation_id: int) -> Sequence[StepsFrom]:
    """The programmes of an authority as they are now, by name."""
    mine = session.scalars(select(Programme.course_id).where(Programme.organisation_id == organisation_id)).all()
    newest = [versions[-1] for versions in versions_of_programmes(session, course_ids=mine).values()]
    return sorted(newest, key=lambda one: (one.name.casefold(), one.programme_id))


def find_programme(session: Session, *, course_id: int) -> Programme | None:
    """The programme that is asked for by this id; ``None`` where it is a course."""
    return session.scalar(select(Programme).where(Programme.course_id == course_id))


def names_of_programmes(session: Session, *, course_ids: Collection[int]) -> dict[int, str]:
    """Their names now, by the id by which they are asked for; ids of courses are left out."""
    newest = (
        select(func.max(ProgrammeVersion.id))
        .join(Programme, Programme.id == ProgrammeVersion.programme_id)
        .where(Programme.course_id.in_(course_ids))
        .group_by(ProgrammeVersion.programme_id)
    )
    rows = session.execute(
        select(Programme.course_id, ProgrammeVersion.name)
        .join(ProgrammeVersion, ProgrammeVersion.programme_id == Programme.id)
        .where(ProgrammeVersion.id.in_(newest))
    )
    return dict(rows.all())


def programmes_named(session: Session, typed: str) -> list[str]:
    """The addresses of the programmes that have this name now, whosever they are."""
    every = versions_of_programmes(session, course_ids=session.scalars(select(Programme.course_id)).all())
    wanted = folded(" ".join(typed.split()))
    return [f"programme.{course_id}" for course_id, versions in every.items() if folded(versions[-1].name) == wanted]
