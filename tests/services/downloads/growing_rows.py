"""A site of two downloads that grow, for a real server: one that is made, and one that cannot be."""

from typing import BinaryIO

from flask import Flask
from werkzeug.wrappers import Response

from app.platform.pages.growing_downloads import growing_download

app = Flask(__name__)
FIRST, ROWS = "name\r\n", b"Si\xc3\xa2n\r\n" * 200_000


@app.get("/rows")
def rows() -> Response:
    """All of them."""
    return growing_download(FIRST, _write, mimetype="text/csv", name="rows.csv")


@app.get("/half")
def half() -> Response:
    """The database goes away in the middle."""
    return growing_download(FIRST, _write_half, mimetype="text/csv", name="rows.csv")


def _write(file: BinaryIO) -> None:
    file.write(ROWS)


def _write_half(file: BinaryIO) -> None:
    file.write(ROWS[:100_000])
    raise OSError("the database has gone away")
