"""The command line: one module for each command of `claimbook`."""

from importlib import import_module

import click

from claimbook.base.imports import skip_grammar

skip_grammar()  # before any command imports what would build it


class _Commands(click.Group):
    """Commands in the order of a claim's life, each imported when it is asked for."""

    _NAMES = ("check", "watch", "new", "accept", "build", "diff", "gate", "schemas", "comment")

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._NAMES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self._NAMES:
            return None
        command: click.Command = getattr(import_module(f"claimbook.cli.{name}"), name)
        return command


@click.group(cls=_Commands)
def main() -> None:
    """Recompute the claims of this book, build it, and check it."""
