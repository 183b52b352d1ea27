"""Keys on PKCS#11 tokens, which sign and are never seen. Loads pyHanko and the token's own library.

The library must be opened by the process that signs: it does not survive a fork.
"""

from pkcs11 import PKCS11Error, Session, UserAlreadyLoggedIn
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

from certificates.signing.signer import BadSigningKey, SigningSetup

TOKEN_FAILURES = (SigningError, PKCS11Error)


def open_token(setup: SigningSetup) -> PKCS11Signer:
    """The key and the certificates on a token; key and certificate have the same label. Raises ``BadSigningKey``."""
    try:
        signer = PKCS11Signer(_session(setup), cert_label=setup.pkcs11_label, other_certs_to_pull=None)
        if signer.signing_cert is None:
            raise BadSigningKey(f"The token {setup.pkcs11_token} holds no certificate {setup.pkcs11_label}")
        # Every token that knows ECDSA signs a digest; SoftHSM and others do not make the digest themselves.
        signer.use_raw_mechanism = signer.signing_cert.public_key.algorithm == "ec"
    except (PKCS11Error, SigningError, OSError, RuntimeError) as problem:
        what = str(problem) or type(problem).__name__
        raise BadSigningKey(f"The key on the token {setup.pkcs11_token} could not be opened: {what}") from problem
    return signer


def _session(setup: SigningSetup) -> Session:
    module, token = str(setup.pkcs11_module), TokenCriteria(label=setup.pkcs11_token)
    try:
        return open_pkcs11_session(module, token_criteria=token, user_pin=setup.password)
    except UserAlreadyLoggedIn:  # by an earlier session of this process: all sessions share one log-in
        return open_pkcs11_session(module, token_criteria=token)


def is_repeatable(signer: PKCS11Signer) -> bool:
    """Whether the token makes the same signature of the same data: RSA and Ed25519 do, ECDSA is random there."""
    return str(signer.signing_cert.public_key.algorithm) in ("rsa", "ed25519")
