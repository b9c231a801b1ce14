"""Changes that deserve a second look: evidence that got weaker, and cheap ways to a verdict.

None of them is forbidden, and most are honest. Each can turn a verdict without a better number, or
leaves a reader with less to check, so a reviewer should not have to find it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from claimbook.review.diff.changes import Change

Kind = Literal["flip", "weaker"]

_TABLES, _SOURCES = "data/tables/datapackage.json", "data/sources.bib"
_CLAIMS, _INPUTS = "data/claims/", "data/inputs/"
_RANKS = ("primary", "secondary", "tertiary")
_TABLE_FILES = re.compile(r"data/tables/.*\.csv")


@dataclass(frozen=True)
class Notice:
    """A change with what makes it one to look at twice."""

    kind: Kind
    words: str
    change: Change


# Where: beginning of the file, pattern of the field. What it is called, whatever it changed to.
_CHANGED: tuple[tuple[Kind, str, str, str], ...] = (
    ("flip", _CLAIMS, r"parts\[[^]]*\]\.stated", "the stated number"),
    ("flip", _CLAIMS, r"parts\[[^]]*\]\.comparator", "the comparator"),
    ("flip", _CLAIMS, r"parts\[[^]]*\]\.round_to(\..*)?", "what the stated number is rounded to"),
    ("flip", _CLAIMS, r"parts\[[^]]*\]\.(kind|unit)", "the kind or unit of the statement"),
    ("flip", _CLAIMS, r"parts\[[^]]*\]", "a whole part"),
    ("flip", _CLAIMS, r"quote|english", "the words of the article"),
    ("flip", _INPUTS, r"precision", "the precision"),
    ("flip", _INPUTS, r"low|high", "the range"),
    ("flip", _INPUTS, r"unit", "the unit"),
    ("flip", _INPUTS, r"known", "whether it was known then"),
    ("flip", _INPUTS, r"only_context(\W.*)?", "a waiver of the mutation gate"),
    ("flip", _TABLES, r"precision", "the precision"),
    ("flip", _TABLES, r"known", "whether it was known then"),
    ("flip", _TABLES, r"only_context(\W.*)?", "a waiver of the mutation gate"),
    ("flip", _TABLES, r"schema\.fields\[[^]]*\]\.(unit|type)", "the unit or type of a column"),
    ("weaker", _CLAIMS, r"flags\[[^]]*\]\.citations\[[^]]*\]\.(quote|locator)", "a citation"),
    ("weaker", _INPUTS, r"citations\[[^]]*\]\.quote", "the quote"),
    ("weaker", _INPUTS, r"citations\[[^]]*\]\.locator", "the place in the source"),
    ("weaker", _INPUTS, r"as_of", "the date it is of"),
    ("weaker", _SOURCES, r"interest", "the interest of the source"),
    ("weaker", _SOURCES, r"seen", "how the source was seen"),
)
# The same, but only if nothing stands there any more.
_REMOVED: tuple[tuple[Kind, str, str, str], ...] = (
    ("weaker", _CLAIMS, r"flags\[[^]]*\](\.citations\[[^]]*\])?", "a flag or its citation"),
    ("weaker", _INPUTS, r"conflicts", "other values in circulation"),
    ("weaker", _TABLES, r"sources\[[^]]*\]", "a source of the table"),
    ("weaker", _SOURCES, r"url|archive", "the address of the source"),
    ("weaker", _SOURCES, r"", "a source"),
    ("weaker", _INPUTS, r"", "an input"),
)
_CITATION = re.compile(r"(flags\[[^]]*\]\.)?citations\[[^]]*\]")
_CITATION_KIND = re.compile(r"(flags\[[^]]*\]\.)?citations\[[^]]*\]\.kind")
_ROW_FIELDS = {
    "role": "the role of a reading",
    "why": "the reason for a role",
    "primary": "the reason for the headline reading",
}


def notices(changes: Iterable[Change]) -> list[Notice]:
    """What to look at twice among the changes of `data/`, each at most once."""
    return [found for change in changes for found in _notice(change)]


def role_notices(
    claim: str, file: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Notice]:
    """Readings, proxies and checks that came, went, or count otherwise than before.

    Args:
        claim: whose they are.
        file: its notebook.
        before: the claim as `claimbook.review.diff.probe` gives it.
        after: likewise.
    """
    old, new = _rows(before), _rows(after)
    found = []
    for row in dict.fromkeys([*new, *old]):
        was, now = old.get(row), new.get(row)
        for field, words in _ROW_FIELDS.items():
            if was and now and was.get(field) != now.get(field):
                change = Change(file, claim, f"{row}, {field}", was.get(field), now.get(field))
                found.append(Notice("flip", f"{words} changed", change))
        counted = {(side or {}).get("role") for side in (was, now)} - {None, "context"}
        if counted and not (was and now):
            one, other = (
                f"{side['role']}: {side['title']}" if side else None for side in (was, now)
            )
            verb = "removed" if was else "added"
            noun = "check" if "check" in counted else "reading"
            found.append(Notice("flip", f"a {noun} {verb}", Change(file, claim, row, one, other)))
    return found


def check_notices(code: Iterable[Change], outcome: Mapping[str, Any]) -> list[Notice]:
    """Checks of which the code changed: one that is easier to pass moves nothing yet.

    Args:
        code: what differs in the notebook.
        outcome: a claim of it as `claimbook.review.diff.probe` gives it.
    """
    checks = {row for row, fields in _rows(outcome).items() if fields["role"] == "check"}
    return [
        Notice("flip", "the code of a check changed", change)
        for change in code
        if change.entry in checks and None not in (change.before, change.after)
    ]


def _rows(claim: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What decides how readings and checks count, by their ids."""
    rows = {}
    for part in claim["result"]["parts"]:
        for item in part["readings"]:
            rows[item["id"]] = {field: item[field] for field in ("title", *_ROW_FIELDS)}
        for item in part["checks"]:
            rows[item["id"]] = {"title": item["title"], "role": "check"}
    return rows


def _notice(change: Change) -> Iterator[Notice]:
    if _CITATION.fullmatch(change.field):
        if change.after is None:
            yield Notice("weaker", f"a {_kind_of(change.before)}citation removed", change)
        return
    if _CITATION_KIND.fullmatch(change.field):
        if _rank(change.after) > _rank(change.before):
            yield Notice("weaker", "a citation counts for less", change)
        else:
            yield Notice("flip", "a citation counts for more", change)
        return
    if _TABLE_FILES.fullmatch(change.file) and change.field.endswith("source"):
        yield Notice("weaker", "the source of a row changed", change)
        return
    for kind, file, pattern, words in _CHANGED:
        if change.file.startswith(file) and re.fullmatch(pattern, change.field):
            yield Notice(kind, f"{words} {_verb(change)}", change)
            return
    for kind, file, pattern, words in _REMOVED:
        if (
            change.after is None
            and change.file.startswith(file)
            and re.fullmatch(pattern, change.field)
        ):
            yield Notice(kind, f"{words} removed", change)
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
