"""The command line: one module for each command of `claimbook`."""

import signal
import sys
from importlib import import_module
from typing import NoReturn

import click

from claimbook.base.imports import skip_grammar

skip_grammar()  # before any command imports what would build it


class _Commands(click.Group):
    """Commands in the order of a claim's life, each imported when it is asked for."""

    _NAMES = ("check", "watch", "new", "accept", "build", "diff", "gate", "schemas", "comment")

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._NAMES)

    def invoke(self, ctx: click.Context) -> object:
        from claimbook.cli.common import sentences

        with sentences():
            return super().invoke(ctx)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self._NAMES:
            return None
        command: click.Command = getattr(import_module(f"claimbook.cli.{name}"), name)
        return command


@click.group(cls=_Commands)
@click.pass_context
def main(context: click.Context) -> None:
    """Recompute the claims of this book, build it, and check it."""
    for stream in (sys.stdout, sys.stderr):
        # What a terminal or a file cannot have is spelt out; a question mark would be a verdict.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    former = signal.signal(signal.SIGTERM, _end)
    context.call_on_close(lambda: signal.signal(signal.SIGTERM, former))


def _end(number: int, _: object) -> NoReturn:
    """End as after an error, so that processes and temporary files are cleared away."""
    click.echo("ended before it was done", err=True)
    sys.exit(128 + number)
