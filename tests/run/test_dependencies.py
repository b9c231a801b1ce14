"""What a notebook sees of `data/` is what its digest covers."""

import ast
import re
from dataclasses import replace

import pytest

from claimbook.base.paths import find_project
from claimbook.data.csv_tables import digest
from claimbook.data.registry import load
from claimbook.notebook import claim as claim_module
from claimbook.notebook import render
from claimbook.run import dependencies, in_process

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
    notebook = in_process.read(REGISTRY.project.notebook(slug))
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
    with in_process._surroundings(REGISTRY.project):
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
