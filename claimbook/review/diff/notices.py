"""Changes that deserve a second look: evidence that got weaker, and cheap ways to a verdict.

None of them is forbidden, and most are honest. Each can turn a verdict without a better number, or
leaves a reader with less to check, so a reviewer should not have to find it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from claimbook.review.diff.changes import Change

Sort = Literal["flip", "weaker"]

_RANKS = ("primary", "secondary", "tertiary")


@dataclass(frozen=True)
class Notice:
    """A change with why it deserves a second look."""

    sort: Sort
    words: str
    change: Change


_OF_WITNESS = r"parts\[[^]]*\]\.witnesses\[[^]]*\]"
# Kind of the entry and pattern of the field, and what it is called, whatever it changed to.
_CHANGED: tuple[tuple[Sort, str, str, str], ...] = (
    ("flip", "claim", r"parts\[[^]]*\]\.stated", "the stated number"),
    ("flip", "claim", r"parts\[[^]]*\]\.comparator", "the comparator"),
    ("flip", "claim", r"parts\[[^]]*\]\.round_to(\..*)?", "what the stated number is rounded to"),
    ("flip", "claim", r"parts\[[^]]*\]\.quote_says", "a waiver of the check of the quote"),
    ("flip", "claim", r"parts\[[^]]*\]\.(kind|unit)", "the kind or unit of the statement"),
    ("flip", "claim", r"parts\[[^]]*\]", "a whole part"),
    ("flip", "claim", r"parts\[[^]]*\]\.reason", "why the statement is not checkable"),
    ("flip", "claim", rf"{_OF_WITNESS}", "a witness"),
    ("flip", "claim", rf"{_OF_WITNESS}\.says", "what a witness says"),
    ("flip", "claim", rf"{_OF_WITNESS}\.(depends_on|source)", "what a witness retells or is"),
    ("flip", "claim", rf"{_OF_WITNESS}\.sense(\..*)?", "the sense in which a witness speaks"),
    ("flip", "claim", rf"{_OF_WITNESS}\.known", "whether a witness was known then"),
    ("flip", "claim", rf"{_OF_WITNESS}\.only_context", "a waiver of the mutation gate"),
    ("flip", "claim", r"parts\[[^]]*\]\.unseen\[[^]]*\](\..*)?", "an unseen source"),
    ("weaker", "claim", rf"{_OF_WITNESS}\.quote", "the quote of a witness"),
    ("weaker", "claim", rf"{_OF_WITNESS}\.locator", "the place of a witness in its source"),
    ("weaker", "claim", rf"{_OF_WITNESS}\.date", "the date of a witness"),
    ("weaker", "claim", rf"{_OF_WITNESS}\.words(\..*)?", "our words for what a witness says"),
    ("flip", "claim", r"quote|english", "the words of the article"),
    ("flip", "input", r"precision", "the precision"),
    ("flip", "input", r"round_to(\..*)?", "what the number is rounded to"),
    ("flip", "input", r"low|high", "the range"),
    ("flip", "input", r"unit", "the unit"),
    ("flip", "input", r"known", "whether it was known then"),
    ("flip", "input", r"only_context(\W.*)?", "a waiver of the mutation gate"),
    ("flip", "table", r"precision", "the precision"),
    ("flip", "table", r"known", "whether it was known then"),
    ("flip", "table", r"only_context(\W.*)?", "a waiver of the mutation gate"),
    ("flip", "table", r"columns\[[^]]*\]\.(unit|type)", "the unit or type of a column"),
    ("weaker", "claim", r"flags\[[^]]*\]\.citations\[[^]]*\]\.(quote|locator)", "a citation"),
    ("weaker", "input", r"citations\[[^]]*\]\.quote", "the quote"),
    ("weaker", "input", r"citations\[[^]]*\]\.locator", "the place in the source"),
    ("weaker", "input", r"as_of", "the date it is of"),
    ("weaker", "source", r"interest", "the interest of the source"),
    ("weaker", "source", r"seen", "how the source was seen"),
)
# The same, but only if nothing stands there any more.
_REMOVED: tuple[tuple[Sort, str, str, str], ...] = (
    ("weaker", "claim", r"flags\[[^]]*\](\.citations\[[^]]*\])?", "a flag or its citation"),
    ("weaker", "input", r"conflicts", "other values in circulation"),
    ("weaker", "table", r"sources\[[^]]*\]", "a source of the table"),
    ("weaker", "source", r"url|archive", "the address of the source"),
    ("weaker", "source", r"", "a source"),
    ("weaker", "input", r"", "an input"),
)
_CITATION = re.compile(r"(flags\[[^]]*\]\.)?citations\[[^]]*\]")
_CITATION_KIND = re.compile(rf"((flags\[[^]]*\]\.)?citations\[[^]]*\]|{_OF_WITNESS})\.kind")
_ROW_FIELDS = {
    "role": "the role of a reading",
    "why": "the reason for a role",
    "primary": "the reason for the headline reading",
}


def notices(changes: Iterable[Change]) -> list[Notice]:
    """What deserves a second look among the changes of `data/`, each at most once."""
    return [found for change in changes for found in _notice(change)]


def role_notices(
    claim: str, file: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Notice]:
    """Readings, proxies and checks that came, went, or count otherwise than before.

    Args:
        claim: whose they are.
        file: its notebook.
        before: the claim as `claimbook.review.diff.snapshot` gives it.
        after: likewise.
    """
    old, new = _rows(before), _rows(after)
    found = []
    for row in dict.fromkeys([*new, *old]):
        was, now = old.get(row), new.get(row)
        for field, words in _ROW_FIELDS.items():
            sides = [side.get(field) for side in (was, now) if side]
            if len(sides) == 2 and None not in sides and sides[0] != sides[1]:
                change = Change("notebook", file, claim, f"{row}, {field}", *sides)
                found.append(Notice("flip", f"{words} changed", change))
        counted = {(side or {}).get("role") for side in (was, now)} - {None, "context"}
        if counted and not (was and now):
            one, other = (
                f"{side['role']}: {side['title']}" if side else None for side in (was, now)
            )
            verb = "removed" if was else "added"
            noun = "check" if "check" in counted else "reading"
            change = Change("notebook", file, claim, row, one, other)
            found.append(Notice("flip", f"a {noun} {verb}", change))
    return found


def check_notices(code: Iterable[Change], outcome: Mapping[str, Any]) -> list[Notice]:
    """Checks of which the code changed: one that is easier to pass moves nothing yet.

    Args:
        code: what differs in the notebook.
        outcome: a claim of it as `claimbook.review.diff.snapshot` gives it.
    """
    checks = {row for row, fields in _rows(outcome).items() if fields["role"] == "check"}
    return [
        Notice("flip", "the code of a check changed", change)
        for change in code
        if change.entry in checks and None not in (change.before, change.after)
    ]


def _rows(claim: Mapping[str, Any]) -> dict[str, dict[str, str | None]]:
    """What decides how readings and checks count, by their ids; None where results lack it."""
    rows: dict[str, dict[str, str | None]] = {}
    for part in claim["result"]["parts"]:
        for item in part["readings"]:
            rows[item["id"]] = {field: item.get(field) for field in ("title", *_ROW_FIELDS)}
        for item in part["checks"]:
            rows[item["id"]] = {"title": item["title"], "role": "check"}
    return rows


def _notice(change: Change) -> Iterator[Notice]:
    if _CITATION.fullmatch(change.field):
        if change.after is None:
            yield Notice("weaker", f"a {_kind_of(change.before)}citation removed", change)
        return
    if _CITATION_KIND.fullmatch(change.field):
        noun = "witness" if ".witnesses[" in change.field else "citation"
        if _rank(change.after) > _rank(change.before):
            yield Notice("weaker", f"a {noun} counts for less", change)
        else:
            yield Notice("flip", f"a {noun} counts for more", change)
        return
    if change.kind == "cells" and change.field.endswith("source"):
        yield Notice("weaker", "the source of a row changed", change)
        return
    for sort, kind, pattern, words in _CHANGED:
        if change.kind == kind and re.fullmatch(pattern, change.field):
            yield Notice(sort, f"{words} {_verb(change)}", change)
            return
    for sort, kind, pattern, words in _REMOVED:
        if change.after is None and change.kind == kind and re.fullmatch(pattern, change.field):
            yield Notice(sort, f"{words} removed", change)
            return


def _kind_of(citation: str | None) -> str:
    found = re.search(r"(?:^|; )kind: (\w+)", citation or "")
    return f"{found[1]} " if found and found[1] in _RANKS else ""


def _rank(kind: str | None) -> int:
    return _RANKS.index(kind) if kind in _RANKS else len(_RANKS)


def _verb(change: Change) -> str:
    if change.before is None:
        return "added"
    return "removed" if change.after is None else "changed"
