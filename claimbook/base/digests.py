"""Digests of files: what is in them, never when they were written."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from claimbook.base.paths import Project

# The folder of this package.
PACKAGE = Path(__file__).resolve().parent.parent
_SUFFIXES = {".py", ".html", ".otf"}


def content(root: Path, paths: Iterable[Path]) -> str:
    """Digest of the names below `root` and of the bytes of files.

    What is no file, or cannot be read, counts by its name and by the reason; a pipe or a device is
    not even opened, since it would keep the reader waiting.
    """
    found = hashlib.sha256()
    for path in sorted(paths):
        name = os.fsencode(path.relative_to(root))
        try:
            regular = path.is_file() or path.is_dir() or not path.exists()
            kind, text = (b"file", path.read_bytes()) if regular else (b"special", b"")
        except OSError as error:
            kind, text = type(error).__name__.encode(), b""
        # Lengths keep apart what would read the same run together.
        found.update(b"%s %d %d " % (kind, len(name), len(text)) + name + text)
    return found.hexdigest()


def package() -> str:
    """Digest of the code, the templates and the fonts of this package."""
    return content(PACKAGE, (path for path in PACKAGE.rglob("*") if path.suffix in _SUFFIXES))


def data_files(project: Project) -> dict[str, str]:
    """Digests of all files in `data/`, the ledger among them, by their names below the root."""
    paths = sorted(path for path in project.data.rglob("*") if not path.is_dir())
    return {project.relative(path): content(project.data, [path]) for path in paths}


def data(project: Project) -> str:
    """Digest of everything in `data/` but the ledger, which is written from results.

    It depends on names and content alone, so that two edits within one tick of the clock count.
    """
    paths = (path for path in project.data.rglob("*") if path != project.ledger)
    return content(project.data, paths)
