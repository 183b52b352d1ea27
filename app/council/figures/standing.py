"""How far a group of a page of figures is from its target, and the addresses of its orders."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.council.figures.figures_page import FiguresPage
from reports.groups import Group
from reports.listing.wanted import ListOfPeople
from reports.target.gap import GroupOrder
from reports.target.standing import Standing, standing


def standing_of(session: Session, page: FiguresPage, group: Group) -> Standing:
    """What is known of a group of figures of today. Of an earlier day there are only its lines."""
    figures, course_id = page.get_figures(), page.courses.get_course().id
    of = ListOfPeople(page.organisation.id, page.units, course_id, page.courses.plan, figures.on)
    return standing(session, figures, group, of, order=page.order)


def address_of_orders(endpoint: str, kept: Mapping[str, Any], **arguments: Any) -> Any:
    """A function that gives the address of the same page in another order."""

    def address(order: str) -> str:
        chosen = order if order != GroupOrder.GAP.value else None
        return url_for(endpoint, **{**kept, **arguments, "order": chosen})

    return address
