"""The audit trail in plain words: who did what, when, and about whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.audit.acts import act_of
from app.platform.audit.details import detail_words
from courses.catalogue.programmes import names_of_programmes
from courses.catalogue.versions import Course, current_versions
from kernel.audit import AuditEntry
from people.accounts import Account
from people.actors import names_of_accounts
from people.organisations import Organisation, Unit, organisation_names
from people.persons import Person

THE_PLATFORM = "The platform"
_THINGS = {
    "certificate": "certificate {}",
    "certificate-archive": "zip {}",
    "certificate-run": "run {}",
    "course-upload": "upload {}",
    "feed-run": "HR file {}",
    "feed-source": "source {} of HR files",
    "history-run": "file {} of past learning",
    "published-figure": "figure {}",
    "sign-in-sheet": "sheet {} of sign-in cards",
    "message": "message {}",
    "retention": "records of the kind “{}”",
    "task": "task {}",
    "attempt": "attempt {}",
}
# Lists of names, by what they are called where they are written down.
_LISTS = {
    "certificates-to-issue": "the names of people who can get a certificate",
    "exemptions": "the names of people who are exempt",
    "hr-file": "the names in an HR file",
    "past-learning": "names in past learning",
    "people": "names in the list of people",
    "people-act": "the names of people for whom something was done together",
    "quiz-tries-asked-for": "the names of people who ask for more tries at a quiz",
    "sign-in-sheet": "the names on a sheet of sign-in cards",
    "requests": "the names of people who ask about a course",
    "team": "the names in their team",
    "team-rota": "the names in the time planned for their team",
    "team-printed": "the names in their team, to print",
    "search": "the names that a search for people found",
}


@dataclass(frozen=True)
class AuditLine:
    """An entry as people read it. ``did`` is a sentence without its subject; ``more`` are its other details."""

    entry_id: int
    happened_at: datetime
    actor: str
    did: str
    more: str


def lines_of(session: Session, entries: Sequence[AuditEntry]) -> tuple[AuditLine, ...]:
    """Entries in plain words, with the names that people have now. A fixed number of statements for any number."""
    names = _Names(session, entries)
    return tuple(_line(entry, names) for entry in entries)


class _Names:
    """What the ids of some entries stand for."""

    def __init__(self, session: Session, entries: Iterable[AuditEntry]) -> None:
        every = tuple(entries)
        self.accounts = names_of_accounts(
            session, account_ids=[*(one.actor_account_id for one in every), *_ids(every, "account")]
        )
        self.people = _by_id(session, Person.id, Person.chosen_name, _ids(every, "person"))
        self.person_of = _by_id(session, Account.id, Account.person_id, (one.actor_account_id for one in every))
        organisations = {*_ids(every, "organisation"), *_detailed(every, "organisation_id", "organisation")}
        organisations |= {_number(each) for one in every for each in _several(one.detail.get("organisations"))}
        self.organisations = _by_id(session, Organisation.id, Organisation.name, organisations)
        self.authorities: dict[str, str] = {}
        if slugs := {str(one.detail["authority"]) for one in every if "authority" in one.detail}:
            self.authorities = organisation_names(session, slugs=slugs)
        self.units = _by_id(session, Unit.id, Unit.path, _detailed(every, "unit_id", "unit"))
        self.courses: dict[int, str] = {}
        self.titles: dict[str, str] = {}
        if any(one.subject_type == "course" or "course" in one.detail for one in every):
            self._read_courses(session, {*_ids(every, "course"), *_detailed(every, "course")})

    def _read_courses(self, session: Session, wanted: Iterable[int | None]) -> None:
        current = current_versions(session)
        self.courses = _by_id(session, Course.id, Course.code, wanted)
        self.courses |= {course.id: version.title for course, version in current}
        published = {course.id for course, _ in current}
        if others := self.courses.keys() - published:
            self.courses |= names_of_programmes(session, course_ids=others)
        self.titles = {course.slug: version.title for course, version in current}

    def about(self, entry: AuditEntry) -> str:
        """The thing or the person that an entry is about."""
        known = {
            "account": self.accounts,
            "person": self.people,
            "organisation": self.organisations,
            "course": self.courses,
        }
        found = known.get(entry.subject_type, {}).get(_number(entry.subject_id) or 0)
        if found is not None:
            return found
        if entry.subject_type == "list-of-names":
            return _LISTS.get(entry.subject_id, f"the list of names {entry.subject_id}")
        return _THINGS.get(entry.subject_type, f"{entry.subject_type.replace('-', ' ')} {{}}").format(entry.subject_id)

    def is_oneself(self, entry: AuditEntry) -> bool:
        """Whether somebody did it to their own account or record."""
        own = {"account": entry.actor_account_id, "person": self.person_of.get(entry.actor_account_id or 0)}
        return entry.actor_account_id is not None and own.get(entry.subject_type) == _number(entry.subject_id)


def _line(entry: AuditEntry, names: _Names) -> AuditLine:
    details = _details(entry, names)
    act = act_of(entry.action)
    template = act.own if act.own and names.is_oneself(entry) else act.did
    did = template.format_map(_Filled(details, about=names.about(entry)))
    others = {key: value for key, value in details.items() if f"{{{key}}}" not in template}
    more = ", ".join(filter(None, (detail_words(key, value) for key, value in others.items())))
    actor = names.accounts.get(entry.actor_account_id or 0, THE_PLATFORM)
    return AuditLine(entry.id, entry.happened_at, actor, did, more)


def _details(entry: AuditEntry, names: _Names) -> dict[str, str]:
    said: dict[str, str] = {}
    for key, value in entry.detail.items():
        if value in (None, "", []):
            continue
        said_as, words = _detail(key, value, names)
        said[said_as] = words
    return said


def _detail(key: str, value: object, names: _Names) -> tuple[str, str]:
    """A detail under the name by which sentences know it, with names in the place of ids."""
    plain = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    identity = _number(value) or 0
    match key:
        case "organisation_id" | "organisation":
            return "organisation", names.organisations.get(identity, plain)
        case "organisations":
            return "at", ", ".join(names.organisations.get(_number(one) or 0, str(one)) for one in _several(value))
        case "unit_id" | "unit":
            return "unit", names.units.get(identity, plain)
        case "course":
            return key, names.courses.get(identity) or names.titles.get(plain, plain)
        case "authority":
            return key, names.authorities.get(plain, plain)
        case "role":
            return key, plain.replace("hr-lead", "HR lead")
        case _:
            return key, plain


class _Filled(dict[str, str]):
    def __init__(self, details: dict[str, str], *, about: str) -> None:
        super().__init__(details, about=about)

    def __missing__(self, key: str) -> str:
        return "unknown"


def _ids(entries: Iterable[AuditEntry], subject_type: str) -> set[int | None]:
    return {_number(one.subject_id) for one in entries if one.subject_type == subject_type}


def _detailed(entries: Iterable[AuditEntry], *keys: str) -> set[int | None]:
    return {_number(one.detail.get(key)) for one in entries for key in keys}


def _several(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _number(value: object) -> int | None:
    return int(str(value)) if str(value).isascii() and str(value).isdigit() and len(str(value)) < 10 else None


def _by_id(session: Session, key: object, words: object, ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    return dict(session.execute(select(key, words).where(key.in_(wanted))).all())  # type: ignore[call-overload,attr-defined]
