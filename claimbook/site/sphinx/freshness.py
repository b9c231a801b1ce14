"""No stale pages: what is read again, what is executed again, and when nothing saved is trusted.

A notebook's digest (see `claimbook.run.dependencies`) stands in its kernel's description while it
is read. jupyter-cache looks there for what makes two notebooks the same, so outputs stored for
other data, another package or another lock are not found.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError, SphinxError

from claimbook.base import digests
from claimbook.base.faults import DataError
from claimbook.base.paths import Project
from claimbook.data.registry import Registry, load
from claimbook.run import dependencies
from claimbook.run.kernels import surroundings
from claimbook.run.memory import Memory
from claimbook.run.store import mark
from claimbook.site.sphinx import records


def connect(app: Sphinx) -> None:
    """Watch data and code, and the end of the build."""
    _distrust(app)  # before Sphinx loads what it saved
    app.connect("builder-inited", _begin)
    app.connect("env-get-outdated", _outdated)
    app.connect("source-read", _mark)
    app.connect("build-finished", _finish)


def registry(app: Sphinx) -> Registry | None:
    """The data as they were when the build began; None on a site of notebooks without data."""
    found: Registry | None = app._claimbook_registry  # type: ignore[attr-defined]
    return found


def _begin(app: Sphinx) -> None:
    project = _project(app)
    for_kernels = surroundings(project)  # those that Jupyter Book starts
    os.environ["IPYTHONDIR"] = for_kernels["IPYTHONDIR"]
    app._claimbook_everything = dependencies.anything(project)  # type: ignore[attr-defined]
    try:
        has_data = project.articles.is_file()
        app._claimbook_registry = load(project) if has_data else None  # type: ignore[attr-defined]
    except DataError as error:
        raise ExtensionError(str(error)) from error


def _project(app: Sphinx) -> Project:
    return Project(Path(app.srcdir, app.config.claimbook_root).resolve())


def _digest(app: Sphinx, docname: str, notebook: Mapping[str, Any]) -> str:
    """What a notebook depends on; on anything if it is not the page of a claim.

    What notebooks ask for is noted by our own way to execute them alone. Where Jupyter Book does
    it, an entry that was not asked for the last time may be the next time.
    """
    registry: Registry | None = app._claimbook_registry  # type: ignore[attr-defined]
    path = Path(app.env.doc2path(docname)).resolve()
    if registry and path.stem in registry.claims and path == registry.project.notebook(path.stem):
        program = dependencies.program(registry.project, notebook)
        known = app.config.claimbook_executed
        asked = Memory(registry.project).of(path.stem, program) if known else None
        return dependencies.digest(registry, program, asked)
    code = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    content = json.dumps([app._claimbook_everything, code])  # type: ignore[attr-defined]
    return hashlib.sha256(content.encode()).hexdigest()


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Pages to read again although their files are as they were: Sphinx sees these alone."""
    for docname in removed:
        Path(app.outdir, app.builder.get_target_uri(docname)).unlink(missing_ok=True)
    before = getattr(env, "claimbook_read", ("", "", ""))
    now = app._claimbook_everything, _read_by_any(app), _beside(app)  # type: ignore[attr-defined]
    env.claimbook_read = now  # type: ignore[attr-defined]
    if before == now:
        return []
    if before[1] != now[1]:
        return sorted(env.found_docs)
    notebooks = {name for name in env.found_docs if env.doc2path(name).endswith(".ipynb")}
    return sorted(name for name in notebooks - added - changed if _depends_anew(app, name))


def _read_by_any(app: Sphinx) -> str:
    """Digest of what is put into the text of any page while it is read."""
    project = _project(app)
    shared = (project.data / name for name in ("articles.yml", "sources.bib"))
    return f"{digests.content(project.root, shared)} {dependencies.programs(project)}"


def _beside(app: Sphinx) -> str:
    """Digest of the files that notebooks have read."""
    project = _project(app)
    states = {str(path): dependencies.state(project, path) for path in Memory(project).files()}
    return hashlib.sha256(json.dumps(states).encode()).hexdigest()


def _depends_anew(app: Sphinx, docname: str) -> bool:
    try:
        notebook = json.loads(Path(app.env.doc2path(docname)).read_text(encoding="utf-8"))
        return _digest(app, docname, notebook) != records.look(app.env, docname).digest
    except (OSError, ValueError, KeyError, TypeError):
        return True  # reading it will say what is wrong


def _mark(app: Sphinx, docname: str, source: list[str]) -> None:
    """Write the digest into the text of a notebook that is about to be read."""
    if not app.env.doc2path(docname).endswith(".ipynb"):
        return
    try:
        notebook = json.loads(source[0])
        digest = _digest(app, docname, notebook)
        mark(notebook, digest)
    except (ValueError, KeyError, TypeError):
        return  # no notebook; its reader will say so
    records.page(app.env, docname).digest = digest
    source[0] = json.dumps(notebook)


def _distrust(app: Sphinx) -> None:
    """Drop what Sphinx saved if the last build failed, warned, or was ended.

    Pages that were read then would not be read again, nor written if they were not; so the same
    build, repeated, would pass, and could leave an old number.
    """
    begun = _begun(app)
    if begun.exists():
        Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)
    begun.parent.mkdir(parents=True, exist_ok=True)
    begun.touch()


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and not app._warncount:
        _begun(app).unlink(missing_ok=True)
    if isinstance(exception, OSError):  # such as a full disk: Sphinx would show a traceback
        raise SphinxError(str(exception)) from exception


def _begun(app: Sphinx) -> Path:
    """A file that is there from the beginning of a build to its good end."""
    return Path(app.doctreedir, "begun")
