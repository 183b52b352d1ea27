"""A person's browser without scripts: cookies, redirects, the time of each request, and another try where none came."""

import asyncio
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

from bench.launch_day.reading import Form, Page

# Tried again for so long, with a second between: long enough for a database that comes back after a crash.
PATIENCE = 90
PAUSE = 1.0
KINDS = (
    ("answer", re.compile(r"/courses/[^/]+/[^/]+/\d+/(answers|story)/")),
    ("quiz", re.compile(r"/courses/[^/]+/[^/]+/\d+/quiz")),
    ("own words", re.compile(r"/courses/[^/]+/[^/]+/\d+/(statements|plans|comments|reflections|meeting)")),
    ("screen", re.compile(r"/courses/[^/]+/[^/]+/\d+$")),
    ("course", re.compile(r"/courses/")),
    ("home", re.compile(r"/learning$|/$")),
    ("sign-in", re.compile(r"/sign-in$")),
    ("certificate file", re.compile(r"/certificates/[^/]+/file")),
    ("certificate", re.compile(r"/certificates")),
    ("verification", re.compile(r"/verify")),
    ("figures", re.compile(r"/council/[^/]+($|/units|/who-counts)")),
    ("figures file", re.compile(r"/council/[^/]+/completion")),
    ("static file", re.compile(r"/static/")),
)


class GaveUp(Exception):
    """The site did not answer as it should. The message says what was asked and what came."""


@dataclass
class Timings:
    """What all visitors saw: seconds by kind of page, and what failed before it worked."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, seconds: float) -> None:
        """One answer that was as it should be."""
        self.seconds.setdefault(kind, []).append(seconds)
        self.answered[kind] += 1

    def note_refused(self, what: str) -> None:
        """One request that was not answered, or with "not now"."""
        self.refused[what] += 1


def kind_of_page(method: str, path: str) -> str:
    """What sort of page an address is, in words: "screen", "save answer"."""
    kind = next((words for words, pattern in KINDS if pattern.search(path)), "other")
    if method == "GET":
        return kind
    return {"screen": "continue", "course": "begin"}.get(kind, f"save {kind}")


class Visitor:
    """One browser of one person."""

    def __init__(self, http: aiohttp.ClientSession, url: str, timings: Timings) -> None:
        self._http, self._url, self._timings = http, url, timings
        self.requests = 0
        # Of each POST by its address: how often it was sent, and how often the site said that it was done.
        self.sent: Counter[str] = Counter()
        self.acknowledged: Counter[str] = Counter()

    async def open(self, path: str) -> Page:
        """The page at an address, wherever it leads. Raises ``GaveUp``."""
        return await self._ask("GET", path)

    async def send(self, form: Form) -> Page:
        """What comes after a form. Raises ``GaveUp``."""
        if form.method == "get":
            raise GaveUp(f"{form.action} is a search, and nobody here searches")
        return await self._ask("POST", form.action, form.values)

    async def _ask(self, method: str, path: str, values: list[tuple[str, str]] | None = None) -> Page:
        until = time.monotonic() + PATIENCE
        is_sent_again = False
        while True:
            page = await self._once(method, path, values)
            if page is None and time.monotonic() > until:
                raise GaveUp(f"{method} {path}: no answer within {PATIENCE} seconds")
            if page is None:
                await asyncio.sleep(PAUSE)
                is_sent_again = method == "POST"
            elif page.status in (301, 302, 303, 307):
                method, path, values = "GET", page.body.decode("ascii"), None
            elif page.status in (409, 422) and is_sent_again:
                # What was sent the first time had arrived after all: the page says so, and shows what is kept.
                method, values, is_sent_again = "GET", None, False
            elif page.status >= 400:
                raise GaveUp(f"{method} {path}: {page.status} “{page.heading}” {'; '.join(page.problems)}".strip())
            else:
                return page

    async def _once(self, method: str, path: str, values: list[tuple[str, str]] | None) -> Page | None:
        """One request; ``None`` where it has to be made again."""
        kind, started = kind_of_page(method, path), time.perf_counter()
        self.requests += 1
        if method == "POST":
            self.sent[path] += 1
        try:
            answer = self._http.request(method, self._url + path, data=values, allow_redirects=False)
            async with answer as response:
                status, body = response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError) as problem:
            self._timings.note_refused(f"{kind}: {type(problem).__name__}")
            return None
        if status in (502, 503, 504) or status == 429:
            self._timings.note_refused(f"{kind}: {status}")
            return None
        self._timings.note(kind, time.perf_counter() - started)
        if method == "POST" and status < 400:
            self.acknowledged[path] += 1
        if status in (301, 302, 303, 307):
            target = urlsplit(response.headers["Location"])
            body = (target.path + (f"?{target.query}" if target.query else "")).encode("ascii")
        return Page(urlsplit(path).path, status, body, response.content_type)
