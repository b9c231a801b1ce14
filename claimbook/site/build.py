"""Building the site: execute what has changed, then let Jupyter Book read it."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from claimbook.base import digests
from claimbook.base.paths import Project
from claimbook.data.registry import validate
from claimbook.run import dependencies, warm

if TYPE_CHECKING:
    from claimbook.run.kernels import Execution

_STRICT = ("-W", "-n", "--keep-going")  # warnings are errors, all of them are shown


class BuildError(Exception):
    """The site was not built; the message says why."""


def execute_changed(
    project: Project, begin: Callable[[int], None], done: "Callable[[Execution], None]"
) -> None:
    """Execute the notebooks for which no outputs are kept, and keep theirs.

    Args:
        project: whose notebooks.
        begin: told how many there are.
        done: told of each, as soon as it has ended.

    Raises:
        DataError: `data/` has faults; nothing was executed.
        BuildError: a notebook failed, or what notebooks depend on changed meanwhile.
    """
    # Slow to import, and not needed where nothing has changed.
    from claimbook.run.in_process import read
    from claimbook.run.kernels import execute_all
    from claimbook.run.store import Store, mark

    before = dependencies.everything(project)
    warm.up()  # after that look, so kernels have no older package than it saw
    registry = validate(project)
    store = Store(project, len(registry.claims))
    wanted: dict[str, str] = {}  # digests by slug
    for slug in registry.claims:
        notebook = read(project.notebook(slug))
        found = dependencies.digest(registry, slug, notebook)
        mark(notebook, found)
        if not store.holds(notebook):
            wanted[slug] = found
    begin(len(wanted))
    failures: list[str] = []

    def take(execution: "Execution") -> None:
        done(execution)
        if execution.error:
            failures.append(str(execution.error))
        elif dependencies.everything(project) == before:
            mark(execution.notebook, wanted[execution.slug])
            store.put(execution.notebook, project.notebook(execution.slug), execution.seconds)

    if wanted:
        execute_all(project, list(wanted), take)
    if failures:
        raise BuildError("\n".join(sorted(failures)))
    if dependencies.everything(project) != before:
        message = "data, package or lock changed while notebooks were executed: build again."
        raise BuildError(message)


def build_site(project: Project) -> None:
    """Let Jupyter Book build the site; its messages go where those of this process go.

    Raises:
        BuildError: it failed, or warned.
    """
    warm.down()  # its memory and its processor are for Sphinx now
    stamp = project.stamp
    stamp.unlink(missing_ok=True)
    before = _sources(project)
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command = [str(jupyter_book), "build", str(project.root), *_STRICT]
    if subprocess.run(command, check=False).returncode:
        raise BuildError("The book was not built: see the messages above.")
    stamp.write_text(json.dumps({"sources": before, "site": _site(project)}), encoding="utf-8")


def is_current(project: Project) -> bool:
    """Whether the last build was made from what is there now, and its files are as it left them."""
    try:
        stamp = json.loads(project.stamp.read_text(encoding="utf-8"))
        return bool(stamp == {"sources": _sources(project), "site": _site(project)})
    except (OSError, ValueError):
        return False


def _sources(project: Project) -> str:
    """Digest of everything that a site is made from."""
    tops = ("_config.yml", "_toc.yml", dependencies.LOCK, "book", "data", "bench/results.md")
    paths = [path for name in tops for path in _files(project.root / name)]
    return f"{sys.version} {digests.package()} {digests.content(project.root, paths)}"


def _site(project: Project) -> str:
    """Digest of the names, sizes and times of the site's files."""
    found = hashlib.sha256()
    for path in _files(project.site):
        state = path.stat()
        found.update(f"{project.relative(path)}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
    return found.hexdigest()


def _files(top: Path) -> list[Path]:
    if top.is_file():
        return [top]
    return sorted(
        path
        for path in top.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(top).parts)
    )
