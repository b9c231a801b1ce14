"""Notebooks: run without a kernel, executed with one, and their results read back."""

import linecache
import os
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat

from claimbook.claim import Claim
from claimbook.display import MIME
from claimbook.paths import ROOT_VARIABLE, Project
from claimbook.result import Result

CHART_TAG = "chart"
TIMEOUT = 300  # seconds for one cell


class NotebookError(Exception):
    """A notebook cannot be run; the message names the notebook and the cell."""


def read(path: Path) -> Any:
    """Read a notebook file.

    Raises:
        NotebookError: the file is no notebook.
    """
    try:
        return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise NotebookError(f"{path.name}: expected a notebook, found: {error}") from error


def run(project: Project, slug: str) -> list[Claim]:
    """Run the code of a notebook in this process, without a kernel and without charts.

    Cells tagged `chart` are left out; nothing is displayed. A cell is compiled under the name
    `<slug>.ipynb#cell<n>`, so that a traceback shows its lines.

    Returns:
        The claims that the notebook made.

    Raises:
        NotebookError: a cell failed.
    """
    notebook = read(project.notebook(slug))
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code" or CHART_TAG in cell.metadata.get("tags", ()):
            continue
        name = f"{slug}.ipynb#cell{number}"
        linecache.cache[name] = (
            len(cell.source),
            None,
            cell.source.splitlines(keepends=True),
            name,
        )
        try:
            with _environment(project):
                exec(compile(cell.source, name, "exec"), namespace)
        except Exception as error:
            raise NotebookError(_located(name, error)) from error
    return [value for value in namespace.values() if isinstance(value, Claim)]


def _located(name: str, error: Exception) -> str:
    """Message of an error with the line of the cell that it came from."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "#cell" in frame[0]]
    line = frames[-1] if frames else None
    place = f"{line.filename}, line {line.lineno}" if line else name
    if isinstance(error, SyntaxError):
        place = f"{name}, line {error.lineno}"
    source = f"\n    {line.line}" if line and line.line else ""
    kind = "" if type(error).__module__.startswith("claimbook") else f"{type(error).__name__}: "
    return f"{place}: {kind}{error}{source}"


@contextmanager
def _environment(project: Project) -> Iterator[None]:
    """Let `Claim` find this project, whatever the working directory."""
    before = os.environ.get(ROOT_VARIABLE)
    os.environ[ROOT_VARIABLE] = str(project.root)
    try:
        yield
    finally:
        if before is None:
            del os.environ[ROOT_VARIABLE]
        else:
            os.environ[ROOT_VARIABLE] = before


def execute(project: Project, slug: str) -> Any:
    """Execute a notebook with a kernel of its own, in the folder of the notebooks.

    Returns:
        The notebook with new outputs, without execution counts and times.

    Raises:
        NotebookError: a cell failed or took longer than the timeout.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError
    from traitlets.config import Config

    notebook = read(project.notebook(slug))
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(project.notebooks)}},
        config=Config({"KernelManager": {"transport_encryption": "auto"}}),
    )
    try:
        with _environment(project):
            client.execute()
    except (CellExecutionError, CellTimeoutError) as error:
        raise NotebookError(f"{slug}.ipynb: {error}") from error
    return _clean(notebook)


def _clean(notebook: Any) -> Any:
    """Drop what changes from run to run."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
    }
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.execution_count = None
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = None
    return notebook


def accept(project: Project, slugs: Sequence[str], progress: Callable[[str], None]) -> list[Any]:
    """Execute notebooks and replace their files, all of them or none.

    Raises:
        NotebookError: a notebook failed; no file was changed.
    """
    executed = []
    for slug in slugs:
        progress(slug)
        executed.append(execute(project, slug))
    with tempfile.TemporaryDirectory(dir=project.root) as folder:
        written = []
        for slug, notebook in zip(slugs, executed, strict=True):
            path = Path(folder) / f"{slug}.ipynb"
            nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
            written.append((path, project.notebook(slug)))
        for source, target in written:
            shutil.move(source, target)
    return executed


def results(notebook: Any) -> list[Result]:
    """Results in the stored outputs of a notebook, in their order."""
    return [
        Result.model_validate(payload["result"])
        for payload in payloads(notebook)
        if payload["kind"] == "verdict"
    ]


def payloads(notebook: Any) -> Iterator[dict[str, Any]]:
    """Everything of ours in the stored outputs of a notebook."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            payload = output.get("data", {}).get(MIME)
            if payload is not None:
                yield payload
