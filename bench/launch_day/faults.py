"""What goes wrong on the day: programs and database connections that are killed, drawn from a seed."""

import asyncio
import os
import random
import signal
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bench.launch_day.site import Site

DATABASE = "database connection"
BACKENDS = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")


@dataclass
class Faults:
    """Kills so many times, evenly over the learners' way, and remembers what."""

    site: Site
    how_many: int
    chance: random.Random
    done: list[str] = field(default_factory=list)

    async def strike(self, *, share_done: float) -> None:
        """Kill what is due when this share of the way is done."""
        while len(self.done) < self.how_many and share_done >= (len(self.done) + 1) / (self.how_many + 1):
            what = self.chance.choice(["web", "worker", "scheduler", "redis", DATABASE])
            self.done.append(what)
            if what == DATABASE:
                await asyncio.to_thread(self._crash_database)
                continue
            part = self.site.parts[what]
            await asyncio.to_thread(part.kill)
            await asyncio.sleep(self.chance.uniform(0, 2))
            await asyncio.to_thread(part.start)

    def _crash_database(self) -> None:
        """SIGKILL to one backend: PostgreSQL then ends every connection and recovers from its log."""
        with suppress(DBAPIError):
            with self.site.engine.connect() as connection:
                pids = list(connection.execute(BACKENDS).scalars())
            if pids:
                with suppress(ProcessLookupError):
                    os.kill(self.chance.choice(pids), signal.SIGKILL)
