"""The command line: one module for each command of `claimbook`."""

import click

from claimbook.base.imports import skip_grammar
from claimbook.cli.accept import accept
from claimbook.cli.build import build
from claimbook.cli.check import check
from claimbook.cli.comment import comment
from claimbook.cli.diff import diff
from claimbook.cli.gate import gate
from claimbook.cli.new import new
from claimbook.cli.schemas import schemas

skip_grammar()  # what takes long to import is imported by the commands


@click.group()
def main() -> None:
    """Recompute the claims of this book, build it, and check it."""


for command in (check, new, accept, build, diff, gate, schemas, comment):
    main.add_command(command)
