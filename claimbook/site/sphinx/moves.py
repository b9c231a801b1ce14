"""The script with which readers move numbers, on the pages that have such numbers."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from claimbook.site.sphinx import records

NAME = "whatif.js"


def connect(app: Sphinx) -> None:
    """Name the script in the heads of these pages."""
    app.connect("html-page-context", _add)


def _add(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    verdict = records.look(app.env, pagename).verdict
    if verdict and verdict.get("whatif"):
        app.add_js_file(NAME, loading_method="defer")
