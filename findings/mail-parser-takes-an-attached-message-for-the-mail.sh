#!/usr/bin/env bash
# What: mail-parser 4.8.0 reads a report that a mail could not be delivered (RFC 3464): a sentence for people, the report for programs, and the
#   mail that came back, with and without “Content-Disposition: attachment”. Python’s own email package reads the same.
# Seen: 2026-11-30, Python 3.11: the words of the mail that came back stand among the text of the report, in text_plain and in body, even where
#   they are attached by name. The report for programs is in neither, nor among the attachments: what failed is nowhere.
# Why it surprises: message/rfc822 is a whole message inside another (RFC 2046, section 5.2.1), and email.message.get_body() leaves it alone.
#   A program that looks for STOP in answers finds the word in its own mail, each time that one comes back or is forwarded; and one
#   that looks for the status 5.1.1 finds nothing. Take mail.message, which is the message of Python’s own package, and walk it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "mail-parser==4.8.0"

cat > expected << 'END'
came back as it is:
  text_plain: ['Your mail could not be delivered.', 'Answer STOP to get no more of these.']
  attachments: []
  the status 5.1.1 is in mail_json: False
  get_body(): 'Your mail could not be delivered.'
attached by name:
  text_plain: ['Your mail could not be delivered.', 'Answer STOP to get no more of these.']
  attachments: ['message/rfc822']
  the status 5.1.1 is in mail_json: False
  get_body(): 'Your mail could not be delivered.'
END

cat > read.py << 'END'
import email
import email.policy

import mailparser

MAIL = """From: Mail Delivery System <mailer-daemon@mx.example.org>
To: training@example.org
Subject: Undelivered mail returned to sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=parts

--parts
Content-Type: text/plain; charset=utf-8

Your mail could not be delivered.
--parts
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; ada@example.org
Action: failed
Status: 5.1.1
--parts
Content-Type: message/rfc822
{disposition}
From: training@example.org
To: ada@example.org
Subject: Fire safety
Content-Type: text/plain; charset=utf-8

Answer STOP to get no more of these.
--parts--
"""
NAMED = 'Content-Disposition: attachment; filename="fire-safety.eml"\n'

for name, disposition in (("came back as it is", ""), ("attached by name", NAMED)):
    text = MAIL.format(disposition=disposition)
    mail = mailparser.parse_from_string(text)
    own = email.message_from_string(text, policy=email.policy.default)
    print(f"{name}:")
    print("  text_plain:", mail.text_plain)
    print("  attachments:", [one["mail_content_type"] for one in mail.attachments])
    print("  the status 5.1.1 is in mail_json:", "5.1.1" in mail.mail_json)
    print("  get_body():", repr(own.get_body().get_content().strip()))
END

venv/bin/python -W ignore read.py | tee seen
diff expected seen
