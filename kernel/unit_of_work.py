"""One transaction, then its bells. The only place in the product that commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from kernel.events import Event


class UnitOfWork:
    """What a view, a job or a command holds while it changes something.

    ``session`` carries the changes; ``publish`` lets other rooms react inside the same transaction;
    ``ring_after_commit`` notes a queue to wake once the rows are safe.
    """

    def __init__(self, session: Session, handlers: EventHandlers) -> None:
        self.session = session
        self._handlers = handlers
        self._bells: list[str] = []

    def publish(self, events: Iterable[Event]) -> None:
        """Call the handlers of each event now, in this transaction."""
        for event in events:
            for handle in self._handlers.get(type(event), ()):
                handle(event, self)

    def ring_after_commit(self, job: str) -> None:
        """Wake ``job`` after the commit, once however often it is asked for."""
        if job not in self._bells:
            self._bells.append(job)

    @property
    def bells(self) -> tuple[str, ...]:
        """The jobs to wake after the commit, in the order in which they were asked for."""
        return tuple(self._bells)


EventHandlers = Mapping[type[Event], tuple[Callable[[Any, UnitOfWork], None], ...]]


@contextmanager
def unit_of_work(session: Session, handlers: EventHandlers, ring: Callable[[str], None]) -> Iterator[UnitOfWork]:
    """Commit what the block did, or nothing of it; then ring the bells it asked for.

    ``ring`` must not raise: the rows are the promise, and housekeeping finds those whose bell was lost.
    """
    work = UnitOfWork(session, handlers)
    try:
        yield work
        session.commit()
    except BaseException:
        session.rollback()
        raise
    for job in work.bells:
        ring(job)
