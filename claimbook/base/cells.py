"""Cells of notebook files without their outputs; a file is parsed once, until it changes.

Outputs are most of a notebook, and parsing them most of the time it takes to read one.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimbook.base.files import parse_json, read_text


@dataclass(frozen=True)
class Cell:
    """What somebody wrote into a cell.

    Attributes:
        kind: `markdown`, `code` or `raw`.
        source: the text.
        tags: of its metadata.
    """

    kind: str
    source: str
    tags: tuple[str, ...] = ()


_A_NOTEBOOK = "a notebook"
_FORMAT = 4

_parsed: dict[Path, tuple[str, tuple[Cell, ...]]] = {}


def read(path: Path) -> tuple[Cell, ...]:
    """The cells of a notebook of the present format.

    Raises:
        ValueError: it is none, or has an invisible character, outputs included; the message says
            what was expected and what was found.
    """
    text = read_text(path, _A_NOTEBOOK)
    digest = hashlib.sha256(text.encode()).hexdigest()
    known, cells = _parsed.get(path, ("", ()))
    if known != digest:
        cells = _cells(parse_json(text, _A_NOTEBOOK))
        _parsed[path] = digest, cells
    return cells


def _cells(notebook: Any) -> tuple[Cell, ...]:
    try:
        if notebook["nbformat"] == _FORMAT:
            return tuple(
                Cell(
                    cell["cell_type"],
                    "".join(cell["source"]),
                    tuple(cell["metadata"].get("tags", ())),
                )
                for cell in notebook["cells"]
            )
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError("expected a notebook, found JSON of another form") from error
    raise ValueError(
        f"expected a notebook of format {_FORMAT}, found format {notebook['nbformat']!r}"
    )
