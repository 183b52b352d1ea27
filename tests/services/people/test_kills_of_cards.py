"""Sign-in cards with real workers: killed at random moments, and two at once."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.platform.sealed.files import unseal
from app.platform.storage import FolderStore
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from people.organisations import Organisation
from people.password_leaves import PasswordReset
from people.password_resets import try_code
from people.roles import Role
from people.ways_in.choices import ChosenWay, FirstWay, UsernameStyle, choose_way
from people.ways_in.needs import Reach
from people.ways_in.rounds import MAKE_WAYS_IN, WayInBatch, WayInMember
from people.ways_in.starting import start_round
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.services.conftest import OwnRedis, Site
from tests.services.people.killing import kill_again_and_again, two_at_once

pytestmark = pytest.mark.slow
PDFTOTEXT = shutil.which("pdftotext") or "pdftotext"
TEAMS, CARDS_EACH = 6, 4


@pytest.fixture
def asked(site: Site, own_redis: OwnRedis) -> None:
    """Cards for the people of some teams."""
    own_redis.start()
    with site.session(is_writing=True) as session:
        organisation = session.get_one(Organisation, an_organisation(session).id)
        units = [a_unit(session, organisation, f"Team {place}") for place in range(TEAMS)]
        lead = an_account(session, a_person(session, units[0], "Lead"), Role.HR_LEAD, unit=units[0])
        lead.last_signed_in_at = utc_now()
        for unit in units:
            for place in range(CARDS_EACH):
                a_person(session, unit, f"Person {place}", payroll_number=f"{unit.id}{place:03}")
        choice = ChosenWay(FirstWay.CARD, UsernameStyle.PAYROLL_NUMBER, "hal")
        choose_way(session, organisation_id=organisation.id, choice=choice, by=lead.id, now=utc_now())
        start_round(session, Reach(organisation.id), way=FirstWay.CARD, by=lead.id, now=utc_now())


def are_all_made(site: Site) -> bool:
    with site.session() as session:
        return set(session.scalars(select(WayInBatch.state))) == {TaskState.DONE}


def check_cards(site: Site, folder: Path) -> None:
    """Each person has one account, and the code on the one sheet that is kept is the one that opens it."""
    with site.session() as session:
        batches: Sequence[WayInBatch] = session.scalars(select(WayInBatch)).all()
        members = session.scalars(select(WayInMember.person_id)).all()
        assert len(members) == len(set(members)) == TEAMS * CARDS_EACH
        accounts = session.scalars(select(Account.person_id).where(Account.person_id.in_(members))).all()
        assert sorted(accounts) == sorted(members)
        is_open = (PasswordReset.ends_at > utc_now(), PasswordReset.used_at.is_(None))
        assert session.scalar(select(func.count()).select_from(PasswordReset).where(*is_open)) == len(members)
    store = FolderStore(site.files)
    found = [card for batch in batches for card in cards_on(site, store, batch, folder)]
    assert len(found) == len(set(found)) == TEAMS * CARDS_EACH
    with site.app.app_context():
        for username, code in found:
            with unit_of_work() as work:
                assert try_code(work.session, username=username, typed=code, now=utc_now()) is not None
    assert len(list((site.files / "sign-in-cards").iterdir())) == TEAMS


def cards_on(site: Site, store: FolderStore, batch: WayInBatch, folder: Path) -> list[tuple[str, str]]:
    with site.app.app_context():
        (folder / "sheet.pdf").write_bytes(unseal(store.read(batch.storage_key)))
    words = subprocess.run([PDFTOTEXT, "-layout", folder / "sheet.pdf", "-"], capture_output=True, check=True)
    text = words.stdout.decode()
    codes = re.findall(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", text)
    names = re.findall(r"\bhal-\d+\b", text)
    return list(zip(names, codes, strict=True))


def test_cards_whose_workers_are_killed_are_made_once(site: Site, asked: None, tmp_path: Path) -> None:
    kill_again_and_again(site, MAKE_WAYS_IN, lambda: are_all_made(site))
    check_cards(site, tmp_path)


def test_two_workers_make_each_card_once(site: Site, asked: None, tmp_path: Path) -> None:
    two_at_once(site, MAKE_WAYS_IN, lambda: are_all_made(site))
    check_cards(site, tmp_path)
