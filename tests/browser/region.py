"""The small region of the journeys: two authorities, their people, three courses, and who may sign in."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from assignments.requirements import require_course
from courses.catalogue.uploads import media_key
from courses.catalogue.versions import publish
from courses.content.bundle.reading import read_bundle, read_folder
from courses.records.attempts import get_attempt
from courses.records.completion import record_completion
from courses.taking.progression import begin_course
from kernel.clock import utc_now
from kernel.files import FileStore
from people.accounts import Account, create_account, hash_password
from people.organisations import Organisation, Unit, UnitKind
from people.roles import Role, grant
from tests.builders.region import COURSE, FIRST, QUESTIONS, SECOND, a_course, a_person, a_unit, an_organisation
from tools.paths import HERE

PASSWORD = "a long demo password"
LIBRARY = HERE.root / "courses" / "library" / "race-equality-essentials"
SHIPPED, SMALL = "race-equality-essentials", "test-course"
EDITED = "edited-course"
LONGEST_NAME = "Ọláyínká Adébáyọ̀ Wolstenholme-Featherstonehaugh Nguyễn Thị Hương"


@dataclass(frozen=True)
class Region:
    """Ids of what was made; usernames are the words themselves: hr, manager, author, admin."""

    organisation_id: int
    unit_id: int
    team_id: int

    def add_learner(self, session: Session, *, name: str, serial: int) -> str:
        """A person in the care team with an account; nothing begun."""
        person = a_person(session, session.get_one(Unit, self.team_id), name)
        account = create_account(session, person_id=person.id, username=f"staff-{serial}", password_hash=_known_hash())
        return account.username


@cache
def _known_hash() -> str:
    """One slow hash for everybody."""
    return hash_password(PASSWORD)


def small_course(code: str, slug: str, title: str) -> dict[str, str]:
    """The files of the small course under another id, by stem."""
    course = COURSE.replace("id: TC", f"id: {code}").replace("test-course", slug).replace("Test course", title)
    texts = {"course": course, "first": FIRST, "second": SECOND, "questions": QUESTIONS}
    return {stem: text.replace("TC-", f"{code}-") for stem, text in texts.items()}


def build_region(session: Session, store: FileStore) -> Region:
    """Sefton with three directorates, Halton beside it, both asking for both courses."""
    now = utc_now()
    sefton = an_organisation(session, "sefton", "Sefton Council")
    halton = an_organisation(session, "halton", "Halton Borough Council")
    care = a_unit(session, sefton, "Adult Social Care")
    team = a_unit(session, sefton, "Home Care", parent=care, kind=UnitKind.TEAM)
    roads = a_unit(session, sefton, "Highways and Parks")
    small = a_unit(session, sefton, "Communications, Marketing and Customer Experience")
    a_unit(session, halton, "Children’s Services")
    course_ids = [_shipped_course(session, store, now), a_course(session).course_id]
    for course_id, due_on in zip(course_ids, (date(2030, 12, 18), None), strict=True):
        organisation_ids = [sefton.id, halton.id]
        require_course(
            session,
            course_id=course_id,
            organisation_ids=organisation_ids,
            account_id=None,
            now=now,
            due_on=due_on,
        )
    a_course(session, **small_course("EC", EDITED, "Edited course"))
    _staff(session, team, now, complete=12, begun=6, idle=8)
    _staff(session, roads, now, complete=5, begun=4, idle=15)
    _staff(session, small, now, complete=2, begun=1, idle=1)
    _accounts(session, sefton, care, team)
    return Region(sefton.id, care.id, team.id)


def _shipped_course(session: Session, store: FileStore, now: datetime) -> int:
    outcome = read_bundle(read_folder(Path(LIBRARY)))
    assert outcome.document is not None, outcome.findings
    for name, media in outcome.document.media.items():
        store.put(media_key(media.sha256), outcome.media[name])
    return publish(session, document=outcome.document, account_id=None, now=now).course_id


def _staff(session: Session, unit: Unit, now: datetime, *, complete: int, begun: int, idle: int) -> None:
    for number in range(complete + begun + idle):
        person = a_person(session, unit, f"Person {number} of {unit.name}")
        if number >= complete + begun:
            continue
        begin_course(session, person_id=person.id, slug=SHIPPED, now=now)
        if number < complete:
            attempt = get_attempt(session, person_id=person.id, slug=SHIPPED)
            record_completion(
                session,
                person_id=person.id,
                course_id=attempt.course_id,
                cycle=1,
                course_version_id=attempt.version_id,
                now=now,
            )


def _accounts(session: Session, organisation: Organisation, unit: Unit, team: Unit) -> None:
    _account(session, team, "hr", Role.HR_LEAD, organisation_id=organisation.id)
    _account(session, team, "manager", Role.MANAGER, organisation_id=organisation.id, unit_id=unit.id)
    _account(session, team, "author", Role.AUTHOR)
    _account(session, team, "admin", Role.ADMIN)


def _account(session: Session, unit: Unit, username: str, role: Role, **scope: int) -> Account:
    person = a_person(session, unit, LONGEST_NAME)
    account = create_account(session, person_id=person.id, username=username, password_hash=_known_hash())
    grant(session, account_id=account.id, role=role, now=utc_now(), **scope)
    return account


def an_authority(session: Session, slug: str, name: str, *usernames: str) -> Unit:
    """An authority of its own whose HR leads sign in by these names; the unit in which they work."""
    unit = a_unit(session, an_organisation(session, slug, name), "Pobl, Diwylliant a Threfniadaeth Gorfforaethol")
    for username in usernames:
        _account(session, unit, username, Role.HR_LEAD, organisation_id=unit.organisation_id)
    return unit
