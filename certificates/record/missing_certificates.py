"""Which completions have a certificate, and which are owed one: completed here, and without it."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from certificates.record.issuing import Certificate
from certificates.record.runs import is_held
from courses.catalogue.versions import CourseVersion
from courses.records.completion import Completion, CompletionSource, is_standing


def owed_completions() -> Select[int]:
    """The ids of completions made on the platform that lack their certificate, as a query.

    Imported history has none, and some courses give none.
    """
    return (
        select(Completion.id)
        .outerjoin(Certificate, Certificate.completion_id == Completion.id)
        .join(CourseVersion, CourseVersion.id == Completion.course_version_id)
        .where(
            Certificate.id.is_(None),
            is_standing(),
            Completion.source == CompletionSource.PLATFORM,
            CourseVersion.gives_certificate,
        )
    )


def completions_without_certificate(session: Session, *, limit: int) -> Sequence[int]:
    """Ids of completions that are owed a certificate, oldest first, without those that an open run will come to."""
    return session.scalars(owed_completions().where(~is_held(session)).order_by(Completion.id).limit(limit)).all()


def certified_completions() -> Select[int]:
    """The ids of completions with a certificate that is not revoked, as a query."""
    return select(Certificate.completion_id).where(~Certificate.is_revoked)
