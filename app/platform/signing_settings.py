"""Where the key that signs certificates is, from the settings. Web processes never open it."""

from certificates.signing.signer import SigningSetup
from config import Settings


def signing_setup(settings: Settings) -> SigningSetup | None:
    """What the settings say of signing; ``None`` when certificates are not signed."""
    if not (settings.signing_key_file or settings.signing_pkcs11_module):
        return None
    password = settings.signing_password
    return SigningSetup(
        key_file=settings.signing_key_file or None,
        password=password.get_secret_value() if password else None,
        pkcs11_module=settings.signing_pkcs11_module,
        pkcs11_token=settings.signing_pkcs11_token,
        pkcs11_label=settings.signing_pkcs11_label,
        time_stamp_url=settings.signing_time_stamp_url,
        can_do_without_stamp=settings.signing_without_time_stamp,
    )
