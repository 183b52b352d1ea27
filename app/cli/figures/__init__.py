"""``figures``: any figure of any day, published ones, and whether they would be the same today."""

from app.cli.figures.commands import figures as figures
