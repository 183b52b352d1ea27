"""A few requests at a time are worked on in each process, and a slow line holds up none of the others.

Making a page is mostly Python, so more than a few threads at it only wait for each other. But a phone in a depot may
need a minute to send a form or to take in a film, and its thread waits for so long. So the server has many threads,
and all but a few of them can only receive (``app/platform/input/bodies.py``) and send.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from threading import BoundedSemaphore
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PLACES = 4
_IN_ENVIRON = "pages.places"


def place_of(environ: WSGIEnvironment) -> AbstractContextManager[object]:
    """A place for what is still to be made once the answer to a request has begun to leave."""
    found: AbstractContextManager[object] = environ.get(_IN_ENVIRON) or nullcontext()
    return found


class ConcurrencyLimit:
    """A WSGI application that lets ``places`` requests at a time make their answer with another one.

    What was made is sent after its turn.
    """

    def __init__(self, application: WSGIApplication, *, places: int = PLACES) -> None:
        self._application = application
        self._places = BoundedSemaphore(places)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[_IN_ENVIRON] = self._places
        with self._places:
            return self._application(environ, start_response)
