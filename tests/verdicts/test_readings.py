"""What a reading comes to over the ranges of its inputs, and what it may return."""

import datetime as dt
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from claimbook import Claim
from claimbook.base import units
from claimbook.data.registry import load
from claimbook.notebook.table import Table
from claimbook.verdicts.readings import Reading, ReadingError


def compute(project, formula, unit="percent", evidence=("pear_price",)):
    """What a formula of inputs of the small project comes to."""
    workings = Claim("apples-half-price", load(project)).workings
    reading = Reading("x", "X", "saving", "context", "w", formula, evidence, unit)
    workings.add(reading)
    return workings.compute("x", unit)


def share(pear_price):
    """Where a price lies in its range of 1.98 to 2.02, from 0 to 1."""
    return (pear_price.magnitude - Fraction("1.98")) / Fraction("0.04")


UNSTEADY = {
    "hump in the middle": (lambda u: 50 + 120 * u * (1 - u), 50, 80),
    "hump beside the middle": (
        lambda u: 80 - 30 * abs(u - Fraction(3, 10)) / Fraction(7, 10),
        50,
        80,
    ),
    "hump near an end": (lambda u: 80 - 30 * abs(u - Fraction(9, 10)) / Fraction(9, 10), 50, 80),
    "valley": (lambda u: 80 - 120 * u * (1 - u), 50, 80),
    "wave": (lambda u: 65 + 15 * np.sin(2 * np.pi * float(u)), 50, 80),
    "range with a hump": (lambda u: (50, 50 + 120 * u * (1 - u)), 50, 80),
}


@pytest.mark.parametrize("name", UNSTEADY)
def test_extremes_within_the_ranges_are_found_and_said_to_be_there(small, name):
    formula, low, high = UNSTEADY[name]
    found = compute(small, lambda pear_price: formula(share(pear_price)))
    assert (float(found.low), float(found.high)) == (
        pytest.approx(low, abs=0.02),
        pytest.approx(high, abs=0.02),
    )
    assert found.inside


STEADY = {
    "line": lambda u: 50 + 30 * u,
    "fall": lambda u: 80 - 30 * u,
    "bend": lambda u: 50 + 30 * u**5,
    "floats": lambda u: 50 + 30 * float(u) ** 0.5,
    "flat": lambda u: 50 + 0.1 + 0.2 - 0.3 + 0 * float(u),
    "step": lambda u: 50 if u < Fraction(1, 3) else 80,
}


@pytest.mark.parametrize("name", STEADY)
def test_a_steady_formula_is_at_its_extremes_at_the_ends(small, name):
    formula = STEADY[name]
    found = compute(small, lambda pear_price: formula(share(pear_price)))
    ends = formula(Fraction(0)), formula(Fraction(1))
    assert (found.low, found.high) == (min(ends), max(ends))
    assert not found.inside


def test_a_hump_of_one_input_is_seen_under_a_steep_other(small):
    prices = small.data / "inputs" / "prices.yml"
    text = prices.read_text("utf-8")
    old = 'value: "1.00"\n  unit: USD\n  as_of: 2025-01-01\n  precision: exact'
    assert old in text
    prices.write_text(text.replace(old, old.replace("exact", "rounded")), "utf-8")  # 0.995 to 1.005

    def formula(pear_price, apple_price):
        u = share(pear_price)
        return 20 * u * (1 - u) + (apple_price.magnitude - Fraction("0.995")) * 10_000

    found = compute(small, formula, evidence=("pear_price", "apple_price"))
    assert (found.low, float(found.high)) == (0, pytest.approx(105, abs=0.02))
    assert found.inside


def test_an_answer_within_the_ranges_counts(small):
    found = compute(small, lambda pear_price: abs(share(pear_price) - Fraction(1, 4)) < 0.1, "")
    assert found.answers == {True, False}
    assert found.inside


def test_the_page_says_where_an_end_lies_within(small):
    claim = Claim("apples-half-price", load(small))

    @claim.reading("Hump", primary="a test", unit="percent")
    def list_price(pear_price):
        return 50 + 120 * share(pear_price) * (1 - share(pear_price))

    shown = claim.verdict()._repr_mimebundle_()
    assert "an end lies within the ranges of its inputs" in shown["text/html"]
    assert "an end within the ranges" in shown["text/plain"]


ZONED = pd.Timestamp("2025-01-27 23:30", tz="America/New_York")
NO_ANSWER = {
    "missing date": (pd.NaT, r"expected a value, found a missing one \(NaT\)"),
    "missing date of numpy": (np.datetime64("NaT"), r"a missing one \(NaT\)"),
    "missing value": (pd.NA, r"a missing one \(<NA>\)"),
    "nothing": (None, r"a missing one \(None\)"),
    "time in New York": (ZONED, r"a time with a zone \(2025-01-27 23:30:00-05:00\)"),
    "time in UTC": (ZONED.tz_convert("UTC"), r"a time with a zone \(2025-01-28 04:30:00\+00:00\)"),
    "time of Python": (dt.datetime(2025, 1, 27, tzinfo=dt.UTC), "expected a date, found a time"),
}


@pytest.mark.parametrize("name", NO_ANSWER)
@pytest.mark.parametrize("unit", ["", "percent"])
def test_what_is_no_answer_is_refused_by_claim_and_reading(small, name, unit):
    value, message = NO_ANSWER[name]
    with pytest.raises(ReadingError, match=rf"^apples-half-price: reading 'x': .*{message}"):
        compute(small, lambda pear_price: value, unit)


@pytest.mark.parametrize(
    "value",
    [
        ZONED.date(),
        pd.Timestamp("2025-01-27"),
        np.datetime64("2025-01-27"),
        np.datetime64("2025-01-27", "ns"),
        dt.date(2025, 1, 27),
    ],
)
def test_a_date_is_one_whatever_its_type(small, value):
    assert compute(small, lambda pear_price: value, "").answers == {dt.date(2025, 1, 27)}


@pytest.mark.parametrize(
    ("unit", "declared", "right"),
    [
        ("million_USD", "billion_USD", False),
        ("billion_USD", "billion_USD", True),
        ("USD / GPU", "billion_USD", False),  # and no product of rows is an amount of money
        ("ratio", "percent", False),
        ("percent", "percent", True),
        ("USD", "percent", True),  # a share of two amounts
        ("USD", "count", True),  # a number of rows
    ],
)
def test_a_bare_number_of_a_table_has_a_unit_that_a_column_has(small, unit, declared, right):
    package = small.data / "tables" / "datapackage.json"
    text = package.read_text("utf-8").replace('"unit": "count"', f'"unit": "{unit}"')
    package.write_text(text, "utf-8")

    def total():
        return compute(small, lambda rows: rows["baskets"].sum(), declared, evidence=("harvest",))

    if right:
        assert total().low == 255
    else:
        with pytest.raises(ReadingError, match=rf"declared in '{declared}'.*harvest: baskets in"):
            total()


def test_a_table_refuses_times_with_a_zone():
    with pytest.raises(ValueError, match=r"when.*time with a zone"):
        Table(pd.DataFrame({"when": [ZONED]}), "Times").payload()


def test_a_whole_number_behind_a_gap_stays_what_it_was(small):
    number = 123456789012345678
    frame = pd.DataFrame({"n": pd.Series([number, None], dtype="Int64")})
    frame.attrs["units"] = {"n": "count"}
    from claimbook import column

    assert units.as_number(column(frame, "n")[0], "count") == number
    assert Table(frame, "Numbers").payload()["rows"] == [[number], [None]]
