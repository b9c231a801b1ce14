"""Faults in the order of their files, so that one is found where the last one was left."""

import re
from collections.abc import Iterable

from claimbook.base.faults import Fault
from claimbook.base.paths import Project

# How an entry of YAML, JSON or BibTeX is named; it begins there.
_ENTRY = re.compile(
    r"""^[ \t]*-?[ \t]*\{?[ \t]*"?(?:id|name)"?[ \t]*:[ \t]*["']?([^\s"',}]+)"""
    r"""|^[ \t]*@\w+\{\s*([^\s,]+)""",
    re.MULTILINE,
)
_REACH = 20_000  # characters: no entry has more
_NUMBERED = re.compile("(?:entry|resource|row) ([0-9]+)")
_ITEM = re.compile(r"^-|^[ \t]*\{", re.MULTILINE)


def in_order(project: Project, faults: Iterable[Fault]) -> list[Fault]:
    """Faults by file, and within a file as their entries and fields come; others stay as they are.

    It is about where to look first, so it goes by the text alone and needs no file that can be
    parsed.
    """
    by_file: dict[str, list[Fault]] = {}
    for fault in faults:
        by_file.setdefault(fault.file, []).append(fault)
    found = []
    for file, own in sorted(by_file.items()):
        if len(own) > 1:
            try:
                text = (project.root / file).read_text(encoding="utf-8")
            except (OSError, ValueError):
                text = ""
            places = _Places(text)
            own.sort(key=places.of)
        found += own
    return found


class _Places:
    """Where entries and fields of one text stand, as far as a look at it tells."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._entries: dict[str, int] = {}
        for match in _ENTRY.finditer(text):
            self._entries.setdefault(match[1] or match[2], match.start())
        self._items = [match.start() for match in _ITEM.finditer(text)]

    def of(self, fault: Fault) -> tuple[int, int]:
        """Place of a fault: its entry, or its row, and its field within it."""
        if row := _NUMBERED.fullmatch(fault.entry):
            number = int(row[1])
            if fault.entry.startswith("row"):
                return number, 0
            start = self._items[number - 1] if number <= len(self._items) else 0
        else:
            start = self._entries.get(fault.entry, 0)
        return start, self._field(start, fault.field)

    def _field(self, start: int, field: str) -> int:
        place = start
        for name in re.split(r"[.,]\s*", field):
            if not name or name.isdigit():
                continue
            match = re.compile(rf"""["\']?\b{re.escape(name)}\b["\']?[ \t]*[:=,}}\n]""").search(
                self._text, place, place + _REACH
            )
            if match:
                place = match.start()
        return place
