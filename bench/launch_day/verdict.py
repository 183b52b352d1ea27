"""What people were told against what is in the tables: nothing lost, nothing twice, the figures right to the person."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from bench.launch_day.learner import QUESTION, Learner

ANSWERS = text("""
    SELECT account.username, answer.question_id, count(*)
    FROM answer JOIN attempt ON attempt.id = answer.attempt_id JOIN account ON account.person_id = attempt.person_id
    WHERE account.username LIKE 'launch-%' GROUP BY account.username, answer.question_id
""")
COMPLETIONS = text("""
    SELECT account.username, count(*) AS rows
    FROM completion JOIN course ON course.id = completion.course_id
    JOIN account ON account.person_id = completion.person_id
    WHERE account.username LIKE 'launch-%' AND course.slug = :course GROUP BY account.username
""")
CERTIFICATES = text("""
    SELECT account.username, count(*), count(certificate.storage_key)
    FROM certificate JOIN completion ON completion.id = certificate.completion_id
    JOIN account ON account.person_id = completion.person_id
    WHERE account.username LIKE 'launch-%' GROUP BY account.username
""")
NOT_READY = text("""
    SELECT count(*) FROM certificate JOIN completion ON completion.id = certificate.completion_id
    JOIN account ON account.person_id = completion.person_id
    WHERE account.username LIKE 'launch-%' AND certificate.storage_key IS NULL
""")
SETTLED_WITHIN = 300


def wait_until_settled(engine: Engine) -> None:
    """Until every certificate that is promised is made, or five minutes are over."""
    for _ in range(SETTLED_WITHIN):
        # The last fault may have been the database's, which is then still reading its log.
        with suppress(OperationalError), engine.connect() as connection:
            if not connection.execute(NOT_READY).scalar_one():
                return
        time.sleep(1)


def differences(connection: Connection, learners: Sequence[Learner], *, course: str) -> list[str]:
    """Every difference between what the site acknowledged and what it holds, in words; none is right."""
    answers = {(name, question): rows for name, question, rows in connection.execute(ANSWERS)}
    completions = {one.username: one.rows for one in connection.execute(COMPLETIONS, {"course": course})}
    certificates = {name: (rows, done) for name, rows, done in connection.execute(CERTIFICATES)}
    found: list[str] = []
    for one in learners:
        found += _of_answers(one, answers)
        has, expected = completions.get(one.username, 0), int(one.has_finished)
        if has != expected:
            found.append(f"{one.username} has {has} completions and was told of {expected}")
        rows, done = certificates.get(one.username, (0, 0))
        if (rows, done) != (expected, expected):
            found.append(f"{one.username} has {rows} certificates, {done} of them made; {expected} is right")
        if one.has_finished and not one.certificate_bytes:
            found.append(f"{one.username} has finished and holds no certificate in the hand")
    return found


def _of_answers(one: Learner, answers: dict[tuple[str, str], int]) -> Iterator[str]:
    """Each try that was acknowledged is a row, and no row came without a try that was sent."""
    acknowledged, sent = _by_question(one.visitor.acknowledged), _by_question(one.visitor.sent)
    for question, most in sent.items():
        least, rows = acknowledged[question], answers.get((one.username, question), 0)
        if not least <= rows <= most:
            told = f"sent {question} {most} times and was told {least} times that it is saved"
            yield f"{one.username} {told}, and has {rows} rows"


def _by_question(addresses: Counter[str]) -> Counter[str]:
    """Tries at questions of screens. In a quiz an answer replaces the one before it."""
    found: Counter[str] = Counter()
    for address, times in addresses.items():
        question = QUESTION.search(address)
        if question and "/quiz/" not in address:
            found[question[1]] += times
    return found
