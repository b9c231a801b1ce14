"""Bars straight from what is cited and computed, and the line at the stated number."""

import altair as alt
import pytest

from claimbook import Claim
from claimbook.data.registry import load


@pytest.fixture
def claim(small):
    claim = Claim("apples-half-price", load(small))
    claim.reading(
        "saved", "List", lambda a, b: 1 - a / b, "apple_price", "pear_price", why="the list"
    )
    return claim


def prices(claim, **options):
    names = {"apple": "apple_price", "pear": "pear_price"}
    return claim.bars(names, "USD", title="Apples save {saved.as_written}", **options).payload()


def test_bars_have_their_numbers_their_sources_and_words_for_those_who_do_not_see_them(claim):
    payload = prices(claim, axis="USD apiece")
    assert payload["title"] == "Apples save 49 to 50\u00a0%"
    assert payload["alt"] == "Bars, USD apiece: apple 1.00; pear 2.00."
    assert [row[:2] for row in payload["rows"]] == [["apple", 1.0], ["pear", 2.0]]
    assert [source["source"] for source in payload["sources"]] == ["price-list"]


def test_bars_of_a_reading_name_what_it_is_based_on(claim):
    claim.fact("change", lambda baskets: baskets["baskets"].sum(), "harvest", digits=0)
    figure = claim.bars({"baskets": "change"}, "count", title="Baskets", axis="baskets", digits=0)
    assert [source["source"] for source in figure.payload()["sources"]] == ["harvest-report"]
    assert "harvest" in {table["id"] for table in claim.inputs().payload()["tables"]}


def test_bars_begin_at_zero_and_leave_room_for_the_number_at_the_end_of_the_longest(claim):
    (bars, *numbers) = prices(claim)["spec"]["layer"]
    assert bars["encoding"]["x"]["scale"]["domain"] == [0, 2.6]
    assert all(layer["encoding"]["x"] == bars["encoding"]["x"] for layer in numbers)


def test_a_bar_that_stands_out_must_be_one_of_them(claim):
    assert prices(claim, emphasis="pear")["rows"][1][-1] is True
    with pytest.raises(KeyError, match="emphasis: expected one of apple, pear; found 'plum'"):
        prices(claim, emphasis="plum")


def test_a_title_that_refers_to_nothing_is_refused(claim):
    with pytest.raises(KeyError, match=r"refers to 'safed', .*nearest is 'saved'"):
        claim.bars({"apple": "apple_price"}, "USD", title="Apples save {safed}")


@pytest.mark.parametrize("channel", [alt.X("share:Q", title="%"), alt.Y("share:Q", title="%")])
def test_the_line_at_the_stated_number_says_so(claim, channel):
    chart = claim.stated_line(channel).to_dict()
    name = "x" if isinstance(channel, alt.X) else "y"
    assert [layer["encoding"][name]["field"] for layer in chart["layer"]] == ["share", "share"]
    (rows,) = chart["datasets"].values()
    assert rows == [{"share": 50.0, "words": "stated: 50\u00a0%"}]


def test_the_line_stands_at_the_number_though_the_axis_has_classes(claim):
    channel = alt.X("share:Q", title="%", bin="binned")
    chart = claim.stated_line(channel).to_dict()
    assert all("bin" not in layer["encoding"]["x"] for layer in chart["layer"])
    assert channel["bin"] == "binned"
