"""Notebooks executed with kernels, several at a time."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimbook.base import reads
from claimbook.base.paths import ROOT_VARIABLE, Project
from claimbook.notebook import render
from claimbook.run.notebooks import NotebookError, read

if TYPE_CHECKING:
    from claimbook.run.bounded import BoundedClient

TIMEOUT = 300  # seconds for one cell
_RECORDING = "--InteractiveShellApp.extra_extensions=claimbook.run.recording"
_SHOWN = ("text/html", "image/")  # forms that no file keeps


@dataclass(frozen=True)
class Execution:
    """One notebook's run.

    Attributes:
        slug: which notebook.
        seconds: how long it took, its kernel's start and end included.
        notebook: with its new outputs; None if it failed.
        error: why it failed.
        asked: what it asked for; None if that was not noted.
    """

    slug: str
    seconds: float
    notebook: Any = None
    error: NotebookError | None = None
    asked: frozenset[reads.Read] | None = None


def execute_all(
    project: Project,
    slugs: Sequence[str],
    done: Callable[[Execution], None],
    *,
    jobs: int = 0,
) -> None:
    """Execute notebooks, each with a kernel of its own, in the folder of the notebooks.

    All are executed, whatever fails. If this is interrupted, their kernels are ended first.

    Args:
        project: where they lie.
        slugs: which ones.
        done: given each as soon as it has ended, in the calling thread; nothing else keeps it.
        jobs: how many at a time; by default as `at_a_time` says.
    """
    project.reads.mkdir(parents=True, exist_ok=True)
    with _Pool(jobs or at_a_time()) as pool:
        ordered = largest_first(project, slugs)
        for future in as_completed([pool.submit(project, slug) for slug in ordered]):
            done(future.result())


def execute(project: Project, slug: str) -> Any:
    """Execute one notebook with a kernel of its own.

    Returns:
        The notebook with new outputs, without execution counts and times.

    Raises:
        NotebookError: a cell failed, took longer than the timeout or ended its kernel.
    """
    found: list[Execution] = []
    execute_all(project, [slug], found.append)
    (execution,) = found
    if execution.error:
        raise execution.error
    return execution.notebook


def at_a_time() -> int:
    """One for each processor, and one more: a kernel that starts or ends mostly waits."""
    return (os.cpu_count() or 1) + 1


def largest_first(project: Project, slugs: Sequence[str]) -> list[str]:
    """Notebooks by the size of their files, which is a guess at how long they take.

    So the last to end is not one that takes long.
    """

    def size(slug: str) -> int:
        path = project.notebook(slug)
        return path.stat().st_size if path.is_file() else 0

    return sorted(slugs, key=size, reverse=True)


def surroundings(project: Project) -> dict[str, str]:
    """What a kernel needs to find this project, and to make the outputs that files keep.

    It has settings of IPython of its own: the caller's may run anything at the start of a kernel.
    """
    with suppress(OSError):  # then IPython finds a place itself
        project.ipython.mkdir(parents=True, exist_ok=True)
    return {
        ROOT_VARIABLE: str(project.root),
        render.VARIABLE: render.STORED,
        "IPYTHONDIR": str(project.ipython),
    }


class _Pool:
    """Threads that each look after one kernel; on an interruption they end with their kernels."""

    def __init__(self, jobs: int) -> None:
        self._threads = ThreadPoolExecutor(jobs)
        self._clients: set[BoundedClient] = set()
        self._lock = threading.Lock()
        self._stopping = False

    def __enter__(self) -> "_Pool":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            with self._lock:
                self._stopping = True
                from claimbook.run.bounded import kill

                for client in self._clients:
                    kill(client)
        self._threads.shutdown(cancel_futures=True)

    def submit(self, project: Project, slug: str) -> Any:
        return self._threads.submit(self._execute, project, slug)

    def _execute(self, project: Project, slug: str) -> Execution:
        started = time.perf_counter()
        notebook, error, asked = None, None, None
        try:
            # In a folder of the project: should this process be killed, the next one clears it.
            notes = project.reads / f"{slug}.notes"
            notes.unlink(missing_ok=True)
            try:
                notebook = self._run(project, slug, notes)
                asked = reads.noted(notes)
            finally:
                notes.unlink(missing_ok=True)
            _need_inside(slug, asked or frozenset())
        except NotebookError as found:
            notebook, error = None, found
        return Execution(slug, time.perf_counter() - started, notebook, error, asked)

    def _run(self, project: Project, slug: str, notes: Path) -> Any:
        from click import unstyle
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
        from traitlets.config import Config

        from claimbook.run import bounded

        notebook = read(project.notebook(slug))
        client = bounded.BoundedClient(
            notebook,
            timeout=TIMEOUT,
            kernel_name="python3",
            resources={"metadata": {"path": str(project.notebooks)}},
            on_cell_start=self._go_on,
            extra_arguments=[_RECORDING],
            config=Config({"KernelManager": {"transport_encryption": "auto"}}),
        )
        with self._watched(client):
            try:
                env = os.environ | surroundings(project) | {reads.VARIABLE: str(notes)}
                client.execute(env=env)
            except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as error:
                if not client.exceeded:
                    raise NotebookError(f"{slug}.ipynb: {unstyle(str(error))}") from error
        if client.exceeded:  # its last cell may even have ended well
            message = f"expected at most {bounded.LIMIT:,} letters shown, found more"
            raise NotebookError(f"{slug}.ipynb: {message}")
        return _clean(notebook)

    def _go_on(self, **_: object) -> None:
        if self._stopping:
            raise NotebookError("interrupted")

    @contextmanager
    def _watched(self, client: "BoundedClient") -> Iterator[None]:
        with self._lock:
            self._clients.add(client)
        try:
            yield
        finally:
            with self._lock:
                self._clients.discard(client)


def _need_inside(slug: str, asked: frozenset[reads.Read]) -> None:
    """Refuse files that a change of would not be noticed."""
    outside = sorted(name for kind, name in asked if kind == reads.OUTSIDE)
    if outside:
        raise NotebookError(
            f"{slug}.ipynb: expected to read no file of the project but those in book/ and data/, "
            f"whose changes are noticed; found {', '.join(outside)}"
        )


def _clean(notebook: Any) -> Any:
    """Drop what changes from run to run, and HTML and pictures, whoever shows them.

    What a cell prints arrives in pieces, however its pauses fall; it is joined as the comparison of
    stored and new outputs joins it.
    """
    from pytest_notebook.post_processors import coalesce_streams

    notebook, _ = coalesce_streams(notebook, {})
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
                for form in [name for name in output.get("data", ()) if name.startswith(_SHOWN)]:
                    del output.data[form]
    return notebook
