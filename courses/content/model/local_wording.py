"""Local wording: the standard tokens, and what each stands for in one organisation."""

import re
from collections.abc import Mapping

from courses.content.model.course import Token

TOKEN = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")

ORGANISATIONS = ("combined-authority", "halton", "knowsley", "liverpool", "sefton", "st-helens", "wirral")

STANDARD: Mapping[str, Token] = {
    "authority_name": Token(default="your organisation"),
    "police_force": Token(default="Merseyside Police", authorities={"halton": "Cheshire Constabulary"}),
    "report_at_work": Token(default="your line manager, HR, your trade union or your staff network"),
    "speak_up_route": Token(default="your organisation’s whistleblowing or speak-up policy"),
    "staff_network": Token(default="your race equality staff network, if there is one"),
    "eia_route": Token(default="your organisation’s equality impact assessment form"),
    "interpreter_route": Token(default="your organisation’s interpreting service"),
    "hate_crime_route": Token(default="999 in an emergency, 101 if not, or report online through True Vision"),
    "wellbeing_route": Token(default="your employee assistance programme"),
    "hate_crime_support": Token(default="your local victim service, which the police can put you in touch with"),
    "advice_lines": Token(default=""),
    "listening_lines": Token(default=""),
    "support_checked_on": Token(default=""),
    "local_box": Token(default=""),
}


def token_values(
    course_tokens: Mapping[str, Token],
    *,
    organisation_slug: str | None,
    local_wording: Mapping[str, str],
    example_set: str | None = None,
) -> dict[str, str]:
    """What each token stands for in an organisation, by name.

    The organisation's own words (``local_wording``) come first, then what the course says for it, then what goes with
    the example set, then the course's default, then the standard. An empty text brings back the one that it hides.
    """
    values: dict[str, str] = {}
    for tokens in (STANDARD, course_tokens):
        for name, token in tokens.items():
            general = token.sets.get(example_set or "", token.default)
            values[name] = token.authorities.get(organisation_slug or "", general)
    return values | {name: text for name, text in local_wording.items() if text.strip()}


def token_names(text: str) -> tuple[str, ...]:
    """The names of the tokens in ``text``, in order, each as often as it stands there."""
    return tuple(TOKEN.findall(text))


def fill_tokens(text: str, values: Mapping[str, str]) -> str:
    """Plain text with its tokens replaced. A token without a value stays as it is typed."""
    return TOKEN.sub(lambda found: values.get(found[1], found[0]), text)
