"""What a visitor's browser keeps to itself, used by one visitor after the other and emptied in between.

Chromium starts a process for each new context, and that process compiles everything anew: it cost more than the visits.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page

# All pages of a context are drawn in one process: a new page does not start another.
ONE_PROCESS = "--renderer-process-limit=1"


class Contexts:
    """Contexts of every kind that was asked for; none serves two visitors at once."""

    def __init__(self, chromium: Browser, *, address: str) -> None:
        self._chromium = chromium
        self._address = address
        self._free: dict[str, list[BrowserContext]] = {}

    @contextmanager
    def new_page(self, **options: object) -> Iterator[Page]:
        """A page of a context that has these options and holds nothing."""
        free = self._free.setdefault(repr(sorted(options.items(), key=repr)), [])
        context = free.pop() if free else self._chromium.new_context(**options)
        used = context.pages
        page = context.new_page()
        for other in used:
            other.close()
        yield page
        self._empty(context, page)
        free.append(context)

    def _empty(self, context: BrowserContext, page: Page) -> None:
        """Forget who was signed in and what was kept; the page stays open, and with it the process."""
        browser = context.new_cdp_session(page)
        browser.send("Storage.clearDataForOrigin", {"origin": self._address, "storageTypes": "all"})
        browser.send("Network.clearBrowserCache")
        browser.detach()
        context.clear_cookies()
