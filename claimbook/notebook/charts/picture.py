"""The static picture of a chart: for print, and for readers without scripts.

Its texts are measured with a font that lies beside this file, not with what is installed, so a
chart has the same picture on every machine.
"""

import html
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from claimbook.notebook.charts import theme

FONTS = Path(__file__).parent / "fonts"


def draw(spec: Mapping[str, Any], alt: str) -> str:
    """A Vega-Lite specification as SVG, with the text alternative as its accessible name.

    Raises:
        ValueError: it cannot be drawn.
    """
    # A ground of its own, since nobody knows on which one it is shown.
    spec = {**spec, "background": "white"}
    if spec.get("width") == "container":
        spec["width"] = theme.STATIC_WIDTH
    drawn: str = _converter().vegalite_to_svg(spec)
    name = html.escape(alt, quote=True)
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)


@cache
def _converter() -> Any:
    import vl_convert  # slow to start

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert
