"""`bench/results.md`: the tables and sentences that pages of the book include, by their markers."""

import re
import statistics
from collections.abc import Iterable, Sequence
from operator import attrgetter

from bench.results import Results, growth
from claimbook.base import formats

MACHINES = (1, 10, 50)
MANY = 10_000  # claims of the worked example

# How a command is called, and what it is compared with.
_COMMANDS = {
    "reverification_stock": ("stock pytest-notebook", "reverification_stock"),
    "reverification": ("the same in make test", "reverification_stock"),
    "pytest_stock": ("start of pytest in the first", ""),
    "pytest": ("start of pytest in the second", ""),
    "build_stock": ("stock jupyter-book build", "build_stock"),
    "build_cold": ("make book, nothing built yet", "build_stock"),
    "build_unchanged": ("make book, nothing changed", "build_stock"),
    "build_edited": ("make book, one input edited", "build_stock"),
    "check": ("make check", ""),
    "check_own": ("make check, its own work", ""),
    "reverification_one": ("one notebook in make test", ""),
    "server": ("start of the process that kernels are forked from", ""),
}
# Rows of the tables by size, with what they show of each.
_SECONDS = {
    "load and validate all data": "load",
    "check: load, validate, recompute all": "check",
    "execute, per notebook": "notebook",
    "find that nothing changed": "unchanged",
    "load, validate and execute after one edit": "edited",
}
_PROCESSES = {
    "process that kernels are forked from": "server",
    "kernel, median": "kernel",
    "kernel, largest": "kernel_largest",
    "process that asks for kernels": "driver",
}
_MEMORY = {
    f"{title}, {kind}": f"{process}.{kind}"
    for title, process in _PROCESSES.items()
    for kind in ("resident", "private")
}


def text(found: Results) -> str:
    """The whole file."""
    parts = {
        "commands": _commands(found),
        "seconds": _seconds(found),
        "memory": _memory(found),
        "setting": _setting(found),
        "machines": _machines(found),
    }
    marked = "\n".join(f"<!-- {name} -->\n\n{part}" for name, part in parts.items())
    return f"<!-- Written by make bench; pages of the book include it part by part. -->\n\n{marked}"


def last_line(found: Results) -> str:
    """How many times faster re-verification is."""
    return f"re-verification: {found.speedup:.1f} times faster than stock pytest-notebook"


def duration(seconds: float) -> str:
    """A time as people say it: `2.6 ms`, `1.4 s`, `25 s`, `4.2 min`, `5.6 h`."""
    if seconds < 0.1:
        return f"{formats.significant(1000 * seconds, 2)}\u00a0ms"
    for unit, length in (("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * length:
            return f"{formats.significant(round(seconds / length, 1), 2)}\u00a0{unit}"
    return f"{formats.significant(seconds, 2)}\u00a0s"


def _commands(found: Results) -> str:
    whole = found.median("reverification_stock") / found.median("reverification")
    rows = []
    for name, (title, stock) in _COMMANDS.items():
        seconds = found.timings[name]
        lowest, highest = (formats.significant(end(seconds), 2) for end in (min, max))
        rows.append(
            (
                title,
                len(seconds),
                formats.significant(statistics.median(seconds), 2),
                formats.span(lowest, highest),
                _times(found.median(stock) / found.median(name)) if stock else "",
                found.executed.get(name.removeprefix("build_"), ""),
            )
        )
    whole = found.median("reverification_stock") / found.median("reverification")
    headings = ("Command", "Runs", "Median", "Range", "Speed-up", "Executed")
    return f"""Notebooks are re-verified **{_times(found.speedup)} times as fast**.
That leaves out, on both sides, what pytest takes to start and to find its tests, which is
measured apart. With it, the whole command is {_times(whole)} times as fast; the fewer the
notebooks, the more it weighs.

Commands on the {found.notebooks} notebooks of this book, in seconds:

{_table(headings, rows)}"""


def _seconds(found: Results) -> str:
    counts = [
        ("notebooks executed", *(size.sample for size in found.sizes), ""),
        ("notebooks executed after one edit", *(size.edited_executed for size in found.sizes), ""),
    ]
    return "Seconds by size of the book:\n\n" + _by_size(found, _SECONDS, counts)


def _memory(found: Results) -> str:
    return "Highest memory of one process, in MiB:\n\n" + _by_size(found, _MEMORY)


def _by_size(
    found: Results, values: dict[str, str], counts: Iterable[Sequence[object]] = ()
) -> str:
    """A column for each size, and the power that the last step grows with."""
    claims = [size.claims for size in found.sizes]
    rows: list[Sequence[object]] = []
    for title, place in values.items():
        numbers = [attrgetter(place)(size) for size in found.sizes]
        power = growth(claims, numbers)
        last = "–" if power is None else formats.fixed(power, 2, strip=False)
        rows.append((title, *(formats.significant(number, 2) for number in numbers), last))
    headings = ("", *(f"{formats.fixed(count, 0)} claims" for count in claims), "Growth")
    return _table(headings, [*rows, *counts])


def _machines(found: Results) -> str:
    many, last = formats.fixed(MANY, 0), found.sizes[-1]
    kernel, server = (
        f"{formats.fixed(memory, 0)}\u00a0MiB"
        for memory in (last.kernel.private, last.server.resident)
    )
    rows = [
        (
            formats.fixed(count, 0),
            formats.fixed(-(-MANY // count), 0),
            duration(found.wall(MANY, count)),
            duration(count * found.wall(MANY, count)),
        )
        for count in MACHINES
    ]
    headings = ("Machines", "Notebooks each", "Wall time", "Machine time, all together")
    return f"""Measured on {found.machine.cores} cores, *start* is {duration(found.start)},
*load* {duration(found.load)} per claim and *notebook* {duration(found.notebook)}.
The process that kernels are forked from takes {duration(found.median("server"))} to start
and {server} of memory; each kernel adds {kernel} that it shares with nobody.

For {many} claims:

{_table(headings, rows)}"""


def _setting(found: Results) -> str:
    machine = found.machine
    rows = [
        ("Date", found.date),
        ("Processor", f"{machine.processor}, {machine.cores} core{'s' * (machine.cores > 1)}"),
        ("Memory", f"{formats.fixed(machine.memory, 1)} GiB"),
        ("System", machine.system),
        *found.versions.items(),
    ]
    return f"When and where it was measured:\n\n{_table(('What', 'Found'), rows, numbers=False)}"


def _table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: bool = True
) -> str:
    """A table in Markdown, its numbers to the right."""
    lines = [headings, ["---", *["---:" if numbers else "---"] * (len(headings) - 1)]]
    lines += [[_escaped(str(cell)) for cell in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _escaped(words: str) -> str:
    """Text of the machine, without any meaning in Markdown."""
    return re.sub(r"[\\`*_{}\[\]<>#|~$&^]", r"\\\g<0>", words)


def _times(ratio: float) -> str:
    return formats.fixed(ratio, 1, strip=False)
