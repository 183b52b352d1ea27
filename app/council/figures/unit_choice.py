"""What the address of the units asks for: which branches are open, or what is looked for among them, and the order."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from app.council.figures.figures_page import FiguresPage
from app.platform.extensions import db
from app.platform.input.requests import number_of
from assignments.targets import find_target
from kernel.errors import NotFound
from kernel.typed import search_words
from reports.groups import Level
from reports.target.branches import Looked, UnitRow, found_rows, open_rows
from reports.target.gap import GroupOrder

LISTED = (Level.DIRECTORATE, Level.SERVICE, Level.TEAM)
ALL, LONGEST, MOST_OPEN = "all", 100, 500


@dataclass(frozen=True)
class AskedUnits:
    """The rows that an address asks for. ``opened`` is ``None`` for every branch; ``more`` are the arguments that say
    all this, for the links of the page. ``is_cut``: more was typed than is looked for."""

    rows: Sequence[UnitRow]
    looked: Looked
    typed: str
    opened: Collection[int] | None
    percent: int
    more: Mapping[str, str]
    is_cut: bool
    kept: Mapping[str, Any]
    slug: str

    def address(self, **changed: Any) -> str:
        """The same page with something changed."""
        return url_for("council.units", slug=self.slug, **{**self.kept, **self.more, **changed})

    def toggled(self, row: UnitRow, others: Sequence[UnitRow]) -> str:
        """The address with one branch opened, or closed where it is open; its row is where the page begins."""
        unit_id = row.group.unit_id or 0
        opened = {one.group.unit_id for one in others if one.is_open} if self.opened is None else set(self.opened)
        opened ^= {unit_id}
        said = ",".join(str(one) for one in sorted(one for one in opened if one)) or None
        return self.address(open=said, page=None, _anchor=f"unit-{unit_id}")

    def in_order(self, order: str) -> str:
        """The address of another order."""
        return self.address(order=order if order != GroupOrder.GAP.value else None)


def asked_units(view: FiguresPage) -> AskedUnits:
    """What the address asks for. Raises ``NotFound`` for a level that is none."""
    figures, typed = view.get_figures(), " ".join(request.args.get("find", "").split())
    looked = Looked(search_words(typed[:LONGEST]), _level(), request.args.get("show") == "missing")
    said = request.args.get("open", "")
    opened = None if said == ALL else frozenset(number_of(one, 0) for one in said.split(",")[:MOST_OPEN]) - {0}
    percent = _percent(view)
    if looked.is_all:
        rows = list(open_rows(figures.total, opened, order=view.order, percent=percent))
    else:
        rows = found_rows(figures.total, looked, order=view.order, percent=percent)
    more = {
        "find": typed[:LONGEST],
        "level": looked.level.value if looked.level else "",
        "show": "missing" if looked.is_missing else "",
        "open": ALL if opened is None else ",".join(str(one) for one in sorted(opened)),
    }
    more = {name: value for name, value in more.items() if value}
    is_cut = len(typed) > LONGEST
    return AskedUnits(rows, looked, typed[:LONGEST], opened, percent, more, is_cut, view.kept, view.organisation.slug)


def _percent(view: FiguresPage) -> int:
    """The target of today, or everybody."""
    if not view.courses.is_asked or view.day.is_earlier:
        return 100
    course_id = view.courses.get_course().id
    target = find_target(db.session(), organisation_id=view.organisation.id, course_id=course_id)
    return target.percent if target else 100


def _level() -> Level | None:
    wanted = request.args.get("level")
    if not wanted:
        return None
    for level in LISTED:
        if wanted == level.value:
            return level
    raise NotFound(f"level {wanted}")
