"""First part: this book as it is, with the stock tools and with ours."""

import ast
import re
import shutil
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from bench import commands, project
from bench.commands import FailedError, program, say
from bench.project import Copy
from claimbook.data.registry import load
from claimbook.site.benchmark import Executed, Timings

PYTHON = sys.executable
_STRICT = ("-W", "-n", "--keep-going")  # as in `claimbook build`
_TESTS = "tests/run/test_in_process.py"
_IGNORED = "tests/support/comparison.py"
_EXAMPLE = Path("tests", "cases", "benchmark.json")
_BUILDS = 2  # rounds that also build the site, which takes longest
_CACHELESS = ("-p", "no:cacheprovider")


class Comparison:
    """Measures every command in each round, and what it is compared with right beside it.

    Args:
        folder: where copies of the project are made.
        source: the checkout.

    Attributes:
        executed: how many notebooks each kind of build executed, once measured.
    """

    def __init__(self, folder: Path, source: Path) -> None:
        self.executed: dict[str, int] = {}
        self._seconds: dict[str, list[float]] = defaultdict(list)
        self._copy = Copy(folder / "ours", source)
        self._plain = Copy(folder / "plain", source)
        for copy in (self._copy, self._plain):
            # Its page can be built before there are results, and after their form changed.
            shutil.copy(copy.root / _EXAMPLE, copy.project.benchmark)
        self._plain.execute_as_stock()
        self._pages = tuple(load(self._copy.project).claims)
        self._input = project.lone_input(self._copy.project)
        self._ini = folder / "stock.ini"
        self._ini.write_text(stock_settings(ignored(self._copy.root)), encoding="utf-8")

    @property
    def notebooks(self) -> int:
        """How many notebooks the book has."""
        return len(self._pages)

    def measure(self, runs: int) -> Timings:
        """Warm up once, then measure everything `runs` times, builds at most twice.

        Raises:
            FailedError: a command failed, or a build executed another number of notebooks than
                before.
        """
        say("warming up: one round of everything that is not measured")
        self._verify_stock(self._pages[0])
        self._verify(self._pages[0])
        self._build()
        for number in range(runs):
            self._round(number, runs)
        return Timings.model_validate(self._seconds)

    def counts(self) -> Executed:
        """How many notebooks the builds executed."""
        return Executed.model_validate(self.executed)

    def _round(self, number: int, runs: int) -> None:
        pair: list[tuple[str, Callable[[], commands.Finished]]] = [
            ("reverification_stock", self._verify_stock),
            ("reverification", self._verify),
        ]
        builds: list[Callable[[], None]] = [self._stock_build, self._builds]
        if number % 2:  # whoever comes second gains or loses in turn
            pair.reverse()
            builds.reverse()
        self._label = f"round {number + 1} of {runs}"
        for name, command in pair:
            self._note(name, command())
        self._note("pytest_stock", self._stock_pytest("book/claims", "--collect-only"))
        self._note("pytest", self._pytest("reproduces", "--collect-only"))
        self._note("reverification_one", self._verify(self._pages[0]))
        for build in builds if number < _BUILDS else ():
            build()
        checked = self._run(program("claimbook"), "check")
        self._note("check", checked)
        self._seconds["check_own"].append(own_seconds(checked.output))
        code = "from claimbook.run.warm.server import preload; preload()"
        self._note("server", self._run(PYTHON, "-c", code))

    def _verify_stock(self, page: str = "") -> commands.Finished:
        """pytest-notebook's own collection, without our fixtures and with ordinary kernels."""
        place = f"book/claims/{page}.ipynb" if page else "book/claims"
        finished = self._stock_pytest(place)
        self._need_passed(finished.output, page)
        return finished

    def _stock_pytest(self, *arguments: str) -> commands.Finished:
        return self._run(
            *(PYTHON, "-m", "pytest", "-c", str(self._ini), "--rootdir", str(self._copy.root)),
            *(*_CACHELESS, "--nb-test-files", *arguments),
            warm=False,
        )

    def _verify(self, page: str = "") -> commands.Finished:
        """What `make test` does with the notebooks."""
        name = "reproduces" + (f" and {page}" if page else "")
        finished = self._pytest(name)
        self._need_passed(finished.output, page)
        return finished

    def _pytest(self, name: str, *options: str) -> commands.Finished:
        return self._run(PYTHON, "-m", "pytest", *_CACHELESS, _TESTS, "-k", name, *options)

    def _need_passed(self, output: str, page: str) -> None:
        expected = 1 if page else self.notebooks
        found = passed(output)
        if found != expected:
            raise FailedError(f"expected {expected} notebooks that pass, found {found}:\n{output}")

    def _stock_build(self) -> None:
        self._plain.unbuild()
        root = self._plain.root
        command = [program("jupyter-book"), "build", str(root), *_STRICT]
        self._note("build_stock", commands.run(command, root, self._plain.environment(warm=False)))

    def _builds(self) -> None:
        self._copy.unbuild()
        self._note_build("cold", self._build())
        self._note_build("unchanged", self._build())
        with project.edited(self._copy.project, self._input):
            self._note_build("edited", self._build())

    def _build(self) -> commands.Finished:
        return self._run(program("claimbook"), "build")

    def _run(self, *arguments: str, warm: bool = True) -> commands.Finished:
        return commands.run(arguments, self._copy.root, self._copy.environment(warm=warm))

    def _note(self, name: str, finished: commands.Finished) -> None:
        self._seconds[name].append(round(finished.seconds, 3))
        say(f"{self._label}: {finished.seconds:6.1f} s  {name.replace('_', ' ')}")

    def _note_build(self, kind: str, finished: commands.Finished) -> None:
        self._note(f"build_{kind}", finished)
        count = executed(finished.output)
        before = self.executed.setdefault(kind, count)
        if before != count:
            raise FailedError(f"build {kind}: {before} notebooks executed before, {count} now")


def stock_settings(ignored: tuple[str, ...]) -> str:
    """Configuration of pytest for stock pytest-notebook: only what may differ is left out."""
    return "\n    ".join(("[pytest]\nnb_diff_ignore =", *ignored)) + "\n"


def ignored(root: Path) -> tuple[str, ...]:
    """What our own comparison leaves out, read from its code without running it."""
    tree = ast.parse((root / _IGNORED).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "IGNORED":
            found: tuple[str, ...] = ast.literal_eval(node.value)
            return found
    raise FailedError(f"{_IGNORED}: expected the paths IGNORED, found none")


def passed(output: str) -> int:
    """How many tests a run of pytest says that passed."""
    found = re.search(r"(\d+) passed", output)
    return int(found[1]) if found else 0


def executed(output: str) -> int:
    """How many notebooks `claimbook build` says that it executed.

    Raises:
        FailedError: it does not say.
    """
    found = re.search(r"^(\d+) notebooks? executed in", output, flags=re.MULTILINE)
    if found:
        return int(found[1])
    if "none is executed" in output or "Nothing has changed" in output:
        return 0
    raise FailedError(f"expected the number of executed notebooks, found:\n{output}")


def own_seconds(output: str) -> float:
    """How long `claimbook check` says that its own work took.

    Raises:
        FailedError: it does not say.
    """
    found = re.search(r"claims recomputed in ([\d.]+) s", output)
    if not found:
        raise FailedError(f"expected the seconds of a check, found:\n{output}")
    return float(found[1])
