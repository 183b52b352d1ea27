"""Work off one kind of task: claim one, do it, write down how it went, until nothing is due or the time is up."""

from collections.abc import Callable
from contextlib import suppress

from flask import current_app

from app.jobs.time_limit import LONGEST_SECONDS, TimeLimit
from app.platform.queue import ring
from app.platform.work import unit_of_work
from certificates.drawing.error_messages import in_words
from certificates.signing.signer import SigningFailed
from kernel.clock import utc_now
from kernel.errors import StorageError
from kernel.tasks.claims import Claim, ClaimLost, claim, fail
from kernel.tasks.kinds import Row, TaskKind

# The task itself is not at fault: the store is away or full, or the key is not there yet.
PASSING = (StorageError, SigningFailed)
Errors = tuple[type[Exception], ...]


class TasksFailed(Exception):
    """Some tasks failed. Their rows say why, and when they are tried again."""


def work_off(
    kind: TaskKind[Row],
    do: Callable[[Claim[Row]], None],
    *,
    passing: Errors = PASSING,
    final: Errors = (),
    seconds: float = LONGEST_SECONDS,
) -> None:
    """Do everything of a kind that is due, one after the other; one that fails keeps nobody else from theirs.

    ``passing`` errors never park a task, ``final`` ones do so at once. Raises ``TasksFailed`` at the end.
    """
    limit, failures = TimeLimit(kind.name, seconds), 0
    while (claimed := _claim(kind)) is not None:
        try:
            do(claimed)
        except ClaimLost as lost:
            current_app.logger.warning("Somebody else has taken over %s, or nobody wants it any more", lost)
        except Exception as problem:
            failures += 1
            note_failure(claimed, problem, is_passing=isinstance(problem, passing), is_final=isinstance(problem, final))
        if limit.is_over:
            ring(kind.name)
            break
    if failures:
        raise TasksFailed(f"{failures} of {kind.name} failed; their rows say why")


def note_failure(claimed: Claim[Row], problem: Exception, *, is_passing: bool, is_final: bool = False) -> None:
    """Write down in the log and in the row why a task failed."""
    name = claimed.kind.name
    current_app.logger.error("%s %s failed", name, claimed.id, exc_info=problem)
    with suppress(ClaimLost), unit_of_work() as work:
        fail(work.session, claimed, reason=in_words(problem), now=utc_now(), is_passing=is_passing, is_final=is_final)


def _claim(kind: TaskKind[Row]) -> Claim[Row] | None:
    with unit_of_work() as work:
        return claim(work.session, kind, now=utc_now())
