"""What is wrong with the words of a template: all of it at once, each with what to do. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from messages.templates.texts import ALONE, TEXTS, Text, TextKind, Words

LONGEST_SUBJECT, LONGEST_BODY, LONGEST_SHORT = 150, 2000, 150
PLACEHOLDER = re.compile(r"\(\(([^()\n]*)\)\)")
_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&(?:[a-zA-Z]+|#\d+);")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")


def named(words: str) -> str:
    """A placeholder as it is known, however it was spaced and with which capitals."""
    return " ".join(words.lower().split())


def only_name(part: str) -> str | None:
    """The placeholder that a paragraph consists of; ``None`` for one that holds more."""
    found = PLACEHOLDER.fullmatch(part)
    return named(found.group(1)) if found else None


def paragraphs_of(body: str) -> list[str]:
    """The paragraphs of a body, without empty ones."""
    parts = _PARAGRAPH.split(body.replace("\r\n", "\n").replace("\r", "\n"))
    return [part.strip() for part in parts if part.strip()]


def faults_in(text: Text, words: Words) -> Mapping[str, list[str]]:
    """Every fault, by field: ``subject``, ``body`` and ``short``; empty where it may be saved."""
    kind = TEXTS[text]
    found = {
        "subject": list(_in_subject(kind, words.subject)),
        "body": list(_in_body(kind, words.body)),
        "short": list(_in_short(kind, words.short)),
    }
    return {field: faults for field, faults in found.items() if faults}


def in_sentences(faults: Sequence[str]) -> str:
    """Faults one after the other, the last without its full stop."""
    return " ".join(one if one.endswith("?") or one is faults[-1] else f"{one}." for one in faults)


def _in_subject(kind: TextKind, subject: str) -> Iterator[str]:
    if not subject.strip():
        yield "Enter a subject"
    if len(subject) > LONGEST_SUBJECT:
        yield f"The subject must be {LONGEST_SUBJECT} characters or fewer, and has {len(subject)}"
    yield from _in_words(kind, subject)
    for name in ALONE:
        if name in _names(subject):
            yield f"Take (({name})) out of the subject: it can stand in the message alone"


def _in_short(kind: TextKind, short: str) -> Iterator[str]:
    if len(short) > LONGEST_SHORT:
        yield f"The text message must be {LONGEST_SHORT} characters or fewer, and has {len(short)}"
    yield from _in_words(kind, short)
    for name in ALONE:
        if name in _names(short):
            yield f"Take (({name})) out of the text message: its link follows by itself"


def _in_body(kind: TextKind, body: str) -> Iterator[str]:
    if not body.strip():
        yield "Enter the message"
    if len(body) > LONGEST_BODY:
        yield f"The message must be {LONGEST_BODY:,} characters or fewer, and has {len(body):,}"
    yield from _in_words(kind, body)
    names, parts = _names(body), paragraphs_of(body)
    for name in kind.required:
        if name not in names:
            yield f"Put (({name})) into the message. {kind.placeholders[name]}"
    for name in ALONE:
        if names.count(name) > 1:
            yield f"Use (({name})) once"
        elif name in names and name not in map(only_name, parts):
            yield f"Put (({name})) into a paragraph of its own, with an empty line before and after"


def _in_words(kind: TextKind, words: str) -> Iterator[str]:
    if html := dict.fromkeys(match.group() for match in _HTML.finditer(words)):
        quoted = ", ".join(f"“{one}”" for one in html)
        yield f"Take out {quoted}: the message is made of plain words, without HTML"
    for name in dict.fromkeys(_names(words)):
        if name not in kind.placeholders:
            near = get_close_matches(name, list(kind.placeholders), n=1, cutoff=0.6)
            known = f"Did you mean (({near[0]}))?" if near else f"You can use {_listed(kind)}"
            yield f"(({name})) stands for nothing here. {known}"
    rest = PLACEHOLDER.sub("", words)
    if "((" in rest or "))" in rest:
        yield "Each (( needs its )), with a name from the list between them"


def _names(words: str) -> list[str]:
    return [named(match.group(1)) for match in PLACEHOLDER.finditer(words)]


def _listed(kind: TextKind) -> str:
    return ", ".join(f"(({name}))" for name in kind.placeholders)
