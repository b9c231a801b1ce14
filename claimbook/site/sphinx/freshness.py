"""No stale pages: what is read again, what is executed again, and when nothing saved is trusted.

A notebook's digest (see `claimbook.run.dependencies`) stands in its kernel's description while it
is read. jupyter-cache looks there for what makes two notebooks the same, so outputs stored for
other data, another package or another lock are not found.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from claimbook.base.faults import DataError
from claimbook.base.paths import Project
from claimbook.data.registry import Registry, load
from claimbook.run import dependencies
from claimbook.run.store import mark
from claimbook.site.sphinx import records


def connect(app: Sphinx) -> None:
    """Watch data and code, and the end of the build."""
    app.connect("builder-inited", _begin)
    app.connect("env-get-outdated", _outdated)
    app.connect("source-read", _mark)
    app.connect("build-finished", _distrust)


def _begin(app: Sphinx) -> None:
    project = _project(app)
    app._claimbook_everything = dependencies.everything(project)  # type: ignore[attr-defined]
    try:
        has_data = project.articles.is_file()
        app._claimbook_registry = load(project) if has_data else None  # type: ignore[attr-defined]
    except DataError as error:
        raise ExtensionError(str(error)) from error


def _project(app: Sphinx) -> Project:
    return Project(Path(app.srcdir, app.config.claimbook_root).resolve())


def _digest(app: Sphinx, docname: str, notebook: Mapping[str, Any]) -> str:
    """What a notebook depends on; all of `data/` if it is not the page of a claim."""
    registry: Registry | None = app._claimbook_registry  # type: ignore[attr-defined]
    path = Path(app.env.doc2path(docname)).resolve()
    if registry and path.stem in registry.claims and path == registry.project.notebook(path.stem):
        return dependencies.digest(registry, path.stem, notebook)
    code = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    content = json.dumps([app._claimbook_everything, code])  # type: ignore[attr-defined]
    return hashlib.sha256(content.encode()).hexdigest()


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Pages to read again although their files are as they were: Sphinx sees these alone."""
    for docname in removed:
        Path(app.outdir, app.builder.get_target_uri(docname)).unlink(missing_ok=True)
    before: dict[str, str] = getattr(env, "claimbook_read", {})
    now = {
        "everything": app._claimbook_everything,  # type: ignore[attr-defined]
        "sources": _bibliography(app),
    }
    env.claimbook_read = now  # type: ignore[attr-defined]
    if before == now:
        return []
    notebooks = {name for name in env.found_docs if env.doc2path(name).endswith(".ipynb")}
    if before.get("sources") == now["sources"]:
        notebooks = {name for name in notebooks - added - changed if _depends_anew(app, name)}
    pages = {name for name in records.pages(env) if not env.doc2path(name).endswith(".ipynb")}
    return sorted((notebooks | pages) & env.found_docs)


def _bibliography(app: Sphinx) -> str:
    """Digest of the sources, which citations in the text of any page show."""
    path = _project(app).data / "sources.bib"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


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


def _distrust(app: Sphinx, exception: Exception | None) -> None:
    """Drop the saved environment after a failure or a warning.

    Pages that were read once are not read again, so the same build, repeated, would pass.
    """
    if exception is not None or app._warncount:
        Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)
