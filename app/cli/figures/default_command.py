"""A group of commands that can do without the name of one: ``figures halton`` beside ``figures publish halton``."""

import click


class WithDefault(click.Group):
    """What is called where the first word names no command. ``--help`` alone is that of the group."""

    default = "show"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name there where it was left out."""
        if args and args[0] != "--help" and args[0] not in self.commands:
            args = [self.default, *args]
        return super().parse_args(ctx, args)
