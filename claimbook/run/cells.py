"""Cells of notebook files without their outputs; a file is parsed once, until it changes.

Outputs are most of a notebook, and parsing them most of the time it takes to read one.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path


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


_parsed: dict[Path, tuple[bytes, tuple[Cell, ...]]] = {}


def read(path: Path) -> tuple[Cell, ...]:
    """The cells of a notebook of the present format.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no notebook, or one of an older format.
    """
    content = path.read_bytes()
    digest = hashlib.sha256(content).digest()
    known, cells = _parsed.get(path, (b"", ()))
    if known != digest:
        cells = _cells(content)
        _parsed[path] = digest, cells
    return cells


def _cells(content: bytes) -> tuple[Cell, ...]:
    try:
        notebook = json.loads(content.decode("utf-8"))
        if notebook["nbformat"] == 4:
            return tuple(
                Cell(
                    cell["cell_type"],
                    "".join(cell["source"]),
                    tuple(cell["metadata"].get("tags", ())),
                )
                for cell in notebook["cells"]
            )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("expected a notebook, found another file") from error
    raise ValueError("expected a notebook of format 4, found one of another")
