"""Reading text files, and writing several of them, all or none."""

import json
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from claimbook.base.characters import first_invisible, need_composed, need_visible
from claimbook.base.faults import unreadable

# More than any file of the project needs, and little enough to be read and checked in seconds.
MAX_BYTES = 10_000_000
# More characters than any text of `data/` needs; a longer one stands there by mistake.
MAX_TEXT = 10_000


def read_text(path: Path, expected: str, limit: int = MAX_BYTES) -> str:
    """The text of a file, with its line ends.

    Args:
        path: of the file.
        expected: what the file should be, for messages.
        limit: how many bytes it may have.

    Raises:
        ValueError: it cannot be read, is too large, or has an invisible or a decomposed
            character; the message says what was expected and what was found.
    """
    try:
        about = path.stat()
        # A pipe or a device would keep the reader waiting, or never end.
        if not (stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode)):
            raise ValueError(f"expected {expected}, found a pipe, a device or the like")
        if about.st_size > limit and stat.S_ISREG(about.st_mode):
            size, most = about.st_size / 1e6, limit / 1e6
            raise ValueError(f"expected at most {most:g} MB, found {size:.1f} MB")
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(unreadable(error, expected)) from error
    if found := first_invisible(text):
        raise ValueError(
            f"expected no invisible characters, found {found.name} "
            f"(line {found.line}, column {found.column})"
        )
    need_composed(text)
    return text


def parse_json(text: str, expected: str, longest: int | None = None) -> Any:
    """The content of a JSON file.

    Args:
        text: of the file.
        expected: what it should be, for messages.
        longest: how many characters each text in it may have.

    Raises:
        ValueError: it is no JSON, has a key twice, a longer text, or an invisible or a decomposed
            character behind an escape; the message says what was expected and what was found.
    """
    try:
        content = json.loads(text, object_pairs_hook=_fields)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"expected {expected}, found: {error}") from error
    for string in _strings(content):
        need_visible(string)
        need_composed(string)
        if longest is not None and len(string) > longest:
            found = f"one of {len(string):,} that begins with {string[:40]!r}"
            raise ValueError(f"expected texts of at most {longest:,} characters, found {found}")
    return content


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON, of which a key that stands twice would silently lose the first value."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} twice")
    return fields


def _strings(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for key, value in content.items():
            yield key
            yield from _strings(value)
    elif isinstance(content, list):
        for value in content:
            yield from _strings(value)


def replace_all(root: Path, texts: Mapping[Path, str]) -> None:
    """Give files new texts, all of them or none; drafts lie below `root` until they are whole.

    A link stays one, and the file that it leads to is written; a file keeps its permissions.

    Raises:
        OSError: a file cannot be written; every file is as it was.
    """
    with tempfile.TemporaryDirectory(dir=root) as folder:
        moves = []
        for number, (target, text) in enumerate(texts.items()):
            draft, former = Path(folder, f"{number}.new"), Path(folder, f"{number}.old")
            draft.write_text(text, encoding="utf-8", newline="\n")
            place = target.resolve()
            if place.exists():
                shutil.copy(place, former)
                shutil.copymode(place, draft)
            moves.append((draft, place, former))
        try:
            for draft, target, _ in moves:
                draft.replace(target)
        except BaseException:
            for draft, target, former in moves:
                if former.exists():
                    former.replace(target)
                elif not draft.exists():
                    target.unlink()
            raise
