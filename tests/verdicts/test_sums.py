"""The sum behind a reading, derived from its formula."""

from fractions import Fraction

import pytest
import yaml

from claimbook import Claim, quantity
from claimbook.data.registry import load
from claimbook.run.in_process import run
from claimbook.verdicts import expressions, sums
from claimbook.verdicts.readings import ReadingError
from places import CASES

FORMULAS = yaml.safe_load((CASES / "sums.yml").read_text(encoding="utf-8"))


@pytest.fixture
def claim(small):
    return Claim("apples-half-price", load(small))


def declared(claim, formula, unit):
    """Declare a formula that is written as a text as a fact, or a yes or no as context."""
    names = [name for name in ("apple_price", "pear_price") if name in formula]
    function = eval(f"lambda {', '.join(names)}: {formula}", {"quantity": quantity})
    claim.fact("found", function, *names, unit=unit or "count")
    return sums.of_claim(claim.workings, {"found": (unit, 2)}).get("found")


@pytest.mark.parametrize("case", FORMULAS, ids=lambda case: case.get("name", case["formula"]))
def test_a_sum_has_the_numbers_of_its_formula_put_in(claim, case):
    found = declared(claim, case["formula"], case["unit"])
    for language in ("en", "vi"):
        if language in case:
            shown = "".join(term.text for term in getattr(found, language)) if found else ""
            assert shown.replace("\u00a0", " ") == case[language]


def test_each_number_of_a_sum_says_which_input_it_is(claim):
    found = declared(claim, "1 - apple_price / pear_price", "percent")
    assert [term.ref for term in found.en] == ["", "apple_price", "", "pear_price"]


def test_what_rests_on_another_reading_shows_its_result(claim):
    claim.fact("both", lambda a, b: a + b, "apple_price", "pear_price", unit="USD", digits=2)
    claim.fact("share", lambda a, both: a / both, "apple_price", "both", unit="percent")
    shown = {"both": ("USD", 2), "share": ("percent", 2)}
    found = sums.of_claim(claim.workings, shown)["share"]
    assert [(term.text, term.ref) for term in found.en] == [
        ("1.00", "apple_price"),
        (" ÷ ", ""),
        ("3", "both"),
    ]


@pytest.mark.parametrize(
    "case", [case for case in FORMULAS if case["en"]], ids=lambda c: c["formula"]
)
@pytest.mark.parametrize("value", ["0.7", "1.00", "3.3"])
def test_the_tree_of_a_sum_gives_what_the_formula_gives(claim, case, value):
    found = declared(claim, case["formula"], case["unit"])
    values = {"apple_price": Fraction(value), "pear_price": Fraction(2)}
    given = claim.workings.at("found", case["unit"], {"apple_price": Fraction(value)})
    ends = [expressions.evaluate(tree, values.__getitem__) for tree in found.trees]
    if case["unit"]:
        assert (min(ends), max(ends)) == (given.low, given.high)
    else:
        assert set(ends) == given.answers


def test_every_tree_of_the_book_gives_what_its_reading_gives(book):
    for slug in load(book).claims:
        (claim,) = run(book, slug)
        workings, result = claim.workings, claim.result()
        unit_of = {name: fact.unit for name, fact in result.facts.items()} | {
            reading.id: reading.unit for part in result.parts for reading in part.readings
        }
        values = {name: Fraction(entry.value) for name, entry in workings.registry.inputs.items()}
        for name, found in result.sums.items():
            given = workings.at(name, unit_of[name], {})
            for ref in set().union(*map(expressions.refers, found.trees)) - set(values):
                values[ref] = workings.at(ref, unit_of[ref], {}).low
            ends = [expressions.evaluate(tree, values.__getitem__) for tree in found.trees]
            if given.answers:
                assert set(ends) == given.answers, (result.claim, name)
            else:
                assert (float(min(ends)), float(max(ends))) == pytest.approx(
                    (float(given.low), float(given.high)), rel=1e-12
                ), (result.claim, name)


def test_a_formula_that_fails_has_no_sum_and_its_reading_says_why(claim):
    assert declared(claim, "apple_price / (pear_price - pear_price)", "ratio") is None
    with pytest.raises(ReadingError, match="ZeroDivisionError"):
        claim.workings.at("found", "ratio", {})
