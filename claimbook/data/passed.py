"""What validation found right before: noted by digest, so that only what changed is checked again.

A note can only spare a check that would pass. Faults are never noted, and notes that are missing
or damaged mean that everything is checked.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from claimbook.base import digests
from claimbook.base.faults import Fault

# The libraries that judge; what they think may change with their version.
_JUDGES = ("frictionless", "nbformat")


class Passed:
    """Notes on what passed, kept in a file.

    Args:
        path: the file; it and its folder need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._before = _read(path)
        self._now: set[str] = set()

    def faults(
        self, content: Callable[[], Iterable[str]], check: Callable[[], list[Fault]]
    ) -> list[Fault]:
        """The faults that a check finds, or none if it found none in the same content before.

        Args:
            content: names the check and everything it depends on.
            check: the check itself.
        """
        note = _note(content())
        if note in self._before:
            self._now.add(note)
            return []
        found = check()
        # Files that were written meanwhile may have been checked in part.
        if not found and _note(content()) == note:
            self._now.add(note)
        return found

    def write(self) -> None:
        """Keep the notes of this time alone; if that fails, the next check takes longer."""
        if self._now == self._before:
            return
        text = json.dumps({"passed": sorted(self._now)}, indent=1)
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                Path(draft).replace(self._path)
            except BaseException:
                Path(draft).unlink()
                raise


def _read(path: Path) -> set[str]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return set()
    notes = content.get("passed") if isinstance(content, dict) else None
    return {note for note in notes if isinstance(note, str)} if isinstance(notes, list) else set()


def _note(content: Iterable[str]) -> str:
    return hashlib.sha256(json.dumps([_judges(), *content]).encode()).hexdigest()


@cache
def _judges() -> list[str]:
    """This package and the libraries it asks, each as it is now."""
    return [digests.package(), *(f"{name} {version(name)}" for name in _JUDGES)]
