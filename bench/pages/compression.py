"""What packing pages costs and brings: ``python -m bench.pages.compression PAGE.html …``, one JSON object a line.

For each page, as it was saved, and each level: microseconds of CPU, and the share that is left; then brotli.
"""

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time_ns

import brotli  # type: ignore[import-untyped]

from app.platform.pages.compression import packed

TIMES = 40


def ways() -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    """Each way of packing, by its name."""
    for level in range(1, 10):
        yield f"gzip-{level}", partial(packed, level=level)
    for quality in (1, 4, 5):
        yield f"brotli-{quality}", partial(brotli.compress, quality=quality)


def microseconds(pack: Callable[[bytes], bytes], data: bytes) -> float:
    """The time that packing takes, in the middle of many times."""
    taken = []
    for _ in range(TIMES):
        began = process_time_ns()
        pack(data)
        taken.append((process_time_ns() - began) / 1000)
    return median(taken)


def main(paths: list[str]) -> None:
    """Print every figure."""
    for path in map(Path, paths):
        data = path.read_bytes()
        for name, pack in ways():
            context = {"page": path.name, "kilobytes": round(len(data) / 1000, 1)}
            left = round(100 * len(pack(data)) / len(data), 1)
            figure = {"name": name, "value": round(microseconds(pack, data)), "unit": "µs", "left_percent": left}
            print(json.dumps(figure | context))


if __name__ == "__main__":
    main(sys.argv[1:])
