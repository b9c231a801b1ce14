"""Faults in `data/`: one clear message each, all of them at once."""

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claimbook.base.characters import visible

# Longer names of entries and fields, and longer messages, are cut where they are shown.
MAX_NAME, MAX_MESSAGE = 80, 600
# So many faults of a file are shown at once; a mistake that every entry repeats has thousands.
SHOWN = 20
ALL = "make check ALL=1"
# No name is so long; comparing a text of megabytes with others would take minutes.
_MAX_HINTED = 100


@dataclass(frozen=True)
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
        place = ", ".join(shortened(part, MAX_NAME) for part in (self.entry, self.field) if part)
        message = shortened(self.message, MAX_MESSAGE)
        # Names of files, entries and fields may be anything, and this is read in a terminal.
        return visible(": ".join(part for part in (self.file, place, message) if part))


class DataError(Exception):
    """`data/` cannot be used; carries every fault that was found, file by file.

    The faults of a file keep the order in which they are given, each once. The message cuts long
    lists, and says how to see the rest.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(dict.fromkeys(faults), key=lambda fault: fault.file))
        super().__init__(self.text(SHOWN))

    def text(self, shown: int | None = None) -> str:
        """All faults as lines.

        Args:
            shown: how many of a file; None for all.
        """
        count = len(self.faults)
        lines = [f"{count} fault{'s' if count != 1 else ''} in the data"]
        in_file = Counter(fault.file for fault in self.faults)
        so_far: Counter[str] = Counter()
        for fault in self.faults:
            so_far[fault.file] += 1
            if shown is None or so_far[fault.file] <= shown:
                lines.append(f"  {fault}")
            elif so_far[fault.file] == shown + 1:
                lines.append(f"  {fault.file}: and {in_file[fault.file] - shown} more: {ALL}")
        return "\n".join(lines)


def shortened(text: str, most: int) -> str:
    """A text, or its beginning and its end if it has more characters than that."""
    if len(text) <= most:
        return text
    end = min(20, most // 4)
    return f"{text[: most - end - 1]}…{text[-end:]}"


def unreadable(error: OSError | UnicodeDecodeError, expected: str) -> str:
    """Message about a file that cannot be read; never names its place on this machine."""
    if isinstance(error, FileNotFoundError):
        return f"expected {expected}, found no file"
    if isinstance(error, IsADirectoryError):
        return f"expected {expected}, found a folder"
    reason = error if isinstance(error, UnicodeDecodeError) else error.strerror
    return f"expected a readable UTF-8 file, found: {reason}"


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names the closest known id, or nothing: `; nearest is 'r1_output_price'`.

    A name that differs in capitals alone is the closest.
    """
    if len(name) > _MAX_HINTED:
        return ""
    by_letters: dict[str, str] = {}
    for one in known:
        by_letters.setdefault(one.casefold(), one)
    close = difflib.get_close_matches(name.casefold(), list(by_letters), n=1, cutoff=0.4)
    return f"; nearest is {by_letters[close[0]]!r}" if close else ""
