"""Playwright's event loop, kept out of sight of every test that is not in a browser."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class PlaywrightLoop:
    """The loop that Playwright's synchronous API leaves running in this thread while Chromium is open.

    Beside it, ``asyncio.run`` refuses to work, and with it the signing of certificates. The tests share their
    processes with those of the other rooms, so the loop is only there while one of ours runs.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Bring the loop back, if there is one, and put it aside again, or for the first time."""
        asyncio._set_running_loop(self._loop)
        try:
            yield
        finally:
            self._loop = asyncio._get_running_loop()
            asyncio._set_running_loop(None)


playwright_loop = PlaywrightLoop()
