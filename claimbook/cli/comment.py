"""`claimbook comment`: put the report of a run under its pull request."""

import re
from pathlib import Path

import click

from claimbook.cli.common import Refused

_HERE = "Of what lies in this folder."


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="_build/review")
@click.option("--commit", envvar="HEAD_SHA", help="Full id of the commit that the run tested.")
@click.option("--run", envvar="RUN_URL", help="Address of the run.")
def comment(folder: Path, commit: str | None, run: str | None) -> None:
    """Write one comment from the report in FOLDER, or write the former one anew.

    The report is data that nobody vouches for. With a commit, which a workflow names in HEAD_SHA
    with the address of its run in RUN_URL, the comment goes to the pull request at that commit;
    otherwise it is printed. Ends with status 1 if the report is not one, or if gh is missing or
    fails.
    """
    # Slow to import, and of use to nobody else.
    from claimbook.review.comment.body import UNFIT, body
    from claimbook.review.comment.posting import PostingError, post, pull_requests

    if not commit:
        found = body(folder, _HERE)
        click.echo(found.text)
    else:
        if not re.fullmatch("[0-9a-f]{40}", commit):
            raise Refused(f"HEAD_SHA: expected the full id of a commit, found {commit!r}")
        if not run:
            raise Refused("RUN_URL: expected the address of the run, found none")
        found = body(folder, f"Of commit {commit[:12]}, from [this run]({run}).")
        try:
            numbers = pull_requests(commit)
            for number in numbers:
                post(number, found.text)
                click.echo(f"Pull request {number}: comment written.")
        except PostingError as error:
            raise Refused(str(error)) from error
        if not numbers:
            click.echo(f"No open pull request is at commit {commit}: nothing to comment.")
            return
    if found.fault:
        raise Refused(f"{UNFIT}: {found.fault}.")
