"""The standard chart: every reading of a part against what counts as the stated number."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from claimbook.base import formats
from claimbook.notebook.charts.figure import Figure
from claimbook.notebook.charts.theme import BAND, BAND_OPACITY, COLOURS

if TYPE_CHECKING:
    import altair as alt

_ROW = 62  # pixels for one reading: its title, its value in words, its mark
_PADDING = 0.08  # of the range, left and right
# Context farther than this from the readings, in widths of their range, is marked at the edge.
_NEARBY = 0.6
# One reading alone has no range of its own: context up to so many times its size is drawn in place.
_TIMES = 3
_LINE = 14  # pixels
_INSET = 0.015  # of the range, from the edge
_OUTCOMES = {
    "consistent": COLOURS["blue"],
    "not consistent": COLOURS["vermillion"],
    "undecided": COLOURS["purple"],
    "not counted": COLOURS["grey"],
}
_SHAPES = {"reading": "circle", "proxy": "diamond", "context": "circle"}


def readings_figure(part: Mapping[str, Any], sources: Sequence[Mapping[str, Any]]) -> Figure:
    """Chart the readings of a part of a result.

    Context in another unit than the part's is left out. A context far from the readings is drawn
    at the edge with an arrow, so that it does not squeeze them.

    Args:
        part: a part of a result, as JSON.
        sources: what the readings rest on, as citations.

    Raises:
        ValueError: the part is a date or yes/no.
    """
    if part["kind"] not in ("number", "count"):
        raise ValueError(
            f"part {part['id']!r}: expected a number or a count to chart, found {part['kind']}"
        )
    readings = [reading for reading in part["readings"] if reading["unit"] == part["unit"]]
    low, high = _domain(part, readings)
    rows = [_row(number, reading, low, high) for number, reading in enumerate(readings)]
    table = (
        ["reading", "role", "low", "high", "outcome"],
        [[row[key] for key in ("reading", "role", "low", "high", "outcome")] for row in rows],
    )
    return Figure(
        _chart(part, rows, low, high),
        alt=_alt(part, readings),
        sources=sources,
        table=table,
        of_readings=True,
    )


def _domain(part: Mapping[str, Any], readings: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    counted = [reading for reading in readings if reading["role"] != "context"] or readings
    ends = [end for reading in counted for end in (reading["low"], reading["high"])]
    ends += [end for end in part["band"] if end is not None]
    width = (max(ends) - min(ends)) or abs(max(ends)) or 1
    near = min(ends) - _NEARBY * width, max(ends) + _NEARBY * width
    if len(counted) == 1 and min(ends) > 0:
        near = min(ends) / _TIMES, max(ends) * _TIMES
    ends += [
        end
        for reading in readings
        if near[0] <= reading["low"] and reading["high"] <= near[1]
        for end in (reading["low"], reading["high"])
    ]
    room = _PADDING * ((max(ends) - min(ends)) or width)
    return min(ends) - room, max(ends) + room


def _row(number: int, reading: Mapping[str, Any], low: float, high: float) -> dict[str, Any]:
    outcome = reading["outcome"] or "not counted"
    inset = _INSET * (high - low)
    ends = [min(max(reading[end], low + inset), high - inset) for end in ("low", "high")]
    middle = sum(ends) / 2
    beyond = "left" if reading["high"] < low else "right" if reading["low"] > high else ""
    # The axis has the unit, whose name may be longer than the number.
    number_alone = reading["text"].removesuffix(formats.with_unit("", reading["unit"]))
    return {
        "reading": reading["title"],
        "role": reading["role"],
        "low": reading["low"],
        "high": reading["high"],
        "outcome": outcome,
        "heading": number - 0.36,
        "words": number - 0.09,
        "drawn": number + 0.15,
        "from": ends[0],
        "to": ends[1],
        "middle": middle,
        "beyond": beyond,
        "label": f"{number_alone}, {'off the scale, ' if beyond else ''}{outcome}",
    }


def _chart(
    part: Mapping[str, Any], rows: list[dict[str, Any]], low: float, high: float
) -> "alt.TopLevelMixin":
    import altair as alt
    import pandas as pd

    band_low, band_high = part["band"]
    band = pd.DataFrame(
        [
            {
                "from": low if band_low is None else max(low, band_low),
                "to": high if band_high is None else min(high, band_high),
            }
        ]
    )
    unit = formats.written(part["unit"])
    axis: dict[str, Any] = {
        "scale": alt.Scale(domain=[low, high], nice=False, zero=False),
        "title": f"{part['label']['en']}{f' ({unit})' if unit else ''}",
        "axis": alt.Axis(tickCount=6),
    }
    down = alt.Scale(domain=[-0.55, len(rows) - 0.65], reverse=True)
    colours = alt.Scale(domain=list(_OUTCOMES), range=list(_OUTCOMES.values()))
    shapes = alt.Scale(domain=list(_SHAPES), range=list(_SHAPES.values()))
    # A narrow band is still to be seen, hence its outline; and one number, as a broad line.
    outline: dict[str, Any] = (
        {"strokeWidth": _LINE} if band_low == band_high else {"strokeOpacity": 1}
    )
    shade = (
        alt.Chart(band)
        .mark_rect(color=BAND, opacity=BAND_OPACITY, stroke=BAND, **outline)
        .encode(x=alt.X("from:Q", **axis), x2="to:Q")
    )
    plain = alt.Chart()  # with the rows of the whole
    # Better cut short than squeezed or run over, on a narrow screen.
    words: dict[str, Any] = {"align": "left", "baseline": "middle", "limit": {"expr": "width"}}
    # A title of two lines grows away from the value below it.
    above = words | {"baseline": "bottom", "dy": 7}
    titles = plain.mark_text(**above, fontWeight=600).encode(
        x=alt.value(0), y=alt.Y("heading:Q", scale=down, axis=None), text="reading:N"
    )
    labels = plain.mark_text(**words).encode(
        x=alt.value(0), y=alt.Y("words:Q", scale=down, axis=None), text="label:N"
    )
    base = plain.encode(
        y=alt.Y("drawn:Q", scale=down, axis=None),
        color=alt.Color("outcome:N", scale=colours, legend=None),
        tooltip=["reading:N", "label:N"],
    )
    bars = base.mark_rule(strokeWidth=5, opacity=0.55).encode(x=alt.X("from:Q", **axis), x2="to:Q")
    dots = base.mark_point(size=110, strokeWidth=2, opacity=1).encode(
        x=alt.X("middle:Q", **axis), shape=alt.Shape("role:N", scale=shapes, legend=None)
    )
    counted = dots.transform_filter("datum.role != 'context'").encode(
        fill=alt.Fill("outcome:N", scale=colours, legend=None)
    )
    context = dots.transform_filter("datum.role == 'context' && datum.beyond == ''")
    beyond = [
        base.transform_filter(f"datum.beyond == '{side}'")
        .mark_point(shape=f"triangle-{side}", size=140, filled=True, opacity=1)
        .encode(x=alt.X("middle:Q", **axis))
        for side in ("left", "right")
    ]
    layers = (shade, bars, context, *beyond, counted, titles, labels)
    return alt.layer(*layers, data=pd.DataFrame(rows)).properties(
        height=_ROW * len(rows),
        title=alt.Title(
            _title(part),
            subtitle=f"Shaded: what counts as {_counting(part)}",
        ),
    )


def _counting(part: Mapping[str, Any]) -> str:
    """The stated number, and what counts as it if that is more."""
    stated, band = part["stated_text"], part["band_text"]
    return f"{stated}, that is {band}" if stated != band else f"{stated}, and nothing else"


def _title(part: Mapping[str, Any]) -> str:
    counted = [reading for reading in part["readings"] if reading["role"] == "reading"]
    if not counted:
        label = part["label"]["en"]
        return f"{label[:1].upper()}{label[1:]}: nothing measures it directly"
    agreeing = sum(reading["outcome"] == "consistent" for reading in counted)
    if len(counted) == 1:
        return f"Recomputed: {counted[0]['text']}, {counted[0]['outcome']}"
    if agreeing == len(counted):
        return f"All {len(counted)} readings are consistent with {part['stated_text']}"
    if not agreeing:
        return f"No reading of {len(counted)} is consistent with {part['stated_text']}"
    verb = "is" if agreeing == 1 else "are"
    return f"{agreeing} of {len(counted)} readings {verb} consistent with {part['stated_text']}"


def _alt(part: Mapping[str, Any], readings: Sequence[Mapping[str, Any]]) -> str:
    values = "; ".join(
        f"{reading['title']} {reading['text']} ({reading['outcome'] or 'not counted'})"
        for reading in readings
    )
    return f"Each reading as a dot or bar against what counts as {_counting(part)}. {values}."
