"""Writing several files, all of them or none."""

import tempfile
from collections.abc import Mapping
from pathlib import Path


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
