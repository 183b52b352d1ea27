"""The sign-in cards of one team as a document: large print, one card below the other, to be cut apart."""

from html import escape
from urllib.parse import quote

import segno

from kernel.clock import local_day
from people.ways_in.making import Card, CardSheet

TITLE = "Sign-in cards"


def sheet_html(sheet: CardSheet, *, address: str) -> str:
    """The whole document. ``address`` is where a code is typed; a card leaves its “https://” out."""
    until = _day(sheet)
    cards = "".join(_card(card, address, until) for card in sheet.cards)
    where = f"{escape(sheet.unit_path)}, {escape(sheet.organisation_name)}"
    count = "1 card" if len(sheet.cards) == 1 else f"{len(sheet.cards)} cards"
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{TITLE}: {where}</title></head><body>'
        f'<h1>{TITLE}</h1><p class="subtitle">{where}</p>'
        f"<p><strong>{count}.</strong> For whoever hands them out:</p>"
        "<ul><li>Cut them apart. Give each one to the person whose name is on it, and to nobody else.</li>"
        "<li>A card is lost? Make a new one under “First sign-in”: the code on the lost card then opens nothing.</li>"
        "<li>Somebody has left? Destroy the card. Its code ends with the job.</li>"
        f"<li>Destroy what is left over after {until}, and the file of this sheet.</li></ul>{cards}</body></html>"
    )


def running_words(sheet: CardSheet) -> str:
    """What stands at the foot of every page."""
    return f"{TITLE}: {sheet.unit_path}. Codes work until {_day(sheet)}"


def _card(card: Card, address: str, until: str) -> str:
    return (
        f'<section class="card"><h2>{escape(card.name)}</h2>{_number(card)}<div class="signs">'
        f'<p><span class="label">Username</span> <strong>{escape(card.username)}</strong></p>'
        f'<p><span class="label">One-time code</span> <strong>{card.code}</strong></p></div>'
        f'<p class="scan"><img src="{_qr_code(card, address)}" alt="{escape(_alternative(card, address))}"></p>'
        f"<ol><li>Scan the picture, or open <strong>{escape(address.removeprefix('https://'))}</strong></li>"
        "<li>Type your username and the code.</li>"
        "<li>Choose a password that only you know.</li></ol>"
        f'<p><span class="until">The code works once, until {until}.</span> '
        "Lost it, or not your name? Tell your manager.</p></section>"
    )


def _number(card: Card) -> str:
    return f"<p>Payroll number {escape(card.payroll_number)}</p>" if card.payroll_number else ""


def _qr_code(card: Card, address: str) -> str:
    """The address with the username filled in. Never the code: whoever takes a picture of a card from afar, or whose
    phone keeps what it scanned, would have all that it takes."""
    code = segno.make_qr(f"{address}?username={quote(card.username, safe='')}", error="m", mask=3)
    return str(code.png_data_uri(scale=1, border=4))


def _alternative(card: Card, address: str) -> str:
    return f"QR code: opens {address.removeprefix('https://')} with the username {card.username} filled in"


def _day(sheet: CardSheet) -> str:
    day = local_day(sheet.ends_at)
    return f"{day.day} {day:%B %Y}"
