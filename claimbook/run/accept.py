"""Saving what notebooks come to now: their outputs and the ledger."""

from collections.abc import Callable, Sequence

import nbformat
from pydantic import ValidationError

from claimbook.base.files import replace_all
from claimbook.data.registry import Registry, load
from claimbook.run import dependencies
from claimbook.run.in_process import need_own
from claimbook.run.kernels import Execution, execute_all
from claimbook.run.notebooks import NotebookError, read, results
from claimbook.verdicts import ledger
from claimbook.verdicts.result import Result

_CHANGED = (
    "nothing was changed: data, notebooks, package or lock changed while notebooks were executed; "
    "accept again"
)


def accept(
    registry: Registry, slugs: Sequence[str], done: Callable[[Execution], None]
) -> list[Result]:
    """Execute notebooks and replace their files and the ledger, all of them or none.

    Args:
        registry: the loaded data.
        slugs: the notebooks to execute; the results of the others are read from their files.
        done: told of each notebook as soon as it has been executed.

    Returns:
        The results in the ledger, in the order of the claims.

    Raises:
        NotebookError: a notebook failed, a claim has no result or two, something else was edited
            meanwhile, or a file cannot be written; no file was changed.
    """
    project = registry.project
    before, beside = dependencies.everything(project), dependencies.contents(project)
    if load(project) is not registry:
        raise NotebookError(_CHANGED)
    executions: list[Execution] = []

    def take(execution: Execution) -> None:
        executions.append(execution)
        done(execution)

    execute_all(project, slugs, take)
    failures = sorted(str(execution.error) for execution in executions if execution.error)
    if failures:
        raise NotebookError("\n".join(failures))
    # Or a page would be overwritten by what it was before somebody saved it.
    pages = [project.relative(project.notebook(slug)) for slug in slugs]
    if (
        dependencies.everything(project) != before
        or any(dependencies.state(project, project.root / page) != beside[page] for page in pages)
        or not all(dependencies.same(project, beside, run.asked) for run in executions)
    ):
        raise NotebookError(_CHANGED)
    by_slug = {execution.slug: execution.notebook for execution in executions}
    executed = {slug: by_slug[slug] for slug in slugs}  # written in this order
    ordered: list[Result] = []
    for slug in registry.claims:
        notebook = executed[slug] if slug in executed else read(project.notebook(slug))
        try:
            shown = results(notebook)
        except (KeyError, TypeError, ValidationError) as error:
            place = project.relative(project.notebook(slug))
            raise NotebookError(
                f"{place}: expected results as this version stores them, found others; "
                "accept all notebooks anew"
            ) from error
        need_own(project, slug, [result.claim for result in shown])
        ordered += shown
    texts = {
        project.notebook(slug): nbformat.writes(notebook).rstrip("\n") + "\n"  # type: ignore[no-untyped-call]
        for slug, notebook in executed.items()
    }
    try:
        replace_all(project.root, texts | {project.ledger: ledger.text(ordered)})
    except OSError as error:
        raise NotebookError(f"nothing was changed: {error}") from error
    return ordered
