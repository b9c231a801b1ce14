"""The text of the comment: marked as ours, tamed, and no longer than GitHub takes."""

import re

MARKER = "<!-- claimbook-review -->"
MAX_CHARACTERS = 65_536
CUT = "This is only the beginning; the run has all of it."

# Not to be seen, or turning the direction of what follows: a reader would be misled.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# Each would notify somebody, or leave a trace in another thread. Signs may be written as entities.
_CALLS = re.compile(
    r"""
      (?: @ | &commat; | &\#0*64; | &\#x0*40; ) (?=\S)
    | (?: (?<!&)\# | &num; | &\#0*35; | &\#x0*23; ) (?=[\d&])
    | \b GH- (?=[\d&])
    | github\.com / [\w.-]{1,99} / [\w.-]{1,99} /(?:issues|pull|discussions)/ (?=\d)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NOTHING = "\u200b"  # a space without width


def tame(text: str) -> str:
    """A text that calls nobody: no mentions, no references to threads, nothing hidden."""
    return _CALLS.sub(lambda call: call[0] + _NOTHING, _HIDDEN.sub("", text))


def compose(report: str, origin: str) -> str:
    """The comment with a report.

    Args:
        report: Markdown, its texts escaped already.
        origin: what the report is of, a sentence of ours.

    Returns:
        At most `MAX_CHARACTERS` characters, beginning with `MARKER`.
    """
    whole = f"{MARKER}\n{origin}\n\n{tame(report)}"
    if len(whole) <= MAX_CHARACTERS:
        return whole
    # Said before the report: after it, the sentence could end up inside an open block.
    start = f"{MARKER}\n{origin} **{CUT}**\n\n"
    kept = tame(report)[: MAX_CHARACTERS - len(start)]
    return start + kept[: kept.rfind("\n") + 1 or None]
