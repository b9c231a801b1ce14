"""A chart with everything that a reader needs who cannot see or draw it."""

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from claimbook.base import units
from claimbook.notebook import render
from claimbook.notebook.charts import picture, theme
from claimbook.notebook.charts.dates import need_dates

if TYPE_CHECKING:
    import altair as alt

_COMPOSED = ("layer", "hconcat", "vconcat", "concat", "spec")
_AXES = ("x", "y")
_ADDRESSES = {"href", "url"}
# What Vega-Lite can put between quotes in an expression: it escapes no name of a field, and of a
# title the quotes alone. In the path of a field some signs are escaped already.
_NAMES = dict.fromkeys(
    ("as", "field", "fields", "fold", "groupby"), r"""(?:[^"'`\\\n]|\\[.\[\]])*"""
)
_NAMES["title"] = r"[^\\\n]*"
# Parts of a specification that say how it is read and styled, not what is drawn.
_NOT_COMPARED = ("$schema", "config")


class Figure:
    """An Altair chart with its text alternative, its sources and its data.

    Args:
        chart: an Altair chart; its title says the message, and its axes say their units.
        alt: what the chart shows, in a sentence or two.
        sources: the sources it draws on, as citations.
        note: a line below the chart.
        table: rows for readers, as columns and rows; by default the first data drawn.
        of_readings: it is the standard chart of a part, and not one made for the claim.

    Raises:
        ValueError: the chart has no title, no text alternative, an axis without a title, data or
            pictures that lie elsewhere, links, names of fields or titles of axes that end an
            expression, or dates that are not the same day everywhere.
    """

    def __init__(
        self,
        chart: "alt.TopLevelMixin",
        *,
        alt: str,
        sources: Sequence[Mapping[str, Any]],
        note: str = "",
        table: tuple[list[str], list[list[Any]]] | None = None,
        of_readings: bool = False,
    ) -> None:
        spec = _specification(chart)
        self.title, self._subtitle = _titles(spec)
        if not self.title:
            raise ValueError("chart: expected a title that says its message, found none")
        if not alt.strip():
            raise ValueError(f"chart {self.title!r}: expected a text alternative, found none")
        if not sources:
            raise ValueError(f"chart {self.title!r}: expected its sources, found none")
        for encoding in _encodings(spec):
            _need_axis_titles(self.title, encoding)
        _need_inline_data(self.title, spec)
        _need_no_address(self.title, spec)
        _need_plain_names(self.title, spec)
        need_dates(self.title, spec, _encodings(spec))
        try:
            json.dumps(spec)
        except TypeError as error:
            raise ValueError(f"chart {self.title!r}: expected plain numbers, {error}") from error
        self._spec, self._alt, self._note = spec, alt, note
        self._sources = [dict(source) for source in sources]
        self._table = table
        self._of_readings = of_readings

    def payload(self) -> dict[str, Any]:
        """Title, text alternative, sources, and all that is drawn, for comparison."""
        columns, rows = self._table or _rows(list(_datasets(self._spec)))
        return {
            "kind": "figure",
            "title": self.title,
            "subtitle": self._subtitle,
            "alt": self._alt,
            "columns": columns,
            "rows": [[_plain(cell) for cell in row] for row in rows],
            "spec": {
                key: _plain(value) for key, value in self._spec.items() if key not in _NOT_COMPARED
            },
            "sources": self._sources,
            "note": self._note,
            "of_readings": self._of_readings,
        }

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, object]:
        forms = {**render.bundle(self.payload()), render.VEGA_LITE_MIME: self._spec}
        if render.for_jupyter():
            forms[render.SVG_MIME] = picture.draw(self._spec, self._alt)
        return forms


def _specification(chart: "alt.TopLevelMixin") -> dict[str, Any]:
    """The chart as plain JSON, its data inline and nothing random in it."""
    import altair as alt

    with alt.data_transformers.enable(consolidate_datasets=False):
        spec: dict[str, Any] = chart.to_dict()
    # Altair's own default theme is replaced as a whole, so that a new version changes nothing.
    spec["config"] = theme.config()
    if "title" in spec:
        title = spec["title"] if isinstance(spec["title"], dict) else {"text": spec["title"]}
        spec["title"] = title | {
            key: textwrap.wrap(_joined(title[key]), letters)
            for key, letters in (
                ("text", theme.TITLE_LETTERS),
                ("subtitle", theme.SUBTITLE_LETTERS),
            )
            if title.get(key)
        }
    if not any(key in spec for key in ("hconcat", "vconcat", "concat", "facet", "spec")):
        spec.setdefault("width", "container")
        rows = _discrete_rows(spec)
        if rows:
            # Said outright: a height that grows by steps cannot go with a width that fits.
            spec.setdefault("height", theme.ROW_HEIGHT * rows)
        spec.setdefault("autosize", {"type": "fit-x", "contains": "padding"})
    return spec


def _discrete_rows(spec: Mapping[str, Any]) -> int:
    """Number of rows that the vertical axis has; 0 if it is continuous."""
    values = [row for data in _datasets(spec) for row in data]
    encodings = list(_encodings(spec))

    def distinct(channel: str) -> int:
        fields = {
            encoding[channel].get("field")
            for encoding in encodings
            if encoding.get(channel, {}).get("type") in ("nominal", "ordinal")
        }
        return len({(row[field]) for row in values for field in fields if field in row})

    return distinct("y") * max(1, distinct("yOffset"))


def _titles(spec: Mapping[str, Any]) -> tuple[str, str]:
    title = spec.get("title", "")
    if not isinstance(title, Mapping):
        title = {"text": title}
    return _joined(title.get("text", "")), _joined(title.get("subtitle", ""))


def _joined(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else " ".join(text)


def _encodings(
    spec: Mapping[str, Any], inherited: Mapping[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """The encodings of every single view of a chart, with those it inherits."""
    encoding = {**(inherited or {}), **spec.get("encoding", {})}
    parts = [part for key in _COMPOSED for part in _listed(spec.get(key))]
    for part in parts:
        yield from _encodings(part, encoding)
    if not parts:
        yield encoding


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _need_axis_titles(title: str, shown: Mapping[str, Any]) -> None:
    for channel in _AXES:
        encoding = shown.get(channel, {})
        axis = encoding.get("axis", {})
        if encoding.get("type") not in ("quantitative", "temporal") or axis is None:
            continue
        if not (encoding.get("title") or axis.get("title")):
            raise ValueError(
                f"chart {title!r}: expected a title with the unit for axis {channel}, found none"
            )


def _need_inline_data(title: str, part: Any) -> None:
    """Refuse data at an address, which nobody could compare, anywhere in a chart."""
    if isinstance(part, Mapping):
        data = part.get("data")
        if isinstance(data, Mapping) and "url" in data:
            raise ValueError(
                f"chart {title!r}: expected its data within it, found them at {data['url']!r}"
            )
    for inner in part.values() if isinstance(part, Mapping) else _listed(part):
        if isinstance(inner, (Mapping, list)):
            _need_inline_data(title, inner)


def _need_no_address(title: str, part: Any) -> None:
    """Refuse pictures and links: a chart asks nobody, and what is drawn leads nowhere."""
    for found in _objects(part):
        for key in sorted(_ADDRESSES & found.keys()):
            raise ValueError(f"chart {title!r}: expected no address in it, found {key!r}")


def _need_plain_names(title: str, part: Any) -> None:
    """Refuse names of fields and titles of axes and the like that would be read as code."""
    for found in _objects(part):
        for key in sorted(_NAMES.keys() & found.keys()):
            for name in _listed(found[key]):
                if isinstance(name, str) and not re.fullmatch(_NAMES[key], name):
                    without = "backslashes" if key == "title" else "quotes, backslashes"
                    raise ValueError(
                        f"chart {title!r}: {key}: expected a text without {without} and breaks "
                        f"of lines, found {name!r}"
                    )


def _objects(part: Any) -> Iterator[Mapping[str, Any]]:
    """Every object within a specification but for its rows of data, which may have any columns."""
    if isinstance(part, Mapping):
        yield part
        part = [part[key] for key in part if key != "data"]
    if isinstance(part, list):
        for inner in part:
            yield from _objects(inner)


def _datasets(spec: Mapping[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """Inline data of a chart, in the order of its parts; the same data only once."""
    seen: list[Any] = []

    def walk(part: Mapping[str, Any]) -> Iterator[list[dict[str, Any]]]:
        values = (part.get("data") or {}).get("values")
        if values is not None and values not in seen:
            seen.append(values)
            yield values
        for key in _COMPOSED:
            for inner in _listed(part.get(key)):
                yield from walk(inner)

    return walk(spec)


def _rows(drawn: Sequence[list[dict[str, Any]]]) -> tuple[list[str], list[list[Any]]]:
    """The first data drawn, as a table; data with more rows than a point or two, if there are."""
    values = max(drawn, key=len, default=[])
    columns = list(dict.fromkeys(key for row in values for key in row))
    return columns, [[_cell(row.get(column)) for column in columns] for row in values]


def _cell(value: Any) -> Any:
    """A day is a day, though Altair writes it as its first second."""
    return value.removesuffix("T00:00:00") if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    """JSON with floats at 12 significant digits."""
    if isinstance(value, float):
        return units.rounded(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
