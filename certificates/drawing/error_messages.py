"""Why a certificate could not be made, in words: an error in a design is named by its file and line."""

from collections.abc import Iterator
from pathlib import Path
from traceback import extract_tb

_KINDS = {".html", ".css", ".svg"}


def in_words(problem: BaseException) -> str:
    """What an operator reads: ``frame.css, line 12: 'Colours object' has no attribute 'ink'``."""
    for one in _causes(problem):
        place = _place_in_design(one)
        if place:
            return f"{place}: {getattr(one, 'message', None) or one}"
    return str(problem) or repr(problem)


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__


def _place_in_design(problem: BaseException) -> str | None:
    # Jinja puts its templates into the traceback as if they were code, those that it cannot compile too.
    frames = [frame for frame in extract_tb(problem.__traceback__) if Path(frame.filename).suffix in _KINDS]
    return f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else None
