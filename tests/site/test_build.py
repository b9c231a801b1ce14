"""`claimbook build`: executes what an edit concerns and nothing else, and shows no stale number."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jupyter_book.sphinx
import nbformat
import pytest
import yaml

from claimbook.base import digests
from claimbook.base.paths import ROOT_VARIABLE, Project
from claimbook.data import registry
from claimbook.run import dependencies
from claimbook.site import stamp
from claimbook.site.build import BuildError, build_site, execute_changed
from claimbook.site.stamp import is_current
from growing import list_claim
from places import CASES, ROOT

SMALL = CASES / "small"
PRICES, HARVEST = "apples-half-price", "harvest-grew"
BOTH = {PRICES, HARVEST}

CONTENTS = """
format: jb-book
root: book/index
parts:
  - chapters:
      - file: book/claims/apples-half-price
      - file: book/claims/harvest-grew
      - file: book/sources
"""


class Orchard:
    """A book of two claims, one on inputs and one on a table, with a package of its own."""

    def __init__(self, root):
        self.project = Project(Path(shutil.copytree(SMALL, root)))
        shutil.copy(ROOT / "_config.yml", root)
        shutil.copytree(ROOT / "book" / "_static", root / "book" / "_static")
        shutil.copytree(ROOT / "claimbook", root / "package" / "claimbook")
        self.write("_toc.yml", CONTENTS)
        self.write("requirements.txt", "a-library==1.0\n")
        self.write("book/index.md", "# Orchard\n\n```{scoreboard}\n```\n")
        self.write("book/sources.md", "# Sources\n\n```{bibliography}\n:all:\n```\n")
        estimate = 'precision: estimate\n  low: "1.98"\n  high: "2.02"'
        self.replace("data/inputs/prices.yml", estimate, "precision: exact")
        self._add_harvest()

    def _add_harvest(self):
        second = yaml.safe_load(self.read(f"data/claims/{PRICES}.yml"))
        second |= {"code": "T2", "quote": "the harvest grew"}
        second["english"] = second["quote"]
        second["title"] = {"en": "The harvest grew", "vi": "Mùa vụ tăng"}
        second["finding"] = {"en": "It grew by {growth}.", "vi": "Tăng {growth}."}
        second["parts"][0]["stated"] = "12.5"
        del second["parts"][0]["round_to"]
        self.write(f"data/claims/{HARVEST}.yml", yaml.safe_dump(second, allow_unicode=True))
        list_claim(self.project, HARVEST)
        notebook = nbformat.read(self.project.notebook(PRICES), 4)
        notebook.cells[0].source = "# The harvest grew\n\n```{verdict-card}\n```"
        notebook.cells[
            1
        ].source = f'from claimbook import Claim\n\nclaim = Claim("{HARVEST}")\nclaim'
        notebook.cells[2].source = (
            '@claim.reading("Baskets", primary="the only count", unit="percent")\n'
            "def growth(harvest):\n"
            '    first, last = harvest["baskets"].iloc[[0, -1]]\n'
            "    return (last / first - 1) * 100"
        )
        nbformat.write(notebook, self.project.notebook(HARVEST))

    def path(self, name):
        return self.project.root / name

    def read(self, name):
        return self.path(name).read_text("utf-8")

    def write(self, name, text):
        self.path(name).write_text(text, "utf-8")

    def replace(self, name, old, new):
        text = self.read(name)
        assert old in text
        self.write(name, text.replace(old, new))

    def edit_cells(self, slug, change):
        notebook = nbformat.read(self.project.notebook(slug), 4)
        change(notebook.cells)
        nbformat.write(notebook, self.project.notebook(slug))

    def execute(self):
        """Execute what a build would execute, in this process, and return which notebooks."""
        seen = []
        execute_changed(self.project, lambda _: None, seen.append)
        return {execution.slug for execution in seen}

    def build(self, *, fails=False, before=""):
        """Build, and return the notebooks that were executed and all messages."""
        done = subprocess.run(
            [sys.executable, "-c", f"{before}from claimbook.cli import main; main()", "build"],
            cwd=self.project.root,
            env=os.environ
            | {
                ROOT_VARIABLE: str(self.project.root),
                "PYTHONPATH": str(self.path("package")),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        messages = done.stdout + done.stderr
        assert bool(done.returncode) == fails, messages
        return set(re.findall(r"^ *[0-9.]+ s  (\S+)", messages, re.MULTILINE)), messages

    def page(self, name):
        return (self.project.site / "book" / f"{name}.html").read_text("utf-8")

    def written(self, slug):
        """When the page of a claim was written."""
        return (self.project.site / "book" / "claims" / f"{slug}.html").stat().st_mtime_ns

    def card(self, slug):
        """What the page of a claim and the scoreboard give as recomputed."""
        on_page = re.search(r"<dt>Recomputed</dt><dd>(.*?)</dd>", self.page(f"claims/{slug}"))
        rows = re.findall(r"<tr.*?</tr>", self.page("index"), re.DOTALL)
        row = next(row for row in rows if f"claims/{slug}.html" in row)
        on_board = re.search(r'data-label="Recomputed">(.*?)</td>', row)
        assert on_page.group(1) == on_board.group(1)
        return on_page.group(1).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def first_build(tmp_path_factory):
    """The orchard with its site, built once, and what the build said."""
    orchard = Orchard(tmp_path_factory.mktemp("build") / "orchard")
    return orchard, *orchard.build()


@pytest.fixture
def orchard(first_build):
    """The orchard, put back as it was after the test; what was executed then is still kept."""
    orchard, _, _ = first_build
    root = orchard.project.root
    kept = {path: path.read_bytes() for path in sources(root)}
    yield orchard
    for path in sources(root):
        if path not in kept:
            path.unlink()
    for path, content in kept.items():
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)


def sources(root):
    return [path for path in root.rglob("*") if path.is_file() and "_build" not in path.parts]


def test_a_first_build_executes_every_notebook_and_says_what_it_came_to(first_build):
    _, executed, messages = first_build
    assert executed == BOTH
    assert re.search(rf"[0-9.]+ s  {PRICES}  \S+ holds", messages)
    assert "2 notebooks executed in" in messages


def test_an_unchanged_book_is_not_built_again(orchard):
    orchard.build()
    before = orchard.path("_build/html/book/index.html").stat().st_mtime_ns
    executed, messages = orchard.build()
    assert executed == set()
    assert "Nothing has changed since the last build." in messages
    assert orchard.path("_build/html/book/index.html").stat().st_mtime_ns == before


def input_value(orchard):
    orchard.replace("data/inputs/prices.yml", 'value: "1.00"', 'value: "1.20"')


def citation_of_an_input(orchard):
    orchard.replace("data/inputs/prices.yml", "locator: first line", "locator: third line")


def table_cell(orchard):
    orchard.replace("data/tables/harvest.csv", "2024,135", "2024,144")
    digest = hashlib.sha256(orchard.path("data/tables/harvest.csv").read_bytes()).hexdigest()
    package = json.loads(orchard.read("data/tables/datapackage.json"))
    package["resources"][0]["hash"] = f"sha256:{digest}"
    orchard.write("data/tables/datapackage.json", json.dumps(package))


def title_of_a_table(orchard):
    orchard.replace("data/tables/datapackage.json", "Baskets of apples by year", "Baskets")


def claim_entry(orchard):
    orchard.replace(f"data/claims/{HARVEST}.yml", "stated: '12.5'", "stated: '99.5'")


def source(orchard):
    orchard.replace("data/sources.bib", "Report of the harvest", "Report on the harvest")


def article(orchard):
    orchard.replace("data/articles.yml", "The paper", "The other paper")


def code(orchard):
    orchard.edit_cells(PRICES, lambda cells: cells[2].update(source=cells[2].source + "  # so"))


def tag_of_a_cell(orchard):
    orchard.edit_cells(PRICES, lambda cells: cells[4].metadata.update(tags=["remove-cell"]))


def lock(orchard):
    orchard.write("requirements.txt", "a-library==1.1\n")


def prose(orchard):
    orchard.edit_cells(PRICES, lambda cells: cells[0].update(source=cells[0].source + "\n\nNew."))


def unused_input(orchard):
    text = orchard.read("data/inputs/prices.yml")
    entry = text[: text.index("- id: pear_price")].replace("apple_price", "plum_price")
    entry = entry.replace("{en: apple, vi: táo}", "{en: plum, vi: mận}")
    orchard.write("data/inputs/prices.yml", text + "\n" + entry)


def comment(orchard):
    orchard.write(
        "data/articles.yml", "# For readers of the file.\n" + orchard.read("data/articles.yml")
    )


def order_of_statements(orchard):
    first, second = (f"    - {slug}\n" for slug in (PRICES, HARVEST))
    orchard.replace("data/articles.yml", first + second, second + first)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (input_value, {PRICES}),
        (citation_of_an_input, {PRICES}),
        (table_cell, {HARVEST}),
        (title_of_a_table, {HARVEST}),
        (claim_entry, {HARVEST}),
        (source, {HARVEST}),
        (code, {PRICES}),
        (tag_of_a_cell, {PRICES}),
        (article, BOTH),
        (lock, BOTH),
        (prose, set()),
        (unused_input, set()),
        (comment, set()),
        (order_of_statements, set()),
    ],
)
def test_an_edit_executes_exactly_the_notebooks_that_depend_on_it(orchard, edit, expected):
    edit(orchard)
    assert orchard.execute() == expected
    assert orchard.execute() == set()


@pytest.mark.parametrize(
    "name", ["base/formats.py", "notebook/templates/verdict.html", "run/warm/kernel.py"]
)
def test_every_file_of_the_package_counts(orchard, monkeypatch, name):
    monkeypatch.setattr(digests, "PACKAGE", orchard.path("package/claimbook"))
    before = digests.package()
    orchard.write(f"package/claimbook/{name}", orchard.read(f"package/claimbook/{name}") + "\n")
    assert digests.package() != before


@pytest.mark.parametrize("reason", ["package", "python"])
def test_another_package_or_another_python_executes_everything(orchard, monkeypatch, reason):
    if reason == "python":
        monkeypatch.setattr(dependencies.sys, "version", "another")
    else:
        monkeypatch.setattr(dependencies, "package", lambda: "another")
    assert orchard.execute() == BOTH


def test_new_values_are_on_the_page_and_on_the_scoreboard_and_old_ones_come_back(orchard):
    input_value(orchard)
    table_cell(orchard)
    prose(orchard)
    orchard.build()
    assert (orchard.card(PRICES), orchard.card(HARVEST)) == ("40 %", "20 %")
    assert "<p>New.</p>" in orchard.page(f"claims/{PRICES}")
    orchard.replace("data/inputs/prices.yml", 'value: "1.20"', 'value: "1.00"')
    executed, _ = orchard.build()
    assert executed == set()
    assert (orchard.card(PRICES), orchard.card(HARVEST)) == ("50 %", "20 %")


def pages_written(orchard):
    """Names of the pages, each with the time at which it was written."""
    site = orchard.project.site / "book"
    return {
        path.relative_to(site).as_posix(): path.stat().st_mtime_ns for path in site.rglob("*.html")
    }


def test_an_edit_writes_the_pages_that_show_what_it_changed_and_no_others(orchard):
    orchard.build()
    before = pages_written(orchard)
    orchard.replace("data/inputs/prices.yml", 'value: "1.00"', 'value: "1.10"')
    orchard.build()
    after = pages_written(orchard)
    assert {name for name in after if after[name] != before[name]} == {
        "index.html",
        f"claims/{PRICES}.html",
    }


def test_a_changed_title_is_in_the_menu_of_every_page(orchard):
    orchard.edit_cells(
        PRICES, lambda cells: cells[0].update(source="# Half the price\n\n```{verdict-card}\n```")
    )
    orchard.build()
    for name in pages_written(orchard):
        assert "Half the price" in orchard.page(name.removesuffix(".html"))


def test_after_a_build_that_was_ended_every_page_shows_the_present_number(orchard):
    orchard.build()
    orchard.replace("data/inputs/prices.yml", 'value: "1.00"', 'value: "1.30"')
    # As the end of the process while pages are written: they have been read, and that is saved.
    ended = (
        "import os\nfrom sphinx.builders import Builder\nBuilder.write = lambda *_: os._exit(3)\n"
    )
    orchard.build(before=ended, fails=True)
    executed, _ = orchard.build()
    assert executed == set()
    assert orchard.card(PRICES) == "35 %"


def test_a_changed_lock_renews_the_pages(orchard):
    orchard.build()
    before = {slug: orchard.written(slug) for slug in BOTH}
    orchard.write("requirements.txt", "a-library==2.0\n")
    executed, _ = orchard.build()
    assert executed == BOTH
    assert all(orchard.written(slug) > before[slug] for slug in BOTH)


def test_a_changed_package_shows_what_it_computes_now(orchard):
    path = "package/claimbook/base/formats.py"
    orchard.write(path, orchard.read(path).replace('"percent": "%"', '"percent": "pct"'))
    executed, _ = orchard.build()
    assert executed == BOTH
    assert orchard.card(PRICES) == "50 pct"


def test_every_notebook_that_fails_is_named_and_a_mended_one_shows_the_present_number(orchard):
    input_value(orchard)
    for slug in BOTH:
        orchard.edit_cells(slug, lambda cells: cells[2].update(source=cells[2].source + "\n1 / 0"))
    executed, messages = orchard.build(fails=True)
    assert executed == BOTH
    for slug in BOTH:
        assert re.search(rf"{slug}.ipynb: .*?ZeroDivisionError", messages, re.DOTALL)
    for slug in BOTH:
        orchard.edit_cells(slug, lambda cells: cells[2].update(source=cells[2].source[:-6]))
    orchard.build()
    assert orchard.card(PRICES) == "40 %"


def test_after_a_build_that_warned_the_mended_one_shows_the_present_number(orchard):
    orchard.replace("data/inputs/prices.yml", 'value: "1.00"', 'value: "1.40"')
    orchard.write("book/index.md", orchard.read("book/index.md") + "\n{no-such-role}`x`\n")
    _, messages = orchard.build(fails=True)
    assert "no-such-role" in messages
    orchard.write("book/index.md", orchard.read("book/index.md").replace("{no-such-role}", ""))
    orchard.build()
    assert orchard.card(PRICES) == "30 %"


def test_faulty_data_stop_the_build_before_anything_is_executed(orchard):
    orchard.replace("data/inputs/prices.yml", "unit: USD\n  as_of: 2025-01-01", "unit: pound")
    executed, messages = orchard.build(fails=True)
    assert executed == set()
    assert "data/inputs/prices.yml: apple_price, unit" in messages


def test_data_that_change_while_notebooks_run_are_not_kept(orchard):
    orchard.replace("data/inputs/prices.yml", 'value: "1.00"', 'value: "1.60"')
    with pytest.raises(BuildError, match="changed while notebooks were executed"):
        execute_changed(
            orchard.project,
            lambda _: orchard.replace("data/inputs/prices.yml", '"1.60"', '"1.80"'),
            lambda _: None,
        )
    orchard.replace("data/inputs/prices.yml", '"1.80"', '"1.60"')
    assert orchard.execute() == {PRICES}


def test_data_that_change_right_after_they_were_read_are_not_kept(orchard, monkeypatch):
    orchard.replace("data/inputs/prices.yml", 'value: "1.00"', 'value: "1.70"')
    validate = registry.validate

    def late(project):
        loaded = validate(project)
        orchard.replace("data/inputs/prices.yml", '"1.70"', '"1.90"')
        return loaded

    with monkeypatch.context() as patch:
        patch.setattr(registry, "validate", late)
        with pytest.raises(BuildError, match="changed while notebooks were executed"):
            orchard.execute()
    orchard.replace("data/inputs/prices.yml", '"1.90"', '"1.70"')
    assert orchard.execute() == {PRICES}


def test_a_page_that_was_removed_is_no_longer_on_the_site(orchard):
    orchard.project.notebook(HARVEST).unlink()
    orchard.project.claim(HARVEST).unlink()
    orchard.replace("data/articles.yml", f"    - {HARVEST}\n", "")
    orchard.write("_toc.yml", CONTENTS.replace("      - file: book/claims/harvest-grew\n", ""))
    orchard.build()
    assert not orchard.path(f"_build/html/book/claims/{HARVEST}.html").exists()
    assert HARVEST not in orchard.page("index")


@pytest.fixture
def stamped(tmp_path):
    """Another orchard, stamped as if it had been built."""
    other = Orchard(tmp_path / "orchard")
    other.project.stamp.parent.mkdir()
    stamp.put(other.project, stamp.sources(other.project))
    assert is_current(other.project)
    return other


@pytest.mark.parametrize(
    "name",
    [
        "_config.yml",
        "_toc.yml",
        "requirements.txt",
        "book/index.md",
        "book/_static/claimbook.css",
        f"book/claims/{PRICES}.ipynb",
        "data/articles.yml",
        f"data/claims/{PRICES}.yml",
        "data/inputs/prices.yml",
        "data/sources.bib",
        "data/tables/harvest.csv",
        "bench/results.json",
    ],
)
def test_a_site_is_not_current_after_an_edit_of_any_file_it_is_made_from(stamped, name):
    path = stamped.path(name)
    before = path.read_bytes() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((before or b"") + b"\n")
    assert not is_current(stamped.project)
    path.unlink() if before is None else path.write_bytes(before)
    assert is_current(stamped.project)


def test_a_site_is_not_current_for_another_package_or_another_python(stamped, monkeypatch):
    for place, name, other in (
        (stamp.digests, "package", lambda: "another"),
        (stamp.sys, "version", "another"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(place, name, other)
            assert not is_current(stamped.project)
        assert is_current(stamped.project)


def test_a_site_is_not_current_if_a_page_was_edited_while_it_was_built(stamped, monkeypatch):
    def edits(*_, **__):
        stamped.write("book/index.md", "# Another orchard\n")
        return 0

    monkeypatch.setattr(jupyter_book.sphinx, "build_sphinx", edits)
    build_site(stamped.project)
    assert not is_current(stamped.project)


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_text("spoilt")])
@pytest.mark.parametrize("name", ["html/book/index.html", ".built.json"])
def test_a_site_that_somebody_spoilt_is_not_taken_for_the_last_build(orchard, name, harm):
    orchard.build()
    assert is_current(orchard.project)
    path = orchard.path(f"_build/{name}")
    content, times = path.read_bytes(), path.stat()
    harm(path)
    assert not is_current(orchard.project)
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_a_store_that_somebody_spoilt_is_made_anew(orchard):
    (orchard.project.outputs / "global.db").write_text("spoilt")
    assert orchard.execute() == BOTH
    assert orchard.execute() == set()


def test_outputs_that_somebody_removed_are_made_again(orchard):
    orchard.execute()
    shutil.rmtree(orchard.project.outputs / "executed")
    assert orchard.execute() == BOTH
    assert orchard.execute() == set()


def test_jupyter_book_alone_shows_the_present_number_too(orchard):
    orchard.replace("data/inputs/prices.yml", 'value: "1.00"', 'value: "1.50"')
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    subprocess.run(
        [jupyter_book, "build", orchard.project.root, "-W", "-n", "--keep-going"],
        env=os.environ | {ROOT_VARIABLE: str(orchard.project.root)},
        capture_output=True,
        check=True,
    )
    assert orchard.card(PRICES) == "25 %"
