"""All the checks, in the order in which a deployer meets the things."""

from collections.abc import Iterator
from pathlib import Path
from subprocess import SubprocessError
from typing import cast

from flask import Flask
from sqlalchemy.orm import Session

from app.doctor import badges, database, installation, mail, pdf, processes, records, signing, trail
from app.doctor.check import Check, all_or_none, problem, run_check
from app.platform.extensions import db
from app.platform.mail.bounce_boxes import find_bounce_box
from app.platform.mail.transport import find_mail_transport
from app.platform.queue import RedisBell, bell
from app.platform.storage import file_store
from app.platform.texts.carriers import find_text_carrier
from config import Settings
from kernel.clock import utc_now
from messages.bounces.looks import find_look


def examine(app: Flask) -> Iterator[Check]:
    """Every check, each as soon as it is done. Needs an application context; changes nothing."""
    settings: Settings = app.config["SETTINGS"]
    yield run_check("secret key", lambda: installation.check_secret(settings))
    yield run_check("public address", lambda: installation.check_public_url(settings))
    yield run_check("time zone", installation.check_time_zone)
    yield run_check("front end", lambda: installation.check_front_end(Path(app.static_folder or "")))
    yield run_check("file store", lambda: installation.check_storage(file_store()))
    yield run_check("file privacy", lambda: installation.check_privacy_of_files(settings.storage_url))
    yield run_check("disk space", lambda: installation.check_disk_space(settings.storage_url))
    yield run_check("badges", lambda: badges.check_badge_key(settings))
    yield run_check("mail", lambda: mail.check_mail(find_mail_transport()))
    yield run_check("texts", lambda: mail.check_texts(find_text_carrier()))
    answers = run_check("database", lambda: database.check_database(db.engine))
    yield from all_or_none(answers, lambda: _database(settings))
    connection = cast(RedisBell, bell()).connection
    yield from all_or_none(run_check("redis", lambda: processes.check_redis(connection)), _processes)
    yield from _pdf(settings)
    yield from _signing(settings)


def _database(settings: Settings) -> Iterator[Check]:
    now = utc_now()
    yield run_check("database kind", lambda: database.check_kind(db.engine, env=settings.env))
    yield run_check("clock", lambda: database.check_clock(db.engine, now=now))
    yield from all_or_none(run_check("tables", lambda: database.check_tables(db.engine)), lambda: _records(settings))


def _records(settings: Settings) -> Iterator[Check]:
    session, now = db.session(), utc_now()
    yield run_check("demo data", lambda: database.check_demo(session, env=settings.env))
    yield run_check("promises", lambda: records.check_promises(session, now=now))
    yield run_check("parked tasks", lambda: records.check_parked(session))
    yield run_check("badge lists", lambda: badges.check_badge_lists(session, now=now))
    yield run_check("certificates issued", lambda: records.check_issued(session))
    yield run_check("certificates made", lambda: records.check_failed(session))
    yield run_check("names on certificates", lambda: records.check_names(session))
    yield run_check("certificate records", lambda: records.check_consistency(session))
    yield run_check("nightly check", lambda: records.check_nightly(session, now=now))
    yield run_check("nightly count", lambda: records.check_standings(session, now=now))
    yield run_check("kept counts", lambda: records.check_kept_counts(session, now=now))
    yield run_check("audit trail", lambda: trail.check_trail(session, now=now))
    yield run_check("messages", lambda: mail.check_messages(session))
    yield run_check("bounces", lambda: _bounces(session))
    yield run_check("certificate files", lambda: records.check_files(session, file_store()))


def _bounces(session: Session) -> Check:
    box = find_bounce_box()
    return mail.check_bounces(box, find_look(session, place=box.place) if box else None)


def _processes() -> Iterator[Check]:
    connection, now = cast(RedisBell, bell()).connection, utc_now()
    yield run_check("redis on disk", lambda: processes.check_redis_keeps(connection))
    yield run_check("redis memory", lambda: processes.check_redis_never_evicts(connection))
    yield run_check("worker", lambda: processes.check_worker(connection, now=now))
    yield run_check("scheduler", lambda: processes.check_scheduler(connection, now=now))


def _pdf(settings: Settings) -> Iterator[Check]:
    try:
        yield from pdf.checks_of(pdf.probe(is_whole=not settings.reuse_drawings))
    except (OSError, SubprocessError) as error:
        yield problem("test certificate", f"It could not be tried: {error}.")


def _signing(settings: Settings) -> Iterator[Check]:
    try:
        yield from signing.check_signing(settings, now=utc_now())
    except (OSError, SubprocessError) as error:
        yield problem("signatures", f"They could not be tried: {error}.")
