"""Charts for a width: titles, names and legends are laid out so that none is cut or run over.

Vega-Lite breaks no line by itself and cuts what is too long. Texts are measured with the font that
they are drawn in.
"""

import copy
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claimbook.notebook.charts import metrics, theme

Spec = dict[str, Any]

_LEADING = 2  # pixels between lines
_MOST_LINES = 4  # of a name; what is longer is cut
_NAMES_SHARE, _NAMES_MOST = 0.46, 240  # of the width, and pixels, for names beside rows
_ROW_GAP = 8
_AXIS = 65  # pixels beside a plot for numbers, ticks and the title of their axis
_TICK, _PLOT = 45, 400  # pixels for a number of an axis, and from which width on they have them
_TITLE_ROOM = 150  # pixels that the title of an axis has at least, however small the plot is
_SYMBOL, _COLUMN_GAP = 26, 12  # pixels of a legend beside its words
_LEGENDS = ("color", "fill", "stroke", "shape", "size", "opacity")
_DISCRETE = ("nominal", "ordinal")
_COMPOSED = ("hconcat", "vconcat", "concat", "facet", "spec")
_FIELD = "cb wrapped"


@dataclass(frozen=True)
class _View:
    """A single view of a chart; its encoding has what it inherits too."""

    spec: Spec
    encoding: dict[str, Any]
    rows: Sequence[Mapping[str, Any]]

    def words(self, channel: str) -> list[str]:
        """The names that a discrete channel tells apart, in order."""
        encoding = self.encoding[channel]
        domain = (encoding.get("scale") or {}).get("domain")
        if isinstance(domain, list):
            return [str(name) for name in domain]
        field = encoding.get("field")
        return list(dict.fromkeys(str(row[field]) for row in self.rows if field in row))


def fitted(spec: Mapping[str, Any], width: int) -> Spec:
    """A Vega-Lite specification for a picture of some width.

    Args:
        spec: of one view or of layers; only the titles of other charts are fitted.
        width: of the whole picture, in pixels.
    """
    fit: Spec = copy.deepcopy(dict(spec))
    padding = fit.get("config", {}).get("padding") or {"left": 4, "right": 12}
    room = width - padding["left"] - padding["right"]
    _fit_titles(fit, room)
    if any(key in fit for key in _COMPOSED):
        return fit
    fit["width"] = width
    fit["autosize"] = {"type": "fit-x", "contains": "padding"}
    views = list(_views(fit))
    left = _fit_rows(fit, views, room) or _AXIS * _has_numbers_beside(views)
    _fit_headings(fit, views, room - left)
    _keep_within(views)
    beyond = _beyond(views, room - left)
    if beyond > 0:
        fit["padding"] = {**padding, "right": padding["right"] + math.ceil(beyond)}
    plot = room - max(beyond, 0) - left
    _fit_axis_titles(fit, views, plot)
    _fit_ticks(views, plot)
    _fit_legends(views, plot)
    return fit


def _views(
    spec: Spec,
    encoding: Mapping[str, Any] | None = None,
    rows: Sequence[Mapping[str, Any]] = (),
) -> Iterator[_View]:
    encoding = {**(encoding or {}), **spec.get("encoding", {})}
    values = (spec.get("data") or {}).get("values")
    rows = values if isinstance(values, list) else rows
    for layer in spec.get("layer", ()):
        yield from _views(layer, encoding, rows)
    if "layer" not in spec:
        yield _View(spec, encoding, [row for row in rows if isinstance(row, Mapping)])


def _fit_titles(spec: Spec, room: float) -> None:
    title = spec.get("title")
    if not title:
        return
    title = dict(title) if isinstance(title, Mapping) else {"text": title}
    for key, size, weight in (
        ("text", theme.TITLE_SIZE, theme.TITLE_WEIGHT),
        ("subtitle", theme.TEXT_SIZE, 400),
    ):
        if title.get(key):
            title[key] = metrics.wrapped(_joined(title[key]), room, size, weight)
    spec["title"] = title


def _fit_rows(spec: Spec, views: Sequence[_View], room: float) -> float:
    """Break the names beside the rows, and give the rows the height for them.

    Returns:
        Pixels that the names take; 0 if there are none.
    """
    named = [
        view
        for view in views
        if view.encoding.get("y", {}).get("type") in _DISCRETE
        and view.encoding["y"].get("axis", {}) is not None
    ]
    names = list(dict.fromkeys(name for view in named for name in view.words("y")))
    if not names:
        return 0
    size = theme.LABEL_SIZE
    most = min(_NAMES_MOST, _NAMES_SHARE * room)
    lines = {name: _lines(name, most, size) for name in names}
    broken = max(map(len, lines.values()))
    if broken > 1:
        for view in named:
            found = _looked_up(lines, "datum.value")
            up = f"-{(size + _LEADING) / 2} * (length({found}) - 1)"
            axis = view.encoding["y"].setdefault("axis", {})
            axis |= {
                "labelExpr": found,
                "labelLimit": 0,
                # Vega-Lite puts the first line at the place of the only one.
                "labelOffset": {"condition": {"test": "true", "expr": up}, "value": 0},
            }
        if isinstance(spec.get("height"), int | float):
            needed = broken * (size + _LEADING) + _ROW_GAP
            spec["height"] = max(spec["height"], math.ceil(needed * len(names)))
    return metrics.widest([line for found in lines.values() for line in found], size) + 10


def _has_numbers_beside(views: Sequence[_View]) -> bool:
    """Whether there is a vertical axis of numbers or dates."""
    return any(
        encoding.get("type") not in _DISCRETE and encoding.get("axis", {}) is not None
        for encoding in (view.encoding.get("y", {}) for view in views)
        if "field" in encoding
    )


def _weight(mark: Mapping[str, Any]) -> int:
    """The weight of the font that a text is drawn in."""
    weight = mark.get("fontWeight", 400)
    return 600 if weight == "bold" or (isinstance(weight, int) and weight > 500) else 400


def _text_mark(view: _View) -> Mapping[str, Any] | None:
    """The mark of a view that writes texts from its data."""
    mark = view.spec.get("mark")
    mark = mark if isinstance(mark, dict) else {"type": mark}
    return mark if mark["type"] == "text" and view.encoding.get("text", {}).get("field") else None


def _keep_within(views: Sequence[_View]) -> None:
    """Move the words beside a line across the plot so far that they end within it."""
    for view in views:
        mark, x = _text_mark(view), view.encoding.get("x", {})
        if mark is None or len(view.rows) != 1 or "value" not in view.encoding.get("y", {}):
            continue
        value = view.rows[0].get(x.get("field"))
        if x.get("type") != "quantitative" or not isinstance(value, int | float):
            continue
        words = str(view.rows[0][view.encoding["text"]["field"]])
        wide = metrics.width(words, mark.get("fontSize", theme.TEXT_SIZE), _weight(mark))
        before = {"left": 0.0, "right": 1.0}.get(mark.get("align", "center"), 0.5) * wide
        place = f"scale('x', {value!r})"
        shift = f"clamp({mark.get('dx', 0)}, {before} - {place}, width - {place} - {wide - before})"
        view.spec["mark"] = {**mark, "dx": {"expr": shift}}


def _beyond(views: Sequence[_View], room: float) -> float:
    """Pixels by which texts at the ends of bars reach beyond the plot."""
    most = 0.0
    for view in views:
        mark, x = _text_mark(view), view.encoding.get("x", {})
        if mark is None or x.get("type") != "quantitative" or mark.get("align") != "left":
            continue
        if "value" in view.encoding.get("y", {}):
            continue  # kept within
        text = view.encoding["text"]
        ends = [
            (row[x["field"]], _formatted(row[text["field"]], text.get("format", "")))
            for row in view.rows
            if isinstance(row.get(x.get("field")), int | float) and text["field"] in row
        ]
        scale = x.get("scale") or {}
        domain = scale.get("domain") or [0, scale.get("domainMax")]
        values = [value for value, _ in ends]
        low, high = min([domain[0], *values]), max([domain[-1] or 0, *values])
        for value, words in ends if high > low else ():
            left = room * (high - value) / (high - low)
            wide = metrics.width(words, mark.get("fontSize", theme.TEXT_SIZE), _weight(mark))
            most = max(most, wide + _number(mark.get("dx")) - left)
    return most


def _number(value: Any) -> float:
    return value if isinstance(value, int | float) else 0.0


def _formatted(value: Any, how: str) -> str:
    """A value roughly as wide as it will be written."""
    try:
        return format(value, how)
    except (TypeError, ValueError):
        return str(value)


def _fit_headings(spec: Spec, views: Sequence[_View], room: float) -> None:
    """Break texts that begin at the left edge of the plot, such as names above rows."""
    taller = 0.0
    for view in views:
        mark, text = _text_mark(view), view.encoding.get("text", {})
        if mark is None or view.encoding.get("x", {}).get("value") != 0:
            continue
        field = text["field"]
        size, weight = mark.get("fontSize", theme.TEXT_SIZE), _weight(mark)
        words = list(dict.fromkeys(row[field] for row in view.rows if field in row))
        lines = {word: _lines(str(word), room, size, weight) for word in words}
        broken = max(map(len, lines.values()), default=0)
        if broken < 2:
            continue
        # All have as many lines, with the last where the only one would be.
        lines = {word: [""] * (broken - len(found)) + found for word, found in lines.items()}
        up = (broken - 1) * (size + _LEADING)
        view.spec["mark"] = {**mark, "dy": _number(mark.get("dy")) - up}
        looked_up = _looked_up(lines, f"datum[{_quoted(field)}]")
        view.spec["transform"] = [
            *view.spec.get("transform", ()),
            {"calculate": looked_up, "as": _FIELD},
        ]
        view.spec["encoding"] = view.spec.get("encoding", {}) | {"text": {**text, "field": _FIELD}}
        taller += up * len(words)
    if isinstance(spec.get("height"), int | float):
        spec["height"] += math.ceil(taller)


def _fit_axis_titles(spec: Spec, views: Sequence[_View], room: float) -> None:
    height = spec.get("height")
    tall = height if isinstance(height, int | float) else theme.HEIGHT
    for view in views:
        for channel, most in (("x", room), ("y", tall)):
            encoding = view.encoding.get(channel, {})
            for place in (encoding, encoding.get("axis") or {}):
                if place.get("title"):
                    place["title"] = metrics.wrapped(
                        _joined(place["title"]), max(most, _TITLE_ROOM), theme.TEXT_SIZE
                    )


def _fit_ticks(views: Sequence[_View], room: float) -> None:
    """Leave room between the numbers of a horizontal axis."""
    most = max(2, int(room // _TICK))
    for view in views:
        x = view.encoding.get("x", {})
        axis = x.get("axis", {})
        if x.get("type") != "quantitative" or axis is None or "values" in axis:
            continue
        wanted = axis.get("tickCount", most)
        if isinstance(wanted, int | float) and wanted >= most and room < _PLOT:
            x["axis"] = axis | {"tickCount": most}


def _fit_legends(views: Sequence[_View], room: float) -> None:
    """Set a legend in as many columns as there is room for, and break what is too long for one."""
    for view in views:
        for channel in _LEGENDS:
            encoding = view.encoding.get(channel, {})
            legend = encoding.get("legend", {})
            if encoding.get("type") not in _DISCRETE or legend is None:
                continue
            words = view.words(channel)
            size = theme.LABEL_SIZE
            lines = {word: _lines(word, room - _SYMBOL, size) for word in words}
            wanted = min([len(words) or 1, *_set_columns(view, encoding.get("field"))])
            widths = [_SYMBOL + metrics.widest(lines[word], size) for word in words]
            legend = legend | {"columns": _columns(widths, room, wanted), "labelLimit": 0}
            legend["titleLimit"] = 0
            if legend.get("orient") in ("left", "right"):
                legend["orient"] = "top"
            if any(len(found) > 1 for found in lines.values()):
                legend["labelExpr"] = _looked_up(lines, "datum.value")
            if legend.get("title") or encoding.get("title"):
                title = _joined(legend.get("title") or encoding["title"])
                legend["title"] = metrics.wrapped(title, room, size, theme.TITLE_WEIGHT)
            encoding["legend"] = legend


def _set_columns(view: _View, field: Any) -> list[int]:
    """The numbers of columns that an author has set for a field, which has one legend."""
    legends = (
        encoding.get("legend") or {}
        for encoding in view.encoding.values()
        if isinstance(encoding, Mapping) and encoding.get("field") == field
    )
    return [legend["columns"] for legend in legends if legend.get("columns")]


def _columns(widths: Sequence[float], room: float, most: int) -> int:
    """The most columns, up to some number, in which entries fit side by side; at least one."""
    for columns in range(min(most, len(widths)), 1, -1):
        taken = sum(max(widths[column::columns]) for column in range(columns))
        if taken + _COLUMN_GAP * (columns - 1) <= room:
            return columns
    return 1


def _lines(text: str, room: float, size: float, weight: int = 400) -> list[str]:
    lines = metrics.wrapped(text, room, size, weight)
    if len(lines) <= _MOST_LINES:
        return lines
    return [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1][:-1] + "…"]


def _looked_up(lines: Mapping[str, Sequence[str]], value: str) -> str:
    """An expression for the lines of a text."""
    pairs = (
        f"{_quoted(text)}: [{', '.join(map(_quoted, found))}]" for text, found in lines.items()
    )
    return f"({{{', '.join(pairs)}}})[{value}]"


def _quoted(text: Any) -> str:
    """A text as a constant of an expression, in which not even Vega-Lite finds anything."""
    units = str(text).encode("utf-16-be")
    codes = (units[place : place + 2].hex() for place in range(0, len(units), 2))
    return "'" + "".join(f"\\u{code}" for code in codes) + "'"


def _joined(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else " ".join(text)
