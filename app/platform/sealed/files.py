"""Files that nobody can read who has only the store, its backups or its listing: sealed with the installation’s key."""

from base64 import urlsafe_b64encode
from functools import partial
from struct import Struct
from typing import IO

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from kernel.errors import FileChanged

_UNREADABLE = "A sealed file cannot be read: it is damaged, or the secret key has changed"
_PIECE, _HEAD = 1024 * 1024, Struct(">Q?")


def seal(data: bytes) -> bytes:
    """The same bytes, as they may be stored."""
    return _lock().encrypt(data)


def unseal(sealed: bytes) -> bytes:
    """What was sealed. Raises ``FileChanged`` where it is not, or where the secret key has changed since."""
    try:
        return _lock().decrypt(sealed)
    except InvalidToken as problem:
        raise FileChanged(_UNREADABLE) from problem


def seal_into(plain: IO[bytes], target: IO[bytes]) -> None:
    """A large file, piece by piece, as it may be stored. Each says which one it is, and whether it is the last."""
    lock, place, piece = _lock(), 0, plain.read(_PIECE)
    while True:
        following = plain.read(_PIECE)
        target.write(lock.encrypt(_HEAD.pack(place, not following) + piece) + b"\n")
        if not following:
            return
        place, piece = place + 1, following


def unseal_into(sealed: IO[bytes], target: IO[bytes]) -> None:
    """What was sealed so. Raises ``FileChanged`` where pieces are missing, changed or not in their order."""
    lock, is_last = _lock(), False
    for place, line in enumerate(iter(partial(sealed.readline, 4 * _PIECE), b"")):
        try:
            piece = lock.decrypt(line.rstrip(b"\n"))
        except InvalidToken as problem:
            raise FileChanged(_UNREADABLE) from problem
        found, is_end = _HEAD.unpack(piece[: _HEAD.size])
        if found != place or is_last:
            raise FileChanged(_UNREADABLE)
        is_last = is_end
        target.write(piece[_HEAD.size :])
    if not is_last:
        raise FileChanged(_UNREADABLE)


def _lock() -> Fernet:
    # A key of its own, so that nothing that the secret key signs elsewhere helps against it.
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"common-ground sealed files")
    return Fernet(urlsafe_b64encode(derive.derive(str(current_app.secret_key).encode())))
