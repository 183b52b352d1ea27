"""A few requests at a time are worked on; slow lines hold up nobody."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest
from werkzeug.test import Client, EnvironBuilder
from werkzeug.wrappers import Request, Response

from app.concurrency import LARGEST_FORM, ConcurrencyLimit

SOON = 5


class SlowLine(BytesIO):
    """A body that comes only when the event is set."""

    def __init__(self, content: bytes, comes: Event) -> None:
        super().__init__(content)
        self._comes = comes

    def read(self, size: int | None = -1, /) -> bytes:
        assert self._comes.wait(SOON)
        return super().read(size)


def echo(environ: Any, start_response: Any) -> Iterable[bytes]:
    return Response(Request(environ).get_data())(environ, start_response)


def posted(application: Any, body: BytesIO, length: int) -> Response:
    builder = EnvironBuilder(method="POST", input_stream=body, content_length=length)
    return Client(application, Response).open(builder)


@pytest.mark.parametrize(("places", "is_met"), [(3, True), (2, False)])
def test_as_many_as_there_are_places_are_worked_on_at_once_and_no_more(places: int, is_met: bool) -> None:
    three = Barrier(3)

    def work(environ: Any, start_response: Any) -> Iterable[bytes]:
        try:
            three.wait(SOON if is_met else 0.2)
        except BrokenBarrierError:
            return Response("alone")(environ, start_response)
        return Response("together")(environ, start_response)

    client = Client(ConcurrencyLimit(work, places=places), Response)
    with ThreadPoolExecutor(3) as threads:
        answers = {threads.submit(client.get, "/") for _ in range(3)}
    assert {answer.result().text for answer in answers} == {"together" if is_met else "alone"}


def test_a_place_is_free_again_after_an_error() -> None:
    def fail(_environ: Any, _start_response: Any) -> Iterable[bytes]:
        raise ValueError("no page")

    client = Client(ConcurrencyLimit(fail, places=1), Response)
    for _ in range(2):
        with pytest.raises(ValueError, match="no page"):
            client.get("/")


def test_somebody_who_takes_in_an_answer_slowly_holds_up_nobody() -> None:
    def film(environ: Any, start_response: Any) -> Iterable[bytes]:
        def pieces() -> Iterator[bytes]:
            yield b"first "
            yield b"second"

        return Response(pieces())(environ, start_response)

    limited = ConcurrencyLimit(film, places=1)
    slow = iter(limited(EnvironBuilder().get_environ(), lambda *_: lambda _: None))  # type: ignore[arg-type, return-value]
    assert next(slow) == b"first "
    assert Client(limited, Response).get("/").data == b"first second"
    assert next(slow) == b"second"


def test_somebody_who_sends_a_form_slowly_holds_up_nobody() -> None:
    limited, comes = ConcurrencyLimit(echo, places=1), Event()
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(posted, limited, SlowLine(b"answer=a", comes), 8)
        assert posted(limited, BytesIO(b"answer=b"), 8).data == b"answer=b"
        assert not slow.done()
        comes.set()
        assert slow.result(SOON).data == b"answer=a"


@pytest.mark.parametrize("body", [b"", b"answer=a", b"x" * LARGEST_FORM], ids=["none", "small", "largest"])
def test_a_form_reaches_the_page_unchanged(body: bytes) -> None:
    assert posted(ConcurrencyLimit(echo), BytesIO(body), len(body)).data == body


def test_an_upload_is_not_taken_into_memory_before_its_turn() -> None:
    body = BytesIO(b"x" * (LARGEST_FORM + 1))
    seen: list[int] = []

    def note(environ: Any, start_response: Any) -> Iterable[bytes]:
        seen.append(body.tell())
        return echo(environ, start_response)

    assert len(posted(ConcurrencyLimit(note), body, LARGEST_FORM + 1).data) == LARGEST_FORM + 1
    assert seen == [0]
