"""What several commands share: refusing, finding the project, and choosing claims."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from claimbook.base.faults import DataError, nearest
from claimbook.base.paths import Project, find_project

if TYPE_CHECKING:
    from rich.console import Console

    from claimbook.data.registry import Registry

SLUGS = click.argument("slugs", nargs=-1, metavar="[CLAIM]...")


class Refused(click.ClickException):
    """Ends a command with a message and exit status 1."""

    def show(self, file: object = None) -> None:
        """Print the message as it is, to standard error."""
        click.echo(self.message, err=True)


def console(*, stderr: bool = False) -> "Console":
    """A console that styles nothing where nobody can see it or somebody does not want it."""
    from rich.console import Console  # slow to import

    plain = "NO_COLOR" in os.environ or os.environ.get("TERM", "dumb") in ("dumb", "")
    return Console(highlight=False, stderr=stderr, color_system=None if plain else "auto")


def writable(text: str) -> str:
    """A text if the terminal or file that is written to has its letters; otherwise nothing."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return ""
    return text


def project_here() -> Project:
    """The project that the command is run in.

    Raises:
        Refused: there is none.
    """
    try:
        return find_project()
    except FileNotFoundError as error:
        raise Refused(str(error)) from error


def validated(project: Project) -> "Registry":
    """The validated data of a project.

    Raises:
        Refused: with every fault of the data.
    """
    from claimbook.data.registry import validate  # slow to import

    try:
        return validate(project)
    except DataError as error:
        raise Refused(str(error)) from error


def chosen(registry: "Registry", slugs: Sequence[str]) -> list[str]:
    """Slugs of the claims that are meant: those named, each once, or all.

    Raises:
        Refused: there is no such claim.
    """
    for slug in slugs:
        if slug not in registry.claims:
            raise Refused(f"no claim {slug!r}{nearest(slug, registry.claims)}")
    return list(dict.fromkeys(slugs or registry.claims))
