"""Reading text files, and writing several of them, all or none."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from claimbook.base.characters import first_invisible, need_visible
from claimbook.base.faults import unreadable


def read_text(path: Path, expected: str) -> str:
    """The text of a file, with its line ends.

    Args:
        path: of the file.
        expected: what the file should be, for messages.

    Raises:
        ValueError: it cannot be read or has an invisible character; the message says what was
            expected and what was found.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(unreadable(error, expected)) from error
    if found := first_invisible(text):
        raise ValueError(
            f"expected no invisible characters, found {found.name} "
            f"(line {found.line}, column {found.column})"
        )
    return text


def parse_json(text: str, expected: str) -> Any:
    """The content of a JSON file.

    Args:
        text: of the file.
        expected: what it should be, for messages.

    Raises:
        ValueError: it is no JSON, or has an invisible character behind an escape; the message says
            what was expected and what was found.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"expected {expected}, found: {error}") from error
    for string in _strings(content):
        need_visible(string)
    return content


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

    Raises:
        OSError: a file cannot be written; every file is as it was.
    """
    with tempfile.TemporaryDirectory(dir=root) as folder:
        moves = []
        for number, (target, text) in enumerate(texts.items()):
            draft, former = Path(folder, f"{number}.new"), Path(folder, f"{number}.old")
            draft.write_text(text, encoding="utf-8", newline="\n")
            if target.exists():
                former.write_bytes(target.read_bytes())
            moves.append((draft, target, former))
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
