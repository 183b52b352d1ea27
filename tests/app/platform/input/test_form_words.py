"""No sentence of WTForms reaches a page: each check says what is wrong with which field, in plain words."""

import ast
from pathlib import Path

import pytest
import wtforms
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from app.platform.forms import FlaskForm
from app.platform.input.form_words import WORDS

# Sentences for whoever programs, and of kinds of field and check that nothing of ours has.
FOR_PROGRAMS = {
    "Choices cannot be None.", "Invalid field name '%s'.", "This field cannot be edited.",
    "This field is disabled and cannot have a value.",
}  # fmt: skip
NAMED_AT_LEAST = {"Invalid input.", "Invalid IP address.", "Invalid Mac address.", "Invalid UUID."}


def sentences_of_wtforms() -> set[str]:
    """Every sentence that its fields and validators have translated; the plural, where there are two."""
    root = Path(wtforms.__file__).parent
    return {
        node.args[1 if node.func.attr == "ngettext" else 0].value
        for path in [root / "validators.py", *root.glob("fields/*.py")]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in {"gettext", "ngettext"} and all(isinstance(one, ast.Constant) for one in node.args[:1])
    }


def test_every_sentence_of_wtforms_has_one_of_ours() -> None:
    assert sentences_of_wtforms() - FOR_PROGRAMS - NAMED_AT_LEAST == set(WORDS)


class TryForm(FlaskForm):
    class Meta(FlaskForm.Meta):
        csrf = False

    title = StringField("Title", validators=[Length(max=2000)])
    share = StringField("100% of it", validators=[Length(max=2)])
    name = StringField("Name", validators=[InputRequired()])
    why = RadioField("Why?", choices=["a"])
    who = SelectMultipleField("Who?", choices=["a"])
    empty = RadioField("How?", choices=["a"], validate_choice=False, validators=[InputRequired()])
    tries = IntegerField("Tries", validators=[NumberRange(0, 10)])
    many = IntegerField("More tries", validators=[NumberRange(0, 10)])


def test_each_check_names_its_field(app: Flask) -> None:
    sent = {"title": "x" * 2001, "share": "xxx", "why": "b", "who": "%s", "tries": "a", "many": "11"}
    with app.test_request_context(method="POST"):
        form = TryForm(formdata=MultiDict(sent))
        assert not form.validate()
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        "title": ["Title must be 2,000 characters or fewer"],
        "share": ["100% of it must be 2 characters or fewer"],
        "name": ["Fill in Name"],
        "why": ["Select one of the answers to “Why?”"],
        "who": ["Select one of the answers to “Who?”"],
        "empty": ["Select an answer to “How?”"],
        "tries": ["Tries must be a whole number, such as 12", "Tries must be between 0 and 10"],
        "many": ["More tries must be between 0 and 10"],
    }


@pytest.mark.parametrize("sentence", ["Something quite new", "New in %(max)d ways"])
def test_a_sentence_that_is_new_in_wtforms_names_the_field(app: Flask, sentence: str) -> None:
    with app.test_request_context():
        assert TryForm().title.gettext(sentence) == "Check Title"
