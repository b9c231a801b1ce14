"""A report as Markdown, in which no text of a proposal can do anything but be read."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from claimbook.review.moves import (
    BREAK_EVENS,
    FACT,
    MARGIN,
    OUTCOME,
    RECOMPUTED,
    VERDICT,
)
from claimbook.review.report import Changed, Claim, Look, Moved, Report, Side

MAX_ROWS = 60
_MAX_CODE = 160
# A word joiner, which is not seen, keeps a host from making links and mentions out of words.
_JOINER = "\u2060"
_ACTIVE = re.compile(r"([\\`*_\[\]<>|~&#@!$])")
_LINKED = re.compile(r"(?i)(?<=[@#])|(?<=:)(?=//)|(?<=www)(?=\.)")
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


def markdown(report: Report) -> str:
    """Write a report for a terminal, a job summary or a comment; it ends with a line break."""
    blocks = [
        f"# What changes from {_side(report.before)} to {_side(report.after)}",
        _lead(report),
        *_apart(report),
        *_failures(report.failures),
        *_verdicts(report),
        *_stale(report.stale),
        *_looks(report.looks),
    ]
    for claim in report.claims:
        blocks += _claim(claim)
    blocks += _others(report.others)
    blocks += _judging(report.judging)
    return "\n\n".join(blocks) + "\n"


def code(text: str) -> str:
    """A text as it is written, as code: nothing in it is a mark, a link or a mention."""
    line = _visible(text)
    if len(line) > _MAX_CODE:
        line = line[: _MAX_CODE - 1] + "…"
    if not line:
        return "(empty)"
    # The fence is longer than any run of backticks within, and a bar would end a cell of a table.
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    space = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{space}{line}{space}{fence}".replace("|", "\\|")


def plain(text: str) -> str:
    """A text as words: every mark of Markdown and HTML stands for itself."""
    return _ACTIVE.sub(r"\\\1", _LINKED.sub(_JOINER, _visible(text)))


def _visible(text: str) -> str:
    """One line without characters that hide, or that turn the direction of others."""
    spaced = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text
    )
    return " ".join(
        "".join(
            letter for letter in spaced if unicodedata.category(letter) not in ("Cf", "Cs", "Co")
        ).split(" ")
    ).strip()


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


def _apart(report: Report) -> list[str]:
    if not report.apart:
        return []
    return [
        f"{code(report.before.name)} has gone on since the two went apart: what changed there "
        "stands here the wrong way round. Without it: " + code(f"make review BASE={report.apart}")
    ]


def _failures(failures: Sequence[str]) -> list[str]:
    lines = "\n".join(f"- {code(line)}" for line in _first(failures))
    return ["## Cannot be recomputed", lines + _more(failures)] if failures else []


def _stale(stale: Sequence[str]) -> list[str]:
    if not stale:
        return []
    names = ", ".join(map(code, _first(stale)))
    return [f"The ledger does not say so yet, of {names}: `make accept` is due." + _more(stale)]


def _verdicts(report: Report) -> list[str]:
    if not report.verdicts:
        return []
    rows = [
        (code(claim) + (f", part {code(part)}" if part else ""), _bold(before), _bold(after))
        for claim, part, before, after in report.verdicts
    ]
    return ["## Verdicts", _table(("claim", "before", "after"), rows)]


def _bold(verdict: str | None) -> str:
    return _NOTHING if verdict is None else f"**{plain(verdict)}**"


def _looks(looks: Sequence[Look]) -> list[str]:
    blocks = []
    for kind, title in (
        ("flip", "Could turn a verdict without new evidence"),
        ("weaker", "Evidence that got weaker"),
    ):
        rows = [
            (
                plain(look.words),
                *_place(look.change),
                _value(look.change.before),
                _value(look.change.after),
            )
            for look in looks
            if look.kind == kind
        ]
        if rows:
            head = ("what", "file", "entry", "before", "after")
            blocks += [f"## Look twice: {title[0].lower()}{title[1:]}", _table(head, rows)]
    return blocks


def _claim(claim: Claim) -> list[str]:
    new = " (new)" if claim.before is None else " (gone)" if claim.after is None else ""
    blocks = [f"## {plain(claim.title)}{new}", code(claim.claim)]
    moves = [move for move in claim.moves if move.what != VERDICT]
    sides = set(BREAK_EVENS.values())
    numbers = [move for move in moves if move.what not in sides]
    further = [move for move in moves if move.what in sides]
    if numbers:
        blocks.append(_moves(numbers))
    if further:
        summary = "<details><summary>Break-evens</summary>"
        blocks.append(f"{summary}\n\n{_moves(further)}\n\n</details>")
    if claim.behind:
        blocks += ["Behind it:", _changes(claim.behind)]
    return blocks


def _moves(moves: Sequence[Moved]) -> str:
    rows = []
    for move in moves:
        place = " / ".join(code(name) for name in (move.part, move.row) if name)
        what = plain(move.what) + (f", {code(move.lever)}" if move.lever else "")
        because = ", ".join(map(code, move.because)) or _NOTHING
        rows.append((place, what, _value(move.before), _value(move.after), because))
    return _table(("part / reading", "what", "before", "after", "rests on, and changed"), rows)


def _others(others: Sequence[Changed]) -> list[str]:
    return ["## Changed as well, and moved nothing", _changes(others)] if others else []


def _judging(files: Sequence[str]) -> list[str]:
    if not files:
        return []
    listed = "\n".join(f"- {code(file)}" for file in _first(files))
    return [
        "## What judges has changed",
        "These files decide what is recomputed and tested: a green check is worth what they are.",
        listed + _more(files),
    ]


def _changes(changes: Sequence[Changed]) -> str:
    rows = [(*_place(change), _value(change.before), _value(change.after)) for change in changes]
    return _table(("file", "entry", "before", "after"), rows)


def _place(change: Changed) -> tuple[str, str]:
    parts = [code(part) for part in (change.entry, change.field) if part]
    return code(change.file), ", ".join(parts)


def _value(text: str | None) -> str:
    return _NOTHING if text is None else code(text)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *_first(rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + _more(rows)


def _first(items: Sequence[Item]) -> Sequence[Item]:
    return items[:MAX_ROWS]


def _more(items: Sequence[object]) -> str:
    rest = len(items) - MAX_ROWS
    return f"\n\nand {rest} more" if rest > 0 else ""


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
