"""Fields that say what they are: required, or in error, whatever their kind."""

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask, render_template_string
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovFileInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from app.platform.day_field import DayField
from app.platform.field_states import MustBeGiven
from app.platform.forms import FlaskForm, SelectChoice


class EveryKind(FlaskForm):
    """One field of each kind, all of which must be given."""

    text = StringField("Text", widget=GovTextInput(), validators=[InputRequired("Enter it")])
    password = PasswordField("Password", widget=GovPasswordInput(), validators=[InputRequired("Enter it")])
    words = TextAreaField("Words", widget=GovTextArea(), validators=[InputRequired("Enter it")])
    chosen = SelectField(
        "One of a list", widget=GovSelect(), choices=[SelectChoice("", "Choose")], validators=[InputRequired("Choose")]
    )
    radio = RadioField(
        "One of two", widget=GovRadioInput(), choices=[SelectChoice("a", "A"), SelectChoice("b", "B")],
        validators=[InputRequired("Choose")],
    )  # fmt: skip
    boxes = SelectMultipleField(
        "Some of two", widget=GovCheckboxesInput(), choices=[SelectChoice("a", "A"), SelectChoice("b", "B")],
        validators=[InputRequired("Choose")],
    )  # fmt: skip
    box = BooleanField("Agreed", widget=GovCheckboxInput(), validators=[InputRequired("Tick it")])
    file = FileField("File", widget=GovFileInput(), validators=[InputRequired("Select it")])
    day = DayField("Day", name_in_errors="The day", validators=[MustBeGiven(), InputRequired("Enter it")])


PAGE = """{% from "components/form.html" import error_summary %}{{ error_summary(form) }}
{% for field in form if field.name != "csrf_token" %}{{ field(params={"classes": "kept"}) }}{% endfor %}"""
NAMES = ("text", "password", "words", "chosen", "radio", "boxes", "box", "file", "day")


def shown(app: Flask, *, is_sent: bool, **sent: object) -> BeautifulSoup:
    with app.test_request_context("/", method="POST" if is_sent else "GET", data=sent if is_sent else None):
        form = EveryKind(meta={"csrf": False})
        if is_sent:
            form.validate()
        return BeautifulSoup(render_template_string(PAGE, form=form), "html.parser")


def fields_named(soup: BeautifulSoup, name: str) -> list[Tag]:
    return [field for field in soup.find_all(["input", "select", "textarea"]) if field.get("name") == name]


@pytest.mark.parametrize("name", NAMES)
def test_a_field_of_any_kind_says_that_it_is_in_error(app: Flask, name: str) -> None:
    before, after = shown(app, is_sent=False), shown(app, is_sent=True)
    assert [field.get("aria-invalid") for field in fields_named(before, name)] == [None] * len(
        fields_named(after, name)
    )
    assert {field.get("aria-invalid") for field in fields_named(after, name)} == {"true"}


@pytest.mark.parametrize("name", NAMES)
def test_a_field_of_any_kind_says_that_it_is_required(app: Flask, name: str) -> None:
    is_one_of_many = name == "boxes"
    wanted = None if is_one_of_many else "required"
    assert {field.get("required") for field in fields_named(shown(app, is_sent=False), name)} == {wanted}


def test_only_fields_say_so_and_not_the_boxes_around_them(app: Flask) -> None:
    soup = shown(app, is_sent=True)
    marked = {tag.name for tag in soup.select("[aria-invalid], [required]")}
    assert marked == {"input", "select", "textarea"}


def test_the_summary_leads_to_a_field_for_every_error(app: Flask) -> None:
    soup = shown(app, is_sent=True)
    links = [str(link["href"]).removeprefix("#") for link in soup.select(".govuk-error-summary a")]
    assert len(links) == len(NAMES)
    assert {soup.find(id=link).name for link in links} == {"input", "select", "textarea"}


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        (("31", "2", "2027"), ["day-day", "day-month", "day-year"]),
        (("", "2", "2027"), ["day-day"]),
        (("1", "", ""), ["day-month", "day-year"]),
        (("1", "2", "27"), ["day-year"]),
    ],
)
def test_of_a_day_the_boxes_that_are_wrong_say_so(app: Flask, typed: tuple[str, ...], wrong: list[str]) -> None:
    soup = shown(app, is_sent=True, day=list(typed))
    marked = [str(field["id"]) for field in fields_named(soup, "day") if field.get("aria-invalid")]
    assert marked == wrong == [str(field["id"]) for field in soup.select("input.govuk-input--error[name=day]")]
    assert f"#{wrong[0]}" in [link["href"] for link in soup.select(".govuk-error-summary a")]


@pytest.mark.parametrize("path", ["/sign-in", "/verify"])
def test_all_fields_of_a_form_that_must_be_filled_are_required_alike(app: Flask, path: str) -> None:
    soup = BeautifulSoup(app.test_client().get(path).get_data(as_text=True), "html.parser")
    fields = [field for field in soup.select("main input") if field.get("type") not in {"hidden", "submit"}]
    assert {field.get("required") for field in fields} == {"required"}
