"""What an authority's look may be: every rule with the words for the person who typed it."""

import re
from collections.abc import Iterator, Mapping

from certificates.looks.branding import (
    MOST_SIGNATORIES,
    PAPER,
    SMALLEST_TEXT_CONTRAST,
    Branding,
    Colours,
    Wording,
    contrast,
)
from kernel.errors import RuleBroken
from kernel.typed import folded

COLOUR_LABELS = {"main": "Main colour", "second": "Second colour", "accent": "Accent colour"}
WORDING_LABELS = {
    "title": "Title",
    "certifies": "Words before the name",
    "completed": "Words after the authority’s name",
    "statement": "Closing sentence",
}
MOST_CHARACTERS = {"title": 60, "certifies": 80, "completed": 80, "statement": 200}
MOST_NAME, MOST_JOB_TITLE = 80, 120
# Tag, name in English. A short list: each of these is written with letters that the certificate has a font for.
LANGUAGES = (
    ("ar", "Arabic"), ("bn", "Bengali"), ("zh", "Chinese"), ("fa", "Farsi"),
    ("fr", "French"), ("ga", "Irish"), ("ku", "Kurdish"), ("pl", "Polish"), ("pt", "Portuguese"), ("pa", "Punjabi"),
    ("ro", "Romanian"), ("so", "Somali"), ("es", "Spanish"), ("ti", "Tigrinya"), ("tr", "Turkish"),
    ("uk", "Ukrainian"), ("ur", "Urdu"), ("cy", "Welsh"), ("yo", "Yoruba"),
)  # fmt: skip

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_SHORT_COLOUR = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")


def tidy_colour(typed: str) -> str:
    """``#rrggbb`` for what people type (``12524F``, ``#abc``); anything else comes back as it is."""
    text = folded(typed)
    found = _SHORT_COLOUR.fullmatch(text)
    if not found:
        return typed.strip()
    digits = found.group(1)
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def is_colour(text: str) -> bool:
    """Whether ``text`` is ``#rrggbb`` in small letters and nothing else."""
    return _COLOUR.fullmatch(text) is not None


def problems_of(branding: Branding) -> Mapping[str, str]:
    """Everything that is wrong, by field: ``main``, ``title``, ``second_title``, ``name_1``, ``job_title_1`` …"""
    return {
        **dict(_colour_problems(branding.colours)),
        **dict(_wording_problems(branding.wording, "", is_asked=True)),
        **dict(_second_problems(branding)),
        **dict(_signatory_problems(branding)),
    }


def check(branding: Branding) -> None:
    """Raises ``RuleBroken`` with the first problem."""
    for field, message in problems_of(branding).items():
        raise RuleBroken(message, field)


def _colour_problems(colours: Colours) -> Iterator[tuple[str, str]]:
    for field, label in COLOUR_LABELS.items():
        if not is_colour(getattr(colours, field)):
            yield field, f"{label} must be a # and six digits or letters from a to f, like #12524f"
    if is_colour(colours.main):
        ratio = contrast(colours.main, PAPER)
        if ratio < SMALLEST_TEXT_CONTRAST:
            # Cut, not rounded: 4.49 must not be called 4.5.
            figure = int(ratio * 10) / 10
            yield (
                "main",
                f"Main colour is too light to read: its contrast with white is {figure} to 1, "
                f"and words need at least {SMALLEST_TEXT_CONTRAST} to 1. Choose a darker one",
            )


def _wording_problems(wording: Wording, prefix: str, *, is_asked: bool) -> Iterator[tuple[str, str]]:
    of_second = " in the second language" if prefix else ""
    for field, label in WORDING_LABELS.items():
        text = getattr(wording, field)
        if is_asked and not text and field != "statement":
            yield prefix + field, f"Enter the {label[0].lower()}{label[1:]}{of_second}"
        if len(text) > MOST_CHARACTERS[field]:
            yield prefix + field, f"{label}{of_second} must be {MOST_CHARACTERS[field]} characters or fewer"


def _second_problems(branding: Branding) -> Iterator[tuple[str, str]]:
    second = branding.second_wording
    if branding.second_language and branding.second_language not in dict(LANGUAGES):
        yield "second_language", "Select a language from the list"
    if second is not None:
        yield from _wording_problems(second, "second_", is_asked=True)
        if not branding.second_language:
            yield "second_language", "Select the language of the second wording, or leave its fields empty"


def _signatory_problems(branding: Branding) -> Iterator[tuple[str, str]]:
    if len(branding.signatories) > MOST_SIGNATORIES:
        yield "name_1", f"A certificate has room for {MOST_SIGNATORIES} people who sign"
    for place, one in enumerate(branding.signatories, start=1):
        if not one.name:
            yield f"name_{place}", f"Enter the name of person {place} who signs"
        if not one.title:
            yield f"job_title_{place}", f"Enter the job title of person {place} who signs"
        if len(one.name) > MOST_NAME:
            yield f"name_{place}", f"Name of person {place} must be {MOST_NAME} characters or fewer"
        if len(one.title) > MOST_JOB_TITLE:
            yield f"job_title_{place}", f"Job title of person {place} must be {MOST_JOB_TITLE} characters or fewer"
