"""The code that draws charts, as one file of the site: no page asks another host for it."""

from importlib.metadata import version
from pathlib import Path

from sphinx.application import Sphinx

from claimbook.site.sphinx import records

NAME = "vega.js"


def connect(app: Sphinx) -> None:
    """Write the file with the site."""
    app.connect("build-finished", _write)


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    if not any(page.charts for page in records.pages(app.env).values()):
        return
    import vl_convert

    target = Path(app.outdir, "_static", NAME)
    head = (
        f"// Vega, Vega-Lite and Vega-Embed, bundled by vl-convert {version('vl-convert-python')}"
    )
    # Bundling takes seconds; a file of the same version is the same file.
    if target.is_file() and target.open(encoding="utf-8").readline().strip() == head:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # In a function of its own: names of the bundle clash with those of the theme's scripts.
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    target.write_text(f"{head}\n(() => {{\n{bundle}\n}})();\n", encoding="utf-8")
