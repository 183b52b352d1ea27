"""Asking the whole site something strange: every request is undone, and every fault is kept with what led to it."""

import logging
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.client import UNPROCESSABLE_ENTITY
from inspect import getmodule, unwrap
from io import BytesIO
from types import ModuleType
from typing import Any
from urllib.parse import quote, urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse
from wtforms.fields.core import UnboundField

from app.platform.forms import FlaskForm
from app.platform.input.form_words import WORDS
from tests.app.everywhere.acting import filled_in
from tests.app.everywhere.hostile import names_read, one_too_long
from tests.app.everywhere.site import FoundForm, WholeSite

Fields = dict[str, Any]
MOST_PAGES = 250
# What WTForms says where nobody has said it better: each sentence up to the first thing that is filled in.
NOT_OURS = re.compile("|".join(sorted({re.escape(sentence.split("%")[0].rstrip(".")) for sentence in WORDS} - {"'"})))
HOLE = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(eq=False)
class Walker(logging.Handler):
    """One role on its way through the site. What comes back as a fault is kept, and so is a last net that held."""

    site: WholeSite
    role: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.ERROR)
        self.client: FlaskClient = self.site.app.test_client(use_cookies=False)
        self._last = ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            problem = record.exc_info[1]
            self._last = f" {getattr(problem, 'original_exception', None) or problem!r}"[:300]

    def ask(self, method: str, address: str, what: str, **request: Any) -> TestResponse | None:
        """The answer to one request, which is then undone; ``None`` for a fault, which is kept."""
        self._last = ""
        headers = {"Cookie": self.site.cookies[self.role], **request.pop("headers", {})}
        with self.site.unchanged():
            answer = self.client.open(address, method=method, headers=headers, **request)
            answer.get_data()
            answer.close()
        if answer.status_code >= 500 or self._last:
            self.faults.append(f"{method} {address[:120]} with {what}: {answer.status_code}{self._last}")
            return None
        if answer.status_code == 422 and (said := NOT_OURS.search(answer.get_data(as_text=True))):
            self.faults.append(f"{method} {address[:120]} with {what}: a page says “{said[0]}”")
        return answer

    def ask_for_longest(self, form: FoundForm, name: str) -> None:
        """Look for the longest text that a field takes, by halves: what its column does not hold is a fault then.

        Whoever takes a text takes a shorter one too, and a column that holds it holds that as well.
        """

        def is_taken(case: tuple[str, str]) -> bool:
            what, text = case
            answer = self.ask("POST", form.address, f"{what} as {name}", **sent(form.fields, **{name: text}))
            return answer is None or answer.status_code != UNPROCESSABLE_ENTITY

        shortest, *longer = one_too_long().items()
        if is_taken(shortest):  # a choice or a day takes none
            bisect_left(longer, True, key=lambda case: not is_taken(case))

    def forms(self) -> list[FoundForm]:
        """Every form that this role finds by following links from every address, and from its first page."""
        waiting, seen, found = [*self._addresses(), "/"], set[str](), {}
        while waiting and len(seen) < MOST_PAGES:
            address = waiting.pop(0)
            key = self._key(address)
            if key in seen or key.startswith("static"):
                continue
            seen.add(key)
            answer = self.ask("GET", address, "nothing strange")
            if answer is None or answer.mimetype != "text/html":
                continue
            soup = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
            for form in soup.find_all("form", method="post"):
                target = str(form.get("action") or address)
                fields = _all_fields(form)
                key = (self._key(target).partition(" ")[0], *sorted(fields))
                found.setdefault(key, FoundForm(target, fields, key))
            waiting += [
                str(link["href"]) for link in soup.find_all("a", href=True) if str(link["href"]).startswith("/")
            ]
        return list(found.values())

    def _addresses(self) -> Iterable[str]:
        return [self.site.address(rule) for rule in self.site.app.url_map.iter_rules() if "GET" in (rule.methods or ())]

    def _key(self, address: str) -> str:
        """What tells pages apart: the view, and what its address names; not a page number or a filter."""
        parts = urlsplit(address)
        try:
            endpoint, values = self.site.app.url_map.bind("localhost").match(parts.path)
        except HTTPException:
            return f"{parts.path}"
        return f"{endpoint} {sorted(values.items())}"


def _all_fields(form: Tag) -> Fields:
    """What a form sends, filled in, with its named buttons; ``None`` for a file."""
    buttons = {str(one["name"]): one.get("value", "") for one in form.find_all("button", attrs={"name": True})}
    files = {str(one["name"]): None for one in form.find_all("input", type="file")}
    return {**filled_in(form), **buttons, **files}


def not_shown(site: WholeSite, form: FoundForm) -> set[str]:
    """The fields that the view behind a form would take, and that this form does not have at the moment."""
    try:
        endpoint, _ = site.app.url_map.bind("localhost").match(urlsplit(form.address).path, method="POST")
    except HTTPException:
        return set()
    module = getmodule(unwrap(site.app.view_functions[endpoint]))
    assert module is not None
    classes = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, FlaskForm)]
    declared = {name for one in classes for name in dir(one) if isinstance(getattr(one, name), UnboundField)}
    return (declared | names_read(module, "request.form")) - set(form.fields)


def address_with(site: WholeSite, rule: Rule, name: str, value: str) -> str:
    """A real address of a rule with one argument replaced, whatever it is replaced by."""
    values = {one: quote(str(site.argument(rule, one)), safe="") for one in rule.arguments}
    values[name] = value if value.startswith("%") else quote(value, safe="", errors="surrogatepass")
    return HOLE.sub(lambda hole: values[hole[1]], rule.rule)


def module_of(site: WholeSite, rule: Rule) -> ModuleType:
    """Where the view of a rule stands."""
    module = getmodule(unwrap(site.app.view_functions[rule.endpoint]))
    assert module is not None
    return module


def sent(fields: Fields, **changes: Any) -> dict[str, Any]:
    """A form as a browser sends it: with a file where a file belongs."""
    values = {
        name: (b"no picture", "a.pdf") if value is None else value for name, value in {**fields, **changes}.items()
    }
    data = {name: (BytesIO(one[0]), one[1]) if isinstance(one, tuple) else one for name, one in values.items()}
    is_whole = any(isinstance(value, tuple) for value in data.values())
    return {"data": data, "content_type": "multipart/form-data" if is_whole else "application/x-www-form-urlencoded"}
