"""The demo's sign-ins: who they are, their passwords (new in each installation), and the file with them."""

import json
import os
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.people import Person, Workforce
from people.accounts import Account, create_account, hash_password, sign_in
from people.roles import Role, grant
from people.sessions import end_sessions

_WORDS_FILE = Path(__file__).parent / "words.txt"
_LOOK_FOR_SERVICE_OF = 80


@dataclass(frozen=True)
class SignIn:
    """Somebody to sign in as. ``work`` is the kind of work they are looked for in."""

    role: str
    organisation: str
    username: str
    name: str
    work: str


SIGN_INS = (
    SignIn("staff", "sefton", "staff.sefton", "Siân Nguyễn", "library"),
    SignIn("hr-lead", "combined-authority", "hr.combined-authority", "Ọláyínká Brathwaite", "hr"),
    SignIn("hr-lead", "halton", "hr.halton", "Megan Fairhurst", "hr"),
    SignIn("hr-lead", "knowsley", "hr.knowsley", "Agnieszka Wójcik", "hr"),
    SignIn("hr-lead", "liverpool", "hr.liverpool", "Hodan Warsame", "hr"),
    SignIn("hr-lead", "sefton", "hr.sefton", "Róisín O’Hare", "hr"),
    SignIn("hr-lead", "st-helens", "hr.st-helens", "Jaspal Kaur Sandhu", "hr"),
    SignIn("hr-lead", "wirral", "hr.wirral", "Gwenllian Pritchard-Wood", "hr"),
    SignIn("manager", "combined-authority", "manager.combined-authority", "Kofi Mensah-Hughes", ""),
    SignIn("manager", "halton", "manager.halton", "Aoife Brennan", ""),
    SignIn("manager", "knowsley", "manager.knowsley", "Nguyễn Thị Hoa", ""),
    SignIn("manager", "liverpool", "manager.liverpool", "Tariq Al-Shamiri", ""),
    SignIn("manager", "sefton", "manager.sefton", "Yusuf Rahman", ""),
    SignIn("manager", "st-helens", "manager.st-helens", "Ilse van den Berg", ""),
    SignIn("manager", "wirral", "manager.wirral", "Amira Haddad", ""),
    SignIn("author", "combined-authority", "author", "Mei Ling Cheung", "policy"),
    SignIn("admin", "combined-authority", "admin", "Bethan Rimington", "digital"),
)


@dataclass(frozen=True)
class Credential:
    """One line of the accounts file."""

    role: str
    organisation: str
    username: str
    password: str


def new_credentials() -> tuple[Credential, ...]:
    """A fresh password for every sign-in: four words and two digits."""
    words = _WORDS_FILE.read_text(encoding="utf-8").split()
    return tuple(Credential(person.role, person.organisation, person.username, _password(words)) for person in SIGN_INS)


def _password(words: Sequence[str]) -> str:
    return "-".join([*(secrets.choice(words) for _ in range(4)), str(10 + secrets.randbelow(90))])


def hashes_of(credentials: Iterable[Credential]) -> dict[str, str]:
    """The hash of each password, by username; about a second for all."""
    listed = list(credentials)
    with ThreadPoolExecutor(max_workers=2) as pool:
        hashes = pool.map(hash_password, [credential.password for credential in listed])
        return {credential.username: found for credential, found in zip(listed, hashes, strict=True)}


def choose(people: Sequence[Person], *, workforce: Workforce, today: date) -> dict[str, Person]:
    """Somebody at work for every sign-in, by username; each gets the name that the sign-in is known by."""
    chosen: dict[str, Person] = {}
    for wanted in SIGN_INS:
        here = [
            person
            for person in people
            if person.job.team.authority.slug == wanted.organisation
            and person.job.is_at_work(today)
            and len(person.jobs) == 1
            and person not in chosen.values()
        ]
        if wanted.role == Role.MANAGER:
            here = _in_one_service(here)
        chosen[wanted.username] = next((p for p in here if p.job.team.work == wanted.work), here[0])
        workforce.rename(chosen[wanted.username], wanted.name)
    beginner = chosen["staff.sefton"]
    beginner.completed_at = beginner.study = None
    return chosen


def _in_one_service(people: Sequence[Person]) -> list[Person]:
    """The people of a service of about eighty: large enough for figures, small enough for one manager."""
    sizes = Counter(person.job.team.path[:2] for person in people)
    service = min(sizes, key=lambda path: (abs(sizes[path] - _LOOK_FOR_SERVICE_OF), path))
    return [person for person in people if person.job.team.path[:2] == service]


def add_accounts(
    session: Session,
    *,
    chosen: Mapping[str, Person],
    hashes: Mapping[str, str],
    organisation_ids: Mapping[str, int],
    unit_ids: Mapping[tuple[str, ...], int],
    now: datetime,
) -> None:
    """Store an account and its grant for each chosen person. ``unit_ids`` is keyed by slug and path."""
    for wanted in SIGN_INS:
        person = chosen[wanted.username]
        account = create_account(
            session, person_id=person.id, username=wanted.username, password_hash=hashes[wanted.username]
        )
        if wanted.role == "staff":
            continue
        role = Role(wanted.role)
        is_scoped = role in (Role.HR_LEAD, Role.MANAGER)
        service = (wanted.organisation, *person.job.team.path[:2])
        grant(
            session,
            account_id=account.id,
            role=role,
            now=now,
            organisation_id=organisation_ids[wanted.organisation] if is_scoped else None,
            unit_id=unit_ids[service] if role is Role.MANAGER else None,
        )


def renew(session: Session, *, hashes: Mapping[str, str], now: datetime) -> None:
    """Give the demo's accounts new passwords, and end the sessions begun with the old ones."""
    for account in session.scalars(select(Account).where(Account.username.in_(hashes)).order_by(Account.id)):
        account.password_hash = hashes[account.username]
        end_sessions(session, account_id=account.id, now=now)


def open_this_demo(session: Session, credentials: Sequence[Credential], *, now: datetime) -> bool:
    """Whether these passwords are this database's, not another demo's; tries the first one only."""
    first = credentials[0] if len(credentials) == len(SIGN_INS) else None
    return bool(first and sign_in(session, username=first.username, password=first.password, now=now))


def write(path: Path, credentials: Sequence[Credential]) -> None:
    """Keep the passwords in a file that only this user can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump([asdict(credential) for credential in credentials], file, indent=2)
        file.write("\n")
    part.replace(path)


def read(path: Path) -> tuple[Credential, ...]:
    """What ``write`` wrote; empty when the file is missing or is something else."""
    try:
        return tuple(Credential(**entry) for entry in json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return ()
