"""Notebook files, and the results in their stored outputs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from claimbook.base.characters import visible
from claimbook.notebook.render import MIME
from claimbook.verdicts.result import Result


class NotebookError(Exception):
    """A notebook cannot be run; the message names the notebook and the cell."""

    def __str__(self) -> str:
        # It may quote the notebook's own code and texts, and is read in a terminal.
        return visible(super().__str__())


def read(path: Path) -> Any:
    """Read a notebook file.

    Raises:
        NotebookError: the file is no notebook.
    """
    import nbformat

    try:
        return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise NotebookError(f"{path.name}: expected a notebook, found: {error}") from error
    except (AttributeError, LookupError, TypeError, RecursionError) as error:
        message = f"{path.name}: expected a notebook, found JSON of another form"
        raise NotebookError(message) from error


def results(notebook: Any) -> list[Result]:
    """Results in the stored outputs of a notebook, in their order.

    Raises:
        ValidationError: a stored result is not of the present form.
    """
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
