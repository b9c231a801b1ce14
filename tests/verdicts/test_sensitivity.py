"""Break-evens: the nearest value with another outcome, on either side."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbook.data.registry import load
from claimbook.notebook.claim import Claim
from claimbook.verdicts.readings import Recomputed
from claimbook.verdicts.sensitivity import IMPOSSIBLE, Lever, State, break_even, levers


def lever(present, outcome, *, whole=False):
    return Lever(
        "x", "a number", Fraction(present), "count", whole, lambda value: State(outcome(value))
    )


def above(threshold):
    return lambda value: "consistent" if value > threshold else "not consistent"


@given(
    present=st.fractions(min_value=Fraction(1, 100), max_value=100, max_denominator=1000),
    factor=st.fractions(min_value=Fraction(101, 100), max_value=900, max_denominator=1000),
)
def test_a_threshold_above_is_found_wherever_it_lies(present, factor):
    threshold = present * factor
    found = break_even(lever(present, above(threshold)), "above")
    assert found.found == "at"
    assert float(found.value) == pytest.approx(float(threshold), rel=1e-9)


@given(
    present=st.fractions(min_value=Fraction(1, 100), max_value=100, max_denominator=1000),
    share=st.fractions(
        min_value=Fraction(1, 900), max_value=Fraction(99, 100), max_denominator=1000
    ),
)
def test_a_threshold_below_is_found_wherever_it_lies(present, share):
    threshold = present * share
    found = break_even(lever(present, above(threshold)), "below")
    assert found.found == "at"
    assert float(found.value) == pytest.approx(float(threshold), rel=1e-9)


def test_the_outcome_at_a_break_even_is_another_one():
    moved = lever(1, above(3))
    found = break_even(moved, "above")
    assert moved.outcome(found.value) != moved.outcome(moved.present)


def test_nothing_within_a_thousandfold_is_none():
    assert break_even(lever(1, lambda value: "consistent"), "above").found == "none"
    assert break_even(lever(1, lambda value: "consistent"), "below").found == "none"


def test_a_move_that_makes_the_reading_impossible_ends_the_search():
    fails = lever(1, lambda v: "in" if v < 2 else IMPOSSIBLE if v < 5 else "out")
    assert break_even(fails, "above").found == "none"


def in_band(low, high):
    def state(value):
        if value < low:
            return State("not consistent", -1)
        return State("not consistent", 1) if value > high else State("consistent")

    return state


@given(
    share=st.fractions(min_value=Fraction(1, 900), max_value=900, max_denominator=10**4),
    width=st.fractions(
        min_value=Fraction(1, 10**6), max_value=Fraction(1, 10), max_denominator=10**6
    ),
)
def test_a_narrow_band_is_found_even_if_a_step_jumps_over_it(share, width):
    low, high = share, share * (1 + width)
    if low <= 1 <= high:
        return
    moved = Lever("x", "a number", Fraction(1), "count", False, in_band(low, high))
    found = break_even(moved, "above" if low > 1 else "below")
    assert found.found == "at"
    assert float(found.value) == pytest.approx(float(low if low > 1 else high), rel=1e-9)


def steady(low, high, least, most, *, falling):
    """State of a number that rises or falls with the lever, and rests outside `least` to `most`."""

    def state(value):
        number = min(max(value, least), most) * (-1 if falling else 1)
        return replace(in_band(low, high)(number), result=Recomputed(number, number))

    return state


numbers = st.fractions(min_value=-2000, max_value=2000, max_denominator=100)
pairs = st.tuples(numbers, numbers).map(sorted)


@given(
    present=numbers,
    whole=st.booleans(),
    band=pairs,
    reach=pairs,
    falling=st.booleans(),
    side=st.sampled_from(("below", "above")),
)
def test_a_cell_that_moves_a_reading_steadily_has_the_break_evens_of_an_input(
    present, whole, band, reach, falling, side
):
    present = Fraction(round(present)) if whole else present
    state = steady(*band, *reach, falling=falling)
    moved = Lever("x", "a number", present, "count", whole, state)
    assert break_even(replace(moved, cell=True), side) == break_even(moved, side)


def test_a_cell_that_makes_a_number_rise_and_fall_is_looked_at_move_by_move():
    def state(value):
        step = max(value, 1)
        number = -(-1001 // step) * step  # rounded up to a multiple
        return State("in" if number < 1050 else "out", result=Recomputed(number, number))

    moved = Lever("x", "a step", Fraction(91), "count", True, state, cell=True)
    assert {moved.outcome(Fraction(look)) for look in (91, 23, 0)} == {"in"}
    assert break_even(moved, "below").value == 90


def tried(*, whole, cell):
    """What is tried of a lever that changes nothing."""
    values = []

    def state(value):
        values.append(value)
        return State("in", result=Recomputed(Fraction(1), Fraction(1)))

    break_even(Lever("x", "a number", Fraction(5), "count", whole, state, cell=cell), "above")
    return values


@pytest.mark.parametrize("whole", [False, True])
def test_each_move_goes_further_than_the_one_before(whole):
    values = tried(whole=whole, cell=False)
    assert (values[0], values[-1]) == (5, 5000)
    assert values == sorted(set(values))


def test_a_cell_that_changes_nothing_is_tried_at_two_moves():
    assert len(set(tried(whole=False, cell=True))) == 3


def test_an_estimate_starts_from_the_outcome_that_its_reading_has(small):
    claim = Claim("apples-half-price", load(small))

    @claim.reading("List price", primary="the list")
    def saving(apple_price, pear_price):
        return 1 - apple_price / pear_price - 5 * apple_price / (1000 * apple_price)

    reading = claim.workings.readings["saving"]
    outcome = claim.result().parts[0].readings[0].outcome
    moved = list(levers(claim.entry.parts[0], reading, claim.workings))
    assert {lever.outcome(lever.present) for lever in moved} == {outcome}


def test_the_slightest_move_that_counts_is_the_edge():
    assert break_even(lever(5, lambda v: "in" if v <= 5 else "out"), "above").found == "edge"
    assert break_even(lever(5, lambda v: "in" if v <= 5 else "out"), "below").found == "none"


@pytest.mark.parametrize(("side", "expected"), [("above", 8), ("below", 2)])
def test_whole_numbers_move_in_whole_steps(side, expected):
    found = break_even(lever(5, lambda v: "in" if 2 < v < 8 else "out", whole=True), side)
    assert found.value == expected


def test_a_whole_number_next_to_its_break_even_is_not_on_the_edge():
    found = break_even(lever(5, lambda v: "in" if v == 5 else "out", whole=True), "above")
    assert (found.found, found.value) == ("at", 6)


def test_negative_numbers_are_searched_both_ways():
    inside = lever(-10, lambda v: "in" if -20 < v < -5 else "out")
    assert float(break_even(inside, "below").value) == pytest.approx(-20)
    assert float(break_even(inside, "above").value) == pytest.approx(-5)


@pytest.fixture
def claim(small):
    path = small.data / "inputs" / "prices.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('precision: estimate\n  low: "1.98"\n  high: "2.02"', "precision: exact"),
        encoding="utf-8",
    )
    return Claim("apples-half-price", load(small))


def rows(claim):
    payload = claim.sensitivity().payload()
    return {row["input"]: row for row in payload["readings"][0]["rows"]}


def test_every_input_of_the_headline_reading_has_its_break_evens(claim):
    @claim.reading("List price", primary="the list")
    def saving(apple_price, pear_price):
        return 1 - apple_price / pear_price

    @claim.context("Harvest", why="for comparison", unit="count")
    def harvest_now(harvest):
        return harvest["baskets"].iloc[1]

    assert {name: (row["below"], row["above"]) for name, row in rows(claim).items()} == {
        "apple_price": ("0.99\u00a0USD (−1.0\u00a0%)", "1.01\u00a0USD (+1.0\u00a0%)"),
        "pear_price": ("1.98\u00a0USD (−0.990\u00a0%)", "2.021\u00a0USD (+1.0\u00a0%)"),
    }


def test_an_exact_tie_is_on_the_edge(claim):
    @claim.reading("Tie", primary="it is a tie")
    def tie(apple_price, pear_price):
        return apple_price / pear_price - (apple_price / (200 * apple_price))

    row = rows(claim)["apple_price"]
    assert row["below"] == "on the edge"


def test_cells_of_a_table_are_moved_too_and_those_that_do_nothing_are_counted(claim):
    @claim.reading("Last year's harvest", primary="a test", unit="percent")
    def last(harvest):
        return 50 * harvest["baskets"].iloc[1] / 135

    payload = claim.sensitivity().payload()["readings"][0]
    assert [row["input"] for row in payload["rows"]] == ["harvest[2, baskets]"]
    assert payload["rows"][0]["below"].startswith("133 ")
    assert payload["rows"][0]["above"].startswith("137 ")
    assert payload["unmoved_cells"] == 1


def test_a_range_is_reported_by_the_share_of_it_that_is_consistent(small):
    claim = Claim("apples-half-price", load(small))

    @claim.reading("List price", primary="the list")
    def saving(apple_price, pear_price):
        return 1 - apple_price / pear_price - 5 * apple_price / (1000 * apple_price)

    # 1 - 1/p - 0.005 lies in 0.495 to 0.505 for p from 2.00 to 2.0408: the upper half of 1.98-2.02.
    assert rows(claim)["pear_price"]["share"] == "50\u00a0%"
    assert rows(claim)["apple_price"]["share"] == ""


@pytest.mark.parametrize(
    ("low", "high", "share"),
    [
        ("49.49", "50.50", "99\u00a0%"),  # undecided
        ("49.4949", "50.50", "more than 99\u00a0%"),  # undecided, and 99.5 of 100
        ("49.4999", "50.50", "more than 99\u00a0%"),  # undecided only at its very end
        ("49.50", "50.50", "100\u00a0%"),
        ("40.00", "49.50", "less than 1\u00a0%"),  # undecided: its very end is consistent
        ("40.00", "49.49", "0\u00a0%"),
        ("49.00", "51.00", "50\u00a0%"),
    ],
)
def test_no_share_says_all_or_none_of_a_range_that_is_undecided(small, low, high, share):
    path = small.data / "inputs" / "prices.yml"
    text = path.read_text("utf-8")
    old = 'value: "2.00"\n  unit: USD\n  as_of: 2025-01\n  precision: estimate\n'
    head, found, tail = text.partition(old)
    assert found
    tail = tail.replace('low: "1.98"', f'low: "{low}"').replace('high: "2.02"', f'high: "{high}"')
    new = old.replace("2.00", low).replace("USD", "percent")
    path.write_text(head + new + tail, "utf-8")
    claim = Claim("apples-half-price", load(small))
    claim.reading("itself", "Itself", "pear_price", primary="a test")
    assert rows(claim)["pear_price"]["share"] == share


def test_no_share_of_draws_says_all_of_a_box_that_is_undecided_in_a_corner(small):
    path = small.data / "inputs" / "prices.yml"
    text = path.read_text("utf-8").replace(
        'value: "1.00"\n  unit: USD\n  as_of: 2025-01-01\n  precision: exact',
        'value: "1.00"\n  unit: USD\n  as_of: 2025-01-01\n  precision: rounded',
    )
    path.write_text(text, "utf-8")
    claim = Claim("apples-half-price", load(small))

    @claim.reading("Sum", primary="a test", unit="percent")
    def total(apple_price, pear_price):  # 2.975 to 3.025, of which 49.5 is the very lowest
        return 49.4999 + 5 * (apple_price.magnitude + pear_price.magnitude - Fraction("2.975"))

    (reading,) = claim.sensitivity().payload()["readings"]
    assert reading["outcome"] == "undecided"
    assert reading["joint_share"] == "more than 99\u00a0%"


def test_only_the_headline_reading_is_moved(claim):
    @claim.reading("List price", primary="the list")
    def saving(apple_price, pear_price):
        return 1 - apple_price / pear_price

    @claim.reading("Harvest", why="another sense", unit="percent")
    def other(harvest):
        return harvest["baskets"].iloc[0] / 3

    payload = claim.sensitivity().payload()
    assert [reading["reading"] for reading in payload["readings"]] == ["saving"]


def test_an_input_that_changes_nothing_is_listed_as_none(claim):
    @claim.reading("Half", primary="the list")
    def half(apple_price, pear_price):
        return apple_price / (2 * apple_price) + 0 * pear_price / pear_price

    assert {(row["below"], row["above"]) for row in rows(claim).values()} == {("none", "none")}


def test_an_undecided_draw_is_no_consistent_one(small):
    claim = Claim("apples-half-price", load(small))

    @claim.reading("Too wide", primary="a test", unit="percent")
    def wide(pear_price):
        return 40, 60

    assert rows(claim)["pear_price"]["share"] == "0\u00a0%"


def test_a_reading_may_change_its_table_while_a_cell_is_moved(small):
    claim = Claim("apples-half-price", load(small))

    @claim.reading("Last year's harvest", primary="a test", unit="percent")
    def last(harvest, pear_price):
        harvest["baskets"] *= 10
        return 5 * harvest["baskets"].iloc[1] / 135 + 0 * pear_price.magnitude

    assert rows(claim)["harvest[2, baskets]"]["below"].startswith("133 ")


def test_a_value_is_computed_once_however_often_it_is_asked_for(claim):
    calls = []

    @claim.reading("Harvest for apples", primary="a test", unit="percent")
    def harvested(harvest, apple_price):
        calls.append(apple_price)
        return harvest["baskets"].sum() * apple_price.magnitude

    reading = claim.workings.readings["harvested"]
    moved = list(levers(claim.entry.parts[0], reading, claim.workings))
    for lever in [*moved, *moved]:
        lever.state(lever.present)
    assert len(calls) == len(moved) == 3
