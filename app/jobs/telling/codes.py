"""Send the codes that prove mobile numbers, at any hour: whoever asked for one sits and waits for it."""

from uuid import uuid4

from app.jobs.task_loop import work_off
from app.platform.texts.carriers import find_text_carrier
from app.platform.texts.codes import code_key
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.tasks.claims import Claim, finish
from messages.by_text.carrying import TextRefused, TextsUnavailable
from messages.by_text.proving import MOBILE_CODES, MobileCode, draw_code

WORDS = "Common Ground: {code} is your code. It works for 15 minutes. Did you not ask for it? Then do nothing."


def send_mobile_codes() -> None:
    """Go on until none is left. Raises ``TasksFailed`` at the end."""
    work_off(MOBILE_CODES, _send, passing=(TextsUnavailable,), final=(TextRefused,))


def _send(claimed: Claim[MobileCode]) -> None:
    carrier = find_text_carrier()
    if carrier is None:
        raise TextsUnavailable("This site sends no texts")
    with unit_of_work() as work:
        drawn = draw_code(work.session, claimed, key=code_key(), now=utc_now())
    if drawn is None:
        return
    number, code = drawn
    carrier.send(phone_number=number, words=WORDS.format(code=code), reference=f"common-ground-code-{uuid4().hex}")
    with unit_of_work() as work:
        finish(work.session, claimed, handed_at=utc_now())
