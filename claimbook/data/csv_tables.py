"""Cited tables: CSV files described by `data/tables/datapackage.json`."""

import csv
import datetime as dt
import hashlib
import io
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from claimbook.base.faults import Fault, nearest, shortened
from claimbook.base.files import MAX_TEXT, parse_json, read_text
from claimbook.data.errors import explain
from claimbook.data.models import MAX_YEAR, MIN_YEAR, CitedTable, Column, OnlyContext
from claimbook.data.table_models import Package, Resource

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = "datapackage.json"
_A_PACKAGE = "a JSON data package"
# Every cell is checked, and moved by the gate: a larger table would keep both busy for minutes.
MAX_BYTES = 1_000_000
# Faults of one table that are told; a wrong column would have one in every row.
_MOST_FAULTS = 1_000

# A row as it is written: the text of each cell by the name of its column.
Row = Mapping[str, str]


def _kept(text: str) -> float:
    """A number that a float has as it is written: no cited number changes on its way."""
    number = float(text)
    if math.isinf(number) or Decimal(repr(number)) != Decimal(text):
        raise ValueError("too large, too small or too long")
    return number


def _day(text: str) -> dt.date:
    day = dt.date.fromisoformat(text)
    if not MIN_YEAR <= day.year <= MAX_YEAR:
        raise ValueError("expected a year of a source")
    return day


@dataclass(frozen=True)
class _Type:
    """How the cells of a column are written, and what they are read as.

    Attributes:
        expected: what a cell should be, for messages.
        pattern: how it is written.
        read: gives its value.
        dtype: of pandas, for the whole column.
    """

    expected: str
    pattern: str
    read: Callable[[str], Any]
    dtype: str

    def fits(self, text: str) -> bool:
        """Whether a cell is written as this type has it."""
        with suppress(ValueError):
            return re.fullmatch(self.pattern, text) is not None and self.read(text) is not None
        return False


# Texts are not among them: they are what they are.
_TYPES = {
    "integer": _Type("a whole number of at most 18 digits", "-?[0-9]{1,18}", int, "int64"),
    "number": _Type(
        "a number of at most 15 digits",
        r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?",
        _kept,
        "float64",
    ),
    "date": _Type(
        f"a date as YYYY-MM-DD, from {MIN_YEAR} to {MAX_YEAR}",
        "[0-9]{4}(-[0-9]{2}){2}",
        _day,
        "datetime64[us]",
    ),
    "boolean": _Type("true or false", "true|false", "true".__eq__, "bool"),
}


def digest(content: bytes) -> str:
    """Digest of the content of a file as the package descriptor writes it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def read_package(
    folder: Path, name: Callable[[Path], str], sources: Collection[str] | None
) -> tuple[dict[str, CitedTable], list[Fault]]:
    """Read the descriptor, and check every table against it.

    Args:
        folder: the folder of the tables.
        name: how messages call a file.
        sources: keys of the bibliography, for columns named `source` or ending in `_source`;
            `None` if they are not known.

    Returns:
        Tables by id, and what is wrong with the descriptor or the tables.
    """
    place = name(folder / PACKAGE)
    try:
        raw = parse_json(read_text(folder / PACKAGE, _A_PACKAGE), _A_PACKAGE, MAX_TEXT)
    except ValueError as error:
        return {}, [Fault(place, "", "", str(error))]
    try:
        resources = Package.model_validate(raw).resources
    except ValidationError as error:
        return {}, explain(error, place, "", raw, Package)
    tables: dict[str, CitedTable] = {}
    faults: list[Fault] = []
    described = set()
    for number, item in enumerate(resources, 1):
        named, path = (
            [item.get(key) for key in ("name", "path")] if isinstance(item, dict) else ("", "")
        )
        label = named if named and isinstance(named, str) else f"resource {number}"
        described.add(str(path))
        try:
            resource = Resource.model_validate(item)
        except ValidationError as error:
            faults += explain(error, place, label, item, Resource)
            continue
        table = resource.cited()
        if table.id in tables:
            faults.append(Fault(place, label, "name", "expected different names, found this twice"))
        tables[table.id] = table
        faults += _table_faults(folder, name, resource, sources)
    faults += [
        Fault(place, path.name, "", "expected a description of this table, found none")
        for path in sorted(folder.glob("*.csv"))
        if path.name not in described
    ]
    return tables, faults


def _table_faults(
    folder: Path,
    name: Callable[[Path], str],
    resource: Resource,
    sources: Collection[str] | None,
) -> list[Fault]:
    """What is wrong with a table: its file as a whole, or else what is in it."""
    path = folder / resource.path
    try:
        text = read_text(path, "a CSV table", MAX_BYTES)
    except ValueError as error:
        return [Fault(name(path), "", "", str(error))]
    content = text.encode()
    described = name(folder / PACKAGE), resource.name
    if not resource.digest:
        return [Fault(*described, "hash", f"expected {digest(content)}, found none")]
    if resource.digest != digest(content):
        message = f"expected {resource.digest}, found {digest(content)}"
        about = f"{resource.path} differs from its digest"
        return [Fault(*described, "hash", f"{about}: {message}")]
    if resource.size not in (None, len(content)):
        message = f"expected the size of {resource.path}, {len(content)}; found {resource.size}"
        return [Fault(*described, "bytes", message)]
    places = _wrong_places(resource.content.columns, text, sources)
    wrong = list(islice(places, _MOST_FAULTS))
    if len(wrong) == _MOST_FAULTS:
        wrong.append(("", "", f"expected few faults, found {_MOST_FAULTS:,} and looked no further"))
    if wrong:
        return [Fault(name(path), *place) for place in wrong]
    rows = _rows(text)
    return [
        Fault(*described, "only_context", message)
        for waiver in resource.only_context
        for message in _wrong_waiver(waiver, rows)
    ]


def _wrong_places(
    columns: Sequence[Column], text: str, sources: Collection[str] | None
) -> Iterator[tuple[str, str, str]]:
    """Row, column and message of what is wrong in a table."""
    if "\r" in text:
        yield "", "", "expected lines that end in LF alone, found CR"
    try:
        header, *lines = list(csv.reader(io.StringIO(text, newline=""), strict=True)) or [[]]
    except csv.Error as error:
        yield "", "", f"expected a CSV table, found: {error}"
        return
    names = [column.name for column in columns]
    if header != names:
        yield "", "", f"expected the columns {', '.join(names)}; found {', '.join(header)}"
        return
    if not lines:
        yield "", "", "expected at least one row, found none"
    seen: dict[tuple[Any, ...], int] = {}
    for number, line in enumerate(lines, 2):
        if len(line) != len(names):
            yield f"row {number}", "", f"expected {len(names)} cells, found {len(line)}"
            continue
        row = dict(zip(names, line, strict=True))
        right = True
        for column in columns:
            cell = row[column.name]
            message = _wrong_cell(column, cell, sources) or _wrong_text(cell, text)
            message = message or _wrong_gap(column.name, row)
            if message:
                right = False
                yield f"row {number}", f"column {column.name}", message
        if right:
            values = tuple(_value(column, row[column.name]) for column in columns)
            if values in seen:
                yield (
                    f"row {number}",
                    "",
                    f"expected a row of its own, found row {seen[values]} again",
                )
            seen.setdefault(values, number)


def _wrong_text(cell: str, text: str) -> str:
    """What is wrong with how a cell is written, whatever its type."""
    if len(cell) > MAX_TEXT:
        return f"expected at most {MAX_TEXT:,} characters, found {len(cell):,}"
    if cell != cell.strip():
        return f"expected no space at the beginning or the end, found {cell!r}"
    # A quotation mark that nobody meant opens a cell which ends at the next one, rows below.
    if "\n" in cell:
        return f"expected one line, found {shortened(repr(cell), 80)}: a stray quotation mark?"
    quoted = cell.replace('"', '""')
    if quoted != cell and f'"{quoted}"' not in text:
        return f"expected quotation marks twice, in a cell within such marks; found {cell!r}"
    return ""


def _is_source(name: str) -> bool:
    return f"_{name}".endswith("_source")


def _wrong_gap(name: str, row: Row) -> str:
    """What is wrong with an empty cell for a source: what it is the source of has values.

    That is the whole row for `source`; for `press_source` the columns that begin with `press_`.
    """
    if row[name] or not _is_source(name):
        return ""
    about = name.removesuffix("source")
    filled = [other for other, cell in row.items() if cell and other.startswith(about)]
    if not filled and any(other != name and other.startswith(about) for other in row):
        return ""
    return "expected a source, found nothing"


def _value(column: Column, cell: str) -> Any:
    kind = _TYPES.get(column.type)
    return kind.read(cell) if kind and cell else cell


def _wrong_cell(column: Column, text: str, sources: Collection[str] | None) -> str:
    """What is wrong with a cell, or nothing; gaps are right, but for truth values."""
    kind = _TYPES.get(column.type)
    if kind and (text or column.type == "boolean") and not kind.fits(text):
        return f"expected {kind.expected}, found {text!r}"
    if text and column.priced and not kind.read(text) > 0:  # type: ignore[union-attr]
        return f"expected an amount of money above 0, or a column that is signed; found {text!r}"
    if _is_source(column.name) and text and sources is not None and text not in sources:
        return f"unknown source {text!r}{nearest(text, sources)}"
    return ""


def _wrong_waiver(waiver: OnlyContext, rows: Sequence[Row]) -> Iterator[str]:
    unknown = [
        f"expected a value of column {column}, found {value!r}{nearest(value, known)}"
        for column, values in waiver.where
        for known in [sorted({row[column] for row in rows})]
        for value in values
        if value not in known
    ]
    yield from unknown
    if not unknown and not any(waived(waiver, rows)):
        yield f"expected cells in {', '.join(waiver.columns)}, found none"


def waived(waiver: OnlyContext, rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """Row, from 0, and column of the cells that are only context; gaps are none.

    Args:
        waiver: what the descriptor says of them.
        rows: the table as it is written.
    """
    for number, row in enumerate(rows):
        if all(row[column] in values for column, values in waiver.where):
            yield from ((number, column) for column in waiver.columns if row[column])


def _rows(text: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def read_rows(folder: Path, table: CitedTable) -> list[Row]:
    """Load a table as it is written.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is another one than was checked.
    """
    content = (folder / table.path).read_bytes()
    # Tables are read when they are asked for, and may have been written since they were checked.
    if digest(content) != table.digest:
        raise ValueError(f"{table.path}: expected the content with the digest {table.digest}")
    return _rows(content.decode())


def read_table(folder: Path, table: CitedTable) -> "pd.DataFrame":
    """Load a table with the types of its schema.

    Whole-number columns with gaps become nullable integers; dates become timestamps.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is another one than was checked.
    """
    import pandas as pd

    rows = read_rows(folder, table)
    columns: dict[str, pd.Series[Any]] = {}
    for column in table.columns:
        texts = [row[column.name] for row in rows]
        kind = _TYPES.get(column.type)
        if kind is None:
            columns[column.name] = pd.Series(texts, dtype="str")
            continue
        # With a gap, whole numbers would go through floats, which change long ones.
        dtype = "Int64" if column.type == "integer" and "" in texts else kind.dtype
        values = [kind.read(text) if text else None for text in texts]
        columns[column.name] = pd.Series(values, dtype=dtype)
    return pd.DataFrame(columns)
