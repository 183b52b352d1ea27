"""Time-stamps from an RFC 3161 server: asked for with patience that ends, and left alone while it does not answer."""

import asyncio
from collections.abc import Callable
from time import monotonic

from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from certificates.signing.signer import SigningFailed

PATIENCE_SECONDS = 5
# Were each certificate of a batch to wait for a server that is away, they would outlast the lease on the batch.
PAUSE_SECONDS = 30
_MARGIN = 512  # bytes: the next token may be longer than the first
_FAILURES = (TimestampRequestError, SigningError, OSError, ValueError)


class TimeStampServer:
    """One time-stamp server, and whether files may be signed without it."""

    def __init__(self, url: str, *, can_do_without: bool, clock: Callable[[], float] = monotonic) -> None:
        self._url, self._can_do_without, self._clock = url, can_do_without, clock
        self._stamper = HTTPTimeStamper(url, timeout=PATIENCE_SECONDS)
        self._size: int | None = None
        self._silent_until = 0.0

    def space(self, algorithm: str) -> int:
        """How many bytes a time-stamp takes: the server is asked for one, once. Raises ``SigningFailed``."""
        if self._size is None:
            token = self.attempt(lambda stamper: asyncio.run(stamper.async_dummy_response(algorithm)).dump())
            if token is None:
                return 0
            self._size = len(token) + _MARGIN
        return self._size

    def attempt(self, ask: Callable[[TimeStamper], bytes]) -> bytes | None:
        """What ``ask`` gets with this server; ``None`` when it does not answer and files can do without.

        Raises ``SigningFailed`` when they cannot.
        """
        if self._clock() < self._silent_until:
            self._refuse("did not answer a moment ago")
            return None
        try:
            return ask(self._stamper)
        except _FAILURES as problem:
            self._silent_until = self._clock() + PAUSE_SECONDS
            self._refuse(f"gave no time-stamp: {problem.__cause__ or problem}", problem)
            return None

    def _refuse(self, how: str, problem: Exception | None = None) -> None:
        if not self._can_do_without:
            raise SigningFailed(f"The time-stamp server {self._url} {how}") from problem
