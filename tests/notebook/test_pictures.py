"""Pictures of charts for the site: at both widths every text is whole, large enough and alone."""

import base64
import copy
import json
import re
import struct
from functools import cache
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import pytest
import test_charts

from claimbook.notebook.charts import bars, marked_line, metrics, picture, readings_figure, theme
from claimbook.notebook.render import VEGA_LITE_MIME
from drawn import faults
from places import ROOT

LONG = "A name of a row that says more than anybody would want to read beside a bar"
TITLE = f"Widest words wrap: {' '.join(['WWWWW MMMMM'] * 12)}"
STYLE = (ROOT / "book" / "_static" / "claimbook.css").read_text("utf-8")


def of_readings():
    part = copy.deepcopy(test_charts.PART)
    for number, reading in enumerate(part["readings"]):
        reading["title"] = f"{LONG} and more than fits above it {number}"
    return readings_figure(part, test_charts.SOURCES)


def long_bars():
    numbers = {f"{LONG} {number}": 10.0**number for number in range(3)}
    chart, _ = bars(numbers, f"axis {LONG} in USD", digits=1)
    return test_charts.figure(chart.properties(title=TITLE))


def long_legend():
    rows = pd.DataFrame(
        [(number, number, f"{LONG} {number}") for number in range(4)], columns=["x", "y", "name"]
    )
    colour = alt.Color("name:N", title=LONG * 2, legend=alt.Legend(orient="right", columns=3))
    chart = alt.Chart(rows).mark_point()
    chart = chart.encode(x=alt.X("x:Q", title=LONG), y=alt.Y("y:Q", title=LONG), color=colour)
    return test_charts.figure(chart.properties(title=alt.Title(TITLE, subtitle=TITLE)))


def lined(value):
    axis = alt.X("x:Q", title="USD")
    rows = pd.DataFrame({"x": [0.0, 100.0], "y": [0.0, 1.0]})
    points = alt.Chart(rows).mark_point().encode(x=axis, y=alt.Y("y:Q", title="share"))
    line = marked_line(axis, value, "stated: about 1.6 billion USD")
    return test_charts.figure((points + line).properties(title="Beside a line"))


def ends_of_bars():
    rows = pd.DataFrame({"name": ["a", "b"], "value": [593.0, 12.0]})
    base = alt.Chart(rows).encode(y=alt.Y("name:N", title=None), x=alt.X("value:Q", title="USD"))
    words = base.mark_text(align="left", dx=4).encode(text=alt.Text("value:Q", format=".4f"))
    return test_charts.figure((base.mark_bar() + words).properties(title="Ends"))


CHARTS = {
    "readings": of_readings,
    "names of rows": long_bars,
    "legend": long_legend,
    "line at the left": lambda: lined(0),
    "line at the right": lambda: lined(100),
    "numbers at the ends of bars": ends_of_bars,
    "colours of its own": lambda: clipped(),
    "no colours": lambda: test_charts.figure(test_charts.bars().mark_circle()),
}


@cache
def drawn(kind):
    """The pictures of one of the charts."""
    return pictures(CHARTS[kind]())


def pictures(figure, name="chart-1", lines=("Source: a list",)):
    spec = figure._repr_mimebundle_()[VEGA_LITE_MIME]
    return picture.for_site(spec, "Words & <b>words</b>.", name=name, lines=list(lines))


@pytest.fixture(scope="module")
def paper(chromium):
    """A page that has the font of charts."""
    page = chromium.new_page(viewport={"width": 800, "height": 800})
    faces = "".join(
        f'@font-face {{font-family: "{theme.FONT}"; font-weight: {weight};'
        f" src: url(data:font/otf;base64,{encoded(name)})}}"
        for weight, name in ((400, "Regular"), (600, "SemiBold"))
    )
    page.set_content(f"<style>{faces}</style><div id=here></div>")
    yield page
    page.close()


def encoded(name):
    return base64.b64encode((picture.FONTS / f"ClaimbookSans-{name}.otf").read_bytes()).decode()


@pytest.mark.parametrize("kind", CHARTS)
def test_no_text_of_a_picture_is_cut_small_or_in_the_way_of_another(paper, kind):
    for width, svg in drawn(kind).svgs.items():
        paper.evaluate("svg => { document.getElementById('here').innerHTML = svg; }", svg)
        paper.evaluate("document.fonts.ready.then(() => document.fonts.load('600 12px x'))")
        assert (width, faults(paper.locator("svg"))) == (width, [])


def test_a_picture_is_as_wide_as_it_is_asked_to_be():
    svgs = drawn("legend").svgs
    widths = {key: float(ElementTree.fromstring(svg).get("width")) for key, svg in svgs.items()}
    assert widths == {"narrow": theme.NARROW, "wide": theme.WIDE}


@pytest.mark.parametrize("text", ["Bloomberg's figure needs 61 million", "ưỡng ≈ 5,576.10 – AVA"])
@pytest.mark.parametrize("weight", [400, 600])
def test_a_text_is_never_wider_than_it_is_measured(paper, text, weight):
    drawn = paper.evaluate(
        """async ([text, weight, font]) => {
          const letters = `${weight} 100px "${font}"`;
          await document.fonts.load(letters);
          const context = document.createElement("canvas").getContext("2d");
          context.font = letters;
          return context.measureText(text).width;
        }""",
        [text, weight, theme.FONT],
    )
    assert drawn - 0.1 <= metrics.width(text, 100, weight) <= 1.05 * drawn


def test_lines_hold_every_word_and_break_one_that_is_too_wide():
    lines = metrics.wrapped("one two immeasurably-wide three", 60, 13)
    assert len(lines) > 3
    assert all(metrics.width(line, 13) <= 60 for line in lines)
    assert "".join(lines).replace(" ", "") == "onetwoimmeasurably-widethree"


def clipped():
    chart = test_charts.bars().mark_bar(clip=True, color="gray", stroke="white")
    return test_charts.figure(chart)


def test_pictures_of_one_page_share_no_id_and_find_their_own():
    made = [pictures(clipped(), name) for name in ("chart-1", "chart-2")]
    svgs = [svg for one in made for svg in one.svgs.values()]
    ids = [set(re.findall(r'\bid="([^"]*)"', svg)) for svg in svgs]
    used = [set(re.findall(r"url\(#([^)]*)\)", svg)) for svg in svgs]
    assert ids == used
    assert all(ids)
    assert len(set.union(*ids)) == sum(map(len, ids))


def test_a_picture_has_one_name_and_it_is_a_text():
    for svg in drawn("colours of its own").svgs.values():
        root = ElementTree.fromstring(svg)
        assert (root.get("role"), root.get("aria-label")) == ("img", "Words & <b>words</b>.")
        assert "<b>" not in svg
        assert svg.count("aria-") == 1


@pytest.mark.parametrize("kind", CHARTS)
def test_all_colours_of_a_picture_are_those_of_the_style_sheet(kind):
    for svg in drawn(kind).svgs.values():
        painted = set(re.findall(r'\b(?:fill|stroke)="([^"]*)"', svg)) - {"none", "transparent"}
        assert all(paint.startswith("var(--cb-chart-") for paint in painted), painted


def test_every_colour_of_the_charts_has_one_for_the_light_and_one_for_the_dark():
    for name, colour in theme.NAMED.items():
        light, dark = re.findall(rf"--cb-chart-{name}: (#[0-9a-f]{{6}});", STYLE)
        assert light == colour.lower()
        assert name == "sky" or dark != light
    used = set(re.findall(r"#[0-9a-f]{6}", json.dumps([theme.COLOURS, theme.config()]).lower()))
    assert used <= {colour.lower() for colour in theme.NAMED.values()}


def size_of(png):
    return struct.unpack_from(">II", png, 16)


def test_the_picture_to_take_away_has_its_lines_beneath_it_and_is_twice_as_fine():
    plain = size_of(pictures(clipped(), lines=()).png)
    one = size_of(drawn("colours of its own").png)
    long = size_of(pictures(clipped(), lines=["Source: a list", "words " * 60]).png)
    assert plain[0] == one[0] == long[0] == 2 * theme.WIDE
    assert plain[1] < one[1] < long[1]
    assert long[1] - one[1] >= 3 * (one[1] - plain[1])  # the second line is broken


def test_a_text_from_data_in_a_picture_stays_a_text():
    text = """'"]})[0] datum.value `</svg><script>""" + LONG
    chart, _ = bars({text: 1.0, "b": 2.0}, "USD", digits=1)
    for svg in pictures(test_charts.figure(chart.properties(title=text))).svgs.values():
        words = " ".join(ElementTree.fromstring(svg).itertext())
        assert "<script>" in words
        assert "datum.value" in words
        assert "<script" not in svg
