"""Cited tables: CSV files described by `data/tables/datapackage.json`."""

import hashlib
import io
import json
import math
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from claimbook.base.characters import need_seen
from claimbook.base.faults import Fault, nearest, unreadable
from claimbook.data.errors import explain
from claimbook.data.models import CitedTable, OnlyContext
from claimbook.data.table_models import Package, Resource

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = "datapackage.json"

# How the cells of a column are written, apart from empty ones.
_CELLS = {
    "integer": ("a whole number of at most 18 digits", r"-?[0-9]{1,18}"),
    "number": ("a number", r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"),
    "date": ("a date as YYYY-MM-DD", r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "boolean": ("true or false", "true|false"),
}


def digest(content: bytes) -> str:
    """Digest of the content of a file as the package descriptor writes it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def read_package(folder: Path, name: str) -> tuple[dict[str, CitedTable], list[Fault]]:
    """Read the descriptor and compare every table with its digest.

    Args:
        folder: the folder of the tables.
        name: how messages call the descriptor.

    Returns:
        Tables by id, and what is wrong with the descriptor or the files.
    """
    try:
        raw = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return {}, [Fault(name, "", "", unreadable(error, "a JSON data package"))]
    except (ValueError, RecursionError) as error:
        return {}, [Fault(name, "", "", f"expected a JSON data package, found: {error}")]
    try:
        resources = Package.model_validate(raw).resources
    except ValidationError as error:
        return {}, explain(error, name, "", raw, Package)
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
            faults += explain(error, name, label, item, Resource)
            continue
        table = resource.cited()
        if table.id in tables:
            faults.append(Fault(name, label, "name", "expected different names, found this twice"))
        tables[table.id] = table
        faults += _file_faults(folder, name, resource)
    faults += [
        Fault(name, path.name, "", "expected a description of this table, found none")
        for path in sorted(folder.glob("*.csv"))
        if path.name not in described
    ]
    return tables, faults


def _file_faults(folder: Path, name: str, resource: Resource) -> list[Fault]:
    path = folder / resource.path
    if not path.is_file():
        message = f"expected a file, found none at {resource.path}"
        return [Fault(name, resource.name, "path", message)]
    found = digest(path.read_bytes())
    if not resource.digest:
        return [Fault(name, resource.name, "hash", f"expected {found}, found none")]
    if resource.digest != found:
        message = (
            f"{resource.path} differs from its digest: expected {resource.digest}, found {found}"
        )
        return [Fault(name, resource.name, "hash", message)]
    return []


def schema_faults(folder: Path, name: str) -> list[Fault]:
    """Check every table against its schema, with frictionless.

    Slow to import, so only validation asks for it; reading a claim relies on the digests.
    """
    from frictionless import Dialect, Package, system
    from frictionless.formats import CsvControl

    with system.use_context(trusted=True):
        package = Package(str(folder / PACKAGE))
        for resource in package.resources:
            # Stated outright, because frictionless would guess the separator otherwise.
            resource.dialect = Dialect(
                controls=[CsvControl(delimiter=",", quote_char='"', skip_initial_space=False)]
            )
        report = package.validate()
    faults = [Fault(name, "", error.type, error.message) for error in report.errors]
    for task in report.tasks:
        for error in task.errors:
            place = ", ".join(
                f"{what} {value}"
                for what, value in (
                    ("row", getattr(error, "row_number", None)),
                    ("column", getattr(error, "field_name", None)),
                )
                if value
            )
            faults.append(Fault(name, task.name, place, error.message))
    return faults


def content_faults(
    folder: Path, name: str, tables: Iterable[CitedTable], sources: Collection[str] | None
) -> list[Fault]:
    """Check that every table can be loaded, has rows and names known sources in them.

    Args:
        folder: the folder of the tables.
        name: how messages call the descriptor.
        tables: the tables to load.
        sources: keys of the bibliography, for columns named `source` or ending in `_source`;
            `None` if they are not known.
    """
    faults: list[Fault] = []
    for table in tables:
        try:
            texts = read_texts(folder, table)
        except (OSError, ValueError) as error:
            faults.append(Fault(name, table.resource, "", f"expected a CSV table, found: {error}"))
            continue
        if texts.empty:
            faults.append(Fault(name, table.resource, "", "expected at least one row, found none"))
        wrong = [*_wrong_cells(table, texts), *_wrong_waivers(table, texts)]
        if sources is not None:
            wrong += _unknown_sources(texts, sources)
        faults += [Fault(name, table.resource, place, message) for place, message in wrong]
    return faults


def read_table(folder: Path, table: CitedTable) -> "pd.DataFrame":
    """Load a table with the types of its schema.

    Whole-number columns with gaps become nullable integers; dates become timestamps.

    Raises:
        ValueError: the file is no such table.
    """
    import pandas as pd

    texts = read_texts(folder, table)
    for place, message in _wrong_cells(table, texts):
        raise ValueError(f"{table.path}: {place}: {message}")
    columns: dict[str, pd.Series[Any]] = {}
    for column in table.columns:
        values = texts[column.name]
        filled = values.mask(values == "")
        if column.type == "integer":
            numbers = pd.to_numeric(filled).astype("Int64")
            columns[column.name] = numbers if numbers.hasnans else numbers.astype("int64")
        elif column.type == "number":
            columns[column.name] = pd.to_numeric(filled).astype("float64")
        elif column.type == "date":
            columns[column.name] = pd.to_datetime(filled, format="%Y-%m-%d")
        elif column.type == "boolean":
            columns[column.name] = values == "true"
        else:
            columns[column.name] = values
    return pd.DataFrame(columns)


def read_texts(folder: Path, table: CitedTable) -> "pd.DataFrame":
    """Load a table as it is written, every cell a text.

    Raises:
        ValueError: the file is no such table.
    """
    import pandas as pd

    content = (folder / table.path).read_bytes()
    # Tables are read when they are asked for, and may have been written since they were checked.
    if digest(content) != table.digest:
        raise ValueError(f"{table.path}: expected the content with the digest {table.digest}")
    texts = pd.read_csv(
        io.BytesIO(content), dtype=str, keep_default_na=False, encoding="utf-8", index_col=False
    )
    expected = [column.name for column in table.columns]
    if list(texts.columns) != expected:
        raise ValueError(
            f"{table.path}: expected the columns {', '.join(expected)}; "
            f"found {', '.join(texts.columns)}"
        )
    return texts


def _wrong_cells(table: CitedTable, texts: "pd.DataFrame") -> Iterator[tuple[str, str]]:
    """Place and message of cells that are not what they pass for.

    What pandas would take for a number, a gap or false (NaN, INF, True), and texts with letters
    that nobody sees.
    """
    for column in table.columns:
        if column.type == "string":
            yield from _unseen_letters(column.name, texts[column.name])
        if column.type not in _CELLS:
            continue
        expected, pattern = _CELLS[column.type]
        for row, text in enumerate(texts[column.name], 2):
            if not text and column.type != "boolean":
                continue
            fits = re.fullmatch(pattern, text) is not None
            if not fits or (column.type == "number" and math.isinf(float(text))):
                yield f"row {row}, column {column.name}", f"expected {expected}, found {text!r}"


def waived(waiver: OnlyContext, texts: "pd.DataFrame") -> Iterator[tuple[int, str]]:
    """Row, from 0, and column of the cells that are only context; gaps are none.

    Args:
        waiver: what the descriptor says of them.
        texts: the table as it is written.
    """
    rows = texts
    for column, values in waiver.where:
        rows = rows[rows[column].isin(values)]
    for column in waiver.columns:
        for row, text in rows[column].items():
            if text:
                yield int(row), column  # type: ignore[call-overload]


def _wrong_waivers(table: CitedTable, texts: "pd.DataFrame") -> Iterator[tuple[str, str]]:
    for waiver in table.only_context:
        unknown = [
            f"expected a value of column {column}, found {value!r}{nearest(value, known)}"
            for column, values in waiver.where
            for known in [sorted(set(texts[column]))]
            for value in values
            if value not in known
        ]
        if not unknown and not any(waived(waiver, texts)):
            unknown = [f"expected cells in {', '.join(waiver.columns)}, found none"]
        yield from (("only_context", message) for message in unknown)


def _unseen_letters(name: str, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for row, text in enumerate(texts, 2):
        try:
            need_seen(text)
        except ValueError as error:
            yield f"row {row}, column {name}", str(error)


def _unknown_sources(texts: "pd.DataFrame", sources: Collection[str]) -> Iterator[tuple[str, str]]:
    for column in texts.columns:
        if not f"_{column}".endswith("_source"):
            continue
        for row, key in enumerate(texts[column], 2):
            if key and key not in sources:
                message = f"unknown source {key!r}{nearest(key, sources)}"
                yield f"row {row}, column {column}", message
