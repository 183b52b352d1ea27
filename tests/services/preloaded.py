"""What a worker imports before its first job, imported once for every worker that the tests fork."""

from importlib import import_module

from app.cli.worker import PRELOADED

for name in PRELOADED:
    import_module(name)
