"""How a process grows while it makes certificates: ``python -m bench.leak 400``, one JSON object.

Names in several scripts, three designs, and large prints among them. ``python -m bench.leak 400 chinese`` draws Chinese
names too: their fonts are cut for each name, which takes long and fills other caches. With ``signed`` each file is
signed with a key made for the purpose, as a worker that has a key does.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from certificates.document.documents import certificate_document
from certificates.document.facts import CertificateFacts
from certificates.looks.branding import Branding, Design
from certificates.pdf import render_pdf, warm_up
from certificates.signing.opening import open_signer
from certificates.signing.signer import Signer, SigningSetup, make_file
from certificates.signing.trial_keys import new_test_key

WARM = 300  # there are 105 kinds of certificates in it, and by then a template of each
NAMES = ("Siân Nguyễn {n}", "Ọláyínká {n}", "محمد {n}", "Ada Okafor-Smith {n}", "ਸੰਧੂ {n}")
CHINESE = "王{han}"
NOON = datetime(2026, 1, 30, 12, tzinfo=UTC)


def resident_mib() -> float:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


def facts(names: Sequence[str]) -> Iterator[CertificateFacts]:
    """Certificates without end, no two alike."""
    for place, (name, design) in enumerate(zip(cycle(names), cycle(Design), strict=False)):
        number = f"TC-{place:04}-0000-0"
        yield CertificateFacts(
            number=number,
            holder_name=name.format(n=place, han=chr(0x4E00 + place % 5000)),
            # One authority: the templates of all kinds are kept after the first hundred.
            organisation_name="Sefton Council",
            course_title="Race equality essentials",
            course_version=1,
            modules=6,
            minutes=60,
            completed_on=date(2026, 1, 1 + place % 28),
            verify_url=f"https://example.org/verify/{number}",
            issued_at=NOON,
            branding=Branding(design=design),
        )


def trial_signer() -> Signer:
    """A signer with a new key from a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "key.pem"
        path.write_text(new_test_key(now=NOON), encoding="ascii")
        return open_signer(SigningSetup(key_file=str(path)), now=lambda: NOON)


def main(how_many: int, names: Sequence[str], *, is_signed: bool) -> None:
    """Make that many, and say what the process held after 300 of them and at the end."""
    signer = trial_signer() if is_signed else None
    warm_up()
    seen = {}
    for made, one in enumerate(islice(facts(names), how_many), start=1):
        document = certificate_document(one, is_large=made % 10 == 0)
        if bool(make_file(document, render_pdf=render_pdf, signer=signer).signature) is not is_signed:
            raise SystemExit("It was to be signed and is not, or the reverse")
        if made in (WARM, how_many):
            seen[made] = resident_mib()
    print(json.dumps({"warm_mib": round(seen[WARM], 1), "end_mib": round(seen[how_many], 1), "made": how_many}))


if __name__ == "__main__":
    drawn = (*NAMES, CHINESE) if "chinese" in sys.argv else NAMES
    main(int(sys.argv[1]), drawn, is_signed="signed" in sys.argv)
