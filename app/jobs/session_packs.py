"""Make the packs for live sessions that somebody asked for."""

from app.jobs.task_loop import work_off
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from courses.teams.session_pack import SessionPack, session_pack_for
from kernel.tasks.background import BackgroundTask
from kernel.tasks.claims import Claim, drop, finish, hold
from people.organisations import organisations
from reports.pdf import render_handout
from reports.session_pack import GENERAL, SESSION_PACKS, make_and_store


def make_waiting() -> None:
    """Make every pack that is wanted, in the words of its authority now. Raises ``TasksFailed`` at the end."""
    work_off(SESSION_PACKS, _make)


def _make(claimed: Claim[BackgroundTask]) -> None:
    pack = _pack(claimed)
    if pack is not None:
        make_and_store(pack, render=_render, store=file_store())
        with unit_of_work() as work:
            finish(work.session, claimed)


def _pack(claimed: Claim[BackgroundTask]) -> SessionPack | None:
    """What was asked for; nothing is to be done for an authority that is gone."""
    with unit_of_work() as work:
        slug = hold(work.session, claimed).subject.partition("/")[0]
        known = {organisation.slug: organisation for organisation in organisations(work.session)}
        if slug != GENERAL and slug not in known:
            drop(work.session, claimed)
            return None
        return session_pack_for(work.session, organisation=known.get(slug))


def _render(html: str) -> bytes:
    return render_handout(html, running="From knowing to doing: for facilitators")
