"""What the outputs of a notebook depend on, as one digest.

Its code, the package, the lock and the version of Python; and what the code asked for when it ran:
entries of `data/`, files and folders of the project (`claimbook.base.reads`). Code that never ran
here may ask for anything.
"""

import ast
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimbook.base import digests, reads
from claimbook.base.paths import Project
from claimbook.base.reads import Read

if TYPE_CHECKING:  # slow to import
    from pydantic import BaseModel

    from claimbook.data.registry import Registry

LOCK = "requirements.txt"
# Below the root: all that a site is made from, beside the package and Python.
TOPS = ("_config.yml", "_toc.yml", LOCK, "book", "data", "bench/results.md")
_PAGES = {".md", ".ipynb"}

package = cache(digests.package)  # as it was when first asked for, like the code that runs


def program(project: Project, notebook: Mapping[str, Any]) -> str:
    """Digest of the code of a notebook, and of all that runs it.

    Args:
        project: whose.
        notebook: its content, as JSON has it.
    """
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    code = [[_joined(cell["source"]), cell.get("metadata", {})] for cell in cells]
    lock = digests.content(project.root, [project.root / LOCK])
    return _hashed([code, package(), lock, sys.version])


def digest(registry: "Registry", program: str, asked: frozenset[Read] | None) -> str:
    """Digest of all that the outputs of a notebook depend on.

    Args:
        registry: the loaded data.
        program: the digest of its code, as `program` gives it.
        asked: what it asked for when it ran; None if that is not known.
    """
    project = registry.project
    if asked is None or (reads.ANYTHING, reads.EVERY) in asked:
        return _hashed([program, anything(project), sorted(asked or ())])
    found = {f"{kind} {name}": _state(registry, kind, name) for kind, name in sorted(asked)}
    return _hashed([program, found])


def everything(project: Project) -> str:
    """All of `data/`, and the programs, as they are now."""
    return f"{digests.data(project)} {programs(project)}"


def anything(project: Project) -> str:
    """All that a notebook may depend on beside its code, as it is now."""
    beside = (path for path in files(project, "book") if path.suffix not in _PAGES)
    return f"{everything(project)} {digests.content(project.root, beside)}"


def programs(project: Project) -> str:
    """The package, the lock and Python, as they are now."""
    lock = digests.content(project.root, [project.root / LOCK])
    return f"{digests.package()} {lock} {sys.version}"


def files(project: Project, *tops: str) -> list[Path]:
    """Files at and below some places of the project, without hidden and compiled ones."""
    found: list[Path] = []
    for top in (project.root / name for name in tops):
        if top.is_file():
            found.append(top)
        found += sorted(
            path
            for path in top.rglob("*")
            if path.is_file() and not any(map(_is_passed_over, path.relative_to(top).parts))
        )
    return found


def state(project: Project, path: Path) -> str:
    """Digest of the content of a file, or of the names in a folder."""
    if path.is_dir():
        names = sorted(entry.name for entry in path.iterdir() if not _is_passed_over(entry.name))
        return _hashed(names)
    return digests.content(project.root, [path])


def contents(project: Project) -> dict[str, str]:
    """Digests of all files that a notebook may read beside `data/`, itself included, by name."""
    return {project.relative(path): state(project, path) for path in files(project, "book")}


def same(project: Project, before: Mapping[str, str], asked: frozenset[Read] | None) -> bool:
    """Whether the files that were read are as they were; if they are not known, whether all are."""
    if asked is None or (reads.ANYTHING, reads.EVERY) in asked:
        return contents(project) == before
    names = [name for kind, name in asked if kind == reads.FILE and name in before]
    return all(state(project, project.root / name) == before[name] for name in names)


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


def _state(registry: "Registry", kind: str, name: str) -> Any:
    project = registry.project
    if kind in (reads.FILE, reads.FOLDER):
        return state(project, project.root / name)
    if kind == reads.OUTSIDE:
        return None  # refused, so nothing is kept
    entries: Mapping[str, BaseModel] = getattr(registry, kind)
    chosen = entries if name == reads.EVERY else {name: entries[name]} if name in entries else {}
    shown = [[key, _dumped(entry)] for key, entry in chosen.items()]
    if kind != "tables":
        return shown
    tables = [project.data / "tables" / registry.tables[key].path for key in chosen]
    return [shown, digests.content(project.root, tables)]


def _is_passed_over(part: str) -> bool:
    return part.startswith(".") or part == "__pycache__"


def _joined(source: str | list[str]) -> str:
    """The source of a cell, which a file may hold line by line."""
    return source if isinstance(source, str) else "".join(source)


def _dumped(model: "BaseModel") -> Any:
    # What else an article states is shown by no notebook; one more statement executes none anew.
    return model.model_dump(mode="json", exclude={"statements", "unchecked"})


def _hashed(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
