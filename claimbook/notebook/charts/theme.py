"""The look of all charts: colours told apart without colour vision, text large enough to read.

The inks are those of the light mode; the style sheet of the site has others for the dark.
"""

from typing import Any

NAME = "claimbook"

# After Okabe and Ito: distinguishable with every common colour vision.
COLOURS = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "purple": "#9B5FA5",
    "green": "#009E73",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "grey": "#767B80",
}
BAND = "#56B4E9"
BAND_OPACITY = 0.25

_INK, _QUIET, _LINE = "#1d2329", "#535b63", "#dfe3e7"
# What the style sheet of the site has a colour for, in the light and in the dark.
NAMED = {"ink": _INK, "quiet": _QUIET, "line": _LINE, "paper": "#ffffff", **COLOURS}
# The first is carried by this package: charts.picture measures with it, the site serves it.
FONT = "Claimbook Sans"
_FONT = f"'{FONT}', system-ui, sans-serif"

# Widths of pictures: in Jupyter, and of the two on the site, for a phone and for a wider page.
STATIC_WIDTH = 640
NARROW, WIDE = 350, 720
HEIGHT = 260  # of a plot that has no rows
TITLE_SIZE, TEXT_SIZE, LABEL_SIZE = 16, 13, 13
TITLE_WEIGHT = 600
ROW_HEIGHT = 24  # of one bar or dot on a vertical axis of names
# Letters of a title, and of a line below it, that fit into that width.
TITLE_LETTERS = 70
SUBTITLE_LETTERS = 92


def config() -> dict[str, Any]:
    """The Vega-Lite configuration shared by all charts."""
    text = {"font": _FONT, "fontSize": TEXT_SIZE}
    axis = {
        "labelFont": _FONT,
        "labelFontSize": LABEL_SIZE,
        "titleFont": _FONT,
        "titleFontSize": TEXT_SIZE,
    }
    return {
        "background": "transparent",
        "font": _FONT,
        "padding": {"left": 4, "right": 12, "top": 4, "bottom": 4},
        "view": {"stroke": "transparent", "continuousHeight": HEIGHT},
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "offset": 14,
            "font": _FONT,
            "fontSize": TITLE_SIZE,
            "fontWeight": TITLE_WEIGHT,
            "color": _INK,
            "subtitleFont": _FONT,
            "subtitleFontSize": TEXT_SIZE,
            "subtitleColor": _QUIET,
            "subtitlePadding": 5,
        },
        "axis": {
            **axis,
            "titleFontWeight": "normal",
            "titlePadding": 8,
            "labelColor": _QUIET,
            "titleColor": _INK,
            "gridColor": _LINE,
            "domainColor": _QUIET,
            "tickColor": _QUIET,
            "labelLimit": 240,
        },
        "legend": {
            "labelFont": _FONT,
            "labelFontSize": LABEL_SIZE,
            "titleFont": _FONT,
            "titleFontSize": LABEL_SIZE,
            "labelColor": _INK,
            "titleColor": _INK,
            "orient": "top",
            "offset": 22,  # words beside a line stand between the plot and the legend
            "labelLimit": 320,
        },
        "text": {**text, "color": _INK},
        "mark": {"color": COLOURS["blue"]},
        "line": {"strokeWidth": 2},
        "point": {"size": 80},
        "tick": {"color": COLOURS["grey"]},
        "rule": {"color": _QUIET},
        "range": {
            "category": [
                COLOURS[name]
                for name in ("blue", "vermillion", "green", "orange", "purple", "sky", "grey")
            ]
        },
    }
