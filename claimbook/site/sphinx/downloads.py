"""Data of each claim page to download: its result as JSON, its readings as CSV."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from claimbook.site.sphinx import records

_COLUMNS = (
    "part",
    "stated",
    "comparator",
    "verdict",
    "reading",
    "title",
    "role",
    "low",
    "high",
    "unit",
    "outcome",
    "off_by",
    "margin",
    "inputs",
    "tables",
    "sum",
    "says",
    "rank",
    "date",
    "quote",
    "not_counted",
)


def connect(app: Sphinx) -> None:
    """Write the files with the site."""
    app.connect("build-finished", _write)


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    for entry in records.entries(app.env):
        folder = Path(app.outdir, entry.docname).parent
        inputs = records.look(app.env, entry.docname).inputs or {}
        content = {
            "claim": entry.claim,
            "headline": entry.verdict["headline"],
            "finding": entry.verdict["finding"],
            "flags": entry.verdict["flags"],
            "result": entry.result,
            "inputs": inputs.get("inputs", []),
            "tables": inputs.get("tables", []),
        }
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{entry.slug}.json").write_text(text, encoding="utf-8")
        (folder / f"{entry.slug}.csv").write_text(_table(entry.result), encoding="utf-8")


def _table(result: Mapping[str, Any]) -> str:
    """The readings and witnesses of a claim, a row each."""
    written = io.StringIO()
    writer = csv.DictWriter(written, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for part in result["parts"]:
        for reading in part["readings"]:
            terms = result["sums"].get(reading["id"], {}).get("en", [])
            row = {name: reading[name] for name in _COLUMNS if name in reading}
            writer.writerow(
                row
                | {
                    "part": part["id"],
                    "stated": part["stated"],
                    "comparator": part["comparator"],
                    "verdict": part["verdict"],
                    "reading": reading["id"],
                    "inputs": " ".join(reading["inputs"]),
                    "tables": " ".join(reading["tables"]),
                    "sum": "".join(term["text"] for term in terms),
                }
            )
        for witness in part.get("witnesses", ()):
            writer.writerow(
                {
                    "part": part["id"],
                    "stated": part["stated"],
                    "verdict": part["verdict"],
                    "reading": witness["id"],
                    "title": witness["title"],
                    "role": "witness",
                    "says": witness["says"],
                    "rank": witness["rank"],
                    "date": witness["date"],
                    "quote": witness["quote"],
                    "not_counted": witness["why_not"],
                }
            )
    return written.getvalue()
