"""The entries of a revision as they are written: no models, so any version can be read."""

import ast
import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimbook.base.paths import Project
from claimbook.data import yaml_files
from claimbook.run.dependencies import named
from claimbook.run.in_process import CHART_TAG

# Follow from the content of a table, and change with it.
_DERIVED = ("hash", "bytes")
# The file of all claims, in the first versions.
FORMER_CLAIMS = "claims.yml"


@dataclass(frozen=True)
class Place:
    """Where an entry stands: its file from the root, and its id in it."""

    file: str
    entry: str


@dataclass(frozen=True)
class Table:
    """The rows of a table.

    Attributes:
        columns: names, in order.
        rows: texts as written.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    def only(self, columns: Sequence[str]) -> "Table":
        """The table with some of its columns, in their order; short rows are filled up."""
        places = [self.columns.index(column) for column in columns]
        rows = (
            tuple(row[place] if place < len(row) else "" for place in places) for row in self.rows
        )
        return Table(tuple(columns), tuple(rows))


@dataclass(frozen=True)
class Notebook:
    """The code of a notebook.

    Attributes:
        functions: source of each top-level function by the id of its reading or check, with its
            decorators, written anew from its syntax tree, so that comments and line breaks do not
            count.
        parameters: what each of them asks for.
        rest: all other statements, written anew likewise.
        charts: code of the cells that draw, which no result rests on.
        prose: texts of the cells that are no code.
        tags: those of each cell that has any but that of a chart; they may hide it.
        named: everything that may be an id.
    """

    functions: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rest: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()
    prose: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Content:
    """Everything that is written in `data/` and in the notebooks of one revision.

    Attributes:
        entries: by place; a field holds a text, a list, or fields again.
        tables: rows by the id of the table.
        files: path of each table, from the root, by its id.
        notebooks: by slug.
        ledger: lines of the ledger by claim.
    """

    entries: dict[Place, Any]
    tables: dict[str, Table]
    files: dict[str, str]
    notebooks: dict[str, Notebook]
    ledger: dict[str, list[str]]

    def of(self, entry: str) -> Iterator[tuple[Place, Any]]:
        """Entries with an id, whatever file they stand in."""
        return ((place, raw) for place, raw in self.entries.items() if place.entry == entry)


def read(project: Project) -> Content:
    """Read a revision whose data can be loaded.

    What cannot be read is left out: loading says what is wrong with it.
    """
    entries: dict[Place, Any] = {}
    data = project.data
    for slug, raw in _claims(project):
        entries[Place(project.relative(project.claim(slug)), slug)] = raw
    for path in (project.articles, *sorted(data.glob("inputs/*.yml"))):
        for raw in _parsed(path):
            entries[Place(project.relative(path), str(raw.get("id", "")))] = raw
    tables, files = {}, {}
    package = data / "tables" / "datapackage.json"
    for raw in _resources(package):
        name = str(raw.get("name", "")).replace("-", "_")
        path = package.parent / str(raw.get("path", ""))
        entries[Place(project.relative(package), name)] = {
            key: value for key, value in raw.items() if key not in _DERIVED
        }
        tables[name], files[name] = _rows(path), f"data/tables/{raw.get('path', '')}"
    bibliography = data / "sources.bib"
    for key, raw in _sources(bibliography).items():
        entries[Place(project.relative(bibliography), key)] = raw
    return Content(
        entries=entries,
        tables=tables,
        files=files,
        notebooks={
            path.stem: _notebook(path) for path in sorted(project.notebooks.glob("*.ipynb"))
        },
        ledger=ledger_lines(project.ledger),
    )


def _claims(project: Project) -> Iterator[tuple[str, dict[str, Any]]]:
    """Claims by slug; the first versions had all of them in one file."""
    for raw in _parsed(project.data / FORMER_CLAIMS):
        yield str(raw.pop("id", "")), raw
    for path in sorted(project.claims.glob("*.yml")):
        for raw in _parsed(path):
            yield path.stem, raw


def _parsed(path: Path) -> list[dict[str, Any]]:
    """The entries of a file, or the one that it holds."""
    try:
        content = yaml_files.parse(path.read_text(encoding="utf-8"))
    except Exception:  # said by the loading
        return []
    found = content if isinstance(content, list) else [content]
    return [raw for raw in found if isinstance(raw, dict)]


def _resources(path: Path) -> list[dict[str, Any]]:
    try:
        return list(json.loads(path.read_text(encoding="utf-8"))["resources"])
    except (OSError, ValueError, LookupError, TypeError):
        return []


def _rows(path: Path) -> Table:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file)) or [[]]
    except (OSError, UnicodeDecodeError):
        return Table()
    return Table(tuple(header), tuple(map(tuple, rows)))


def _sources(path: Path) -> dict[str, dict[str, str]]:
    from claimbook.data.bibliography import read_sources

    found, _ = read_sources(path, path.name)
    return {
        key: {name: value for name, value in source.model_dump().items() if value}
        for key, source in found.items()
    }


def _notebook(path: Path) -> Notebook:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, LookupError, TypeError):
        return Notebook()
    code: list[str] = []
    charts: list[str] = []
    for cell in cells:
        if cell["cell_type"] == "code":
            drawn = CHART_TAG in cell["metadata"].get("tags", ())
            (charts if drawn else code).append("".join(cell["source"]))
    functions: dict[str, str] = {}
    parameters: dict[str, tuple[str, ...]] = {}
    rest: list[str] = []
    for text in code:
        try:
            statements = ast.parse(text).body
        except (SyntaxError, ValueError):
            rest.append(text)
            continue
        for statement in statements:
            if isinstance(statement, ast.FunctionDef):
                name = _id(statement)
                # A second one of the same name must not hide the first, which may be what counts.
                earlier = [functions[name]] if name in functions else []
                functions[name] = "\n".join([*earlier, ast.unparse(statement)])
                asked = (item.arg for item in statement.args.args)
                parameters[name] = (*parameters.get(name, ()), *asked)
            else:
                rest.append(ast.unparse(statement))
    return Notebook(
        functions=functions,
        parameters=parameters,
        rest=tuple(rest),
        charts=tuple(charts),
        prose=tuple("".join(cell["source"]) for cell in cells if cell["cell_type"] != "code"),
        tags=tuple(
            ", ".join(tags)
            for cell in cells
            if (tags := [str(tag) for tag in cell["metadata"].get("tags", ()) if tag != CHART_TAG])
        ),
        named=frozenset(named([*code, *charts])),
    )


def _id(function: ast.FunctionDef) -> str:
    """What a result calls a function: its own name, or for a check the name it is given."""
    for call in function.decorator_list:
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == "check"
            and call.args
            and isinstance(call.args[0], ast.Constant)
        ):
            return str(call.args[0].value)
    return function.name


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
