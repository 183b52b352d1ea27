"""What WTForms' own checks say, in our words and with the name of the field. Its own say "Field" and "data inputs".

A check that has a message of its own says that one.
"""

from typing import Any

from wtforms import Field, RadioField, SelectField, SelectMultipleField

_LEFT_EMPTY, _CHOICE, _NUMBER = "Fill in {name}", "Select one of the answers to {name}", "{name} must be a number"
_WHOLE, _REAL, _OTHER = "{name} must be a whole number, such as 12", "{name} must be a real date", "Check {name}"
# By the sentence of WTForms. What stands in %(…)s is filled in by WTForms afterwards.
WORDS = {
    "This field is required.": _LEFT_EMPTY,
    "Field cannot be longer than %(max)d characters.": "{name} must be %(max)d characters or fewer",
    "Field must be at least %(min)d characters long.": "{name} must be %(min)d characters or more",
    "Field must be exactly %(max)d characters long.": "{name} must be %(max)d characters",
    "Field must be between %(min)d and %(max)d characters long.": "{name} must be %(min)d to %(max)d characters",
    "Field must be equal to %(other_name)s.": "{name} must be the same in both boxes",
    "Number must be at least %(min)s.": "{name} must be %(min)s or more",
    "Number must be at most %(max)s.": "{name} must be %(max)s or fewer",
    "Number must be between %(min)s and %(max)s.": "{name} must be between %(min)s and %(max)s",
    "Date must be at least %(min)s.": "{name} must be %(min)s or later",
    "Date must be at most %(max)s.": "{name} must be %(max)s or earlier",
    "Date must be between %(min)s and %(max)s.": "{name} must be between %(min)s and %(max)s",
    "Invalid email address.": "{name} must be an email address, such as name@example.com",
    "Invalid URL.": "{name} must be a web address, such as https://example.com",
    "Invalid value, must be one of: %(values)s.": _CHOICE,
    "Invalid value, can't be any of: %(values)s.": "{name} must be something else",
    "Not a valid choice.": _CHOICE,
    "Invalid Choice: could not coerce.": _CHOICE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOICE,
    "'%(value)s' are not valid choices for this field.": _CHOICE,
    "Not a valid integer value.": _WHOLE,
    "Not a valid decimal value.": _NUMBER,
    "Not a valid float value.": _NUMBER,
    "Not a valid date value.": _REAL,
    "Not a valid datetime value.": _REAL,
    "Not a valid time value.": "{name} must be a time, such as 14:30",
    "Not a valid week value.": _REAL,
}
_CHOOSING = (RadioField, SelectField, SelectMultipleField)


class FieldWords:
    """WTForms asks its translations for each sentence; these translate it into a plain one about one field."""

    field: Field | None = None  # until it is made: it has its words translated on the way

    def gettext(self, sentence: str) -> str:
        """The sentence for this field; where WTForms has a new one, the field is named at least."""
        if self.field is None:
            return sentence
        name = name_of(self.field)
        if "%(" in sentence:  # WTForms fills it in afterwards, and takes each % for a place to do so
            name = name.replace("%", "%%")
        words = WORDS.get(sentence, _OTHER)
        if words is _LEFT_EMPTY:
            words = "Select an answer to {name}" if isinstance(self.field, _CHOOSING) else "Fill in {name}"
        return words.format(name=name)

    def ngettext(self, _singular: str, plural: str, how_many: int) -> str:
        """The same for a sentence with a number, which then reads 2,000 and not 2000."""
        return self.gettext(plural).replace("%(max)d", f"{how_many:,}").replace("%(min)d", f"{how_many:,}")


def name_of(field: Any) -> str:
    """What a sentence calls the field: as its errors do already, or its label, a question in quotation marks."""
    label = str(getattr(field, "name_in_errors", "") or field.label.text)
    return f"“{label}”" if label.endswith("?") else label
