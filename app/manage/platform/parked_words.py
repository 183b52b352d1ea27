"""What a parked task is about, in words that an admin understands, and where to look closer. No names of people."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.manage.platform.parked_about import About, of_authority
from app.platform.mail.kind_words import KIND_WORDS
from assignments.checking.record import STANDING_COUNTS
from assignments.for_many.record import ACTS, ActForMany
from assignments.reminders.daily import REMINDERS
from certificates.badges.making import BADGES
from certificates.badges.records import Badge
from certificates.badges.status import STATUS_LISTS
from certificates.file_care.file_checks import FILE_CHECKS
from certificates.file_care.lost_files import RECREATIONS
from certificates.making.derived_files import DERIVED_FILES, DerivedFile
from certificates.making.rendering import CERTIFICATE_FILES
from certificates.record.issuing import Certificate
from certificates.record.runs import RUNS, CertificateRun, RunKind
from certificates.zips.requests import ZIPS, CertificateArchive
from courses.catalogue.versions import Course, CourseVersion, current_versions
from courses.corrections.declaring import MOVES
from courses.history.stored import HISTORY_RUNS, HistoryRun
from courses.records.moves import CourseCorrection
from kernel.tasks.background import BackgroundTask
from kernel.tasks.kinds import TaskKind
from messages.by_text.proving import MOBILE_CODES
from messages.ledger import Message
from messages.sending import MAIL
from people.feed.runs.record import FEED_RUNS, FeedRun
from people.feed.sources.record import FETCHES, FeedFetch, FeedSource
from people.organisations import Organisation, Unit, organisations
from people.visibility import EVERY_AUTHORITY
from people.ways_in.rounds import ROUNDS, WAYS_IN, WayInBatch, WayInRound
from people.ways_in.zips import SHEET_ZIPS, WayInZip
from privacy.erasing.files import ERASED_FILES
from privacy.leaving.record import EXPORTS, AuthorityExport
from privacy.retention.applying import RETENTION
from reports.items.snapshots import ITEM_COUNTS
from reports.month_ends.due import KEPT_COUNTS
from reports.paper.record import PAPERS, Paper
from reports.session_pack import SESSION_PACKS

Describe = Callable[[Session, Sequence[int]], Mapping[int, About]]


def _certificates(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    rows = session.execute(select(Certificate.id, Certificate.number).where(Certificate.id.in_(ids)))
    return {row_id: _of_certificate("", number) for row_id, number in rows}


def _of_certificate(what: str, certificate_number: str) -> About:
    return About(what + certificate_number, url_for("manage.certificate", certificate_number=certificate_number))


def _derived_files(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    rows = session.execute(
        select(DerivedFile.id, Certificate.number, Organisation.slug, Organisation.name)
        .outerjoin(Certificate, Certificate.id == DerivedFile.certificate_id)
        .outerjoin(Organisation, Organisation.id == DerivedFile.organisation_id)
        .where(DerivedFile.id.in_(ids))
    )
    return {
        row_id: _of_certificate("Large print of ", number)
        if number
        else About(f"Preview of the look of {name}", url_for("manage.certificate_look", slug=slug))
        for row_id, number, slug, name in rows
    }


def _badges(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    query = select(Badge.id, Certificate.number).join(Certificate, Certificate.id == Badge.certificate_id)
    return {
        row_id: _of_certificate("Badge of ", number)
        for row_id, number in session.execute(query.where(Badge.id.in_(ids)))
    }


def _messages(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    rows = session.execute(select(Message.id, Message.kind).where(Message.id.in_(ids)))
    return {row_id: About(KIND_WORDS.get(kind, kind), url_for("manage.messages")) for row_id, kind in rows}


def _subjects(session: Session, ids: Sequence[int]) -> Mapping[int, str]:
    query = select(BackgroundTask.id, BackgroundTask.subject).where(BackgroundTask.id.in_(ids))
    return dict(session.execute(query).all())


def _status_lists(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    return {row_id: About(f"List {subject}") for row_id, subject in _subjects(session, ids).items()}


def _by_authority(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    names = {one.slug: one.name for one in organisations(session)}
    slugs = {row_id: subject.partition("/")[0] for row_id, subject in _subjects(session, ids).items()}
    return {row_id: About(names.get(slug, "For every authority")) for row_id, slug in slugs.items()}


def _item_counts(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    return _of_versions(session, _subjects(session, ids))


def _erased_files(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    return {row_id: About(f"The files of person {subject}") for row_id, subject in _subjects(session, ids).items()}


def _retention(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    return dict.fromkeys(_subjects(session, ids), About("The rules, as every day", url_for("manage.retention")))


def _moves(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    subjects = _subjects(session, ids)
    query = select(CourseCorrection.id, CourseCorrection.course_version_id)
    found = session.execute(query.where(CourseCorrection.id.in_([int(one) for one in subjects.values()])))
    versions = {str(correction_id): str(version_id) for correction_id, version_id in found}
    return _of_versions(session, {row_id: versions.get(one, "0") for row_id, one in subjects.items()})


def _of_versions(session: Session, subjects: Mapping[int, str]) -> Mapping[int, About]:
    rows = session.execute(
        select(CourseVersion.id, CourseVersion.title, CourseVersion.number, Course.slug)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(CourseVersion.id.in_([int(subject) for subject in subjects.values()]))
    )
    found = {
        str(version_id): About(f"{title}, version {number}", url_for("manage.items", slug=slug))
        for version_id, title, number, slug in rows
    }
    return {row_id: found.get(subject, About("A version that is gone")) for row_id, subject in subjects.items()}


def _mobile_codes(_session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    # Whose number it is, is nobody's to see.
    return {row_id: About("A code that somebody asked for") for row_id in ids}


def _stored_files(_session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    return {row_id: About("Files of certificates", url_for("manage.certificate_checks")) for row_id in ids}


def _runs(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    runs = session.scalars(select(CertificateRun).where(CertificateRun.id.in_(ids))).all()
    place = _Places(session)
    verbs = {RunKind.ISSUE: "Issue", RunKind.REISSUE: "Issue anew"}
    return {
        run.id: About(
            f"{verbs[run.kind]}: {place.words(run)}",
            url_for("council.certificate_run", slug=place.slug(run), run_id=run.id),
        )
        for run in runs
    }


def _acts(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    rows = session.execute(
        select(ActForMany.id, ActForMany.whom, Organisation.name, Organisation.slug)
        .join(Organisation, Organisation.id == ActForMany.organisation_id)
        .where(ActForMany.id.in_(ids))
    )
    link = "council.people_act"
    return {key: About(f"{name}: {whom}", url_for(link, slug=slug, act_id=key)) for key, whom, name, slug in rows}


def _zips(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    archives = session.scalars(select(CertificateArchive).where(CertificateArchive.id.in_(ids))).all()
    place = _Places(session)
    return {
        one.id: About(place.words(one), url_for("council.certificate_zip", slug=place.slug(one), archive_id=one.id))
        for one in archives
    }


def _feeds(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    rows = session.execute(
        select(FeedRun.id, FeedRun.file_name, Organisation.name, Organisation.slug)
        .join(Organisation, Organisation.id == FeedRun.organisation_id)
        .where(FeedRun.id.in_(ids))
    )
    return {
        row_id: About(f"{name}: {file_name}", url_for("council.feed_run", slug=slug, run_id=row_id))
        for row_id, file_name, name, slug in rows
    }


def _fetches(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    rows = session.execute(
        select(FeedFetch.id, FeedSource.id, FeedSource.name, Organisation.name, Organisation.slug)
        .join(FeedSource, FeedSource.id == FeedFetch.source_id)
        .join(Organisation, Organisation.id == FeedSource.organisation_id)
        .where(FeedFetch.id.in_(ids))
    )
    return {
        row_id: About(f"{name}: {source}", url_for("council.feed_source", slug=slug, source_id=source_id))
        for row_id, source_id, source, name, slug in rows
    }


def _past_learning(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    rows = session.execute(
        select(HistoryRun.id, HistoryRun.file_name, Organisation.slug)
        .join(Organisation, Organisation.id == HistoryRun.organisation_id)
        .where(HistoryRun.id.in_(ids))
    )
    return {
        run_id: About(name, url_for("council.history_run", slug=slug, run_id=run_id)) for run_id, name, slug in rows
    }


def _ways_in(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    rows = session.execute(
        select(WayInBatch.id, Unit.path, Organisation.name, Organisation.slug)
        .join(Unit, Unit.id == WayInBatch.unit_id)
        .join(Organisation, Organisation.id == Unit.organisation_id)
        .where(WayInBatch.id.in_(ids))
    )
    return {
        row_id: About(f"{name}: {path}", url_for("council.ways_in", slug=slug)) for row_id, path, name, slug in rows
    }


def _rounds(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    rows = session.execute(
        select(WayInRound.id, Organisation.name, Organisation.slug)
        .join(Organisation, Organisation.id == WayInRound.organisation_id)
        .where(WayInRound.id.in_(ids))
    )
    return {row_id: About(name, url_for("council.ways_in", slug=slug)) for row_id, name, slug in rows}


def _zips_of_sheets(session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    rows = session.execute(
        select(WayInZip.id, Organisation.name, Organisation.slug)
        .join(WayInRound, WayInRound.id == WayInZip.round_id)
        .join(Organisation, Organisation.id == WayInRound.organisation_id)
        .where(WayInZip.id.in_(ids))
    )
    return {row_id: About(name, url_for("council.ways_in", slug=slug)) for row_id, name, slug in rows}


class _Places:
    """Courses and authorities by their ids, read once."""

    def __init__(self, session: Session) -> None:
        self._titles = {course.id: version.title for course, version in current_versions(session)}
        self._authorities = {one.id: one for one in organisations(session)}

    def words(self, of: CertificateRun | CertificateArchive) -> str:
        """Of which course and whose certificates are meant."""
        course = "Every course" if of.course_id is None else self._titles.get(of.course_id, "A course that is gone")
        if of.organisation_id is None:
            return f"{course}, every authority"
        return ", ".join(filter(None, (course, self._authorities[of.organisation_id].name, of.unit_path)))

    def slug(self, of: CertificateRun | CertificateArchive) -> str:
        """The authority, as addresses name it."""
        return EVERY_AUTHORITY if of.organisation_id is None else self._authorities[of.organisation_id].slug


# Each kind in plain words, many of it; and how to say what some of them are about.
WORDS: Mapping[TaskKind[Any], tuple[str, Describe]] = {
    CERTIFICATE_FILES: ("Certificates", _certificates),
    DERIVED_FILES: ("Large prints and previews", _derived_files),
    BADGES: ("Badges", _badges),
    STATUS_LISTS: ("Lists of badges that have ended", _status_lists),
    MAIL: ("Messages by email and text", _messages),
    MOBILE_CODES: ("Codes that prove mobile numbers", _mobile_codes),
    SESSION_PACKS: ("Packs for live sessions", _by_authority),
    ITEM_COUNTS: ("Counts of how questions work", _item_counts),
    RETENTION: ("How long things are kept", _retention),
    ERASED_FILES: ("Files of people who were erased", _erased_files),
    MOVES: ("Corrections of courses", _moves),
    ACTS: ("What is done for many people at once", _acts),
    RUNS: ("Certificates for many people at once", _runs),
    ZIPS: ("Zips of certificates", _zips),
    FETCHES: ("Looks at sources of HR files", _fetches),
    FEED_RUNS: ("HR files", _feeds),
    HISTORY_RUNS: ("Files of past learning", _past_learning),
    WAYS_IN: ("Sign-in cards and invitations", _ways_in),
    ROUNDS: ("Rounds of sign-in cards", _rounds),
    SHEET_ZIPS: ("Zips of sign-in cards", _zips_of_sheets),
    REMINDERS: ("Reminders of what is asked", _by_authority),
    EXPORTS: (
        "Exports of everything",
        partial(of_authority, AuthorityExport, "council.exports"),
    ),
    PAPERS: ("Reports and evidence packs", partial(of_authority, Paper, "council.evidence")),
    STANDING_COUNTS: ("Nightly counts of how everybody stands", _by_authority),
    KEPT_COUNTS: ("Counts of month’s ends", _by_authority),
    FILE_CHECKS: ("Checks of stored files", _stored_files),
    RECREATIONS: ("Lost files to be made again", _stored_files),
}
