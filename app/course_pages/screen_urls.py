"""The addresses of screens, and of everything that is sent from one."""

from flask import url_for

from courses.taking.screens import ScreenAddress


def screen_url(
    address: ScreenAddress, endpoint: str = "learn.screen", *, fragment: str | None = None, **values: str | int
) -> str:
    """Where a screen is, or another endpoint that belongs to it; ``fragment`` is the part of the page to jump to."""
    return url_for(
        endpoint,
        slug=address.slug,
        module_slug=address.module_slug,
        screen_number=address.screen_number,
        _anchor=fragment,
        **values,  # type: ignore[arg-type]
    )
