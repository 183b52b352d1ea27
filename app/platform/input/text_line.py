"""A line of text in a form about a person, as long as its column and in the form to be stored."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from sqlalchemy.orm import InstrumentedAttribute
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from kernel.columns import length_of
from kernel.typed import composed


def line(label: str, missing: str, column: InstrumentedAttribute[Any], description: str = "") -> StringField:
    """A field for ``column``; ``missing`` is what an empty one is told, and "" where it may be empty."""
    most = length_of(column)
    called = f"The answer to “{label}”" if label.endswith("?") else label
    return StringField(
        label,
        description=description,
        widget=GovTextInput(),
        filters=[lambda typed: composed(typed or "")],
        validators=[
            *([DataRequired(missing)] if missing else []),
            Length(max=most, message=f"{called} must have {most} characters or fewer"),
        ],
    )
