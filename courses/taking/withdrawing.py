"""Withdrawing a completion that was none, so that the course can be completed again, and reinstating it."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from courses.catalogue.versions import Course, document_of, get_current_version
from courses.records.answers import questions_answered
from courses.records.attempts import (
    Attempt,
    CurrentAttempt,
    begin,
    carry_complete_modules,
    find_attempt,
    lock_attempt,
)
from courses.records.completion import Completion, completions_for, note_event
from courses.records.completion_events import CompletionEventKind
from courses.taking.completion_rule import is_finished
from courses.taking.role_questions import document_for
from kernel.errors import RuleBroken

COMPLETED_AGAIN = (
    "This person has completed the course again since, and has a newer certificate or will get one. "
    "Only one of them can count: to restore this one, revoke the newer one first"
)


def withdraw_completion(
    session: Session, *, completion_id: int, reason: str, account_id: int | None, now: datetime
) -> None:
    """Let a completion count no longer; a second call changes nothing. ``reason`` is for its person.

    Somebody midway goes on where they are. An attempt to which nothing is missing would complete the course with the
    next click, so its person begins anew.
    """
    completion = session.get_one(Completion, completion_id)
    if not note_event(
        session, completion, CompletionEventKind.WITHDRAWN, reason=reason, account_id=account_id, now=now
    ):
        return
    if completion.cycle < 1:  # it came with a file, and no attempt led to it
        return
    slug = session.get_one(Course, completion.course_id).slug
    if find_attempt(session, person_id=completion.person_id, slug=slug) is None:
        return
    attempt = lock_attempt(session, person_id=completion.person_id, slug=slug, now=now)
    if _is_finished(session, attempt):
        version = get_current_version(session, course_id=completion.course_id)
        document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
        begin(
            session,
            person_id=attempt.person_id,
            version=version,
            first_module=document.modules[0].slug,
            now=now,
            cycle=attempt.cycle + 1,
        )


def _is_finished(session: Session, attempt: CurrentAttempt) -> bool:
    document = document_for(session, attempt)
    return is_finished(document, attempt, lambda: questions_answered(session, attempt_id=attempt.id))


def reinstate_completion(
    session: Session, *, completion_id: int, reason: str, account_id: int | None, now: datetime
) -> None:
    """Let a withdrawn completion count again; a second call changes nothing.

    An attempt that was begun for its person and not touched goes: they find the course as they left it. In one that
    they have gone on with, the modules that were complete before are complete as well.
    Raises ``RuleBroken`` when the person has completed the course again since.
    """
    completion = session.get_one(Completion, completion_id)
    # The lock comes first: whoever completes the course again at this moment is then seen.
    newest = session.scalar(
        select(Attempt)
        .where(Attempt.person_id == completion.person_id, Attempt.course_id == completion.course_id)
        .order_by(Attempt.cycle.desc())
        .limit(1)
        .with_for_update()
    )
    if not note_event(
        session, completion, CompletionEventKind.REINSTATED, reason=reason, account_id=account_id, now=now
    ):
        return
    if completion.cycle < 1:
        return
    standing = completions_for(session, person_id=completion.person_id)
    others = (one for one in standing if one.course_id == completion.course_id and one.id != completion.id)
    if any(one.cycle > 0 for one in others):  # what files bring of the past stands beside it, and takes nothing from it
        raise RuleBroken(COMPLETED_AGAIN)
    if newest is None or newest.cycle == 1:
        return
    # Whoever changes an attempt notes that its person was there.
    if newest.last_seen_at == newest.started_at:
        session.execute(delete(Attempt).where(Attempt.id == newest.id))
    else:
        carry_complete_modules(session, newest)
