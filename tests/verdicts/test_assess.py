"""From the readings of a claim to what its result says, in both languages."""

from fractions import Fraction

import pytest
import yaml

from claimbook.base import units
from claimbook.data.registry import load
from claimbook.notebook.claim import Claim
from claimbook.notebook.html import render_html
from claimbook.verdicts.readings import ReadingError

PART = {
    "id": "part",
    "label": {"en": "a number", "vi": "một con số"},
    "kind": "number",
    "unit": "million_USD",
    "comparator": "=",
    "about": "a-number",
}


def claim_of(project, *changes):
    """A claim with these parts, each stating what its change of `PART` says."""
    path = project.claim("apples-half-price")
    written = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    written["parts"] = [PART | change for change in changes]
    written["finding"] = {"en": "That.", "vi": "Vậy."}
    path.write_text(yaml.safe_dump(written), "utf-8")
    return Claim("apples-half-price", load(project))


def result_of(project, change, found):
    claim = claim_of(project, change)
    claim.reading(
        "a",
        "A reading",
        lambda _: found,
        "apple_price",
        why="a test",
        unit=claim.entry.parts[0].unit,
    )
    return claim.result()


COUNT = {"kind": "count", "unit": "count"}
TENS = {"round_to": {"value": "1", "reason": "as written"}}


@pytest.mark.parametrize(
    ("change", "found", "stated", "band", "outcome"),
    [
        (
            {"stated": "5 to 6"}, "5.576",
            ("5 to 6 million USD", "5 đến 6 triệu USD"),
            ("4.5 to 6.5 million USD", "4,5 đến 6,5 triệu USD"), "consistent",
        ),
        (
            {"stated": "5.5 to 6", "comparator": "about"}, "7",
            ("about 5.5 to 6.0 million USD", "khoảng 5,5 đến 6,0 triệu USD"),
            ("4.95 to 6.6 million USD", "4,95 đến 6,6 triệu USD"), "not consistent",
        ),
        (
            {"stated": "200", "comparator": "just-over", **TENS}, "2000",
            ("just over 200 million USD", "nhỉnh hơn 200 triệu USD"),
            ("above 200, up to 210 million USD", "trên 200, đến 210 triệu USD"), "not consistent",
        ),
        (
            {"stated": "200", "comparator": "just-under", **TENS}, "195",
            ("just under 200 million USD", "ngay dưới 200 triệu USD"),
            ("from 190, below 200 million USD", "từ 190, dưới 200 triệu USD"), "consistent",
        ),
        ({"stated": "3", **COUNT}, "3", ("3", "3"), ("3", "3"), "consistent"),
        ({"stated": "3", **COUNT}, "3.4", ("3", "3"), ("3", "3"), "not consistent"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_stated_and_what_counts_as_it_stand_in_both_languages(
    small, change, found, stated, band, outcome
):
    result = result_of(small, change, Fraction(found))
    plain = {
        language: {name: text.replace("\u00a0", " ") for name, text in texts.items()}
        for language, texts in result.references.items()
    }
    assert (plain["en"]["part.stated"], plain["vi"]["part.stated"]) == stated
    assert (plain["en"]["part.band"], plain["vi"]["part.band"]) == band
    assert result.parts[0].readings[0].outcome == outcome


def test_a_count_that_agrees_is_not_on_the_edge(small):
    part = result_of(small, {"stated": "3", **COUNT}, 3).parts[0]
    assert part.band == (3, 3)
    assert part.readings[0].margin == 1


def test_a_number_that_misses_a_range_is_off_by_the_share_of_its_nearer_end(small):
    reading = (
        result_of(small, {"stated": "60 to 80", "unit": "percent", **TENS}, 85).parts[0].readings[0]
    )
    assert reading.off_by == 0.25
    assert reading.off_by_text == "off by 5 points"


@pytest.mark.parametrize(
    ("stated", "recomputed", "words"),
    [
        ({"stated": "96.4", "unit": "percent"}, Fraction("96.3333333333"), "off by 0.067 points"),
        ({"stated": "17", "unit": "percent"}, 16, "off by 1 point"),
        ({"stated": "17", "unit": "percent"}, (18, 19), "off by 1 point"),
        ({"stated": "255", "unit": "percent"}, 205, "off by 50 points"),
        ({"stated": "17", "unit": "percent"}, 17, "off by 0 points"),
        ({"stated": "51", "unit": "percent", "comparator": "most"}, 48, "off by 2 points"),
        ({"stated": "3", **COUNT}, 15, "off by 12"),
        ({"stated": "2", **COUNT, "comparator": "many"}, 3, "off by 1"),
        ({"stated": "1.6"}, Fraction("1.6534"), "off by 3.3\u00a0%"),
    ],
)
def test_a_miss_is_told_in_points_of_percent_in_things_counted_or_as_a_share(
    small, stated, recomputed, words
):
    reading = result_of(small, stated, recomputed).parts[0].readings[0]
    assert reading.off_by_text == words


def test_a_recomputed_number_is_rounded_as_the_longer_end_of_a_range(small):
    result = result_of(small, {"stated": "5.5 to 6"}, Fraction("5.576"))
    assert result.references["en"]["a.as_written"] == "5.6\u00a0million USD"


def test_a_range_has_no_one_stated_number(small):
    claim = claim_of(small, {"stated": "5 to 6"})
    with pytest.raises(ValueError, match=r"expected one stated number, found the range 5 to 6"):
        claim.stated()


def test_a_one_sided_statement_that_is_exceeded_tenfold_says_so_beside_the_verdict(small):
    claim = claim_of(small, {"stated": "4.69", "comparator": "more-than"})
    claim.reading("a", "A reading", lambda _: 4690, "apple_price", why="a test", unit="million_USD")
    result = claim.result()
    assert result.verdict == "holds"
    assert result.parts[0].remark.replace("\u00a0", " ") == (
        "the recomputed number is 4,690 million USD, 1,000 times the stated one "
        "(more than 4.69 million USD)"
    )
    assert "gấp 1.000 lần" in result.references["vi"]["part.remark"]
    card = render_html(claim.verdict().payload())
    assert "1,000 times the stated one" in card
    assert "gấp 1.000 lần" in card


@pytest.mark.parametrize("found", [46, 4.7])
def test_a_one_sided_statement_that_is_not_says_nothing(small, found):
    change = {"stated": "4.69", "comparator": "more-than"}
    assert result_of(small, change, found).parts[0].remark == ""


def test_a_claim_that_holds_in_part_says_at_once_which_part_does(small):
    names = {"right": "the total", "wrong": "the share", "open": "the rest"}
    claim = claim_of(
        small,
        *(
            {"id": name, "label": {"en": label, "vi": name}, "stated": "5"}
            for name, label in names.items()
        ),
    )
    for name, number in (("right", 5), ("wrong", 9)):
        claim.reading(
            f"{name}_", "A reading", lambda _, number=number: number, "apple_price",
            part=name, why="a test", unit="million_USD",
        )  # fmt: skip
    claim.proxy(
        "near", "Near", lambda _: 5, "apple_price", part="open", why="near", unit="million_USD"
    )
    result = claim.result()
    assert result.verdict == "holds in part"
    assert result.by_part == "Holds: the total. Unsettled: the rest. Does not hold: the share."
    assert result.references["vi"]["verdicts"] == (
        "Đúng: right. Chưa thể kết luận: open. Không đúng: wrong."
    )
    card = render_html(claim.verdict().payload())
    assert card.index("holds in part") < card.index(result.by_part) < card.index("cb-part-name")
    assert "đúng một phần" in card


def test_a_declared_reading_of_the_quote_is_shown_on_the_card(small):
    claim = claim_of(small, {"stated": "5", "quote_says": "a hand has five fingers"})
    claim.reading("a", "A reading", lambda _: 5, "apple_price", why="a test", unit="million_USD")
    card = render_html(claim.verdict().payload())
    assert "How the words state this number: a hand has five fingers" in card


def percent(number):
    return units.quantity(Fraction(number), "percent")


def test_two_percentages_differ_by_percentage_points_and_by_a_share():
    new, old = percent(60), percent(40)
    assert units.as_number(new - old, "percentage_point") == 20
    assert units.as_number((new - old) / old, "percent") == 50
    assert units.as_number((new - old) - (old - old), "percentage_point") == 20
    assert units.as_number(1 - old, "percent") == 60
    assert units.as_number(old + new, "percent") == 100


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (percent(60) - percent(40), "percent"),
        (percent(60) - percent(40), "ratio"),
        (percent(20), "percentage_point"),
        (1 - percent(40), "percentage_point"),
        (Fraction(20), "percentage_point"),
    ],
)
def test_percentage_points_are_no_percent_and_percent_no_percentage_points(value, unit):
    with pytest.raises(ValueError, match="differ by is in 'percentage_point'"):
        units.as_number(value, unit)


def test_a_statement_in_percentage_points_is_checked_with_a_difference(small):
    change = {"stated": "20", "unit": "percentage_point", **TENS}
    result = result_of(small, change, percent(60) - percent(40))
    assert result.verdict == "holds"
    assert result.parts[0].stated_text == "20\u00a0percentage points"
    assert result.references["vi"]["part.stated"] == "20\u00a0điểm phần trăm"
    with pytest.raises(ReadingError, match="found one in percent"):
        result_of(small, change, percent(20))
