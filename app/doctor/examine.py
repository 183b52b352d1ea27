"""All the checks, in the order in which a deployer meets the things."""

from collections.abc import Iterator
from pathlib import Path
from subprocess import SubprocessError
from typing import cast

from flask import Flask

from app.doctor import badges, database, installation, mail, pdf, processes, records, signing
from app.doctor.check import Check, all_or_none, problem, surely
from app.extensions import db
from app.mail import find_office
from app.queue import RedisBell, bell
from app.storage import file_store
from config import Settings
from kernel.clock import utc_now


def examine(app: Flask) -> Iterator[Check]:
    """Every check, each as soon as it is done. Needs an application context; changes nothing."""
    settings: Settings = app.config["SETTINGS"]
    yield surely("secret key", lambda: installation.check_secret(settings))
    yield surely("public address", lambda: installation.check_public_url(settings))
    yield surely("time zone", installation.check_time_zone)
    yield surely("front end", lambda: installation.check_front_end(Path(app.static_folder or "")))
    yield surely("file store", lambda: installation.check_storage(file_store()))
    yield surely("disk space", lambda: installation.check_room(settings.storage_url))
    yield surely("badges", lambda: badges.check_badge_key(settings))
    yield surely("mail", lambda: mail.check_mail(find_office()))
    answers = surely("database", lambda: database.check_database(db.engine))
    yield from all_or_none(answers, lambda: _database(settings))
    connection = cast(RedisBell, bell()).connection
    yield from all_or_none(surely("redis", lambda: processes.check_redis(connection)), _processes)
    yield from _pdf()
    yield from _signing(settings)


def _database(settings: Settings) -> Iterator[Check]:
    now = utc_now()
    yield surely("database kind", lambda: database.check_kind(db.engine, env=settings.env))
    yield surely("clock", lambda: database.check_clock(db.engine, now=now))
    yield from all_or_none(surely("tables", lambda: database.check_tables(db.engine)), lambda: _records(settings))


def _records(settings: Settings) -> Iterator[Check]:
    session, now = db.session(), utc_now()
    yield surely("demo data", lambda: database.check_demo(session, env=settings.env))
    yield surely("promises", lambda: records.check_promises(session, now=now))
    yield surely("badge lists", lambda: badges.check_badge_lists(session, now=now))
    yield surely("certificates issued", lambda: records.check_issued(session))
    yield surely("certificates made", lambda: records.check_failed(session))
    yield surely("certificate records", lambda: records.check_consistency(session))
    yield surely("nightly check", lambda: records.check_nightly(session, now=now))
    yield surely("messages", lambda: mail.check_messages(session))
    yield surely("certificate files", lambda: records.check_files(session, file_store()))


def _processes() -> Iterator[Check]:
    connection, now = cast(RedisBell, bell()).connection, utc_now()
    yield surely("redis on disk", lambda: processes.check_redis_keeps(connection))
    yield surely("redis memory", lambda: processes.check_redis_never_evicts(connection))
    yield surely("worker", lambda: processes.check_worker(connection, now=now))
    yield surely("scheduler", lambda: processes.check_scheduler(connection, now=now))


def _pdf() -> Iterator[Check]:
    try:
        yield from pdf.checks_of(pdf.probe())
    except (OSError, SubprocessError) as error:
        yield problem("test certificate", f"It could not be tried: {error}.")


def _signing(settings: Settings) -> Iterator[Check]:
    try:
        yield from signing.check_signing(settings, now=utc_now())
    except (OSError, SubprocessError) as error:
        yield problem("signatures", f"They could not be tried: {error}.")
