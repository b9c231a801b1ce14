"""What a notebook sees of `data/` is what its digest covers."""

import ast
import re
import sys
from dataclasses import replace

import pytest

from claimbook.base.paths import ROOT_VARIABLE, find_project
from claimbook.data.csv_tables import digest
from claimbook.data.registry import load
from claimbook.notebook import claim as claim_module
from claimbook.notebook import render
from claimbook.run import dependencies, notebooks
from small_book import BOTH, HARVEST, PRICES, SmallBook

REGISTRY = load(find_project())
KINDS = ("claims", "articles", "inputs", "tables", "sources")


class Recording(dict):
    """A mapping that notes what is read from it; asking which ids there are reads nothing."""

    def __init__(self, content, read):
        super().__init__(content)
        self._read = read

    def __getitem__(self, key):
        self._read.add(key)
        return super().__getitem__(key)

    def get(self, key, default=None):
        if key in self:
            self._read.add(key)
        return super().get(key, default)

    def values(self):
        self._read.update(self)
        return super().values()

    def items(self):
        self._read.update(self)
        return super().items()


def code_of(slug):
    """Code of the cells of a page, with those of charts, which are else left out."""
    notebook = notebooks.read(REGISTRY.project.notebook(slug))
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def show(source, namespace):
    """Run a cell, and make all forms of what it shows."""
    *cells, last = ast.parse(source).body
    exec(compile(ast.Module(cells, []), "cell", "exec"), namespace)
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), namespace)
        getattr(value, "_repr_mimebundle_", dict)()
    else:
        exec(compile(ast.Module([last], []), "cell", "exec"), namespace)


@pytest.mark.parametrize("slug", REGISTRY.claims)
def test_a_notebook_reads_nothing_that_its_digest_does_not_cover(slug, monkeypatch):
    read = {kind: set() for kind in KINDS}
    recording = replace(
        REGISTRY, **{kind: Recording(getattr(REGISTRY, kind), read[kind]) for kind in KINDS}
    )
    monkeypatch.setenv(render.VARIABLE, render.STORED)
    monkeypatch.setattr(claim_module, "load", lambda project: recording)
    code = code_of(slug)
    namespace = {"__name__": "__main__", "display": lambda *_, **__: None}
    monkeypatch.setenv(ROOT_VARIABLE, str(REGISTRY.project.root))
    monkeypatch.chdir(REGISTRY.project.notebooks)
    for source in code:
        show(source, namespace)
    covered = dependencies.evidence(REGISTRY, slug, code)
    for kind in KINDS:
        assert read[kind] <= covered[kind].keys(), kind
    assert read["inputs"] | read["tables"]
    assert read["sources"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def reading(apple_price): pass", {"apple_price"}),
        ("lambda apple_price: 1", {"apple_price"}),
        ("def reading(*, apple_price, **others): pass", {"apple_price", "others"}),
        ("claim.value('apple_price', 'USD')", {"apple_price", "USD"}),
        ('claim.inputs("apple_price")', {"apple_price"}),
        ("apple_price = 1", set()),
        ("# apple_price", set()),
        ("%time claim.value('apple_price')", {"time", "claim", "value", "apple_price"}),
    ],
)
def test_names_are_parameters_and_texts_or_all_words_of_what_is_no_python(code, expected):
    assert dependencies.named([code]) == expected


def test_the_sources_that_rows_of_a_table_name_are_covered(small):
    path = small.data / "tables" / "harvest.csv"
    path.write_text(
        path.read_text("utf-8").replace("135,harvest-report", "135,price-list"), "utf-8"
    )
    package = small.data / "tables" / "datapackage.json"
    text = re.sub("sha256:[0-9a-f]+", digest(path.read_bytes()), package.read_text("utf-8"))
    package.write_text(text, "utf-8")
    code = ["def grown(harvest): pass"]
    covered = dependencies.evidence(load(small), "apples-half-price", code)
    assert covered["sources"].keys() == {"harvest-report", "price-list"}


@pytest.fixture
def fruit(tmp_path):
    """Two claims, one on inputs and one on a table."""
    return SmallBook(tmp_path / "fruit")


def digests_of(book):
    """The digest of each page: another one executes its notebook anew."""
    registry = load(book.project)
    return {
        slug: dependencies.digest(registry, slug, notebooks.read(book.project.notebook(slug)))
        for slug in BOTH
    }


def text(name, old, new):
    return lambda book: book.replace(name, old, new)


def cell(number, **changes):
    return lambda book: book.edit_cells(PRICES, lambda cells: cells[number].update(changes))


def tag_of_a_cell(book):
    book.edit_cells(PRICES, lambda cells: cells[4].metadata.update(tags=["remove-cell"]))


def unused_input(book):
    prices = book.read("data/inputs/prices.yml")
    entry = prices[: prices.index("- id: pear_price")].replace("apple_price", "plum_price")
    entry = entry.replace("{en: apple, vi: táo}", "{en: plum, vi: mận}")
    book.write("data/inputs/prices.yml", prices + "\n" + entry)


EDITS = {
    "value of an input": (lambda book: book.price("1.20"), {PRICES}),
    "citation of an input": (text("data/inputs/prices.yml", "first line", "third line"), {PRICES}),
    "cell of a table": (lambda book: book.harvest("144"), {HARVEST}),
    "title of a table": (
        text("data/tables/datapackage.json", "Baskets of apples by year", "Baskets"),
        {HARVEST},
    ),
    "entry of a claim": (
        text(f"data/claims/{HARVEST}.yml", "stated: '12.5'", "stated: '99.5'"),
        {HARVEST},
    ),
    "source": (text("data/sources.bib", "Report of the harvest", "Report on it"), {HARVEST}),
    "article": (text("data/articles.yml", "The paper", "The other paper"), BOTH),
    "code": (cell(2, source="# so"), {PRICES}),
    "tag of a cell": (tag_of_a_cell, {PRICES}),
    "lock": (text("requirements.txt", "1.0", "1.1"), BOTH),
    "prose": (cell(0, source="New."), set()),
    "unused input": (unused_input, set()),
    "order of the statements": (
        text(
            "data/articles.yml",
            f"    - {PRICES}\n    - {HARVEST}\n",
            f"    - {HARVEST}\n    - {PRICES}\n",
        ),
        set(),
    ),
    "comment": (text("data/articles.yml", "- id", "# For readers of the file.\n- id"), set()),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_changes_the_digest_of_exactly_the_notebooks_that_depend_on_it(fruit, edit):
    change, expected = EDITS[edit]
    before = digests_of(fruit)
    change(fruit)
    after = digests_of(fruit)
    assert {slug for slug in BOTH if after[slug] != before[slug]} == expected


def test_another_python_changes_every_digest(fruit, monkeypatch):
    before = digests_of(fruit)
    monkeypatch.setattr(sys, "version", "another")
    after = digests_of(fruit)
    assert all(after[slug] != before[slug] for slug in BOTH)
