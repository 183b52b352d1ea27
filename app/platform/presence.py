"""Which workers and schedulers live: they tell Redis now and then, and a killed one stays listed for minutes."""

from datetime import datetime, timedelta

from redis import Redis
from rq import Queue, Worker
from rq.cron import CronScheduler

# Housekeeping gives a worker something to do every minute; a worker without it reports only every seven.
HOUSEKEEPING_SECONDS = 60
_WORKER_WITH_HOUSEKEEPING = timedelta(seconds=2.5 * HOUSEKEEPING_SECONDS)
_WORKER_ALONE = timedelta(minutes=8)
_SCHEDULER = timedelta(seconds=2 * HOUSEKEEPING_SECONDS)


def workers_heard_of(connection: Redis, queue_name: str) -> list[datetime]:
    """When each listed worker of a queue was heard of last, living or not."""
    workers = Worker.all(connection=connection, queue=Queue(queue_name, connection=connection))
    return [worker.last_heartbeat for worker in workers if worker.last_heartbeat is not None]


def living_workers(connection: Redis, queue_name: str, *, now: datetime) -> list[datetime]:
    """When each living worker of a queue was heard of last."""
    limit = _WORKER_WITH_HOUSEKEEPING if living_schedulers(connection, now=now) else _WORKER_ALONE
    return [beat for beat in workers_heard_of(connection, queue_name) if now - beat < limit]


def living_schedulers(connection: Redis, *, now: datetime) -> list[datetime]:
    """When each living scheduler was heard of last."""
    beats = [scheduler.last_heartbeat for scheduler in CronScheduler.all(connection)]
    return [beat for beat in beats if beat is not None and now - beat < _SCHEDULER]
