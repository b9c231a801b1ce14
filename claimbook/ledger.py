"""The ledger `data/verdicts.csv`: every reading with its outcome, for reviewers to compare."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from claimbook.result import PartResult, ReadingResult, Result

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
    """The ledger as CSV, one line per reading, in the order of the results."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for result in results:
        for part in result.parts:
            for reading in part.readings:
                writer.writerow(_row(result, part, reading))
    return buffer.getvalue()


def _row(result: Result, part: PartResult, reading: ReadingResult) -> list[str]:
    bare = reading.low is None
    return [
        result.claim,
        result.verdict,
        part.id,
        part.verdict,
        part.comparator,
        part.stated,
        part.unit,
        reading.id,
        reading.role,
        reading.text if bare else _number(reading.low),
        reading.text if bare else _number(reading.high),
        reading.unit,
        reading.outcome or "",
        _number(reading.off_by),
        _number(reading.margin),
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"


def write(path: Path, results: Iterable[Result]) -> None:
    """Replace the ledger, whole or not at all."""
    draft = path.with_suffix(".csv.new")
    draft.write_text(text(results), encoding="utf-8")
    draft.replace(path)
