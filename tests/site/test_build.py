"""`claimbook build`: executes what an edit concerns and nothing else, and shows no stale number."""

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

import shared
from claimbook.base import digests
from claimbook.base.faults import DataError
from claimbook.base.paths import ROOT_VARIABLE
from claimbook.data import registry
from claimbook.site.build import BuildError, execute_changed
from claimbook.site.stamp import is_current
from places import ROOT
from small_book import BOTH, HARVEST, PRICES, SmallBook


class Built(SmallBook):
    """The small book with a package of its own, and its site."""

    def __init__(self, root):
        super().__init__(root)
        shutil.copytree(ROOT / "claimbook", self.path("package/claimbook"))
        self.executed, self.messages = self.build()

    def build(self, *, fails=False, before=""):
        """Build, and return the notebooks that were executed and all messages."""
        package = self.path("package")
        messages = shared.build(self.project, fails=fails, package=package, before=before)
        return set(re.findall(r"^ *[0-9.]+ s  (\S+)", messages, re.MULTILINE)), messages


@pytest.fixture(scope="module")
def first_build(tmp_path_factory):
    return Built(tmp_path_factory.mktemp("build") / "book")


def sources(root):
    return [path for path in root.rglob("*") if path.is_file() and "_build" not in path.parts]


@pytest.fixture
def book(first_build):
    """The small book, put back as it was after the test; what was executed then is still kept."""
    root = first_build.project.root
    kept = {path: path.read_bytes() for path in sources(root)}
    yield first_build
    for path in sources(root):
        if path not in kept:
            path.unlink()
    for path, content in kept.items():
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)


@pytest.fixture
def current(book, monkeypatch):
    """The small book with a site of its present state."""
    monkeypatch.setattr(digests, "PACKAGE", book.path("package/claimbook"))
    if not is_current(book.project):
        book.build()
    assert is_current(book.project)
    return book


# A site that is as the last build left it


def test_a_first_build_executes_every_notebook_and_says_what_it_came_to(first_build):
    assert first_build.executed == BOTH
    assert re.search(rf"[0-9.]+ s  {PRICES}  \S+ holds", first_build.messages)
    assert "2 notebooks executed in" in first_build.messages


def test_an_unchanged_book_is_not_built_again(current):
    before = current.path("_build/html/book/index.html").stat().st_mtime_ns
    executed, messages = current.build()
    assert executed == set()
    assert "Nothing has changed since the last build." in messages
    assert current.path("_build/html/book/index.html").stat().st_mtime_ns == before


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
        "bench/results.md",
        "package/claimbook/base/formats.py",
        "package/claimbook/notebook/templates/verdict.html",
        "package/claimbook/run/warm/kernel.py",
    ],
)
def test_a_site_is_not_current_after_an_edit_of_any_file_it_is_made_from(current, name):
    path = current.path(name)
    before = path.read_bytes() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((before or b"") + b"\n")
    assert not is_current(current.project)
    path.unlink() if before is None else path.write_bytes(before)
    assert is_current(current.project)


def test_a_site_is_not_current_for_another_python(current, monkeypatch):
    monkeypatch.setattr(sys, "version", "another")
    assert not is_current(current.project)


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_text("spoilt")])
@pytest.mark.parametrize("name", ["html/book/index.html", ".built.json"])
def test_a_site_that_somebody_spoilt_is_not_taken_for_the_last_build(current, name, harm):
    path = current.path(f"_build/{name}")
    content, times = path.read_bytes(), path.stat()
    harm(path)
    assert not is_current(current.project)
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert is_current(current.project)


# Others, and the disk


def test_of_two_builds_at_once_one_waits_and_says_so(book):
    book.price("1.15")
    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(book.build) for _ in range(2)]
    found = sorted((each.result() for each in both), key=lambda build: len(build[0]))
    assert [executed for executed, _ in found] == [set(), {PRICES}]
    waits = "Another command writes here: waiting for it."
    assert [waits in messages for _, messages in found] == [True, False]
    assert book.card(PRICES) == "42.5 %"


@pytest.mark.parametrize(
    ("room", "price", "shown"), [(5_000, "1.25", "37.5 %"), (30_000, "1.35", "32.5 %")]
)
def test_a_build_without_room_ends_in_a_sentence_and_the_next_one_succeeds(
    book, room, price, shown
):
    """No file may grow over a size, which fails where a full disk does, at once or on the way."""
    book.price(price)
    small = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))\n"
    _, messages = book.build(before=small, fails=True)
    assert "Traceback" not in messages, messages
    assert re.search("File too large|disk I/O error|disk is full", messages), messages
    book.build()
    assert book.card(PRICES) == shown


# What is executed; what a notebook depends on is tested with its digest


def article(book):
    book.replace("data/articles.yml", "The paper", "The other paper")


def prose(book):
    book.edit_cells(PRICES, lambda cells: cells[0].update(source=cells[0].source + "\n\nNew."))


@pytest.mark.parametrize(
    ("edit", "expected"),
    [(lambda book: book.price("1.20"), {PRICES}), (article, BOTH), (prose, set())],
    ids=["input", "article", "prose"],
)
def test_an_edit_executes_the_notebooks_that_depend_on_it_once(book, edit, expected):
    edit(book)
    assert book.execute() == expected
    assert book.execute() == set()


def test_faulty_data_stop_a_build_before_anything_is_executed(book):
    book.replace("data/inputs/prices.yml", "unit: USD\n  as_of: 2025-01-01", "unit: pound")
    with pytest.raises(DataError, match=r"data/inputs/prices\.yml: apple_price, unit"):
        execute_changed(book.project, pytest.fail, pytest.fail)


def test_data_that_change_while_notebooks_run_are_not_kept(book):
    book.price("1.60")
    with pytest.raises(BuildError, match="changed while notebooks were executed"):
        execute_changed(
            book.project,
            lambda _: book.replace("data/inputs/prices.yml", '"1.60"', '"1.80"'),
            lambda _: None,
        )
    book.replace("data/inputs/prices.yml", '"1.80"', '"1.60"')
    assert book.execute() == {PRICES}


def test_data_that_change_right_after_they_were_read_are_not_kept(book, monkeypatch):
    book.price("1.70")
    validate = registry.validate

    def late(project):
        loaded = validate(project)
        book.replace("data/inputs/prices.yml", '"1.70"', '"1.90"')
        return loaded

    with monkeypatch.context() as patch:
        patch.setattr(registry, "validate", late)
        with pytest.raises(BuildError, match="changed while notebooks were executed"):
            book.execute()
    book.replace("data/inputs/prices.yml", '"1.90"', '"1.70"')
    assert book.execute() == {PRICES}


def test_a_store_that_somebody_spoilt_is_made_anew(book):
    (book.project.outputs / "global.db").write_text("spoilt")
    assert book.execute() == BOTH
    assert book.execute() == set()


def test_outputs_that_somebody_removed_are_made_again(book):
    book.execute()
    shutil.rmtree(book.project.outputs / "executed")
    assert book.execute() == BOTH
    assert book.execute() == set()


# What the site shows then


def test_new_values_are_on_the_page_and_on_the_scoreboard_and_old_ones_come_back(book):
    book.price("1.20")
    book.harvest("144")
    prose(book)
    book.build()
    assert (book.card(PRICES), book.card(HARVEST)) == ("40 %", "20 %")
    assert "<p>New.</p>" in book.page(f"claims/{PRICES}")
    book.replace("data/inputs/prices.yml", 'value: "1.20"', 'value: "1.00"')
    executed, _ = book.build()
    assert executed == set()
    assert (book.card(PRICES), book.card(HARVEST)) == ("50 %", "20 %")


def test_a_page_shows_the_present_number_of_a_module_and_of_an_id_found_by_a_computed_name(book):
    """The price is drawn from the registry by a name put together, the factor from a module."""
    module = book.path("book/claims/factor.py")
    module.write_text("VALUE = 1", "utf-8")
    source = (
        "from fractions import Fraction\nfrom importlib import import_module\n"
        'factor = import_module("fac" + "tor").VALUE\n'
        'price = Fraction(claim.registry.inputs["_".join(["apple", "price"])].value)\n'
        '@claim.reading("List price", primary="the price on the list", unit="ratio")\n'
        "def list_price(pear_price):\n"
        "    return 1 - factor * price / Fraction(pear_price.magnitude)"
    )
    book.edit_cells(PRICES, lambda cells: cells[2].update(source=source))
    book.build()
    assert book.card(PRICES) == "50 %"
    module.write_text("VALUE = 1.2", "utf-8")
    executed, _ = book.build()
    assert (executed, book.card(PRICES)) == ({PRICES}, "40 %")
    book.price("1.50")
    executed, _ = book.build()
    assert (executed, book.card(PRICES)) == ({PRICES}, "10 %")


def written(book):
    """When each page of the site was written."""
    site = book.project.site / "book"
    return {
        path.relative_to(site).with_suffix("").as_posix(): path.stat().st_mtime_ns
        for path in site.rglob("*.html")
    }


def test_an_edit_writes_the_pages_that_show_what_it_changed_and_no_others(current):
    before = written(current)
    current.price("1.10")
    current.build()
    after = written(current)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"index", f"claims/{PRICES}"}


def test_a_changed_style_sheet_alone_is_on_the_site(current):
    name = "_static/claimbook.css"
    with (current.project.root / "book" / name).open("a", encoding="utf-8") as style:
        style.write("/* changed */\n")
    linked = re.search(r"claimbook\.css\?v=\w+", current.page("index")).group()
    current.build()
    assert "/* changed */" in (current.project.site / name).read_text("utf-8")
    assert linked not in current.page("index")


def test_a_changed_label_is_at_the_foot_of_the_page_beside(book):
    book.replace(f"data/claims/{PRICES}.yml", "{en: saving,", "{en: all that is saved,")
    book.build()
    assert "ll that is saved" in book.page(f"claims/{HARVEST}")


# As the end of the process while pages are written: they have been read, and that is saved.
ENDED = "import os\nfrom sphinx.builders import Builder\nBuilder.write = lambda *_: os._exit(3)\n"


def test_after_a_build_that_was_ended_every_page_shows_the_present_number(current):
    current.price("1.30")
    current.build(before=ENDED, fails=True)
    executed, _ = current.build()
    assert executed == set()
    assert current.card(PRICES) == "35 %"


def test_a_changed_package_shows_what_it_computes_now(book):
    path = "package/claimbook/base/formats.py"
    book.replace(path, '"percent": "%"', '"percent": "pct"')
    executed, _ = book.build()
    assert executed == BOTH
    assert book.card(PRICES) == "50 pct"


def test_after_builds_that_failed_or_warned_the_mended_one_shows_the_present_number(book):
    book.price("1.40")
    for slug in BOTH:
        book.edit_cells(slug, lambda cells: cells[2].update(source=cells[2].source + "\n1 / 0"))
    executed, messages = book.build(fails=True)
    assert executed == BOTH
    for slug in BOTH:
        assert re.search(rf"{slug}.ipynb: .*?ZeroDivisionError", messages, re.DOTALL)
        book.edit_cells(slug, lambda cells: cells[2].update(source=cells[2].source[:-6]))
    book.write("book/index.md", book.read("book/index.md") + "\n{no-such-role}`x`\n")
    _, messages = book.build(fails=True)
    assert "no-such-role" in messages
    book.replace("book/index.md", "{no-such-role}", "")
    book.build()
    assert book.card(PRICES) == "30 %"


def test_a_page_that_was_removed_is_no_longer_on_the_site(book):
    book.project.notebook(HARVEST).unlink()
    book.project.claim(HARVEST).unlink()
    book.replace("data/articles.yml", f"    - {HARVEST}\n", "")
    book.replace("_toc.yml", f"  - file: book/claims/{HARVEST}\n", "")
    book.build()
    assert not book.path(f"_build/html/book/claims/{HARVEST}.html").exists()
    assert HARVEST not in book.page("index")


EDITING = """
def setup(app):
    index = app.srcdir / "book" / "index.md"
    app.connect("build-finished", lambda *_: index.write_text("# Vegetables"))
"""


def test_a_site_is_not_current_if_a_page_was_edited_while_it_was_built(book, monkeypatch):
    monkeypatch.setattr(digests, "PACKAGE", book.path("package/claimbook"))
    config = yaml.safe_load(book.read("_config.yml"))
    config["sphinx"]["local_extensions"] = {"editing": "."}
    config["sphinx"]["config"]["extensions"].append("editing")
    book.write("_config.yml", yaml.safe_dump(config))
    book.write("editing.py", EDITING)
    book.build()
    assert book.read("book/index.md") == "# Vegetables"
    assert not is_current(book.project)


def test_jupyter_book_alone_shows_the_present_number_too(book):
    book.price("1.50")
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    subprocess.run(
        [jupyter_book, "build", book.project.root, "-W", "-n", "--keep-going"],
        env=os.environ | {ROOT_VARIABLE: str(book.project.root)},
        capture_output=True,
        check=True,
    )
    assert book.card(PRICES) == "25 %"
