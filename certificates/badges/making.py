"""A holder asks for a badge and may take it back. A badge ends with the certificate that it shows."""

import secrets
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.badges.records import Badge, BadgeKey, BadgeStatusList, Ending
from certificates.badges.status import draw_place, want_list
from certificates.record.history import CertificateEvent, EventKind
from certificates.record.issuing import Certificate, get_certificate, lock_certificate
from certificates.record.numbers import prefix_of
from courses.catalogue.versions import CourseVersion, document_of
from courses.records.completion import Completion
from kernel.audit import record
from kernel.clock import local_day
from kernel.errors import NotFound, RuleBroken
from kernel.tasks.claims import Claim, finish
from kernel.tasks.control import cancel, resume
from kernel.tasks.kinds import TaskKind, TaskState
from people.persons import Person

SIGN_BADGES = "sign-badges"
# Its holder waits for it, so one that is itself at fault says why at once, and may be asked for again.
BADGES = TaskKind(
    SIGN_BADGES, Badge, since=Badge.asked_at, lease=timedelta(minutes=1), most_failures=1, in_words="signed"
)
_ENDS = {EventKind.REVOKED: Ending.REVOKED, EventKind.SUPERSEDED: Ending.REPLACED}


class BadgeFacts(NamedTuple):
    """Everything that a badge says, as plain values. ``email`` is ``None`` where the holder does not want it in."""

    badge_id: int
    secret: str
    salt: str
    status_list: int
    status_index: int
    number: str
    email: str | None
    organisation_name: str
    achievement: str
    course_title: str
    course_version: int
    summary: str
    outcomes: tuple[str, ...]
    language: str
    issued_at: datetime
    valid_until: date | None


def find_badge(session: Session, *, certificate_id: int) -> Badge | None:
    """The newest badge of a certificate, in whatever state."""
    return session.scalar(
        select(Badge).where(Badge.certificate_id == certificate_id).order_by(Badge.id.desc()).limit(1)
    )


def ask_for_badge(
    session: Session, *, certificate_number: str, person_id: int, account_id: int, has_email: bool, now: datetime
) -> Badge:
    """Have the badge of a person's own certificate made; one that is there or being made is not asked for again.

    Raises ``NotFound``, and ``RuleBroken`` when the certificate does not stand or its file is not made yet.
    """
    certificate = lock_certificate(
        session,
        certificate_number=get_certificate(session, certificate_number=certificate_number, person_id=person_id).number,
    )
    badge = find_badge(session, certificate_id=certificate.id)
    is_open = badge is not None and badge.ended_at is None
    if badge is not None and is_open and not badge.has_failed:
        return badge
    _refuse_unless_valid(session, certificate, now)
    if badge is None or not is_open:
        badge = _new_badge(session, certificate, has_email, now)
        _note(session, "badge-asked-for", certificate.number, account_id, now)
    badge.has_email = has_email
    session.flush()
    resume(session, BADGES, badge.id)
    return badge


def _refuse_unless_valid(session: Session, certificate: Certificate, now: datetime) -> None:
    replaced = select(CertificateEvent.id).where(
        CertificateEvent.certificate_id == certificate.id, CertificateEvent.kind == EventKind.SUPERSEDED
    )
    if certificate.valid_until is not None and certificate.valid_until < local_day(now):
        raise RuleBroken("This certificate has expired, so it can have no badge")
    if certificate.is_revoked or session.scalar(replaced) is not None:
        raise RuleBroken("This certificate no longer counts, so it can have no badge")
    if certificate.state is not TaskState.DONE:
        raise RuleBroken("Your certificate is still being made. Ask for its badge when it is ready")


def _new_badge(session: Session, certificate: Certificate, has_email: bool, now: datetime) -> Badge:
    number, index = draw_place(session)
    badge = Badge(
        secret=secrets.token_urlsafe(24),
        certificate_id=certificate.id,
        achievement=f"{prefix_of(certificate.number)}-{certificate.course_version}",
        has_email=has_email,
        salt=secrets.token_urlsafe(16),
        status_list=number,
        status_index=index,
        asked_at=now,
    )
    session.add(badge)
    return badge


def withdraw_badge(
    session: Session, *, certificate_number: str, person_id: int, account_id: int, now: datetime
) -> None:
    """Take a badge back for good; doing it twice changes nothing. Raises ``NotFound`` for somebody else's."""
    certificate = get_certificate(session, certificate_number=certificate_number, person_id=person_id)
    if end_badges(session, certificate_id=certificate.id, ending=Ending.WITHDRAWN, now=now):
        _note(session, "badge-withdrawn", certificate.number, account_id, now)


def end_badges(session: Session, *, certificate_id: int, ending: Ending, now: datetime) -> bool:
    """End what a certificate has of badges; whether there was one."""
    badges = session.scalars(
        select(Badge).where(Badge.certificate_id == certificate_id, Badge.ended_at.is_(None)).order_by(Badge.id)
    ).all()
    for badge in badges:
        badge.ended_at, badge.ending = now, ending
        session.flush()
        cancel(session, BADGES, badge.id)
        want_list(session, number=badge.status_list, now=now)
    return bool(badges)


def end_with_certificate(session: Session, *, certificate_id: int, kind: EventKind, now: datetime) -> None:
    """End a certificate's badge when what happened to the certificate ends it. A restored one may have a new badge."""
    if kind in _ENDS:
        end_badges(session, certificate_id=certificate_id, ending=_ENDS[kind], now=now)


def facts_of_badge(session: Session, *, badge_id: int) -> BadgeFacts:
    """What a badge is to say. Raises ``NotFound``."""
    badge = session.get(Badge, badge_id)
    if badge is None:
        raise NotFound(f"badge {badge_id}")
    certificate = session.get_one(Certificate, badge.certificate_id)
    version = session.get_one(CourseVersion, session.get_one(Completion, certificate.completion_id).course_version_id)
    document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
    return BadgeFacts(
        badge_id=badge.id,
        secret=badge.secret,
        salt=badge.salt,
        status_list=badge.status_list,
        status_index=badge.status_index,
        number=certificate.number,
        email=session.get_one(Person, certificate.person_id).email if badge.has_email else None,
        organisation_name=certificate.organisation_name,
        achievement=badge.achievement,
        course_title=certificate.course_title,
        course_version=certificate.course_version,
        summary=document.summary,
        outcomes=document.outcomes,
        language=certificate.language,
        issued_at=certificate.issued_at,
        valid_until=certificate.valid_until,
    )


def store_badge(
    session: Session, claimed: Claim[Badge], *, credential: str, jwt: str, multibase: str, now: datetime
) -> None:
    """Freeze a signed badge. Raises ``ClaimLost``, also for one that ended meanwhile."""
    finish(session, claimed, credential=credential, jwt=jwt, made_at=now)
    keep_public_key(session, multibase=multibase, now=now)


def keep_public_key(session: Session, *, multibase: str, now: datetime) -> None:
    """Publish the key that signs, from its first use on."""
    if session.scalar(select(BadgeKey.id).where(BadgeKey.multibase == multibase)) is None:
        session.add(BadgeKey(multibase=multibase, first_used_at=now))
        session.flush()


def distrust_keys(session: Session, *, now: datetime) -> int:
    """Publish no key but the one that signs next; returns how many were forgotten. Every list is signed anew."""
    keys = session.scalars(select(BadgeKey).order_by(BadgeKey.id)).all()
    for key in keys:
        session.delete(key)
    for number in session.scalars(select(BadgeStatusList.number).order_by(BadgeStatusList.number)).all():
        want_list(session, number=number, now=now)
    session.flush()
    return len(keys)


def _note(session: Session, action: str, certificate_number: str, account_id: int, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="certificate",
        subject_id=certificate_number,
        actor_account_id=account_id,
        now=now,
        detail={},
    )
