"""The pack for a live session as a document: its HTML, where its PDF is stored, and the task to make it."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape

from sqlalchemy.orm import Session

from courses.teams.session_pack import SUBTITLE, TITLE, Part, Piece, SessionPack
from kernel.files import FileStore, StoredFile
from kernel.tasks.background import background_kind, is_coming, want

MAKE_SESSION_PACKS = "make-session-packs"
SESSION_PACKS = background_kind(MAKE_SESSION_PACKS, lease=timedelta(minutes=5))
GENERAL = "general"


def pack_html(pack: SessionPack) -> str:
    """The whole document: the same pack gives the same text."""
    name = f"<p>In the words of {escape(pack.organisation_name)}</p>" if pack.organisation_name else ""
    contents = "".join(f'<li><a href="#{part.id}">{escape(part.title)}</a></li>' for part in pack.parts)
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{escape(TITLE)}</title></head><body>'
        f'<h1>{escape(TITLE)}</h1><p class="subtitle">{escape(SUBTITLE)}</p>{name}'
        f"<p><strong>What is in it</strong></p><ol>{contents}</ol>{''.join(map(_part, pack.parts))}</body></html>"
    )


def _part(part: Part) -> str:
    pieces = "".join(_piece(piece, part.kind) for piece in part.pieces)
    return f'<section class="{part.id}"><h2 id="{part.id}">{escape(part.title)}</h2>{part.intro}{pieces}</section>'


def _piece(piece: Piece, kind: str) -> str:
    return f'<div class="{kind.removesuffix("s")}"><h3>{escape(piece.title)}</h3>{piece.html}</div>'


def digest_of(pack: SessionPack) -> str:
    """Twelve letters that change when anything in the pack does."""
    return hashlib.sha256(pack_html(pack).encode()).hexdigest()[:12]


def storage_key(pack: SessionPack) -> str:
    """Where the PDF of exactly this pack is stored."""
    return f"session-packs/{pack.organisation_slug or GENERAL}-{digest_of(pack)}.pdf"


def ask_for_pack(session: Session, *, pack: SessionPack, now: datetime) -> None:
    """Have the PDF of this pack made; also when it was made before and has been lost since."""
    want(session, SESSION_PACKS, subject=_subject(pack), now=now)


def is_asked_for(session: Session, *, pack: SessionPack) -> bool:
    """Whether somebody has asked for this pack and it is not made yet."""
    return is_coming(session, SESSION_PACKS, subject=_subject(pack))


def _subject(pack: SessionPack) -> str:
    return f"{pack.organisation_slug or GENERAL}/{digest_of(pack)}"


def make_and_store(pack: SessionPack, *, render: Callable[[str], bytes], store: FileStore) -> StoredFile:
    """Make the PDF and store it; doing it twice leaves one file."""
    return store.put(storage_key(pack), render(pack_html(pack)))
