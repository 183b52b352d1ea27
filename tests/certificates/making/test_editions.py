"""Re-issuing, revoking and restoring: what a certificate is worth, and how it says so."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from certificates.changes.reissuing import correct_own_name, reissue
from certificates.changes.revoking import restore, revoke
from certificates.making.rendering import facts_of
from certificates.record.history import REASONS, CertificateEvent, EventKind, Reason
from certificates.record.issuing import (
    Certificate,
    certificates_for,
    find_for_completion,
    issue_for_completion,
)
from certificates.record.validity_status import EditionHistory, ValidityStatus, edition_history, events_of
from courses.catalogue.versions import publish
from kernel.audit import entries_for
from kernel.errors import NotFound, RuleBroken
from kernel.tasks.kinds import TaskState
from people.organisations import Organisation
from people.persons import Person
from tests.builders.region import COURSE, NOON, TODAY, a_document, an_account

LATER = NOON + timedelta(days=40)
THAT_DAY = LATER.date()
FAULT, NAME, OTHER = Reason.TEMPLATE_FAULT, Reason.NAME_CORRECTED, Reason.OTHER


def rename(session: Session, certificate: Certificate, name: str) -> None:
    session.get_one(Person, certificate.person_id).chosen_name = name
    session.flush()


def reissued(session: Session, old: Certificate, reason: Reason = FAULT, words: str = "") -> Certificate:
    outcome = reissue(session, certificate_number=old.number, reason=reason, words=words, account_id=None, now=LATER)
    return session.get_one(Certificate, outcome.certificate_id)


def revoked(session: Session, certificate: Certificate, account_id: int, words: str = "") -> None:
    reason = OTHER if words else Reason.WRONG_PERSON
    revoke(session, certificate_number=certificate.number, reason=reason, words=words, account_id=account_id, now=LATER)


def restored(session: Session, certificate: Certificate, account_id: int) -> None:
    reason = Reason.REVOKED_IN_ERROR
    restore(session, certificate_number=certificate.number, reason=reason, words="", account_id=account_id, now=LATER)


def history(session: Session, certificate: Certificate, today: date = THAT_DAY) -> EditionHistory:
    return edition_history(session, certificate, today=today)


@pytest.fixture
def account_id(session: Session, issued: Certificate) -> int:
    """The holder's account."""
    return an_account(session, session.get_one(Person, issued.person_id)).id


def test_a_certificate_is_valid_and_alone_at_first(session: Session, issued: Certificate) -> None:
    found = history(session, issued)
    assert (found.this.validity, found.this.ended_on, len(found.editions)) == (ValidityStatus.VALID, None, 1)
    assert found.newest.number == issued.number


def test_a_reissue_has_its_own_number_and_leaves_the_old_one_as_it_was(session: Session, issued: Certificate) -> None:
    before = {column.key: getattr(issued, column.key) for column in Certificate.__table__.columns}
    new = reissued(session, issued)
    session.refresh(issued)
    assert {column.key: getattr(issued, column.key) for column in Certificate.__table__.columns} == before
    assert new.number != issued.number
    assert (new.edition, new.supersedes_number, new.state) == (2, issued.number, TaskState.PENDING)


def test_every_edition_is_seen_from_both_ends(session: Session, issued: Certificate) -> None:
    second = reissued(session, issued)
    third = reissued(session, second)
    numbers = [issued.number, second.number, third.number]
    assert [edition.number for edition in history(session, second).editions] == numbers
    assert [edition.number for edition in history(session, second).older] == numbers[:1]
    assert [edition.number for edition in history(session, second).newer] == numbers[2:]
    old = history(session, issued).this
    assert (old.validity, old.ended_on) == (ValidityStatus.SUPERSEDED, LATER.date())
    assert old.ending is not None
    assert old.ending.reason_words == "The document had a fault"
    assert history(session, third).this.validity is ValidityStatus.VALID


def test_later_edits_of_name_authority_and_course_change_nothing(
    session: Session, completion: int, issued: Certificate
) -> None:
    rename(session, issued, "Another Name")
    session.execute(update(Organisation).values(name="Another Council"))
    document = a_document(course=COURSE.replace("Test course", "Another title"))
    publish(session, document=document, account_id=None, now=LATER)
    again = issue_for_completion(session, completion_id=completion, now=LATER)
    assert again is not None
    assert not again.is_new
    new = reissued(session, issued)
    for certificate in (issued, new):
        session.refresh(certificate)
        frozen = (certificate.holder_name, certificate.organisation_name, certificate.course_title)
        assert frozen == ("Ọláyínká Nguyễn-Siân", "Halton Borough Council", "Test course")
    assert facts_of(session, issued, str).supersedes is None
    assert facts_of(session, new, str).supersedes == issued.number


def test_a_corrected_name_is_read_at_that_moment(session: Session, issued: Certificate) -> None:
    rename(session, issued, "Ọláyínká Siân")
    new = reissued(session, issued, NAME)
    rename(session, issued, "A third name")
    session.refresh(new)
    assert new.holder_name == "Ọláyínká Siân"
    assert [edition.masked_name for edition in history(session, new).editions] == ["Ọ••• N•••", "Ọ••• S•••"]


def test_a_name_that_is_right_is_not_corrected(session: Session, issued: Certificate) -> None:
    with pytest.raises(RuleBroken, match="has the name that the record holds already"):
        reissued(session, issued, NAME)


def test_only_the_newest_is_issued_anew(session: Session, issued: Certificate) -> None:
    new = reissued(session, issued)
    with pytest.raises(RuleBroken, match=f"was replaced already. Open {new.number}"):
        reissued(session, issued)


def test_a_holder_corrects_their_name_twice_at_most(session: Session, issued: Certificate, account_id: int) -> None:
    def correct(name: str) -> None:
        rename(session, issued, name)
        newest = find_for_completion(session, completion_id=issued.completion_id)
        assert newest is not None
        correct_own_name(
            session, certificate_number=newest.number, person_id=issued.person_id, account_id=account_id, now=LATER
        )

    correct("Second Name")
    correct("Third Name")
    with pytest.raises(RuleBroken, match="twice already"):
        correct("Fourth Name")
    entries = entries_for(session, subject_type="certificate", subject_id=issued.number)
    assert [(entry.action, entry.actor_account_id) for entry in entries] == [("certificate-reissued", account_id)]
    assert "Name" not in str(entries[0].detail)


def test_nobody_corrects_the_name_on_somebody_elses(session: Session, issued: Certificate, account_id: int) -> None:
    with pytest.raises(NotFound):
        correct_own_name(
            session, certificate_number=issued.number, person_id=issued.person_id + 1, account_id=account_id, now=LATER
        )


def test_a_revoked_certificate_can_be_restored_and_both_stay_on_record(
    session: Session, issued: Certificate, account_id: int
) -> None:
    revoked(session, issued, account_id, "Taken by a colleague")
    found = history(session, issued).this
    assert (found.validity, found.ended_on) == (ValidityStatus.REVOKED, LATER.date())
    assert issued.is_revoked
    restored(session, issued, account_id)
    assert history(session, issued).this.validity is ValidityStatus.VALID
    assert not issued.is_revoked
    events = events_of(session, certificate_id=issued.id)
    assert [(event.kind, event.words) for event in events] == [
        (EventKind.REVOKED, "Taken by a colleague"), (EventKind.RESTORED, ""),
    ]  # fmt: skip
    actions = [e.action for e in entries_for(session, subject_type="certificate", subject_id=issued.number)]
    assert actions == ["certificate-revoked", "certificate-restored"]


def test_what_makes_no_sense_is_refused(session: Session, issued: Certificate, account_id: int) -> None:
    with pytest.raises(RuleBroken, match="is not revoked"):
        restored(session, issued, account_id)
    revoked(session, issued, account_id)
    with pytest.raises(RuleBroken, match="revoked already"):
        revoked(session, issued, account_id)
    with pytest.raises(RuleBroken, match="Restore it first"):
        reissued(session, issued)
    restored(session, issued, account_id)
    reissued(session, issued)
    with pytest.raises(RuleBroken, match="Revoke that one"):
        revoked(session, issued, account_id)


def test_a_number_that_nobody_holds_is_not_found(session: Session, account_id: int) -> None:
    for act in (revoke, restore):
        reason = next(iter(REASONS[EventKind.REVOKED if act is revoke else EventKind.RESTORED]))
        with pytest.raises(NotFound):
            act(session, certificate_number="RE-0000-0000-0", reason=reason, words="", account_id=account_id, now=LATER)


@pytest.mark.parametrize(
    ("reason", "words", "message"),
    [(OTHER, "  ", "Say what the reason is"), (Reason.WRONG_PERSON, "", "Select a reason"), (FAULT, "x" * 301, "300")],
)
def test_a_reason_must_fit_and_be_explained(
    session: Session, issued: Certificate, reason: Reason, words: str, message: str
) -> None:
    with pytest.raises(RuleBroken, match=message):
        reissued(session, issued, reason, words)


def test_a_person_lists_the_newest_edition_of_each(session: Session, issued: Certificate, account_id: int) -> None:
    new = reissued(session, issued)
    revoked(session, new, account_id)
    session.expire_all()
    found = certificates_for(session, person_id=issued.person_id)
    assert [(certificate.number, certificate.is_revoked) for certificate in found] == [(new.number, True)]


def test_events_cannot_be_edited_away(session: Session, issued: Certificate) -> None:
    reissued(session, issued)
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(update(CertificateEvent).values(words="Nothing"))


def test_a_certificate_counts_up_to_and_with_its_last_day(session: Session, issued: Certificate) -> None:
    issued.valid_until = TODAY
    session.flush()
    assert history(session, issued, TODAY).this.validity is ValidityStatus.VALID
    expired = history(session, issued, TODAY + timedelta(days=1)).this
    assert (expired.validity, expired.ended_on) == (ValidityStatus.EXPIRED, TODAY)
    assert reissued(session, issued).valid_until == TODAY
