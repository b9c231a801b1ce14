"""The static picture of a chart: for print, for GitHub, and for readers without scripts.

The program that draws takes longer to start than a notebook to run. So whoever executes many
notebooks may ask their kernels to leave the pictures out, and add them all at once.
"""

import html
import os
from collections.abc import Iterator, Mapping
from typing import Any

from claimbook.notebook import render
from claimbook.notebook.charts import theme

VARIABLE = "CLAIMBOOK_PICTURES"
LATER = "later"


def wanted() -> bool:
    """Whether a notebook is to draw its own pictures, as it does unless somebody will later."""
    return os.environ.get(VARIABLE) != LATER


def draw(spec: Mapping[str, Any], alt: str) -> str:
    """A Vega-Lite specification as SVG, with the text alternative as its accessible name."""
    import vl_convert

    # A ground of its own, since nobody knows on which one Jupyter or GitHub shows it.
    spec = {**spec, "background": "white"}
    if spec.get("width") == "container":
        spec["width"] = theme.STATIC_WIDTH
    drawn: str = vl_convert.vegalite_to_svg(spec)
    name = html.escape(alt, quote=True)
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)


def add(notebook: Any) -> None:
    """Draw what the kernel of an executed notebook left out."""
    for forms in _figures(notebook):
        if render.SVG_MIME not in forms:
            spec, alt = forms[render.VEGA_LITE_MIME], forms[render.MIME]["alt"]
            forms[render.SVG_MIME] = draw(spec, alt)


def _figures(notebook: Any) -> Iterator[dict[str, Any]]:
    """All forms of each figure among the outputs."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            forms = output.get("data", {})
            if render.VEGA_LITE_MIME in forms and render.MIME in forms:
                yield forms
