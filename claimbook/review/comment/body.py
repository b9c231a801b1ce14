"""The text of a comment: the report in a folder, harmless and no longer than GitHub takes."""

from dataclasses import dataclass
from pathlib import Path

from claimbook.review.comment import artifact
from claimbook.review.diff.markdown import fitting
from claimbook.review.diff.report import from_json

MAX_CHARACTERS = 65_536
CUT = "This is only the beginning; the run has all of it."
NO_REPORT = "The run produced no report; see its log."
UNFIT = "The report of the run is not shown"
NOT_OUR_FORM = "expected a report as `claimbook diff` writes it, found something else"


@dataclass(frozen=True)
class Body:
    """What to write under a pull request.

    Attributes:
        text: Markdown in which no text of a proposal can do anything but be read.
        fault: why the report is not shown; empty if it is, or if there is none.
    """

    text: str
    fault: str = ""


def body(folder: Path, origin: str) -> Body:
    """The comment on what lies in a folder that somebody else has filled.

    Without a report there is a comment too: an older one must not look like the present one.

    Args:
        folder: where the download was put.
        origin: what the report is of, a sentence of ours.
    """
    lead = f"{origin}\n\n"
    try:
        content = artifact.content(folder)
        try:
            report = from_json(content)
        except (ValueError, RecursionError) as error:  # the latter if it is nested too deeply
            raise artifact.UnfitError(NOT_OUR_FORM) from error
    except artifact.NoReportError:
        return Body(lead + NO_REPORT)
    except artifact.UnfitError as fault:
        return Body(f"{lead}{UNFIT}: {fault}.", str(fault))
    return Body(lead + fitting(report, MAX_CHARACTERS - len(lead), CUT))
