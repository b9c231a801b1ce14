"""What was measured: the form of `bench/results.json`, and the arithmetic on it."""

import math
import platform
import statistics
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import psutil
from pydantic import BaseModel

LIBRARIES = (
    "jupyter-book",
    "sphinx",
    "myst-nb",
    "pytest",
    "pytest-notebook",
    "ipykernel",
    "nbclient",
    "pandas",
    "altair",
)


class Machine(BaseModel):
    """Where it was measured: nothing that names a host or a user. Memory is in GiB."""

    processor: str
    cores: int
    memory: float
    system: str


class Memory(BaseModel):
    """The most memory of one process, in MiB: all that it had, and what it shared with no other."""

    resident: float
    private: float


class Size(BaseModel):
    """A synthetic book.

    Attributes:
        claims: how many it has, each with its notebook.
        sample: how many of its notebooks were executed.
        load: seconds to load and validate its data in a new process.
        check: seconds to load, validate and recompute every claim.
        reverification: seconds to execute the sample with warm kernels, the server running.
        unchanged: seconds to find that no notebook must be executed.
        edited: seconds to load, validate and execute after a change of one input.
        edited_executed: how many notebooks that executed.
        server: memory of the process that kernels are forked from.
        kernel: the median of the kernels watched.
        kernel_largest: the most of them.
        driver: memory of the process that asks for kernels.
    """

    claims: int
    sample: int
    load: float
    check: float
    reverification: float
    unchanged: float
    edited: float
    edited_executed: int
    server: Memory
    kernel: Memory
    kernel_largest: Memory
    driver: Memory

    @property
    def notebook(self) -> float:
        """Seconds for each notebook of the sample."""
        return self.reverification / self.sample


class Results(BaseModel):
    """One run of the benchmark.

    Attributes:
        date: the day, as YYYY-MM-DD.
        runs: repetitions of the commands; builds may have fewer.
        notebooks: how many notebooks this book had.
        machine: where it was measured.
        versions: of Python and of the libraries that matter for the time.
        timings: seconds of wall time of each command, once for each repetition.
        executed: how many notebooks each kind of `claimbook build` executed.
        sizes: the synthetic books, the smallest first.
    """

    date: str
    runs: int
    notebooks: int
    machine: Machine
    versions: dict[str, str]
    timings: dict[str, list[float]]
    executed: dict[str, int]
    sizes: list[Size]

    def median(self, name: str) -> float:
        """Seconds of one command."""
        return statistics.median(self.timings[name])

    @property
    def speedup(self) -> float:
        """How many times faster notebooks are re-verified than with stock pytest-notebook.

        What pytest takes to start and to find its tests is left out of both sides.

        Raises:
            ValueError: a run took no longer than its start.
        """
        stock = self.median("reverification_stock") - self.median("pytest_stock")
        ours = self.median("reverification") - self.median("pytest")
        if min(stock, ours) <= 0:
            raise ValueError("expected a run to take longer than the start of pytest alone")
        return stock / ours

    @property
    def start(self) -> float:
        """Seconds of a run of pytest that verifies one notebook: what each machine pays first."""
        return self.median("reverification_one")

    @property
    def notebook(self) -> float:
        """Seconds that each further notebook of this book adds to such a run."""
        further = self.median("reverification") - self.start
        return max(0.0, further) / (self.notebooks - 1)

    @property
    def load(self) -> float:
        """Seconds that each claim adds to loading and validating all data."""
        first, last = self.sizes[0], self.sizes[-1]
        if first.claims == last.claims:
            return last.load / last.claims
        return max(0.0, last.load - first.load) / (last.claims - first.claims)

    def wall(self, claims: int, machines: int) -> float:
        """Seconds until all machines are done: each loads all data and executes its share."""
        share = math.ceil(claims / machines) * self.notebook
        return self.start + claims * self.load + share


def growth(sizes: Sequence[float], values: Sequence[float]) -> float | None:
    """The power of the size with which something grew over the last step.

    Returns:
        1 for what is proportional to the size, 0 for what does not depend on it; None if there are
        fewer than two sizes.
    """
    if len(sizes) < 2:
        return None
    return math.log(values[-1] / values[-2]) / math.log(sizes[-1] / sizes[-2])


def machine() -> Machine:
    """This machine."""
    return Machine(
        processor=_processor(),
        cores=psutil.cpu_count() or 1,
        memory=round(psutil.virtual_memory().total / 2**30, 1),
        system=f"{_system()}, {platform.machine()}",
    )


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that matter for the time."""
    return {"Python": platform.python_version()} | {name: version(name) for name in LIBRARIES}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"
