"""How an authority's certificates look: edited beside a preview, saved as versions, restored from any of them."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.certificate_pages.page import CertificatePage, are_colours, certificate_page, safe_colours, verify_address
from app.manage.certificates.look_form import PLACES, LookForm, Typed, data_of, differences, read
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.input.requests import number_in, number_of
from app.platform.pages.clashes import clash_view
from app.platform.pages.templating import when
from app.platform.pages.upload_limits import takes_up_to
from app.platform.work import unit_of_work
from certificates.looks.brand_rules import is_colour
from certificates.looks.branding import PAPER, SMALLEST_TEXT_CONTRAST, Branding, contrast
from certificates.looks.branding_versions import (
    SOMEBODY_ELSE,
    branding_of,
    find_current,
    get_version,
    save_branding,
    versions_of,
)
from certificates.looks.designs import DESIGN_WORDS
from certificates.making.derived_files import MAKE_DERIVED_FILES, ask_for_preview, sample_facts
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.actors import names_of_accounts
from people.organisations import Organisation, get_organisation, organisations
from people.roles import Role

MOST_MEGABYTES = 22  # four pictures and the words
PREVIEW, PDF = "preview", "pdf"


@allow(Role.ADMIN)
def certificate_looks() -> str:
    """Every authority, with the design that it has."""
    session = db.session()
    found = [(one, find_current(session, organisation_id=one.id)) for one in organisations(session)]
    return render_template("manage/certificate_looks.html", found=found, design_words=DESIGN_WORDS)


@allow(Role.ADMIN)
@takes_up_to(MOST_MEGABYTES)
def certificate_look(slug: str) -> str | tuple[str, int] | Response:
    """One authority's look: the form, the preview beside it, and the versions below."""
    organisation = get_organisation(db.session(), slug=slug)
    current = find_current(db.session(), organisation_id=organisation.id)
    form = LookForm(
        data={"seen": str(current.number if current else 0), **data_of(current.document if current else None)}
    )
    if not form.validate_on_submit():
        branding = branding_of(db.session(), current.document) if current else Branding()
        return _page(organisation, form, branding)
    typed = read(form)
    action = request.form.get("action")
    if action == PDF and are_colours(typed.branding.colours):
        return redirect(_asked_pdf(organisation, typed.branding))
    if action != PREVIEW and not typed.problems:
        refusal = _saved(organisation, form, typed.branding)
        if refusal is None:
            return redirect(url_for("manage.certificate_look", slug=slug))
        return _page(organisation, form, typed.branding, refusal=refusal)
    _show_problems(form, typed)
    return _page(organisation, form, typed.branding)


@allow(Role.ADMIN)
@takes_up_to(MOST_MEGABYTES)
def certificate_look_region(slug: str) -> str:
    """The preview alone, for the script that asks while somebody types."""
    organisation = get_organisation(db.session(), slug=slug)
    form = LookForm()
    typed = read(form)
    kept = {name: form[name].data or "" for name in ("kept_logo", *(f"kept_signature_{place}" for place in PLACES))}
    return render_template(
        "manage/certificate_look_region.html",
        certificate_page=_sample(organisation, typed.branding),
        contrast_words=_contrast_words(typed.branding),
        kept=kept,
        colours=safe_colours(typed.branding.colours),
    )


@allow(Role.ADMIN)
def certificate_look_restore(slug: str) -> Response:
    """Make an older version the present one again, as a new version."""
    organisation = get_organisation(db.session(), slug=slug)
    number, seen = number_in(request.form, "number", 0), number_in(request.form, "seen", 0)
    try:
        with unit_of_work() as work:
            old = get_version(work.session, organisation_id=organisation.id, version_number=number)
            outcome = save_branding(
                work.session,
                organisation_id=organisation.id,
                branding=branding_of(work.session, old.document),
                seen=seen,
                account_id=who().account_id,
                now=utc_now(),
                restored_from=number,
            )
    except (RuleBroken, IntegrityError):
        flash("Somebody else changed this look at the same moment. Look at the versions again", "important")
    else:
        same = f"Version {number} is the present one already" if not outcome.is_new else ""
        flash(same or f"Version {number} is restored, as version {outcome.number}")
    return redirect(url_for("manage.certificate_look", slug=slug))


def _saved(organisation: Organisation, form: FlaskForm, branding: Branding) -> str | None:
    """Save; a text says why it was not."""
    try:
        with unit_of_work() as work:
            outcome = save_branding(
                work.session,
                organisation_id=organisation.id,
                branding=branding,
                seen=number_of(form["seen"].data or "", -1),
                account_id=who().account_id,
                now=utc_now(),
            )
    except RuleBroken as refusal:
        return refusal.message
    except IntegrityError:  # the unique (authority, number) decided for somebody else
        return SOMEBODY_ELSE
    if outcome.is_new:
        flash(
            f"Version {outcome.number} is saved. Certificates issued from now on have it; older ones stay as they are"
        )
    else:
        flash("Nothing was different, so nothing changed")
    return None


def _asked_pdf(organisation: Organisation, branding: Branding) -> str:
    with unit_of_work() as work:
        wanted = ask_for_preview(
            work.session,
            organisation_id=organisation.id,
            branding=branding,
            account_id=who().account_id,
            now=utc_now(),
        )
        preview_id = wanted.id
        work.ring_after_commit(MAKE_DERIVED_FILES)
    return url_for("manage.certificate_sample", slug=organisation.slug, preview_id=preview_id)


def _page(
    organisation: Organisation, form: FlaskForm, branding: Branding, *, refusal: str | None = None
) -> tuple[str, int]:
    versions = versions_of(db.session(), organisation_id=organisation.id)
    clash = None
    if refusal:
        form["seen"].data = str(versions[0].number if versions else 0)
        keep_url = url_for("manage.certificate_look", slug=organisation.slug)
        saved_at = when(versions[0].saved_at) if versions else None
        rows = differences(form, versions[0].document if versions else None)
        clash = clash_view("look", rows, keep_url=keep_url, saved_at=saved_at)
    page = render_template(
        "manage/certificate_look.html",
        organisation=organisation,
        form=form,
        refusal=refusal,
        clash=clash,
        places=PLACES,
        certificate_page=_sample(organisation, branding),
        contrast_words=_contrast_words(branding),
        versions=versions,
        names=names_of_accounts(db.session(), account_ids=[one.saved_by_account_id for one in versions]),
        design_words=DESIGN_WORDS,
    )
    return page, 422 if form.errors or refusal else 200


def _show_problems(form: FlaskForm, typed: Typed) -> None:
    for name, message in typed.problems.items():
        form[name].errors = [message]


def _sample(organisation: Organisation, branding: Branding) -> CertificatePage:
    today = local_day(utc_now())
    return certificate_page(sample_facts(organisation.name, branding, on=today, verify_url=verify_address))


def _contrast_words(branding: Branding) -> str:
    main = branding.colours.main
    if not is_colour(main):
        return "The main colour is not a colour yet."
    figure = int(contrast(main, PAPER) * 10) / 10
    verdict = "Easy to read" if figure >= SMALLEST_TEXT_CONTRAST else "Too light to read"
    return (
        f"{verdict}: the main colour has a contrast of {figure} to 1 with white. Words need {SMALLEST_TEXT_CONTRAST}."
    )
