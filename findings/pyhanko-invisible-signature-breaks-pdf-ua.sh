#!/usr/bin/env bash
# What: pyHanko 0.38.0 adds an invisible signature to a PDF/UA-1 file of WeasyPrint 70.0; page-validation 0.11.0 checks it before and after.
# Seen: 2026-11-29, Python 3.11: before, the file keeps PDF/UA-1. Signed, it breaks two rules: the signature's widget stands in no Form
#   tag, and its field has no description. With the widget hidden and the field named for readers, the signed file keeps it.
# Why it surprises: nothing visible is added, so nothing to read seems to be added. But a signature field is a form field with a widget, also
#   when its box is empty, and ISO 14289-1, 7.18.1 and 7.18.4, ask a description and a tag of each that is not hidden. Every accessible
#   certificate that is signed with the defaults loses the standard it declares. (PDF/A forbids the hidden flag: there, tag the widget first.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "pyhanko==0.38.0" "weasyprint==70.0" "page-validation==0.11.0"

cat > expected << 'END'
as written: keeps PDF/UA-1
signed invisibly: PDFUA1-FORM-FIELD-TU-ALT-001 PDFUA1-WIDGET-FORM-TAG-001
signed invisibly, hidden and described: keeps PDF/UA-1
END

cat > sign.py << 'END'
from datetime import datetime, timedelta, timezone
from io import BytesIO

import page
import weasyprint
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec

key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Trial")])
now = datetime.now(timezone.utc)
certificate = (
    x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    .add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True)
    .sign(key, hashes.SHA256())
)
with open("key.p12", "wb") as file:
    file.write(pkcs12.serialize_key_and_certificates(b"trial", key, certificate, None, BestAvailableEncryption(b"trial")))
signer = SimpleSigner.load_pkcs12("key.p12", passphrase=b"trial")

html = '<html lang="en"><title>Certificate</title><h1>Certificate</h1><p>Words</p></html>'
written = weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")


def check(label, pdf):
    report = page.validate_pdf_bytes(pdf, profile="ua1")
    broken = sorted({failure.rule_id for failure in report.failures})
    print(f"{label}:", *(broken or ["keeps PDF/UA-1"]))


def signed(field):
    meta = PdfSignatureMetadata(field_name="Signature")
    return sign_pdf(IncrementalPdfFileWriter(BytesIO(written)), meta, signer=signer, new_field_spec=field).getvalue()


hidden = InvisSigSettings(set_hidden_flag=True, set_print_flag=False)
check("as written", written)
check("signed invisibly", signed(SigFieldSpec("Signature")))
described = SigFieldSpec("Signature", readable_field_name="Signature of the issuer", invis_sig_settings=hidden)
check("signed invisibly, hidden and described", signed(described))
END

venv/bin/python sign.py | tee seen
diff expected seen
