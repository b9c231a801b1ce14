"""Faults in `data/`: one clear message each, all of them at once."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claimbook.base.characters import visible


@dataclass(frozen=True, order=True)
class Fault:
    """Something wrong in a file.

    Attributes:
        file: path from the project root.
        entry: id of the entry, empty for the file as a whole.
        field: path of the field within the entry, empty for the entry as a whole.
        message: what was expected and what was found.
    """

    file: str
    entry: str
    field: str
    message: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.entry, self.field) if part)
        # Names of files, entries and fields may be anything, and this is read in a terminal.
        return visible(": ".join(part for part in (self.file, place, self.message) if part))


class DataError(Exception):
    """`data/` cannot be used; carries every fault that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        count = len(self.faults)
        head = f"{count} fault{'s' if count != 1 else ''} in the data"
        super().__init__("\n".join([head, *(f"  {fault}" for fault in self.faults)]))


def unreadable(error: OSError | UnicodeDecodeError, expected: str) -> str:
    """Message about a file that cannot be read; never names its place on this machine."""
    if isinstance(error, FileNotFoundError):
        return f"expected {expected}, found no file"
    if isinstance(error, IsADirectoryError):
        return f"expected {expected}, found a folder"
    reason = error if isinstance(error, UnicodeDecodeError) else error.strerror
    return f"expected a readable UTF-8 file, found: {reason}"


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names the closest known id, or nothing: `; nearest is 'r1_output_price'`."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    return f"; nearest is {close[0]!r}" if close else ""
