"""Codes that prove numbers, as they come to a phone."""

import re

from flask import Flask

from app.jobs.telling.codes import send_mobile_codes
from tests.builders.servers.notify import Notify


def send_code(app: Flask, notify: Notify) -> str:
    """Send what is due; the code of the newest text."""
    with app.app_context():
        send_mobile_codes()
    found = re.search(r"\b[0-9]{6}\b", notify.words()[-1])
    assert found is not None
    return found[0]
