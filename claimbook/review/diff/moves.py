"""What moved in the outcome of a claim: verdicts, outcomes, numbers, margins and break-evens."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from claimbook.base import formats

VERDICT, OUTCOME, RECOMPUTED, MARGIN = "verdict", "outcome", "recomputed", "margin"
ROLE, STATED, ACCEPTED = "role", "stated", "accepted"
PRIMARY, OFF_BY, DECIDES, LATER = "headline reading", "off by", "decided by", "later evidence"
BY_PART, REMARK, QUOTE_SAYS = "parts", "far exceeded", "check of the quote waived"
FACT = "fact"
SAYS, WEIGHT, WITHOUT = "what it says", "rank and weight", "verdict without it"
BREAK_EVENS = {"below": "break-even below", "above": "break-even above", "share": "share of range"}
_MARGIN_DIGITS = 3
# Words of a result, with the field that has them; results of an older revision may lack one.
_OF_CLAIM = {VERDICT: "verdict", BY_PART: "by_part"}
_OF_PART = {
    VERDICT: "verdict",
    REMARK: "remark",
    STATED: "stated_text",
    QUOTE_SAYS: "quote_says",
    ACCEPTED: "band_text",
    PRIMARY: "primary",
}
# Most parts and claims have none of these, which is not worth a word.
_RARE = (BY_PART, REMARK, QUOTE_SAYS)
_OF_READING = {ROLE: "role", OUTCOME: "outcome"}
_MORE_OF_READING = {OFF_BY: "off_by_text", DECIDES: "decides", LATER: "later"}
_OF_CHECK = {OUTCOME: "outcome"}
# What is said of a reading that is new or gone; the rest follows from it.
_FIRST = (OUTCOME, RECOMPUTED, ROLE, FACT, SAYS, WEIGHT)


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


# Stands for what the results of a revision do not have.
_LACKING = Value("", "")


@dataclass(frozen=True)
class Move:
    """A number or word that differs; None on the side that does not have it."""

    key: Key
    title: str
    before: str | None
    after: str | None


def moves(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Move]:
    """What moved between two outcomes of one claim, verdicts first.

    What the results of one revision lack is left out; `lacking` says what that is.

    Args:
        before: the claim as `claimbook.review.diff.snapshot` gives it; None if there was none.
        after: likewise.
    """
    old = dict(_values(before)) if before else {}
    new = dict(_values(after)) if after else {}
    rows = {(key.part, key.row) for key in old} & {(key.part, key.row) for key in new}
    found = []
    for key in dict.fromkeys([*new, *old]):
        was, now = old.get(key), new.get(key)
        if was is _LACKING or now is _LACKING or (was and was.exact) == (now and now.exact):
            continue
        if (key.part, key.row) not in rows and key.what not in _FIRST and key.row:
            continue
        found.append(Move(key, (now or was or _LACKING).title, *_shown(was, now)))
    return sorted(found, key=lambda move: bool(move.key.row) or move.key.what != VERDICT)


def lacking(claims: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the results of a revision do not have, as they are older or newer.

    Args:
        claims: of one revision, as `claimbook.review.diff.snapshot` gives them.
    """
    found: dict[str, None] = {}
    for claim in claims:
        found |= {f"{what} of claims": None for what in _lacking(claim["result"], _OF_CLAIM)}
        for part in claim["result"]["parts"]:
            found |= {f"{what} of parts": None for what in _lacking(part, _OF_PART)}
            for reading in part["readings"]:
                missing = _lacking(reading, _OF_READING | _MORE_OF_READING)
                found |= {f"{what} of readings": None for what in missing}
            for check in part["checks"]:
                found |= {f"{what} of checks": None for what in _lacking(check, _OF_CHECK)}
    return list(found)


def _lacking(item: Mapping[str, Any], fields: Mapping[str, str]) -> list[str]:
    return [what for what, field in fields.items() if field not in item]


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
    yield from _words("", "", result, _OF_CLAIM)
    for part in result["parts"]:
        name = part["id"]
        yield from _words(name, "", part, _OF_PART)
        for reading in part["readings"]:
            yield from _reading(name, reading)
        for check in part["checks"]:
            yield from _words(name, check["id"], check, _OF_CHECK)
        for witness in part.get("witnesses", ()):  # which older revisions do not have
            yield from _witness(name, witness)
        payload = claim.get("sensitivity", {}).get(name, {})
        for left in payload.get("witnesses", ()):
            for row in left["witnesses"]:
                key = Key(name, row, WITHOUT)
                yield key, Value(left["without"], left["without"], left["who"])
        for table in payload.get("readings", ()):
            yield from _break_evens(name, table)
    for name, fact in result["facts"].items():
        yield Key("", name, FACT), Value(fact["text"], f"{fact['value']:.12g} {fact['unit']}", name)


def _reading(part: str, reading: Mapping[str, Any]) -> Iterator[tuple[Key, Value]]:
    row, title = reading["id"], reading["title"]
    yield from _words(part, row, reading, _OF_READING)
    ends = [end for end in (reading["low"], reading["high"]) if end is not None]
    exact = " to ".join(dict.fromkeys(f"{end:.12g}" for end in ends)) or reading["text"]
    unit = f" {reading['unit']}" if ends else ""
    yield Key(part, row, RECOMPUTED), Value(reading["text"], exact + unit, title)
    if reading["margin"] is not None:
        margin, own = reading["margin"], reading["unit"]
        shown = formats.with_unit(formats.significant(margin, _MARGIN_DIGITS), own)
        yield Key(part, row, MARGIN), Value(shown, f"{margin:.12g} {own}", title)
    yield from _words(part, row, reading, _MORE_OF_READING)


def _witness(part: str, witness: Mapping[str, Any]) -> Iterator[tuple[Key, Value]]:
    row, title = witness["id"], witness["who"]
    yield Key(part, row, SAYS), Value(witness["says"], witness["says"], title)
    why_not = witness["why_not"]
    weight = f"{witness['rank']}, {f'not counted: {why_not}' if why_not else 'counted'}"
    yield Key(part, row, WEIGHT), Value(weight, weight, title)


def _break_evens(part: str, table: Mapping[str, Any]) -> Iterator[tuple[Key, Value]]:
    for row in table["rows"]:
        for side, what in BREAK_EVENS.items():
            if row.get(side):
                key = Key(part, table["reading"], what, row["input"])
                yield key, Value(row[side], row[side], table["title"])


def _words(
    part: str, row: str, item: Mapping[str, Any], fields: Mapping[str, str]
) -> Iterator[tuple[Key, Value]]:
    for what, field in fields.items():
        if field not in item:
            yield Key(part, row, what), _LACKING
        elif item[field] is not None and (
            item[field] or what not in _RARE
        ):  # as the outcome of what does not count
            text = {True: "yes", False: "no"}.get(item[field], item[field])
            yield Key(part, row, what), Value(text, text, item.get("title", ""))
