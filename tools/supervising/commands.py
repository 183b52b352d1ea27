"""The processes that make up Common Ground, as `make run` starts them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.paths import Paths
from tools.supervising import embedded_redis


@dataclass(frozen=True)
class Process:
    """One process to keep running."""

    name: str
    command: tuple[str, ...]
    stops_last: bool = False
    waits_for_web: bool = False


def processes_for(
    paths: Paths, *, host: str, port: int, redis_socket: Path, settings: Mapping[str, str], workers: int
) -> list[Process]:
    """The queue's Redis (unless the settings name another), the web server, the worker and the scheduler."""
    flask = (str(paths.python), "-m", "flask", "--app", "wsgi")
    wanted = [
        Process("web", web_command(paths, host=host, port=port, workers=workers)),
        # Nobody waits for these two yet, so that they leave the processors to the pages' first start.
        Process("worker", (*flask, "worker"), waits_for_web=True),
        Process("scheduler", (*flask, "scheduler"), waits_for_web=True),
    ]
    if settings["COMMON_GROUND_REDIS_URL"] == f"unix://{redis_socket}":
        server = embedded_redis.find_server(paths)
        command = embedded_redis.arguments(server, socket=redis_socket, folder=paths.var / "redis")
        wanted.insert(0, Process("redis", command, stops_last=True))
    return wanted


def web_command(paths: Paths, *, host: str, port: int, workers: int, application: str = "wsgi:app") -> tuple[str, ...]:
    """The web server's command; the benchmarks and the browser tests start the same one."""
    return (
        *(str(paths.python), "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--respawn-failed-workers", "--respawn-interval", "0.5"),
        # Threads for slow lines, started when needed; app/platform/pages/concurrency.py lets a few of them make pages.
        # The queue in front of them holds a lunchtime rush instead of refusing it.
        *("--blocking-threads", "1024", "--backlog", "2048", "--backpressure", "2048"),
        *("--workers-kill-timeout", "8", "--no-ws", application),
    )
