"""The ledger `data/verdicts.csv`: every reading and check with its outcome, to be compared."""

import csv
import io
from collections.abc import Iterable

from claimbook.result import CheckResult, PartResult, ReadingResult, Result

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


def text(results: Iterable[Result]) -> str:
    """The ledger as CSV, one line per reading and per check, in the order of the results."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for result in results:
        for part in result.parts:
            rows = [_reading(reading) for reading in part.readings]
            rows += [_check(check) for check in part.checks]
            for row in rows:
                writer.writerow(_part(result, part) + row)
    return buffer.getvalue()


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


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"
