"""Find the pull request that a run was for, and leave one comment there."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from claimbook.review.comment import artifact, body
from claimbook.review.comment.event import Event
from claimbook.review.comment.github import GitHub

# Makes Markdown of a report, in which its texts can do nothing but be read, in no more than so many
# characters. What is not a report raises ValueError, or RecursionError if it is nested too deeply.
Render = Callable[[bytes, int], str]

BOT = "github-actions[bot]"
NO_REPORT = "The run left no report; its log says why."
UNFIT = "The report of the run is not shown"
NOT_OUR_FORM = "expected a report as `claimbook diff` writes it, found something else"


@dataclass(frozen=True)
class Outcome:
    """What became of the comment.

    Attributes:
        message: for the log.
        in_order: whether the report was one, or there was nothing to do.
    """

    message: str
    in_order: bool = True


def text(folder: Path, render: Render, origin: str) -> tuple[str, str | None]:
    """The comment for what lies in a folder, and why its report is not shown, if it is not.

    Without a report there is a comment too: an older one must not look like the present one.

    Args:
        folder: where the download was put.
        render: makes Markdown of a report.
        origin: what the report is of, a sentence of ours.
    """
    try:
        content = artifact.content(folder)
        try:
            report = render(content, body.room(origin))
        except (ValueError, RecursionError) as error:
            raise artifact.UnfitError(NOT_OUR_FORM) from error
        return body.compose(report, origin), None
    except artifact.NoReportError:
        return body.compose(NO_REPORT, origin), None
    except artifact.UnfitError as fault:
        return body.compose(f"{UNFIT}: {fault}.", origin), str(fault)


def post(event: Event, folder: Path, render: Render, github: GitHub, server: str) -> Outcome:
    """Write the comment of a run, or write it anew if there is one.

    Which pull request it belongs to is asked of GitHub. The report has no say in it.

    Args:
        event: which run, in which repository.
        folder: where the download was put.
        render: makes Markdown of a report.
        github: the repository.
        server: address of the site, for a link to the run.

    Raises:
        ApiError: GitHub did not answer as expected.
    """
    number = pull_number(event, github)
    if number is None:
        return Outcome("No open pull request is at the commit of this run: nothing to comment.")
    run = event.workflow_run
    address = f"{server}/{event.repository.full_name}/actions/runs/{run.id}"
    origin = f"Of commit {run.head_sha[:12]}, from [this run]({address})."
    comment, fault = text(folder, render, origin)
    mine = own_comment(number, github)
    if mine is None:
        github.create(number, comment)
    else:
        github.update(mine, comment)
    done = f"Pull request {number}: comment {'written' if mine is None else 'updated'}."
    return Outcome(f"{done} {UNFIT}: {fault}." if fault else done, in_order=fault is None)


def pull_number(event: Event, github: GitHub) -> int | None:
    """The open pull request whose newest commit the run tested.

    None if there is none: closed meanwhile, or there are newer commits, or the run was not for a
    pull request.

    Raises:
        ApiError: GitHub did not answer as expected.
    """
    run = event.workflow_run
    if run.event != "pull_request" or run.head_branch is None or run.head_repository is None:
        return None
    owner, base = run.head_repository.owner.login, event.repository.default_branch
    for pull in github.pulls(owner, run.head_branch, base):
        head = pull.head
        # What was asked for is checked again: GitHub leaves out a filter that it cannot read.
        if (
            (pull.state, pull.base.ref) == ("open", base)
            and head.repo is not None
            and head.repo.full_name == run.head_repository.full_name
            and (head.ref, head.sha) == (run.head_branch, run.head_sha)
        ):
            return pull.number
    return None


def own_comment(number: int, github: GitHub) -> int | None:
    """The comment that an earlier run has left, None if there is none.

    Anybody can write our marker, so only what the bot has written counts.

    Raises:
        ApiError: GitHub did not answer as expected.
    """
    for comment in github.comments(number):
        written_by_bot = comment.user is not None and comment.user.login == BOT
        if written_by_bot and (comment.body or "").startswith(body.MARKER):
            return comment.id
    return None
