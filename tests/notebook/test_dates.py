"""Dates in charts are the same day for every reader, and never a bare number."""

import datetime as dt
import json
import os
import re
import subprocess
import sys

import altair as alt
import pandas as pd
import pytest

from claimbook.notebook.charts import Figure
from claimbook.notebook.render import SVG_MIME

DAYS = ["2024-12-01", "2025-01-31"]
ZONES = ("America/Los_Angeles", "Asia/Ho_Chi_Minh")
FORMAT = "%d %B %Y"
# What stands in the name of a mark instead of a date or a number that is missing.
BARE = r"(?<![\d.])\d{13}(?!\d)|\b(NaN|undefined|null|Invalid)\b"


def chart(dates=None, **channels):
    """Points by date; `dates` as they stand in the data."""
    dates = pd.to_datetime(DAYS) if dates is None else dates
    frame = pd.DataFrame({"day": dates, "until": pd.to_datetime(DAYS), "price": [1.0, 2.0]})
    base = alt.Chart(frame).mark_point()
    return base.encode(**{"x": alt.X("day:T", title="day"), **channels}).properties(title="Prices")


def limited(**scale):
    return chart(x=alt.X("day:T", title="day", scale=alt.Scale(**scale)))


def figure(drawn):
    return Figure(drawn, alt="Two points.", sources=[{"source": "price-list", "title": "Prices"}])


def at(day):
    return alt.datum(day, type="temporal", title="day")


def layered(*charts):
    return alt.layer(*charts).properties(title="Prices")


def written(text, **read):
    """A chart whose rows are typed as text, with how they are read."""
    rows = {"values": [{"day": text, "price": 1.0}]}
    if read:
        rows["format"] = {"type": "json", "parse": {"day": read["parse"]}}
    encoding = {"x": {"field": "day", "type": "temporal", "title": "day"}}
    return alt.Chart.from_dict(
        {"title": "Prices", "data": rows, "mark": "point", "encoding": encoding}
    )


REFUSED = {
    "days as text": (chart(DAYS), "field 'day' .channel x.: .*pd.to_datetime.*'2024-12-01'"),
    "months as text": (chart(["2024-12", "2025-01"]), "field 'day'.*'2024-12'"),
    "years as numbers": (chart([2024, 2025]), "field 'day'.*found 2024"),
    "milliseconds": (chart([1733011200000, 1738281600000]), "field 'day'.*1733011200000"),
    "with a zone": (chart(pd.to_datetime(DAYS).tz_localize("UTC")), r"field 'day'.*\+00:00'"),
    "as JSON of UTC": (written("2025-01-31T00:00:00Z"), "field 'day'.*'2025-01-31T00:00:00Z'"),
    "in words": (written("31 January 2025"), "field 'day'.*'31 January 2025'"),
    "none": (chart(pd.to_datetime([DAYS[0], None])), "a date .* in each row.*found none"),
    "days of Python": (chart([dt.date(2024, 12, 1)] * 2), "field 'day'"),
    "months of text": (chart(DAYS, x=alt.X("yearmonth(day):T", title="month")), "field 'day'"),
    "second end": (chart(x2="price"), "field 'price' .channel x2.*pd.to_datetime"),
    "a layer": (layered(chart(), chart(DAYS)), "field 'day'.*'2024-12-01'"),
    "made of text": (
        chart().transform_calculate(made="'2025-01-31'").encode(x=alt.X("made:T", title="day")),
        "field 'made'.*compute it with pandas.*no such column",
    ),
    "a unit made of text": (
        chart(DAYS).transform_timeunit(month="yearmonth(day)").encode(
            x=alt.X("month:T", title="month")
        ),
        "field 'day'.*'2024-12-01'",
    ),
    "tooltip without a format": (
        chart(tooltip=["price", "day"]),
        "field 'day' .channel tooltip.: expected a format, as alt.Tooltip.'day:T', format=",
    ),
    "tooltip of another type": (chart(tooltip="day:N"), "channel tooltip.*found type nominal"),
    "text of another type": (chart(text="day:N"), "channel text.*alt.Text.*type nominal"),
    "colour of another type": (chart(color="day:O"), "channel color.*type ordinal"),
    "tooltip of a layer below": (
        layered(chart(), chart(x=alt.value(0), tooltip="day:N")),
        "channel tooltip.*type nominal",
    ),
    "tooltip in a condition": (
        chart(tooltip=alt.condition("datum.price > 1", "day:N", alt.value(""))),
        "channel tooltip.*type nominal",
    ),
    "tooltip of all columns": (
        chart().mark_point(tooltip=alt.TooltipContent("data")),
        "tooltip of a mark: .*with a format, found all columns",
    ),
    "months as names": (chart(y=alt.Y("yearmonth(day):O")), "channel y.*'undefined'.*ordinal"),
    "domain": (limited(domain=DAYS), "scale domain: .*alt.DateTime.*'2024-12-01'"),
    "end of a domain": (limited(domainMax=1738281600000), "scale domainMax: .*1738281600000"),
    "ticks": (
        chart(x=alt.X("day:T", title="day", axis=alt.Axis(values=DAYS))),
        "axis: .*alt.DateTime.*'2024-12-01'",
    ),
    "a line at a day": (
        layered(chart(), alt.Chart().mark_rule().encode(x=at("2025-01-31"))),
        "datum: .*'2025-01-31'",
    ),
    "more of a domain": (limited(domain={"unionWith": DAYS}), "scale domain: .*'2024-12-01'"),
    "parsed as dates": (
        written("2025-01-31", parse="date").encode(x=alt.X("day:N"), tooltip="day:N"),
        "field 'day'.*'2025-01-31'",
    ),
    "scale in UTC": (limited(type="utc"), "a scale of type 'time', found 'utc'"),
    "unit in UTC": (chart(x=alt.X("utcyearmonth(day):T", title="month")), "without 'utc'"),
    "filter by a day": (
        chart().transform_filter(alt.FieldGTEPredicate(field="day", gte="2025-01-01")),
        "field 'day': gte: .*'2025-01-01'",
    ),
    "filter by an expression": (
        chart().transform_filter("datum.day > toDate('2025-01-01')"),
        "filter: expected days as datetime.2025, 0, 31.*'2025-01-01'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("drawn", "message"), REFUSED.values(), ids=REFUSED)
def test_a_date_that_moves_or_shows_as_a_number_is_refused(drawn, message):
    with pytest.raises(ValueError, match=f"^chart 'Prices': .*{message}"):
        figure(drawn)


ACCEPTED = {
    "dates": chart(),
    "months": chart(x=alt.X("yearmonth(day):T", title="month"), y=alt.Y("count()", title="points")),
    "second end": chart(x2="until").mark_bar(),
    "tooltip with a format": chart(tooltip=[alt.Tooltip("day", format=FORMAT), "price"]),
    "tooltip of months": chart(tooltip="yearmonth(day):T"),
    "text with a format": chart(text=alt.Text("until", format=FORMAT)).mark_text(),
    "domain": limited(domain=[alt.DateTime(year=2024, month=12), alt.DateTime(year=2025)]),
    "last price": chart(y=alt.Y("price:Q", aggregate={"argmax": "day"}, title="USD")),
    "bins and windows": chart()
    .transform_bin(["from", "to"], "price")
    .transform_window(rank="rank()", latest="max(day)"),
    "repeated": chart(x=alt.X(alt.repeat("column"), type="temporal", title="day"))
    .properties(title="")
    .repeat(column=["day", "until"])
    .properties(title="Prices"),
    "read by a pattern": written("31.01.2025", parse="date:'%d.%m.%Y'"),
    "days as names": chart(DAYS, x=alt.X("day:O"), tooltip="day:N"),
    "number of dates": chart(y=alt.Y("distinct(day):Q", title="days"), x=alt.X("price:N")),
    "filter": chart().transform_filter("datum.day > datetime(2024, 11, 1) && datum.price > 0"),
    "filter by a name": chart(DAYS, x=alt.X("day:O")).transform_filter("datum.day > '2024'"),
    "unit of a transform": chart().transform_timeunit(month="yearmonth(day)").encode(
        x=alt.X("month:T", title="month", axis=alt.Axis(format="%b"))
    ),
}  # fmt: skip


def names(svg):
    """Accessible names of the marks of a picture."""
    return re.findall(r'aria-label="([^"]*)" role="graphics-symbol"', svg)


@pytest.mark.parametrize("drawn", ACCEPTED.values(), ids=ACCEPTED)
def test_a_chart_of_dates_draws_with_names_that_can_be_read(drawn):
    found = names(figure(drawn)._repr_mimebundle_()[SVG_MIME])
    assert found
    assert not [name for name in found if re.search(BARE, name)]


def test_a_picture_is_the_same_wherever_it_is_drawn():
    spec = json.dumps(written("2025-01-31").to_dict())
    code = (
        "from claimbook.notebook.charts import picture; import json, sys;"
        "print(picture.draw(json.load(sys.stdin), 'A point.'))"
    )
    west, east = (
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"TZ": zone},
            input=spec,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for zone in ZONES
    )
    assert west == east
    assert names(west) == ["day: Jan 31, 2025"]
