"""The benchmark: its arithmetic, its file, its pages and the books it makes up. No seconds here."""

import copy
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from bench import __main__ as command
from bench import compare, machine, report, synthetic
from bench.commands import FailedError, run
from bench.memory import Watch
from bench.project import Copy, edited, lone_input
from claimbook.base.faults import DataError
from claimbook.base.paths import ROOT_VARIABLE, Project
from claimbook.cli import main
from claimbook.data.registry import load
from claimbook.run import dependencies
from claimbook.run.in_process import read, recompute
from claimbook.site import benchmark, stamp
from claimbook.site.sphinx.benchmark import NUMBERS, TABLES, duration
from places import CASES, ROOT, SITES
from small_sites import PAYLOADS, build, page, write_notebook

MEASURED = json.loads((CASES / "benchmark.json").read_text("utf-8"))
FOUND = benchmark.Benchmark.model_validate(MEASURED)


@pytest.mark.parametrize(
    ("slower", "faster", "expected"),
    [((40, 90, 30), (10, 12, 10), 4), ((3,), (6,), 0.5), ((1, 3), (1,), 2)],
)
def test_a_ratio_compares_medians(slower, faster, expected):
    assert benchmark.ratio(slower, faster) == expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([(10, 5), (100, 50), (1000, 500)], 1),
        ([(10, 7), (100, 7), (1000, 7)], 0),
        ([(10, 3), (100, 300)], 2),
        ([(10, 2), (1000, 20)], 0.5),
        ([(10, 2)], None),
        ([(10, 2), (10, 3)], None),
        ([], None),
    ],
)
def test_an_exponent_is_the_power_of_the_size(points, expected):
    found = benchmark.exponent(points)
    assert found == (expected if expected is None else pytest.approx(expected, abs=1e-9))


@pytest.mark.parametrize(
    ("claims", "machines", "expected"),
    [(1000, 1, 4 + 2 + 3000), (1000, 10, 4 + 2 + 300), (1001, 10, 4 + 2.002 + 303)],
)
def test_each_machine_starts_loads_everything_and_executes_its_share(claims, machines, expected):
    assert FOUND.wall(claims, machines) == pytest.approx(expected)


def test_one_notebook_says_nothing_about_further_ones():
    with pytest.raises(ValueError, match="at least two notebooks"):
        _ = FOUND.model_copy(update={"notebooks": 1}).notebook


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.25, "0.25 s"), (100, "100 s"), (120, "2 min"), (252, "4.2 min"), (20000, "5.6 h")],
)
def test_a_time_is_written_as_people_say_it(seconds, expected):
    assert duration(seconds) == expected.replace(" ", "\u00a0")


def test_the_last_line_says_how_many_times_faster_re_verification_is():
    printed = io.StringIO()
    report.show(FOUND, Console(width=60, file=printed))
    last = printed.getvalue().splitlines()[-1]
    assert last == "re-verification: 4.5 times faster than stock pytest-notebook"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("   1.0 s  a\n8 notebooks executed in 16.3 s\n", 8),
        ("1 notebook executed in 2.0 s", 1),
        ("Every notebook has its outputs: none is executed.", 0),
        ("Nothing has changed since the last build.", 0),
    ],
)
def test_the_number_of_executed_notebooks_is_read_from_what_a_build_says(output, expected):
    assert compare.executed(output) == expected


@pytest.mark.parametrize("reading", [compare.executed, compare.own_seconds])
def test_a_command_that_says_something_else_stops_the_benchmark(reading):
    with pytest.raises(FailedError, match="expected"):
        reading("something else")


@pytest.mark.parametrize(
    ("output", "expected"),
    [("== 8 passed, 6 warnings in 61 s ==", 8), ("== 1 failed, 7 passed ==", 7), ("nothing", 0)],
)
def test_the_number_of_notebooks_that_passed_is_read_from_what_pytest_says(output, expected):
    assert compare.passed(output) == expected


def test_a_failed_command_stops_the_benchmark_and_shows_what_it_said(tmp_path):
    with pytest.raises(FailedError, match=r"(?s)status 3, so nothing was measured:.*the reason"):
        run([sys.executable, "-c", "print('the reason'); raise SystemExit(3)"], tmp_path)


def test_a_benchmark_of_failing_tests_ends_with_status_1(monkeypatch):
    def fail(*_):
        raise FailedError("expected 8 notebooks that pass, found 7")

    monkeypatch.setattr(command, "Comparison", fail)
    monkeypatch.setattr(command, "write", lambda *_: pytest.fail("written"))
    done = CliRunner().invoke(command.main, [])
    assert (done.exit_code, done.stderr.strip()) == (1, "expected 8 notebooks that pass, found 7")


@pytest.mark.parametrize("sizes", ["", "ten", "0", "10 -1"])
def test_sizes_that_are_no_numbers_are_refused(monkeypatch, sizes):
    monkeypatch.setattr(command, "Comparison", None)
    done = CliRunner().invoke(command.main, ["--scale", sizes])
    assert done.exit_code == 2
    assert "expected numbers of claims" in done.stderr


def test_stock_pytest_leaves_out_of_the_comparison_what_we_leave_out():
    from comparison import IGNORED

    assert compare.ignored(ROOT) == IGNORED
    assert compare.stock_settings(("/a", "/b")) == "[pytest]\nnb_diff_ignore =\n    /a\n    /b\n"


def test_the_last_results_have_the_present_form_and_name_no_host():
    found = benchmark.read(Project(ROOT).benchmark, "bench/results.json")
    assert set(found.versions) == {"Python", *machine.LIBRARIES}
    assert "://" not in Project(ROOT).benchmark.read_text("utf-8")


def test_what_was_measured_survives_its_file(tmp_path):
    path = tmp_path / "results.json"
    benchmark.write(path, FOUND)
    assert benchmark.read(path, path.name) == FOUND


def without(*place):
    """The measured values without one field."""
    changed = copy.deepcopy(MEASURED)
    inner = changed
    for step in place[:-1]:
        inner = inner[step]
    del inner[place[-1]]
    return json.dumps(changed)


BROKEN = [
    (None, "bench/results.json: expected the results of make bench, found no file"),
    ("{", "bench/results.json: expected JSON, found: "),
    ("[]", "bench/results.json: expected the results of make bench, found a list"),
    (
        json.dumps(MEASURED | {"dat": 1}),
        "bench/results.json: dat: unknown field; nearest is 'date'",
    ),
    (without("date"), "bench/results.json: date: expected a value, found nothing"),
    (
        without("timings", "check"),
        "bench/results.json: timings.check: expected a value, found nothing",
    ),
    (
        without("sizes", 1, "kernel", "private"),
        "bench/results.json: sizes.2.kernel.private: expected a value, found nothing",
    ),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_a_file_that_is_missing_or_has_another_form_is_named_with_its_field(
    tmp_path, text, message
):
    path = tmp_path / "results.json"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=re.escape(message)):
        benchmark.read(path, "bench/results.json")


@pytest.fixture
def small(tmp_path):
    """The small site, with the results of a benchmark and a page that shows all of them."""
    site = Path(shutil.copytree(SITES / "small", tmp_path / "site"))
    tables = "\n\n".join(f"```{{benchmark}} {name}\n```" for name in TABLES)
    numbers = "\n".join(f"{name}: {{bench}}`{name}`;" for name in NUMBERS)
    (site / "sources.md").write_text(f"# Speed\n\n{numbers}\n\n{tables}\n", "utf-8")
    (site / "board.md").write_text("# Board\n", "utf-8")
    write_notebook(site / "claim.ipynb", "# A claim", PAYLOADS["claim"], PAYLOADS["verdict"])
    (site / "bench").mkdir()
    (site / "bench" / "results.json").write_text(json.dumps(MEASURED), "utf-8")
    return site


def test_the_pages_show_what_was_measured(small):
    assert build(small, warningiserror=True) == (0, "")
    html = page(small, "sources")
    assert re.search(r'speedup: <span class="cb-result">4\.5</span>', html)
    assert html.count("<caption") == len(TABLES)
    assert "Made &lt;up&gt;, 2 cores" in html
    for cells in (
        ("the same in make test", "3", "10", "10 to 12", "4.0", ""),
        ("make book, one input edited", "3", "8", "8", "7.5", "1"),
        ("check: load, validate, recompute all", "1", "11", "1.00"),
        ("kernel, median, private", "90", "90", "0.00"),
        ("10", "1,000", "50\u00a0min"),
    ):
        row = "".join(f"<td>{cell}</td>" for cell in cells[1:])
        assert f'<th scope="row">{cells[0]}</th>{row}' in html, cells


def test_new_results_alone_renew_the_page(small):
    build(small)
    changed = copy.deepcopy(MEASURED)
    changed["timings"]["reverification"] = [6.0]
    (small / "bench" / "results.json").write_text(json.dumps(changed), "utf-8")
    assert build(small)[0] == 0
    assert re.search(r'speedup: <span class="cb-result">9\.0</span>', page(small, "sources"))


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_results_that_cannot_be_shown_are_a_warning(small, text, message):
    path = small / "bench" / "results.json"
    path.unlink() if text is None else path.write_text(text, "utf-8")
    status, warnings = build(small, warningiserror=True)
    assert status == 1
    assert re.search(rf"sources\.md:\d+: WARNING: {re.escape(message)}", warnings)


def test_an_unknown_table_or_number_is_a_warning(small):
    text = "# Speed\n\n{bench}`no-such`\n\n```{benchmark} no-such\n```\n"
    (small / "sources.md").write_text(text, "utf-8")
    status, warnings = build(small, warningiserror=True)
    assert status == 1
    assert "bench 'no-such': expected one of speedup" in warnings
    assert "benchmark 'no-such': expected one of commands" in warnings


def test_a_site_built_with_other_results_is_not_current(tmp_path):
    project = Project(tmp_path)
    project.stamp.parent.mkdir()
    project.benchmark.parent.mkdir()
    project.benchmark.write_text("before", "utf-8")
    stamp.put(project, stamp.sources(project))
    assert stamp.is_current(project)
    project.benchmark.write_text("after", "utf-8")
    assert not stamp.is_current(project)


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    """A made-up book whose claims need two tables and one file of inputs."""
    return synthetic.generate(tmp_path_factory.mktemp("made-up") / "book", 11)


def test_a_made_up_book_passes_every_check(made_up, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(made_up.root))
    done = CliRunner().invoke(main, ["check"])
    assert done.exit_code == 0, done.output
    assert "11 claims recomputed" in done.output


def test_every_made_up_claim_has_its_own_number_and_is_recomputed_from_it(made_up):
    registry = load(made_up)
    results = [recompute(registry, name) for name in registry.claims]
    readings = [result.parts[0].readings for result in results]
    assert len({found[0].low for found in readings}) == 11
    assert {found[0].outcome for found in readings} == {"consistent"}
    assert {len(found) for found in readings} == {3}
    assert len(registry.tables) == 2
    assert len(registry.inputs) == 33


def test_an_edited_input_touches_one_notebook_and_is_put_back(made_up):
    def digests():
        registry = load(made_up)
        return {
            name: dependencies.digest(registry, name, read(made_up.notebook(name)))
            for name in registry.claims
        }

    before = digests()
    with edited(made_up, synthetic.lone_input()):
        during = digests()
    assert [name for name in before if during[name] != before[name]] == ["claim-00001"]
    assert digests() == before


def test_this_book_has_an_input_that_one_notebook_alone_rests_on(book):
    name = lone_input(book)
    texts = [book.notebook(slug).read_text("utf-8") for slug in load(book).pages]
    assert sum(name in text for text in texts) == 1


def test_what_is_measured_is_a_copy_whose_notebooks_the_stock_build_executes(tmp_path):
    measured = Copy(tmp_path / "copy", ROOT)
    assert (measured.root / "tests" / "bench" / "test_bench.py").is_file()
    assert not (measured.root / ".git").exists()
    measured.execute_as_stock()
    assert "execute_notebooks: force" in (measured.root / "_config.yml").read_text("utf-8")
    with pytest.raises(FailedError, match="expected 'execute_notebooks: cache' once"):
        measured.execute_as_stock()


def test_a_folder_that_is_not_under_git_is_refused(tmp_path):
    with pytest.raises(FailedError, match="expected a checkout under git"):
        Copy(tmp_path / "copy", tmp_path)


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
        with Watch(server.pid, interval=60) as watch:
            pass  # the end of watching is one last look
        server.communicate(b"end\n")
    median, largest = watch.kernels()
    assert median == largest
    assert 64 < largest.private < largest.resident
    assert 0 < watch.server.private < 64
    assert watch.driver.resident > 0


def test_without_kernels_there_is_nothing_to_say_of_their_memory():
    with Watch(None, interval=60) as watch:
        pass
    with pytest.raises(ValueError, match="expected kernels"):
        watch.kernels()
