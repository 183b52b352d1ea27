"""What one certificate costs of a processor, filled in and drawn whole, in every design: `certificate-cpu`.

Both ways take turns in the same process and only its own time is counted, so a busy machine changes little.
`--against FOLDER` compares with another build: its own copy of this benchmark, with its own Python, takes turns with
this one, and the least of each and their ratio are printed: what others do on the machine only ever adds to it.
"""

import argparse
import json
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from certificates.document.documents import CertificateDocument, certificate_document
from certificates.document.facts import CertificateFacts
from certificates.document.pictures import logo_from, signature_from
from certificates.drawing.build_info import Drawn
from certificates.looks.branding import Branding, Design, Signatory
from certificates.pdf import render_pdf, warm_up

ROUNDS, IN_A_ROUND = 5, 12
TURNS = 5
ROOT = Path(__file__).resolve().parents[1]
NAMES = ("Amina Okafor", "John Smith", "Siân Davies", "Priya Patel", "Grace O’Brien", "Zoë Łukasz")
LETTERS = "0123456789ACDEFGHJKMNPQRTUVWXY"


def per_certificate() -> Iterator[tuple[Design, str, str, float]]:
    """Design, look, way of making, and milliseconds, from the facts to the bytes."""
    warm_up()
    for design in Design:
        for look, branding in (("plain", Branding(design=design)), ("branded", _branded(design))):
            spent = {"filled in": 0.0, "whole": 0.0}
            makers: dict[str, Callable[[CertificateDocument], bytes]] = {
                "filled in": partial(render_pdf, drawn=Drawn.FILLED_IN),
                "whole": partial(render_pdf, drawn=Drawn.WHOLE),
            }
            for made in range(3):
                render_pdf(certificate_document(_facts(branding, made)))
            for first in range(0, ROUNDS * IN_A_ROUND, IN_A_ROUND):
                for way, make in makers.items():
                    started = time.process_time()
                    for made in range(first, first + IN_A_ROUND):
                        make(certificate_document(_facts(branding, made)))
                    spent[way] += time.process_time() - started
            for way, seconds in spent.items():
                yield design, look, way, seconds / ROUNDS / IN_A_ROUND * 1000


def _facts(branding: Branding, place: int) -> CertificateFacts:
    number = f"RE-{LETTERS[place % 30]}{LETTERS[place // 30]}4M-29Q{LETTERS[place * 7 % 30]}-C"
    return CertificateFacts(
        number=number,
        holder_name=NAMES[place % len(NAMES)],
        organisation_name="Sefton Council",
        course_title="Race equality essentials",
        course_version=3,
        modules=6,
        minutes=60,
        completed_on=date(2026, 11, 1 + place % 28),
        verify_url=f"https://learn.example.org/verify/{number}",
        branding=branding,
    )


def _branded(design: Design) -> Branding:
    signature = signature_from(_picture(900, 300))
    signatories = (
        Signatory("Amina Okafor", "Chief Executive", signature),
        Signatory("Tom Ellis", "Director of People", signature),
    )
    return Branding(design=design, logo=logo_from(_picture(1200, 400)), signatories=signatories)


def _picture(width: int, height: int) -> bytes:
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    pen.ellipse((width * 0.02, height * 0.1, width * 0.3, height * 0.9), fill="#00aa55")
    pen.rectangle((width * 0.35, height * 0.3, width * 0.98, height * 0.7), fill="#003355")
    data = BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def compare(other: Path) -> Iterator[dict[str, object]]:
    """Milliseconds here and in another build, and here as a share of there, from rounds by turns."""
    found: defaultdict[tuple[str, ...], dict[Path, list[float]]] = defaultdict(lambda: {other: [], ROOT: []})
    for _ in range(TURNS):
        for build in (other, ROOT):
            command = [str(build / ".venv/bin/python"), "-m", "bench.certificate_cpu"]
            done = subprocess.run(command, cwd=build, capture_output=True, text=True, check=True)
            for line in map(json.loads, done.stdout.splitlines()):
                found[tuple(line["context"].values())][build].append(line["value"])
    for (design, look, way), values in found.items():
        there, here = min(values[other]), min(values[ROOT])
        context = {"design": design, "look": look, "way": way, "there": there, "here": here}
        yield {"name": "certificate-cpu-ratio", "value": round(here / there, 3), "unit": "ratio", "context": context}


def main() -> None:
    """Print one figure for each design, look and way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="another build, with its own .venv")
    other = parser.parse_args().against
    if other:
        for figure in compare(other.resolve()):
            print(json.dumps(figure))
        return
    for design, look, way, value in per_certificate():
        context = {"design": design, "look": look, "way": way}
        print(json.dumps({"name": "certificate-cpu", "value": round(value, 2), "unit": "ms", "context": context}))


if __name__ == "__main__":
    main()
