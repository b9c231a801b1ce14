"""A notebook depends on what it asks for when it runs, and its digest covers that and no more."""

import shutil
import sys

import nbformat
import pytest

from claimbook.data.registry import load
from claimbook.run import dependencies, kernels, notebooks
from claimbook.run.memory import Memory
from small_book import BOTH, HARVEST, PRICES, SmallBook


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


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Two claims, one on inputs and one on a table, whose notebooks were executed."""
    book = SmallBook(tmp_path_factory.mktemp("fruit") / "fruit")
    sources = nbformat.v4.new_code_cell("claim.sources()")
    book.edit_cells(HARVEST, lambda cells: cells.append(sources))
    assert book.execute() == BOTH
    return book


@pytest.fixture
def fruit(executed, tmp_path):
    """A copy of the book, free to be edited."""
    root = tmp_path / "fruit"
    shutil.copytree(executed.project.root, root)
    return SmallBook.at(root)


def digests_of(book):
    """The digest of each page: another one executes its notebook anew."""
    registry, memory, found = load(book.project), Memory(book.project), {}
    for slug in sorted(BOTH):
        notebook = notebooks.read(book.project.notebook(slug))
        program = dependencies.program(book.project, notebook)
        found[slug] = dependencies.digest(registry, program, memory.of(slug, program))
    return found


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


def text_of(name, content):
    return lambda book: book.write(f"book/claims/{name}", content)


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
    "statement that nobody has checked": (
        text(
            "data/articles.yml",
            f"    - {PRICES}\n    - {HARVEST}\n",
            f"    - {PRICES}\n    - {HARVEST}\n    - plums-cost\n"
            "  unchecked: [{id: plums-cost, code: T3, quote: plums, english: plums}]\n",
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


# What is asked for in a way that the code does not show, before an edit of it, and the edit.
COMPUTED = {
    "an f-string": (
        'kind = "apple"\nclaim.value(f"{kind}_price", "USD")',
        lambda book: book.price("1.20"),
    ),
    "a sum of texts": (
        'claim.value("apple" + "_price", "USD")',
        lambda book: book.price("1.20"),
    ),
    "a loop": (
        '[claim.value("_".join((kind, "price")), "USD") for kind in ("apple", "pear")]',
        lambda book: book.price("1.20"),
    ),
    "all inputs": (
        "[entry.value for entry in claim.registry.inputs.values()]",
        unused_input,
    ),
    "whether there is an input": ("'plum' + '_price' in claim.registry.inputs", unused_input),
    "another claim": (
        f"claim.registry.claims[{HARVEST[:4]!r} + {HARVEST[4:]!r}].quote",
        text(f"data/claims/{HARVEST}.yml", "stated: '12.5'", "stated: '99.5'"),
    ),
    "a table": ('claim.table("".join(["har", "vest"]))', lambda book: book.harvest("144")),
    "a source": (
        'claim.registry.sources["harvest" + "-report"].title',
        text("data/sources.bib", "Report of the harvest", "Report on it"),
    ),
    "a module beside the notebook": ("import helper\nhelper.X", text_of("helper.py", "X = 2")),
    "a module found by its name": (
        'import importlib\nimportlib.import_module("hel" + "per").X',
        text_of("helper.py", "X = 2"),
    ),
    "a module in a folder": (
        "from kit.inner import X\nX",
        text_of("kit/inner.py", "X = 2"),
    ),
    "a file beside the notebook": ('open("rows.csv").read()', text_of("rows.csv", "x\n2\n")),
    "a file through pandas": (
        'import pandas as pd\npd.read_csv("rows.csv")',
        text_of("rows.csv", "x\n2\n"),
    ),
    "a file read before the package is imported": (
        'from pathlib import Path\nPath("rows.csv").read_bytes()',
        text_of("rows.csv", "x\n2\n"),
    ),
    "a file of data/ read as a file": (
        'from pathlib import Path\nPath("../../data/extra/notes.txt").read_text()',
        lambda book: book.write("data/extra/notes.txt", "new"),
    ),
    "a file that is not there yet": (
        'try:\n    open("later.csv")\nexcept OSError:\n    pass',
        text_of("later.csv", "x\n"),
    ),
    "the files of a folder": (
        'from pathlib import Path\nsorted(Path(".").glob("*.csv"))',
        text_of("later.csv", "x\n"),
    ),
    "a database": (
        'import sqlite3\nsqlite3.connect("rows.db").close()',
        text_of("rows.db", "x"),
    ),
    "what another program reads": (
        'import subprocess\nsubprocess.run(["cat", "rows.csv"], check=True)',
        text_of("rows.csv", "x\n2\n"),
    ),
}


@pytest.fixture(scope="module")
def asking(tmp_path_factory):
    """For each way to ask, a notebook that does it; all executed, with what they asked for."""
    book = SmallBook(tmp_path_factory.mktemp("asking") / "fruit")
    folder = book.project.notebooks
    (folder / "kit").mkdir()
    book.path("data/extra").mkdir()
    book.write("data/extra/notes.txt", "old")
    for name, content in (
        ("helper.py", "X = 1"),
        ("kit/inner.py", "X = 1"),
        ("rows.csv", "x\n1\n"),
    ):
        (folder / name).write_text(content, "utf-8")
    first = f'from claimbook import Claim\nclaim = Claim("{PRICES}")'
    for number, (source, _) in enumerate(COMPUTED.values()):
        early = "before the package" in list(COMPUTED)[number]
        cells = [source, first] if early else [first, source]
        notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)))
        nbformat.write(notebook, book.project.notebook(f"asks-{number}"))
    found = []
    slugs = [f"asks-{number}" for number in range(len(COMPUTED))]
    kernels.execute_all(book.project, slugs, found.append)
    assert [run.error for run in found if run.error] == []
    for number in range(len(COMPUTED)):
        book.project.notebook(f"asks-{number}").unlink()  # no page of a claim
    return book, {run.slug: run.asked for run in found}


@pytest.mark.parametrize("way", COMPUTED)
def test_what_is_asked_for_while_a_notebook_runs_is_covered_however_it_is_named(
    asking, tmp_path, way
):
    book, asked = asking
    found = asked[f"asks-{list(COMPUTED).index(way)}"]
    shutil.copytree(book.project.root, tmp_path / "fruit")
    copy = SmallBook.at(tmp_path / "fruit")
    before = dependencies.digest(load(copy.project), "code", found)
    text("data/articles.yml", "- id", "# For readers of the file.\n- id")(copy)
    copy.write("book/claims/unread.txt", "nobody reads this")
    other = dependencies.digest(load(copy.project), "code", found)
    assert (other == before) == (way not in ("the files of a folder", "what another program reads"))
    _, edit = COMPUTED[way]
    edit(copy)
    assert dependencies.digest(load(copy.project), "code", found) != other


def test_a_file_of_the_project_whose_changes_nobody_would_notice_is_refused(fruit):
    fruit.write("elsewhere.csv", "x\n")
    reading = nbformat.v4.new_code_cell("open('../../elsewhere.csv').read()")
    fruit.edit_cells(PRICES, lambda cells: cells.append(reading))
    with pytest.raises(notebooks.NotebookError, match=r"and data/.*; found elsewhere\.csv$"):
        kernels.execute(fruit.project, PRICES)


def test_what_a_notebook_asks_for_with_other_data_is_remembered_beside_what_it_asked_for(fruit):
    """With the first data it looks at one price, with the second at both."""
    memory = Memory(fruit.project)
    first, second = frozenset({("inputs", "a")}), frozenset({("inputs", "a"), ("inputs", "b")})
    assert memory.keep(PRICES, "code", first) == first
    assert memory.keep(PRICES, "code", second) == second
    assert memory.keep(PRICES, "code", first) == second
    assert memory.of(PRICES, "code") == second
    assert memory.of(PRICES, "other code") is None


@pytest.mark.parametrize("content", ["", "[]", '{"code": 1}', '{"code": [[1, 2, 3]]}', "\0"])
def test_a_spoilt_memory_is_none(fruit, content):
    (fruit.project.reads / f"{PRICES}.json").write_text(content)
    assert Memory(fruit.project).of(PRICES, "code") is None
