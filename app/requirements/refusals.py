"""Where a refusal is shown: beside the field that it names, or beside the one that most is about."""

from wtforms import Field

from app.platform.forms import FlaskForm
from kernel.errors import RuleBroken


def field_of(form: FlaskForm, refusal: RuleBroken, otherwise: str) -> Field:
    """The field that a refusal belongs to."""
    name = refusal.field
    return form[name] if name is not None and name in form else form[otherwise]
