#!/usr/bin/env bash
# What: paramiko 5.1.0 reads private keys of the kind ECDSA (P-256) in OpenSSH’s own form, without a password. asyncssh 2.24.1 wrote them,
#   as ssh-keygen does; each is read by asyncssh and by cryptography 50.0.2 as well. One has a comment.
# Seen: 2026-11-30, Python 3.11: of two keys without a comment, one is “Invalid key curve identifier”. The same key with a comment is read.
# Why it surprises: a comment is a remark at the end of the file (PROTOCOL.key of OpenSSH), and an empty one is as good as another: ssh-keygen
#   -C "" writes it, and so does every program that makes keys for a machine. Where the file then needs no padding, paramiko takes
#   the last byte of the empty comment for its length, and has nothing left. For P-256 that is every second key: it depends on the first
#   bit of the secret. A trial with one key shows nothing. Give every key a comment, or write it anew with cryptography, which always
#   pads: so we store them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "paramiko==5.1.0" "asyncssh==2.24.1" "cryptography==50.0.2"

cat > expected << 'END'
first bit 0, no comment: asyncssh reads it; cryptography reads it; paramiko: Invalid key curve identifier
first bit 1, no comment: asyncssh reads it; cryptography reads it; paramiko reads it
first bit 0, comment "payroll": asyncssh reads it; cryptography reads it; paramiko reads it
END

cat > keys.py << 'END'
from io import StringIO

import asyncssh
import paramiko
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_ssh_private_key


def written(secret, comment):
    key = ec.derive_private_key(secret, ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key = asyncssh.import_private_key(pem)
    key.set_comment(comment)
    return key.export_private_key("openssh").decode()


def said(reader, read):
    try:
        read()
    except paramiko.SSHException as problem:
        return f"{reader}: {problem}"
    return f"{reader} reads it"


for secret, comment in ((2**254 + 7, ""), (2**255 + 7, ""), (2**254 + 7, "payroll")):
    text = written(secret, comment)
    readers = (
        said("asyncssh", lambda: asyncssh.import_private_key(text)),
        said("cryptography", lambda: load_ssh_private_key(text.encode(), None)),
        said("paramiko", lambda: paramiko.ECDSAKey.from_private_key(StringIO(text))),
    )
    named = f'comment "{comment}"' if comment else "no comment"
    print(f"first bit {secret >> 255}, {named}:", "; ".join(readers))
END

venv/bin/python -W ignore keys.py | tee seen
diff expected seen
