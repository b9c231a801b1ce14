"""The static picture of a chart: for print, and for readers without scripts.

Its texts are measured with a font that lies beside this file, not with what is installed, and its
dates are drawn in UTC, so a chart has the same picture on every machine.
"""

import html
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from claimbook.notebook.charts import metrics, theme

FONTS = metrics.FONTS

_EMPTY = {"data": {"values": []}, "mark": "point"}


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
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    try:
        vl_convert.vegalite_to_svg(_EMPTY)  # it keeps the time zone of its first chart
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
    return vl_convert
