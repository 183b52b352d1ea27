"""What anybody may learn from a number, a file or a holder's link."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.changes.reissuing import reissue
from certificates.record.history import Reason
from certificates.record.issuing import Certificate
from certificates.record.links import MOST_OPEN, CertificateLink, LinkOutcome, links_of, make_link, withdraw_link
from certificates.record.masking import mask_name
from certificates.record.validity_status import ValidityStatus
from certificates.verification import Verification, find_by_file, verify
from kernel.audit import entries_for
from kernel.errors import NotFound, RuleBroken
from people.persons import Person
from tests.builders.region import NOON, an_account


@pytest.fixture
def account_id(session: Session, issued: Certificate) -> int:
    """The holder's account."""
    return an_account(session, session.get_one(Person, issued.person_id)).id


def a_link(session: Session, certificate: Certificate, account_id: int, **changes: object) -> LinkOutcome:
    values: dict[str, object] = {"person_id": certificate.person_id, "days": 30, "label": "A new job", **changes}
    return make_link(session, certificate_number=certificate.number, account_id=account_id, now=NOON, **values)  # type: ignore[arg-type]


def seen(session: Session, certificate: Certificate, link: LinkOutcome, now: datetime = NOON) -> str:
    found = verify(session, certificate_number=certificate.number, now=now, secret=link.secret)
    assert isinstance(found, Verification)
    return found.name


@pytest.mark.parametrize("typed", [str, str.lower, lambda n: n.replace("-", " "), lambda n: f"  {n} "])
def test_a_number_is_found_however_it_is_typed(
    session: Session, issued: Certificate, typed: Callable[[str], str]
) -> None:
    found = verify(session, certificate_number=typed(issued.number), now=NOON)
    assert found is not None
    assert (found.course_title, found.course_version, found.masked_name) == ("Test course", 1, "Ọ••• N•••")
    assert (found.validity, found.full_name) == (ValidityStatus.VALID, None)


def test_a_number_that_was_never_issued_is_not_valid(session: Session, issued: Certificate) -> None:
    assert verify(session, certificate_number="RE-0000-0000-0", now=NOON) is None
    assert verify(session, certificate_number="nonsense", now=NOON) is None
    assert verify(session, certificate_number="-", now=NOON) is None


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Siân Nguyễn", "S••• N•••"),
        ("محمد", "م•••"),
        ("王芳", "王•••"),
        ("Ọláyínká", "Ọ•••"),
        ("Zoe\u0308 B", "Z••• B•••"),
        ("O\u0323\u0301la", "Ọ́•••"),
        ("श्रीनिवास", "श्री•••"),
        ("குமார்", "கு•••"),
        ("각하", "각•••"),
        ("กำธร", "กำ•••"),
        ("\u202eabc\u0000 d", "a••• d•••"),
        ("a\u0301" + "\u0302" * 300, "á" + "\u0302" * 7 + "•••"),
        ("", ""),
    ],
)
def test_a_masked_name_shows_first_letters_only(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(max_size=60))
def test_no_mask_shows_a_second_letter(name: str) -> None:
    for word in mask_name(name).split():
        assert word.endswith("•••")
        assert len(regex.findall(r"\X", word.removesuffix("•••"))) <= 1


def test_a_file_is_known_by_its_bytes(session: Session, issued: Certificate) -> None:
    issued.sha256 = "ab" * 32
    session.flush()
    found = find_by_file(session, sha256="ab" * 32, now=NOON)
    assert found is not None
    assert found.number == issued.number
    assert find_by_file(session, sha256="ac" * 32, now=NOON) is None


def test_a_link_shows_the_full_name_until_it_ends(session: Session, issued: Certificate, account_id: int) -> None:
    link = a_link(session, issued, account_id)
    assert seen(session, issued, link) == "Ọláyínká Nguyễn-Siân"
    assert seen(session, issued, link, NOON + timedelta(days=30)) == "Ọ••• N•••"


def test_a_withdrawn_link_shows_the_mask_and_both_acts_are_on_record(
    session: Session, issued: Certificate, account_id: int
) -> None:
    link = a_link(session, issued, account_id)
    for _ in range(2):
        withdraw_link(
            session,
            certificate_number=issued.number,
            link_id=link.link_id,
            person_id=issued.person_id,
            account_id=account_id,
            now=NOON,
        )
    assert seen(session, issued, link) == "Ọ••• N•••"
    entries = entries_for(session, subject_type="certificate", subject_id=issued.number)
    assert [entry.action for entry in entries] == ["certificate-link-made", "certificate-link-withdrawn"]
    assert "A new job" not in str([entry.detail for entry in entries])


def test_the_secret_is_long_and_stored_only_hashed(session: Session, issued: Certificate, account_id: int) -> None:
    link = a_link(session, issued, account_id)
    (stored,) = links_of(session, certificate_id=issued.id)
    assert len(link.secret) >= 43
    assert link.secret not in str(vars(stored))


@pytest.mark.parametrize("secret", ["", "x", "💜", "\ud800", "a" * 5000])
def test_a_wrong_secret_shows_the_mask(session: Session, issued: Certificate, account_id: int, secret: str) -> None:
    a_link(session, issued, account_id)
    found = verify(session, certificate_number=issued.number, now=NOON, secret=secret)
    assert found is not None
    assert found.full_name is None


def test_a_link_belongs_to_one_certificate_and_ends_with_it(
    session: Session, issued: Certificate, account_id: int
) -> None:
    link = a_link(session, issued, account_id)
    new = reissue(
        session, certificate_number=issued.number, reason=Reason.TEMPLATE_FAULT, words="", account_id=None, now=NOON
    )
    assert seen(session, issued, link) == "Ọ••• N•••"
    assert seen(session, session.get_one(Certificate, new.certificate_id), link) == "Ọ••• N•••"


def test_links_are_the_holders_alone(session: Session, issued: Certificate, account_id: int) -> None:
    with pytest.raises(NotFound):
        a_link(session, issued, account_id, person_id=issued.person_id + 1)
    link = a_link(session, issued, account_id)
    for link_id, person_id in ((link.link_id, issued.person_id + 1), (link.link_id + 1, issued.person_id)):
        with pytest.raises(NotFound):
            withdraw_link(
                session,
                certificate_number=issued.number,
                link_id=link_id,
                person_id=person_id,
                account_id=account_id,
                now=NOON,
            )


@pytest.mark.parametrize(("changes", "field"), [({"days": 8}, "days"), ({"label": "x" * 61}, "label")])
def test_a_link_that_cannot_be_is_refused(
    session: Session, issued: Certificate, account_id: int, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        a_link(session, issued, account_id, **changes)
    assert refusal.value.field == field


def test_ten_links_are_enough(session: Session, issued: Certificate, account_id: int) -> None:
    for _ in range(MOST_OPEN):
        a_link(session, issued, account_id)
    with pytest.raises(RuleBroken, match="Withdraw one"):
        a_link(session, issued, account_id)
    assert session.scalar(select(func.count()).select_from(CertificateLink)) == MOST_OPEN
