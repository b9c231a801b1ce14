"""What the outputs of a notebook depend on, as one digest.

Its code, everything in `data/` that the code names and what that rests on in turn, the package,
the lock and the version of Python. Names are seen before anything runs: a notebook asks for
inputs and tables by the parameters of its readings, or by their ids as plain texts.
"""

import ast
import csv
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimbook.base import digests
from claimbook.base.paths import Project

if TYPE_CHECKING:  # slow to import
    from pydantic import BaseModel

    from claimbook.data.registry import Registry

LOCK = "requirements.txt"
package = cache(digests.package)  # as it was when first asked for, like the code that runs


def digest(registry: "Registry", slug: str, notebook: Mapping[str, Any]) -> str:
    """Digest of all that the outputs of a notebook depend on.

    Args:
        registry: the loaded data.
        slug: of its claim.
        notebook: its content, as JSON has it.
    """
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    code = [_joined(cell["source"]) for cell in cells]
    content = {
        "code": [[text, cell.get("metadata", {})] for text, cell in zip(code, cells, strict=True)],
        "data": {
            kind: {key: _dumped(found) for key, found in entries.items()}
            for kind, entries in evidence(registry, slug, code).items()
        },
        "files": {
            name: _table_digest(registry, name) for name in named(code) if name in registry.tables
        },
        "package": package(),
        "lock": _content(registry, registry.project.root / LOCK),
        "python": sys.version,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def everything(project: Project) -> str:
    """All that any notebook may depend on beside its code, as it is now."""
    return f"{digests.data(project)} {programs(project)}"


def programs(project: Project) -> str:
    """The package, the lock and Python, as they are now."""
    lock = digests.content(project.root, [project.root / LOCK])
    return f"{digests.package()} {lock} {sys.version}"


def named(code: Iterable[str]) -> set[str]:
    """Every parameter and every text in the code; all its words if it is no plain Python."""
    found: set[str] = set()
    for text in code:
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            found.update(re.findall(r"[\w-]+", text))
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.arg):
                found.add(node.arg)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def evidence(
    registry: "Registry", slug: str, code: Sequence[str]
) -> "dict[str, Mapping[str, BaseModel]]":
    """What a notebook may see of `data/`: what it names, its own claim, and what they rest on.

    Returns:
        Claims, articles, inputs, tables and sources by id, each kind in the order of the ids.
    """
    names = named(code)
    claims = {key: entry for key, entry in registry.claims.items() if key == slug or key in names}
    inputs = {key: registry.inputs[key] for key in names & registry.inputs.keys()}
    tables = {key: registry.tables[key] for key in names & registry.tables.keys()}
    keys = names | set(_cited(registry, claims, inputs, tables))
    return {
        "claims": claims,
        "articles": {entry.article: registry.articles[entry.article] for entry in claims.values()},
        "inputs": inputs,
        "tables": tables,
        "sources": {key: registry.sources[key] for key in keys & registry.sources.keys()},
    }


def _cited(
    registry: "Registry",
    claims: Mapping[str, Any],
    inputs: Mapping[str, Any],
    tables: Mapping[str, Any],
) -> Iterator[str]:
    for entry in claims.values():
        for flag in entry.flags:
            yield from (citation.source for citation in flag.citations)
    for entry in inputs.values():
        yield from (citation.source for citation in entry.citations)
    for table in tables.values():
        yield from table.sources
        with _table_path(registry, table.id).open(encoding="utf-8", newline="") as file:
            yield from {cell for row in csv.reader(file) for cell in row}


def _table_path(registry: "Registry", name: str) -> Path:
    return registry.project.data / "tables" / registry.tables[name].path


def _table_digest(registry: "Registry", name: str) -> str:
    return _content(registry, _table_path(registry, name))


def _content(registry: "Registry", path: Path) -> str:
    return digests.content(registry.project.root, [path])


def _joined(source: str | list[str]) -> str:
    """The source of a cell, which a file may hold line by line."""
    return source if isinstance(source, str) else "".join(source)


def _dumped(model: "BaseModel") -> Any:
    # What else an article states is shown by no notebook; one more statement executes none anew.
    return model.model_dump(mode="json", exclude={"statements"})
