"""Second part: how time and memory grow with the number of claims.

`python -m bench.scale <folder> <sample>` measures one book in a process of its own.
"""

import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import commands, synthetic
from bench.memory import Watch
from bench.project import edited, surroundings
from bench.results import Size
from claimbook.base.paths import Project
from claimbook.base.reads import Read
from claimbook.data.registry import Registry, validate
from claimbook.run import dependencies, warm
from claimbook.run.in_process import recompute
from claimbook.run.kernels import Execution, execute_all
from claimbook.run.memory import Memory
from claimbook.run.notebooks import read
from claimbook.run.store import Store, mark
from claimbook.run.warm import client
from claimbook.site import build

SAMPLE = 40  # notebooks that are executed of a larger book
_WATCHED = 10  # notebooks during which memory is looked at


def measure(folder: Path, package: Path, size: int) -> Size:
    """Make a book, check it and execute its notebooks.

    Args:
        folder: where the book is made.
        package: folder that holds the package and the benchmark.
        size: number of claims.

    Raises:
        FailedError: a command failed.
    """
    root = folder / str(size)
    commands.say(f"{size:,} claims")
    for command in (
        ("python", "-m", "bench.synthetic", str(root), str(size)),
        ("claimbook", "check"),
        ("python", "-m", "bench.scale", str(root), str(min(size, SAMPLE))),
    ):
        shutil.rmtree(root / "_build", ignore_errors=True)  # what is kept there spares work
        finished = commands.run(command, package, surroundings(package, root))
        commands.say(f"{finished.seconds:6.1f} s  {' '.join(command[:3])}")
    shutil.rmtree(root)
    # Messages of libraries may stand before the line that counts.
    return Size.model_validate_json(finished.output.splitlines()[-1])


def _measure(project: Project, sample: int) -> Size:
    warm.up()
    started = time.perf_counter()
    registry = validate(project)
    load = _since(started)
    for slug in registry.claims:
        recompute(registry, slug)
    check = _since(started)
    slugs = list(registry.claims)[:: max(1, len(registry.claims) // sample)][:sample]
    _execute(project, slugs[:1])  # the server has started, and everything is imported
    started = time.perf_counter()
    executions = _execute(project, slugs)
    reverification = _since(started)
    _keep(registry, executions)
    unchanged, none = _build(project)
    with edited(project, synthetic.EDITED):
        seconds, executed = _build(project)
    if none:
        raise ValueError(f"expected no notebook to be executed, found {none}")
    with Watch(client.server().pid) as watch:
        _execute(project, slugs[:_WATCHED])
    return Size(
        claims=len(registry.claims),
        sample=len(slugs),
        load=load,
        check=check,
        reverification=reverification,
        unchanged=unchanged,
        edited=seconds,
        edited_executed=executed,
        **watch.found(),
    )


def _execute(project: Project, slugs: Sequence[str]) -> list[Execution]:
    found: list[Execution] = []
    execute_all(project, slugs, found.append)
    for execution in found:
        _need_no_error(execution)
    return found


def _need_no_error(execution: Execution) -> None:
    if execution.error:
        raise execution.error


def _keep(registry: Registry, executions: Sequence[Execution]) -> None:
    """Keep outputs for every notebook, as after a build of them all.

    Those that were not executed get none: that there is an entry is all that matters here. What
    they ask for is what their code names, since nothing is put together in these books.
    """
    project = registry.project
    store, memory = Store(project, len(registry.claims)), Memory(project)
    done = {execution.slug: execution for execution in executions}
    for slug in registry.claims:
        notebook = read(project.notebook(slug))
        kept = done[slug].notebook if slug in done else notebook
        asked = done[slug].asked if slug in done else None
        program = dependencies.program(project, notebook)
        asked = memory.keep(slug, program, named(notebook) if asked is None else asked)
        mark(kept, dependencies.digest(registry, program, asked))
        store.put(kept, project.notebook(slug), 1.0)


def named(notebook: Any) -> frozenset[Read]:
    """The entries that the code of a notebook names, as if it had asked for them."""
    names = dependencies.named(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return frozenset((kind, name) for kind in ("claims", "inputs", "tables") for name in names)


def _build(project: Project) -> tuple[float, int]:
    """The part of `claimbook build` that executes: its seconds, and how many it executed."""
    started = time.perf_counter()
    counts: list[int] = []
    build.execute_changed(project, counts.append, _need_no_error)
    return _since(started), counts[0]


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 3)


if __name__ == "__main__":
    try:
        print(_measure(Project(Path(sys.argv[1])), int(sys.argv[2])).model_dump_json())
    finally:
        warm.down()
