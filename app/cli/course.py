"""``course check`` and ``course publish``: what the upload page does, for a folder or a zip here."""

from io import BytesIO
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.platform.extensions import db
from app.platform.pages.templating import in_words
from app.platform.storage import file_store
from app.platform.work import long_reading, unit_of_work
from assignments.requirements import require_course
from courses.analysis.replaying import differences
from courses.catalogue.bundles import keep_bundle
from courses.catalogue.publication import plan_publication
from courses.catalogue.uploads import look_up_other_courses, publish_upload, store_upload
from courses.catalogue.versions import get_course, get_current_version
from courses.content.bundle.packing import packed
from courses.content.bundle.reading import BundleOutcome, read_bundle, read_folder, read_upload
from courses.content.model.course import CourseDocument
from courses.content.source.findings import Finding
from courses.corrections.declaring import MOVE_ATTEMPTS, declare_corrections
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.organisations import organisations

PATH = click.Path(exists=True, readable=True, path_type=Path)


@click.group()
def course() -> None:
    """Check or publish a course: a folder, or a zip of one."""


@course.command()
@click.argument("path", type=PATH)
def check(path: Path) -> None:
    """Print everything that should be put right in PATH; exit 1 when something must be."""
    bundle = _read(path)
    if bundle.document is None:
        raise SystemExit(1)
    title, modules = bundle.document.title, len(bundle.document.modules)
    click.echo(f"{title} can be published: {modules} module{'s' if modules != 1 else ''}.")


@course.command()
@click.argument("path", type=PATH)
@click.option("--ask-everyone", is_flag=True, help="Every authority asks its people to take the course.")
@click.option("--corrects", type=int, multiple=True, help="Move people midway on this version to the new one.")
@with_appcontext
def publish(path: Path, ask_everyone: bool, corrects: tuple[int, ...]) -> None:
    """Publish the course in PATH as its next version; nothing happens when it has not changed."""
    bundle = _read(path)
    if bundle.document is None:
        raise SystemExit(1)
    try:
        with unit_of_work() as work:
            words = _publish(work.session, bundle, bundle.document, path, ask_everyone)
            if corrects:
                words += _correct(work.session, bundle.document, corrects)
                work.ring_after_commit(MOVE_ATTEMPTS)
    except RuleBroken as refusal:
        raise click.ClickException(refusal.message) from None
    except IntegrityError:
        raise click.ClickException("Somebody else published it at the same moment. Run this again.") from None
    click.echo(words)


@course.command("replay-marks")
@click.option("--course", "slug", help="Only this course, by its part of its address.")
@with_appcontext
def replay_marks(slug: str | None) -> None:
    """Mark every stored answer again, and name those that would be marked otherwise; exit 1 when there are any."""
    try:
        course_id = get_course(db.session(), slug=slug).id if slug else None
    except NotFound as problem:
        raise click.ClickException(f"There is no {problem}.") from None
    answers = others = 0
    with long_reading() as session:
        for found in differences(session, course_id=course_id):
            answers += 1
            if found is not None:
                others += 1
                answer = found.answer
                click.echo(f"{answer.place}, {answer.question_id} of version {answer.version_number}: {found.reason}")
    click.echo(f"{answers:,} answer{'s' if answers != 1 else ''} marked again, {others:,} otherwise than before.")
    raise SystemExit(1 if others else 0)


def _correct(session: Session, document: CourseDocument, corrects: tuple[int, ...]) -> str:
    """Say that what now stands corrects these versions. That can be said later too."""
    version = get_current_version(session, course_id=get_course(session, slug=document.slug).id)
    declare_corrections(session, version_id=version.id, corrects=corrects, account_id=None, now=utc_now())
    return f" It corrects version {in_words(corrects)}: people midway are moved to it."


def _publish(session: Session, bundle: BundleOutcome, document: CourseDocument, path: Path, ask_everyone: bool) -> str:
    now, store = utc_now(), file_store()
    plan = plan_publication(session, document=document)
    words = f"{document.title}: version {plan.number} "
    if plan.course is not None and not plan.is_new:
        course_id, words = plan.course.id, words + "is published already, and nothing has changed."
    else:
        for finding in look_up_other_courses(session, bundle=bundle):
            click.echo(_line(finding))
        upload = store_upload(session, bundle=bundle, file_name=path.name, store=store, account_id=None, now=now)
        archive = BytesIO(packed(read_folder(path)) if path.is_dir() else path.read_bytes())
        keep_bundle(session, upload_id=upload.upload_id, archive=archive, store=store)
        outcome = publish_upload(session, upload_id=upload.upload_id, account_id=None, now=now)
        course_id, words = outcome.course_id, words + "is published."
    if ask_everyone:
        everyone = [organisation.id for organisation in organisations(session)]
        count = require_course(session, course_id=course_id, organisation_ids=everyone, account_id=None, now=now)
        words += f" {count} more {'authority asks' if count == 1 else 'authorities ask'} for it now."
    return words


def _read(path: Path) -> BundleOutcome:
    """Read the bundle and print its findings, errors first."""
    today = local_day(utc_now())
    if path.is_dir():
        bundle = read_bundle(read_folder(path), today=today)
    else:
        with path.open("rb") as file:
            bundle = read_upload(file, today=today)
    for finding in sorted(bundle.findings, key=lambda finding: finding.severity == "warning"):
        click.echo(_line(finding))
    errors = sum(finding.severity == "error" for finding in bundle.findings)
    if errors:
        click.echo(f"{errors} error{'s' if errors != 1 else ''}. Nothing was published.", err=True)
    return bundle


def _line(finding: Finding) -> str:
    return f"{finding.file}:{finding.line or 1}: {finding.severity}: {finding.message}"
