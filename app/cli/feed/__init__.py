"""HR files at the command line: planned, applied and undone, exported, and the limits above which they stop."""

from app.cli.feed.commands import feed
from app.cli.feed.export import export_command
from app.cli.feed.limits import limits_command
from app.cli.feed.sources import fetch_command, sources_command

__all__ = ["feed"]

feed.add_command(export_command)
feed.add_command(limits_command)
feed.add_command(sources_command)
feed.add_command(fetch_command)
