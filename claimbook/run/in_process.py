"""Notebooks run without a kernel."""

import io
import linecache
import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NoReturn, TextIO

from claimbook.base import cells
from claimbook.base.characters import visible
from claimbook.base.paths import ROOT_VARIABLE, Project
from claimbook.data.registry import Registry, kept
from claimbook.notebook.claim import Claim
from claimbook.run.notebooks import NotebookError
from claimbook.verdicts.result import Result

CHART_TAG = "chart"


def run(project: Project, slug: str) -> list[Claim]:
    """Run the code of a notebook in this process, without a kernel and without charts.

    Cells tagged `chart` are left out; nothing is displayed. A cell is compiled under the name
    `<slug>.ipynb#cell<n>`, so that a traceback shows its lines. The working directory is the
    folder of the notebooks, as with a kernel.

    Returns:
        The claims that the notebook made, each once, whatever number of names it has.

    Raises:
        NotebookError: a cell failed, or ended Python.
    """
    sources = code(project.notebook(slug))
    with _surroundings(project):
        return _run(sources, slug)


def recompute(registry: Registry, slug: str) -> Result:
    """Run the notebook of a claim in this process and compute what the claim comes to.

    Raises:
        NotebookError: a cell or a reading failed, or the notebook has not its own claim alone.
    """
    sources = code(registry.project.notebook(slug))
    with _surroundings(registry.project), kept(registry):
        claims = _run(sources, slug)
        need_own(registry.project, slug, [claim.entry.id for claim in claims])
        with _located(f"{slug}.ipynb"):
            return claims[0].result()


def code(path: Path, *, charts: bool = False) -> Mapping[int, str]:
    """Sources of the code cells to run, by their number in the notebook.

    Args:
        path: of the notebook.
        charts: with the cells tagged `chart`.

    Raises:
        NotebookError: the file is no notebook.
    """
    try:
        found = cells.read(path)
    except ValueError as error:
        raise NotebookError(f"{path.name}: {error}") from error
    return {
        number: cell.source
        for number, cell in enumerate(found, 1)
        if cell.kind == "code" and (charts or CHART_TAG not in cell.tags)
    }


def _run(sources: Mapping[int, str], slug: str) -> list[Claim]:
    namespace: dict[str, Any] = {"__name__": "__main__", "display": _display_nothing}
    for number, source in sources.items():
        name = f"{slug}.ipynb#cell{number}"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        with _located(name):
            exec(compile(source, name, "exec"), namespace)
    found = [value for value in namespace.values() if isinstance(value, Claim)]
    return list({id(claim): claim for claim in found}.values())


def need_own(project: Project, slug: str, found: Sequence[str]) -> None:
    """Refuse a notebook that has another claim than its own, or has it twice or not at all."""
    if found != [slug]:
        place = project.relative(project.notebook(slug))
        shown = ", ".join(map(repr, found)) or "none"
        raise NotebookError(f"{place}: expected the claim {slug!r} alone and once, found {shown}")


def _display_nothing(*shown: object, **options: object) -> None:
    """Stands in for the `display` of a kernel."""


@contextmanager
def _located(name: str) -> Iterator[None]:
    """Turn whatever ends a cell into an error that names the line it came from."""
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # also what would end Python, such as exit()
        raise NotebookError(_message(name, error)) from error


def _message(name: str, error: BaseException) -> str:
    """Message of an error with the innermost line of a cell that it, or its cause, came from."""
    frames: list[traceback.FrameSummary] = []
    link: BaseException | None = error
    while link is not None:
        frames += [
            frame for frame in traceback.extract_tb(link.__traceback__) if "#cell" in frame[0]
        ]
        link = link.__cause__
    line = frames[-1] if frames else None
    place = f"{line.filename}, line {line.lineno}" if line else name
    if isinstance(error, SyntaxError) and error.filename == name:
        place = f"{name}, line {error.lineno}"
    source = f"\n    {line.line}" if line and line.line else ""
    kind = "" if type(error).__module__.startswith("claimbook") else type(error).__name__
    return f"{place}: {': '.join(filter(None, (kind, str(error))))}{source}"


def _refuse_to_leave(status: int) -> NoReturn:
    """Stands in for `os._exit`, with which a notebook would end a check before it has failed."""
    raise RuntimeError(f"expected a notebook that lets Python go on, found os._exit({status!r})")


class _Visible(io.TextIOBase):
    """A stream on which invisible characters are spelt out, since a terminal would obey them."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(visible(text))
        return len(text)

    def flush(self) -> None:
        self._stream.flush()

    def fileno(self) -> int:
        return self._stream.fileno()


@contextmanager
def _surroundings(project: Project) -> Iterator[None]:
    """Let a notebook find this project and its own folder, and undo what it changes around it."""
    folder, environment, path = Path.cwd(), dict(os.environ), list(sys.path)
    os.environ[ROOT_VARIABLE] = str(project.root)
    os.chdir(project.notebooks)
    leave = os._exit
    os._exit = _refuse_to_leave
    try:
        with redirect_stdout(_Visible(sys.stdout)), redirect_stderr(_Visible(sys.stderr)):
            yield
    finally:
        os._exit = leave
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = path
