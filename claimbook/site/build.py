"""Building the site: execute what has changed, then let Jupyter Book read it."""

import logging
import tempfile
import threading
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from claimbook.base import digests
from claimbook.base.paths import Project
from claimbook.run import dependencies, warm
from claimbook.site import stamp

if TYPE_CHECKING:
    from claimbook.run.kernels import Execution


_ROOM = 10_000  # bytes, less than any site


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
        OSError: there is no place for outputs.
    """
    before = dependencies.everything(project)
    warm.up()  # after that look, so kernels have no older package than it saw
    # Slow to import: meanwhile the process that kernels are forked from does the same.
    from claimbook.data.registry import validate
    from claimbook.run.kernels import execute_all
    from claimbook.run.memory import Memory
    from claimbook.run.notebooks import read
    from claimbook.run.store import Store, mark

    registry = validate(project)
    need_room(project)
    store, memory = Store(project, len(registry.claims)), Memory(project)
    beside = dependencies.contents(project)
    wanted: dict[str, str] = {}  # digests of their programs, by slug
    for slug in registry.claims:
        notebook = read(project.notebook(slug))
        program = dependencies.program(project, notebook)
        mark(notebook, dependencies.digest(registry, program, memory.of(slug, program)))
        if not store.holds(notebook):
            wanted[slug] = program
    begin(len(wanted))
    failures: list[str] = []

    def take(execution: "Execution") -> None:
        done(execution)
        if execution.error:
            failures.append(str(execution.error))
            return
        slug, asked = execution.slug, execution.asked
        if asked is not None:
            asked = memory.keep(slug, wanted[slug], asked)
        if dependencies.everything(project) == before and dependencies.same(project, beside, asked):
            mark(execution.notebook, dependencies.digest(registry, wanted[slug], asked))
            store.put(execution.notebook, project.notebook(slug), execution.seconds)

    if wanted:
        imports = begin_imports()
        execute_all(project, list(wanted), take)
        imports.join()  # a fork in between would lack what another thread imports
    if failures:
        raise BuildError("\n".join(sorted(failures)))
    if dependencies.everything(project) != before:
        message = "data, package or lock changed while notebooks were executed: build again."
        raise BuildError(message)


def need_room(project: Project) -> None:
    """See whether files can be written, before anything begins that fails with worse words.

    Raises:
        OSError: they cannot.
    """
    folder = project.stamp.parent
    folder.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(bytes(_ROOM))
        file.flush()


def begin_imports() -> threading.Thread:
    """Import what builds the site, which takes seconds, while something else is waited for."""

    def import_all() -> None:
        for name in ("jupyter_book.sphinx", "myst_nb.sphinx_", "claimbook.site.sphinx"):
            import_module(name)

    # Whoever imports the same meanwhile waits for it.
    thread = threading.Thread(target=import_all, daemon=True)
    thread.start()
    return thread


def build_site(project: Project, *, quiet: bool = False) -> None:
    """Let Jupyter Book build the site in this process, as `jupyter-book build -W -n --keep-going`.

    Args:
        project: whose.
        quiet: print warnings alone.

    Raises:
        BuildError: it failed, or warned, or would be built by code that is no longer the package.
        OSError: there is no place for it.
    """
    from jupyter_book.sphinx import build_sphinx
    from sphinx.util.console import color_terminal, nocolor

    need_room(project)
    if not color_terminal():
        nocolor()  # Jupyter Book leaves them in, wherever its messages go

    # Before a module of the theme does it, and lets every library tell what it does.
    logging.basicConfig(level=logging.WARNING)
    project.stamp.unlink(missing_ok=True)
    made_from = stamp.sources(project)
    if digests.package() != dependencies.package():
        raise BuildError("The package has changed since this began: build again.")
    status = build_sphinx(
        project.root,
        project.site,
        noconfig=True,
        path_config=project.root / "_config.yml",
        confoverrides={
            "external_toc_path": project.contents.as_posix(),
            "latex_individualpages": False,
            "nitpicky": True,
            "claimbook_executed": True,
        },
        warningiserror=True,
        keep_going=True,
        quiet=quiet,
    )
    if isinstance(status, KeyboardInterrupt):
        raise status
    if status:
        raise BuildError("The book was not built: see the messages above.")
    stamp.put(project, made_from)
