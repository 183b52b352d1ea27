"""Delivery reports in the shapes in which mail servers send them."""

from email.message import EmailMessage

_POSTFIX = """\
Return-Path: <>
Date: Mon, 30 Nov 2026 09:12:44 +0000 (GMT)
From: MAILER-DAEMON@mx.council.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: learning@example.org
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B1"
Message-Id: <20261130091244.1@mx.council.example>

--B1
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.council.example.
<ADDRESS>: WORDS

--B1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.council.example
X-Postfix-Queue-ID: 4ABCD
Arrival-Date: Mon, 30 Nov 2026 09:12:43 +0000 (GMT)

Final-Recipient: rfc822; ADDRESS
Original-Recipient: rfc822;ADDRESS
Action: ACTION
Status: STATUS
Remote-MTA: dns; mail.council.example
Diagnostic-Code: smtp; WORDS

--B1
Content-Description: Undelivered Message
Content-Type: message/rfc822

Message-ID: MESSAGE_ID
From: Common Ground <learning@example.org>
To: ADDRESS
Subject: Race equality
MIME-Version: 1.0
Content-Type: text/plain

Hello
--B1--
"""
_EXCHANGE = """\
From: Microsoft Outlook <postmaster@council.example>
To: learning@example.org
Subject: Undeliverable: Race equality
In-Reply-To: MESSAGE_ID
References: MESSAGE_ID
Content-Language: en-GB
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="_B2_"
X-MS-Exchange-Message-Sent-Representing-Type: 1

--_B2_
Content-Type: multipart/alternative; boundary="_B3_"

--_B3_
Content-Type: text/plain; charset="us-ascii"

ADDRESS wasn't found at council.example.
--_B3_
Content-Type: text/html; charset="us-ascii"

<html><body>wasn't found</body></html>
--_B3_--

--_B2_
Content-Type: message/delivery-status

Reporting-MTA: dns;LO2P265MB1234.GBRP265.PROD.OUTLOOK.COM
Received-From-MTA: dns;mail.example.org
Arrival-Date: Mon, 30 Nov 2026 09:12:43 +0000

Final-Recipient: rfc822;ADDRESS
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ADDRESS not found by SMTP address lookup
X-Display-Name: A Person

--_B2_
Content-Type: text/rfc822-headers

From: Common Ground <learning@example.org>
Message-ID: MESSAGE_ID
Subject: Race equality

--_B2_--
"""
_GMAIL = """\
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: learning@example.org
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: MESSAGE_ID
In-Reply-To: MESSAGE_ID
Content-Type: multipart/report; boundary="0000"; report-type=delivery-status

--0000
Content-Type: text/plain; charset="UTF-8"

** Address not found **
--0000
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: Mon, 30 Nov 2026 01:12:43 -0800 (PST)
X-Original-Message-ID: MESSAGE_ID

Final-Recipient: rfc822; ADDRESS
Action: failed
Status: 5.1.1
Remote-MTA: dns; gmail-smtp-in.l.google.com.
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
 550-5.1.1 double-checking the recipient's email address for typos.

--0000
Content-Type: message/rfc822

Message-ID: MESSAGE_ID
Subject: Race equality

--0000--
"""
_AWAY = """\
From: A Person <ADDRESS>
To: learning@example.org
Subject: Automatic reply: Race equality
In-Reply-To: MESSAGE_ID
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All
Content-Type: text/plain; charset="utf-8"

I am out of the office until Monday. 550 5.1.1 is a number that I like.
"""


def _filled(shape: str, message_id: str, address: str, **words: str) -> bytes:
    for name, value in {**words, "MESSAGE_ID": message_id, "ADDRESS": address}.items():
        shape = shape.replace(name, value)
    return shape.replace("\n", "\r\n").encode()


def from_postfix(
    message_id: str, address: str, status: str = "5.1.1", words: str = "550 5.1.1 User unknown", action: str = "failed"
) -> bytes:
    """As Postfix writes it, with the whole mail."""
    return _filled(_POSTFIX, message_id, address, STATUS=status, WORDS=words, ACTION=action)


def beyond_ascii(shape: bytes) -> bytes:
    """The same report in the kinds of parts that RFC 6533 has for addresses beyond ASCII, as Postfix sends it."""
    for older, newer in (
        (b"message/delivery-status", b"message/global-delivery-status"),
        (b"text/rfc822-headers", b"message/global-headers"),
        (b"message/rfc822", b"message/global"),
        (b"rfc822;", b"utf-8;"),
    ):
        shape = shape.replace(older, newer)
    return shape


def from_exchange(message_id: str, address: str) -> bytes:
    """As Exchange Online writes it, with headers alone."""
    return _filled(_EXCHANGE, message_id, address)


def from_gmail(message_id: str, address: str) -> bytes:
    """As Gmail writes it."""
    return _filled(_GMAIL, message_id, address)


def an_automatic_reply(message_id: str, address: str) -> bytes:
    """What somebody's mailbox answers while they are away."""
    return _filled(_AWAY, message_id, address)


def a_letter() -> bytes:
    """What a person writes."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "bo@example.org", "Undelivered Mail Returned to Sender"
    mail.set_content("Status: 5.1.1\nAction: failed")
    return mail.as_bytes()
