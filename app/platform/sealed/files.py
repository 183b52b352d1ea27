"""Files that nobody can read who has only the store, its backups or its listing: sealed with the installation’s key."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from kernel.errors import FileChanged


def seal(data: bytes) -> bytes:
    """The same bytes, as they may be stored."""
    return _lock().encrypt(data)


def unseal(sealed: bytes) -> bytes:
    """What was sealed. Raises ``FileChanged`` where it is not, or where the secret key has changed since."""
    try:
        return _lock().decrypt(sealed)
    except InvalidToken as problem:
        raise FileChanged("A sealed file cannot be read: it is damaged, or the secret key has changed") from problem


def _lock() -> Fernet:
    # A key of its own, so that nothing that the secret key signs elsewhere helps against it.
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"common-ground sealed files")
    return Fernet(urlsafe_b64encode(derive.derive(str(current_app.secret_key).encode())))
