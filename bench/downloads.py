"""How long a holder waits for a certificate that is ready: signed in, read from the store, its SHA-256 compared."""

import hashlib
from collections.abc import Mapping

from flask import Flask
from sqlalchemy import select

from app.platform.extensions import db
from app.platform.work import unit_of_work
from bench.server import once
from bench.sessions import SignedIn, sign_in
from certificates.record.issuing import Certificate
from kernel.tasks.kinds import TaskState
from people.accounts import Account, create_account

HOW_MANY = 200


def measure(app: Flask, url: str) -> Mapping[str, float]:
    """Milliseconds of one request at a time, each for another person's file: the median, and what 95 of 100 take."""
    wanted = _holders(app)
    taken = []
    for number, sha256, holder in wanted:
        milliseconds, body = once(f"{url}/certificates/{number}/file", holder.cookie)
        if hashlib.sha256(body).hexdigest() != sha256:
            raise SystemExit(f"{number} was not what its row says")
        taken.append(milliseconds)
    usual = sorted(taken[len(taken) // 10 :])  # each worker of the server answers a few before it is warm
    return {"median": usual[len(usual) // 2], "of 95 in 100": usual[len(usual) * 95 // 100]}


def _holders(app: Flask) -> list[tuple[str, str, SignedIn]]:
    """Number and SHA-256 of certificates that are ready, and their holders, who have just signed in."""
    with app.app_context(), unit_of_work() as work:
        rows = db.session.execute(
            select(Certificate.number, Certificate.sha256, Certificate.person_id)
            .where(
                Certificate.state == TaskState.DONE,
                Certificate.person_id.not_in(select(Account.person_id).where(Account.person_id.is_not(None))),
            )
            .order_by(Certificate.id)
            .limit(HOW_MANY)
        ).all()
        made: dict[int, int] = {}
        for _, _, person_id in rows:
            if person_id not in made:
                account = create_account(
                    work.session,
                    person_id=person_id,
                    username=f"holder-{person_id}",
                    password_hash="none",  # noqa: S106
                )
                made[person_id] = account.id
    return [(number, str(sha256), sign_in(app, made[person_id])) for number, sha256, person_id in rows]
