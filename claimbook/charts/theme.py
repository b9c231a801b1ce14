"""The one look of all charts: sizes once, colours once for light and once for dark pages."""

from typing import Any

NAME = "claimbook"

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif'

# Text sizes in pixels. Nothing is smaller than 12.
TITLE_SIZE = 17
SUBTITLE_SIZE = 13
TEXT_SIZE = 13
AXIS_SIZE = 12

# Names of the mark styles that charts refer to, so that a page may recolour them.
BAND = "claimbook-band"
STATED = "claimbook-stated"
CONTEXT = "claimbook-context"
QUIET = "claimbook-quiet"
STRONG = "claimbook-strong"

# `page` is the ground the colours were chosen for; charts themselves stay transparent.
# The categories are those of Okabe and Ito (2008), darkened or lightened until each stands out
# from the page by a contrast of 3 or more; the hues and their order are the same in both.
LIGHT: dict[str, Any] = {
    "page": "#ffffff",
    "text": "#1f2328",
    "quiet": "#57606a",
    "grid": "#e3e6ea",
    "line": "#8c959f",
    "band": "#7fd0b3",
    "categories": ["#0072b2", "#d55e00", "#a3578a", "#00805d", "#a66f00", "#2b83ba", "#57606a"],
}
DARK: dict[str, Any] = {
    "page": "#14181e",
    "text": "#e6edf3",
    "quiet": "#a8b3bf",
    "grid": "#2d343d",
    "line": "#77818c",
    "band": "#1f6f57",
    "categories": ["#56b4e9", "#ff8a3d", "#e29bc6", "#2fc79b", "#f0c04a", "#9ad0f5", "#a8b3bf"],
}


def light_config() -> dict[str, Any]:
    """The Vega-Lite config of the theme, as every figure carries it."""
    return merge(_sizes(), _colours(LIGHT))


def dark_config() -> dict[str, Any]:
    """What to merge over a figure's own config on a dark page: colours and nothing else.

    Mappings merge key by key, lists are replaced.
    """
    return _colours(DARK)


def register() -> None:
    """Make the theme known to altair under the name `claimbook`, without switching it on."""
    import altair as alt

    if NAME not in alt.theme.names():
        alt.theme.register(NAME, enable=False)(lambda: alt.theme.ThemeConfig(config=light_config()))  # type: ignore[typeddict-item]


def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`base` with the values of `over` laid on it: mappings key by key, all else replaced."""
    merged = dict(base)
    for key, value in over.items():
        known = merged.get(key)
        both = isinstance(known, dict) and isinstance(value, dict)
        merged[key] = merge(known, value) if both else value  # type: ignore[arg-type]
    return merged


def _sizes() -> dict[str, Any]:
    axis = {
        "labelFontSize": AXIS_SIZE,
        "titleFontSize": AXIS_SIZE,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelPadding": 6,
        "labelLimit": 150,
        "titleLimit": 0,
        "ticks": False,
    }
    return {
        "font": FONT,
        "padding": 4,
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "align": "left",
            "fontSize": TITLE_SIZE,
            "fontWeight": 600,
            "lineHeight": TITLE_SIZE + 5,
            "subtitleFontSize": SUBTITLE_SIZE,
            "subtitleLineHeight": SUBTITLE_SIZE + 5,
            "subtitlePadding": 6,
            "limit": 0,
            "offset": 14,
        },
        "axis": axis,
        "axisQuantitative": {"tickCount": {"expr": "ceil(width / 110)"}},
        "axisTemporal": {"tickCount": {"expr": "ceil(width / 110)"}},
        "axisX": {"domain": True, "labelFlush": True, "labelOverlap": True},
        "axisY": {"domain": False},
        "legend": {
            "orient": "top",
            "direction": "horizontal",
            "labelFontSize": AXIS_SIZE,
            "titleFontSize": AXIS_SIZE,
            "titleFontWeight": "normal",
            "labelLimit": 220,
            "symbolSize": 90,
            "columns": {"expr": "max(1, floor(width / 170))"},
        },
        "header": {"labelFontSize": TEXT_SIZE, "titleFontSize": TEXT_SIZE},
        "view": {"continuousWidth": 560, "continuousHeight": 300, "stroke": None},
        "text": {"fontSize": TEXT_SIZE},
        "point": {"size": 90, "filled": True, "opacity": 1},
        "line": {"strokeWidth": 2.5},
        "style": {
            BAND: {"strokeWidth": 1.5, "fillOpacity": 0.45},
            STATED: {"strokeWidth": 1.5, "strokeDash": [5, 3]},
            CONTEXT: {"strokeWidth": 2},
            QUIET: {"fontSize": AXIS_SIZE},
            STRONG: {"fontSize": TEXT_SIZE, "fontWeight": 600},
        },
    }


def _colours(palette: dict[str, Any]) -> dict[str, Any]:
    words = {"labelColor": palette["text"], "titleColor": palette["quiet"]}
    first = palette["categories"][0]
    return {
        "background": None,
        "title": {"color": palette["text"], "subtitleColor": palette["quiet"]},
        "axis": {
            **words,
            "gridColor": palette["grid"],
            "domainColor": palette["line"],
            "tickColor": palette["line"],
        },
        "legend": words,
        "header": words,
        "mark": {"color": first},
        "text": {"color": palette["text"]},
        "rule": {"color": palette["line"]},
        "range": {"category": palette["categories"]},
        "style": {
            BAND: {"fill": palette["band"], "stroke": palette["band"]},
            STATED: {"stroke": palette["text"]},
            CONTEXT: {"stroke": palette["quiet"], "fill": "transparent"},
            QUIET: {"fill": palette["quiet"]},
            STRONG: {"fill": palette["text"]},
        },
    }
