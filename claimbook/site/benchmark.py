"""What `make bench` measured: the form of its file, and the arithmetic on it."""

import json
import math
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, ValidationError

from claimbook.base.faults import DataError, Fault, unreadable
from claimbook.data.errors import describe, explain

Seconds = Annotated[tuple[PositiveFloat, ...], Field(min_length=1)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Machine(_Record):
    """Where it was measured.

    Attributes:
        processor: its model.
        cores: how many of them.
        memory: GiB.
        system: operating system and architecture.
    """

    processor: str
    cores: PositiveInt
    memory: PositiveFloat
    system: str


class Timings(_Record):
    """Seconds of wall time of each command, once for each repetition.

    Attributes:
        reverification_stock: pytest-notebook as it comes: ordinary kernels, one after another.
        reverification: the same notebooks with warm kernels, several at a time.
        reverification_one: the same for one notebook: what a run needs before it is of use.
        pytest_stock: the start of pytest in the first of them: what it takes to execute nothing.
        pytest: the same in the second.
        build_stock: `jupyter-book build` that executes every notebook itself.
        build_cold: `claimbook build` without anything built.
        build_unchanged: the same again.
        build_edited: the same after a change of one input.
        check: `claimbook check`.
        check_own: what that says of its own work, without the start of Python.
        server: the start of the process that kernels are forked from.
    """

    reverification_stock: Seconds
    reverification: Seconds
    reverification_one: Seconds
    pytest_stock: Seconds
    pytest: Seconds
    build_stock: Seconds
    build_cold: Seconds
    build_unchanged: Seconds
    build_edited: Seconds
    check: Seconds
    check_own: Seconds
    server: Seconds


class Executed(_Record):
    """How many notebooks each kind of `claimbook build` executed."""

    cold: int
    unchanged: int
    edited: int


class Memory(_Record):
    """The most memory of one process, in MiB.

    Attributes:
        resident: all that it had in memory, shared or not.
        private: what it shared with no other process.
    """

    resident: PositiveFloat
    private: PositiveFloat


class Size(_Record):
    """A synthetic book of one size.

    Attributes:
        claims: how many it has, each with its notebook.
        sample: how many of its notebooks were executed.
        load: seconds to load and validate its data in a new process.
        check: seconds of what `claimbook check` does: load, validate and recompute every claim.
        reverification: seconds to execute the sample with warm kernels, the server running.
        unchanged: seconds to find that no notebook must be executed.
        edited: seconds to load, validate and execute after a change of one input.
        edited_executed: how many notebooks that executed.
        server: memory of the process that kernels are forked from.
        kernel: memory of a kernel, the median of those watched.
        kernel_largest: the largest of them.
        driver: memory of the process that asks for kernels.
    """

    claims: PositiveInt
    sample: PositiveInt
    load: PositiveFloat
    check: PositiveFloat
    reverification: PositiveFloat
    unchanged: PositiveFloat
    edited: PositiveFloat
    edited_executed: int
    server: Memory
    kernel: Memory
    kernel_largest: Memory
    driver: Memory

    @property
    def notebook(self) -> float:
        """Seconds for each notebook of the sample."""
        return self.reverification / self.sample


class Benchmark(_Record):
    """One run of the benchmark.

    Attributes:
        date: the day, as YYYY-MM-DD.
        runs: repetitions of the commands; builds may have fewer.
        notebooks: how many notebooks this book had.
        machine: where it was measured.
        versions: of Python and of the libraries that matter.
        timings: of the commands.
        executed: how many notebooks the builds executed.
        sizes: the synthetic books, the smallest first.
    """

    date: str
    runs: PositiveInt
    notebooks: PositiveInt
    machine: Machine
    versions: dict[str, str]
    timings: Timings
    executed: Executed
    sizes: Annotated[tuple[Size, ...], Field(min_length=1)]

    @property
    def speedup(self) -> float:
        """How many times faster notebooks are re-verified than with stock pytest-notebook.

        What pytest takes to start and to find its tests is left out of both sides.

        Raises:
            ValueError: a run took no longer than its start.
        """
        timings = self.timings
        stock = _beyond(timings.reverification_stock, timings.pytest_stock)
        return stock / _beyond(timings.reverification, timings.pytest)

    @property
    def whole_speedup(self) -> float:
        """The same for the whole commands, with the start of pytest in both."""
        return ratio(self.timings.reverification_stock, self.timings.reverification)

    @property
    def start(self) -> float:
        """Seconds of a run of pytest that verifies one notebook: what each machine pays first."""
        return statistics.median(self.timings.reverification_one)

    @property
    def notebook(self) -> float:
        """Seconds that each further notebook of this book adds to such a run.

        Raises:
            ValueError: with one notebook there is no further one.
        """
        if self.notebooks < 2:
            raise ValueError("expected at least two notebooks, to tell a run's start from them")
        total = statistics.median(self.timings.reverification)
        return max(0.0, total - self.start) / (self.notebooks - 1)

    @property
    def load(self) -> float:
        """Seconds that each claim adds to loading and validating all data."""
        first, last = self.sizes[0], self.sizes[-1]
        if first.claims == last.claims:
            return last.load / last.claims
        return max(0.0, last.load - first.load) / (last.claims - first.claims)

    def wall(self, claims: int, machines: int) -> float:
        """Seconds until all machines are done: each loads all data and executes its share."""
        return self.start + claims * self.load + math.ceil(claims / machines) * self.notebook


def _beyond(whole: Sequence[float], start: Sequence[float]) -> float:
    """Seconds beyond those of the start, by medians."""
    beyond = statistics.median(whole) - statistics.median(start)
    if beyond <= 0:
        raise ValueError("expected a run to take longer than the start of pytest alone")
    return beyond


def ratio(slower: Sequence[float], faster: Sequence[float]) -> float:
    """How many times the second goes into the first, by their medians."""
    return statistics.median(slower) / statistics.median(faster)


def exponent(points: Iterable[tuple[float, float]]) -> float | None:
    """The power of the size with which something grows: the slope of the logarithms.

    Args:
        points: size and measured value, both positive.

    Returns:
        1 for what is proportional to the size, 0 for what does not depend on it; None if there
        are fewer than two sizes.
    """
    logarithms = [(math.log(size), math.log(value)) for size, value in points]
    if len({size for size, _ in logarithms}) < 2:
        return None
    sizes, values = zip(*logarithms, strict=True)
    return statistics.linear_regression(sizes, values).slope


def read(path: Path, name: str) -> Benchmark:
    """Read the file of a benchmark.

    Args:
        path: where it lies.
        name: how messages call it.

    Raises:
        DataError: it is missing, or a field is, or has another form than expected.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        message = unreadable(error, "the results of make bench")
        raise DataError([Fault(name, "", "", message)]) from error
    except ValueError as error:
        raise DataError([Fault(name, "", "", f"expected JSON, found: {error}")]) from error
    try:
        return Benchmark.model_validate(raw)
    except ValidationError as error:
        if not isinstance(raw, dict):
            message = f"expected the results of make bench, found {describe(raw)}"
            raise DataError([Fault(name, "", "", message)]) from error
        raise DataError(explain(error, name, "", raw, Benchmark)) from error


def write(path: Path, benchmark: Benchmark) -> None:
    """Write the file of a benchmark."""
    path.write_text(benchmark.model_dump_json(indent=2) + "\n", encoding="utf-8")
