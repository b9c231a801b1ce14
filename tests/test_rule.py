"""The verdict rule on worked examples, kept as data."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import yaml

from claimbook import rule
from claimbook.base import formats
from places import CASES


def load(name):
    text = (CASES / f"{name}.yml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)


def each(cases):
    return pytest.mark.parametrize(
        "case", cases, ids=lambda case: " ".join(str(value) for value in case.values())
    )


ACCEPTED, ASSESS, PARTS = load("accepted"), load("assess"), load("part_verdicts")


def end(text):
    return Fraction(text) if text else None


def numbers(given, kind=Fraction):
    return tuple(kind(text) for text in given) if isinstance(given, list) else kind(given)


def answer(text):
    return text == "yes" if text in ("yes", "no") else dt.date.fromisoformat(text)


@each(ACCEPTED["sets"])
def test_the_accepted_set_has_its_published_ends(case):
    has_ends(case)


@each(ACCEPTED["counts"])
def test_only_whole_numbers_count_as_a_stated_count(case):
    has_ends(case, whole=True)


def has_ends(case, *, whole=False):
    found = rule.accepted(case["stated"], case["comparator"], case.get("round_to"), whole=whole)
    assert found.bounds == (end(case["low"]), end(case["high"]))
    assert (found.low_open, found.high_open) == (
        case.get("open") == "low",
        case.get("open") == "high",
    )
    assert formats.band(found) == case["text"]


@each(ACCEPTED["refused"])
def test_a_stated_number_outside_the_rule_is_refused_by_name(case):
    with pytest.raises(ValueError, match="expected") as caught:
        rule.accepted(case["stated"], case["comparator"], case.get("round_to"))
    assert case["message"] in str(caught.value)


@pytest.mark.parametrize("stated", [96.4, None, True, Fraction(964, 10)])
def test_a_stated_number_that_lost_its_written_digits_is_refused(stated):
    with pytest.raises(TypeError, match="trailing zeros count"):
        rule.accepted(stated, "=")


@pytest.mark.parametrize(
    ("stated", "text"),
    [(Decimal("96.40"), "96.40"), (600, "600"), (Decimal("6.00E+11"), "6.00E+11"), (" 5 ", "5")],
)
def test_decimals_and_integers_stand_for_their_written_form(stated, text):
    assert rule.accepted(stated, "=") == rule.accepted(text, "=")


@pytest.mark.parametrize("round_to", ["0.1", 0.1, Decimal("0.10"), Fraction(1, 10)])
def test_the_rounding_may_come_as_any_number(round_to):
    assert rule.accepted("96", "=", round_to).bounds == (Fraction("95.95"), Fraction("96.05"))


@each(ASSESS["outcomes"])
def test_a_reading_has_the_outcome_and_margin_worked_out_by_hand(case):
    comes_to(case)


@each(ASSESS["counts"])
def test_a_reading_of_a_count_has_the_outcome_and_margin_worked_out_by_hand(case):
    comes_to(case, whole=True)


def comes_to(case, *, whole=False):
    comparator, round_to = case.get("comparator", "="), case.get("round_to")
    for kind in (Fraction, float, Decimal):
        given = numbers(case["recomputed"], kind)
        outcome = rule.assess(
            case["stated"], given, comparator, round_to, "rounding" in case, whole=whole
        )
        assert outcome == case["outcome"]
        margin = rule.margin(case["stated"], given, comparator, round_to, whole=whole)
        assert margin == Fraction(case["margin"])


@each(ASSESS["exceeded"])
def test_a_one_sided_statement_that_is_exceeded_tenfold_says_by_how_much(case):
    found = rule.exceeded(case["stated"], numbers(case["recomputed"]), case["comparator"])
    assert (found and found[1]) == end(case["ratio"])


def test_the_noise_of_floats_does_not_break_a_tie():
    recomputed = 100 * (1 - 2.19 / 60)
    assert recomputed != 96.35
    assert rule.assess("96.4", recomputed) == rule.assess("96.3", recomputed) == "consistent"


def test_a_float_is_judged_at_the_digits_it_is_written_with():
    assert rule.assess("96.4", 96.3499999999) == "not consistent"
    assert rule.assess("96.4", 96.34999999999) == "consistent"


def test_a_fraction_is_judged_exactly():
    below_the_tie = Fraction("96.35") - Fraction(1, 10**30)
    assert rule.assess("96.4", below_the_tie) == "not consistent"


@pytest.mark.parametrize("number", [3, 3.0, Fraction(3), Decimal(3), np.float64(3), np.int64(3)])
def test_every_type_of_number_is_judged_alike(number):
    assert rule.assess("3", number, "exactly") == "consistent"
    assert rule.assess("3", [number, number], "exactly") == "consistent"


def test_integers_of_numpy_do_not_overflow():
    big = np.int64(2**62)
    assert rule.assess("1", (big, big), "many") == "consistent"
    assert rule.exact(big) * 4 == 2**64


@pytest.mark.parametrize(
    "recomputed",
    [float("nan"), float("inf"), (1.0, float("inf")), Decimal("NaN"), (2, 1), (1, 2, 3), ()],
    ids=str,
)
def test_a_recomputed_number_that_is_not_finite_or_not_in_order_is_refused(recomputed):
    for judge in (rule.assess, rule.off_by, rule.margin, rule.right_direction):
        with pytest.raises(ValueError, match=r"expected (a finite|a number|low before)"):
            judge("5", recomputed)


@pytest.mark.parametrize("recomputed", ["5", None, True, np.bool_(True), (1, "2")], ids=repr)
def test_what_is_no_number_is_not_judged_as_one(recomputed):
    with pytest.raises(TypeError, match="expected a number"):
        rule.assess("5", recomputed)


@each(ASSESS["misses"])
def test_off_by_is_the_share_by_which_a_number_misses(case):
    found = rule.off_by(
        case["stated"],
        numbers(case["recomputed"]),
        unit_is_percent="percent" in case,
        comparator=case.get("comparator", "="),
    )
    assert found == end(case["off_by"])


@each(ASSESS["directions"])
def test_the_direction_is_right_if_all_of_the_interval_has_the_stated_sign(case):
    same = rule.right_direction(case["stated"], numbers(case["recomputed"]))
    assert same == (case["same"] == "yes")


@each(ASSESS["exact"])
def test_dates_and_yes_no_agree_or_not(case):
    answers = frozenset(map(answer, case["answers"]))
    assert rule.assess_exact(case["stated"], answers) == case["outcome"]
    if len(answers) == 1:
        assert rule.assess_exact(case["stated"], next(iter(answers))) == case["outcome"]


def test_a_time_of_day_counts_as_its_date():
    assert rule.assess_exact("2025-01-27", dt.datetime(2025, 1, 27, 23, 59)) == "consistent"


@pytest.mark.parametrize(
    ("stated", "recomputed", "error"),
    [
        ("yes", dt.date(2025, 1, 27), TypeError),
        ("2025-01-27", True, TypeError),
        ("2025-01-27", "2025-01-27", TypeError),
        ("27/1", dt.date(2025, 1, 27), ValueError),
        ("2025-13", dt.date(2025, 1, 27), ValueError),
        ("2025-02-30", dt.date(2025, 1, 27), ValueError),
        ("Yes", True, ValueError),
        ("yes", frozenset(), ValueError),
    ],
)
def test_answers_of_another_kind_are_refused(stated, recomputed, error):
    with pytest.raises(error):
        rule.assess_exact(stated, recomputed)


@each(PARTS["parts"])
def test_the_verdict_of_a_part_follows_from_its_readings(case):
    readings = [
        rule.ReadingOutcome(role, outcome or None, end(off_by), direction == "yes")
        for role, outcome, off_by, direction in case["readings"]
    ]
    found = rule.part_verdict(
        readings,
        case.get("kind", "number"),
        checks_hold=case.get("checks_hold") != "no",
        checkable=case.get("checkable") != "no",
    )
    assert found == case["verdict"]


def test_a_reading_that_counts_needs_an_outcome():
    with pytest.raises(ValueError, match="expected an outcome"):
        rule.ReadingOutcome("reading", None)


@each(PARTS["headlines"])
def test_the_headline_is_the_worst_part_unless_a_wrong_one_would_hide_a_right_one(case):
    assert rule.headline(case["parts"]) == case["verdict"]
    assert rule.headline(reversed(case["parts"])) == case["verdict"]


def test_a_claim_without_parts_has_no_headline():
    with pytest.raises(ValueError, match="at least one part"):
        rule.headline([])


def test_verdicts_differ_in_word_icon_and_meaning():
    words = rule.VERDICTS.values()
    for values in ([w.vi for w in words], [w.icon for w in words], [w.meaning for w in words]):
        assert len(set(values)) == len(rule.VERDICTS) == 7


def test_every_verdict_that_a_part_can_have_is_in_the_table_of_words():
    in_part = {"holds in part"}  # of claims alone
    assert {case["verdict"] for case in PARTS["parts"]} == set(rule.VERDICTS) - in_part


def test_every_comparator_has_worked_examples():
    assert {case["comparator"] for case in ACCEPTED["sets"]} == set(rule.COMPARATORS)
    assert {case.get("comparator", "=") for case in ASSESS["outcomes"]} == set(rule.COMPARATORS)


def test_the_published_sentences_print_the_widths_in_use():
    sentences = {name: comparator.accepts for name, comparator in rule.COMPARATORS.items()}
    assert "10 %" in sentences["about"]
    assert "5 %" in sentences["nearly"]
    assert "5 %" in sentences["just-over"]
    assert "5 %" in sentences["just-under"]
    assert "1.2 S" in sentences["well-above"]
    assert "20 S to 100 S" in sentences["tens-of"]
    assert "200 S to 1,000 S" in sentences["hundreds-of"]
    assert "10 %" in rule.VERDICTS["nearly right"].meaning


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [("consistent", "unsettled"), ("not consistent", "does not hold"), ("undecided", "unsettled")],
)
def test_a_check_that_is_left_open_makes_a_part_unsettled_at_best(outcome, verdict):
    readings = [rule.ReadingOutcome("reading", outcome)]
    assert rule.part_verdict(readings, "number", checks_open=True) == verdict
