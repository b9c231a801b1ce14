"""Code is folded on the site: every code cell shows its output and hides its source."""

from docutils import nodes
from sphinx.application import Sphinx


def connect(app: Sphinx) -> None:
    """Fold before the transforms that draw the fold."""
    app.connect("doctree-read", _fold)


def _fold(app: Sphinx, doctree: nodes.document) -> None:
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") == "cell_code" and "hide_mode" not in cell:
            cell["hide_mode"] = "input"
            cell["prompt_show"] = "Show the code"
            cell["prompt_hide"] = "Hide the code"
