"""A strict reader of pages: it sees headings, errors, tables, links and forms, never markup, and refuses bad pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

from app.platform.access import KEPT_AT
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from people.accounts import Account
from people.sessions import begin_session


class BadPage(AssertionError):
    """A page that breaks a rule which every page must keep."""


def _words(element: Tag | None) -> str:
    return " ".join(element.get_text(" ").split()) if element else ""


@dataclass
class Page:
    """What a person finds on a page."""

    response: TestResponse
    url: str

    def __post_init__(self) -> None:
        self.status = self.response.status_code
        self.soup = BeautifulSoup(self.response.get_data(as_text=True), "html.parser")
        if self.response.mimetype == "text/html" and not self.is_redirect:
            self._check()

    @property
    def is_redirect(self) -> bool:
        return 300 <= self.status < 400

    @property
    def location(self) -> str:
        return self.response.headers.get("Location", "")

    @property
    def heading(self) -> str:
        return _words(self.soup.h1)

    @property
    def title(self) -> str:
        return _words(self.soup.title)

    @property
    def text(self) -> str:
        """Everything in the main part of the page, as words."""
        return _words(self.soup.main or self.soup)

    @property
    def errors(self) -> list[str]:
        """The messages of the error summary."""
        summary = self.soup.find(class_="govuk-error-summary")
        return [_words(item) for item in summary.find_all("li")] if isinstance(summary, Tag) else []

    @property
    def links(self) -> dict[str, str]:
        return {_words(link): str(link["href"]) for link in self.soup.find_all("a", href=True)}

    @property
    def buttons(self) -> list[str]:
        return [_words(button) for button in self.soup.find_all("button")]

    def table(self, caption: str) -> list[dict[str, str]]:
        """The rows of the table with this caption, by column heading."""
        for found in self.soup.find_all("table"):
            if _words(found.caption) == caption:
                columns = [_words(cell) for cell in found.thead.find_all("th")]
                rows = found.tbody.find_all("tr")
                return [dict(zip(columns, map(_words, row.find_all(["th", "td"])), strict=True)) for row in rows]
        raise AssertionError(f"No table “{caption}” on {self.url}")

    def form(self, button: str) -> tuple[str, dict[str, Any]]:
        """Where the form with this button goes, and what it would send untouched."""
        for found in self.soup.find_all("form"):
            if any(_words(b) == button or b.get("value") == button for b in found.find_all(["button", "input"])):
                return str(found.get("action") or self.url), untouched(found)
        raise AssertionError(f"No button “{button}” on {self.url}; there are {self.buttons}")

    def _check(self) -> None:
        # In one walk: this is asked about every page, and each `find_all` walks through all of it.
        tags = [element for element in self.soup.descendants if isinstance(element, Tag)]
        headings = [tag for tag in tags if tag.name == "h1"]
        if len(headings) != 1:
            raise BadPage(f"{self.url} has {len(headings)} main headings")
        if not self.title.removeprefix("Error: ").startswith(self.heading):
            raise BadPage(f"{self.url}: the title “{self.title}” does not start with “{self.heading}”")
        identities = Counter(tag["id"] for tag in tags if tag.has_attr("id"))
        twice = sorted(identity for identity, times in identities.items() if times > 1)
        if twice:
            raise BadPage(f"{self.url} uses an id twice: {twice}")
        labelled = {tag.get("for") for tag in tags if tag.name == "label"}
        for field in (tag for tag in tags if tag.name in {"input", "select", "textarea"}):
            is_seen = field.get("type") not in {"hidden", "submit", "button"}
            if (
                is_seen
                and field.get("id") not in labelled
                and not field.get("aria-label")
                and not field.get("aria-labelledby")
            ):
                raise BadPage(f"{self.url}: {field.get('name')} has no label")
        if self.errors and not self.title.startswith("Error: "):
            raise BadPage(f"{self.url} shows errors but its title does not say so")
        self._check_fields_in_error()

    def _check_fields_in_error(self) -> None:
        """What the summary leads to is there; a field says that it is in error, and some field of its group does."""
        for link in self.soup.select(".govuk-error-summary a[href^='#']"):
            field = self.soup.find(id=str(link["href"]).removeprefix("#"))
            if not isinstance(field, Tag):
                raise BadPage(f"{self.url}: “{_words(link)}” leads nowhere")
            if field.name in {"input", "select", "textarea"} and field.get("aria-invalid") != "true":
                raise BadPage(f"{self.url}: {field.get('name')} is in error and does not say so")
        for group in self.soup.select(".govuk-form-group--error"):
            if not group.select("[aria-invalid=true]"):
                raise BadPage(f"{self.url}: “{_words(group)}” is in error and no field of it says so")


def untouched(form: Tag) -> dict[str, Any]:
    """What a form would send as it stands."""
    fields: dict[str, Any] = {}
    for field in form.find_all(["input", "textarea", "select"], attrs={"name": True}):
        name, kind = str(field["name"]), field.get("type")
        if kind in {"radio", "checkbox"}:
            if field.has_attr("checked"):
                fields.setdefault(name, []).append(field.get("value"))
        elif field.name == "textarea":
            fields[name] = field.get_text()
        elif field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            fields[name] = chosen.get("value", "") if isinstance(chosen, Tag) else ""
        elif kind not in {"file", "submit"}:
            value = field.get("value", "")
            # The three boxes of a day have one name.
            fields[name] = [*_listed(fields[name]), value] if name in fields else value
    return fields


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Browser:
    """A person with a browser."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def enter_as(self, account: Account) -> Browser:
        """Sign in without the cost of hashing a password; test_sign_in.py signs in by the page itself."""
        now = utc_now()
        with self.client.application.app_context(), unit_of_work() as work:
            begun = begin_session(
                work.session, account_id=account.id, device="A test", now=now, longest=timedelta(days=1)
            )
        with self.client.session_transaction() as session:
            session["_user_id"] = begun.secret
            session[KEPT_AT] = int(now.timestamp())
        return self

    def open(self, url: str, *, follow: bool = True) -> Page:
        # Read to the end and closed, as a server does with every answer.
        response = self.client.get(url, follow_redirects=follow, buffered=True)
        return Page(response, response.request.full_path.rstrip("?") if follow else url)

    def submit(self, url: str, button: str, *, follow: bool = True, **fields: Any) -> Page:
        """Open a page, fill in the form with this button, press it."""
        target, values = self.open(url).form(button)
        return self.post(target, {**values, **fields}, follow=follow)

    def post(self, url: str, values: dict[str, Any], *, follow: bool = True) -> Page:
        response = self.client.post(
            url,
            data=values,
            follow_redirects=follow,
            buffered=True,
            content_type="multipart/form-data" if _has_file(values) else None,
        )
        return Page(response, response.request.full_path.rstrip("?"))


def _has_file(values: dict[str, Any]) -> bool:
    return any(isinstance(value, tuple) for value in values.values())
