"""New certificates in place of old ones by the thousand, after a fault of the document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, insert, select
from sqlalchemy.orm import Session, aliased, undefer

from certificates.badges.making import end_with_certificate
from certificates.badges.records import Badge
from certificates.batches.run_mail import pass_news_on, tell_holders
from certificates.changes.reissuing import copy_of
from certificates.looks.branding_versions import current_ids
from certificates.record.audiences import Audience
from certificates.record.history import CertificateEvent, EventKind, Explanation, Reason, checked_reason
from certificates.record.issuing import Certificate, store_together
from certificates.record.runs import CHANGED, Batch, CertificateRun, RunKind, RunMail, open_run
from courses.records.completion import Completion
from kernel.audit import record_many
from kernel.errors import RuleBroken
from people.persons import ERASED_NAME, Person

# A run corrects no names: each of those is somebody's own matter.
RUN_REASONS = (Reason.TEMPLATE_FAULT, Reason.OTHER)


@dataclass(frozen=True)
class Reissuable:
    """Certificates that would be replaced: how many, for how many of them no mail could go, and the highest id.

    ``stamp`` is the same as long as the very same ones would be.
    """

    count: int
    without_address: int
    last_id: int
    stamp: str


def count_reissuable(session: Session, audience: Audience) -> Reissuable:
    """What a run would replace now, in one query."""
    count, without_address, last_id, total = session.execute(
        _current(audience)
        .join(Person, Person.id == Certificate.person_id)
        .with_only_columns(
            func.count(),
            func.count().filter(Person.email.is_(None)),
            func.coalesce(func.max(Certificate.id), 0),
            func.coalesce(func.sum(Certificate.id), 0),
        )
    ).one()
    return Reissuable(count, without_address, last_id, stamp=f"{count}-{last_id}-{total}")


def start_reissue(
    session: Session,
    audience: Audience,
    *,
    why: Explanation,
    mail: RunMail,
    seen: str,
    account_id: int,
    now: datetime,
) -> CertificateRun:
    """Start a run that replaces every newest certificate of an audience which is not revoked.

    Raises ``RuleBroken`` as ``start_issue`` does, and when the reason does not fit or is not explained.
    """
    said = checked_reason(EventKind.SUPERSEDED, why.reason, why.words)
    if why.reason not in RUN_REASONS:
        raise RuleBroken("Select a reason", "reason")
    found = count_reissuable(session, audience)
    if found.stamp != seen:
        raise RuleBroken(CHANGED)
    if not found.count:
        raise RuleBroken("Nobody here has a certificate that could be issued anew")
    run = CertificateRun(
        kind=RunKind.REISSUE,
        course_id=audience.course_id,
        organisation_id=audience.organisation_id,
        unit_id=audience.unit_id,
        unit_path=audience.unit_path(session),
        takes_imported=True,
        reason=why.reason,
        words=said,
        mail=mail,
        wanted=found.count,
        left_out={},
        last_id=found.last_id,
        started_by_account_id=account_id,
        started_at=now,
    )
    return open_run(session, run)


def reissue_batch(session: Session, run: CertificateRun, *, limit: int, now: datetime) -> Batch:
    """Replace the next ``limit`` certificates of a run and owe the new files; as ``issue_batch`` otherwise.

    One that was revoked or replaced since the preview is left as it is. Whoever had not been told of the old one yet
    is told of the new one, also by a run that tells nobody.
    """
    ids = session.scalars(
        _current(run.audience)
        .where(Certificate.id > run.handled_id, Certificate.id <= run.last_id)
        .with_only_columns(Certificate.id)
        .order_by(Certificate.id)
        .limit(limit)
    ).all()
    return Batch(_replace(session, run, ids, now), ids)


def _current(audience: Audience) -> Select[Any]:
    """The newest certificate of each completion, unless it is revoked or its holder was erased."""
    newer = aliased(Certificate)
    is_replaced = exists().where(newer.completion_id == Certificate.completion_id, newer.edition > Certificate.edition)
    return (
        select(Certificate.id)
        .join(Completion, Completion.id == Certificate.completion_id)
        .where(audience.is_meant(), ~is_replaced, ~Certificate.is_revoked, Certificate.holder_name != ERASED_NAME)
    )


def _replace(session: Session, run: CertificateRun, ids: Sequence[int], now: datetime) -> int:
    if not ids:
        return 0
    # Locked first and read then: what a waiting lock let through is seen by the second statement only.
    session.execute(select(Certificate.id).where(Certificate.id.in_(ids)).order_by(Certificate.id).with_for_update())
    rows = session.execute(
        _current(run.audience)
        .where(Certificate.id.in_(ids))
        .with_only_columns(Certificate, Completion.organisation_id)
        .order_by(Certificate.id)
        .options(undefer(Certificate.is_revoked))
    ).all()
    looks = current_ids(session, (organisation_id for _, organisation_id in rows))
    pairs = [
        (old, copy_of(old, holder_name=old.holder_name, branding_id=looks.get(organisation_id), now=now))
        for old, organisation_id in rows
    ]
    for _, new in pairs:
        new.run_id = run.id
    new_ids = store_together(session, [new for _, new in pairs])
    _note(session, run, pairs, now)
    _end_badges(session, [old.id for old, _ in pairs], now)
    tell_holders(session, run, certificate_ids=new_ids, now=now)
    pass_news_on(session, old_ids=[old.id for old, _ in pairs], new_ids=new_ids, now=now)
    return len(new_ids)


def _end_badges(session: Session, certificate_ids: Sequence[int], now: datetime) -> None:
    """Few certificates have a badge, so only those cost statements of their own."""
    with_badge = select(Badge.certificate_id).where(Badge.certificate_id.in_(certificate_ids), Badge.ended_at.is_(None))
    for certificate_id in session.scalars(with_badge.distinct().order_by(Badge.certificate_id)).all():
        end_with_certificate(session, certificate_id=certificate_id, kind=EventKind.SUPERSEDED, now=now)


def _note(
    session: Session,
    run: CertificateRun,
    pairs: Sequence[tuple[Certificate, Certificate]],
    now: datetime,
) -> None:
    if not pairs:
        return
    account_id = run.started_by_account_id
    happened = {"kind": EventKind.SUPERSEDED, "reason": run.reason, "words": run.words, "happened_at": now}
    events = [{**happened, "certificate_id": old.id, "actor_account_id": account_id} for old, _ in pairs]
    session.execute(insert(CertificateEvent), events)
    record_many(
        session,
        action="certificate-reissued",
        subject_type="certificate",
        details={old.number: {"reason": run.reason, "new_number": new.number} for old, new in pairs},
        actor_account_id=account_id,
        now=now,
    )
