"""Recompute the claims of one revision with its own package; run as a script of its own.

It is started with the package of the revision on the path, which may be older or newer than this
file, so it uses the little of it that every version has, and prints JSON.
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any


def claims_of(pages: list[str]) -> dict[str, Any]:
    """What the claims of some notebooks come to.

    Args:
        pages: slugs of the notebooks; none means all.

    Returns:
        Claims by id, each with its result and its break-evens by part; messages by page where a
        notebook fails; lines of the ledger by claim; faults of the data, if it cannot be loaded.
    """
    paths, registry = _module("base.paths", "paths"), _module("data.registry", "registry")
    notebooks = _module("run.in_process", "notebooks")
    ledger = _module("verdicts.ledger", "ledger")
    project = paths.find_project()
    _need_own(project.root, (ledger, notebooks, paths, registry))
    try:
        data = registry.load(project)
    except Exception as error:  # whatever another version calls it
        return {"faults": str(error)}
    found: dict[str, Any] = {}
    failures: dict[str, str] = {}
    lines: dict[str, list[str]] = {}
    for page in pages or getattr(data, "pages", data.claims):
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
    except ImportError as error:
        sys.exit(f"its package is too old: it has no {error.name}")


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
        json.dump(claims_of(sys.argv[1:]), answer)
