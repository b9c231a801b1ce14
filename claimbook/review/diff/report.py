"""The report of a comparison as data: plain texts of limited length, and nothing else.

It is written by the code of a proposal and read by code that does not trust it, so every field has
its type, its length and its number of entries, and unknown fields are refused.
"""

from collections.abc import Sequence
from itertools import takewhile
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_TEXT = 300
MAX_ITEMS = 2000
# Texts no longer than this are shown whole; of longer ones as much of what both begin with.
_SHOWN_WHOLE, _LEAD = 120, 30

Short = Annotated[str, Field(max_length=MAX_TEXT)]


class Strict(BaseModel):
    """Base of all parts of a report."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Side(Strict):
    """One of the two revisions.

    Attributes:
        name: as it was asked for.
        commit: its short id; empty for the working tree.
    """

    name: Short
    commit: Short


class Changed(Strict):
    """A field that differs; None on the side that does not have it."""

    file: Short
    entry: Short
    field: Short
    before: Short | None
    after: Short | None


class Moved(Strict):
    """A number or word of a result that differs.

    Attributes:
        part: id of the part; empty for the claim as a whole and for facts.
        row: id of the reading, check or fact; empty for the part as a whole.
        title: what the row is called on the page.
        what: which number or word.
        lever: the input or cell that a break-even is of.
        because: what changed of all that it is based on.
    """

    part: Short
    row: Short
    title: Short
    what: Short
    lever: Short
    before: Short | None
    after: Short | None
    because: Annotated[tuple[Short, ...], Field(max_length=MAX_ITEMS)]


class Claim(Strict):
    """A claim of which something moved.

    Attributes:
        before: verdict; None if the claim is new.
        after: verdict; None if the claim is gone.
        behind: the changes that its moves are based on.
    """

    claim: Short
    title: Short
    before: Short | None
    after: Short | None
    moves: Annotated[tuple[Moved, ...], Field(max_length=MAX_ITEMS)]
    behind: Annotated[tuple[Changed, ...], Field(max_length=MAX_ITEMS)]


class SecondLook(Strict):
    """A change that needs a second look.

    Attributes:
        sort: `flip` for a cheap way to another verdict, `weaker` for weaker evidence.
        words: why.
    """

    sort: Literal["flip", "weaker"]
    words: Short
    change: Changed


class Report(Strict):
    """Everything that a comparison found.

    Attributes:
        compared: number of claims in the later revision.
        claims: those of which something moved, those with another verdict first.
        second_looks: what needs a second look.
        others: changes that moved nothing.
        deciding: files beside data and notebooks that decide the checks.
        not_compared: other files that differ, of which nothing is compared.
        lacking: what the results of a revision do not have, so that it is not compared.
        failures: what cannot be recomputed, by revision and page.
        stale: claims of which the later ledger says something else.
        fork_point: last commit that both have, if the earlier one has moved on since.
    """

    version: Literal[2] = 2
    before: Side
    after: Side
    compared: Annotated[int, Field(ge=0, le=MAX_ITEMS)]
    claims: Annotated[tuple[Claim, ...], Field(max_length=MAX_ITEMS)]
    second_looks: Annotated[tuple[SecondLook, ...], Field(max_length=MAX_ITEMS)]
    others: Annotated[tuple[Changed, ...], Field(max_length=MAX_ITEMS)]
    deciding: Annotated[tuple[Short, ...], Field(max_length=MAX_ITEMS)]
    not_compared: Annotated[tuple[Short, ...], Field(max_length=MAX_ITEMS)]
    lacking: Annotated[tuple[Short, ...], Field(max_length=MAX_ITEMS)]
    failures: Annotated[tuple[Short, ...], Field(max_length=MAX_ITEMS)]
    stale: Annotated[tuple[Short, ...], Field(max_length=MAX_ITEMS)]
    fork_point: Short

    @property
    def verdicts(self) -> list[tuple[str, str, str | None, str | None]]:
        """Verdicts that differ: claim, part, before, after.

        The part is empty for the claim as a whole. A part that changes just as its claim does is
        not listed beside it.
        """
        found: list[tuple[str, str, str | None, str | None]] = []
        for claim in self.claims:
            whole = (claim.before, claim.after)
            if claim.before != claim.after:
                found.append((claim.claim, "", *whole))
            for move in claim.moves:
                sides = (move.before, move.after)
                if move.what == "verdict" and move.part and None not in whole and sides != whole:
                    found.append((claim.claim, move.part, *sides))
        return found


def from_json(text: str | bytes) -> Report:
    """Read a report that nobody vouches for.

    Raises:
        ValueError: it is not of this form.
    """
    return Report.model_validate_json(text)


def short(text: str) -> str:
    """A text on one line, cut where it is too long for a report."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_TEXT else line[: MAX_TEXT - 1] + "…"


def both_short(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """Two texts cut to a report's length, long ones from shortly before they differ."""
    if before is None or after is None:
        return before and short(before), after and short(after)
    was, now = (" ".join(text.split()) for text in (before, after))
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(was, now, strict=False))
    same = len(list(alike)) - _LEAD
    if same > 0 and max(len(was), len(now)) > _SHOWN_WHOLE:
        was, now = "…" + was[same:], "…" + now[same:]
    return short(was), short(now)


def shorts(texts: Sequence[str]) -> tuple[str, ...]:
    """Several of them, as many as a report takes."""
    return tuple(map(short, texts[:MAX_ITEMS]))
