"""What the codes of courses stand for: the titles of modules and quizzes, the words of questions and options."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.versions import CourseVersion, documents_of
from courses.content.html.markup import words_in
from courses.records.attempts import Attempt

# Where a part of a course says what it is, the first of them that it has.
_SAYING = ("title", "stem", "prompt", "text", "label")
_TOKEN = re.compile(r"\{\{\s*(\w+)\s*\}\}")
# By the code of a part, and within a question or a set of statements by both codes.
CourseWords = Mapping[str | tuple[str, str], str]


def words_of_courses(session: Session, *, person_id: int) -> CourseWords:
    """The words of every version that somebody began, the newest last. Two statements."""
    begun = select(Attempt.course_version_id).where(Attempt.person_id == person_id)
    versions = session.scalars(select(CourseVersion).where(CourseVersion.id.in_(begun)).order_by(CourseVersion.id))
    found: dict[str | tuple[str, str], str] = {}
    for document in documents_of(session, versions.all()):
        content = document.model_dump(mode="json")
        tokens = {name: token.default for name, token in document.tokens.items()}
        for key, words in _named(content, ""):
            found[key] = words_in(_filled(words, tokens))
    return found


def _filled(words: str, tokens: Mapping[str, str]) -> str:
    return _TOKEN.sub(lambda token: tokens.get(token[1], ""), words)


def _named(part: Any, within: str) -> Iterator[tuple[str | tuple[str, str], str]]:
    if isinstance(part, list):
        for one in part:
            yield from _named(one, within)
    elif isinstance(part, dict):
        code = str(part.get("id") or "")
        words = next((part[one] for one in _SAYING if isinstance(part.get(one), str) and part[one]), "")
        if code and words:
            yield code, words
            yield (within, code), words
            if isinstance(part.get("slug"), str):
                yield part["slug"], words
        # Options have short codes of their own in each question.
        deeper = code if "stem" in part else within
        for one in part.values():
            yield from _named(one, deeper)
