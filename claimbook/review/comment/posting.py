"""Leave one comment under a pull request, with `gh`, the command line of GitHub."""

import json
import subprocess

from claimbook.base.characters import visible

# The branch that pull-request.yml runs for: what another one would be compared with is not told.
BRANCH = "main"
_MANY = "1000"  # gh lists thirty unless told otherwise


class PostingError(Exception):
    """The command line is missing, or failed; the message says which call."""


def pull_requests(commit: str) -> list[int]:
    """Numbers of the open pull requests whose newest commit this is; none if it is outdated.

    GitHub is asked, since the report has no say in where it is shown. All are listed and compared,
    because a search by commit does not find those from forks.

    Args:
        commit: full id.

    Raises:
        PostingError: gh is missing, fails, or answers something else.
    """
    fields = "number,headRefOid"
    answer = _gh(
        "pr", "list", "--state", "open", "--base", BRANCH, "--limit", _MANY, "--json", fields
    )
    try:
        return [int(pull["number"]) for pull in json.loads(answer) if pull["headRefOid"] == commit]
    except (ValueError, LookupError, TypeError) as error:
        raise PostingError("gh pr list: expected pull requests, found another answer") from error


def post(number: int, text: str) -> None:
    """Write the comment, or write it anew: there is one under each pull request.

    What is edited is the last comment of whoever gh acts for. In a workflow that is
    `github-actions[bot]`, which writes nothing else here: no other workflow may comment.

    Raises:
        PostingError: gh is missing, or fails.
    """
    _gh(
        "pr", "comment", str(number), "--edit-last", "--create-if-none", "--body-file=-", stdin=text
    )


def _gh(*arguments: str, stdin: str = "") -> str:
    try:
        done = subprocess.run(
            ["gh", *arguments], input=stdin, capture_output=True, check=False, encoding="utf-8"
        )
    except OSError as error:
        message = "expected gh, the command line of GitHub, found none that can be started"
        raise PostingError(message) from error
    if done.returncode:
        call, reason = " ".join(["gh", *arguments[:2]]), visible(done.stderr.strip())
        raise PostingError(f"{call}: ended with status {done.returncode}: {reason or 'no reason'}")
    return done.stdout
