"""Redis, and the processes that listen to it: the worker and the scheduler."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from redis import Redis
from redis.exceptions import RedisError, ResponseError

from app.doctor.check import Check, ok, problem
from app.platform.presence import living_schedulers, living_workers, workers_heard_of
from app.platform.queue import queue_name
from certificates.making.rendering import RENDER_CERTIFICATES
from kernel.rounding import rounded

_QUEUE = queue_name(RENDER_CERTIFICATES)


def check_redis(connection: Redis) -> Check:
    """Redis answers."""
    try:
        connection.ping()
    except RedisError as error:
        return problem(
            "redis",
            f"It does not answer: {str(error).rstrip('.')}. Check COMMON_GROUND_REDIS_URL. "
            "Nothing is lost meanwhile, but no certificate is made.",
        )
    return ok("redis", f"Redis {_info(connection, 'server').get('redis_version', '')} answers.")


def check_redis_keeps(connection: Redis) -> Check:
    """What waits in the queue outlives a restart of Redis."""
    is_appending = str(_info(connection, "persistence").get("aof_enabled", 0)) == "1"
    if is_appending:
        return ok("redis on disk", "Every write is kept (appendonly).")
    if _setting(connection, "save"):
        return ok("redis on disk", "Snapshots are kept (save); appendonly would lose less.")
    return problem(
        "redis on disk",
        "Redis keeps nothing: after a restart, certificates wait for the next housekeeping. Set: appendonly yes",
    )


def check_redis_never_evicts(connection: Redis) -> Check:
    """A full Redis must refuse, not throw waiting jobs away."""
    policy = str(_info(connection, "memory").get("maxmemory_policy", "noeviction"))
    if policy != "noeviction":
        return problem(
            "redis memory",
            f"maxmemory-policy is {policy}: waiting jobs may vanish. Set: maxmemory-policy noeviction",
        )
    return ok("redis memory", "A full Redis refuses instead of forgetting (noeviction).")


def check_worker(connection: Redis, *, now: datetime) -> Check:
    """At least one worker has been heard of lately; a killed one stays listed for minutes."""
    living = living_workers(connection, _QUEUE, now=now)
    if living:
        return ok("worker", f"{len(living)} listening, last heard of {_ago(now - max(living))}.")
    beats = workers_heard_of(connection, _QUEUE)
    heard = f"The last one was heard of {_ago(now - max(beats))}" if beats else "None is listening"
    return problem("worker", f"{heard}: no certificate is made. Start: flask --app wsgi worker")


def check_scheduler(connection: Redis, *, now: datetime) -> Check:
    """Somebody rings for housekeeping every minute."""
    beats = living_schedulers(connection, now=now)
    if not beats:
        return problem(
            "scheduler",
            "None is running: lost certificates are not looked for. Start: flask --app wsgi scheduler",
        )
    if len(beats) > 1:
        return ok("scheduler", f"{len(beats)} running; one is enough, but more do no harm.")
    return ok("scheduler", f"Running, last heard of {_ago(now - max(beats))}.")


def _info(connection: Redis, section: str) -> Mapping[str, object]:
    found: Mapping[str, object] = connection.info(section)
    return found


def _setting(connection: Redis, name: str) -> str:
    try:
        return dict(connection.config_get(name)).get(name) or ""
    except ResponseError:  # providers of Redis as a service forbid CONFIG
        return ""


def _ago(time: timedelta) -> str:
    seconds = max(0, rounded(time.total_seconds()))
    return f"{seconds} seconds ago" if seconds < 120 else f"{seconds // 60} minutes ago"
