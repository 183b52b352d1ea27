"""Numbers of mobile phones: read as people write them, kept as E.164, shown as people read them. Pure."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

_HERE = "GB"
LONGEST = 16  # E.164: a plus sign and at most fifteen digits
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
# Kept free by Ofcom for stories and examples: no phone ever has one. GOV.UK Notify answers to them as to real ones,
# so that sending can be tried; the library takes them for no numbers.
_EXAMPLE = re.compile(r"\+447700900\d{3}")
# phonenumbers takes letters for the keys of a telephone: “07700 900 ABC” would be the number of somebody else.
_LETTER_AFTER_FIGURE = re.compile(r"\d.*[^\W\d_]", re.DOTALL)


class NotAMobile(ValueError):
    """What somebody wrote is no number that a text can go to; the text says what to do."""


def read_mobile(written: str) -> str:
    """A number as E.164, such as +447700900123. One without a code of a country is of the United Kingdom.

    Raises ``NotAMobile``.
    """
    try:
        found = phonenumbers.parse(written.strip(), _HERE)
    except NumberParseException as problem:
        raise NotAMobile("Enter a mobile number, like 07700 900 123 or +353 85 123 4567") from problem
    if found.extension:
        raise NotAMobile("Enter the number of a mobile phone, without an extension")
    if _LETTER_AFTER_FIGURE.search(written):
        raise NotAMobile("Enter the number in figures, without letters")
    number = phonenumbers.format_number(found, PhoneNumberFormat.E164)
    if _EXAMPLE.fullmatch(number):
        return number
    if not phonenumbers.is_valid_number(found):
        raise NotAMobile("Enter a number that exists, with the code of the country if it is not a UK number")
    if phonenumbers.number_type(found) not in _MOBILE:
        raise NotAMobile("Enter the number of a mobile phone: texts do not reach this kind of number")
    return number


def mobile_in_words(number: str) -> str:
    """A number as people read it: 07700 900123, or with its code where it is of another country."""
    found = phonenumbers.parse(number, _HERE)
    is_here = found.country_code == phonenumbers.country_code_for_region(_HERE)
    return phonenumbers.format_number(found, PhoneNumberFormat.NATIONAL if is_here else PhoneNumberFormat.INTERNATIONAL)
