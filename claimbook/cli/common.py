"""What several commands share: refusing, finding the project, and choosing claims."""

from collections.abc import Sequence

import click

from claimbook.base.faults import DataError, nearest
from claimbook.base.paths import Project, find_project
from claimbook.data.registry import Registry, validate

SLUGS = click.argument("slugs", nargs=-1, metavar="[CLAIM]...")


class Refused(click.ClickException):
    """Ends a command with a message and exit status 1."""

    def show(self, file: object = None) -> None:
        """Print the message as it is, to standard error."""
        click.echo(self.message, err=True)


def project_here() -> Project:
    """The project that the command is run in.

    Raises:
        Refused: there is none.
    """
    try:
        return find_project()
    except FileNotFoundError as error:
        raise Refused(str(error)) from error


def validated(project: Project) -> Registry:
    """The validated data of a project.

    Raises:
        Refused: with every fault of the data.
    """
    try:
        return validate(project)
    except DataError as error:
        raise Refused(str(error)) from error


def chosen(registry: Registry, slugs: Sequence[str]) -> list[str]:
    """Slugs of the notebooks to run: those named, by claim or page, or all.

    Raises:
        Refused: a name is neither.
    """
    pages = {claim.id: claim.notebook for claim in registry.claims.values()}
    pages |= {page: page for page in registry.pages}
    for slug in slugs:
        if slug not in pages:
            raise Refused(f"no claim {slug!r}{nearest(slug, pages)}")
    return list(dict.fromkeys(pages[slug] for slug in slugs)) or list(registry.pages)
