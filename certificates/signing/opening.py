"""From settings to a signer. Loads pyHanko, so no web process may."""

from collections.abc import Callable
from datetime import datetime

from certificates.signing.key_files import open_key_file
from certificates.signing.pades import PadesSigner
from certificates.signing.signer import BadSigningKey, SigningSetup
from certificates.signing.time_stamps import TimeStampServer
from certificates.signing.tokens import TOKEN_FAILURES, is_repeatable, open_token


def open_signer(setup: SigningSetup, *, now: Callable[[], datetime]) -> PadesSigner:
    """A signer with the key that the settings name. Raises ``SigningFailed``."""
    stamps = None
    if setup.time_stamp_url:
        stamps = TimeStampServer(setup.time_stamp_url, can_do_without=setup.can_do_without_stamp)
    if setup.key_file is not None:
        key = open_key_file(setup.key_file, setup.password)
        return PadesSigner(key, is_repeatable=True, now=now, stamps=stamps)
    if setup.pkcs11_module is None:
        raise BadSigningKey("Neither a key file nor a PKCS#11 module is named")
    token = open_token(setup)
    return PadesSigner(token, is_repeatable=is_repeatable(token), now=now, stamps=stamps, failures=TOKEN_FAILURES)
