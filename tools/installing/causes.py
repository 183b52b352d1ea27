"""Why a package client failed, read from what it printed: the network, a right to write, or a full disk."""

import re

_NETWORK = re.compile(
    rb"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|NewConnectionError"
    rb"|ConnectTimeoutError|NameResolutionError|ReadTimeoutError|Temporary failure|Could not resolve"
    rb"|[Nn]etwork is unreachable|No route to host|Connection (?:refused|timed out|failed)|network connectivity"
)
_DENIED = re.compile(rb"(?:EACCES|EPERM|EROFS|Permission denied|Read-only file system)[^\n]*")
_FULL = re.compile(rb"ENOSPC|EDQUOT|No space left on device|Disk quota exceeded")
# The place that a refusal names: npm writes mkdir '/nonexistent', pip '/srv/x/.venv'.
_PLACE = re.compile(rb"['\"](/[^'\"\n]*)['\"]")


def cause_in(printed: bytes) -> str:
    """What to do about a failure, as the end of a sentence: after "…could not be installed"."""
    if _FULL.search(printed):
        return "because the disk is full: free about 1 GB and run the same command again"
    if denied := _DENIED.search(printed):
        return f"because this user may not write to {_place(denied.group())}: run it where you may, and try again"
    if _NETWORK.search(printed):
        return "because the network, or what it leads to, cannot be reached: check it and run the same command again"
    return "for a reason that its log names: put that right and run the same command again"


def _place(words: bytes) -> str:
    found = _PLACE.search(words)
    return found.group(1).decode("utf-8", "replace") if found else "one of its folders"
