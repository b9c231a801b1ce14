"""The command behind `make bench`."""

import datetime as dt
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console

from bench import machine, report, scale
from bench.commands import FailedError, say
from bench.compare import Comparison
from claimbook.base.paths import Project
from claimbook.site.benchmark import Benchmark, write

ROOT = Path(__file__).resolve().parent.parent
PROJECT = Project(ROOT)


class _Sizes(click.ParamType[tuple[int, ...]]):
    name = "sizes"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        words = str(value).replace(",", " ").split()
        if not words or not all(word.isdecimal() and int(word) for word in words):
            self.fail(f"expected numbers of claims such as '10 100', found {value!r}")
        return tuple(sorted({int(word) for word in words}))


@click.command()
@click.option("--runs", type=click.IntRange(min=1), default=3, help="repetitions of each command")
@click.option("--scale", "sizes", type=_Sizes(), default="10 100 1000", help="numbers of claims")
def main(runs: int, sizes: tuple[int, ...]) -> None:
    """Measure this book and synthetic ones; write bench/results.json."""
    try:
        with tempfile.TemporaryDirectory(prefix="claimbook-bench-") as name:
            folder = Path(name).resolve()
            comparison = Comparison(folder, ROOT)
            timings = comparison.measure(runs)
            measured = Benchmark(
                date=dt.datetime.now(tz=dt.UTC).date().isoformat(),
                runs=runs,
                notebooks=comparison.notebooks,
                machine=machine.machine(),
                versions=machine.versions(),
                timings=timings,
                executed=comparison.counts(),
                sizes=scale.measure(folder, folder / "ours", sizes),
            )
    except FailedError as error:
        say(str(error))
        sys.exit(1)
    write(PROJECT.benchmark, measured)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 120  # a log has no width of its own
    say(f"written: {PROJECT.relative(PROJECT.benchmark)}")
    report.show(measured, console)


if __name__ == "__main__":
    main()
