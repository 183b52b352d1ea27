"""A badge asked for, signed and withdrawn, as people and workers do it."""

from sqlalchemy.orm import Session

from certificates.badges.making import (
    BADGES,
    ask_for_badge,
    store_badge,
    withdraw_badge,
)
from certificates.badges.records import Badge
from certificates.record.issuing import Certificate
from kernel.tasks.claims import Claim
from tests.builders.region import NOON
from tests.builders.tasks import in_hand

CREDENTIAL = '{"credentialSubject": {"achievement": {"name": "Test course", "version": "1"}}}'


def asked(session: Session, certificate: Certificate, account_id: int, *, has_email: bool = False) -> Badge:
    return ask_for_badge(
        session,
        certificate_number=certificate.number,
        person_id=certificate.person_id,
        account_id=account_id,
        has_email=has_email,
        now=NOON,
    )


def signed(session: Session, badge: Badge) -> Badge:
    signed_by(session, in_hand(session, BADGES, badge.id))
    return badge


def signed_by(session: Session, claimed: Claim[Badge], credential: str = CREDENTIAL) -> None:
    store_badge(session, claimed, credential=credential, jwt="a.b.c", multibase="z6Mk", now=NOON)
    session.expire_all()


def withdrawn(session: Session, certificate: Certificate, account_id: int) -> None:
    withdraw_badge(
        session, certificate_number=certificate.number, person_id=certificate.person_id, account_id=account_id, now=NOON
    )
