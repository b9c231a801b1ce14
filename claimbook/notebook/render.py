"""Outputs of cells in all the forms that Jupyter and the site take."""

import os
from typing import Any

from claimbook.notebook.html import render_html
from claimbook.notebook.payloads import Payload
from claimbook.notebook.plain_text import render_text

MIME = "application/vnd.claimbook+json"

VEGA_LITE_MIME = "application/vnd.vegalite.v6+json"

SVG_MIME = "image/svg+xml"

# Jupyter is given HTML and pictures too, unless the outputs are for a file in git or for the site:
# the one keeps neither, since both follow from the rest, and the other makes its own.
VARIABLE = "CLAIMBOOK_OUTPUTS"

STORED = "stored"


def for_jupyter() -> bool:
    """Whether outputs are to have the forms that Jupyter shows, or only those that files keep."""
    return os.environ.get(VARIABLE) != STORED


def bundle(payload: Payload) -> dict[str, Any]:
    """The MIME bundle of a payload: the data itself, plain text, and HTML where it is shown.

    A figure has no HTML, because Jupyter prefers it to pictures and would show the chart's data
    instead of the chart.
    """
    forms: dict[str, Any] = {MIME: dict(payload)}
    if payload["kind"] != "figure" and for_jupyter():
        forms["text/html"] = render_html(payload)
    forms["text/plain"] = render_text(payload)
    return forms
