"""Dates in charts: what would be another day in another time zone, or a bare number, is refused.

A browser takes `2025-01-31` for midnight in London, which in New York is still the 30th, and
`2025-01-31T00:00:00`, as pandas columns of dates are written, for midnight where the reader is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

Definition = Mapping[str, Any]

_HERE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?")
_DAY = r"""(["'])\d{4}(?:[-/]\d\d?){0,2}(?:T[\d:.]+(?:Z|[+-][\d:]+))?\1"""
_MADE = re.compile(r"\b(?:toDate|datetime|time|utc\w*)\s*\(\s*" + _DAY)
# Channels for the other end of a mark have the type of the first end.
_ENDS = {"x2": "x", "y2": "y", "theta2": "theta", "radius2": "radius"}
_WRITTEN = {"tooltip", "text", "description"}
_UNSEEN = {"order", "key"}  # channels that no reader sees
_COUNTS = ("count", "distinct", "valid", "missing")
_STEPS = ("aggregate", "joinaggregate", "window")
_LIMITS = ("domain", "domainMin", "domainMax")
_COMPARED = ("equal", "lt", "lte", "gt", "gte", "range", "oneOf")
_EXPRESSIONS = ("filter", "calculate", "expr", "test", "signal")


def need_dates(title: str, spec: Definition, views: Iterable[Definition]) -> None:
    """Refuse dates that depend on where the reader is, and dates that would show as numbers.

    Args:
        title: of the chart, for messages.
        spec: its specification.
        views: the encodings of each of its views, with those they inherit.

    Raises:
        ValueError: names the chart, the field and the channel, and what to write.
    """
    shown = [item for view in views for item in _definitions(view)]
    _Chart(title, list(_objects(spec)), shown).check()


class _Chart:
    def __init__(
        self, title: str, parts: list[Definition], shown: list[tuple[str, Definition]]
    ) -> None:
        self._title, self._parts, self._shown = title, parts, shown
        self._dated = _dated(parts, shown)

    def check(self) -> None:
        for field, place in self._dated.items():
            self._check_column(field, f"field {field!r} ({place})")
        for channel, definition in self._shown:
            where = f"field {definition.get('field')!r} (channel {channel})"
            self._check_unit(where, definition)
            self._check_words(where, channel, definition)
            if _is_date(definition):
                self._check_limits(where, definition)
        for part in self._parts:
            self._check_part(part)

    def _refuse(self, where: str, expected: str, found: object) -> NoReturn:
        raise ValueError(f"chart {self._title!r}: {where}: expected {expected}, found {found}")

    def _check_column(self, field: str, where: str) -> None:
        name = re.sub(r"\\(.)", r"\1", field)
        data = [part["data"] for part in self._parts if isinstance(part.get("data"), Mapping)]
        columns = [(one, [row[name] for row in _rows(one) if name in row]) for one in data]
        if not any(column for _, column in columns):
            expected = "a column of dates in its data: compute it with pandas, not in the chart"
            self._refuse(where, expected, "no such column")
        for one, column in columns:
            for value in [] if _has_pattern(one, name) else column:
                if not (isinstance(value, str) and _HERE.fullmatch(value)):
                    expected = (
                        "a date without a time zone in each row, as "
                        f"pd.to_datetime(frame[{name!r}]) makes them"
                    )
                    self._refuse(where, expected, "none" if value in (None, "") else repr(value))

    def _check_unit(self, where: str, definition: Definition) -> None:
        unit = definition.get("timeUnit")
        utc = isinstance(unit, Mapping) and unit.get("utc")
        if utc or str(unit).startswith("utc"):
            self._refuse(where, "a time unit without 'utc'", repr(unit))
        kind = definition.get("type", "temporal")
        if unit and kind != "temporal":
            expected = "type temporal, since its marks would be named 'undefined'"
            self._refuse(where, expected, f"type {kind}")

    def _check_words(self, where: str, channel: str, definition: Definition) -> None:
        """A chart turns a column of dates into moments: numbers, wherever they stand bare."""
        field, kind = definition.get("field"), definition.get("type", "temporal")
        if (
            not self._holds_dates(field)
            or definition.get("aggregate") in _COUNTS
            or definition.get("timeUnit")
            or channel in _UNSEEN
        ):
            return
        name = channel[:1].upper() + channel[1:]
        form = ", format='%d %B %Y'" if channel in _WRITTEN else ""
        written = f"alt.{name}('{field}:T'{form})"
        if kind != "temporal":
            self._refuse(where, f"a date, as {written}", f"type {kind}")
        if channel == "tooltip" and not definition.get("format"):
            self._refuse(where, f"a format, as {written}", "none")

    def _check_limits(self, where: str, definition: Definition) -> None:
        scale = definition.get("scale") or {}
        if scale.get("type") == "utc":
            self._refuse(where, "a scale of type 'time'", "'utc'")
        for name in _LIMITS:
            self._check_moments(f"{where}: scale {name}", scale.get(name))
        for name in ("axis", "legend"):
            self._check_moments(f"{where}: {name}", (definition.get(name) or {}).get("values"))
        self._check_moments(f"{where}: datum", definition.get("datum"))

    def _check_moments(self, where: str, moments: object) -> None:
        if isinstance(moments, Mapping) and "unionWith" in moments:
            moments = moments["unionWith"]
        for moment in moments if isinstance(moments, list) else [moments]:
            text = isinstance(moment, str) and moment != "unaggregated"
            plain = text and not _HERE.fullmatch(str(moment))
            utc = isinstance(moment, Mapping) and moment.get("utc")
            if plain or utc or type(moment) in (int, float):
                expected = "a date such as alt.DateTime(year=2025, month=1, date=31)"
                self._refuse(where, expected, repr(moment))

    def _check_part(self, part: Definition) -> None:
        """Filters, expressions and tooltips of a mark."""
        if self._holds_dates(part.get("field")) and "timeUnit" not in part:
            for key in _COMPARED:
                self._check_moments(f"field {part['field']!r}: {key}", part.get(key))
        mark = part.get("mark")
        tooltip = mark.get("tooltip") if isinstance(mark, Mapping) else None
        if self._dated and isinstance(tooltip, Mapping) and tooltip.get("content") == "data":
            expected = "the fields of its tooltip in the channel, dates with a format"
            self._refuse("tooltip of a mark", expected, "all columns")
        for key in _EXPRESSIONS:
            text = part.get(key)
            if isinstance(text, str) and (found := self._day(text)):
                self._refuse(key, "days as datetime(2025, 0, 31), months from 0", found)

    def _holds_dates(self, field: object) -> bool:
        return isinstance(field, str) and field in self._dated

    def _day(self, expression: str) -> str:
        """A day in quotes that an expression makes a moment of, or compares with one."""
        found = _MADE.search(expression)
        if not found and any(re.search(rf"\b{re.escape(f)}\b", expression) for f in self._dated):
            found = re.search(_DAY, expression)
        return found.group() if found else ""


def _dated(parts: Iterable[Definition], shown: Iterable[tuple[str, Definition]]) -> dict[str, str]:
    """Every column that a chart takes for dates, with the place where it does."""
    dated: dict[str, str] = {}
    made: dict[str, str] = {}  # what a transform makes, by its name, from which column
    for part in parts:
        dated |= dict.fromkeys(_parsed(part), "format of the data")
        for step in part.get("transform") or ():
            inner = [one for key in _STEPS for one in _listed(step.get(key))]
            for one in [step, *inner]:
                if isinstance(one.get("as"), str) and isinstance(one.get("field"), str):
                    made[one["as"]] = one["field"]
            if "timeUnit" in step:
                dated[step["field"]] = "time unit"
    for channel, definition in shown:
        field = definition.get("field")
        if isinstance(field, str) and _is_date(definition):
            column = made.get(field, field)
            dated.setdefault(made.get(column, column), f"channel {channel}")
    return dated


def _is_date(definition: Definition) -> bool:
    counts = definition.get("aggregate") in _COUNTS
    return not counts and (definition.get("type") == "temporal" or "timeUnit" in definition)


def _definitions(view: Definition) -> Iterator[tuple[str, Definition]]:
    """What the channels of a view show; the second end of a mark has the type of the first."""
    for channel, value in view.items():
        for one in _listed(value):
            for definition in [one, *_listed(one.get("condition"))]:
                if "field" in definition or "datum" in definition:
                    first = view.get(_ENDS.get(channel, ""), {}).get("type")
                    yield channel, ({"type": first} if first else {}) | dict(definition)


def _listed(value: Any) -> list[Definition]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, Mapping)]


def _rows(data: Definition) -> list[Definition]:
    return _listed(data.get("values"))


def _parsed(part: Definition) -> dict[str, str]:
    """Columns that data say how to read as dates, by name."""
    read = (
        (part.get("format") or {}).get("parse") if isinstance(part.get("format"), Mapping) else {}
    )
    return {
        name: how
        for name, how in (read or {}).items()
        if isinstance(how, str) and how.startswith(("date", "utc"))
    }


def _has_pattern(data: Definition, name: str) -> bool:
    """Whether the data say by a pattern how a column is read, as times where the reader is."""
    return _parsed(data).get(name, "").startswith("date:")


def _objects(part: Any) -> Iterator[Definition]:
    """Every object within a specification, but none in its rows of data."""
    if isinstance(part, Mapping):
        yield part
        part = [part[key] for key in part if key not in ("values", "config")]
    if isinstance(part, list):
        for inner in part:
            yield from _objects(inner)
