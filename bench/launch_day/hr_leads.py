"""HR leads who look at their figures again and again while the others learn."""

import asyncio

from bench.launch_day.visitor import GaveUp, Visitor

PAGES = ("", "/units", "/who-counts", "/completion.csv")


async def refresh(visitor: Visitor, username: str, password: str, *, pause: float, is_over: asyncio.Event) -> None:
    """Sign in, and look at one page after the other until the day is over. Raises ``GaveUp``."""
    page = await visitor.open("/sign-in")
    form = next(one for one in page.forms if one.method == "post")
    form.set("username", username)
    form.set("password", password)
    page = await visitor.send(form)
    if page.path == "/sign-in":
        raise GaveUp(f"{username} could not sign in: {'; '.join(page.problems)}")
    authority = username.partition(".")[2]
    while not is_over.is_set():
        for place in PAGES:
            await visitor.open(f"/council/{authority}{place}")
            await asyncio.sleep(pause)
            if is_over.is_set():
                return
