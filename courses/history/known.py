"""What is known before a file is planned: people, courses and completions, as plain values. Pure: no session."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cached_property

from courses.history.rows import HistoryEntry
from kernel.typed import folded, search_words

LONGEST_KEY = 400
_IN_FRONT = re.compile(r"[^\W\d]*[\s_-]*0*(?=\d)")
Words = tuple[str, ...]
Taken = tuple[int, int, date]


@dataclass(frozen=True, slots=True)
class KnownJob:
    """A job with the authority, and who holds it. Without ``last_on`` it has no end; without ``first_on`` no day."""

    person_id: int
    name: str
    payroll_number: str
    first_on: date | None
    last_on: date | None
    born_on: date | None = None
    called: str = ""

    def is_named_like(self, name: str) -> bool:
        """Whether a name could be this person's: people change a part of their name, seldom all of it."""
        if name == self.name:
            return True
        own = {*words_of(self.name), *words_of(self.called)}
        return bool(own & {*words_of(name)})

    def is_held_on(self, day: date) -> bool:
        """Whether a day lies between its first and its last one."""
        return self.first_on is not None and self.first_on <= day and (self.last_on is None or day <= self.last_on)


def bare_number(number: str) -> str:
    """A folded payroll number without what lists lose in front of it: letters, blanks and zeros, as in WR 0107."""
    return _IN_FRONT.sub("", number, count=1) if _IN_FRONT.match(number) else number.lstrip("0")


@dataclass(frozen=True)
class KnownPeople:
    """Everybody who ever had a job with the authority."""

    jobs: tuple[KnownJob, ...]

    @cached_property
    def by_number(self) -> Mapping[str, KnownJob]:
        """Jobs by payroll number."""
        return {folded(job.payroll_number): job for job in self.jobs}

    @cached_property
    def by_bare_number(self) -> Mapping[str, KnownJob | None]:
        """Jobs by ``bare_number``; ``None`` where two are alike."""
        found: dict[str, KnownJob | None] = {}
        for number, job in self.by_number.items():
            bare = bare_number(number)
            found[bare] = None if bare in found else job
        return found

    @cached_property
    def by_name(self) -> Mapping[Words, tuple[KnownJob, ...]]:
        """People by the words of their name, in whatever order they stand: one job of each."""
        found: defaultdict[Words, dict[int, KnownJob]] = defaultdict(dict)
        for job in self.jobs:
            found[words_of(job.name)].setdefault(job.person_id, job)
        return {words: tuple(people.values()) for words, people in found.items()}


@dataclass(frozen=True)
class KnownCourse:
    """A course, with every title that a version of it had, the newest first."""

    course_id: int
    code: str
    slug: str
    titles: tuple[str, ...]


@dataclass(frozen=True)
class KnownCourses:
    """All courses. ``called`` says which one the authority means by a name of its own, by ``course_key``."""

    courses: tuple[KnownCourse, ...]
    called: Mapping[str, int] = field(default_factory=dict)

    def find(self, text: str) -> int | None:
        """The course that somebody means; ``None`` where none or several could be meant."""
        name = course_key(text)
        if name in self.called:
            return self.called[name]
        meant = self._by_name.get(name, frozenset())
        return next(iter(meant)) if len(meant) == 1 else None

    def nearest(self, text: str) -> str | None:
        """The title that is written most alike, if any is alike."""
        titles = {folded(title): course.titles[0] for course in self.courses for title in course.titles}
        found = get_close_matches(folded(text)[:200], titles, n=1, cutoff=0.5)
        return titles[found[0]] if found else None

    def title_of(self, course_id: int) -> str:
        """Its present title."""
        return self._titles[course_id]

    @cached_property
    def _by_name(self) -> Mapping[str, frozenset[int]]:
        found: defaultdict[str, set[int]] = defaultdict(set)
        for course in self.courses:
            for name in (course.slug, course.code, *course.titles):
                found[course_key(name)].add(course.course_id)
        return {name: frozenset(ids) for name, ids in found.items()}

    @cached_property
    def _titles(self) -> Mapping[int, str]:
        return {course.course_id: course.titles[0] for course in self.courses}


@dataclass(frozen=True)
class Known:
    """Everything that a plan looks at. ``taken`` are completions: who, which course, on which day.

    ``kept`` is what rows said that belong to nobody and are evidence already, by ``words_said``.
    """

    people: KnownPeople
    courses: KnownCourses
    taken: frozenset[Taken] = frozenset()
    kept: frozenset[tuple[object, ...]] = frozenset()


def course_key(called: str) -> str:
    """The form in which names of courses are compared and kept. Folding makes many letters of a few signs."""
    return folded(called)[:LONGEST_KEY]


def words_said(entry: HistoryEntry) -> tuple[object, ...]:
    """What a row says about whom, of which course and on which day, so that the same can be told."""
    return (
        folded(entry.payroll_number),
        folded(entry.name),
        entry.born_on,
        course_key(entry.course),
        entry.completed_on,
    )


def words_of(name: str) -> Words:
    """The words of a name in the order of the alphabet: "Hughes, Siân" has those of "Siân Hughes"."""
    return tuple(sorted(search_words(name)))


def ids_of(jobs: Iterable[KnownJob]) -> tuple[int, ...]:
    """The people of jobs, each once."""
    return tuple(dict.fromkeys(job.person_id for job in jobs))
