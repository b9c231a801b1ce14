"""Cited tables: CSV files described by `data/tables/datapackage.json`."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from claimbook.explain import explain
from claimbook.faults import Fault
from claimbook.models import CitedTable, Column

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = "datapackage.json"

# Keys of a resource that the model takes as they are.
_KEYS = ("title", "path", "precision", "known", "note")


def digest(path: Path) -> str:
    """Digest of a file as the package descriptor writes it."""
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def read_package(folder: Path, name: str) -> tuple[dict[str, CitedTable], list[Fault]]:
    """Read the descriptor and compare every table with its digest.

    Args:
        folder: the folder of the tables.
        name: how messages call the descriptor.

    Returns:
        Tables by id, and what is wrong with the descriptor or the files.
    """
    try:
        package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
        resources = package["resources"]
    except (OSError, json.JSONDecodeError, KeyError, TypeError) as error:
        return {}, [Fault(name, "", "", f"expected a JSON data package, found: {error!r}")]
    tables: dict[str, CitedTable] = {}
    faults: list[Fault] = []
    for resource in resources:
        label = str(resource.get("name", "a resource without name"))
        table, wrong = _table(name, label, resource)
        faults += wrong
        if table is None:
            continue
        if table.id in tables:
            faults.append(Fault(name, label, "name", "expected different names, found this twice"))
        tables[table.id] = table
        faults += _file_faults(folder, name, label, resource)
    described = {resource.get("path") for resource in resources}
    faults += [
        Fault(name, path.name, "", "expected a description of this table, found none")
        for path in sorted(folder.glob("*.csv"))
        if path.name not in described
    ]
    return tables, faults


def _table(
    name: str, label: str, resource: dict[str, Any]
) -> tuple[CitedTable | None, list[Fault]]:
    faults: list[Fault] = []
    columns: list[Column] = []
    schema = resource.get("schema")
    for field in schema.get("fields", ()) if isinstance(schema, dict) else ():
        raw = {key: field[key] for key in Column.model_fields if field.get(key) is not None}
        try:
            columns.append(Column.model_validate(raw))
        except ValidationError as error:
            faults += [
                replace(fault, field=f"{raw.get('name', 'a column')}.{fault.field}")
                for fault in explain(error, name, label, raw, Column)
            ]
    if not columns and not faults:
        faults.append(Fault(name, label, "schema.fields", "expected columns, found none"))
    raw = {
        "id": str(resource.get("name", "")).replace("-", "_"),
        "columns": columns,
        "sources": [source.get("title", "") for source in resource.get("sources", ())],
        **{key: resource[key] for key in _KEYS if resource.get(key) not in (None, "")},
    }
    try:
        return CitedTable.model_validate(raw), faults
    except ValidationError as error:
        return None, faults + explain(error, name, label, raw, CitedTable)


def _file_faults(folder: Path, name: str, label: str, resource: dict[str, Any]) -> list[Fault]:
    path = folder / resource.get("path", "")
    if not path.is_file():
        return [
            Fault(name, label, "path", f"expected a file, found none at {resource.get('path')}")
        ]
    found = digest(path)
    if resource.get("hash") != found:
        return [
            Fault(
                name,
                label,
                "hash",
                f"{resource['path']} differs from its digest: "
                f"expected {resource.get('hash')}, found {found}",
            )
        ]
    return []


def schema_faults(folder: Path, name: str) -> list[Fault]:
    """Check every table against its schema, with frictionless.

    Slow to import, so only validation asks for it; reading a claim relies on the digests.
    """
    from frictionless import Package, system

    with system.use_context(trusted=True):
        report = Package(str(folder / PACKAGE)).validate()
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


def read_table(folder: Path, table: CitedTable) -> "pd.DataFrame":
    """Load a table with the types of its schema.

    Whole-number columns with gaps become nullable integers; dates become timestamps.
    """
    import pandas as pd

    texts = pd.read_csv(folder / table.path, dtype=str, keep_default_na=False, encoding="utf-8")
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
