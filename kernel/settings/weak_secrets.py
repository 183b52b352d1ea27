"""Secret keys that somebody could guess. Pure."""

from itertools import pairwise

DEMO_SECRET_PREFIX = "demo-"  # noqa: S105 - marks a secret as unfit for production; it is not one
FEWEST_DIFFERENT = 12
# Words of keys that stand in guides and examples: whoever reads those can sign sessions.
EXAMPLE_WORDS = (
    "changeme", "changethis", "replaceme", "replacethis", "example", "secretkey", "yoursecret", "mysecret", "topsecret",
    "supersecret", "password", "insecure", "notasecret", "keepitsecret", "placeholder", "lorem", "qwerty",
)  # fmt: skip


def weakness_of(secret: str) -> str | None:
    """Why a secret key can be guessed, to stand behind its name; ``None`` for one that looks drawn by chance."""
    letters = "".join(sign for sign in secret.casefold() if sign.isalnum())
    if secret.startswith(DEMO_SECRET_PREFIX):
        return "is the demo's"
    if len(set(secret)) < FEWEST_DIFFERENT:
        return f"has fewer than {FEWEST_DIFFERENT} different characters"
    if any(word in letters for word in EXAMPLE_WORDS):
        return "is known from an example"
    if secret in (secret + secret)[1:-1]:
        return "says the same thing several times"
    if sum(abs(ord(after) - ord(before)) == 1 for before, after in pairwise(secret)) * 2 > len(secret):
        return "follows the order of the alphabet"
    return None
