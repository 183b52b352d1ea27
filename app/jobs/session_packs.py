"""Make the packs for live sessions that somebody asked for."""

from flask import current_app

from app.storage import file_store
from app.work import unit_of_work
from courses.session_pack import SessionPack, session_pack_for
from kernel import outbox
from kernel.clock import utc_now
from people.organisations import organisations
from reports.pdf import render_handout
from reports.session_pack import GENERAL, MAKE_SESSION_PACKS, make_and_store


class PacksFailed(Exception):
    """Some packs could not be made; the log says why, and housekeeping rings again."""


def make_waiting() -> None:
    """Make every pack that is owed, in the words of its authority now. Raises ``PacksFailed`` at the end."""
    failures = [subject for subject, pack in _owed() if not _make(subject, pack)]
    if failures:
        raise PacksFailed(", ".join(failures))


def _owed() -> list[tuple[str, SessionPack | None]]:
    """What was promised; no pack for an authority that is gone."""
    with unit_of_work() as work:
        known = {organisation.slug: organisation for organisation in organisations(work.session)}
        owed: list[tuple[str, SessionPack | None]] = []
        for subject in outbox.open_subjects(work.session, job=MAKE_SESSION_PACKS):
            slug = subject.partition("/")[0]
            is_known = slug == GENERAL or slug in known
            pack = session_pack_for(work.session, organisation=known.get(slug)) if is_known else None
            owed.append((subject, pack))
        return owed


def _make(subject: str, pack: SessionPack | None) -> bool:
    try:
        if pack is not None:
            make_and_store(pack, render=_render, store=file_store())
    except Exception as problem:
        # Whatever it is: one pack that cannot be made must not keep the others from people.
        current_app.logger.error("Session pack %s failed", subject, exc_info=problem)
        return False
    with unit_of_work() as work:
        outbox.keep(work.session, job=MAKE_SESSION_PACKS, subjects=[subject], now=utc_now())
    return True


def _render(html: str) -> bytes:
    return render_handout(html, running="From knowing to doing: for facilitators")
