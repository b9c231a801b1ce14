"""A directive and a role that print what `make bench` measured, from its file."""

import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from claimbook.base import formats
from claimbook.base.faults import DataError
from claimbook.base.paths import Project
from claimbook.notebook import html
from claimbook.site.benchmark import Benchmark, Size, exponent, ratio, read
from claimbook.site.sphinx import late, records

logger = logging.getLogger(__name__)

MACHINES = (1, 10, 50)
MANY = 10_000  # claims of the worked example

Row = tuple[str, ...]
Table = tuple[str, Row, list[Row]]  # caption, headings, rows


class BenchmarkTable(SphinxDirective):
    """One of the tables, named by the argument."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Write the table."""
        records.page(self.env, self.env.docname)
        name, place = self.arguments[0], self.get_location()
        if name not in TABLES:
            logger.warning(
                "benchmark %r: expected one of %s", name, ", ".join(TABLES), location=place
            )
            return []
        found = _measured(self.env, place)
        if found is None:
            return []
        caption, headings, rows = TABLES[name](found)
        return late.raw(
            html.render_template("benchmark.html", caption=caption, headings=headings, rows=rows)
        )


class BenchmarkRole(SphinxRole):
    """A measured number in prose."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Put its text."""
        records.page(self.env, self.env.docname)
        if self.text not in NUMBERS:
            message = self.inliner.reporter.error(
                f"bench {self.text!r}: expected one of {', '.join(NUMBERS)}", line=self.lineno
            )
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        found = _measured(self.env, self.get_location())
        text = NUMBERS[self.text](found) if found else self.text
        return [nodes.inline("", text, classes=["cb-result"])], []


def connect(app: Sphinx) -> None:
    """Register the directive and the role."""
    app.add_directive("benchmark", BenchmarkTable)
    app.add_role("bench", BenchmarkRole())


def _measured(env: BuildEnvironment, place: str) -> Benchmark | None:
    """What was measured; a warning and nothing if there is no such file, or not of that form."""
    project = Project(Path(env.srcdir, env.config.claimbook_root).resolve())
    env.note_dependency(str(project.benchmark))
    try:
        return read(project.benchmark, project.relative(project.benchmark))
    except DataError as error:
        for fault in error.faults:
            logger.warning("%s (make bench writes it)", fault, location=place)
        return None


def duration(seconds: float) -> str:
    """A time as people say it: `1.4 s`, `25 s`, `4.2 min`, `5.6 h`."""
    for unit, length in (("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * length:
            return f"{formats.significant(round(seconds / length, 1), 2)}\u00a0{unit}"
    return f"{formats.significant(seconds, 2)}\u00a0s"


def _times(number: float) -> str:
    return formats.fixed(number, 1, strip=False)


def _power(points: Sequence[tuple[float, float]]) -> str:
    found = exponent(points)
    return "–" if found is None else formats.fixed(found, 2, strip=False)


# How a command is called, what it is compared with, and what it does.
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


def _commands(found: Benchmark) -> Table:
    timings: dict[str, tuple[float, ...]] = dict(found.timings)
    executed: dict[str, int] = dict(found.executed)
    rows: list[Row] = []
    for name, (title, stock) in _COMMANDS.items():
        seconds = timings[name]
        span = formats.span(*(formats.significant(end, 2) for end in (min(seconds), max(seconds))))
        rows.append(
            (
                title,
                str(len(seconds)),
                formats.significant(statistics.median(seconds), 2),
                span,
                _times(ratio(timings[stock], seconds)) if stock else "",
                str(executed.get(name.removeprefix("build_"), "")),
            )
        )
    headings = (
        "Command",
        "Runs",
        "Seconds, median",
        "Lowest to highest",
        "Times as fast as stock",
        "Notebooks executed",
    )
    return f"Commands on the {found.notebooks} notebooks of this book", headings, rows


def _setting(found: Benchmark) -> Table:
    machine = found.machine
    cores = f"{machine.cores} core{'s' if machine.cores > 1 else ''}"
    rows: list[Row] = [
        ("Date", found.date),
        ("Processor", f"{machine.processor}, {cores}"),
        ("Memory", f"{formats.fixed(machine.memory, 1)} GiB"),
        ("System", machine.system),
        *found.versions.items(),
    ]
    return "When and where it was measured", ("What", "Found"), rows


_SECONDS: dict[str, Callable[[Size], float]] = {
    "load and validate all data": lambda size: size.load,
    "check: load, validate, recompute all": lambda size: size.check,
    "execute, per notebook": lambda size: size.notebook,
    "find that nothing changed": lambda size: size.unchanged,
    "load, validate and execute after one edit": lambda size: size.edited,
}
_MEMORY: dict[str, Callable[[Size], float]] = {
    "process that kernels are forked from, resident": lambda size: size.server.resident,
    "process that kernels are forked from, private": lambda size: size.server.private,
    "kernel, median, resident": lambda size: size.kernel.resident,
    "kernel, median, private": lambda size: size.kernel.private,
    "kernel, largest, resident": lambda size: size.kernel_largest.resident,
    "kernel, largest, private": lambda size: size.kernel_largest.private,
    "process that asks for kernels, resident": lambda size: size.driver.resident,
    "process that asks for kernels, private": lambda size: size.driver.private,
}


def _by_size(caption: str, found: Benchmark, values: dict[str, Callable[[Size], float]]) -> Table:
    """A column for each size, and the growth over the last step, free of most fixed costs."""
    claims = [formats.fixed(size.claims, 0) for size in found.sizes]
    headings = ("", *(f"{count} claims" for count in claims), "Growth of the last step")
    rows: list[Row] = []
    for title, value in values.items():
        numbers = [value(size) for size in found.sizes]
        points = [(size.claims, value(size)) for size in found.sizes[-2:]]
        rows.append((title, *(formats.significant(n, 2) for n in numbers), _power(points)))
    return caption, headings, rows


def _seconds(found: Benchmark) -> Table:
    caption, headings, rows = _by_size("Seconds by size of the book", found, _SECONDS)
    counts = {
        "notebooks executed": "sample",
        "notebooks executed after one edit": "edited_executed",
    }
    for title, field in counts.items():
        rows.append((title, *(str(getattr(size, field)) for size in found.sizes), ""))
    return caption, headings, rows


def _memory(found: Benchmark) -> Table:
    return _by_size("Highest memory of one process, MiB", found, _MEMORY)


def _machines(found: Benchmark) -> Table:
    rows: list[Row] = [
        (
            formats.fixed(count, 0),
            formats.fixed(-(-MANY // count), 0),
            duration(found.wall(MANY, count)),
            duration(count * found.wall(MANY, count)),
        )
        for count in MACHINES
    ]
    headings = ("Machines", "Notebooks each", "Wall time", "Machine time, all together")
    return f"{formats.fixed(MANY, 0)} claims", headings, rows


TABLES: dict[str, Callable[[Benchmark], Table]] = {
    "commands": _commands,
    "setting": _setting,
    "seconds": _seconds,
    "memory": _memory,
    "machines": _machines,
}

NUMBERS: dict[str, Callable[[Benchmark], str]] = {
    "speedup": lambda found: _times(found.speedup),
    "whole-speedup": lambda found: _times(found.whole_speedup),
    "date": lambda found: found.date,
    "notebooks": lambda found: str(found.notebooks),
    "cores": lambda found: str(found.machine.cores),
    "start": lambda found: duration(found.start),
    "server": lambda found: duration(statistics.median(found.timings.server)),
    "notebook": lambda found: duration(found.notebook),
    "load": lambda found: f"{formats.significant(1000 * found.load, 2)}\u00a0ms",
    "largest": lambda found: formats.fixed(found.sizes[-1].claims, 0),
    "sample": lambda found: str(found.sizes[-1].sample),
    "many": lambda found: formats.fixed(MANY, 0),
    "kernel": lambda found: f"{formats.fixed(found.sizes[-1].kernel.private, 0)}\u00a0MiB",
    "server-memory": lambda found: f"{formats.fixed(found.sizes[-1].server.resident, 0)}\u00a0MiB",
    "growth-check": lambda found: _growth(found, lambda size: size.check),
    "growth-notebook": lambda found: _growth(found, lambda size: size.notebook),
    "growth-kernel": lambda found: _growth(found, lambda size: size.kernel.private),
}


def _growth(found: Benchmark, value: Callable[[Size], float]) -> str:
    return _power([(size.claims, value(size)) for size in found.sizes[-2:]])
