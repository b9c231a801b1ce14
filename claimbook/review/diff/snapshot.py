"""One revision as its own package sees it, as JSON: its data, and what its claims come to.

Run as a script of its own, with the package of the revision on the path. A revision brings its own
copy of this file; older ones are asked with the present one, which therefore uses only the little
of a package that every version has.
"""

import csv
import json
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

ALL = "--all"
# Where entries stand, unless the registry says so itself. A folder ends with a slash.
_FILES = {
    "article": "data/articles.yml",
    "claim": "data/claims.yml",
    "input": "data/inputs/",
    "table": "data/tables/datapackage.json",
    "source": "data/sources.bib",
}
# An id is said beside the fields, and a digest follows from the rows of its table.
_LEFT_OUT = {"id", "digest"}


def snapshot(pages: list[str]) -> dict[str, Any]:
    """What is written in `data/`, and what the claims of some notebooks come to.

    Args:
        pages: slugs of the notebooks to run, or `ALL`.

    Returns:
        Entries, each with kind, id, file and fields; tables by id, each with file, columns and
        rows; claims by id, each with its result and its break-evens by part; messages by page where
        a notebook fails; lines of the ledger by claim. Of data that cannot be loaded, only faults.
    """
    paths, registry = _module("base.paths", "paths"), _module("data.registry", "registry")
    project = paths.find_project()
    _need_own(project.root, (paths, registry))
    try:
        data = registry.load(project)
    except Exception as error:  # whatever another version calls it
        return {"faults": str(error)}
    found = {"entries": list(_entries(project.root, data)), "tables": _tables(project.root, data)}
    # In the first versions several claims could share a page.
    known = getattr(data, "pages", data.claims)
    return found | _recomputed(project, list(known) if pages == [ALL] else pages)


def _entries(root: Path, data: Any) -> Iterator[dict[str, Any]]:
    for kind in _FILES:
        for key, entry in getattr(data, f"{kind}s").items():
            dumped = entry.model_dump(mode="json", exclude_unset=True, exclude=_LEFT_OUT)
            file = _file(root, data, kind, key)
            yield {"kind": kind, "id": key, "file": file, "fields": _filled(dumped)}


def _file(root: Path, data: Any, kind: str, key: str) -> str:
    own = f"data/claims/{key}.yml"
    if kind == "claim" and (root / own).is_file():
        return own
    known = getattr(data, "files", {}) if kind in ("input", "table") else {}
    return str(known.get(key, _FILES[kind]))


def _filled(value: Any) -> Any:
    """A value without fields that are empty, as which another version may not have them at all."""
    if isinstance(value, dict):
        inner = {name: _filled(item) for name, item in value.items()}
        return {name: item for name, item in inner.items() if item not in (None, "", [], {})}
    return [_filled(item) for item in value] if isinstance(value, list) else value


def _tables(root: Path, data: Any) -> dict[str, Any]:
    found = {}
    for key, table in data.tables.items():
        file = f"data/tables/{table.path}"
        with (root / file).open(encoding="utf-8", newline="") as text:
            columns, *rows = list(csv.reader(text)) or [[]]
        found[key] = {"file": file, "columns": columns, "rows": rows}
    return found


def _recomputed(project: Any, pages: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    failures: dict[str, str] = {}
    lines: dict[str, list[str]] = {}
    if pages:  # slow to import
        notebooks = _module("run.in_process", "notebooks")
        ledger = _module("verdicts.ledger", "ledger")
        _need_own(project.root, (ledger, notebooks))
    for page in pages:
        try:
            for claim in notebooks.run(project, page):
                result = claim.result()
                found[claim.entry.id] = {
                    "page": page,
                    "title": claim.entry.title.en,
                    "result": result.model_dump(mode="json"),
                    "sensitivity": {
                        part.id: claim.sensitivity(part.id).payload() for part in claim.entry.parts
                    },
                }
                lines[claim.entry.id] = ledger.text([result]).splitlines()[1:]
        except Exception as error:
            failures[page] = str(error)
    return {"claims": found, "failures": failures, "ledger": lines}


def _module(name: str, former: str) -> Any:
    """A module of the revision's package, which lay flat in its first versions."""
    flat = Path("claimbook").is_dir() and not Path("claimbook", "base").is_dir()
    try:
        return import_module(f"claimbook.{former if flat else name}")
    except ModuleNotFoundError as error:
        sys.exit(f"its package is too old: it has no {error.name}")
    except ImportError as error:
        sys.exit(f"its package cannot be imported: {str(error).partition(' (')[0]}")


def _need_own(root: Path, modules: tuple[ModuleType, ...]) -> None:
    """Refuse to mix the package of a revision with the one that is installed."""
    own = root / "claimbook"
    for module in modules:
        if own.is_dir() and not Path(str(module.__file__)).resolve().is_relative_to(own.resolve()):
            sys.exit(f"its package is too old: it has no {module.__name__}")


if __name__ == "__main__":
    # What notebooks print must not stand between our lines.
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as answer:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        json.dump(snapshot(sys.argv[1:]), answer)
