"""What one certificate costs of a processor, filled in and drawn as a whole, in every design: `certificate-cpu`.

Both ways take turns in the same process and only its own time is counted, so a busy machine changes little.
"""

import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO

from PIL import Image, ImageDraw

from certificates.branding import Branding, Design, Signatory
from certificates.documents import CertificateDocument, certificate_document
from certificates.facts import CertificateFacts
from certificates.pdf import draw_whole, render_pdf, warm_up
from certificates.pictures import logo_from, signature_from

ROUNDS, IN_A_ROUND = 5, 12
NAMES = ("Amina Okafor", "John Smith", "Siân Davies", "Priya Patel", "Grace O’Brien", "Zoë Łukasz")
LETTERS = "0123456789ACDEFGHJKMNPQRTUVWXY"


def per_certificate() -> Iterator[tuple[Design, str, str, float]]:
    """Design, look, way of making, and milliseconds, from the facts to the bytes."""
    warm_up()
    for design in Design:
        for look, branding in (("plain", Branding(design=design)), ("branded", _branded(design))):
            spent = {"filled in": 0.0, "whole": 0.0}
            makers: dict[str, Callable[[CertificateDocument], bytes]] = {"filled in": render_pdf, "whole": draw_whole}
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


def main() -> None:
    """Print one figure for each design, look and way."""
    for design, look, way, value in per_certificate():
        context = {"design": design, "look": look, "way": way}
        print(json.dumps({"name": "certificate-cpu", "value": round(value, 2), "unit": "ms", "context": context}))


if __name__ == "__main__":
    main()
