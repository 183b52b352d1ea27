"""The baseline: a Flask view that does nothing but answer with 20 KB, on the same server."""

from flask import Flask

app = Flask(__name__)
BODY = "x" * 20_000


@app.get("/")
def bare() -> str:
    return BODY
