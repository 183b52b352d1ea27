"""Figures of one unit with its parts, and the units of an authority as a tree."""

from dataclasses import replace

from flask import render_template, request

from app.council.figures.figures_page import figures_page, no_figures_page, not_there_then
from app.council.figures.standing import address_of_orders, standing_of
from app.council.figures.unit_choice import LISTED, asked_units
from app.platform.access import allow
from app.platform.extensions import db
from app.platform.input.requests import number_in
from kernel.errors import NotFound
from people.roles import Role

PAGE_SIZE = 100


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def unit(slug: str, unit_id: int) -> str | tuple[str, int]:
    """One unit and its parts."""
    view = figures_page(slug)
    if view.day.refusal:
        return no_figures_page(view)
    figures = view.get_figures()
    try:
        *above, group = figures.trail_to(unit_id)
    except NotFound:
        if not view.day.is_earlier:
            raise
        return no_figures_page(replace(view, day=replace(view.day, refusal=not_there_then(view.day.on))))
    return render_template(
        "council/unit.html",
        kept=view.kept,
        courses=view.courses,
        day=view.day,
        figures=figures,
        above=above,
        group=group,
        standing=standing_of(db.session(), view, group),
        address=address_of_orders("council.unit", view.kept, slug=slug, unit_id=unit_id),
    )


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def units(slug: str) -> str | tuple[str, int]:
    """The units as a tree whose branches are opened one by one, or those that a search finds; page by page."""
    view = figures_page(slug)
    if view.figures is None:
        return no_figures_page(view)
    asked = asked_units(view)
    page, pages = number_in(request.args, "page"), max(1, -(-len(asked.rows) // PAGE_SIZE))
    if not 1 <= page <= pages:
        raise NotFound(f"page {page} of {pages}")
    return render_template(
        "council/units.html",
        kept=view.kept,
        courses=view.courses,
        day=view.day,
        figures=view.figures,
        asked=asked,
        order=view.order,
        levels=LISTED,
        rows=asked.rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        page=page,
        pages=pages,
    )
