"""The chain of the audit trail in words: where it breaks, and what that means."""

from app.platform.audit.acts import kind_words
from app.platform.pages.templating import moment
from kernel.audit_seals.verifying import Break, BrokenLink

_SAID = {
    Break.CHANGED: "was changed after it was sealed",
    Break.GONE: "was sealed and is gone",
    Break.PUT_IN: "has no seal, and entries after it have one: it was put in afterwards",
    Break.OUT_OF_ORDER: "is sealed in another place than its number says",
    Break.SEAL_GONE: "was sealed, and a seal before or at it is gone",
    Break.SEAL_CHANGED: "has a seal that does not follow from the one before",
}


def broken_words(link: BrokenLink) -> str:
    """The first broken link in a sentence without its full stop: which entry, of when, what it says, what is wrong."""
    about = ""
    if link.happened_at is not None:
        thing = f"{link.subject_type.replace('-', ' ')} {link.subject_id}"
        about = f" of {moment(link.happened_at)} ({kind_words(link.action)}: {thing})"
    elif link.sealed_at is not None:
        about = f", sealed on {moment(link.sealed_at)},"
    return f"Entry {link.entry_id}{about} {_SAID[link.what]}"
