"""How long a new installation waits until every shipped course can be taken."""

from time import perf_counter

from flask import Flask

from app.extensions import db
from app.library import publish_library
from app.schema import bring_up_to_date
from app.storage import file_store
from app.work import unit_of_work
from kernel.clock import utc_now


def publish_from_cold(app: Flask) -> tuple[float, int]:
    """Seconds to read, check and publish the whole library into new, empty tables; and how many courses that are."""
    with app.app_context():
        bring_up_to_date(db.engine)
        before = perf_counter()
        with unit_of_work() as work:
            shipped = publish_library(work.session, store=file_store(), now=utc_now())
        return perf_counter() - before, sum(course.is_new for course in shipped)
