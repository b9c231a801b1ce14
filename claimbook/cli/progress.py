"""Progress of notebooks being executed: a bar where there is a terminal, and a line for each."""

import time

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.text import Text

from claimbook import rule
from claimbook.cli.common import console
from claimbook.run.kernels import Execution
from claimbook.run.notebooks import results


class Progress:
    """Shows executions as they end; a context manager.

    Args:
        total: how many notebooks there are, if known from the beginning.
    """

    def __init__(self, total: int = 0) -> None:
        self._console = console(stderr=True)
        self._bar = Bar(
            TextColumn("executing notebooks"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal or self._console.is_dumb_terminal,
        )
        self._task = self._bar.add_task("", total=total or None)
        self._total, self._ended = total, 0
        self._started = time.perf_counter()

    def __enter__(self) -> "Progress":
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._bar.stop()
        if self._total and kind is None:
            seconds = time.perf_counter() - self._started
            self._console.print(f"{_notebooks(self._ended)} executed in {seconds:.1f} s")

    def begin(self, total: int) -> None:
        """Note how many there are."""
        self._total = total
        self._bar.update(self._task, total=total)
        if not total:
            self._console.print("All notebooks are up to date.")

    def done(self, execution: Execution) -> None:
        """Show one: its name, seconds and verdict."""
        self._ended += 1
        self._bar.advance(self._task)
        if execution.error:
            ending = "failed"
        else:
            verdicts = [result.verdict for result in results(execution.notebook)]
            ending = ", ".join(f"{rule.VERDICTS[name].icon} {name}" for name in verdicts)
        line = f"{execution.seconds:6.1f} s  {execution.slug}  {ending}"
        self._console.print(Text(line), soft_wrap=True)


def _notebooks(count: int) -> str:
    return "1 notebook" if count == 1 else f"{count} notebooks"
