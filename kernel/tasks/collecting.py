"""Python's search for rings of values that hold each other, put off where none can be."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def nothing_collected() -> Iterator[None]:
    """While hundreds of thousands of plain values come and stay, nobody looks for rings among them.

    It would be looked for over and over, in a fifth of the time. Values that nobody holds go at once, as always.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
