"""Figures of one unit with its parts, and the list of all services and teams."""

from dataclasses import replace

from flask import render_template, request

from app.council.figures.figures_page import figures_page, no_figures_page, not_there_then
from app.council.figures.standing import address_of_orders, standing_of
from app.platform.access import allow
from app.platform.extensions import db
from app.platform.input.requests import number_in
from kernel.errors import NotFound
from people.roles import Role
from reports.groups import Group, Level

PAGE_SIZE = 25
LISTED = (Level.SERVICE, Level.TEAM)


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
    """All services and teams, page by page."""
    view = figures_page(slug)
    if view.figures is None:
        return no_figures_page(view)
    figures = view.figures
    level = _level()
    groups = [group for group in figures.total.walk() if _is_listed(group, level)]
    pages = max(1, -(-len(groups) // PAGE_SIZE))
    page = number_in(request.args, "page")
    if not 1 <= page <= pages:
        raise NotFound(f"page {page} of {pages}")
    return render_template(
        "council/units.html",
        kept=view.kept,
        courses=view.courses,
        day=view.day,
        figures=figures,
        level=level,
        levels=LISTED,
        groups=groups[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        how_many=len(groups),
        page=page,
        pages=pages,
    )


def _level() -> Level | None:
    """The level asked for, or ``None`` for both. Raises ``NotFound`` for one that is not listed."""
    wanted = request.args.get("level")
    if not wanted:
        return None
    for level in LISTED:
        if wanted == level.value:
            return level
    raise NotFound(f"level {wanted}")


def _is_listed(group: Group, level: Level | None) -> bool:
    return group.unit_id is not None and group.level in LISTED and level in (None, group.level)
