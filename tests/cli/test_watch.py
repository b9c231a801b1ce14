"""Watching shows each save in the terminal and on the site, goes on, and ends when told to."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request

import psutil
import pytest
from click.testing import CliRunner

from claimbook import cli
from claimbook.base.digests import PACKAGE
from claimbook.base.paths import ROOT_VARIABLE
from claimbook.site.serve import Server
from small_book import PRICES, SmallBook

PATIENCE = 60  # seconds, for a machine that is busy with other things


class Watcher:
    """A `claimbook watch` that runs, and what it has printed since last asked."""

    def __init__(self, project, package):
        surroundings = {
            ROOT_VARIABLE: str(project.root),
            "PYTHONPATH": str(package.parent),
            "CLAIMBOOK_PORT": "0",  # any
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from claimbook.cli import main; main()", "watch"],
            cwd=project.root,
            env=os.environ | surroundings,
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
def package(tmp_path):
    """A copy of this package, free to be broken."""
    return shutil.copytree(
        PACKAGE, tmp_path / "code" / "claimbook", ignore=shutil.ignore_patterns("__pycache__")
    )


@pytest.fixture
def start():
    """Start a watcher and return it with what it says first; whatever happens, it is ended."""
    started = []

    def begin(project, package=PACKAGE):
        started.append(Watcher(project, package))
        return started[0], started[0].until("Watching for changes")

    yield begin
    for watcher in started:
        watcher.process.kill()
        watcher.process.wait()


def put(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_each_save_is_checked_and_shown_and_faults_leave_the_site_as_it_was(tmp_path, start):
    book = SmallBook(tmp_path / "book")
    watcher, shown = start(book.project)
    address = re.search(r"Open (\S+)", shown).group(1)
    started = psutil.Process(watcher.process.pid).children(recursive=True)

    def served():
        return urllib.request.urlopen(f"{address}book/claims/{PRICES}.html").read().decode()

    assert book.card(PRICES) == "50 %"
    first = served()

    book.price("1.60")
    shown = watcher.until("Open http")
    assert "data/inputs/prices.yml" in shown
    assert "✗ does not hold" in shown
    assert "1 notebook executed in" in shown
    assert book.card(PRICES) == "20 %"
    assert served() != first

    book.replace("data/inputs/prices.yml", "- id: apple_price", "- id: [apple_price")
    shown = watcher.until("Open http")
    assert "1 fault in the data" in shown
    assert "does not hold" not in shown
    assert book.card(PRICES) == "20 %"

    book.replace("data/inputs/prices.yml", "- id: [apple_price", "- id: apple_price")
    book.edit_cells(PRICES, lambda cells: cells[2].update(source=cells[2].source + "\n1 / 0"))
    shown = watcher.until("ZeroDivisionError")
    assert f"{PRICES}.ipynb#cell3" in shown
    assert "executed" not in watcher.until("Open http")
    assert book.card(PRICES) == "20 %"

    book.edit_cells(PRICES, lambda cells: cells[2].update(source=cells[2].source[:-6]))
    book.replace("data/inputs/prices.yml", '"1.60"', '"1.50"')
    watcher.until("site built in")
    assert book.card(PRICES) == "25 %"

    assert watcher.end() == 0
    assert psutil.wait_procs(started, timeout=PATIENCE)[1] == []
    assert "Traceback" not in "".join(watcher.lines)


def test_changed_code_starts_anew_as_soon_as_it_can_and_serves_where_it_did(small, package, start):
    # With a fault in the data nothing is executed or built.
    (small.data / "articles.yml").write_text("- id: [", encoding="utf-8")
    watcher, shown = start(small, package)
    address = re.search(r"Open (\S+)", shown).group(1)
    process = watcher.process.pid

    put(package / "cli" / "watch.py", "import click\n", "import click click\n")
    assert "Open" not in watcher.until("SyntaxError")
    (small.data / "articles.yml").write_text("- id: {", encoding="utf-8")
    put(package / "cli" / "watch.py", 'echo(f"Open ', 'echo(f"Look at ')
    put(package / "cli" / "watch.py", "import click click\n", "import click\n")
    shown = watcher.until(f"Look at {address}")
    assert "claimbook/cli/watch.py" in shown
    assert "Open" not in shown
    watcher.until("Watching for changes")

    assert watcher.process.pid == process
    assert watcher.end() == 0


def test_a_port_that_is_taken_is_named(small, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(small.root))
    with Server(small.site, 0) as other:
        port = str(other.server_port)
        result = CliRunner().invoke(cli.main, ["watch", "--port", port])
    assert result.exit_code == 1
    assert re.fullmatch(f"port {port}: .* in use\n", result.output)
