"""Every word on a certificate, once, for the PDF and for the page in the browser."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from certificates.document.facts import CertificateFacts
from certificates.looks.branding import Signatory, Wording

_NUMBER_WORDS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# Joiners shape names in Persian and in India. The other format characters can turn a line around.
_KEPT_FORMAT_CHARACTERS = "\u200c\u200d"
# Joiners, the fillers of Korean syllables and the blank of Braille leave no ink: a text of these alone is no text.
_INVISIBLE = f"{_KEPT_FORMAT_CHARACTERS}\u115f\u1160\u2800\u3164\uffa0 "
# Anybody could write a name of their own on a certificate whose line for it is blank.
UNNAMED = "Name not recorded"
# The same words stand on every certificate of a course or an authority.
_MOST_KEPT = 1024


@dataclass(frozen=True, kw_only=True)
class CertificateWords:
    """The words of one certificate, ready to print: one line each, nothing in them that turns a line around.

    ``holder`` is never empty: it is ``UNNAMED`` for a name in which nothing can be seen.
    ``second`` holds the words of the second language, or ``None``; ``course_language`` is ``None`` when the course
    is in English like the certificate.
    """

    wording: Wording
    second: Wording | None
    second_language: str | None
    holder: str
    organisation: str
    course: str
    course_language: str | None
    details: str
    signatories: tuple[Signatory, ...]
    number: str
    verify_url: str

    @property
    def verify_address(self) -> str:
        """Where to check it, as people type it: the number stands beside it and need not be in it."""
        return self.verify_url.split("://", 1)[-1].removesuffix(f"/{self.number}")


def words_of(facts: CertificateFacts) -> CertificateWords:
    """What a certificate with these facts says."""
    branding = facts.branding
    return CertificateWords(
        wording=_printable_wording(branding.wording),
        second=_printable_wording(branding.second_wording) if branding.second_wording else None,
        second_language=branding.second_language,
        holder=printable(facts.holder_name) or UNNAMED,
        organisation=printable(facts.organisation_name),
        course=printable(facts.course_title),
        course_language=None if facts.language == "en-GB" else facts.language,
        details=details_line(facts),
        signatories=tuple(
            Signatory(printable(one.name), printable(one.title), one.signature) for one in branding.signatories
        ),
        number=facts.number,
        verify_url=facts.verify_url,
    )


@lru_cache(maxsize=_MOST_KEPT)
def _printable_wording(wording: Wording) -> Wording:
    return Wording(
        title=printable(wording.title),
        certifies=printable(wording.certifies),
        completed=printable(wording.completed),
        statement=printable(wording.statement),
    )


def details_line(facts: CertificateFacts) -> str:
    """``Version 3, six modules, one hour, on 21 November 2026. Valid until 21 November 2029.``"""
    modules = f"{_in_words(facts.modules)} module{'' if facts.modules == 1 else 's'}"
    parts = [f"Version {facts.course_version}", modules, duration_in_words(facts.minutes)]
    said = f"{', '.join(part for part in parts if part)}, on {date_in_words(facts.completed_on)}."
    if facts.valid_until:
        said += f" Valid until {date_in_words(facts.valid_until)}."
    return f"{said} This replaces certificate {facts.supersedes}." if facts.supersedes else said


def duration_in_words(minutes: int) -> str:
    """``one hour``, ``two hours``, ``one hour and 30 minutes``, ``45 minutes``; empty for no time at all."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(f"{_in_words(hours)} hour{'' if hours == 1 else 's'}")
    if rest:
        parts.append(f"{rest} minute{'' if rest == 1 else 's'}")
    return " and ".join(parts)


def date_in_words(day: date) -> str:
    """``21 November 2026``, whatever language the server speaks."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _in_words(number: int) -> str:
    return _NUMBER_WORDS[number] if number < len(_NUMBER_WORDS) else f"{number:,}"


@lru_cache(maxsize=_MOST_KEPT)
def printable(text: str) -> str:
    """One line of composed characters, without control characters and direction overrides; empty if it shows nothing.

    A text of combining marks alone is put on a dotted circle, as dictionaries print them.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(character if _is_kept(character) else " " for character in composed)
    line = " ".join(kept.split())
    if not line.strip(_INVISIBLE):
        return ""
    return "\u25cc" + line if unicodedata.category(line[0])[0] == "M" else line


def _is_kept(character: str) -> bool:
    return character in _KEPT_FORMAT_CHARACTERS or unicodedata.category(character)[0] != "C"
