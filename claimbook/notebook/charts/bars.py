"""Bars for a few numbers, each with its name and its value written out."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from claimbook.base import formats
from claimbook.notebook.charts.theme import COLOURS

if TYPE_CHECKING:
    import altair as alt

Number = Fraction | float

_ROOM = 0.3  # of the range: five figures at the end of the longest bar, even on a phone
# A bar's number stands at its end: where it begins, and how far off.
_SIDES: tuple[tuple[str, Literal["left", "right"], int], ...] = (
    (">=", "left", 4),
    ("<", "right", -4),
)


def bars(
    numbers: Mapping[str, Number], axis: str, *, digits: int, emphasis: str = ""
) -> tuple["alt.TopLevelMixin", str]:
    """Draw a bar for each number, in their order.

    Args:
        numbers: by the name that stands beside the bar.
        axis: title of the axis, with the unit.
        digits: decimals written.
        emphasis: name of the bar that stands out; all look alike if empty.

    Returns:
        The chart, without a title, and what it shows in words.

    Raises:
        KeyError: `emphasis` names no bar.
    """
    import altair as alt
    import pandas as pd

    if emphasis and emphasis not in numbers:
        raise KeyError(f"emphasis: expected one of {', '.join(numbers)}; found {emphasis!r}")
    written = {name: formats.fixed(number, digits, strip=False) for name, number in numbers.items()}
    rows = pd.DataFrame(
        [(name, float(number), written[name]) for name, number in numbers.items()],
        columns=["name", "value", "written"],
    )
    base = alt.Chart(rows).encode(
        y=alt.Y("name:N", sort=None, title=None),
        x=alt.X("value:Q", title=axis, scale=alt.Scale(domain=_domain(numbers), nice=False)),
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("written:N", title=axis)],
    )
    colour: Any = alt.value(COLOURS["blue"])
    if emphasis:
        rows["stands out"] = rows["name"] == emphasis
        colour = alt.Color(
            "stands out:N",
            legend=None,
            scale=alt.Scale(domain=[True, False], range=[COLOURS["vermillion"], COLOURS["grey"]]),
        )
    sides: list[Any] = [
        base.transform_filter(f"datum.value {sign} 0")
        .mark_text(align=align, dx=shift)
        .encode(text="written:N")
        for sign, align, shift in _SIDES
    ]
    shown = "; ".join(f"{name} {text}" for name, text in written.items())
    chart = alt.layer(base.mark_bar().encode(color=colour), *sides)
    return chart, f"Bars, {axis}: {shown}."


def _domain(numbers: Mapping[str, Number]) -> list[float]:
    """From zero to beyond the longest bars, with room for the numbers at their ends."""
    low, high = min(0.0, *map(float, numbers.values())), max(0.0, *map(float, numbers.values()))
    room = _ROOM * ((high - low) or 1)
    return [low - room * (low < 0), high + room * (high > 0)]


def marked_line(channel: "alt.X | alt.Y", value: Number, words: str) -> Any:
    """Draw a dashed line across a chart at one value, with its words beside it.

    Args:
        channel: the encoding of the axis that the value is on, as the rest of the chart has it.
        value: in the unit of that axis.
        words: what the line stands for.
    """
    import altair as alt
    import pandas as pd

    channel = channel.copy()
    channel["bin"] = alt.Undefined  # a line stands at a number, not in a class of numbers
    field = str(channel.shorthand).partition(":")[0]
    line = alt.Chart(pd.DataFrame([{field: float(value), "words": words}]))
    if isinstance(channel, alt.Y):
        text = line.mark_text(align="right", baseline="top", dy=4)
        return alt.layer(
            line.mark_rule(strokeDash=[6, 4], strokeWidth=2).encode(y=channel),
            text.encode(x=alt.value("width"), y=channel, text="words:N"),
        )
    text = line.mark_text(align="left", baseline="bottom", dx=-2, dy=-4)
    return alt.layer(
        line.mark_rule(strokeDash=[6, 4], strokeWidth=2).encode(x=channel),
        text.encode(x=channel, y=alt.value(0), text="words:N"),
    )
