"""No stale pages: what is read again, and when nothing saved is trusted."""

from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.environment import BuildEnvironment

from claimbook import digests, registry
from claimbook.paths import Project
from claimbook.sphinxext import records


def connect(app: Sphinx) -> None:
    """Watch data and code, and the end of the build."""
    app.connect("env-get-outdated", _outdated)
    app.connect("build-finished", _distrust)


def fingerprint(project: Project) -> str:
    """A digest of all data and of the package's own code and templates."""
    return f"{registry.digest(project)} {digests.package()}"


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Notebooks and pages of ours, if data or code changed: Sphinx sees their sources alone."""
    before = getattr(env, "claimbook_fingerprint", "")
    now = fingerprint(Project(Path(app.srcdir, app.config.claimbook_root)))
    env.claimbook_fingerprint = now  # type: ignore[attr-defined]
    if before == now:
        return []
    notebooks = {name for name in env.found_docs if env.doc2path(name).endswith(".ipynb")}
    return sorted((notebooks | records.pages(env).keys()) & env.found_docs)


def _distrust(app: Sphinx, exception: Exception | None) -> None:
    """Drop the saved environment after a failure or a warning.

    Pages that were read once are not read again, so the same build, repeated, would pass.
    """
    if exception is not None or app._warncount:
        Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)
