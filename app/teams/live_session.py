"""The pack for a live session: to read here, and as an accessible PDF that a worker makes."""

from dataclasses import replace

from flask import redirect, render_template, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.pages.downloads import stored_download
from app.platform.pages.navigation import FACILITATORS
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from courses.teams.session_pack import SUBTITLE, TITLE, Part, SessionPack, session_pack_for
from kernel.clock import utc_now
from kernel.errors import NotFound
from people.organisations import get_organisation
from people.visibility import first_authority
from reports.session_pack import MAKE_SESSION_PACKS, ask_for_pack, is_asked_for, storage_key


def _pack(session: Session) -> SessionPack:
    """The pack in the words of the authority that the person answers for; in the general words without one."""
    slug = first_authority(who())
    return session_pack_for(session, organisation=get_organisation(session, slug=slug) if slug else None)


def _file_state(session: Session, pack: SessionPack) -> str:
    if file_store().exists(storage_key(pack)):
        return "ready"
    return "waiting" if is_asked_for(session, pack=pack) else "none"


def _parts(pack: SessionPack) -> list[Part]:
    """The parts for a template, which would show their HTML as text otherwise."""
    return [
        replace(part, intro=_safe(part.intro), pieces=tuple(replace(one, html=_safe(one.html)) for one in part.pieces))
        for part in pack.parts
    ]


def _safe(html: str) -> Markup:
    return Markup(html)  # noqa: S704 - sanitised where it was made


@allow(*FACILITATORS)
def live_session() -> str:
    """Everything in the pack, and the way to its PDF."""
    pack = _pack(db.session())
    state = _file_state(db.session(), pack)
    return render_template(
        "teams/live_session.html", title=TITLE, subtitle=SUBTITLE, pack=pack, parts=_parts(pack), state=state
    )


@allow(*FACILITATORS)
def live_session_status() -> tuple[str, int]:
    """The part of the page that changes, for the script that waits: 202 until there is news."""
    state = _file_state(db.session(), _pack(db.session()))
    return render_template("teams/live_session_status.html", state=state), 202 if state == "waiting" else 200


@allow(*FACILITATORS)
def prepare_file() -> Response:
    """Ask for the PDF; asking twice makes it once."""
    with unit_of_work() as work:
        pack = _pack(work.session)
        if _file_state(work.session, pack) == "none":
            ask_for_pack(work.session, pack=pack, now=utc_now())
            work.ring_after_commit(MAKE_SESSION_PACKS)
    return redirect(url_for("teams.live_session", _anchor="file"))


@allow(*FACILITATORS)
def live_session_file() -> Response:
    """The PDF."""
    pack = _pack(db.session())
    if _file_state(db.session(), pack) != "ready":
        raise NotFound("the file of the live session")
    stream = file_store().open(storage_key(pack))
    return stored_download(stream, mimetype="application/pdf", name=f"{TITLE} - facilitator pack.pdf")
