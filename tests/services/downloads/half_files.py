"""A site of one page, whose file breaks off at every eighth reading, for a real server."""

from io import BytesIO

from flask import Flask
from werkzeug.wrappers import Response

from app.platform.pages.downloads import stored_download

app = Flask(__name__)
WHOLE = bytes(2_000_000)
reads = [0]


class BreaksOff(BytesIO):
    """What a store that fails now and then hands out."""

    def read(self, size: int | None = -1) -> bytes:
        reads[0] += 1
        if reads[0] % 8 == 0:
            raise OSError("the store has gone away")
        return super().read(size)


@app.get("/file")
def file() -> Response:
    """Many pieces; each reading counts, whoever asked."""
    return stored_download(BreaksOff(WHOLE), mimetype="application/zip", name="all.zip")
