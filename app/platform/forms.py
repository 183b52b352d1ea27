"""What forms are made of. Flask-WTF carries no types, so the type checker reads here what it adds to WTForms."""

from typing import TYPE_CHECKING, Any

from flask import request
from markupsafe import Markup
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import Field, FileField, Form, HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the newest types are for WTForms 3.2

from app.platform.field_states import with_states
from app.platform.input.form_words import FieldWords

# Fields of forms that say `is_alike`, as nobody has filled them in yet: by the form, the field and what its page adds.
_blank: dict[tuple[type, str, str], Markup] = {}

__all__ = ["FlaskForm", "SelectChoice"]

if TYPE_CHECKING:

    class FlaskForm(Form):
        """A WTForms form, with what Flask-WTF adds. A field that a form does not have is then an error."""

        def is_submitted(self) -> bool: ...

        def validate_on_submit(self) -> bool: ...

        class Meta:
            """What a form says of itself. ``is_alike``: its blank fields look the same to everybody."""

            is_alike: bool

else:
    from flask_wtf import FlaskForm as _FlaskForm

    def _is_blank(field: Field) -> bool:
        # The hidden one carries the form token, which is the visitor's own.
        is_filled = field.raw_data is not None or field.data or field.errors
        return not is_filled and not isinstance(field, HiddenField)

    class FlaskForm(_FlaskForm):
        """Says of each field whether it is required and in error, to those who hear the page, and errs in our words."""

        class Meta(_FlaskForm.Meta):
            # A component takes a millisecond to draw, and the page for signing in is asked for by everybody at nine.
            is_alike = False

            def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
                words = FieldWords()
                words.field = super().bind_field(form, unbound_field, {**options, "translations": words})
                return words.field

            def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
                if not self.is_alike or not _is_blank(field):
                    return super().render_field(field, with_states(field, render_kw))
                key = (type(self), field.name, repr(render_kw))
                if key not in _blank:
                    _blank[key] = super().render_field(field, with_states(field, render_kw))
                return _blank[key]

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
