"""What changed of all that a move is based on: inputs, tables, the statement itself, code."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from claimbook.review.diff.changes import OTHER_CODE, Change
from claimbook.review.diff.content import Content, Key
from claimbook.review.diff.moves import ACCEPTED, FACT, QUOTE_SAYS, STATED, Move
from claimbook.review.diff.notebook import Notebook

STATEMENT = "the statement"
WITNESSES = "the witnesses"
# Fields that a reading or the rule looks at, by kind of entry; the others are for people.
_COMPUTING = {
    "input": {"value", "low", "high", "precision", "round_to", "unit", "known"},
    "table": {"precision", "known", "columns"},
}
_PART_FIELDS = {"stated", "comparator", "round_to", "unit", "kind", "reason"}
_WITNESS_FIELDS = {"witnesses", "unseen"}
_PART = re.compile(r"parts\[(?P<part>[^]]*)\](\.(?P<field>\w+).*)?", re.DOTALL)


class Causes:
    """The changes behind the moves of one claim.

    Args:
        claim: its id.
        outcomes: the claim in both revisions, as `claimbook.review.diff.snapshot` gives it;
            those there are.
        contents: what is written in both revisions.
        written: what differs in `data/`.
        code: what differs in its notebook.
        deciding: what else decides outcomes and differs, such as the package.
    """

    def __init__(
        self,
        claim: str,
        outcomes: Sequence[Mapping[str, Any]],
        contents: Sequence[Content],
        written: Sequence[Change],
        code: Sequence[Change],
        deciding: Sequence[str],
    ) -> None:
        self._claim, self._contents = claim, contents
        self._written, self._code, self._deciding = written, code, deciding
        self._page: str = outcomes[0]["page"]
        self._evidence: dict[str, set[str]] = {}
        self._rows: dict[str, set[str]] = {}
        for outcome in outcomes:
            for part in outcome["result"]["parts"]:
                for row in (*part["readings"], *part["checks"], *part.get("witnesses", ())):
                    names = {*row.get("inputs", ()), *row.get("tables", ())}
                    self._evidence.setdefault(row["id"], set()).update(names)
                    self._rows.setdefault(part["id"], set()).add(row["id"])

    def of(self, move: Move) -> tuple[str, ...]:
        """Names of what changed of all that a move is based on, evidence first."""
        if move.key.what in (STATED, ACCEPTED, QUOTE_SAYS):
            return (STATEMENT, *self._deciding)
        rows = [move.key.row] if move.key.row else sorted(self._of_part(move.key.part))
        if move.key.what == FACT:
            evidence = {
                name for notebook in self._notebooks() for name in notebook.mentioned(*rows)
            }
            names = self._moved_evidence(evidence)
        else:
            names = self._moved_evidence(name for row in rows for name in self._evidence[row])
            for fields, words in ((_PART_FIELDS, STATEMENT), (_WITNESS_FIELDS, WITNESSES)):
                if any(self._judges(change, move.key.part, fields) for change in self._written):
                    names.append(words)
        asked = {
            name for notebook in self._notebooks() for row in rows for name in notebook.asked(row)
        }
        names += [f"code of {change.entry}" for change in self._code if change.entry in asked]
        if any(change.field == OTHER_CODE for change in self._code):
            names.append(OTHER_CODE)
        return (*names, *self._deciding)

    def behind(self, moves: Iterable[Move]) -> list[Change]:
        """Everything that changed of what the moves are based on, in the order of the files."""
        names = {name for move in moves for name in self.of(move)}
        cited = {key for name in names for key in self._cited(name)}
        found = [
            change
            for change in self._written
            if (change.kind in ("input", "table", "cells") and change.entry in names)
            or (change.kind == "source" and change.entry in cited)
            or (change.kind == "claim" and change.entry == self._claim)
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

    def _notebooks(self) -> Iterator[Notebook]:
        for content in self._contents:
            if self._page in content.notebooks:
                yield content.notebooks[self._page]

    def _moved_evidence(self, names: Iterable[str]) -> list[str]:
        """Those inputs and tables of which a number changed, or how far it can be trusted."""
        moved = dict.fromkeys(change.entry for change in self._written if _computes(change))
        wanted = set(names)
        return [name for name in moved if name in wanted]

    def _judges(self, change: Change, part: str, fields: Collection[str]) -> bool:
        """Whether a change is one of what a part says, or of what is said of it."""
        match = _PART.fullmatch(change.field)
        if change.kind != "claim" or change.entry != self._claim or match is None:
            return False
        return part in ("", match["part"]) and (
            match["field"] in fields or (match["field"] is None and fields is _PART_FIELDS)
        )

    def _cited(self, name: str) -> Iterator[str]:
        """Keys of the sources that an input or table cites."""
        for content in self._contents:
            if Key("input", name) in content.entries:
                fields = content.entries[Key("input", name)].fields
                yield from (citation["source"] for citation in fields["citations"])
            if Key("table", name) in content.entries:
                yield from content.entries[Key("table", name)].fields["sources"]


def _computes(change: Change) -> bool:
    """Whether a change is one that a reading or the rule can see."""
    first = re.split(r"[.\[]", change.field)[0]
    return change.kind == "cells" or (
        change.kind in _COMPUTING and (not first or first in _COMPUTING[change.kind])
    )
