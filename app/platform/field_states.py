"""What a field is beside its words: required, or in error. Everybody who hears the page is told, whatever kind it is.

govuk-frontend-wtf tells it of some kinds only, and puts it on the box around radios, checkboxes and days, which may not
have it.
"""

from typing import Any, ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovCheckboxInput, GovDateInput, GovRadioInput
from wtforms import Field, Form, RadioField

INVALID, REQUIRED = {"aria-invalid": "true"}, {"required": "required"}


class MustBeGiven:
    """A validator that only says so: the rule itself stands elsewhere, with its own words."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Nothing is checked here."""


class DayInput(GovDateInput):  # type: ignore[misc]
    """Three boxes; those that a message is about are in error, and the summary leads to the first of them."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """As the macro wants them."""
        kwargs.pop("required", None)  # the box around the three may not have it
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        wrong = field.parts_in_error()
        for part, item in zip(("day", "month", "year"), params["items"], strict=True):
            if field.raw_data is None and field.data:
                item["value"] = str(getattr(field.data, part))  # 5, and not 05
            item["attributes"] = {**(REQUIRED if field.flags.required else {}), **(INVALID if part in wrong else {})}
            item["classes"] = " ".join((item["classes"].split()[0], *(["govuk-input--error"] if part in wrong else [])))
        return params


def with_states(field: Any, render_kw: dict[str, Any]) -> dict[str, Any]:
    """What a field is rendered with, and what it is."""
    is_required = isinstance(field, RadioField) or field.flags.required
    # One of several checkboxes is required, not each of them.
    is_one_of_many = isinstance(field.widget, GovCheckboxesInput) and not isinstance(field.widget, GovCheckboxInput)
    states = {**(REQUIRED if is_required and not is_one_of_many else {}), **(INVALID if field.errors else {})}
    if not states or isinstance(field.widget, GovDateInput):
        return render_kw
    if not isinstance(field.widget, GovCheckboxesInput | GovRadioInput):
        return {**states, **render_kw}
    params = render_kw.get("params", {})
    count = 1 if isinstance(field.widget, GovCheckboxInput) else len(list(field))
    items = params.get("items") or [{} for _ in range(count)]
    marked = [{**item, "attributes": {**item.get("attributes", {}), **states}} for item in items]
    return {**render_kw, "params": {**params, "items": marked}}
