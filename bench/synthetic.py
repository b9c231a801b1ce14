"""Second part: made-up books of any size: copies of the claim in `tests/cases/small`.

`python -m bench.synthetic <folder> <claims>` makes one.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

from claimbook.base.paths import Project
from claimbook.data.registry import validate
from claimbook.run import in_process
from claimbook.run.in_process import CHART_TAG
from claimbook.run.notebooks import read
from claimbook.verdicts import ledger

PATTERN = Project(Path(__file__).resolve().parents[1] / "tests" / "cases" / "small")
_SLUG = "apples-half-price"
EDITED = "pear_price00001"  # an input that one notebook alone names
_SHARE = 10  # claims that share a table
_NAMES = re.compile(r"\b(apples-half-price|apple.price|pear_price|price-list|harvest-report|T1)\b")
_TABLE = re.compile(r"\bharvest\b(?!-)")

# What a page of this book has besides, as tag and source of its cells.
_CELLS = (
    ("inputs", 'claim.inputs("apple_price", "pear_price", "harvest")'),
    (
        "readings",
        """@claim.reading("Price of two", why="A fair reader may think of two.")
def two(apple_price, pear_price):
    return 1 - (2 * apple_price) / (2 * pear_price)


@claim.context("Baskets", why="Helps to understand the price.", unit="count", digits=0)
def baskets(harvest):
    return int(harvest["baskets"].sum())""",
    ),
    (CHART_TAG, "claim.chart()"),
    ("sources", "claim.sources()"),
)


def generate(root: Path, claims: int) -> Project:
    """Make a book whose claims differ in their names and in one price.

    Each claim has two inputs, two sources and a notebook with two readings and a chart; ten share a
    table. The ledger is that of a run without kernels; the notebooks have no outputs yet.

    Args:
        root: folder to make.
        claims: how many.

    Raises:
        DataError: the book is not valid, which would be a mistake here.
    """
    project = Project(root)
    slugs, tables = [], []
    entry, prices, sources, articles = (
        path.read_text(encoding="utf-8")
        for path in (
            PATTERN.claim(_SLUG),
            PATTERN.data / "inputs" / "prices.yml",
            PATTERN.data / "sources.bib",
            PATTERN.articles,
        )
    )
    notebook = _notebook()
    for n in range(1, claims + 1):
        slugs.append(_renamed(_SLUG, n))
        priced = prices.replace("1.00", f"{1 + n % 97 / 100:.2f}")
        priced = re.sub(r"(en: \w+), (vi: \w+)", rf"\1 {n}, \2 {n}", priced)  # short names
        _add(project.claim(slugs[-1]), _renamed(entry, n))
        _add(project.data / "inputs" / f"prices-{n // 100}.yml", _renamed(priced, n) + "\n")
        _add(project.data / "sources.bib", _renamed(sources, n) + "\n")
        _add(project.notebook(slugs[-1]), _renamed(notebook, n))
        if n % _SHARE == 1:
            tables.append(_table(project, n))
    _add(project.articles, articles.replace(_SLUG, "\n    - ".join(slugs)))
    package = json.dumps({"name": "tables", "resources": tables})
    _add(project.data / "tables" / "datapackage.json", package)
    registry = validate(project)
    results = [in_process.recompute(registry, slug) for slug in registry.claims]
    _add(project.ledger, ledger.text(results))
    return project


def _renamed(text: str, n: int) -> str:
    """Text of the pattern with the names of one copy; tables have that of the first to share it."""
    first = (n - 1) // _SHARE * _SHARE + 1
    return _TABLE.sub(rf"\g<0>{first:05}", _NAMES.sub(rf"\g<0>{n:05}", text))


def _notebook() -> str:
    """The pattern's notebook with more cells after its first reading, and without outputs."""
    notebook = read(PATTERN.notebook(_SLUG))
    cells = [cell | {"outputs": []} if "outputs" in cell else cell for cell in notebook["cells"]]
    cells[3:3] = [
        cells[1] | {"id": f"added-{number}", "metadata": {"tags": [tag]}, "source": source}
        for number, (tag, source) in enumerate(_CELLS)
    ]
    return json.dumps(notebook | {"cells": cells})


def _table(project: Project, n: int) -> dict[str, object]:
    """Write the table of some claims, and return its description."""
    folder = PATTERN.data / "tables"
    content = _renamed((folder / "harvest.csv").read_text("utf-8"), n)
    (described,) = json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]
    found: dict[str, object] = json.loads(_renamed(json.dumps(described), n))
    _add(project.data / "tables" / str(found["path"]), content)
    return found | {"hash": f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"}


def _add(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(text)


if __name__ == "__main__":
    generate(Path(sys.argv[1]), int(sys.argv[2]))
