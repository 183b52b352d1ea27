"""A course once more under another id: what an author would otherwise change by hand in every file."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from courses.content.bundle.reading import COURSE_FILE
from courses.content.files.fact_files import SHARED_FACT_FILE
from courses.content.model.course import CourseDocument
from courses.content.model.personal import CommentBlock

_YAML = (".yaml", ".yml")


@dataclass(frozen=True)
class NewIdentity:
    """What makes a copy another course: its id, its part of the address, and its title."""

    course_id: str
    slug: str
    title: str


def copied(files: Mapping[str, bytes], document: CourseDocument, identity: NewIdentity) -> dict[str, bytes]:
    """The files of ``document`` under a new identity; what an author noted in them stays where it is.

    Renamed are the ids that begin with the course's id, in all files and in the notes of YAML files; the id in the
    ``courses`` of shared facts; and links to the course's own pages. Ids that it shares with other courses stay.
    """
    known = frozenset(_own_ids(document))
    ids = re.compile(rf"(?<![A-Za-z0-9-]){document.id}((?:-[A-Z0-9]{{1,12}}){{1,4}})(?![A-Za-z0-9-])")
    address = re.compile(rf"(?<![\w/])/courses/{document.slug}(?![a-z0-9-])")

    def renamed(line: str, *, is_note: bool) -> str:
        line = ids.sub(
            lambda found: f"{identity.course_id}{found[1]}" if is_note or found[0] in known else found[0], line
        )
        return address.sub(f"/courses/{identity.slug}", line)

    changed = {}
    for name, data in files.items():
        if not name.endswith((*_YAML, ".md")):
            changed[name] = data
            continue
        text = data.decode("utf-8-sig")
        if name in (COURSE_FILE, SHARED_FACT_FILE):
            text = _with_scalars(text, dict(_scalars(name, text, document, identity)))
        lines = text.split("\n")
        is_yaml = name.endswith(_YAML)
        changed[name] = "\n".join(
            renamed(line, is_note=is_yaml and line.lstrip().startswith("#")) for line in lines
        ).encode()
    return changed


def _own_ids(document: CourseDocument) -> Iterator[str]:
    for module, screen in document.screens():
        yield module.id
        yield screen.id
        yield from screen.reflection_ids
        yield from (block.id for block in screen.blocks if isinstance(block, CommentBlock))
    for named in (document.questions, document.facts, document.quizzes, document.instruments, document.plans):
        yield from named


def _scalars(
    name: str, text: str, document: CourseDocument, identity: NewIdentity
) -> Iterator[tuple[yaml.ScalarNode, str]]:
    """The values of a YAML file that change, each with the words that take its place."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if name == COURSE_FILE and isinstance(root, yaml.MappingNode):
        title = json.dumps(identity.title, ensure_ascii=False)
        new = {"id": _plain(identity.course_id), "slug": _plain(identity.slug), "title": title}
        yield from ((value, new[key.value]) for key, value in root.value if key.value in new)
        return
    for fact in root.value if isinstance(root, yaml.SequenceNode) else ():
        for key, courses in fact.value:
            if key.value == "courses":
                yield from ((one, _plain(identity.course_id)) for one in courses.value if one.value == document.id)


def _plain(word: str) -> str:
    """A word as YAML: between quotes where it would be something else without, as null and 123 would."""
    return word if yaml.safe_load(word) == word else json.dumps(word)


def _with_scalars(text: str, new: Mapping[yaml.ScalarNode, str]) -> str:
    for node in sorted(new, key=lambda node: node.start_mark.index, reverse=True):
        start, end = node.start_mark.index, node.end_mark.index
        # The mark at the end of a text of several lines stands behind the empty lines after it.
        end = start + len(text[start:end].rstrip())
        text = text[:start] + new[node] + text[end:]
    return text
