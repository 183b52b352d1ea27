"""The fault drill: workers are killed with SIGKILL, again and again, while thousands of certificates are made.

``make drill`` makes 2,000 and ends with a verdict. With ``--certificates 22000 --kills 0`` nobody is killed, and the
verdict says whether a worker's memory stays flat over a whole workforce.
"""

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from app.platform.extensions import db
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from bench.__main__ import application, prepare
from bench.certificates import complete, wake
from bench.environment import postgresql, redis, settings
from bench.processes import Crew
from certificates.file_care.file_checks import (
    CertificateFileCheck,
    ask_for_check,
    find_last_check,
    look,
    next_step,
    write_down,
)
from certificates.making.queue_status import queue_status
from certificates.record.issuing import Certificate
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState

MOST_MIB = 250
MOST_GROWTH_MIB = 25
LONGEST = 3_600  # seconds until the drill gives up


@dataclass
class Watch:
    """What was seen while the workers worked: the largest process, by the share of certificates made."""

    peaks: dict[int, float] = field(default_factory=dict)
    kills: int = 0

    def note(self, share: int, mib: float) -> None:
        """The largest process in this tenth of the way weighed ``mib``."""
        self.peaks[share] = max(mib, self.peaks.get(share, 0.0))

    @property
    def growth(self) -> float:
        """MiB that the largest process gained from the second tenth, when it is warm, to the last."""
        warm = self.peaks.get(1) or next(iter(self.peaks.values()), 0.0)
        return self.peaks[max(self.peaks)] - warm if self.peaks else 0.0


def run(app: Flask, crew: Crew, *, kills: int) -> Watch:
    """Make them all, killing a worker now and then; leases and housekeeping bring back what the dead had."""
    watch, started = Watch(), time.monotonic()
    chance = random.Random(1)  # noqa: S311 - whom to kill is no secret
    next_kill = started + 4
    while True:
        made, wanted = count(app)
        if made == wanted:
            return watch
        if time.monotonic() - started > LONGEST:
            raise SystemExit(f"Not all were made within {LONGEST} seconds: {made:,} of {wanted:,}")
        watch.note(10 * made // wanted, crew.largest_mib())
        if watch.kills < kills and time.monotonic() > next_kill:
            crew.kill_one(chance)
            watch.kills += 1
            next_kill = time.monotonic() + chance.uniform(1, 5)
            wake(app)
        time.sleep(0.25)


def count(app: Flask) -> tuple[int, int]:
    """How many certificates are ready, and how many there are: the demo region has some of its own."""
    is_ready = Certificate.state == TaskState.DONE
    with app.app_context():
        ready, every = db.session.execute(select(func.count().filter(is_ready), func.count(Certificate.id))).one()
        return ready, every


def look_at_everything(app: Flask) -> CertificateFileCheck:
    """What the nightly check would find in two days, when all that was left behind is old enough to be sure."""
    now = utc_now() + timedelta(days=2)
    with app.app_context(), unit_of_work() as work:
        ask_for_check(work.session, account_id=None, now=now)
        while (step := next_step(work.session)) is not None:
            write_down(work.session, step, look(file_store(), step, now=now), now=now)
        found = find_last_check(work.session)
        assert found is not None
        work.session.expunge(found)
        return found


def verdict(app: Flask, watch: Watch, folder: Path, wanted: int) -> list[tuple[bool, str]]:
    """Everything that must hold, each with what was found."""
    found = look_at_everything(app)
    ready, how_many = count(app)
    with app.app_context():
        completions = db.session.scalar(select(func.count(func.distinct(Certificate.completion_id)))) or 0
        waiting = queue_status(db.session()).unmade
    left = sum(1 for path in (folder / "files" / "certificates").rglob("*") if path.is_file())
    unnamed = left - how_many
    largest = max(watch.peaks.values(), default=0.0)
    return [
        (ready == how_many >= wanted, f"{ready:,} of {how_many:,} are ready"),
        (completions == how_many, f"{completions:,} completions have one each"),
        (waiting == 0, f"{waiting:,} are still to be made"),
        (not (found.missing or found.changed or found.unreadable), f"{found.files:,} files read, each as its row says"),
        (unnamed == found.orphans, f"{unnamed:,} files without a row; the nightly check finds {found.orphans:,}"),
        (True, f"{found.parts_removed:,} unfinished files of {watch.kills:,} killed workers found and removed"),
        (largest < MOST_MIB, f"the largest process weighed {largest:.0f} MiB (less than {MOST_MIB})"),
        (watch.growth < MOST_GROWTH_MIB, f"it grew by {watch.growth:.0f} MiB from the second tenth to the last"),
    ]


def main() -> None:
    """Prepare a region, make the certificates, say how it went; exit 1 when anything does not hold."""
    wants = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wants.add_argument("--certificates", type=int, default=2_000)
    wants.add_argument("--kills", type=int, default=10)
    wants.add_argument("--workers", type=int, default=2)
    wanted = wants.parse_args()
    with tempfile.TemporaryDirectory(prefix="cg-drill-") as name:
        folder = Path(name)
        with redis(folder) as redis_url, postgresql() as postgresql_url:
            environment = settings(folder, postgresql_url or f"sqlite:///{folder / 'drill.db'}", redis_url)
            prepare(environment, folder)
            app = application(environment)
            complete(app, wanted.certificates)
            with Crew(environment, folder / "drill.log", workers=wanted.workers) as crew:
                watch = run(app, crew, kills=wanted.kills)
            lines = verdict(app, watch, folder, wanted.certificates)
            with app.app_context():
                db.engine.dispose()
    for holds, words in lines:
        print(f"{'holds' if holds else 'FAILS':<6} {words}")
    sys.exit(0 if all(holds for holds, _ in lines) else 1)


if __name__ == "__main__":
    main()
