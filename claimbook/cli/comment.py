"""`claimbook comment`: put the report of a run under its pull request."""

import os
import sys
from pathlib import Path

import click

from claimbook.cli.common import Refused

_EVENT = "GITHUB_EVENT_PATH"
_HERE = "Of what lies in this folder."


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="_build/review")
def comment(folder: Path) -> None:
    """Write one comment from the report in FOLDER, or write the former one anew.

    The report is data that nobody vouches for. In a workflow of GitHub, the environment names the
    run and the repository; elsewhere the comment is printed. Ends with status 1 if the report is
    not one or if GitHub does not answer as expected.
    """
    # Slow to import, and of use to nobody else.
    from claimbook.review.comment import event, github, posting

    if _EVENT not in os.environ:
        body, fault = posting.text(folder, _render, _HERE)
        click.echo(body)
        if fault:
            raise Refused(fault)
        return
    try:
        outcome = posting.post(
            event.read(Path(_needed(_EVENT))),
            folder,
            _render,
            github.GitHub(
                _needed("GITHUB_API_URL"), _needed("GITHUB_REPOSITORY"), _needed("GITHUB_TOKEN")
            ),
            _needed("GITHUB_SERVER_URL"),
        )
    except (event.EventError, github.ApiError) as error:
        raise Refused(str(error)) from error
    click.echo(outcome.message, err=not outcome.in_order)
    if not outcome.in_order:
        sys.exit(1)


def _needed(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise Refused(f"{name}: expected a value in the environment, found none")
    return value


def _render(content: bytes, room: int) -> str:
    """Markdown of a report in no more than so many characters.

    Raises:
        ValueError: it is not a report.
    """
    from claimbook.review.comment.body import CUT
    from claimbook.review.diff.markdown import fitting
    from claimbook.review.diff.report import from_json

    return fitting(from_json(content), room, CUT)
