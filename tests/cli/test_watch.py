"""Watching checks again after each save, says what is wrong, goes on, and ends when told to."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest

from claimbook.base.digests import PACKAGE
from claimbook.base.paths import ROOT_VARIABLE
from claimbook.cli import watch
from claimbook.data.registry import load
from claimbook.run import in_process
from claimbook.verdicts import ledger

PAGE = "apples-half-price"
PATIENCE = 60  # seconds, for a machine that is busy with other things


class Watcher:
    """A `claimbook check --watch` that runs, and what it has printed since last asked."""

    def __init__(self, project, package):
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from claimbook.cli import main; main()", "check", "--watch"],
            cwd=project.root,
            env=os.environ | {ROOT_VARIABLE: str(project.root), "PYTHONPATH": str(package.parent)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self.lines = []
        self.seen = 0
        threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True).start()

    def until(self, text):
        """What was printed since the last call, up to a line with this text."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for number, line in enumerate(self.lines[self.seen :], self.seen + 1):
                if text in line:
                    shown = "".join(self.lines[self.seen : number])
                    self.seen = number
                    return shown
            time.sleep(0.02)
        raise AssertionError(f"expected {text!r}, found:\n{''.join(self.lines[self.seen :])}")

    def end(self):
        """Press Ctrl-C; the status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=PATIENCE)


@pytest.fixture
def settled(small):
    """The small project with its ledger written."""
    loaded = load(small)
    results = [in_process.recompute(loaded, slug) for slug in loaded.claims]
    small.ledger.write_text(ledger.text(results), encoding="utf-8")
    return small


@pytest.fixture
def package(tmp_path):
    """A copy of this package, free to be broken."""
    return shutil.copytree(
        PACKAGE, tmp_path / "code" / "claimbook", ignore=shutil.ignore_patterns("__pycache__")
    )


@pytest.fixture
def start():
    """Start a watcher; whatever happens, it is ended."""
    started = []

    def begin(project, package=PACKAGE):
        started.append(Watcher(project, package))
        started[0].until("Watching for changes")
        return started[0]

    yield begin
    for watcher in started:
        watcher.process.kill()
        watcher.process.wait()


def put(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_each_save_is_checked_and_faults_do_not_end_the_watch(settled, start):
    prices = settled.data / "inputs" / "prices.yml"
    watcher = start(settled)

    put(prices, "1.00", "1.60")
    shown = watcher.until("recomputed in")
    assert "data/inputs/prices.yml" in shown
    assert "✗ does not hold" in shown
    assert "apples-half-price, saving, list_price: recomputed low: " in shown

    put(prices, "- id: apple_price", "- id: [apple_price")
    shown = watcher.until("expected valid YAML")
    assert "1 fault in the data" in shown
    assert "does not hold" not in shown

    put(prices, "- id: [apple_price", "- id: apple_price")
    put(prices, "1.60", "1.00")
    shown = watcher.until("1 claims recomputed in")
    assert "? unsettled" in shown
    assert "differs" not in shown

    put(settled.notebook(PAGE), "(apple_price, pear_price)", "(apple_prise, pear_price)")
    shown = watcher.until("0 claims recomputed in")
    assert "book/claims/apples-half-price.ipynb" in shown
    assert "nearest is 'apple_price'" in shown

    assert watcher.end() == 0
    assert "Traceback" not in "".join(watcher.lines)


def test_changed_code_starts_anew_as_soon_as_it_can(settled, package, start):
    watcher = start(settled, package)
    process = watcher.process.pid

    put(package / "cli" / "check.py", "claims recomputed in", "claims reckoned in")
    assert "claimbook/cli/check.py" in watcher.until("claims reckoned in")
    watcher.until("Watching for changes")

    put(package / "cli" / "check.py", "import click\n", "import click click\n")
    assert "reckoned" not in watcher.until("SyntaxError")
    put(settled.data / "articles.yml", "paper", "paper")
    put(package / "cli" / "check.py", "import click click\n", "import click\n")
    put(package / "cli" / "check.py", "claims reckoned in", "claims counted in")
    assert "reckoned" not in watcher.until("claims counted in")
    watcher.until("Watching for changes")

    assert watcher.process.pid == process
    assert watcher.end() == 0


@pytest.fixture
def changes(tmp_path, monkeypatch):
    """A folder, and how to wait for what is seen to change in it."""

    def begin(look=300):
        monkeypatch.setattr(watch, "LOOK", look)
        folder = tmp_path / "watched"
        folder.mkdir()
        (folder / "a.yml").write_text("a")
        found = watch._changes([folder, tmp_path / "absent"])
        assert next(found) == []
        # Here would come the first check; what is saved during it is not announced.
        (folder / "first.yml").write_text("b")
        assert next(found) == [folder / "first.yml"]
        return folder, lambda: [path.name for path in next(found)]

    return begin


def test_a_change_is_seen_when_it_is_announced(changes):
    folder, seen = changes(look=4_000)
    started = time.monotonic()
    (folder / "a.yml").write_text("b")
    assert seen() == ["a.yml"]
    assert time.monotonic() - started < 3, "it was found by looking"


def save_by_renaming(path, text):
    """Save as editors do that never leave half a file."""
    path.with_name(".a.yml.swp").write_text("")
    path.with_name("4913").write_text("")
    path.with_name("4913").unlink()
    path.rename(path.with_name("a.yml~"))
    path.with_name("a.tmp").write_text(text)
    path.with_name("a.tmp").rename(path)
    path.with_name("a.yml~").unlink()
    path.with_name(".a.yml.swp").unlink()


def test_a_file_saved_by_renaming_is_one_change(changes):
    folder, seen = changes()
    save_by_renaming(folder / "a.yml", "b")
    assert seen() == ["a.yml"]


def test_a_burst_is_one_change_and_the_next_save_another(changes, monkeypatch):
    monkeypatch.setattr(watch, "QUIET", 1_000)  # a busy machine may pause in the middle
    folder, seen = changes()
    (folder / "inner").mkdir()

    def burst():
        for number in range(20):
            (folder / "inner" / f"{number:02}.yml").write_text("b")
            time.sleep(0.01)

    threading.Timer(0.2, burst).start()
    assert len(seen()) == 20
    (folder / "inner" / "07.yml").write_text("c")
    assert seen() == ["07.yml"]


def test_a_save_without_a_change_and_what_is_hidden_or_compiled_do_not_count(changes):
    folder, seen = changes()
    (folder / "a.yml").write_text("a")
    os.utime(folder / "a.yml")
    for hidden in (".a.yml.swp", ".ipynb_checkpoints", "__pycache__"):
        (folder / hidden).mkdir()
        (folder / hidden / "a.yml").write_text("b")
    threading.Timer(0.5, lambda: (folder / "b.yml").write_text("b")).start()
    assert seen() == ["b.yml"]


def test_a_removed_file_is_a_change(changes):
    folder, seen = changes()
    (folder / "a.yml").unlink()
    assert seen() == ["a.yml"]


def test_a_failure_that_nobody_thought_of_is_shown_and_watching_goes_on(small, monkeypatch, capsys):
    monkeypatch.setattr(watch, "_changes", lambda folders: iter([[], [small.ledger]]))
    watch.follow(small, lambda: {}["a bug"])
    shown = capsys.readouterr()
    assert shown.err.count("KeyError: 'a bug'") == 2
    assert "data/verdicts.csv" in shown.out


def test_many_changed_files_are_named_in_one_line(small):
    paths = [small.data / f"{name}.yml" for name in "abcde"]
    assert watch._names(small, paths[:2]) == "data/a.yml, data/b.yml"
    assert watch._names(small, paths) == "data/a.yml, data/b.yml, data/c.yml and 2 more"
    assert (
        watch._names(small, [PACKAGE / "notebook" / "charts" / "theme.py"])
        == "claimbook/notebook/charts/theme.py"
    )
