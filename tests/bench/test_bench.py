"""The benchmark: its arithmetic, its page and the books it makes up. No seconds here."""

import re
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from bench import __main__ as command
from bench import compare, page, scale, synthetic
from bench.commands import FailedError, run
from bench.memory import Watch
from bench.project import Copy, edited, lone_input
from bench.results import LIBRARIES, Results, growth
from claimbook.base.paths import ROOT_VARIABLE, Project
from claimbook.cli import main
from claimbook.data.registry import load
from claimbook.notebook.render import MIME
from claimbook.run import dependencies
from claimbook.run.in_process import recompute
from claimbook.run.kernels import execute
from claimbook.run.notebooks import read
from claimbook.site import stamp
from comparison import IGNORED
from places import ROOT

MEMORY = {"resident": 200.0, "private": 90.0}
SIZE = dict.fromkeys(("server", "kernel", "kernel_largest", "driver"), MEMORY) | {
    "sample": 10,
    "check": 1.0,
    "reverification": 6.0,
    "unchanged": 0.1,
    "edited": 1.0,
    "edited_executed": 1,
}
SECONDS = dict.fromkeys(("build_cold", "build_unchanged", "build_edited", "check"), (8,))
FOUND = Results(
    date="2025-01-27",
    runs=3,
    notebooks=3,
    machine={"processor": "<b>x</b> | *y*", "cores": 2, "memory": 8, "system": "a_b_c `d`"},
    versions={"Python": "3.11.2"},
    timings={
        **SECONDS,
        "reverification_stock": (90, 30, 40),
        "reverification": (10, 10, 12),
        "reverification_one": (4,),
        "pytest_stock": (4, 3, 5),
        "pytest": (2, 1, 4),
        "build_stock": (60,),
        "check_own": (1,),
        "server": (2,),
    },
    executed={"cold": 3, "unchanged": 0, "edited": 1},
    sizes=[SIZE | {"claims": 10, "load": 0.5}, SIZE | {"claims": 1000, "load": 2.48}],
)


@pytest.mark.parametrize(
    ("sizes", "values", "expected"),
    [
        ([10, 100], [5, 50], 1),
        ([10, 100], [7, 7], 0),
        ([1, 10, 100], [900, 3, 300], 2),
        ([10, 1000], [2, 20], 0.5),
        ([10], [2], None),
    ],
)
def test_growth_is_the_power_of_the_size_over_the_last_step(sizes, values, expected):
    assert growth(sizes, values) == (expected if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("claims", "machines", "expected"),
    [(1000, 1, 4 + 2 + 3000), (1000, 10, 4 + 2 + 300), (1001, 10, 4 + 2.002 + 303)],
)
def test_each_machine_starts_loads_everything_and_executes_its_share(claims, machines, expected):
    assert FOUND.wall(claims, machines) == pytest.approx(expected)


def test_re_verification_is_compared_by_medians_beyond_the_start_of_pytest():
    expected = "re-verification: 4.5 times faster than stock pytest-notebook"
    assert page.last_line(FOUND) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.0026, "2.6 ms"),
        (0.25, "0.25 s"),
        (100, "100 s"),
        (120, "2 min"),
        (252, "4.2 min"),
        (20000, "5.6 h"),
    ],
)
def test_a_time_is_written_as_people_say_it(seconds, expected):
    assert page.duration(seconds) == expected.replace(" ", "\u00a0")


def test_the_page_shows_what_was_measured_and_takes_names_of_the_machine_as_text():
    html = MarkdownIt().enable("table").render(page.text(FOUND))
    rows = [re.findall(r"<td[^>]*>(.*)</td>", row) for row in html.split("<tr>")]
    for expected in (
        ["the same in make test", "3", "10", "10 to 12", "4.0", ""],
        ["make book, one input edited", "1", "8", "8", "7.5", "1"],
        ["kernel, median, private", "90", "90", "0.00"],
        ["10", "1,000", "50\u00a0min", "8.4\u00a0h"],
        ["Processor", "&lt;b&gt;x&lt;/b&gt; | *y*, 2 cores"],
        ["System", "a_b_c `d`"],
    ):
        assert expected in rows


def test_the_pages_include_every_part_of_what_the_last_run_wrote():
    found = Results.model_validate_json((ROOT / "bench" / "results.json").read_text("utf-8"))
    written = (ROOT / "bench" / "results.md").read_text("utf-8")
    assert written == page.text(found)
    assert set(found.versions) == {"Python", *LIBRARIES}
    assert "://" not in written
    pages = "".join(
        (ROOT / "book" / name).read_text("utf-8") for name in ("speed.md", "scaling.md")
    )
    _, *parts = re.findall(r"<!-- .* -->", written)
    assert re.findall(r":start-after: (<!-- .* -->)", pages) == parts


@pytest.mark.parametrize("sizes", ["", "ten", "0", "10 -1"])
def test_sizes_that_are_no_numbers_are_refused(sizes):
    done = CliRunner().invoke(command.main, ["--scale", sizes])
    assert done.exit_code == 2
    assert "expected numbers of claims" in done.stderr


def test_a_command_that_fails_or_says_something_else_stops_the_benchmark(tmp_path):
    failing = ["python", "-c", "print('the reason'); raise SystemExit(3)"]
    with pytest.raises(FailedError, match=r"(?s)ended with status 3.*the reason"):
        run(failing, tmp_path, {})
    with pytest.raises(FailedError, match=r"expected '.*passed'.*\n1 failed"):
        compare.said(r"(\d+) passed", "1 failed")
    assert compare.said(r"(\d+) passed", "1 failed, 7 passed") == 7


def test_a_benchmark_of_failing_tests_ends_with_status_1(monkeypatch):
    def fail(*_):
        raise FailedError("expected 8 notebooks that pass, found 7")

    monkeypatch.setattr(compare, "measure", fail)
    done = CliRunner().invoke(command.main, [])
    assert (done.exit_code, done.stderr.strip()) == (1, "expected 8 notebooks that pass, found 7")


def test_stock_tools_compare_what_we_compare_and_execute_every_notebook(tmp_path):
    listed = "".join(f"\n    {place}" for place in IGNORED)
    assert compare.stock_settings(ROOT) == f"[pytest]\nnb_diff_ignore ={listed}\n"
    configuration = tmp_path / "_config.yml"
    shutil.copy(ROOT / "_config.yml", configuration)
    compare.execute_as_stock(configuration)
    assert "execute_notebooks: force" in configuration.read_text("utf-8")
    with pytest.raises(FailedError, match="expected 'execute_notebooks: cache'"):
        compare.execute_as_stock(configuration)


def test_a_site_built_with_other_results_is_not_current(tmp_path):
    project = Project(tmp_path)
    results = tmp_path / "bench" / "results.md"
    for folder in (project.stamp.parent, results.parent):
        folder.mkdir()
    results.write_text("before", "utf-8")
    stamp.put(project, stamp.sources(project))
    assert stamp.is_current(project)
    results.write_text("after", "utf-8")
    assert not stamp.is_current(project)


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    """A made-up book whose claims need two tables."""
    return synthetic.generate(tmp_path_factory.mktemp("made-up") / "book", 11)


def test_a_made_up_book_passes_every_check(made_up, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(made_up.root))
    done = CliRunner().invoke(main, ["check"])
    assert done.exit_code == 0, done.output
    assert "11 claims recomputed" in done.output


def test_a_made_up_notebook_shows_what_a_page_of_this_book_shows(made_up):
    notebook = execute(made_up, "apples-half-price00011")
    payloads = [
        output["data"][MIME]
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        if MIME in output.get("data", {})
    ]
    assert {"claim", "inputs", "figure", "verdict", "sources"} <= {
        each["kind"] for each in payloads
    }


def test_every_made_up_claim_has_its_own_number_and_is_recomputed_from_it(made_up):
    registry = load(made_up)
    results = [recompute(registry, name) for name in registry.claims]
    readings = [result.parts[0].readings for result in results]
    assert len({found[0].low for found in readings}) == 11
    assert {len(found) for found in readings} == {3}
    assert (len(registry.tables), len(registry.inputs)) == (2, 22)


def test_an_edited_input_touches_one_notebook_and_is_put_back(made_up):
    def digests():
        registry, found = load(made_up), {}
        for name in registry.claims:
            notebook = read(made_up.notebook(name))
            program = dependencies.program(made_up, notebook)
            found[name] = dependencies.digest(registry, program, scale.named(notebook))
        return found

    before = digests()
    with edited(made_up, synthetic.EDITED):
        during = digests()
    assert [name for name in before if during[name] != before[name]] == [next(iter(before))]
    assert digests() == before


def test_this_book_has_an_input_that_one_notebook_alone_rests_on(book):
    name = lone_input(book)
    texts = [book.notebook(slug).read_text("utf-8") for slug in load(book).claims]
    assert sum(name in text for text in texts) == 1


def test_what_is_measured_is_a_copy_of_what_git_tracks(tmp_path):
    source = tmp_path / "source"
    (source / "claimbook").mkdir(parents=True)
    for name, text in ((".gitignore", "made\n"), ("made", ""), ("claimbook/rule.py", "")):
        (source / name).write_text(text)
    subprocess.run(["git", "init", "--quiet"], cwd=source, check=True)
    measured = Copy(tmp_path / "copy", source, "local-provisioner").project.root
    assert {path.name for path in measured.iterdir()} == {".gitignore", "claimbook"}
    assert (measured / "claimbook" / "rule.py").is_file()
    with pytest.raises(FailedError, match="expected a checkout under git"):
        Copy(tmp_path / "other", tmp_path, "local-provisioner")


HOLDER = """
import subprocess, sys
held = [sys.executable, "-c", "held = b'x' * 2**26; print(); input()"]
child = subprocess.Popen(held, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
print(flush=True)
input()
child.communicate(b"end")
"""


def test_memory_is_that_of_a_server_and_of_what_it_has_started():
    holder = [sys.executable, "-c", HOLDER]
    with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        server.stdout.readline()
        with Watch(server.pid) as watch:
            pass  # it begins with a look
        server.communicate(b"end\n")
    found = watch.found()
    assert found["kernel"] == found["kernel_largest"]
    assert 64 < found["kernel"].private < found["kernel"].resident
    assert 0 < found["server"].private < 64
    assert found["driver"].resident > 0


def test_without_kernels_there_is_nothing_to_say_of_their_memory():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as server:
        with Watch(server.pid) as watch:
            pass
        server.communicate(b"end\n")
    with pytest.raises(ValueError, match="expected kernels"):
        watch.found()
