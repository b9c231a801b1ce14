"""Figures: their message, their text alternative, and numbers that tests can compare."""

import copy
import json
import os
import subprocess
import sys

import altair as alt
import pandas as pd
import pytest

from claimbook.base.paths import find_project
from claimbook.notebook import render
from claimbook.notebook.charts import Figure, picture, readings_figure, theme
from claimbook.notebook.render import MIME, SVG_MIME, VEGA_LITE_MIME
from places import ROOT

SOURCES = [{"source": "price-list", "title": "Price list"}]
PART = {
    "id": "saving",
    "label": {"en": "saving", "vi": "mức rẻ hơn"},
    "kind": "number",
    "unit": "percent",
    "stated_text": "96.4\u00a0%",
    "band": [96.35, 96.45],
    "band_text": "96.35 to 96.45\u00a0%",
    "readings": [
        {"title": "Output", "role": "reading", "unit": "percent", "low": 96.35, "high": 96.35,
         "text": "96.35\u00a0%", "outcome": "consistent"},
        {"title": "Mix", "role": "proxy", "unit": "percent", "low": 96.3, "high": 96.6,
         "text": "96.3 to 96.6\u00a0%", "outcome": "undecided"},
        {"title": "Far away", "role": "context", "unit": "percent", "low": 50.2, "high": 50.2,
         "text": "50.2\u00a0%", "outcome": None},
        {"title": "A bill", "role": "context", "unit": "USD", "low": 9, "high": 9,
         "text": "9\u00a0USD", "outcome": None},
    ],
}  # fmt: skip


def bars(title="Apples cost half as much", axis="USD per apple"):
    frame = pd.DataFrame({"fruit": ["apple", "pear"], "price": [1.0, 2.0 + 1e-15]})
    return (
        alt.Chart(frame)
        .mark_bar()
        .encode(x=alt.X("price:Q", title=axis), y=alt.Y("fruit:N", title=None))
        .properties(title=title)
    )


def figure(chart=None, **options):
    options = {"alt": "Two bars: apple 1, pear 2.", "sources": SOURCES} | options
    return Figure(chart or bars(), **options)


def test_a_figure_carries_its_title_its_data_and_its_specification():
    payload = figure().payload()
    assert payload["title"] == "Apples cost half as much"
    assert (payload["columns"], payload["rows"]) == (
        ["fruit", "price"],
        [["apple", 1.0], ["pear", 2.0]],
    )
    assert payload["spec"]["encoding"]["x"]["field"] == "price"
    assert not payload["spec"].keys() & {"$schema", "config"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"chart": bars(title="")}, "expected a title that says its message"),
        ({"alt": " "}, "expected a text alternative"),
        ({"sources": []}, "expected its sources"),
        ({"chart": bars(axis=None)}, "expected a title with the unit for axis x"),
    ],
)
def test_a_figure_without_what_a_reader_needs_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        figure(**change)


def test_an_axis_that_is_not_shown_needs_no_title():
    hidden = bars().encode(x=alt.X("price:Q", axis=None))
    assert figure(hidden).payload()["rows"]


def test_layers_are_checked_one_by_one():
    layered = (bars() + bars(axis=None).mark_text()).properties(title="Two layers")
    with pytest.raises(ValueError, match="expected a title with the unit for axis x"):
        figure(layered)


def test_numbers_are_compared_at_twelve_digits():
    assert figure().payload()["spec"]["data"]["values"][1] == {"fruit": "pear", "price": 2.0}


def other_number():
    chart = bars()
    chart.data = pd.DataFrame({"fruit": ["apple", "pear"], "price": [1.0, 2.1]})
    return chart


def other_filter():
    return bars().transform_filter("datum.price > 1")


@pytest.mark.parametrize(
    "other",
    [
        other_number(),
        other_filter(),
        bars().mark_bar(opacity=0.5),
        bars().mark_point(),
        bars().encode(y=alt.Y("fruit:N", title=None, sort="descending")),
        bars().encode(x=alt.X("price:Q", title="USD per apple", stack="normalize")),
        bars().encode(x=alt.X("price:Q", title="USD per apple", axis=alt.Axis(format="%"))),
    ],
    ids=["number", "filter", "mark property", "mark", "sort", "stack", "axis"],
)
def test_a_changed_chart_changes_what_is_compared(other):
    assert figure(other).payload()["spec"] != figure().payload()["spec"]


def inherited(filtered):
    chart = alt.layer(bars(), bars().mark_text()).properties(title="Two layers")
    return chart.transform_filter(filtered)


def counted(stop):
    return (
        alt.Chart(alt.sequence(0, stop, as_="n"))
        .mark_point()
        .encode(x=alt.X("n:Q", title="number"))
        .properties(title="Numbers in a row")
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (inherited("datum.price > 1"), inherited("datum.price > 2")),
        (counted(5), counted(6)),
    ],
    ids=["inherited transform", "sequence"],
)
def test_what_is_drawn_without_rows_of_its_own_is_compared(one, other):
    assert figure(one).payload()["spec"] != figure(other).payload()["spec"]


def elsewhere():
    return bars().properties(data="https://example.org/prices.csv")


def looked_up():
    there = alt.LookupData(data="https://example.org/x.csv", key="fruit", fields=["weight"])
    return bars().transform_lookup(lookup="fruit", from_=there)


@pytest.mark.parametrize("chart", [elsewhere(), elsewhere() | bars(), looked_up()])
def test_data_at_an_address_are_refused(chart):
    chart = chart.properties(title="Data elsewhere")
    with pytest.raises(ValueError, match="expected its data within it, found them at 'https://ex"):
        figure(chart)


def test_the_static_picture_has_the_text_alternative_as_its_name_escaped():
    svg = figure(alt='Bars of "apples" & <b>pears</b>')._repr_mimebundle_()[SVG_MIME]
    assert 'aria-label="Bars of &quot;apples&quot; &amp; &lt;b&gt;pears&lt;/b&gt;"' in svg
    assert "<b>" not in svg


def test_a_figure_for_a_file_has_no_picture(monkeypatch):
    monkeypatch.setenv(render.VARIABLE, render.STORED)
    assert figure()._repr_mimebundle_().keys() == {MIME, VEGA_LITE_MIME, "text/plain"}


def test_a_figure_is_shown_as_specification_picture_and_data_but_not_as_html_text():
    bundle = figure()._repr_mimebundle_()
    assert {MIME, VEGA_LITE_MIME, SVG_MIME, "text/plain"} <= bundle.keys()
    assert bundle[VEGA_LITE_MIME]["data"]["values"][0] == {"fruit": "apple", "price": 1.0}
    assert "datasets" not in bundle[VEGA_LITE_MIME]


@pytest.fixture
def without_fonts(tmp_path):
    """The environment of a process that finds no installed font."""
    path = tmp_path / "fonts.conf"
    path.write_text("<fontconfig><dir>/nowhere</dir></fontconfig>")
    return os.environ | {"FONTCONFIG_FILE": str(path), "FONTCONFIG_PATH": str(tmp_path)}


def printed(code, environment):
    code = f"import sys; sys.path[:0] = ['tests/notebook', 'tests/support']; {code}"
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, check=True
    ).stdout


def test_two_processes_with_other_fonts_installed_draw_the_same_bytes(without_fonts):
    code = (
        "import test_charts, json;"
        "print(json.dumps(test_charts.figure()._repr_mimebundle_(), sort_keys=True))"
    )
    assert printed(code, os.environ) == printed(code, without_fonts)


def letters_of_charts():
    """A picture as wide as one of each letter that a chart of the book has or may have."""
    letters = {chr(code) for code in range(0x1EA0, 0x1EFA)}
    letters |= set("ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯư≈≤≥−×–→")
    for path in find_project(ROOT).notebooks.glob("*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            for output in cell.get("outputs", ()):
                spec = output["data"].get(VEGA_LITE_MIME, {})
                letters |= set(json.dumps(spec, ensure_ascii=False))
    values = [{"letters": "".join(sorted(letters))}]
    axis = {"axis": {"labelLimit": 0}, "field": "letters"}
    spec = {"data": {"values": values}, "mark": "bar", "encoding": {"y": axis}}
    return picture.draw(spec | {"config": theme.config()}, "Letters.")


def test_the_font_of_charts_has_every_letter_of_theirs(without_fonts):
    code = "import test_charts; print(test_charts.letters_of_charts())"
    assert printed(code, os.environ) == printed(code, without_fonts)


def drawn(part):
    """The payload of a chart of readings, and the rows it draws by reading."""
    payload = readings_figure(part, SOURCES).payload()
    return payload, {row["reading"]: row for row in payload["spec"]["data"]["values"]}


def test_the_chart_of_readings_says_how_many_agree():
    payload, _ = drawn(PART)
    assert payload["title"] == "Recomputed: 96.35\u00a0%, consistent"
    two = copy.deepcopy(PART)
    two["readings"][1] |= {"role": "reading", "outcome": "not consistent"}
    assert drawn(two)[0]["title"] == "1 of 2 readings is consistent with 96.4\u00a0%"


def test_the_chart_of_readings_names_every_value_in_its_text_alternative():
    payload, _ = drawn(PART)
    for text in ("96.35 to 96.45\u00a0%", "Output 96.35\u00a0%", "Far away 50.2\u00a0%"):
        assert text in payload["alt"]


def test_a_context_far_away_does_not_squeeze_the_readings():
    _, rows = drawn(PART)
    assert rows["Far away"]["from"] > 96
    assert rows["Far away"]["beyond"] == "left"
    assert rows["Far away"]["low"] == 50.2


def test_a_context_in_another_unit_is_left_out_of_the_chart_of_readings():
    assert "A bill" not in drawn(PART)[1]


def test_a_band_without_an_end_reaches_the_edge_of_the_chart():
    part = copy.deepcopy(PART) | {"band": [96.2, None], "band_text": "above 96.2\u00a0%"}
    payload, rows = drawn(part)
    (band,) = payload["spec"]["layer"][0]["data"]["values"]
    assert band["from"] == 96.2
    assert band["to"] > max(row["to"] for row in rows.values())


def test_dates_and_answers_have_no_chart_of_readings():
    with pytest.raises(ValueError, match="expected a number or a count to chart, found yes-no"):
        readings_figure(PART | {"kind": "yes-no"}, SOURCES)
