"""Phones on slow lines, as the real server meets them: they wait, and nobody else does."""

import socket
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

# More than all processes of the site work on at once.
MANY = 40
SOON = 60


def test_forms_that_come_slowly_hold_up_nobody(site):
    place = urlsplit(site.address).netloc
    host, port = place.split(":")
    head = (
        f"POST /verify HTTP/1.1\r\nHost: {place}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\n"
    )
    with ExitStack() as lines:
        slow = [lines.enter_context(socket.create_connection((host, int(port)), SOON)) for _ in range(MANY)]
        for line in slow:
            line.sendall(f"{head}num".encode())
        for _ in range(MANY):
            quick = HTTPConnection(place, timeout=SOON)
            quick.request("GET", "/verify")
            assert quick.getresponse().status == 200
            quick.close()
        slow[0].sendall(b"ber=1")
        answer = HTTPResponse(slow[0])
        answer.begin()
        assert answer.status == 400  # complete, and refused: a form of ours carries a token
