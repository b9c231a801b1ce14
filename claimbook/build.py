"""Building the site: execute what has changed, then let Jupyter Book read it."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from claimbook import dependencies
from claimbook.execution import Execution, execute_all
from claimbook.notebooks import read
from claimbook.outputs import Store, mark
from claimbook.paths import Project
from claimbook.registry import Registry, digest

_STRICT = ("-W", "-n", "--keep-going")  # warnings are errors, all of them are shown


class BuildError(Exception):
    """The site was not built; the message says why."""


def execute_changed(
    registry: Registry, begin: Callable[[int], None], done: Callable[[Execution], None]
) -> None:
    """Execute the notebooks for which no outputs are kept, and keep theirs.

    Args:
        registry: the loaded data.
        begin: told how many there are.
        done: told of each, as soon as it has ended.

    Raises:
        BuildError: a notebook failed, or data changed meanwhile.
    """
    project = registry.project
    store = Store(project, len(registry.pages))
    digests: dict[str, str] = {}
    for slug in registry.pages:
        notebook = read(project.notebook(slug))
        found = dependencies.digest(registry, slug, notebook)
        mark(notebook, found)
        if not store.holds(notebook):
            digests[slug] = found
    wanted = list(digests)
    begin(len(wanted))
    before = digest(project)
    executions = execute_all(project, wanted, done) if wanted else []
    if digest(project) != before:
        raise BuildError("data/ changed while notebooks were executed: build again.")
    for execution in executions:
        if execution.notebook is not None:
            path = project.notebook(execution.slug)
            mark(execution.notebook, digests[execution.slug])
            store.put(execution.notebook, path, execution.seconds)
    failures = [str(execution.error) for execution in executions if execution.error]
    if failures:
        raise BuildError("\n".join(failures))


def build_site(project: Project) -> None:
    """Let Jupyter Book build the site; its messages go where those of this process go.

    Raises:
        BuildError: it failed, or warned.
    """
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
    found = hashlib.sha256(f"{sys.version}\0{dependencies.package()}\0".encode())
    tops = ("_config.yml", "_toc.yml", dependencies.LOCK, "book", "data")
    for top in (*(project.root / name for name in tops), project.benchmark):
        for path in _files(top):
            name = project.relative(path)
            found.update(f"{name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return found.hexdigest()


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
