"""The static pictures of a chart: for print, and for readers without scripts.

Their texts are measured with a font that lies beside this file, not with what is installed, and
their dates are drawn in UTC, so a chart has the same picture on every machine.
"""

import html
import os
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree import ElementTree

from claimbook.notebook.charts import metrics, theme
from claimbook.notebook.charts.fitting import fitted

FONTS = metrics.FONTS

_EMPTY = {"data": {"values": []}, "mark": "point"}
_SVG = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("", _SVG)

# The colours of the theme, and what authors write instead, by the name of what they are for.
_COLOURS = {colour.lower(): name for name, colour in theme.NAMED.items()} | {
    "white": "paper",
    "#fff": "paper",
    "black": "ink",
    "#000": "ink",
    "gray": "grey",
}
_VARIABLE = "var(--cb-chart-{})"
_FOOT, _LEADING = 8, 17  # pixels around and between the lines beneath a picture to take away
_FINE = 2  # of its pixels for one of a page


@dataclass(frozen=True)
class Pictures:
    """A chart as the site shows it.

    Attributes:
        specs: Vega-Lite specifications by the width they are for, "narrow" and "wide".
        svgs: the same as SVG that is part of a page; the colours are those of its style sheet.
        png: the picture to take away.
    """

    specs: Mapping[str, Any]
    svgs: Mapping[str, str]
    png: bytes


def draw(spec: Mapping[str, Any], alt: str) -> str:
    """A Vega-Lite specification as SVG, with the text alternative as its accessible name.

    Raises:
        ValueError: it cannot be drawn.
    """
    # A ground of its own, since nobody knows on which one it is shown.
    spec = {**spec, "background": "white"}
    if spec.get("width") == "container":
        spec["width"] = theme.STATIC_WIDTH
    name = html.escape(alt, quote=True)
    return _drawn(spec).replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)


def for_site(spec: Mapping[str, Any], alt: str, *, name: str, lines: Sequence[str]) -> Pictures:
    """A chart for a phone, for a wider page, and to take away.

    Args:
        spec: a Vega-Lite specification.
        alt: its accessible name.
        name: begins all ids within it, so that no two pictures of a page share one.
        lines: what stands beneath the picture to take away: where its numbers and itself are from.

    Raises:
        ValueError: it cannot be drawn.
    """
    themed = _themed({**spec, "background": "transparent"})
    widths = {"narrow": theme.NARROW, "wide": theme.WIDE}
    specs = {key: fitted(themed, width) for key, width in widths.items()}
    drawn = {key: ElementTree.fromstring(_drawn(fit)) for key, fit in specs.items()}
    for key, root in drawn.items():
        _make_part_of_page(root, f"{name}-{key}")
        root.attrib |= {"role": "img", "aria-label": alt}
    svgs = {key: _written(root) for key, root in drawn.items()}
    return Pictures(specs=specs, svgs=svgs, png=_framed(drawn["wide"], lines))


def _themed(part: Any, painted: bool = False) -> Any:
    """A specification with the colours of the style sheet for those of the theme."""
    if isinstance(part, Mapping):
        return {
            key: value
            if key == "data"
            else _themed(value, painted or key.lower().endswith(("color", "fill", "stroke")))
            for key, value in part.items()
        }
    if isinstance(part, list):
        return [_themed(inner, painted) for inner in part]
    if isinstance(part, str) and (painted or part.startswith("#")):
        name = _COLOURS.get(part.lower())
        return _VARIABLE.format(name) if name else part
    return part


def _make_part_of_page(root: ElementTree.Element, name: str) -> None:
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key.startswith("aria-") or key in ("role", "pointer-events"):
                del element.attrib[key]  # the picture has one name, and nothing in it another
            elif key == "id":
                element.set(key, f"{name}-{value}")
            elif value.startswith("url(#"):
                element.set(key, value.replace("url(#", f"url(#{name}-", 1))


def _framed(root: ElementTree.Element, lines: Sequence[str]) -> bytes:
    """A drawn chart on white, with lines beneath it, as PNG."""
    left, size = theme.config()["padding"]["left"], theme.LABEL_SIZE
    width, height = (float(root.attrib[side]) for side in ("width", "height"))
    broken = [part for line in lines for part in metrics.wrapped(line, width - 2 * left, size)]
    whole = f"{height + 2 * _FOOT + _LEADING * len(broken):g}"
    frame = ElementTree.Element(
        f"{{{_SVG}}}svg",
        {"width": f"{width:g}", "height": whole, "viewBox": f"0 0 {width:g} {whole}"},
    )
    paper = {"width": f"{width:g}", "height": whole, "fill": theme.NAMED["paper"]}
    ElementTree.SubElement(frame, f"{{{_SVG}}}rect", paper)
    frame.append(root)
    letters = {"font-family": theme.FONT, "font-size": f"{size}px", "fill": theme.NAMED["quiet"]}
    for number, line in enumerate(broken, 1):
        at = {"x": f"{left}", "y": f"{height + _LEADING * number + _FOOT / 2:g}"}
        ElementTree.SubElement(frame, f"{{{_SVG}}}text", letters | at).text = line
    variable = re.escape(_VARIABLE).replace(r"\{\}", r"([a-z]+)")
    plain = re.sub(variable, lambda found: theme.NAMED[found[1]], _written(frame))
    return _packed(_converter().svg_to_png(plain, scale=_FINE))


def _packed(png: bytes) -> bytes:
    """A PNG with its pixels compressed well instead of fast: a quarter of the size."""
    chunks = list(_chunks(png))
    pixels = zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT"))
    others = [(kind, data) for kind, data in chunks if kind != b"IDAT"]
    chunks = [*others[:-1], (b"IDAT", zlib.compress(pixels)), others[-1]]
    return png[:8] + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        yield kind, png[at + 8 : at + 8 + length]
        at += 12 + length


def _written(root: ElementTree.Element) -> str:
    return ElementTree.tostring(root, encoding="unicode")


def _drawn(spec: Mapping[str, Any]) -> str:
    drawn: str = _converter().vegalite_to_svg(spec)
    return drawn


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
