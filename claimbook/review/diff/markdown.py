"""A report as Markdown, in which no text of a proposal can do anything but be read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from claimbook.review.diff.inert import code, plain
from claimbook.review.diff.moves import (
    BREAK_EVENS,
    FACT,
    MARGIN,
    OUTCOME,
    RECOMPUTED,
    VERDICT,
)
from claimbook.review.diff.report import Changed, Claim, Moved, Report, SecondLook, Side

MAX_ROWS = 60
# What the first line counts, by what moved.
_NOUNS = {
    OUTCOME: ("outcome", "outcomes"),
    RECOMPUTED: ("recomputed value", "recomputed values"),
    FACT: ("number of the prose", "numbers of the prose"),
    MARGIN: ("margin", "margins"),
    **dict.fromkeys(BREAK_EVENS.values(), ("break-even", "break-evens")),
}
_NOTHING = "–"
Item = TypeVar("Item")


def markdown(report: Report, rows: int = MAX_ROWS) -> str:
    """Write a report for a terminal or a summary; it ends with a line break.

    Args:
        report: what to write.
        rows: how many of a table or list at most; how many more there are is said.
    """
    return _joined(_Writer(rows).blocks(report))


def fitting(report: Report, limit: int, ending: str) -> str:
    """Write a report in no more than so many characters, with shorter tables if need be.

    Args:
        report: what to write.
        limit: of characters.
        ending: what is said in place of that for which there is no room.
    """
    text = markdown(report)
    for rows in (MAX_ROWS // 3, MAX_ROWS // 10, MAX_ROWS // 20):
        if len(text) > limit:
            text = markdown(report, rows)
    if len(text) <= limit:
        return text
    kept = _Writer(MAX_ROWS // 20).blocks(report)
    while kept and len(_joined([*kept, ending])) > limit:
        kept.pop()
    return _joined([*kept, ending])


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(blocks) + "\n"


def _side(side: Side) -> str:
    return f"{code(side.name)} ({code(side.commit)})" if side.commit else plain(side.name)


def _lead(report: Report) -> str:
    """The whole report in one line."""
    claims = f"{report.compared} claim{'s' * (report.compared != 1)}"
    if not report.claims:
        unless = " of those that can be recomputed" if report.failures else ""
        return f"**Nothing moved:** no verdict, number, margin or break-even of {claims}{unless}."
    verdicts = len(report.verdicts)
    changed = (
        f"{verdicts} verdicts change" if verdicts > 1 else f"{verdicts or 'No'} verdict changes"
    )
    counts = Counter(
        _NOUNS[move.what] for claim in report.claims for move in claim.moves if move.what in _NOUNS
    )
    moved = [f"{number} {names[number != 1]}" for names, number in counts.items()]
    rest = f" {_listed(moved)} moved," if moved else ""
    return f"**{changed}.**{rest} in {len(report.claims)} of {claims}."


def _bold(verdict: str | None) -> str:
    return _NOTHING if verdict is None else f"**{plain(verdict)}**"


def _place(change: Changed) -> tuple[str, str]:
    parts = [code(part) for part in (change.entry, change.field) if part]
    return code(change.file), ", ".join(parts)


def _value(text: str | None) -> str:
    return _NOTHING if text is None else code(text)


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


class _Writer:
    """The parts of a report, with tables and lists of at most so many rows."""

    def __init__(self, rows: int) -> None:
        self._rows = rows

    def blocks(self, report: Report) -> list[str]:
        """Headings, paragraphs, tables and lists, in their order."""
        blocks = [
            f"# What changes from {_side(report.before)} to {_side(report.after)}",
            _lead(report),
            *self._fork_point(report),
            *self._lacking(report.lacking),
            *self._failures(report.failures),
            *self._verdicts(report),
            *self._stale(report.stale),
            *self._second_looks(report.second_looks),
        ]
        for claim in report.claims:
            blocks += self._claim(claim)
        blocks += self._others(report.others)
        blocks += self._deciding(report.deciding)
        blocks += self._not_compared(report.not_compared)
        return blocks

    def _fork_point(self, report: Report) -> list[str]:
        if not report.fork_point:
            return []
        return [
            f"{code(report.before.name)} has moved on since the branch began; its changes appear "
            f"reversed. Without them: {code(f'make review BASE={report.fork_point}')}"
        ]

    def _lacking(self, lacking: Sequence[str]) -> list[str]:
        if not lacking:
            return []
        listed = ", ".join(map(code, self._first(lacking)))
        return [
            f"Not compared, because the results of a revision do not have it: {listed}."
            + self._more(lacking)
        ]

    def _failures(self, failures: Sequence[str]) -> list[str]:
        return ["## Cannot be recomputed", self._list(failures)] if failures else []

    def _stale(self, stale: Sequence[str]) -> list[str]:
        if not stale:
            return []
        names = ", ".join(map(code, self._first(stale)))
        return [f"The ledger is out of date for {names}: run `make accept`." + self._more(stale)]

    def _verdicts(self, report: Report) -> list[str]:
        if not report.verdicts:
            return []
        rows = [
            (code(claim) + (f", part {code(part)}" if part else ""), _bold(before), _bold(after))
            for claim, part, before, after in report.verdicts
        ]
        return ["## Verdicts", self._table(("claim", "before", "after"), rows)]

    def _second_looks(self, looks: Sequence[SecondLook]) -> list[str]:
        blocks = []
        for sort, title in (
            ("flip", "could turn a verdict without new evidence"),
            ("weaker", "evidence that got weaker"),
        ):
            rows = [
                (
                    plain(look.words),
                    *_place(look.change),
                    _value(look.change.before),
                    _value(look.change.after),
                )
                for look in looks
                if look.sort == sort
            ]
            if rows:
                head = ("what", "file", "entry", "before", "after")
                blocks += [f"## Needs a second look: {title}", self._table(head, rows)]
        return blocks

    def _claim(self, claim: Claim) -> list[str]:
        new = " (new)" if claim.before is None else " (gone)" if claim.after is None else ""
        blocks = [f"## {plain(claim.title)}{new}", code(claim.claim)]
        moves = [move for move in claim.moves if move.what != VERDICT]
        sides = set(BREAK_EVENS.values())
        numbers = [move for move in moves if move.what not in sides]
        further = [move for move in moves if move.what in sides]
        if numbers:
            blocks.append(self._moves(numbers))
        if further:
            summary = "<details><summary>Break-evens</summary>"
            blocks.append(f"{summary}\n\n{self._moves(further)}\n\n</details>")
        if claim.behind:
            blocks += ["Changes behind these moves:", self._changes(claim.behind)]
        return blocks

    def _moves(self, moves: Sequence[Moved]) -> str:
        rows = []
        for move in moves:
            place = " / ".join(code(name) for name in (move.part, move.row) if name)
            what = plain(move.what) + (f", {code(move.lever)}" if move.lever else "")
            because = ", ".join(map(code, move.because)) or _NOTHING
            rows.append((place, what, _value(move.before), _value(move.after), because))
        return self._table(
            ("part / reading", "what", "before", "after", "changes it is based on"), rows
        )

    def _others(self, others: Sequence[Changed]) -> list[str]:
        return ["## Other changes, which move nothing", self._changes(others)] if others else []

    def _deciding(self, files: Sequence[str]) -> list[str]:
        if not files:
            return []
        return [
            "## Changed code that decides the checks",
            "These files decide what is recomputed and tested, "
            "so a green check is worth no more than they are.",
            self._list(files),
        ]

    def _not_compared(self, files: Sequence[str]) -> list[str]:
        return ["## Other changed files, not compared here", self._list(files)] if files else []

    def _changes(self, changes: Sequence[Changed]) -> str:
        rows = [
            (*_place(change), _value(change.before), _value(change.after)) for change in changes
        ]
        return self._table(("file", "entry", "before", "after"), rows)

    def _table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
        lines = [head, ["---"] * len(head), *self._first(rows)]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines) + self._more(rows)

    def _list(self, texts: Sequence[str]) -> str:
        return "\n".join(f"- {code(text)}" for text in self._first(texts)) + self._more(texts)

    def _first(self, items: Sequence[Item]) -> Sequence[Item]:
        return items[: self._rows]

    def _more(self, items: Sequence[object]) -> str:
        rest = len(items) - self._rows
        return f"\n\nand {rest} more" if rest > 0 else ""
