"""Numbers and units as readers see them."""

from fractions import Fraction

import pandas as pd
import pytest

from claimbook import rule
from claimbook.base import formats, units
from claimbook.notebook.table import Table


@pytest.mark.parametrize(
    ("number", "digits", "written"),
    [
        ("96.35", 3, "96.35"),
        ("96.3333333", 3, "96.333"),
        ("0.9999", 2, "1.00"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "−3"),
        ("-0.001", 2, "0.00"),
        ("671026419200", 0, "671,026,419,200"),
        ("592.658", 2, "592.66"),
        ("3", 2, "3"),
    ],
)
def test_a_number_is_rounded_half_away_from_zero_and_keeps_zeros_only_if_rounded(
    number, digits, written
):
    assert formats.fixed(Fraction(number), digits) == written


def test_a_float_is_written_as_it_is_judged():
    assert formats.fixed(1 - 2.19 / 60, 4) == formats.fixed(Fraction("0.9635"), 4) == "0.9635"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("1.8518", "1.9"),
        ("48.15", "48"),
        ("333.3", "333"),
        ("0.0667", "0.067"),
        ("0", "0"),
        # Rounding carries into another digit.
        ("9.96", "10"),
        ("-9.96", "−10"),
        ("0.0996", "0.10"),
        ("0.996", "1.0"),
        ("99.6", "100"),
        ("9.94", "9.9"),
        ("9.95", "10"),
        ("1000", "1,000"),
        ("0.001", "0.001"),
    ],
)
def test_significant_digits_are_kept_and_whole_numbers_stay_whole(number, written):
    assert formats.significant(Fraction(number), 2) == written


def test_vietnamese_swaps_point_and_comma():
    assert formats.fixed(Fraction("1234.5"), 1, language="vi") == "1.234,5"
    assert formats.with_unit("592,66", "billion_USD", "vi") == "592,66\u00a0tỷ USD"
    assert formats.with_unit("96,4", "percent", "vi") == "96,4%"


@pytest.mark.parametrize(
    ("unit", "written"),
    [
        ("GPU", "GPU"),
        ("task", "tác vụ"),
        ("count", ""),
        ("million_count", "triệu"),
        ("percentage_point", "điểm phần trăm"),
        ("USD / share", "USD mỗi cổ phiếu"),
        ("USD / GPU", "USD mỗi GPU"),
        ("USD / GPU / hour", "USD mỗi giờ GPU"),
        ("USD / (GPU * hour)", "USD mỗi giờ GPU"),
        ("USD / megatoken", "USD mỗi triệu token"),
        ("million_USD / year", "triệu USD mỗi năm"),
        ("thousand_GPU_hour / teratoken", "nghìn giờ GPU mỗi nghìn tỷ token"),
        ("gigatoken / day", "tỷ token mỗi ngày"),
        ("gigabyte / second", "GB/s"),
        ("trillion_USD", "nghìn tỷ USD"),
    ],
)
def test_a_unit_is_written_in_vietnamese_without_an_english_word(unit, written):
    assert formats.written(unit, "vi") == written


def test_no_unit_has_an_english_word_in_vietnamese():
    own = {"USD", "GPU", "token", "byte", "FLOP", "TFLOP/s", "GFLOP"}
    english = {word for name in units.names() for word in name.split("_")} - own
    for name in units.names():
        for unit in (name, f"USD / {name}", f"{name} / year", f"{name} / GPU / hour"):
            assert not set(formats.written(unit, "vi").split()) & english, unit


def test_no_line_breaks_between_a_number_and_its_unit():
    assert formats.with_unit("96.35", "percent") == "96.35\u00a0%"
    assert formats.with_unit("3", "count") == "3"


@pytest.mark.parametrize(
    ("stated", "comparator", "written"),
    [
        ("96.4", "=", "96.35 to 96.45"),
        ("500", "more-than", "above 500"),
        ("500", "at-least", "from 500"),
        ("0", "at-most", "up to 0"),
        ("600", "nearly", "570 to 600.5"),
        ("600", "just-over", "above 600, up to 630"),
        ("600", "just-under", "from 570, below 600"),
    ],
)
def test_an_accepted_set_is_written_in_words(stated, comparator, written):
    assert formats.band(rule.accepted(stated, comparator)) == written


@pytest.mark.parametrize("text", ["USD / megatokn", "MUSD", "kiloUSD", "dollars", "3 apples"])
def test_a_mistyped_unit_is_refused(text):
    with pytest.raises(ValueError, match="unknown unit"):
        units.parse_unit(text)


@pytest.mark.parametrize(
    ("value", "unit", "target", "expected"),
    [
        ("2664", "thousand_GPU_hour", "GPU_hour", 2_664_000),
        ("24.49", "billion_share", "million_share", 24_490),
        ("1", "USD / megatoken", "USD / token", Fraction(1, 10**6)),
        ("96.35", "percent", "ratio", Fraction("0.9635")),
        ("2", "day", "hour", 48),
    ],
)
def test_multiples_convert_exactly(value, unit, target, expected):
    assert units.as_number(units.quantity(Fraction(value), unit), target) == expected


def test_a_tie_is_exact():
    saving = 1 - units.quantity(Fraction("2.19"), "USD") / units.quantity(Fraction(60), "USD")
    assert units.as_number(saving, "percent") == Fraction("96.35")


def test_a_table_keeps_raw_values_beside_their_text():
    frame = pd.DataFrame({"part": ["a", "b"], "weights": [671026419200, 5], "share": [1 / 3, None]})
    payload = Table(frame, "Weights", digits={"share": 1}, units={"share": "percent"}).payload()
    assert payload["rows"] == [["a", 671026419200, 0.333333333333], ["b", 5, None]]
    assert payload["text"] == [["a", "671,026,419,200", "0.3"], ["b", "5", ""]]
    assert [column["align"] for column in payload["columns"]] == ["left", "right", "right"]
    assert payload["columns"][2]["unit"] == "%"


def test_a_table_without_a_caption_or_with_a_column_it_does_not_have_is_refused():
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(ValueError, match="expected a caption"):
        Table(frame, " ")
    with pytest.raises(ValueError, match="no column 'b'"):
        Table(frame, "A table", digits={"b": 1})
