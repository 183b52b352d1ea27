"""A few requests at a time are worked on; slow lines hold up nobody."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from werkzeug.test import Client, EnvironBuilder
from werkzeug.wrappers import Response

from app.platform.pages.concurrency import ConcurrencyLimit

SOON = 5


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
