"""The first page of figures, and the page that says who is counted."""

from flask import render_template

from app.council.figures.figures_page import FiguresPage, figures_page, no_figures_page
from app.council.figures.small_trend import small_trend
from app.council.figures.standing import address_of_orders, standing_of
from app.platform.access import allow, who
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from kernel.clock import utc_now
from people.counting import RULE
from people.roles import Role
from people.ways_in.members import units_in_reach
from people.ways_in.needs import Reach
from people.ways_in.starters import WaitingCards, waiting_cards
from reports.earlier_days import smallest_shown_earlier
from reports.paper.sentences import whose_what_when


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def overview(slug: str) -> str | tuple[str, int]:
    """How far the authority is, or the manager's unit."""
    page = figures_page(slug)
    if page.figures is None:
        return no_figures_page(page, new_cards=_new_cards(page))
    figures, session = page.figures, db.session()
    standing = standing_of(session, page, figures.total)
    return render_template(
        "council/overview.html",
        kept=page.kept,
        choices=page.choices,
        courses=page.courses,
        day=page.day,
        figures=figures,
        total=figures.total,
        standing=standing,
        trend=small_trend(
            session,
            figures,
            target=standing.percent if standing.target else None,
            now=utc_now(),
            smallest_shown=current_settings().smallest_group,
        ),
        address=address_of_orders("council.overview", page.kept, slug=page.organisation.slug),
        may_set_target=who().has(Role.ADMIN) or not page.units,
        head=whose_what_when(figures),
        new_cards=None if figures.is_of_earlier_day else _new_cards(page),
    )


def _new_cards(page: FiguresPage) -> WaitingCards:
    """The sign-in cards of new starters that wait to be printed by whoever looks."""
    session, organisation_id = db.session(), page.organisation.id
    within = units_in_reach(session, Reach(organisation_id, page.units))
    return waiting_cards(session, organisation_id=organisation_id, unit_ids=within, now=utc_now())


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def who_counts(slug: str) -> str:
    """Who is in the figures, who is not, and why."""
    page = figures_page(slug)
    return render_template(
        "council/who_counts.html",
        kept=page.kept,
        figures=page.get_figures(),
        shown_from=smallest_shown_earlier(current_settings().smallest_group),
        rule=RULE,
    )
