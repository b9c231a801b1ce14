"""IPython extension of the kernels that we execute notebooks with: it notes what they read.

Entries of `data/` are noted by the registry (`claimbook.base.reads`). Files, folders and modules
are seen here, through the audit events of Python, whoever opens them.
"""

import os
import sys
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any

from claimbook.base import reads
from claimbook.base.digests import PACKAGE
from claimbook.base.paths import Project, find_project
from claimbook.run.dependencies import TOPS

# What another program reads is not seen, so it may be anything.
_PROGRAMS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn"}
_LISTS = {"os.listdir", "os.scandir"}
_OPENS = {"open", "sqlite3.connect"}


def load_ipython_extension(shell: object) -> None:
    """Begin to note; IPython calls this before the first cell."""
    # Found once, before a notebook can change where it is looked for.
    project = find_project()
    reads.begin(Path(os.environ[reads.VARIABLE]))
    ignored = [str(PACKAGE), sys.prefix, str(project.root / "_build")]

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _OPENS:
            if event != "open" or _reads(arguments[1], arguments[2]):
                _note(project, ignored, reads.FILE, arguments[0])
        elif event in _LISTS:
            # Python lists the folders that it imports from: the module is what counts.
            if "importlib" not in sys._getframe(1).f_code.co_filename:
                _note(project, ignored, reads.FOLDER, arguments[0] or ".")
        elif event in _PROGRAMS:
            reads.note(reads.ANYTHING, reads.EVERY)

    sys.addaudithook(look)


def _reads(mode: str | None, flags: int) -> bool:
    if mode is None:
        return flags & os.O_ACCMODE != os.O_WRONLY
    return "r" in mode or "+" in mode


def _note(project: Project, ignored: list[str], kind: str, name: object) -> None:
    if not isinstance(name, (str, bytes, os.PathLike)):
        return  # a descriptor, whose file was opened before
    path = Path(os.path.abspath(os.fsdecode(name)))  # noqa: PTH100 - resolve() would look at the disk
    if not path.is_relative_to(project.root) or any(map(path.is_relative_to, ignored)):
        return
    if path.suffix == ".pyc" and path.parent.name == "__pycache__":
        path = Path(source_from_cache(str(path)))
    relative = path.relative_to(project.root)
    if any(part.startswith(".") or part.endswith(".egg-info") for part in relative.parts):
        return
    if any(relative.is_relative_to(top) for top in TOPS):
        reads.note(kind, relative.as_posix())
    elif kind == reads.FILE:
        reads.note(reads.OUTSIDE, relative.as_posix())
