"""The sign-in cards of one team as a document: large print, one card below the other, to be cut apart."""

from html import escape

from kernel.clock import local_day
from people.ways_in.making import Card, CardSheet

TITLE = "Sign-in cards"


def sheet_html(sheet: CardSheet, *, address: str) -> str:
    """The whole document. ``address`` is where a code is typed, as somebody types it on a phone."""
    until = _day(sheet)
    cards = "".join(_card(card, address, until) for card in sheet.cards)
    where = f"{escape(sheet.unit_path)}, {escape(sheet.organisation_name)}"
    count = "1 card" if len(sheet.cards) == 1 else f"{len(sheet.cards)} cards"
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{TITLE}: {where}</title></head><body>'
        f'<h1>{TITLE}</h1><p class="subtitle">{where}</p>'
        f"<p>{count}. Cut them apart, and give each one to the person whose name is on it and to nobody else.</p>"
        "<p>Each code works once. If a card is lost, end it or print it anew under “First sign-in”: "
        "the code on the lost card then opens nothing.</p>"
        f"<p>Destroy what is left over after {until}.</p>{cards}</body></html>"
    )


def running_words(sheet: CardSheet) -> str:
    """What stands at the foot of every page."""
    return f"{TITLE}: {sheet.unit_path}. Codes work until {_day(sheet)}"


def _card(card: Card, address: str, until: str) -> str:
    return (
        f'<section class="card"><h2>{escape(card.name)}</h2><div class="signs">'
        f'<p><span class="label">Username</span> <strong>{escape(card.username)}</strong></p>'
        f'<p><span class="label">One-time code</span> <strong>{card.code}</strong></p></div>'
        f"<ol><li>Open <strong>{escape(address)}</strong></li>"
        "<li>Type your username and the code.</li>"
        "<li>Choose a password of your own. Nobody else knows it.</li></ol>"
        f'<p class="until">The code works once, until {until}.</p></section>'
    )


def _day(sheet: CardSheet) -> str:
    day = local_day(sheet.ends_at)
    return f"{day.day} {day:%B %Y}"
