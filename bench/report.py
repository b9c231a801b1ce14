"""What a run of the benchmark prints."""

import statistics
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from claimbook.base import formats
from claimbook.site.benchmark import Benchmark, Size, exponent, ratio

# Command, what it is compared with, and how it is called.
_ROWS = (
    ("reverification_stock", "reverification_stock", "stock pytest-notebook"),
    ("reverification", "reverification_stock", "make test's re-verification"),
    ("pytest_stock", "", "  start of pytest in the first"),
    ("pytest", "", "  start of pytest in the second"),
    ("build_stock", "build_stock", "stock jupyter-book build"),
    ("build_cold", "build_stock", "make book, cold"),
    ("build_unchanged", "build_stock", "make book, unchanged"),
    ("build_edited", "build_stock", "make book, one input edited"),
    ("check", "", "make check"),
    ("check_own", "", "  its own work"),
    ("reverification_one", "", "re-verification of one notebook"),
    ("server", "", "start of the process kernels are forked from"),
)


def show(benchmark: Benchmark, console: Console) -> None:
    """Print the tables, and the line that counts as the last one."""
    console.print(_comparison(benchmark))
    console.print(_sizes(benchmark.sizes))
    console.print(last_line(benchmark), soft_wrap=True)


def last_line(benchmark: Benchmark) -> str:
    """How many times faster re-verification is."""
    return f"re-verification: {benchmark.speedup:.1f} times faster than stock pytest-notebook"


def _comparison(benchmark: Benchmark) -> Table:
    table = _table(f"{benchmark.notebooks} notebooks")
    for heading in ("", "runs", "seconds", "lowest to highest", "times faster", "executed"):
        table.add_column(heading, justify="left" if not heading else "right")
    timings, executed = benchmark.timings.model_dump(), benchmark.executed.model_dump()
    for name, stock, title in _ROWS:
        seconds = timings[name]
        count = executed.get(name.removeprefix("build_"))
        table.add_row(
            title,
            str(len(seconds)),
            f"{statistics.median(seconds):.1f}",
            f"{min(seconds):.1f} to {max(seconds):.1f}",
            f"{ratio(timings[stock], seconds):.1f}" if stock else "",
            "" if count is None else str(count),
        )
    return table


def _sizes(sizes: Sequence[Size]) -> Table:
    """Each size, with the power of the number of claims that each step grows with."""
    table = _table("Synthetic books (in brackets: growth with the claims, 1 = linear, 0 = flat)")
    table.add_column("")
    for size in sizes:
        table.add_column(f"{size.claims:,} claims", justify="right")
    rows = {
        "load and validate, s": [size.load for size in sizes],
        "check, s": [size.check for size in sizes],
        "re-verification, s per notebook": [size.notebook for size in sizes],
        "unchanged, s": [size.unchanged for size in sizes],
        "one input edited, s": [size.edited for size in sizes],
    }
    for kind in ("server", "kernel", "kernel_largest", "driver"):
        for field in ("resident", "private"):
            rows[f"{kind.replace('_', ', ')}, {field} MiB"] = [
                getattr(getattr(size, kind), field) for size in sizes
            ]
    for title, values in rows.items():
        cells = [
            formats.significant(value, 3) + _growth(sizes, values, place)
            for place, value in enumerate(values)
        ]
        table.add_row(title, *cells)
    table.add_row("notebooks executed", *(str(size.sample) for size in sizes))
    table.add_row("after one edit", *(str(size.edited_executed) for size in sizes))
    return table


def _growth(sizes: Sequence[Size], values: Sequence[float], place: int) -> str:
    if not place:
        return ""
    steps = [(sizes[n].claims, values[n]) for n in (place - 1, place)]
    power = exponent(steps)
    return "" if power is None else f" ({power:.2f})"


def _table(title: str) -> Table:
    return Table(box=None, pad_edge=False, title=title, title_justify="left")
