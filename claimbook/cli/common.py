"""What several commands share: refusing, finding the project, and choosing claims."""

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from claimbook.base import locks
from claimbook.base.characters import visible
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


# What stands in the way of a file, whoever writes it: no room, no permission, no such disk.
_NO_PLACE = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO),
    *(errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG),
}


@contextmanager
def sentences() -> Iterator[None]:
    """Say in a sentence that a file cannot be written; other errors keep their traceback.

    Raises:
        Refused: a file cannot be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_PLACE:
            raise
        place = f"{error.filename}: " if error.filename else ""
        message = f"{place}expected a place for files, found: {error.strerror}"
        raise Refused(visible(message)) from error


@contextmanager
def alone(project: Project) -> Iterator[bool]:
    """Let nobody else write outputs or the site of a project meanwhile, and wait for who does.

    Yields:
        Whether this had to wait.
    """
    with locks.alone(
        project.root, lambda: click.echo("Another command writes here: waiting for it.", err=True)
    ) as waited:
        yield waited


def project_here() -> Project:
    """The project that the command is run in.

    Raises:
        Refused: there is none.
    """
    try:
        return find_project()
    except FileNotFoundError as error:
        raise Refused(str(error)) from error


def validated(project: Project, *, all_faults: bool = False) -> "Registry":
    """The validated data of a project.

    Args:
        project: whose data.
        all_faults: tell every fault, however many a file has.

    Raises:
        Refused: with every fault of the data.
    """
    from claimbook.data.registry import validate  # slow to import

    try:
        return validate(project)
    except DataError as error:
        raise Refused(error.text() if all_faults else str(error)) from error


def chosen(registry: "Registry", slugs: Sequence[str]) -> list[str]:
    """Slugs of the claims that are meant: those named, each once, or all.

    Raises:
        Refused: there is no such claim.
    """
    for slug in slugs:
        if slug not in registry.claims:
            raise Refused(f"no claim {slug!r}{nearest(slug, registry.claims)}")
    return list(dict.fromkeys(slugs or registry.claims))
