"""A person at a screen. Every page they see is looked at closely, and a bad one ends the journey."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response, expect

from tests.browser.region import PASSWORD
from tools.paths import HERE

AXE = HERE.root / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_SPARES_ITSELF = {"resultTypes": ["violations"], "selectors": False, "iframes": False, "preload": False}
# A folder to keep a picture of every page in, to look at by eye.
PICTURES = os.environ.get("BROWSER_PICTURES")


# In one question, because this is asked about every page.
FRAME = """() => ({
  headings: [...document.querySelectorAll("h1")].map((heading) => heading.innerText),
  title: document.title, language: document.documentElement.lang,
})"""
# All that decides what axe finds: the page as it stands, the room that it has, and the colours that it is shown in.
# The same for the header and the footer alone.
SEEN_AS = """() => {
  const shown = [
    innerWidth, devicePixelRatio,
    matchMedia("(forced-colors: active)").matches, matchMedia("(prefers-contrast: more)").matches,
  ]
  const [root, body] = [document.documentElement, document.body]
  const frame = [root.cloneNode(), body.cloneNode(), ...document.querySelectorAll("header, footer")]
  const styles = [...document.styleSheets].map((sheet) => sheet.href)
  return [[root.outerHTML, ...shown], [...frame.map((part) => part.outerHTML), ...styles, ...shown]]
}"""
HEADER_AND_FOOTER = [["header"], ["footer"]]
# What is drawn anew for every page without changing it for anybody.
DRAWN_ANEW = re.compile(r'(name="(?:csrf_token|shown_at)"[^>]* value="|nonce=")[^"]*')
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]*)"')
_found_good: set[str] = set()


class BadPage(AssertionError):
    """A page that breaks a rule which every page must keep."""


@dataclass(frozen=True)
class Device:
    """A width, a height, and whether scripts run."""

    width: int
    height: int = 800
    has_scripts: bool = True

    def __str__(self) -> str:
        return f"{self.width}{'' if self.has_scripts else '-without-scripts'}"


PHONE, DESKTOP = Device(360), Device(1280, 900)
PHONE_WITHOUT_SCRIPTS, DESKTOP_WITHOUT_SCRIPTS = (
    Device(360, has_scripts=False),
    Device(1280, 900, has_scripts=False),
)


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


class Visitor:
    """Opens, reads, fills in and presses; looks at every page that comes."""

    def __init__(self, page: Page, *, address: str, device: Device) -> None:
        self.page = page
        self.address = address
        self.device = device
        self.faults: list[str] = []
        self.looks = 0
        page.set_default_timeout(15_000)
        page.on("console", self._note_console)
        page.on("pageerror", lambda problem: self.faults.append(f"script error: {problem}"))
        page.on("requestfailed", self._note_failed)
        page.on("response", self._note_response)

    # What goes wrong beneath the page.

    def _note_console(self, message: ConsoleMessage) -> None:
        # A page that answers 404 or 422 on purpose is named here too; parts of pages are watched below.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _note_failed(self, request: Request) -> None:
        # Leaving a page ends what it was waiting for, and a download ends the navigation that began it.
        is_left = request.failure == "net::ERR_ABORTED"
        # With scripts off Chromium still starts on the preloaded ones, and then refuses them.
        is_switched_off = not self.device.has_scripts and request.resource_type == "script"
        if not is_left and not is_switched_off:
            self.faults.append(f"{request.url} failed: {request.failure}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.faults.append(f"{response.url} answered {response.status}")

    # Going somewhere.

    def open(self, path: str, *, status: int = 200) -> None:
        """Type an address."""
        response = self.page.goto(self.address + path)
        assert response is not None
        assert response.status == status, f"{path} answered {response.status}"
        self.look()

    def reload(self) -> None:
        """Ask for the page again."""
        self.page.reload()
        self.look()

    def reload_until(self, *words: str) -> None:
        """Ask again and again, a minute and a half at most, until some of these words stand on the page."""
        for _ in range(360):
            if any(some in self.text for some in words):
                self.look()
                return
            self.page.wait_for_timeout(250)
            self.page.reload()
        raise AssertionError(f"{self.page.url} never said {words}: {self.text}")

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press a button that leads to a page."""
        self.go(self._named("button", name, within))

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        """Follow a link."""
        self.go(self._named("link", name, within))

    def _named(self, role: Any, name: str, within: Locator | None) -> Locator:
        return (within or self.page.locator("main")).get_by_role(role, name=name, exact=False).first

    def go(self, control: Locator) -> None:
        """Press or follow this very control, and wait for the page that it leads to: a click alone waits for none."""
        with self.page.expect_navigation():
            control.click()
        self.look()

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """By the page for signing in."""
        self.open("/sign-in")
        self.write("Username", username)
        self.write("Password", password)
        self.press("Sign in")

    def enter(self, username: str) -> None:
        """Signed in by the same form, sent without drawing it: how it looks and works has journeys of its own."""
        address = f"{self.address}/sign-in"
        token = TOKEN.search(self.page.request.get(address).text())
        assert token is not None
        form = {"csrf_token": token[1], "username": username, "password": PASSWORD}
        answer = self.page.request.post(address, form=form, max_redirects=0)
        assert answer.status == 302, f"Signing in as {username} answered {answer.status}"
        self.open(answer.headers["location"].removeprefix(self.address))

    def sign_out(self) -> None:
        """By the button at the top, which a phone keeps behind “Menu”."""
        header = self.page.get_by_role("banner")
        menu = header.get_by_role("button", name="Menu")
        if menu.is_visible():
            menu.click()
        self.press("Sign out", within=header)

    # Filling in.

    def write(self, label: str, words: str) -> None:
        """Type into a field."""
        self.page.get_by_label(label, exact=True).fill(words)

    def choose(self, label: str) -> None:
        """Pick a radio button or tick a box."""
        self.page.get_by_label(label, exact=True).check()

    # Reading.

    @property
    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def text(self) -> str:
        """The main part of the page, as words."""
        return " ".join(self.page.locator("main").inner_text().split())

    @property
    def errors(self) -> list[str]:
        """The messages of the error summary."""
        return self.page.get_by_role("alert").get_by_role("listitem").all_inner_texts()

    def sees(self, words: str) -> None:
        """Wait until the words stand on the page."""
        expect(self.page.locator("main")).to_contain_text(words, timeout=15_000)

    def has_focus_on(self, element_id: str) -> None:
        """Wait until this part of the page holds the focus."""
        expect(self.page.locator(f'[id="{element_id}"]')).to_be_focused()

    def table(self, caption: str) -> list[list[str]]:
        """The rows of a table, heading row first, as a person reads them on a wide screen."""
        rows = self.page.get_by_role("table", name=caption).get_by_role("row").all()
        return [[cell.inner_text().strip() for cell in row.locator("th, td").all()] for row in rows]

    # Looking closely.

    def look(self) -> None:
        """Refuse a page that breaks a rule for every page."""
        self.looks += 1
        where = f"{self.page.url.removeprefix(self.address)} at {self.device}"
        self._keep_picture()
        if problems := self.problems():
            raise BadPage(f"{where}:\n" + "\n".join(problems))

    def problems(self) -> list[str]:
        """The rules for every page that this one breaks."""
        problems = [*self.faults, *self._frame_problems(), *self._sideways(self.device.width)]
        return [*problems, *self._axe_problems()] if self.device.has_scripts else problems

    def fits(self, *widths: int, height: int = 800) -> None:
        """The page scrolls in one direction only at these widths too."""
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": height})
            problems = self._sideways(width)
            assert not problems, f"{self.page.url}: {problems}"
        self.page.set_viewport_size({"width": self.device.width, "height": self.device.height})

    def _frame_problems(self) -> Sequence[str]:
        frame = self.page.evaluate(FRAME)
        headings = frame["headings"]
        if len(headings) != 1:
            return [f"{len(headings)} main headings: {headings}"]
        problems = []
        title = frame["title"].removeprefix("Error: ")
        if not title.startswith(" ".join(headings[0].split())):
            problems.append(f"the title “{title}” does not start with “{headings[0]}”")
        if frame["language"] != "en-GB":
            problems.append("the page does not say that it is in English")
        return problems

    def _sideways(self, width: int) -> Sequence[str]:
        found = self.page.evaluate("document.documentElement.scrollWidth")
        return [f"the page is {found} pixels wide on a screen of {width}"] if found > width else []

    def _axe_problems(self) -> Sequence[str]:
        # Most journeys begin on the same few pages, and axe takes longer than all the rest of a visit.
        page, frame = (DRAWN_ANEW.sub(r"\1", repr(seen)) for seen in self.page.evaluate(SEEN_AS))
        if page in _found_good:
            return []
        problems = self._axe_findings(leave_out=HEADER_AND_FOOTER if frame in _found_good else [])
        if not problems:
            _found_good.update((page, frame))
        return problems

    def _axe_findings(self, *, leave_out: list[list[str]]) -> Sequence[str]:
        """What axe finds on the whole page. Rules about the page as a whole see what is left out all the same."""
        self.page.evaluate(_axe())
        options = {"runOnly": {"type": "tag", "values": STANDARDS}, **AXE_SPARES_ITSELF}
        found = self.page.evaluate("asked => axe.run(...asked)", [{"exclude": leave_out}, options])
        return [
            f"axe {broken['id']}: {broken['help']}: {[node['html'][:160] for node in broken['nodes']][:4]}"
            for broken in found["violations"]
        ]

    def _keep_picture(self) -> None:
        if PICTURES:
            test = re.sub(r"\W+", "-", os.environ.get("PYTEST_CURRENT_TEST", "").split("::")[-1])
            name = f"{test[:60]}-{self.looks:02}.png"
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(PICTURES) / name, full_page=True)
