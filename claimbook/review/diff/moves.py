"""What moved in the outcome of a claim: verdicts, outcomes, numbers, margins and break-evens."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from claimbook.base import formats

VERDICT, OUTCOME, RECOMPUTED, MARGIN = "verdict", "outcome", "recomputed", "margin"
ROLE, STATED, ACCEPTED = "role", "stated", "accepted"
PRIMARY, OFF_BY, DECIDES, LATER = "headline reading", "off by", "decided by", "later evidence"
FACT = "fact"
BREAK_EVENS = {"below": "break-even below", "above": "break-even above", "share": "share of range"}
_MARGIN_DIGITS = 3
# What is said of a reading that is new or gone; the rest follows from it.
_FIRST = (OUTCOME, RECOMPUTED, ROLE, FACT)


@dataclass(frozen=True)
class Key:
    """What a number or word of a result is about.

    Attributes:
        part: id of the part; empty for the claim as a whole.
        row: id of the reading, check or fact; empty for the part as a whole.
        what: which number or word of it.
        lever: the input or cell that a break-even is of.
    """

    part: str
    row: str
    what: str
    lever: str = ""


@dataclass(frozen=True)
class Value:
    """A number or word.

    Attributes:
        shown: as the book shows it.
        exact: with 12 digits, where the text has fewer.
        title: of the reading, check or lever.
    """

    shown: str
    exact: str
    title: str = ""


@dataclass(frozen=True)
class Move:
    """A number or word that differs; None on the side that does not have it."""

    key: Key
    title: str
    before: str | None
    after: str | None


def moves(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Move]:
    """What moved between two outcomes of one claim, verdicts first.

    Args:
        before: the claim as `claimbook.review.diff.probe` gives it; None if there was none.
        after: likewise.
    """
    old = dict(_values(before)) if before else {}
    new = dict(_values(after)) if after else {}
    rows = {(key.part, key.row) for key in old} & {(key.part, key.row) for key in new}
    found = []
    for key in dict.fromkeys([*new, *old]):
        was, now = old.get(key), new.get(key)
        if (was and was.exact) == (now and now.exact):
            continue
        if (key.part, key.row) not in rows and key.what not in _FIRST and key.row:
            continue
        found.append(Move(key, (now or was or Value("", "")).title, *_shown(was, now)))
    return sorted(found, key=lambda move: bool(move.key.row) or move.key.what != VERDICT)


def _shown(was: Value | None, now: Value | None) -> tuple[str | None, str | None]:
    """Both as the book shows them, or with all digits where that would look the same."""
    if was and now and _stripped(was.shown) == _stripped(now.shown):
        return was.exact, now.exact
    return was.shown if was else None, now.shown if now else None


def _stripped(text: str) -> str:
    """A text with no number in it that ends in zeros: 50 and 50.00 look the same."""
    return re.sub(r"\.(\d*?)0+(?!\d)", lambda found: f".{found[1]}" if found[1] else "", text)


def _values(claim: Mapping[str, Any]) -> Iterator[tuple[Key, Value]]:
    """Everything that a result says, in its order."""
    result = claim["result"]
    yield _word("", "", VERDICT, result["verdict"])
    for part in result["parts"]:
        name = part["id"]
        yield _word(name, "", VERDICT, part["verdict"])
        yield _word(name, "", STATED, part["stated_text"])
        yield _word(name, "", ACCEPTED, part["band_text"])
        yield _word(name, "", PRIMARY, part["primary"])
        for reading in part["readings"]:
            yield from _reading(name, reading)
        for check in part["checks"]:
            yield _word(name, check["id"], OUTCOME, check["outcome"], check["title"])
        payload = claim.get("sensitivity", {}).get(name, {})
        for table in payload.get("readings", ()):
            yield from _break_evens(name, table)
    for name, fact in result["facts"].items():
        yield Key("", name, FACT), Value(fact["text"], f"{fact['value']:.12g} {fact['unit']}", name)


def _reading(part: str, reading: Mapping[str, Any]) -> Iterator[tuple[Key, Value]]:
    row, title = reading["id"], reading["title"]
    yield _word(part, row, ROLE, reading["role"], title)
    if reading["outcome"]:
        yield _word(part, row, OUTCOME, reading["outcome"], title)
    ends = [end for end in (reading["low"], reading["high"]) if end is not None]
    exact = " to ".join(dict.fromkeys(f"{end:.12g}" for end in ends)) or reading["text"]
    unit = f" {reading['unit']}" if ends else ""
    yield Key(part, row, RECOMPUTED), Value(reading["text"], exact + unit, title)
    if reading["margin"] is not None:
        margin, own = reading["margin"], reading["unit"]
        shown = formats.with_unit(formats.significant(margin, _MARGIN_DIGITS), own)
        yield Key(part, row, MARGIN), Value(shown, f"{margin:.12g} {own}", title)
    yield _word(part, row, OFF_BY, reading["off_by_text"], title)
    yield _word(part, row, DECIDES, reading["decides"], title)
    yield _word(part, row, LATER, "yes" if reading["later"] else "no", title)


def _break_evens(part: str, table: Mapping[str, Any]) -> Iterator[tuple[Key, Value]]:
    for row in table["rows"]:
        for side, what in BREAK_EVENS.items():
            if row.get(side):
                key = Key(part, table["reading"], what, row["input"])
                yield key, Value(row[side], row[side], table["title"])


def _word(part: str, row: str, what: str, text: str, title: str = "") -> tuple[Key, Value]:
    return Key(part, row, what), Value(text, text, title)
