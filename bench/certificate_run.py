"""A whole workforce's certificates in one run: ``python -m bench.certificate_run --count 22000``, one figure a line.

On PostgreSQL (``BENCH_DATABASE_URL``), through the real queue, with two workers. Then every file is read and compared
with its row, some are opened, some are downloaded. Exits with 1 when anything is not as it should be.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import pikepdf
from flask import Flask
from sqlalchemy import select

from app.platform.extensions import db
from app.platform.storage import file_store
from bench import certificates, downloads
from bench.__main__ import application, prepare, say
from bench.drill import count, look_at_everything
from bench.environment import postgresql, redis, settings
from bench.server import serving
from certificates.record.issuing import Certificate

OPENED = 100
_CLAIMS = (b'pdfuaid:part="1"', b"pdfaid")


def main() -> None:
    """Make them, print the figures, and say what was found."""
    wants = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wants.add_argument("--count", type=int, default=22_000)
    wanted = wants.parse_args()
    with tempfile.TemporaryDirectory(prefix="cg-run-") as name:
        folder = Path(name)
        with redis(folder) as redis_url, postgresql() as postgresql_url:
            if postgresql_url is None:
                raise SystemExit("This measurement needs PostgreSQL")
            environment = settings(folder, postgresql_url, redis_url)
            prepare(environment, folder)
            app = application(environment)
            made = certificates.make(app, environment, folder / "workers.log", wanted.count)
            say("certificates", made.per_second, "certificates/s", database="postgresql", **made.context)
            with serving("wsgi:app", environment, folder / "web.log") as web:
                for way, value in downloads.measure(app, web.url).items():
                    say("certificate-download", value, "ms", which=way, files=downloads.HOW_MANY)
            problems = _problems(app)
            with app.app_context():
                db.engine.dispose()
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


def _problems(app: Flask) -> list[str]:
    """What is not as it should be, for a person to read."""
    ready, every = count(app)
    found = look_at_everything(app)
    wrong = found.missing + found.changed + found.unreadable
    say("certificate-files", found.files, "files", ready=ready, not_as_their_rows_say=wrong)
    problems = [f"{every - ready:,} are not ready"] if ready != every else []
    if wrong:
        problems.append(f"{wrong:,} files are not as their rows say")
    return problems + _not_whole(app, every)


def _not_whole(app: Flask, every: int) -> list[str]:
    """Open some, evenly spread: a page, a QR code, the claims of PDF/UA and PDF/A, the number in the title."""
    problems = []
    with app.app_context():
        rows = db.session.execute(select(Certificate.number, Certificate.storage_key).order_by(Certificate.id))
        for number, key in rows.all()[:: max(every // OPENED, 1)]:
            with file_store().open(str(key)) as source, pikepdf.open(source) as file:
                said = file.Root.Metadata.read_bytes()
                has_code = "/iqr0" in file.pages[0].Resources.XObject
                if not (has_code and number in str(file.docinfo["/Title"]) and all(claim in said for claim in _CLAIMS)):
                    problems.append(f"{number} is not whole")
    return problems


if __name__ == "__main__":
    main()
