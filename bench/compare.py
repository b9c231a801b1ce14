"""First part: this book as it is, with the stock tools and with ours."""

import re
import runpy
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from bench import project
from bench.commands import FailedError, Finished, say
from bench.project import Copy
from claimbook.data.registry import load
from claimbook.run.warm import PROVISIONER

_TESTS = "tests/run/test_in_process.py"
_COMPARISON = "tests/support/comparison.py"
_PYTEST = ("python", "-m", "pytest", "-p", "no:cacheprovider")
_BUILDS = 2  # rounds that also build the site, which takes longest


def measure(folder: Path, source: Path, runs: int) -> "Comparison":
    """Measure every command in each round, and what it is compared with right beside it.

    Args:
        folder: where copies of the project are made.
        source: the checkout.
        runs: how many rounds; builds happen in two at most.

    Raises:
        FailedError: a command failed, or did something else than it should.
    """
    found = Comparison(folder, source)
    found.prepare()
    for number in range(runs):
        say(f"round {number + 1} of {runs}")
        found.round(number)
    return found


class Comparison:
    """One copy of the project for the stock tools and one for ours.

    Attributes:
        notebooks: how many notebooks the book has.
        seconds: of each command, once for each time it was measured.
        executed: how many notebooks each kind of build executed.
    """

    def __init__(self, folder: Path, source: Path) -> None:
        self._stock = Copy(folder / "stock", source, "local-provisioner")
        self._ours = Copy(folder / "ours", source, PROVISIONER)
        self._slugs = list(load(self._ours.project).claims)
        self._input = project.lone_input(self._ours.project)
        self.notebooks = len(self._slugs)
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.executed: dict[str, int] = {}
        self._ini = folder / "stock.ini"
        self._ini.write_text(stock_settings(self._stock.project.root), encoding="utf-8")
        execute_as_stock(self._stock.project.root / "_config.yml")

    def prepare(self) -> None:
        """Store outputs of this machine for both sides, and fill caches.

        Stock pytest-notebook takes minutes to compare pictures that were drawn with other fonts.
        """
        say("warming up: outputs of this machine, and one round of everything")
        notebooks = self._stock.project.notebooks.glob("*.ipynb")
        self._stock.run("jupyter-execute", "--inplace", *map(str, sorted(notebooks)))
        self._ours.run("claimbook", "accept")
        self._verify_stock(self._slugs[0])
        self._verify(self._slugs[0])
        self._ours.run("claimbook", "build")

    def round(self, number: int) -> None:
        """Measure once."""
        pairs: list[tuple[Callable[[], object], Callable[[], object]]] = [
            (
                lambda: self._note("reverification_stock", self._verify_stock()),
                lambda: self._note("reverification", self._verify()),
            )
        ]
        if number < _BUILDS:
            pairs.append((self._build_stock, self._build))
        for pair in pairs:
            for command in reversed(pair) if number % 2 else pair:  # neither is always second
                command()
        self._note("pytest_stock", self._pytest_stock("book/claims", "--collect-only"))
        self._note("pytest", self._pytest("reproduces", "--collect-only"))
        self._note("reverification_one", self._verify(self._slugs[0]))
        checked = self._note("check", self._ours.run("claimbook", "check"))
        self.seconds["check_own"].append(said(r"claims recomputed in ([\d.]+) s", checked.output))
        self._note("server", self._ours.run("python", "-c", "import claimbook.run.preloaded"))

    def _verify_stock(self, page: str = "") -> Finished:
        """pytest-notebook's own collection, without our fixtures and with ordinary kernels."""
        found = self._pytest_stock(f"book/claims/{page}.ipynb" if page else "book/claims")
        return self._passed(found, page)

    def _verify(self, page: str = "") -> Finished:
        """What `make test` does with the notebooks."""
        return self._passed(self._pytest(f"reproduces and {page}" if page else "reproduces"), page)

    def _pytest_stock(self, *arguments: str) -> Finished:
        place = ("-c", str(self._ini), "--rootdir", str(self._stock.project.root))
        return self._stock.run(*_PYTEST, *place, "--nb-test-files", *arguments)

    def _pytest(self, names: str, *options: str) -> Finished:
        return self._ours.run(*_PYTEST, _TESTS, "-k", names, *options)

    def _passed(self, found: Finished, page: str) -> Finished:
        expected, passed = 1 if page else self.notebooks, said(r"(\d+) passed", found.output)
        if passed != expected:
            raise FailedError(f"expected {expected} notebooks that pass, found {passed:.0f}")
        return found

    def _build_stock(self) -> None:
        self._stock.unbuild()
        # As strict as `claimbook build`.
        strict = (str(self._stock.project.root), "-W", "-n", "--keep-going")
        self._note("build_stock", self._stock.run("jupyter-book", "build", *strict))

    def _build(self) -> None:
        self._ours.unbuild()
        self._build_once("cold", self.notebooks)
        self._build_once("unchanged", 0)
        with project.edited(self._ours.project, self._input):
            self._build_once("edited", 1)

    def _build_once(self, kind: str, expected: int) -> None:
        built = self._note(f"build_{kind}", self._ours.run("claimbook", "build"))
        executed = sum(map(int, re.findall(r"(\d+) notebooks? executed in", built.output)))
        if executed != expected:
            raise FailedError(
                f"build {kind}: expected {expected} notebooks executed, found {executed}"
            )
        self.executed[kind] = expected

    def _note(self, name: str, finished: Finished) -> Finished:
        self.seconds[name].append(round(finished.seconds, 3))
        say(f"{finished.seconds:6.1f} s  {name.replace('_', ' ')}")
        return finished


def stock_settings(root: Path) -> str:
    """Configuration of pytest for stock pytest-notebook: what our own comparison leaves out."""
    ignored = runpy.run_path(str(root / _COMPARISON))["IGNORED"]
    return "\n    ".join(("[pytest]\nnb_diff_ignore =", *ignored)) + "\n"


def execute_as_stock(configuration: Path) -> None:
    """Let Jupyter Book execute every notebook itself.

    Raises:
        FailedError: the configuration has another mode than expected.
    """
    text = configuration.read_text(encoding="utf-8")
    changed = text.replace("execute_notebooks: cache", "execute_notebooks: force")
    if changed == text:
        raise FailedError("_config.yml: expected 'execute_notebooks: cache', found another")
    configuration.write_text(changed, encoding="utf-8")


def said(pattern: str, output: str) -> float:
    """The number that a command says.

    Raises:
        FailedError: it says none.
    """
    found = re.search(pattern, output)
    if not found:
        raise FailedError(f"expected {pattern!r} in the output, found:\n{output}")
    return float(found[1])
