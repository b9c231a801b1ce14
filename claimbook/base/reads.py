"""What a notebook asks for while it runs: entries of `data/`, and files and folders of the project.

Ids can be put together and modules imported in ways that no look at the code foresees, so it is
noted when it happens. A kernel that is to note it finds the name of a file in its environment, and
appends each thing once, as soon as it is asked for: one that is killed has told all the same.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

VARIABLE = "CLAIMBOOK_READS"
EVERY = "*"  # all entries of a kind, or anything at all; no id is written like this
FILE, FOLDER, OUTSIDE, ANYTHING = "file", "folder", "outside", "anything"

Read = tuple[str, str]  # the kind and the id of an entry; or `FILE` and the like, and a path
T = TypeVar("T")


class Noted(Mapping[str, T]):
    """A mapping that tells which of its keys are asked for, and when all of them are."""

    def __init__(self, content: Mapping[str, T], tell: Callable[[str], None]) -> None:
        self._content, self._tell = content, tell

    def __getitem__(self, key: str) -> T:
        self._tell(key)
        return self._content[key]

    def __contains__(self, key: object) -> bool:
        self._tell(str(key))
        return key in self._content

    def __iter__(self) -> Iterator[str]:
        self._tell(EVERY)
        return iter(self._content)

    def __len__(self) -> int:
        self._tell(EVERY)
        return len(self._content)


@dataclass
class _Notes:
    descriptor: int
    told: set[Read]


_notes: _Notes | None = None
_silent: ContextVar[bool] = ContextVar("silent", default=False)


def begin(path: Path) -> None:
    """Append what is asked for from now on to a file, until this process ends."""
    global _notes
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    _notes = _Notes(os.open(path, flags, 0o600), set())


def noting() -> bool:
    """Whether this process notes what is asked for."""
    return _notes is not None


def note(kind: str, name: str) -> None:
    """Note something that is asked for, if this process does."""
    if _notes is None or _silent.get() or (kind, name) in _notes.told:
        return
    _notes.told.add((kind, name))
    os.write(_notes.descriptor, json.dumps([kind, name]).encode() + b"\n")


@contextmanager
def unnoted() -> Iterator[None]:
    """Note nothing in the meantime: what happens is for the package, not for the notebook."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def noted(path: Path) -> frozenset[Read] | None:
    """What a file of notes says; None if nothing was ever noted there."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return parsed(map(json.loads, text.splitlines()))


def parsed(pairs: Iterable[Iterable[str]]) -> frozenset[Read]:
    """Notes as JSON has them: a pair of texts each."""
    return frozenset((kind, name) for kind, name in pairs)
