"""What is measured of one synthetic book, in a process of its own: `python -m bench.worker`.

Arguments: the folder of the book and how many of its notebooks to execute. Prints one JSON object.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench import synthetic
from bench.memory import Watch
from bench.project import edited
from claimbook.base.paths import Project
from claimbook.data.registry import Registry, validate
from claimbook.run import dependencies, warm
from claimbook.run.in_process import recompute
from claimbook.run.kernels import Execution, execute_all
from claimbook.run.notebooks import read
from claimbook.run.store import Store, mark
from claimbook.run.warm import client
from claimbook.site import build

_WATCHED = 10  # notebooks during which memory is looked at


def main() -> None:
    """Measure and print."""
    project, sample = Project(Path(sys.argv[1])), int(sys.argv[2])
    warm.up()
    started = time.perf_counter()
    registry = validate(project)
    measured: dict[str, object] = {"load": _since(started), "claims": len(registry.claims)}
    for slug in registry.claims:
        recompute(registry, slug)
    measured["check"] = _since(started)
    pages = list(registry.claims)[:: max(1, len(registry.claims) // sample)][:sample]
    try:
        _execute(project, pages[:1])  # the server has started, and everything is imported
        started = time.perf_counter()
        with Watch(None, interval=0.5) as watch:
            executions = _execute(project, pages)
        measured |= {"sample": len(pages), "reverification": _since(started)}
        measured["driver"] = watch.driver.model_dump()
        _keep(registry, executions)
        measured |= _unchanged(project) | _edited(project)
        with Watch(client.server().pid, interval=0.05) as watch:
            _execute(project, pages[:_WATCHED])
        kernel, largest = watch.kernels()
        measured["server"] = watch.server.model_dump()
        measured |= {"kernel": kernel.model_dump(), "kernel_largest": largest.model_dump()}
    finally:
        warm.down()
    print(json.dumps(measured))


def _execute(project: Project, pages: Sequence[str]) -> list[Execution]:
    found: list[Execution] = []

    def take(execution: Execution) -> None:
        if execution.error:
            raise execution.error
        found.append(execution)

    execute_all(project, pages, take)
    return found


def _need_no_error(execution: Execution) -> None:
    if execution.error:
        raise execution.error


def _keep(registry: Registry, executions: Sequence[Execution]) -> None:
    """Keep outputs for every notebook, as after a build of them all.

    Those that were not executed get the outputs of one that was: whether there are outputs is all
    that matters here.
    """
    project = registry.project
    store = Store(project, len(registry.claims))
    done = {execution.slug: execution.notebook for execution in executions}
    for slug in registry.claims:
        notebook = read(project.notebook(slug))
        found = dependencies.digest(registry, slug, notebook)
        mark(notebook, found)
        if slug in done:
            mark(done[slug], found)
        store.put(done.get(slug, notebook), project.notebook(slug), 1.0)


def _unchanged(project: Project) -> dict[str, float]:
    started = time.perf_counter()
    if _build(project):
        raise ValueError("expected no notebook to be executed, found some")
    return {"unchanged": _since(started)}


def _edited(project: Project) -> dict[str, float]:
    with edited(project, synthetic.lone_input()):
        started = time.perf_counter()
        count = _build(project)
        return {"edited": _since(started), "edited_executed": count}


def _build(project: Project) -> int:
    """The part of `claimbook build` that executes; how many notebooks it executed."""
    counts: list[int] = []
    build.execute_changed(project, counts.append, _need_no_error)
    return counts[0]


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 3)


if __name__ == "__main__":
    main()
