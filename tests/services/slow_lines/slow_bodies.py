"""An application that takes bodies in as ours does, and says how much came."""

import os
from collections.abc import Iterable
from typing import Any

from werkzeug.wrappers import Response

from app.platform.input.bodies import REFUSED, BodyIntake, BodyLimit
from app.platform.pages.concurrency import ConcurrencyLimit


def answer(environ: Any, start_response: Any) -> Iterable[bytes]:
    words = f"{len(environ['wsgi.input'].read())} bytes came"
    return Response(words, status=environ.get(REFUSED, 200))(environ, start_response)


SILENCE = float(os.environ.get("SILENCE", "60"))
app = BodyIntake(ConcurrencyLimit(answer), limit_of=lambda _environ: BodyLimit(1_000_000), silence=SILENCE)
