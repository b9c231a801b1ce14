"""What a browser is told, so that it can follow numbers that are moved."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbook import rule
from claimbook.base.paths import find_project
from claimbook.base.units import quantity
from claimbook.data.registry import load
from claimbook.run.in_process import run
from claimbook.verdicts import expressions, whatif
from claimbook.verdicts.assess import outcome_of
from claimbook.verdicts.readings import Recomputed
from moving import SMALL, moves_of, small_claim
from places import ROOT

TINY = Fraction(1, 10**6)

# What each letter of a table says of a reading, as the rule is told it.
STANDINGS = {
    "+": {"outcome": "consistent"},
    "~": {"outcome": "not consistent", "off_by": rule.NEARLY_RIGHT, "right_direction": True},
    "?": {"outcome": "undecided"},
    "-": {"outcome": "not consistent", "off_by": Fraction(9), "right_direction": True},
}


@pytest.fixture(scope="module")
def of_the_book():
    project = find_project(ROOT)
    claims = [run(project, slug)[0] for slug in load(project).claims]
    return [(claim, moves) for claim in claims if (moves := moves_of(claim))]


def by_the_rule(part, letters):
    """Verdict of a part whose entries, in their order, stand as these letters say."""
    found = list(zip(part["entries"], letters, strict=True))
    checks = [letter for entry, letter in found if entry["role"] == "check"]
    readings = [
        rule.ReadingOutcome(entry["role"], **STANDINGS[letter])
        for entry, letter in found
        if entry["role"] != "check"
    ]
    kind = "number" if part["accepted"] else "yes-no"
    return rule.part_verdict(
        readings, kind, checks_hold="-" not in checks, checks_open="?" in checks
    )


def verdicts_agree(moves):
    possible = []
    for part in moves["parts"]:
        choices = [
            entry["fixed"]
            or ("+-?" if entry["role"] == "check" or not part["accepted"] else "+~-?")
            for entry in part["entries"]
        ]
        found = set()
        for letters in itertools.product(*choices):
            of_role = {
                role: [
                    letter
                    for entry, letter in zip(part["entries"], letters, strict=True)
                    if entry["role"] == role
                ]
                for role in ("reading", "proxy", "check")
            }
            verdict = part["verdicts"][whatif.verdict_key(*of_role.values())]
            assert verdict == by_the_rule(part, letters)
            found.add(verdict)
        possible.append(found)
    for verdicts in itertools.product(*possible):
        assert moves["verdicts"]["|".join(verdicts)] == rule.headline(verdicts)


def test_tables_of_verdicts_are_the_rule_for_every_combination_of_the_book(of_the_book):
    for _, moves in of_the_book:
        verdicts_agree(moves)


@pytest.mark.parametrize("name", ["rounded", "negative", "yes"])
def test_tables_of_verdicts_are_the_rule_for_every_combination(small, name):
    verdicts_agree(moves_of(small_claim(small, name)))


def test_too_many_combinations_are_left_out(small):
    claim = small_claim(small, "far")
    for number in range(20):
        claim.reading(f"more_{number}", "More", _gap, "apple_price", "pear_price", why="w")
    moves = moves_of(claim)
    assert moves["parts"][0]["verdicts"] is None
    assert moves["verdicts"] is None


def lies(number, band):
    """Whether a number is within written ends, both of them included unless they are open."""
    low, high = (None if band[end] is None else Fraction(band[end]) for end in ("low", "high"))
    above = low is None or number > low or (number == low and not band.get("low_open"))
    below = high is None or number < high or (number == high and not band.get("high_open"))
    return above and below


STATED = [
    ("2", "ratio", "number"),
    ("-2", "percent", "number"),
    ("96.4", "percent", "number"),
    ("100", "percent", "number"),
    ("3", "ratio", "count"),
    ("3 to 5", "ratio", "count"),
    ("60 to 70", "percent", "number"),
]


@pytest.mark.parametrize(
    ("stated", "unit", "kind", "comparator"),
    [
        (*stated, name)
        for stated in STATED
        for name, words in rule.COMPARATORS.items()
        if words.of_ranges or rule.RANGE not in stated[0]
    ],
)
def test_ends_are_those_at_which_the_outcome_changes(small, stated, unit, kind, comparator):
    update = {"kind": kind, "stated": stated, "comparator": comparator, "unit": unit}
    claim = small_claim(small, "far", **update)
    (part,), (told,) = claim.entry.parts, moves_of(claim)["parts"]
    bands = [band for band in (told["accepted"], told["near"]) if band]
    ends = [Fraction(band[end]) for band in bands for end in ("low", "high") if band[end]]
    for end, step in itertools.product(ends, (-TINY, 0, TINY)):
        number = end + step
        inside = lies(number, told["accepted"])
        assert inside == (outcome_of(part, Recomputed(number, number)) == "consistent")
        if not inside:
            near = told["near"] and lies(number, told["near"]) and number * told["near"]["sign"] > 0
            assert bool(near) == whatif.near_right(part, number, number)


@given(
    value=st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4),
    decimals=st.integers(0, 6),
    reach=st.fractions(min_value=Fraction(1, 5), max_value=8, max_denominator=100),
    unit=st.sampled_from(["percent", "count", "USD"]),
)
def test_a_slider_meets_its_value_holds_its_marks_and_stays_on_its_side_of_zero(
    value, decimals, reach, unit
):
    value = Fraction(round(value * 10**decimals), 10**decimals)
    low, high, step = whatif.slider(value, decimals, unit, [value * reach])
    assert low <= value <= high
    assert low < high
    if unit != "count":  # whole numbers may not come as near to zero
        assert low <= value * reach <= high
    assert (value - low) % step == 0
    assert step <= Fraction(1, 10**decimals)
    assert low * high >= 0
    if value:
        assert low * high > 0


def _gap(apple_price, pear_price):
    return 1 - apple_price / pear_price


def _guarded(apple_price, pear_price):
    return quantity(1, "ratio") if apple_price.magnitude == 0 else apple_price / pear_price


def _by_truth(apple_price, pear_price):
    return apple_price / pear_price if apple_price else quantity(1, "ratio")


def _rounded(apple_price, pear_price):
    return quantity(round(apple_price / pear_price, 2).magnitude, "ratio")


def _root(apple_price, pear_price):
    return (apple_price / pear_price) ** 0.5


def _many_steps(apple_price, pear_price):
    return max([apple_price * factor for factor in range(1, 12)]) / pear_price


@pytest.mark.parametrize("formula", [_guarded, _by_truth, _rounded, _root, _many_steps])
def test_a_formula_that_no_tree_says_stays_as_it_is(small, formula):
    claim = small_claim(small, "far")
    claim.reading("odd", "An odd one", formula, "apple_price", "pear_price", why="w")
    moves = moves_of(claim)
    entry = next(one for one in moves["parts"][0]["entries"] if one["id"] == "odd")
    assert entry["fixed"]
    assert moves["stays"] == ["An odd one"]


def test_a_claim_without_a_number_to_move_has_nothing_to_tell(small):
    claim = small_claim(small, "far", functions=[])
    claim.reading("odd", "An odd one", _root, "apple_price", "pear_price", why="w")
    assert moves_of(claim) is None


def test_inputs_of_the_headline_come_first_and_at_most_four(of_the_book):
    for claim, moves in of_the_book:
        readings = [one for one in claim.workings.readings.values() if one.role == "reading"]
        entries = [entry for part in moves["parts"] for entry in part["entries"]]
        moved = {entry["id"] for entry in entries if not entry.get("fixed")}
        headline = [reading for reading in readings if reading.primary]
        headline = headline or [reading for reading in readings if reading.id in moved][:1]
        leading = {name for reading in headline for name in claim.workings.inputs(reading.id)}
        first = [one["id"] for one in moves["inputs"] if one["first"]]
        assert 1 <= len(first) <= whatif.FIRST
        assert set(first) <= leading
        assert [one["id"] for one in moves["inputs"]][: len(first)] == first


def test_a_reading_on_another_one_without_a_sum_stays_as_it_is(small):
    claim = small_claim(small, "far")
    claim.context("root", "A root", _root, "apple_price", "pear_price", why="w", unit="ratio")
    claim.reading("half", "Half of it", lambda root: root / 2, "root", why="w")
    assert moves_of(claim)["stays"] == ["Half of it"]


def test_a_number_of_a_table_is_put_in(small):
    claim = small_claim(small, "far")

    @claim.context("Baskets", why="w", unit="ratio")
    def baskets(harvest):
        return float(harvest["baskets"].iloc[0])

    claim.reading(
        "each",
        "Each",
        lambda baskets, pear_price: baskets * pear_price / pear_price,
        "baskets",
        "pear_price",
        why="w",
    )
    trees = {one["id"]: one["trees"] for one in moves_of(claim)["trees"]}
    assert set().union(*map(expressions.refers, trees["each"])) == {"pear_price"}


def test_every_small_claim_has_something_to_move(small):
    assert all(moves_of(small_claim(small, name)) for name in SMALL)
