"""The text of the comment: marked as ours, and no longer than GitHub takes."""

MARKER = "<!-- claimbook-review -->"
MAX_CHARACTERS = 65_536
CUT = "This is only the beginning; the run has all of it."


def room(origin: str) -> int:
    """How many characters are left for a report.

    Args:
        origin: what the report is of, a sentence of ours.
    """
    return MAX_CHARACTERS - len(compose("", origin))


def compose(report: str, origin: str) -> str:
    """The comment with a report.

    Args:
        report: Markdown in which no text of a proposal can do anything but be read.
        origin: what the report is of, a sentence of ours.
    """
    return f"{MARKER}\n{origin}\n\n{report}"
