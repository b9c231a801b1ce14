"""Small Sphinx sites, built for one behaviour each."""

import json
from contextlib import contextmanager

from sphinx.testing.util import SphinxTestApp

from claimbook.notebook import render
from places import CASES

PAYLOADS = json.loads((CASES / "payloads.json").read_text("utf-8"))


@contextmanager
def application(site, **options):
    app = SphinxTestApp("html", srcdir=site, builddir=site / "_build", keep_going=True, **options)
    try:
        yield app
    finally:
        app.cleanup()


def build(site, **options):
    """Build and return exit status and warnings."""
    with application(site, **options) as app:
        app.build()
        return app.statuscode, app.warning.getvalue()


def page(site, name):
    return (site / "_build" / "html" / f"{name}.html").read_text("utf-8")


def write_notebook(path, text, *payloads, code=None, forms=None):
    """A notebook with stored outputs, or with code to run."""
    outputs = [
        {
            "output_type": "display_data",
            "data": render.bundle(payload) | (forms or {}),
            "metadata": {},
        }
        for payload in payloads
    ]
    cells = [{"cell_type": "markdown", "id": "text", "metadata": {}, "source": text}]
    cells.append(
        {
            "cell_type": "code",
            "id": "code",
            "metadata": {},
            "source": code or "claim.verdict()",
            "execution_count": 1,
            "outputs": outputs,
        }
    )
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), "utf-8")
