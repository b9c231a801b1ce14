"""What a move rests on that changed: inputs, tables, the statement itself, code."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from claimbook.review.diff.changes import Change
from claimbook.review.diff.content import Content, Notebook
from claimbook.review.diff.moves import ACCEPTED, FACT, STATED, Move

CLAIMS, SOURCES, TABLES = "data/claims/", "data/sources.bib", "data/tables/"
INPUTS = "data/inputs/"
STATEMENT, OTHER_CODE = "the statement", "other code"
# Fields that a reading or the rule looks at; the others are for people.
_INPUT_FIELDS = {"value", "low", "high", "precision", "unit", "known"}
_TABLE_FIELDS = {"precision", "known", "schema"}
_PART_FIELDS = {"stated", "comparator", "round_to", "unit", "kind"}
_PART = re.compile(r"parts\[(?P<part>[^]]*)\](\.(?P<field>\w+).*)?")


class Causes:
    """The changes behind the moves of one claim.

    Args:
        claim: its id.
        outcomes: the claim in both revisions, as the probe gives it; those there are.
        contents: what is written in both revisions.
        written: what differs in `data/`.
        code: what differs in its notebook.
        judging: what else decides outcomes and differs, such as the package.
    """

    def __init__(
        self,
        claim: str,
        outcomes: Sequence[Mapping[str, Any]],
        contents: Sequence[Content],
        written: Sequence[Change],
        code: Sequence[Change],
        judging: Sequence[str],
    ) -> None:
        self._claim, self._contents = claim, contents
        self._written, self._code, self._judging = written, code, judging
        self._page: str = outcomes[0]["page"]
        self._evidence: dict[str, set[str]] = {}
        self._rows: dict[str, set[str]] = {}
        for outcome in outcomes:
            for part in outcome["result"]["parts"]:
                for row in (*part["readings"], *part["checks"]):
                    names = {*row["inputs"], *row["tables"]}
                    self._evidence.setdefault(row["id"], set()).update(names)
                    self._rows.setdefault(part["id"], set()).add(row["id"])

    def of(self, move: Move) -> tuple[str, ...]:
        """Names of what changed of all that a move rests on, evidence first."""
        if move.key.what in (STATED, ACCEPTED):
            return (STATEMENT, *self._judging)
        names: list[str] = []
        if move.key.what == FACT:
            names += self._moved_evidence(self._named())
        else:
            rows = [move.key.row] if move.key.row else sorted(self._of_part(move.key.part))
            evidence = {name for row in rows for name in self._evidence.get(row, ())}
            names += self._moved_evidence(evidence)
            if any(self._judges(change, move.key.part) for change in self._written):
                names.append(STATEMENT)
            functions = {name for row in rows for name in self._asked_by(row)}
            names += [
                f"code of {change.entry}" for change in self._code if change.entry in functions
            ]
        if any(change.field == OTHER_CODE for change in self._code):
            names.append(OTHER_CODE)
        return (*names, *self._judging)

    def behind(self, moves: Iterable[Move]) -> list[Change]:
        """Everything that changed of what the moves rest on, in the order of the files."""
        names = {name for move in moves for name in self.of(move)}
        cited = {key for name in names for key in self._cited(name)}
        found = [
            change
            for change in self._written
            if (change.entry in names and change.file.startswith((INPUTS, TABLES)))
            or (change.file == SOURCES and change.entry in cited)
            or (change.file.startswith(CLAIMS) and change.entry == self._claim)
        ]
        found += [
            change
            for change in self._code
            if f"code of {change.entry}" in names or change.field in names
        ]
        return found

    def _of_part(self, part: str) -> set[str]:
        """Rows of a part, or of the whole claim."""
        return self._rows.get(part, set()) if part else set().union(*self._rows.values())

    def _named(self) -> set[str]:
        return {name for notebook in self._notebooks() for name in notebook.named}

    def _notebooks(self) -> Iterator[Notebook]:
        for content in self._contents:
            if self._page in content.notebooks:
                yield content.notebooks[self._page]

    def _moved_evidence(self, names: Iterable[str]) -> list[str]:
        """Those inputs and tables of which a number changed, or how far it can be trusted."""
        moved = dict.fromkeys(change.entry for change in self._written if _computes(change))
        wanted = set(names)
        return [name for name in moved if name in wanted]

    def _judges(self, change: Change, part: str) -> bool:
        """Whether a change is one of what a part says."""
        match = _PART.fullmatch(change.field)
        if not change.file.startswith(CLAIMS) or change.entry != self._claim or match is None:
            return False
        return part in ("", match["part"]) and (
            match["field"] is None or match["field"] in _PART_FIELDS
        )

    def _asked_by(self, row: str) -> set[str]:
        """A reading with all readings that it asks for, directly or not."""
        found: set[str] = set()
        open_ = [row]
        while open_:
            name = open_.pop()
            if name not in found:
                found.add(name)
                for notebook in self._notebooks():
                    open_ += notebook.parameters.get(name, ())
        return found

    def _cited(self, name: str) -> Iterator[str]:
        """Keys of the sources that an input or table cites."""
        for content in self._contents:
            for place, raw in content.of(name):
                if place.file.startswith(INPUTS):
                    for item in raw.get("citations") or ():
                        yield str(item.get("source", "")) if isinstance(item, Mapping) else ""
                elif place.file.startswith(TABLES):
                    for item in raw.get("sources") or ():
                        yield str(item.get("title", "")) if isinstance(item, Mapping) else ""


def _computes(change: Change) -> bool:
    """Whether a change is one that a reading or the rule can see."""
    first = re.split(r"[.\[]", change.field)[0]
    if change.file.startswith(INPUTS):
        return not first or first in _INPUT_FIELDS
    if change.file.endswith(".csv"):
        return True
    return change.file.startswith(TABLES) and (not first or first in _TABLE_FIELDS)
