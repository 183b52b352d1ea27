#!/usr/bin/env bash
# What: flufl.bounce 6.0.0, GNU Mailman's reader of mail that came back, given one report of one permanent failure in four shapes: as RFC 3464
#   writes it (message/delivery-status), as RFC 6533 writes it (message/global-delivery-status), and each with an address beyond ASCII.
# Seen: 2026-11-30, Python 3.11: only the oldest shape with an ASCII address is a failure; the three others are none at all, not even a
#   temporary one. Python's email package, with which it reads, keeps the two groups of fields of the older kind apart; of the newer it
#   makes one mail, whose header are the fields about the server and whose text are those about the address.
# Why it surprises: RFC 6533 keeps the form of RFC 3464 and changes the name of the kind, and a mail server may answer so for an ASCII address
#   too, when the mail that came back asked for SMTPUTF8: the bounces of a whole mail-out look like none. Read the newer kinds as the older
#   ones, and fields as UTF-8.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "flufl.bounce==6.0.0"

cat > expected << 'END'
delivery-status, staff@council.example: 2 groups of fields, permanent failures: staff@council.example
delivery-status, siân@council.example: 2 groups of fields, permanent failures: none
global-delivery-status, staff@council.example: 1 groups of fields, permanent failures: none
global-delivery-status, siân@council.example: 1 groups of fields, permanent failures: none
END

cat > report.txt << 'END'
From: MAILER-DAEMON@mx.council.example (Mail Delivery System)
To: learning@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=KIND; boundary="B1"

--B1
Content-Type: text/plain; charset=utf-8

This is the mail system at host mx.council.example.

--B1
Content-Type: message/KIND

Reporting-MTA: dns; mx.council.example

Final-Recipient: FORM; ADDRESS
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--B1--
END

cat > read.py << 'END'
from email import message_from_bytes
from pathlib import Path

from flufl.bounce import all_failures

report = Path("report.txt").read_text(encoding="utf-8")
for kind in ("delivery-status", "global-delivery-status"):
    for form, address in (("rfc822", "staff@council.example"), ("utf-8", "siân@council.example")):
        form = "utf-8" if kind.startswith("global") else form
        text = report.replace("KIND", kind).replace("FORM", form).replace("ADDRESS", address)
        mail = message_from_bytes(text.encode())
        groups = mail.get_payload(1).get_payload()
        temporary, permanent = all_failures(mail)
        assert not temporary
        failed = ", ".join(sorted(one.decode() for one in permanent)) or "none"
        print(f"{kind}, {address}: {len(groups)} groups of fields, permanent failures: {failed}")
END

PYTHONUTF8=1 venv/bin/python read.py | tee seen
diff expected seen
