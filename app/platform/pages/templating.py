"""Jinja set-up: where component templates live, strict names, and the filters that put values into words."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from flask import Flask, g, get_flashed_messages, request, url_for
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader, PrefixLoader, StrictUndefined
from jinja2.exceptions import UndefinedError
from jinja2.utils import missing
from markupsafe import Markup, escape

from kernel.clock import LOCAL, local_day, utc_now
from kernel.rounding import rounded_to


class StrictNames(StrictUndefined):
    """Undefined names and attributes raise, as in `StrictUndefined`, except inside GOV.UK components.

    Those macros take one mapping, ask it for keys that may be absent (`params.hint.text`), and test `caller`.
    A missing key of a mapping is therefore quietly empty; a missing name or attribute of ours still raises.
    """

    def __new__(
        cls,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[UndefinedError] = UndefinedError,
    ) -> Any:
        if isinstance(obj, dict) or name == "caller":
            return ChainableUndefined(hint, obj, name, exc)
        return super().__new__(cls)


def local(value: date | datetime) -> date | datetime:
    """Return an aware moment in the city region's own time; days and naive moments stay as they are."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(LOCAL)
    return value


def day(value: date | datetime) -> str:
    """21 November 2026"""
    here = local(value)
    return f"{here.day} {here:%B %Y}"


def weekday(value: date | datetime) -> str:
    """Saturday 21 November 2026"""
    here = local(value)
    return f"{here:%A} {here.day} {here:%B %Y}"


def clock(value: datetime) -> str:
    """14:02"""
    return f"{local(value):%H:%M}"


def moment(value: datetime) -> str:
    """21 November 2026 at 14:02"""
    return f"{day(value)} at {clock(value)}"


def when(value: datetime, now: datetime | None = None) -> str:
    """At 14:02; with the day where that is not today: on 21 November 2026 at 14:02."""
    is_today = local_day(value) == local_day(now or utc_now())
    return f"at {clock(value)}" if is_today else f"on {moment(value)}"


def machine_time(value: date | datetime) -> str:
    """2026-11-21, or with the time, for the datetime attribute."""
    return local(value).isoformat()


def number(value: int | float) -> str:
    """12,345; a fraction keeps one place."""
    return f"{value:,}" if isinstance(value, int) else f"{rounded_to(value, 1):,}".removesuffix(".0")


def percent(value: int | float | None) -> str:
    """64%. `None` (a small group, or nobody to count) becomes a dash; say why beside it."""
    return "–" if value is None else f"{number(value)}%"


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 module, 3 modules, 2 people (with `plural("person", "people")`)."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def file_size(size: int) -> str:
    """60 KB, 1.2 MB. Sizes are bytes."""
    if size >= 1_000_000:
        return f"{size / 1_000_000:,.1f}".removesuffix(".0") + " MB"
    return f"{max(1.0, size / 1000):.0f} KB"


def in_words(items: Sequence[object], word: str = "and") -> str:
    """a, b and c"""
    words = [str(item) for item in items]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {word} {words[-1]}" if words else ""


def lower_first(words: str) -> str:
    """The name was corrected -> the name was corrected: for words that follow a colon."""
    return words[:1].lower() + words[1:]


def page_links(page: int, pages: int) -> dict[str, object]:
    """Links to the pages of a long list, as the pagination component wants them; empty for a single page.

    They keep the present address and its filters, and change `page` only. Pages count from 1.
    """

    def address(page: int) -> str:
        values = {**request.args.to_dict(flat=False), **(request.view_args or {}), "page": page}
        return url_for(request.endpoint or "", **values)

    if pages < 2:
        return {}
    near = sorted({1, pages, *(number for number in (page - 1, page, page + 1) if 1 <= number <= pages)})
    items: list[dict[str, object]] = []
    for before, number in zip([0, *near], near, strict=False):
        if number - before > 1:
            items.append({"ellipsis": True})
        items.append({"number": number, "href": address(number), "current": number == page})
    links: dict[str, object] = {"items": items, "landmarkLabel": "Pages"}
    if page > 1:
        links["previous"] = {"href": address(page - 1)}
    if page < pages:
        links["next"] = {"href": address(page + 1)}
    return links


def messages() -> list[tuple[str, str]]:
    """(category, words) of what was just done. base.html shows them; a second call on a page finds none."""
    if g.get("are_messages_shown"):
        return []
    g.are_messages_shown = True
    return cast(list[tuple[str, str]], get_flashed_messages(with_categories=True))


def isolated(sentence: str) -> Markup:
    """A sentence whose names in “…” cannot turn what stands around them: one may be written from right to left."""
    first, *parts = sentence.split("“")
    return escape(first) + Markup().join(_isolated(part) for part in parts)


def _isolated(part: str) -> Markup:
    name, mark, rest = part.partition("”")
    return Markup("“<bdi>{}</bdi>{}{}").format(name, mark, rest)


FILTERS = (
    *(day, weekday, clock, moment, when, machine_time, number, percent, plural, file_size, in_words, lower_first),
    isolated,
)


def init_templates(app: Flask) -> None:
    """Set up Jinja. Call it before the first template is rendered."""
    app.jinja_loader = ChoiceLoader(
        [
            *([app.jinja_loader] if app.jinja_loader else []),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    environment = app.jinja_env
    environment.undefined = StrictNames
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    # The components were written for Nunjucks, where these words are part of the language.
    environment.globals.update({"undefined": ChainableUndefined(name="undefined"), "null": None})
    # The notification banner reads these two unset.
    environment.globals.update({"successBanner": False, "typeClass": ""})
    environment.globals.update({"page_links": page_links, "messages": messages})
    environment.filters.update({function.__name__: function for function in FILTERS})
    WTFormsHelpers(app)
