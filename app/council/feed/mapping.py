"""What the columns of an HR file hold: asked once beside its first rows, and kept in versions."""

from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.council.feed.mapping_form import MORE_WORDS, mapping_form, mapping_from, reading_from, units_from
from app.council.feed.sample import Sample, kept_words, opened, sealed, shown_anew
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.feed.mapping.cells import CellFault
from people.feed.mapping.column_readers import DAYS, read_day
from people.feed.mapping.days import DateOrder
from people.feed.mapping.mappings import Mapping, mapping_problems
from people.feed.mapping.stored import StoredMapping, find_mapping, keep_mapping
from people.feed.mapping.uses import ColumnUse
from people.feed.planning.state import unit_key
from people.feed.planning.values import day
from people.feed.reading.encodings import NAMES
from people.feed.reading.unreadable import UnreadableFile
from people.feed.runs.state import unit_paths
from people.organisations import Organisation
from people.roles import Role
from people.visibility import feed_scope

SHOW = "show"


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
    if SHOW in request.form:
        return _shown_anew(page, form)
    if not (form.validate_on_submit() and _has_real_units(session, organisation, form)):
        return mapping_page(page, form=form), 422
    mapping = mapping_from(form, sample, page.stored.mapping if page.stored else None)
    try:
        kept = _keep(organisation, form, mapping)
    except RuleBroken as problem:
        problems = mapping_problems(mapping) or (str(problem),)
        return mapping_page(MappingPage(organisation, sample, page.stored, problems), form=form), 422
    flash(f"“{kept.name}” is kept as version {kept.version}. Now send the file: its plan comes before any change.")
    return redirect(url_for("council.feed", slug=slug, mapping=kept.name))


def _has_real_units(session: Session, organisation: Organisation, form: Any) -> bool:
    """Whether the units that were named are there; what is wrong is said beside them."""
    if form.everybody.data != "units":
        return True
    known = {unit_key(path) for path in unit_paths(session, organisation_id=organisation.id).values()}
    named = units_from(form)
    unknown = [" / ".join(path) for path in named if unit_key(path) not in known]
    if not named:
        form.units.errors = ["Enter the units of which the file holds everybody, one on each line"]
    elif unknown:
        form.units.errors = [f"There is no unit “{unknown[0]}”. Write it from the top down: Adults / Home Care"]
    return bool(named) and not unknown


def _shown_anew(page: MappingPage, form: Any) -> tuple[str, int]:
    """The same page with the file read as it was chosen. What was said of its columns stays if they are the same."""
    before = page.stored.mapping if page.stored else None
    reading = reading_from(form, page.sample)
    sample, mapping = page.sample, None
    if page.sample.can_be_shown_anew and reading.encoding in (None, *NAMES):
        try:
            sample, mapping = shown_anew(page.sample, reading, before)
        except UnreadableFile as problem:
            form.encoding.errors = list(problem.findings)
            return mapping_page(page, form=form), 422
    if mapping is None or sample.headings == page.sample.headings:
        return mapping_page(replace(page, sample=sample), form=mapping_form(sample)), 200
    return mapping_page(replace(page, sample=sample), mapping=mapping, name=form.name.data or ""), 200


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
    sample = Sample("", (), headings, (), kept_words(stored.mapping), stored.mapping.reading.sheet)
    return mapping_page(MappingPage(organisation, sample, stored), mapping=stored.mapping)


def mapping_page(page: MappingPage, *, mapping: Mapping | None = None, form: Any = None, name: str = "") -> str:
    """The page, filled in with a mapping or with a form that was sent."""
    form = form or mapping_form(page.sample, mapping, page.stored.name if page.stored else name)
    return render_template(
        "council/feed_mapping.html",
        page=page,
        form=form,
        token=sealed(page.sample, page.organisation.id),
        days=_days_read(page.sample, form),
        more_words=range(MORE_WORDS),
        action=url_for("council.feed_mapping", slug=page.organisation.slug),
    )


def _days_read(sample: Sample, form: Any) -> dict[int, tuple[str, ...]]:
    """How the days of each column of days are read, by its place, as it stands in the form."""
    order = next((one for one in DateOrder if one == form.dates.data), DateOrder.DAY_FIRST)
    uses = [form[f"use_{place}"].data for place in range(len(sample.headings))]
    return {
        place: tuple(_day_read(cell, ColumnUse(use), order) for cell in sample.cells_of(place))
        for place, use in enumerate(uses)
        if use in DAYS
    }


def _day_read(cell: str, use: ColumnUse, order: DateOrder) -> str:
    try:
        found = read_day(cell, use, order, on=local_day(utc_now()))
    except CellFault:
        return "no day in this order"
    return f"read as {day(found)}" if found else "no day"
