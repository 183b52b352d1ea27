"""What the columns of an HR file hold: asked once beside its first rows, and kept in versions."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.council.feed.mapping_form import mapping_form, mapping_from
from app.council.feed.sample import Sample, opened, sealed
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from people.feed.mapping.mappings import Mapping, mapping_problems
from people.feed.mapping.stored import StoredMapping, find_mapping, keep_mapping
from people.organisations import Organisation
from people.roles import Role
from people.visibility import feed_scope


@dataclass(frozen=True)
class MappingPage:
    """What the page is about: whose file, its sample, the version that it begins with, and what stopped the file."""

    organisation: Organisation
    sample: Sample
    stored: StoredMapping | None = None
    problems: tuple[str, ...] = ()


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_mapping(slug: str) -> str | tuple[str, int] | Response:
    """Keep a mapping as the next version of its name; or show one that is kept, by its name."""
    session = db.session()
    organisation = feed_scope(session, who(), slug=slug)
    stored = find_mapping(session, organisation_id=organisation.id, name=request.values.get("before") or None)
    if request.method == "GET":
        return _kept_page(organisation, request.args.get("before", ""), stored)
    sample = opened(request.form.get("sample", ""), organisation.id)
    if sample is None:
        flash("That page was too old to be kept. Send the file again.", "important")
        return redirect(url_for("council.feed", slug=slug))
    page = MappingPage(organisation, sample, stored if request.form.get("before") else None)
    form = mapping_form(sample)
    if not form.validate_on_submit():
        return mapping_page(page, form=form), 422
    mapping = mapping_from(form, sample, page.stored.mapping if page.stored else None)
    try:
        kept = _keep(organisation, form, mapping)
    except RuleBroken as problem:
        problems = mapping_problems(mapping) or (str(problem),)
        return mapping_page(MappingPage(organisation, sample, page.stored, problems), form=form), 422
    flash(f"“{kept.name}” is kept as version {kept.version}. Now send the file: its plan comes before any change.")
    return redirect(url_for("council.feed", slug=slug, mapping=kept.name))


def _keep(organisation: Organisation, form: Any, mapping: Mapping) -> StoredMapping:
    with unit_of_work() as work:
        return keep_mapping(
            work.session,
            organisation_id=organisation.id,
            name=" ".join(form.name.data.split()),
            mapping=mapping,
            by=who().account_id,
            now=utc_now(),
        )


def _kept_page(organisation: Organisation, name: str, stored: StoredMapping | None) -> str:
    """A mapping as it is kept, without rows. Raises ``NotFound``."""
    if stored is None or stored.name != name:
        raise NotFound(f"mapping {name}")
    headings = tuple(column.heading for column in stored.mapping.columns)
    sample = Sample("", (), headings, (), (), stored.mapping.reading.sheet)
    return mapping_page(MappingPage(organisation, sample, stored), mapping=stored.mapping)


def mapping_page(page: MappingPage, *, mapping: Mapping | None = None, form: Any = None) -> str:
    """The page, filled in with a mapping or with a form that was sent."""
    form = form or mapping_form(page.sample, mapping, page.stored.name if page.stored else "")
    return render_template(
        "council/feed_mapping.html",
        page=page,
        form=form,
        token=sealed(page.sample, page.organisation.id),
        action=url_for("council.feed_mapping", slug=page.organisation.slug),
    )
