"""What forms are made of. Flask-WTF carries no types, so the type checker reads here what it adds to WTForms."""

from typing import TYPE_CHECKING, Any

from flask import request
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import FileField, Form
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the newest types are for WTForms 3.2

from app.platform.field_states import with_states
from app.platform.input.form_words import FieldWords

__all__ = ["FlaskForm", "SelectChoice"]

if TYPE_CHECKING:

    class FlaskForm(Form):
        """A WTForms form, with what Flask-WTF adds. A field that a form does not have is then an error."""

        def is_submitted(self) -> bool: ...

        def validate_on_submit(self) -> bool: ...

else:
    from flask_wtf import FlaskForm as _FlaskForm

    class FlaskForm(_FlaskForm):
        """Says of each field whether it is required and in error, to those who hear the page, and errs in our words."""

        class Meta(_FlaskForm.Meta):
            def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
                words = FieldWords()
                words.field = super().bind_field(form, unbound_field, {**options, "translations": words})
                return words.field

            def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
                return super().render_field(field, with_states(field, render_kw))

            def wrap_formdata(self, form: Any, formdata: Any) -> Any:
                # A file where words belong, or JSON with whatever types, would end WTForms' own checks with an error.
                found = None if formdata is not None and request.is_json else super().wrap_formdata(form, formdata)
                if not isinstance(found, MultiDict):
                    return found
                return MultiDict(
                    (name, value)
                    for name, value in found.items(multi=True)
                    if isinstance(value, FileStorage) == (name in form and isinstance(form[name], FileField))
                )
