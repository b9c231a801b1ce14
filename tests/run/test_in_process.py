"""Every notebook, executed anew by pytest-notebook, shows what it showed before."""

import copy
import json
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
import pytest_notebook.nb_regression as nb_regression_module
from pytest_notebook.execution import execute_notebook

from claimbook.authoring import checklist
from claimbook.base.paths import ROOT_VARIABLE, find_project
from claimbook.data.registry import load
from claimbook.notebook.render import MIME, VEGA_LITE_MIME
from claimbook.run import accept, in_process, kernels, notebooks
from comparison import IGNORED
from places import ROOT

PAGES = tuple(load(find_project(ROOT)).claims)


@pytest.fixture
def regression(nb_regression, book):
    nb_regression.diff_ignore = IGNORED
    nb_regression.diff_use_color = False
    nb_regression.exec_timeout = kernels.TIMEOUT
    nb_regression.exec_env = kernels.surroundings(book)
    return nb_regression


@pytest.fixture(scope="session")
def ahead(request):
    """pytest-notebook's own execution, begun for several of the chosen notebooks at a time.

    Workers of pytest-xdist share the notebooks already, so each executes its own when it is due.
    """
    begun = {}

    def execute(notebook, **options):
        if "PYTEST_XDIST_WORKER" in os.environ:
            return execute_notebook(notebook, **options)
        if not begun:
            project = find_project(ROOT)
            for page in kernels.largest_first(project, chosen_pages(request.session)):
                stored = notebooks.read(project.notebook(page))
                begun[key(stored)] = threads.submit(execute_notebook, stored, **options)
        return begun[key(notebook)].result()

    with ThreadPoolExecutor(kernels.at_a_time()) as threads:
        yield execute
        threads.shutdown(cancel_futures=True)


def chosen_pages(session):
    """Pages whose outputs this run of pytest compares."""
    name = test_a_notebook_reproduces_its_outputs.__name__
    return [item.callspec.params["page"] for item in session.items if item.originalname == name]


def key(notebook):
    return tuple(cell.source for cell in notebook.cells)


@pytest.fixture
def comparison(regression, tmp_path):
    """Compare two states of a notebook without executing anything."""
    regression.exec_notebook = False

    def compare(before, after):
        from pytest_notebook.diffing import diff_notebooks, filter_diff

        return filter_diff(diff_notebooks(before, after), set(IGNORED))

    return compare


@pytest.mark.parametrize("page", PAGES)
def test_a_notebook_reproduces_its_outputs(regression, ahead, monkeypatch, book, page):
    monkeypatch.setattr(nb_regression_module, "execute_notebook", ahead)
    regression.check(str(book.notebook(page)))


def first(notebook, kind):
    """The first output of a kind, to be changed."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.get("data", {}).get(MIME, {}).get("kind") == kind:
                return output
    raise AssertionError(f"no output of kind {kind}")


@pytest.fixture
def stored(book):
    return notebooks.read(book.notebook(PAGES[0]))


def changed_verdict(notebook):
    first(notebook, "verdict")["data"][MIME]["result"]["verdict"] = "another"


def changed_number(notebook):
    reading = first(notebook, "verdict")["data"][MIME]["result"]["parts"][0]["readings"][0]
    reading["low"] *= 1.0000001


def changed_chart_value(notebook):
    rows = first(notebook, "figure")["data"][MIME]["rows"]
    row = rows[0]
    position = next(n for n, cell in enumerate(row) if isinstance(cell, (int, float)))
    row[position] += 0.001


def changed_break_even(notebook):
    first(notebook, "sensitivity")["data"][MIME]["readings"][0]["rows"][0]["below"] = "elsewhere"


def changed_citation(notebook):
    first(notebook, "inputs")["data"][MIME]["inputs"][0]["citations"][0]["locator"] = "elsewhere"


def changed_specification(notebook):
    first(notebook, "figure")["data"][MIME]["spec"] = {"mark": "another"}


def missing_output(notebook):
    notebook.cells[-1].outputs = []


@pytest.mark.parametrize(
    "change",
    [
        changed_verdict,
        changed_number,
        changed_chart_value,
        changed_break_even,
        changed_citation,
        changed_specification,
        missing_output,
    ],
)
def test_a_change_that_counts_is_noticed(comparison, stored, change):
    after = copy.deepcopy(stored)
    change(after)
    assert comparison(stored, after)


def other_html(notebook):
    first(notebook, "verdict")["data"]["text/html"] = "<p>another template</p>"


def other_picture(notebook):
    first(notebook, "figure")["data"]["image/svg+xml"] = "<svg/>"


def other_vega_lite(notebook):
    spec = first(notebook, "figure")["data"]["application/vnd.vegalite.v6+json"]
    spec["$schema"] = "https://example.org/vega-lite/v7.json"
    spec["config"] = {}


def other_python(notebook):
    notebook.metadata["language_info"] = {"name": "python", "version": "3.99"}


@pytest.mark.parametrize("change", [other_html, other_picture, other_vega_lite, other_python])
def test_a_new_version_of_a_library_is_not_a_change(comparison, stored, change):
    after = copy.deepcopy(stored)
    change(after)
    assert comparison(stored, after) == comparison(after, stored) == []


@pytest.mark.parametrize("page", PAGES)
def test_a_notebook_stores_no_warning_no_error_and_no_bare_frame(book, page):
    for cell in notebooks.read(book.notebook(page)).cells:
        for output in cell.get("outputs", ()):
            assert output.output_type in ("display_data", "execute_result"), output
            assert MIME in output.data, f"shown past the package: {output.data}"


@pytest.mark.parametrize("page", PAGES)
def test_a_notebook_has_its_title_its_sections_in_order_and_words_of_its_own(book, page):
    assert list(checklist.faults_of_notebook(load(book), page)) == []


@pytest.mark.parametrize("page", PAGES)
def test_the_prose_of_a_notebook_refers_to_what_exists(book, page):
    registry = load(book)
    stored = [result for own in PAGES for result in results_of(book, own)]
    assert list(checklist.faults_of_references(registry, page, stored)) == []


def results_of(book, page):
    return notebooks.results(notebooks.read(book.notebook(page)))


@pytest.mark.parametrize("page", PAGES)
def test_a_notebook_is_stored_as_accept_writes_it(book, page):
    text = book.notebook(page).read_text(encoding="utf-8")
    notebook = notebooks.read(book.notebook(page))
    assert text.rstrip("\n") == nbformat.writes(notebook).rstrip("\n")
    assert all(cell.get("execution_count") is None for cell in notebook.cells)
    assert json.loads(text)["metadata"].keys() == {"kernelspec"}
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    forms = {form for output in outputs for form in output.get("data", ())}
    assert forms - {VEGA_LITE_MIME} == {MIME, "text/plain"}


PAGE = "apples-half-price"


def edit(project, change):
    """Change the cells of the notebook of the small project."""
    notebook = notebooks.read(project.notebook(PAGE))
    change(notebook.cells)
    nbformat.write(notebook, project.notebook(PAGE))


def append(project, source):
    edit(project, lambda cells: cells.append(nbformat.v4.new_code_cell(source)))


def test_a_failing_cell_is_named_with_its_line(small):
    path = small.notebook("apples-half-price")
    notebook = notebooks.read(path)
    notebook.cells[2].source = "x = 1\ny = x / 0"
    nbformat.write(notebook, path)
    with pytest.raises(in_process.NotebookError) as caught:
        in_process.run(small, "apples-half-price")
    assert str(caught.value) == (
        "apples-half-price.ipynb#cell3, line 2: ZeroDivisionError: division by zero\n    y = x / 0"
    )


def test_a_notebook_of_an_older_format_is_refused_and_its_format_named(small):
    path = small.notebook(PAGE)
    notebook = nbformat.convert(notebooks.read(path), 3)
    path.write_text(nbformat.writes(notebook, version=3), encoding="utf-8")
    with pytest.raises(in_process.NotebookError, match=r"of format 4, found format 3$"):
        in_process.run(small, PAGE)


@pytest.mark.parametrize(
    "text",
    ["", "garbage", "[]", '"a"', "4", '{"nbformat": 4', pytest.param("[" * 9_999, id="deep")],
)
def test_a_file_that_is_no_notebook_is_named(small, text):
    small.notebook(PAGE).write_text(text, encoding="utf-8")
    with pytest.raises(in_process.NotebookError, match=rf"^{PAGE}\.ipynb: expected a notebook, "):
        in_process.run(small, PAGE)


def test_charts_are_not_drawn_without_a_kernel(small):
    path = small.notebook("apples-half-price")
    notebook = notebooks.read(path)
    cell = nbformat.v4.new_code_cell("raise RuntimeError('drawn')")
    cell.metadata["tags"] = ["chart"]
    notebook.cells.append(cell)
    nbformat.write(notebook, path)
    assert [claim.entry.id for claim in in_process.run(small, "apples-half-price")]


def test_accept_writes_no_notebook_if_one_of_them_fails(small):
    good = small.notebook("apples-half-price")
    bad = small.notebook("broken")
    shutil.copy(good, bad)
    notebook = notebooks.read(bad)
    notebook.cells = [nbformat.v4.new_code_cell("1 / 0")]
    nbformat.write(notebook, bad)
    before = {path.name: path.read_bytes() for path in small.notebooks.iterdir()}
    with pytest.raises(in_process.NotebookError, match="broken"):
        accept.accept(load(small), ["apples-half-price", "broken"], lambda _: None)
    assert {path.name: path.read_bytes() for path in small.notebooks.iterdir()} == before


EDITED_MEANWHILE = {
    "a number": ("data/inputs/prices.yml", "1.00", "1.60"),
    "the prose of the notebook": (f"book/claims/{PAGE}.ipynb", "# ", "# New: "),
    "a module beside the notebook": ("book/claims/helper.py", "1", "2"),
}


@pytest.mark.parametrize("name", EDITED_MEANWHILE)
def test_accept_overwrites_nothing_that_was_edited_while_notebooks_ran(small, name):
    file, old, new = EDITED_MEANWHILE[name]
    (small.notebooks / "helper.py").write_text("X = 1")
    append(small, "import helper")
    registry = load(small)
    path = small.root / file

    def edit_meanwhile(_):
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    with pytest.raises(in_process.NotebookError, match=r"nothing was changed: .* accept again"):
        accept.accept(registry, [PAGE], edit_meanwhile)
    assert new in path.read_text("utf-8")
    assert not small.ledger.exists()


def test_accept_takes_no_data_that_changed_after_they_were_read(small):
    registry = load(small)
    path = small.data / "inputs" / "prices.yml"
    path.write_text(path.read_text("utf-8").replace("1.00", "1.60"), "utf-8")
    with pytest.raises(in_process.NotebookError, match="nothing was changed"):
        accept.accept(registry, [PAGE], lambda _: None)


def test_an_error_of_a_reading_is_located_in_its_own_cell(small):
    source = """@claim.reading("List price", primary="the price on the list")
def list_price(apple_price, pear_price):
    return 1 / 0"""
    edit(small, lambda cells: cells[2].update(source=source))
    with pytest.raises(in_process.NotebookError) as caught:
        in_process.run(small, PAGE)
    message = str(caught.value)
    assert message.startswith("apples-half-price.ipynb#cell3, line 3: apples-half-price: reading")
    assert message.endswith("\n    return 1 / 0")


def test_an_error_of_a_reading_without_a_verdict_is_located_too(small):
    source = """@claim.reading("List price", primary="the price on the list")
def list_price(apple_price, pear_price):
    raise SystemExit(3)"""
    edit(small, lambda cells: cells[2].update(source=source) or cells.__delitem__(slice(3, None)))
    with pytest.raises(in_process.NotebookError, match="#cell3, line 3: SystemExit: 3"):
        in_process.recompute(load(small), PAGE)


def test_an_error_in_the_syntax_of_a_cell_is_named_with_its_line(small):
    append(small, "x = 1\ny = = 2")
    with pytest.raises(in_process.NotebookError, match="#cell6, line 2: SyntaxError"):
        in_process.run(small, PAGE)


def test_a_notebook_cannot_end_a_check_before_it_has_failed(small):
    leave = os._exit
    append(small, "import os\nos._exit(0)")
    with pytest.raises(
        in_process.NotebookError, match=r"#cell6, line 2: RuntimeError: .*_exit\(0\)"
    ):
        in_process.recompute(load(small), PAGE)
    assert os._exit is leave


def test_an_interruption_from_the_keyboard_ends_the_run(small):
    append(small, "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        in_process.run(small, PAGE)


def test_a_cell_may_display_something(small):
    append(small, "display(claim.verdict(), metadata={})")
    assert len(in_process.run(small, PAGE)) == 1


def test_a_notebook_runs_in_the_folder_of_the_notebooks(small):
    append(small, f"from pathlib import Path\nPath('{PAGE}.ipynb').stat()")
    before = Path.cwd()
    in_process.run(small, PAGE)
    assert Path.cwd() == before


@pytest.mark.parametrize("value", [None, "elsewhere"])
@pytest.mark.parametrize("ending", ["", "1 / 0"])
def test_nothing_that_a_notebook_sets_outlives_it(small, monkeypatch, value, ending):
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)
    if value:
        monkeypatch.setenv(ROOT_VARIABLE, value)
    before = dict(os.environ), list(sys.path), Path.cwd()
    append(
        small,
        "import os, sys\nos.environ['LEFT_BEHIND'] = '1'\ndel os.environ['PATH']\n"
        f"sys.path.insert(0, 'left behind')\nos.chdir('/')\n{ending}",
    )
    try:
        in_process.run(small, PAGE)
    except in_process.NotebookError:
        assert ending
    assert (dict(os.environ), list(sys.path), Path.cwd()) == before


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import time; time.sleep(60)", "timed out"),
        ("import os; os._exit(1)", "Kernel died"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_notebook_that_cannot_be_executed_is_named(small, monkeypatch, source, message):
    monkeypatch.setattr(kernels, "TIMEOUT", 3)
    edit(small, lambda cells: cells.__setitem__(slice(None), [nbformat.v4.new_code_cell(source)]))
    with pytest.raises(in_process.NotebookError, match=f"(?s)^{PAGE}.ipynb: .*{message}"):
        kernels.execute(small, PAGE)


def test_inputs_that_later_cells_use_are_shown_where_the_inputs_stand(small):
    show = nbformat.v4.new_code_cell("claim.inputs()")
    edit(small, lambda cells: cells.insert(2, show))
    append(small, "claim.table('harvest')")
    (output,) = kernels.execute(small, PAGE).cells[2].outputs
    shown = output["data"][MIME]
    assert [item["use"] for item in shown["inputs"]] == ["readings", "readings"]
    assert [table["id"] for table in shown["tables"]] == ["harvest"]
