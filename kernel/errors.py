"""The ways in which a rule, or a store, says no. The web layer turns each into a page."""


class NotFound(Exception):
    """The thing does not exist, or is not this person's to see: both look the same from outside."""


class RuleBroken(Exception):
    """A rule refuses what was asked.

    ``message`` is plain English for the person; ``field`` names the form field it belongs to, if one does.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class StorageError(Exception):
    """A stored file could not be written or read; the text says why, for an operator."""


class FileMissing(StorageError):
    """The store answers, and has no such file."""


class FileChanged(StorageError):
    """The store has a file, but not with the bytes that were stored. It is handed to nobody."""
