"""A page as a browser without scripts sees it: where it is, its forms with what they would send, and its buttons."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import lxml.html

Values = list[tuple[str, str]]


@dataclass
class Form:
    """One form: where it goes, and what it sends, which may be changed."""

    action: str
    method: str
    values: Values
    # By name: the values of the radio buttons or boxes that it offers, and those of its lists.
    choices: dict[str, list[str]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def set(self, name: str, *values: str) -> None:
        """Send these values under the name, and no others."""
        self.values = [(key, value) for key, value in self.values if key != name]
        self.values += [(name, value) for value in values]

    def get(self, name: str) -> str:
        """The first value of this name; empty where there is none."""
        return next((value for key, value in self.values if key == name), "")


@dataclass(frozen=True)
class Page:
    """One answer of the site."""

    path: str
    status: int
    body: bytes
    content_type: str = "text/html"

    @cached_property
    def _root(self) -> lxml.html.HtmlElement:
        return lxml.html.document_fromstring(self.body.decode("utf-8", "replace"))

    @property
    def _main(self) -> lxml.html.HtmlElement:
        found = self._root.xpath("//main")
        return found[0] if found else self._root

    @cached_property
    def heading(self) -> str:
        """The words of its main heading."""
        found = self._root.xpath("//h1")
        return " ".join(found[0].text_content().split()) if found else ""

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        """The forms of its main part, in order."""
        return tuple(_form(one, self.path) for one in self._main.forms)

    @cached_property
    def link_buttons(self) -> tuple[str, ...]:
        """Where the links lead that look like buttons."""
        return tuple(self._main.xpath('.//a[contains(@class, "govuk-button")]/@href'))

    def links_to(self, start: str) -> tuple[str, ...]:
        """The links of its main part to addresses that begin so."""
        return tuple(one for one in self._main.xpath(".//a/@href") if one.startswith(start))

    @property
    def problems(self) -> tuple[str, ...]:
        """The messages of its error summary."""
        found = self._root.xpath('//*[contains(@class, "govuk-error-summary")]//li')
        return tuple(" ".join(one.text_content().split()) for one in found)

    @property
    def assets(self) -> tuple[str, ...]:
        """The style sheets and scripts that a browser would load with it."""
        return tuple(self._root.xpath("//link[@rel='stylesheet']/@href | //script/@src"))


def _form(element: lxml.html.FormElement, path: str) -> Form:
    choices: dict[str, list[str]] = {}
    for name, value in _offered(element):
        choices.setdefault(name, []).append(value)
    buttons = element.xpath(".//button[@name]")
    found = Form(
        action=(element.get("action") or path).partition("#")[0],
        method=(element.get("method") or "get").lower(),
        values=[(name, value or "") for name, value in element.form_values()],
        choices=choices,
        words=[one.get("name") for one in element.xpath(".//textarea[@name] | .//input[@type='text'][@name]")],
    )
    if len(buttons) == 1 and not element.xpath(".//button[not(@name)]"):
        found.set(buttons[0].get("name"), buttons[0].get("value") or "")
    return found


def _offered(element: lxml.html.FormElement) -> Iterator[tuple[str, str]]:
    for one in element.xpath(".//input[@type='radio' or @type='checkbox'][@name]"):
        yield one.get("name"), one.get("value") or "on"
    for one in element.xpath(".//select[@name]"):
        for option in one.xpath(".//option"):
            yield one.get("name"), option.get("value", option.text_content())
