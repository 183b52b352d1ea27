"""A module file: its front matter, then its screens with their text and directives."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from courses.content.export.yaml_writing import without_empty, yaml_of
from courses.content.model.course import Block, Module, RecordingBlock
from courses.marking.question import Recording

_KEYS = ("id", "slug", "title", "minutes", "outcomes", "know", "notice", "do")


def module_text(module: Module, content_types: Mapping[str, str]) -> str:
    """The file of a module. ``content_types`` tells films from sound, by the names of the files."""
    front = without_empty({key: _plain(getattr(module, key)) for key in _KEYS})
    parts = [f"---\n{yaml_of(front)}---"]
    for screen in module.screens:
        parts.append(f"# {screen.title} {{#{screen.id}}}")
        parts += [block_text(block, content_types) for block in screen.blocks]
    return "\n\n".join(parts) + "\n"


def recording_entry(recording: Recording, content_types: Mapping[str, str]) -> dict[str, Any]:
    """The keys of a recording as an author writes them."""
    keys = ("file", "title", "captions", "poster", "only_seen", "described", "transcript")
    entry = without_empty({key: getattr(recording, key) for key in keys})
    is_film = content_types.get(recording.file, "").startswith("video/")
    return {**entry, "only_seen": "nothing"} if is_film and not recording.only_seen else entry


def block_text(block: Block, content_types: Mapping[str, str]) -> str:
    """A piece of a screen as an author writes it."""
    if block.type == "markdown":
        return block.text
    if isinstance(block, RecordingBlock):
        return _recording_text(block.recording, content_types)
    argument, text = _DIRECTIVES[block.type](block)
    return "\n".join(line for line in (f"::: {block.type} {argument}".rstrip(), text, ":::") if line)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _recording_text(recording: Recording, content_types: Mapping[str, str]) -> str:
    entry = recording_entry(recording, content_types)
    name = "video" if content_types.get(recording.file, "").startswith("video/") else "audio"
    # Texts of several lines stand on one here, because the first empty line begins the transcript.
    keys = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in entry.items()
        if key not in ("file", "transcript")
    ]
    return "\n".join([f"::: {name} {recording.file}", *keys, "", recording.transcript, ":::"])


def _reflection(block: Any) -> tuple[str, str]:
    return block.id, "\n".join([block.prompt, *(f"( ) {choice}" for choice in block.choices)])


def _table(block: Any) -> tuple[str, str]:
    flags = (("own-first", block.is_own_first), ("sortable", block.is_sortable), ("folded", block.is_folded))
    words = [flag for flag, is_set in flags if is_set]
    return " ".join([*words, block.caption]), "\n\n".join(filter(None, (block.text, block.sentence)))


def _question(block: Any) -> tuple[str, str]:
    return (f"{block.question_id} for={','.join(block.courses)}" if block.courses else block.question_id), ""


# What stands on the first line of a directive, and below it, by the type of the block, which is the directive's name.
_DIRECTIVES: dict[str, Callable[[Any], tuple[str, str]]] = {
    "more": lambda block: (block.title, block.text),
    "note": lambda block: ("", block.text),
    "question": _question,
    "quiz": lambda block: (block.quiz_id, ""),
    "reflection": _reflection,
    "facts": lambda block: (" ".join(block.fact_ids), block.text),
    "detail": lambda block: (block.mentions, block.short),
    "table": _table,
    "examples": lambda block: ("", block.text),
    "statements": lambda block: (f"{block.instrument_id} {block.moment.value}", ""),
    "change": lambda block: (block.instrument_id, ""),
    "plan": lambda block: (block.plan_id, ""),
    "plan-check": lambda block: (block.plan_id, ""),
    "my-plan": lambda block: (block.plan_id, ""),
    "comment": lambda block: (block.id, block.prompt),
    "meeting": lambda block: (block.title, block.text),
}
