"""What is saved by now beside what somebody typed on an older page, for them to choose: nothing is replaced unseen."""

from collections.abc import Iterable
from dataclasses import dataclass

NOTHING = "Nothing"


@dataclass(frozen=True)
class ClashRow:
    """One thing that was changed in two places."""

    label: str
    saved: str
    typed: str


@dataclass(frozen=True)
class ClashView:
    """Both for ``components/clash.html``. ``keep_url`` leads to the page with what is saved."""

    id: str
    rows: tuple[ClashRow, ...]
    keep_url: str
    saved_at: str | None = None


def clash_view(
    id: str, rows: Iterable[tuple[str, str | None, str | None]], *, keep_url: str, saved_at: str | None = None
) -> ClashView:
    """Rows are (label, saved, typed); those that are the same in both are left out."""
    differing = ((label, saved, typed) for label, saved, typed in rows if (saved or "") != (typed or ""))
    shown = tuple(ClashRow(label, saved or NOTHING, typed or NOTHING) for label, saved, typed in differing)
    return ClashView(id, shown, keep_url, saved_at)
