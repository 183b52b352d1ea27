"""A unit among hundreds: a list with the path of each, in which words of any part are typed where scripts run."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import SelectField

SEARCHED = {"data-cg-search": ""}


class UnitField(SelectField):
    """A list of units by their paths, from the top down, so that those of one name are told apart."""

    widget = GovSelect()

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, render_kw=SEARCHED, **kwargs)
