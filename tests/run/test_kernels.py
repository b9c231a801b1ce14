"""Notebooks executed with kernels: several at a time, each whatever happens to another."""

import copy
import os
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest
from pytest_notebook.post_processors import coalesce_streams

from claimbook.base.paths import ROOT_VARIABLE
from claimbook.notebook.render import MIME, VEGA_LITE_MIME
from claimbook.run import bounded, kernels, warm
from claimbook.run.in_process import NotebookError
from claimbook.run.kernels import execute_all

SOON = 30  # seconds for what takes one


def write(project, slug, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project.notebook(slug))


def executed(project, *slugs, **options):
    found = []
    execute_all(project, slugs, found.append, **options)
    return {run.slug: run for run in found}


MEETING = """
import time
from pathlib import Path
Path("{mine}.here").touch()
end = time.monotonic() + {soon}
while not Path("{other}.here").exists():
    assert time.monotonic() < end, "the other one never came"
    time.sleep(0.02)
"""


@pytest.mark.parametrize("options", [{"jobs": 2}, {}], ids=["two jobs", "default"])
def test_two_notebooks_run_at_the_same_time(small, options):
    for mine, other in (("one", "two"), ("two", "one")):
        write(small, mine, MEETING.format(mine=mine, other=other, soon=SOON))
    runs = executed(small, "one", "two", **options)
    assert [run.error for run in runs.values()] == [None, None]


def test_with_one_job_they_run_one_after_the_other(small):
    code = (
        "from pathlib import Path\nimport time\n"
        "assert not Path('here').exists()\n"
        "Path('here').touch()\ntime.sleep(0.3)\nPath('here').unlink()"
    )
    write(small, "one", code)
    write(small, "two", code)
    runs = executed(small, "one", "two", jobs=1)
    assert [run.error for run in runs.values()] == [None, None]


def test_what_fails_in_one_notebook_keeps_no_other_from_its_turn(small):
    write(small, "fails", "1 / 0")
    write(small, "dies", "import os; os._exit(1)")
    write(small, "works", "print(1)")
    small.notebook("spoilt").write_text("{", "utf-8")
    runs = executed(small, "fails", "dies", "works", "spoilt", "missing")
    assert "ZeroDivisionError" in str(runs["fails"].error)
    assert "Kernel died" in str(runs["dies"].error)
    for slug in ("spoilt", "missing"):
        assert f"{slug}.ipynb: expected a notebook" in str(runs[slug].error)
    assert runs["works"].error is None
    assert runs["works"].notebook.cells[0].outputs[0].text == "1\n"
    assert runs["works"].seconds > 0


CHART = """
from claimbook import Claim
import altair as alt
claim = Claim("apples-half-price")
chart = alt.Chart({"values": [{"x": 1}]}, title="One").mark_bar().encode(
    x=alt.X("x:Q", title="USD"))
claim.figure(chart, alt="A bar.", sources=["apple_price"])
"""


FRAME = "import pandas as pd\npd.DataFrame({'x': [1]})"
PICTURE = "from IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')"


def test_what_is_executed_for_a_file_has_no_html_and_no_picture_whoever_shows_them(small):
    write(small, "shows", CHART, "claim", FRAME, PICTURE)
    run = executed(small, "shows")["shows"]
    forms = [set(cell.outputs[0].data) for cell in run.notebook.cells]
    plain = {"text/plain"}
    assert forms == [{MIME, VEGA_LITE_MIME} | plain, {MIME} | plain, plain, plain]


PRINTS = {
    "with pauses": "import time\nfor n in range(3):\n    print(n, flush=True)\n    time.sleep(0.3)",
    "in two streams": (
        "import sys, time\nprint('a', file=sys.stderr, flush=True)\ntime.sleep(0.3)\n"
        "print('b', flush=True)\ntime.sleep(0.3)\nprint('c', file=sys.stderr)"
    ),
    "around what it shows": "print('a')\ndisplay(1)\nprint('b')",
    "over itself": "print(1, end='\\r', flush=True)\nprint(2, end='\\r')\nprint('x\\by')",
}


def test_what_a_cell_prints_is_stored_as_the_test_of_stored_outputs_compares_it(small):
    write(small, "prints", *PRINTS.values())
    run = executed(small, "prints")["prints"]
    stored = copy.deepcopy(run.notebook)
    assert [
        [output.text if "text" in output else "shown" for output in cell.outputs]
        for cell in stored.cells
    ] == [["0\n1\n2\n"], ["b\n", "a\nc\n"], ["a\nb\n", "shown"], ["y\n"]]
    assert coalesce_streams(stored, {})[0] == run.notebook


def test_a_notebook_that_shows_more_than_a_page_can_is_ended_and_named(small, monkeypatch):
    monkeypatch.setattr(bounded, "LIMIT", 1000)
    write(small, "chatty", "while True:\n    print('x' * 100)")
    write(small, "heavy", "from IPython.display import HTML\nHTML('x' * 2000)")
    write(small, "quiet", "print('x' * 100)")
    runs = executed(small, "chatty", "heavy", "quiet")
    for slug in ("chatty", "heavy"):
        assert str(runs[slug].error) == (
            f"{slug}.ipynb: expected at most 1,000 letters shown, found more"
        )
    assert runs["quiet"].error is None


@pytest.mark.parametrize("provisioner", [warm.PROVISIONER, "local-provisioner"])
def test_what_somebody_lets_ipython_do_at_every_start_is_not_done_here(
    small, tmp_path, monkeypatch, provisioner
):
    startup = tmp_path / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("left_behind = 1")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / ".ipython"))
    monkeypatch.setenv(warm.VARIABLE, provisioner)
    write(small, "clean", "print('left_behind' in globals())")
    run = executed(small, "clean")["clean"]
    assert run.notebook.cells[0].outputs[0].text == "False\n"


@pytest.mark.parametrize(
    ("provisioner", "signum", "words"),
    [
        (warm.PROVISIONER, signal.SIGINT, "Aborted!"),
        ("local-provisioner", signal.SIGINT, "Aborted!"),
        (warm.PROVISIONER, signal.SIGTERM, "ended before it was done"),
        ("local-provisioner", signal.SIGTERM, "ended before it was done"),
    ],
)
def test_ctrl_c_or_sigterm_ends_kernels_and_changes_nothing(
    small, tmp_path, provisioner, signum, words
):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    notebook = nbformat.read(small.notebook("apples-half-price"), 4)
    pid_file = tmp_path / "pid"
    source = (
        f"import os, time; open({str(pid_file)!r}, 'w').write(f'{{os.getpid()}} '); time.sleep(600)"
    )
    notebook.cells.append(nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, small.notebook("apples-half-price"))
    before = small.notebook("apples-half-price").read_bytes()
    run = subprocess.Popen(
        [sys.executable, "-c", "from claimbook.cli import main; main()", "accept"],
        env=os.environ
        | {
            ROOT_VARIABLE: str(small.root),
            warm.VARIABLE: provisioner,
            "TMPDIR": str(temporary),
            "JUPYTER_RUNTIME_DIR": str(temporary),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    kernel = int(waited_for(pid_file, run).split()[0])
    started = psutil.Process(run.pid).children(recursive=True)
    # Ctrl-C reaches all that stand before the terminal; SIGTERM the command alone.
    (os.killpg if signum == signal.SIGINT else os.kill)(run.pid, signum)
    _, messages = run.communicate(timeout=SOON)
    assert run.returncode
    assert messages.strip().endswith(words)
    assert "Traceback" not in messages
    assert list(temporary.iterdir()) == []
    assert psutil.wait_procs(started, timeout=SOON)[1] == []
    assert not psutil.pid_exists(kernel)
    assert small.notebook("apples-half-price").read_bytes() == before
    assert not small.ledger.exists()


def interrupt(_):
    raise KeyboardInterrupt


def test_a_kernel_that_starts_during_an_interruption_runs_no_cell(small):
    write(small, "starting", "from pathlib import Path\nPath('ran').touch()")
    with pytest.raises(KeyboardInterrupt):
        execute_all(small, ["starting", "missing"], interrupt, jobs=2)
    assert not (small.notebooks / "ran").exists()


def test_after_an_interruption_no_other_notebook_gets_its_turn(small, monkeypatch):
    begun = []

    def fails(path):
        begun.append(path.stem)
        if len(begun) > 1:
            time.sleep(1)  # by then the interruption has come
        raise NotebookError("no notebook")

    monkeypatch.setattr(kernels, "read", fails)
    with pytest.raises(KeyboardInterrupt):
        execute_all(small, ["one", "two", "three", "four"], interrupt, jobs=1)
    assert set(begun) <= {"one", "two"}


def waited_for(path, run):
    end = time.monotonic() + SOON
    while not (path.exists() and " " in path.read_text()):
        assert time.monotonic() < end and run.poll() is None, run.communicate()
        time.sleep(0.05)
    return path.read_text()
