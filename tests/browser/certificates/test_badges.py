"""A badge in a real browser: asked for, made by the worker, seen, taken along and taken back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openbadgeslib.ob3 import OB3LdpVerifier, OB3Verifier
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.changes.revoking import revoke
from certificates.record.history import Reason
from certificates.record.issuing import Certificate
from kernel.clock import utc_now
from people.accounts import Account
from people.persons import Person
from tests.browser.certificates.test_certificate_editions import certificate_of
from tests.browser.live_site import LiveSite
from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE, Device, Visitor


def holder(session: Session, number: str) -> Person:
    person_id = session.scalars(select(Certificate.person_id).where(Certificate.number == number)).one()
    return session.get_one(Person, person_id)


def holder_account(session: Session, username: str) -> int:
    return session.scalars(select(Account.id).where(Account.username == username)).one()


@pytest.mark.parametrize("device", [PHONE, DESKTOP, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_a_badge_is_made_taken_along_and_taken_back(
    visit: Callable[..., Visitor], site: LiveSite, device: Device, tmp_path: Path
) -> None:
    username = site.a_learner("Ọláyínká Nguyễn-Siân")
    number = certificate_of(site, username)
    with site.session() as session:
        holder(session, number).email = "olayinka@sefton.example"
        session.commit()
    staff = visit(device, username=username)
    staff.open(f"/certificates/{number}")
    staff.reload_until("Show this certificate elsewhere")
    staff.follow("Show this certificate elsewhere")
    staff.sees("Not your full name")
    staff.fits(320)
    staff.page.get_by_label("Let services where I keep badges").check()
    staff.press("Make my badge")
    staff.reload_until("Download the badge")
    staff.fits(320)
    staff.sees("your email address in a scrambled form")
    picture = staff.page.locator("img.cg-badge")
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 480
    with staff.page.expect_download() as started:
        staff.page.get_by_role("link", name="Download the badge").click()
    started.value.save_as(tmp_path / "badge.svg")
    inside = OB3Verifier.extract_token_from_svg((tmp_path / "badge.svg").read_bytes())
    assert OB3LdpVerifier().verify(inside).id.startswith(f"{site.address}/badges/")
    staff.press("Take the badge back")
    staff.sees("You took your badge back on")
    with site.session() as session:
        reason, account_id = Reason.WRONG_PERSON, holder_account(session, username)
        revoke(session, certificate_number=number, reason=reason, words="", account_id=account_id, now=utc_now())
        session.commit()
    staff.press("Make my badge")
    assert staff.errors == ["This certificate no longer counts, so it can have no badge"]
    staff.fits(320)
