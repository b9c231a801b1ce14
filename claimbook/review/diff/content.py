"""Everything that is written in the data and notebooks of one revision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from claimbook.base import cells
from claimbook.base.paths import Project
from claimbook.review.diff.notebook import Notebook, notebook

Kind = Literal["article", "claim", "input", "table", "source"]


class Key(NamedTuple):
    """What an entry is, whatever file it stands in."""

    kind: Kind
    id: str


@dataclass(frozen=True)
class Entry:
    """An entry of `data/`.

    Attributes:
        file: where it stands, from the root.
        fields: a text, a list, or fields again, by name; those that are given, and not empty.
    """

    file: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """The rows of a table.

    Attributes:
        file: where they stand, from the root.
        columns: names, in order.
        rows: texts as written.
    """

    file: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[tuple[str, ...]] = ()

    def only(self, columns: Sequence[str]) -> "Table":
        """The table with some of its columns, in their order; short rows are filled up."""
        places = [self.columns.index(column) for column in columns]
        rows = [
            tuple(row[place] if place < len(row) else "" for place in places) for row in self.rows
        ]
        return Table(self.file, columns, rows)


@dataclass(frozen=True)
class Content:
    """What is written in one revision.

    Attributes:
        entries: by kind and id.
        tables: rows by the id of the table.
        notebooks: by slug.
        ledger: lines of the ledger by claim.
    """

    entries: Mapping[Key, Entry]
    tables: Mapping[str, Table]
    notebooks: Mapping[str, Notebook]
    ledger: Mapping[str, Sequence[str]]


def content(project: Project, snapshot: Mapping[str, Any]) -> Content:
    """Put together what a revision says of its data, and its notebooks.

    Args:
        project: where its files lie.
        snapshot: as `claimbook.review.diff.snapshot` gives it.
    """
    return Content(
        entries={
            Key(entry["kind"], entry["id"]): Entry(entry["file"], entry["fields"])
            for entry in snapshot["entries"]
        },
        tables={
            name: Table(table["file"], table["columns"], [tuple(row) for row in table["rows"]])
            for name, table in snapshot["tables"].items()
        },
        notebooks={
            path.stem: _notebook(path) for path in sorted(project.notebooks.glob("*.ipynb"))
        },
        ledger=ledger_lines(project.ledger),
    )


def _notebook(path: Path) -> Notebook:
    try:
        return notebook(cells.read(path))
    except (OSError, ValueError):  # running it says what is wrong
        return Notebook()


def ledger_lines(path: Path) -> dict[str, list[str]]:
    """Lines of a ledger by claim; none if it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
    except (OSError, UnicodeDecodeError):
        return {}
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(line.partition(",")[0], []).append(line)
    return found
