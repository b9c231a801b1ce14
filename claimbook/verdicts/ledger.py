"""The ledger `data/verdicts.csv`: all that is computed, with its outcome, to be compared."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from claimbook.verdicts.result import (
    CheckResult,
    Fact,
    PartResult,
    ReadingResult,
    Result,
    WitnessResult,
)

COLUMNS = (
    "claim",
    "claim_verdict",
    "part",
    "verdict",
    "comparator",
    "stated",
    "unit",
    "reading",
    "role",
    "recomputed_low",
    "recomputed_high",
    "recomputed_unit",
    "outcome",
    "off_by",
    "margin",
)
# Stands in every row of a claim, or of a part, and is one difference if it moves.
_OF_CLAIM = ("claim_verdict",)
_OF_PART = ("verdict", "comparator", "stated", "unit")


class LedgerError(ValueError):
    """A text is no ledger of the present form; the message names the line."""


class Key(NamedTuple):
    """What a row of the ledger is about: a reading, check or witness, or without a part a fact."""

    claim: str
    part: str
    reading: str


@dataclass(frozen=True)
class Difference:
    """Something that two ledgers say otherwise.

    Attributes:
        part: empty if it is about the whole claim, or about a fact.
        reading: id of the reading, check or fact; empty if it is about the whole claim or part.
        column: name of the column; empty if the row as a whole is in one ledger alone.
        before: what the first ledger has there; None if it has no such row.
        after: likewise, of the second.
    """

    claim: str
    part: str
    reading: str
    column: str
    before: str | None
    after: str | None


def text(results: Iterable[Result]) -> str:
    """The ledger as CSV, in the order of the results.

    One line per reading, check and witness of each part, or one for a part without any; then one
    per fact of the claim, by name.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for result in results:
        for part in result.parts:
            rows = [_reading(reading) for reading in part.readings]
            rows += [_check(check) for check in part.checks]
            rows += [_witness(witness) for witness in part.witnesses]
            if not rows:
                rows.append([*("" for _ in COLUMNS[7:])])
            for row in rows:
                writer.writerow(_part(result, part) + row)
        for name, fact in sorted(result.facts.items()):  # notebooks keep no order of them
            writer.writerow(_fact(result, name, fact))
    return buffer.getvalue()


def rows(text: str) -> dict[Key, Mapping[str, str]]:
    """The rows of a ledger by what they are about, in their order.

    Raises:
        LedgerError: other columns, a row of another length, or two rows on the same thing.
    """
    reader = csv.reader(io.StringIO(text), strict=True)
    found: dict[Key, Mapping[str, str]] = {}
    try:
        if tuple(next(reader, ())) != COLUMNS:
            raise LedgerError("expected the present columns, found others")
        for cells in reader:
            line = f"line {reader.line_num}"
            if len(cells) != len(COLUMNS):
                raise LedgerError(f"{line}: expected {len(COLUMNS)} columns, found {len(cells)}")
            row = dict(zip(COLUMNS, cells, strict=True))
            key = Key(row["claim"], row["part"], row["reading"])
            if key in found:
                name = ", ".join(filter(None, key))
                raise LedgerError(f"{line}: expected one row for {name}, found another")
            found[key] = row
    except csv.Error as error:
        raise LedgerError(f"line {reader.line_num}: expected CSV, found: {error}") from error
    return found


def differences(
    before: Mapping[Key, Mapping[str, str]], after: Mapping[Key, Mapping[str, str]]
) -> list[Difference]:
    """What two ledgers say otherwise, in the order of the second; rows gone come last.

    The order of rows is no difference. What belongs to a claim or part as a whole is named once.
    """
    found: dict[Difference, None] = {}
    for key, row in after.items():
        if key in before:
            found |= dict.fromkeys(_moved(key, before[key], row))
        else:
            found[Difference(*key, "", None, "")] = None
    for key in before:
        if key not in after:
            found[Difference(*key, "", "", None)] = None
    return list(found)


def rows_of(
    rows: Mapping[Key, Mapping[str, str]], claims: Collection[str]
) -> dict[Key, Mapping[str, str]]:
    """The rows on these claims."""
    return {key: row for key, row in rows.items() if key.claim in claims}


def _moved(key: Key, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for column in COLUMNS:
        if before[column] == after[column]:
            continue
        whole = column in _OF_CLAIM
        yield Difference(
            key.claim,
            "" if whole else key.part,
            "" if whole or column in _OF_PART else key.reading,
            column,
            before[column],
            after[column],
        )


def _part(result: Result, part: PartResult) -> list[str]:
    return [
        result.claim,
        result.verdict,
        part.id,
        part.verdict,
        part.comparator,
        part.stated,
        part.unit,
    ]


def _reading(reading: ReadingResult) -> list[str]:
    bare = reading.low is None
    return [
        reading.id,
        reading.role,
        reading.text if bare else _number(reading.low),
        reading.text if bare else _number(reading.high),
        reading.unit,
        reading.outcome or "",
        _number(reading.off_by),
        _number(reading.margin),
    ]


def _check(check: CheckResult) -> list[str]:
    """A check as a row; an undecided one reaches from no to yes."""
    low = "yes" if check.outcome == "consistent" else "no"
    high = "no" if check.outcome == "not consistent" else "yes"
    return [check.id, "check", low, high, "", check.outcome, "", ""]


def _witness(witness: WitnessResult) -> list[str]:
    """A witness as a row: its rank and whether it counts, and what it says."""
    weight = f"{witness.rank}, {'counted' if witness.counted else 'not counted'}"
    return [witness.id, "witness", weight, weight, "", witness.says, "", ""]


def _fact(result: Result, name: str, fact: Fact) -> list[str]:
    """A fact as a row; it belongs to no part and is judged by nothing."""
    value = _number(fact.value)
    whole = [result.claim, result.verdict, *("" for _ in range(5))]
    return [*whole, name, "fact", value, value, fact.unit, "", "", ""]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"
