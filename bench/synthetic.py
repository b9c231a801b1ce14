"""Second part: made-up books of any size, in the form of this one.

`python -m bench.synthetic <folder> <claims>` makes one.
"""

import csv
import hashlib
import io
import json
import sys
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import nbformat
import yaml

from claimbook.base import formats
from claimbook.base.paths import Project
from claimbook.data.registry import validate
from claimbook.run import in_process
from claimbook.run.in_process import CHART_TAG
from claimbook.verdicts import ledger

CLAIMS_PER_TABLE = 10
CLAIMS_PER_FILE = 100
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

_CELLS = (
    """import pandas as pd

from claimbook import Claim

claim = Claim("{slug}")
claim""",
    'claim.inputs("other_{n}", "series_{table}")',
    """@claim.reading("Against the price before", primary="The price that was asked before.")
def against_before(before_{n}, after_{n}):
    return 1 - after_{n} / before_{n}""",
    """@claim.reading("Against the price of others", why="A fair reader may compare shops.")
def against_others(other_{n}, after_{n}):
    return 1 - after_{n} / other_{n}


@claim.context("Units sold", why="Helps to understand the price.", unit="count", digits=0)
def units_sold(series_{table}):
    return int(series_{table}.loc[series_{table}["claim"] == "{slug}", "units"].sum())""",
    "claim.verdict()",
    "claim.chart()",
    "claim.sensitivity()",
    "claim.sources()",
)
_CHART = "claim.chart()"


def generate(root: Path, claims: int) -> Project:
    """Make a book whose claims differ in their numbers alone.

    Each claim has three inputs, a source and a notebook with two readings and one chart; ten share
    a table. The ledger is that of a run without kernels; the notebooks have no outputs yet.

    Args:
        root: folder to make.
        claims: how many.

    Raises:
        DataError: the book is not valid, which would be a mistake here.
    """
    project = Project(root)
    numbers = range(1, claims + 1)
    (project.data / "inputs").mkdir(parents=True)
    (project.data / "tables").mkdir()
    project.notebooks.mkdir(parents=True)
    project.claims.mkdir()
    article = {
        "id": "paper",
        "label": "The paper",
        "language": "en",
        "about": "A story made up for the benchmark.",
        "statements": [_slug(n) for n in numbers],
    }
    _dump(project.articles, [article])
    for n in numbers:
        _dump(project.claim(_slug(n)), _claim(n))
    for first in range(1, claims + 1, CLAIMS_PER_FILE):
        chosen = range(first, min(first + CLAIMS_PER_FILE, claims + 1))
        entries = [entry for n in chosen for entry in _inputs(n)]
        _dump(project.data / "inputs" / f"prices-{first:05}.yml", entries)
    bibliography = "\n".join(_source(n) for n in numbers)
    (project.data / "sources.bib").write_text(bibliography, encoding="utf-8")
    resources = [
        _table(project.data / "tables", range(first, min(first + CLAIMS_PER_TABLE, claims + 1)))
        for first in range(1, claims + 1, CLAIMS_PER_TABLE)
    ]
    package = json.dumps({"name": "tables", "resources": resources}, indent=2)
    (project.data / "tables" / "datapackage.json").write_text(package, encoding="utf-8")
    for n in numbers:
        text: str = nbformat.writes(_notebook(n))  # type: ignore[no-untyped-call]
        project.notebook(_slug(n)).write_text(text, encoding="utf-8")
    registry = validate(project)
    results = [in_process.recompute(registry, slug) for slug in registry.claims]
    project.ledger.write_text(ledger.text(results), encoding="utf-8")
    return project


def lone_input(n: int = 1) -> str:
    """An input that the notebook of one claim alone names."""
    return f"other_{n:05}"


def _slug(n: int) -> str:
    return f"claim-{n:05}"


def _table_id(n: int) -> str:
    return f"{(n - 1) // CLAIMS_PER_TABLE + 1:04}"


def _prices(n: int) -> tuple[Fraction, Fraction, Fraction]:
    """The price before, after and of others; all claims have their own."""
    before = Fraction(1000 + n % 977, 10)
    return before, before * (20 + n % 61) / 100, before + Fraction(n % 7, 2)


def _claim(n: int) -> dict[str, Any]:
    before, after, _ = _prices(n)
    saving = formats.fixed((1 - after / before) * 100, 1, strip=False)
    return {
        "article": "paper",
        "code": f"T{n}",
        "quote": f"product {n} is {saving} % cheaper",
        "english": f"product {n} is {saving} % cheaper",
        "claimant": "The shop, according to the paper",
        "parts": [
            {
                "id": "saving",
                "label": {"en": "saving", "vi": "mức rẻ hơn"},
                "kind": "number",
                "stated": saving,
                "unit": "percent",
                "comparator": "=",
                "about": f"price-{n}",
            }
        ],
        "title": {"en": f"Product {n} is cheaper", "vi": f"Sản phẩm {n} rẻ hơn"},
        "finding": {
            "en": "It saves {against_before}, or {against_others} against others.",
            "vi": "Rẻ hơn {against_before}, hoặc {against_others} so với nơi khác.",
        },
    }


def _inputs(n: int) -> list[dict[str, Any]]:
    names = {"before": "trước", "after": "sau", "other": "nơi khác"}
    kinds = zip(names, _prices(n), strict=True)
    return [
        {
            "id": f"{kind}_{n:05}",
            "quantity": f"Price of product {n}, {kind}",
            "short": {"en": f"Product {n}, {kind}", "vi": f"Sản phẩm {n}, {names[kind]}"},
            "value": formats.plainly(price).replace(",", ""),
            "unit": "USD",
            "as_of": "2025-01-27",
            "precision": "exact",
            "known": "then",
            "citations": [
                {
                    "source": f"prices-{n:05}",
                    "kind": "primary",
                    "locator": f"row of product {n}, column {kind}",
                    "quote": f"product {n}: {kind} {formats.plainly(price)}",
                }
            ],
        }
        for kind, price in kinds
    ]


def _source(n: int) -> str:
    return (
        f"@misc{{prices-{n:05},\n  title = {{Prices of product {n}}},\n"
        "  author = {{The shop}},\n  date = {2025-01-27},\n  note = {seen: excerpt}\n}\n"
    )


def _table(folder: Path, chosen: Iterable[int]) -> dict[str, Any]:
    """Write the table of some claims and return its description."""
    rows = [
        (_slug(n), 2020 + year, n + 10 * year, f"prices-{n:05}")
        for n in chosen
        for year in range(5)
    ]
    name = _table_id(int(rows[0][0].removeprefix("claim-")))
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([("claim", "year", "units", "source"), *rows])
    content = buffer.getvalue().encode()
    (folder / f"series-{name}.csv").write_bytes(content)
    fields = [
        {"name": "claim", "type": "string", "title": "Claim"},
        {"name": "year", "type": "integer", "title": "Year"},
        {"name": "units", "type": "integer", "title": "Units sold", "unit": "count"},
        {"name": "source", "type": "string", "title": "Source"},
    ]
    return {
        "name": f"series-{name}",
        "title": "Units sold by year",
        "path": f"series-{name}.csv",
        "format": "csv",
        "encoding": "utf-8",
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "precision": "exact",
        "known": "then",
        "schema": {"fields": fields},
        "sources": [{"title": source} for source in dict.fromkeys(row[3] for row in rows)],
    }


def _notebook(n: int) -> Any:
    names = {"slug": _slug(n), "n": f"{n:05}", "table": _table_id(n)}
    title = f"# Product {n} is cheaper\n\n```{{verdict-card}}\n```"
    cells: list[Any] = [nbformat.v4.new_markdown_cell(title)]  # type: ignore[no-untyped-call]
    for source in _CELLS:
        cell = nbformat.v4.new_code_cell(source.format(**names))  # type: ignore[no-untyped-call]
        if source == _CHART:
            cell.metadata["tags"] = [CHART_TAG]
        cells.append(cell)
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number:02}"
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": _KERNEL})  # type: ignore[no-untyped-call]


def _dump(path: Path, content: Any) -> None:
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file, Dumper=_DUMPER, allow_unicode=True, sort_keys=False)


if __name__ == "__main__":
    generate(Path(sys.argv[1]), int(sys.argv[2]))
