"""A worker that is busy for long says that it lives, so that its lease can be short."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from time import monotonic

from flask import current_app
from flask.ctx import AppContext
from sqlalchemy.exc import SQLAlchemyError

from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.tasks.claims import Claim, ClaimLost, extend
from kernel.tasks.kinds import Row

# Three of them fit into a lease of a minute, should one be late.
SECONDS = 15.0

log = logging.getLogger(__name__)


@contextmanager
def heartbeat(claimed: Claim[Row], *, silence: timedelta, seconds: float = SECONDS) -> Iterator[Callable[[], None]]:
    """Extend a claim every few seconds while this goes on, beside the work itself; a kill ends both.

    Call what it gives whenever the work has got on: after so much ``silence`` the work hangs, and the claim is let go.
    """
    pulse = _Pulse(silence)
    context = current_app.app_context()  # a thread has none of its own
    beating = Thread(target=pulse.beat, args=(context, claimed, seconds), name="heartbeat", daemon=True)
    beating.start()
    try:
        yield pulse.note_alive
    finally:
        pulse.is_over.set()
        beating.join()


class _Pulse:
    def __init__(self, silence: timedelta) -> None:
        self.is_over = Event()
        self._silence = silence.total_seconds()
        self._alive_at = monotonic()

    def note_alive(self) -> None:
        self._alive_at = monotonic()

    def beat(self, context: AppContext, claimed: Claim[Row], seconds: float) -> None:
        with context:
            while not self.is_over.wait(seconds) and monotonic() - self._alive_at < self._silence:
                try:
                    with unit_of_work() as work:
                        extend(work.session, claimed, now=utc_now())
                except ClaimLost:
                    return  # the work learns of it at its own next step
                except SQLAlchemyError as problem:
                    log.warning("A heartbeat of %s was lost: %s", claimed.kind.name, problem)
