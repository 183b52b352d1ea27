#!/usr/bin/env bash
# What: dkimpy 1.1.8 signs a mail with List-Unsubscribe and List-Unsubscribe-Post, the two headers of the “stop” button of mail programs (RFC
#   8058), first as it does by itself, then with the second header added. nodemailer 10.6.1 signs one with the same headers.
# Seen: 2026-11-30, Python 3.11 and Node 20.20.2: dkimpy signs the first header and not the second. The signature is good. nodemailer signs both.
# Why it surprises: both must be signed (RFC 8058, section 4), or the receiver should not offer the button. dkimpy signs what RFC 6376 and its
#   forerunner name, and the second header is younger than they are. Every check says “signature: pass”, the button never comes, and
#   people press “spam” instead. Look for list-unsubscribe-post in the h= of a mail that arrived, whoever signs it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "dkimpy==1.1.8" "cryptography==50.0.2"
echo '{"private": true, "type": "module"}' > package.json
npm install --silent --no-fund --no-audit --ignore-scripts "nodemailer@10.6.1"

cat > expected << 'END'
dkimpy: list-unsubscribe signed, list-unsubscribe-post not signed; the signature is good: True
dkimpy, header added: list-unsubscribe signed, list-unsubscribe-post signed; the signature is good: True
nodemailer: list-unsubscribe signed, list-unsubscribe-post signed
END

cat > sign.py << 'END'
import base64
import re
from pathlib import Path

import dkim
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

MAIL = (
    b"From: training@example.org\r\n"
    b"To: ada@example.org\r\n"
    b"Subject: Fire safety is due\r\n"
    b"Date: Mon, 30 Nov 2026 09:00:00 +0000\r\n"
    b"Message-ID: <1@example.org>\r\n"
    b"List-Unsubscribe: <https:" b"//learn.example.org/stop/1>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"\r\n"
    b"Please finish it by Friday.\r\n"
)

key = rsa.generate_private_key(65537, 2048)
secret = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
public = base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
Path("secret.pem").write_bytes(secret)

for name, added in (("dkimpy", ()), ("dkimpy, header added", (b"list-unsubscribe-post",))):
    signer = dkim.DKIM(MAIL)
    signer.should_sign.update(added)
    signature = signer.sign(b"s1", b"example.org", secret)
    signed = re.sub(r"\s", "", re.search(rb"\sh=([^;]*)", signature)[1].decode()).split(":")
    found = [f"{one} {'signed' if one in signed else 'not signed'}" for one in ("list-unsubscribe", "list-unsubscribe-post")]
    is_good = dkim.verify(signature + MAIL, dnsfunc=lambda *_, **__: b"v=DKIM1; k=rsa; p=" + public)
    print(f"{name}: {', '.join(found)}; the signature is good: {is_good}")
END

cat > sign.js << 'END'
import { readFileSync } from "node:fs";
import nodemailer from "nodemailer";

const dkim = { domainName: "example.org", keySelector: "s1", privateKey: readFileSync("secret.pem", "utf8") };
const { message } = await nodemailer.createTransport({ streamTransport: true, buffer: true, dkim }).sendMail({
  from: "training@example.org",
  to: "ada@example.org",
  subject: "Fire safety is due",
  text: "Please finish it by Friday.",
  headers: { "List-Unsubscribe": "<https:" + "//learn.example.org/stop/1>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
});
const signed = message.toString().match(/\sh=([^;]*)/)[1].replace(/\s/g, "").split(":");
const found = ["list-unsubscribe", "list-unsubscribe-post"].map((one) => `${one} ${signed.includes(one) ? "signed" : "not signed"}`);
console.log(`nodemailer: ${found.join(", ")}`);
END

(venv/bin/python -W ignore sign.py && node sign.js) | tee seen
diff expected seen
