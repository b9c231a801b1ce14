"""What must be so for every number, not only for the worked examples."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from claimbook import rule

HEDGES = ["about", "nearly", "similar"]
ROUNDED = ["=", *HEDGES]
# "most" speaks of percent, so it is the one comparator that knows its unit.
SCALE_FREE = [name for name in rule.COMPARATORS if name != "most"]
MIRRORED = ["=", "exactly", "about", "nearly", "similar", "tens-of", "hundreds-of", "many"]

digits = st.integers(min_value=-(10**6), max_value=10**6)
places = st.integers(min_value=-6, max_value=6)
# As text, with the last digit anywhere from a millionth to a million.
stated_texts = st.builds(lambda number, place: str(Decimal(number).scaleb(place)), digits, places)
comparators = st.sampled_from(list(rule.COMPARATORS))
widths = st.fractions(min_value=0, max_value=10, max_denominator=1000)


@st.composite
def questions(draw, names=tuple(rule.COMPARATORS)):
    """A stated number, a comparator, and a recomputed interval not far from the accepted set."""
    stated = draw(stated_texts)
    comparator = draw(st.sampled_from(list(names)))
    # Zero of something is not a number of things, and the rule refuses it.
    assume(Decimal(stated) != 0 or comparator not in ("tens-of", "hundreds-of", "many"))
    band = rule.accepted(stated, comparator)
    border = draw(st.sampled_from([end for end in band.bounds if end is not None]))
    size = draw(st.sampled_from([last_place(stated), abs(border)]))
    start = border + size * draw(st.fractions(min_value=-2, max_value=2, max_denominator=20))
    length = size * draw(st.one_of(st.just(Fraction(0)), widths))
    return stated, comparator, (start, start + length)


def last_place(stated):
    return Fraction(10) ** Decimal(stated).as_tuple().exponent


@given(
    question=questions(SCALE_FREE),
    power=st.integers(min_value=-9, max_value=9),
    from_rounding=st.booleans(),
)
def test_writing_both_numbers_in_another_power_of_ten_changes_no_outcome(
    question, power, from_rounding
):
    stated, comparator, (low, high) = question
    scale = Fraction(10) ** power
    scaled = str(Decimal(stated).scaleb(power))
    before = rule.assess(stated, (low, high), comparator, None, from_rounding)
    after = rule.assess(scaled, (low * scale, high * scale), comparator, None, from_rounding)
    assert before == after
    assert rule.off_by(stated, (low, high), False, comparator) == rule.off_by(
        scaled, (low * scale, high * scale), False, comparator
    )


@given(
    question=questions(SCALE_FREE),
    twos=st.integers(min_value=-5, max_value=5),
    fives=st.integers(min_value=-5, max_value=5),
    threes=st.integers(min_value=0, max_value=3),
)
def test_changing_the_unit_of_stated_recomputed_and_rounding_changes_no_outcome(
    question, twos, fives, threes
):
    stated, comparator, (low, high) = question
    scale = Fraction(2) ** twos * Fraction(5) ** fives * 3**threes
    number = Fraction(stated) * scale
    scaled = str(Decimal(number.numerator) / Decimal(number.denominator))
    assume(Fraction(scaled) == number)
    unit = last_place(stated)
    assert rule.assess(stated, (low, high), comparator, unit) == rule.assess(
        scaled, (low * scale, high * scale), comparator, unit * scale
    )
    assert scale * rule.margin(stated, (low, high), comparator, unit) == rule.margin(
        scaled, (low * scale, high * scale), comparator, unit * scale
    )


@given(questions(MIRRORED))
def test_a_comparison_of_size_judges_losses_as_it_judges_gains(question):
    stated, comparator, (low, high) = question
    mirrored = str(-Decimal(stated))
    assert rule.assess(stated, (low, high), comparator) == rule.assess(
        mirrored, (-high, -low), comparator
    )


@given(question=questions(ROUNDED), zeros=st.integers(min_value=1, max_value=4))
def test_writing_more_decimals_never_makes_a_wrong_number_consistent(question, zeros):
    stated, comparator, interval = question
    assume("E" not in stated)
    tighter = stated + ("" if "." in stated else ".") + "0" * zeros
    if rule.assess(stated, interval, comparator) == "not consistent":
        assert rule.assess(tighter, interval, comparator) == "not consistent"
    if rule.assess(tighter, interval, comparator) == "consistent":
        assert rule.assess(stated, interval, comparator) == "consistent"


@given(
    question=questions(ROUNDED),
    factor=st.fractions(min_value=1, max_value=1000, max_denominator=100),
)
def test_a_wider_rounding_keeps_what_a_narrower_one_admits(question, factor):
    stated, comparator, interval = question
    unit = last_place(stated)
    if rule.assess(stated, interval, comparator, unit) == "consistent":
        assert rule.assess(stated, interval, comparator, unit * factor) == "consistent"


@given(stated_texts)
def test_both_ends_of_the_rounding_are_admitted_and_nothing_beyond(stated):
    half = last_place(stated) / 2
    for end in (Fraction(stated) - half, Fraction(stated) + half):
        assert rule.assess(stated, end) == "consistent"
        assert rule.margin(stated, end) == 0
    assert rule.assess(stated, Fraction(stated) + half * Fraction("1.000001")) == "not consistent"
    assert rule.assess(stated, Fraction(stated) - half * Fraction("1.000001")) == "not consistent"


@given(
    number=st.integers(min_value=-(10**6), max_value=10**6),
    place=st.integers(min_value=-4, max_value=3),
)
def test_a_tie_is_consistent_with_both_neighbours_also_as_a_float(number, place):
    below = Decimal(number).scaleb(place)
    above = Decimal(number + 1).scaleb(place)
    tie = (Fraction(below) + Fraction(above)) / 2
    for stated in (below, above):
        assert rule.assess(stated, tie) == rule.assess(stated, float(tie)) == "consistent"


@given(questions(["="]), st.sampled_from(HEDGES))
def test_a_hedge_is_never_stricter_than_the_bare_number(question, hedge):
    stated, _, interval = question
    if rule.assess(stated, interval) == "consistent":
        assert rule.assess(stated, interval, hedge) == "consistent"
    if rule.assess(stated, interval, hedge) == "not consistent":
        assert rule.assess(stated, interval) == "not consistent"


@given(questions(["well-above", "just-over", "just-under", "more-than", "less-than", "exactly"]))
def test_stronger_words_imply_weaker_ones(question):
    stated, comparator, interval = question
    weaker = {
        "well-above": "more-than",
        "just-over": "more-than",
        "just-under": "less-than",
        "more-than": "at-least",
        "less-than": "at-most",
        "exactly": "=",
    }[comparator]
    if rule.assess(stated, interval, comparator) == "consistent":
        assert rule.assess(stated, interval, weaker) == "consistent"


@given(
    question=questions(),
    first=st.fractions(min_value=0, max_value=1, max_denominator=50),
    second=st.fractions(min_value=0, max_value=1, max_denominator=50),
)
def test_knowing_the_recomputed_number_better_never_overturns_an_outcome(question, first, second):
    stated, comparator, (low, high) = question
    inner = tuple(sorted((low + (high - low) * first, low + (high - low) * second)))
    before = rule.assess(stated, (low, high), comparator)
    if before != "undecided":
        assert rule.assess(stated, inner, comparator) == before
        assert rule.assess(stated, inner, comparator, None, True) == before
        sign = 1 if before == "consistent" else -1
        inner_margin = rule.margin(stated, inner, comparator)
        assert sign * inner_margin >= sign * rule.margin(stated, (low, high), comparator)


@given(questions())
def test_rounding_of_inputs_turns_undecided_into_consistent_and_nothing_else(question):
    stated, comparator, interval = question
    bare = rule.assess(stated, interval, comparator)
    allowed = rule.assess(stated, interval, comparator, None, True)
    assert allowed == ("consistent" if bare == "undecided" else bare)


@given(questions())
def test_only_an_interval_on_both_sides_of_a_border_is_undecided(question):
    stated, comparator, (low, high) = question
    ends = {rule.assess(stated, end, comparator) for end in (low, high)}
    whole = rule.assess(stated, (low, high), comparator)
    assert "undecided" not in ends
    if whole == "undecided":
        assert "not consistent" in ends
    else:
        assert ends == {whole}


@given(questions())
def test_the_sign_of_the_margin_agrees_with_the_outcome(question):
    stated, comparator, interval = question
    margin = rule.margin(stated, interval, comparator)
    outcome = rule.assess(stated, interval, comparator)
    assert {
        "consistent": margin >= 0,
        "not consistent": margin <= 0,
        "undecided": margin == 0,
    }[outcome]


@given(
    question=questions(),
    nearer=st.fractions(min_value=0, max_value=1, max_denominator=20),
    percent=st.booleans(),
)
def test_coming_nearer_to_the_accepted_set_never_makes_a_miss_larger(question, nearer, percent):
    stated, comparator, (point, _) = question
    assume(rule.assess(stated, point, comparator) == "not consistent")
    # From the same side, so that the same border stays the nearest one.
    gap = -rule.margin(stated, point, comparator)
    band = rule.accepted(stated, comparator)
    toward = 1 if band.low is not None and point <= band.low else -1
    closer = point + toward * gap * nearer
    before = rule.off_by(stated, point, percent, comparator)
    after = rule.off_by(stated, closer, percent, comparator)
    assert (before is None) == (after is None)
    assert before is None or after <= before


@given(questions())
def test_a_number_as_stated_is_never_off(question):
    stated, comparator, _ = question
    assume(Decimal(stated) != 0 and not rule.COMPARATORS[comparator].miss_from_border)
    assert rule.off_by(stated, Fraction(stated), False, comparator) == 0


@given(
    ends=st.tuples(digits, digits).filter(lambda pair: pair[0] < pair[1]),
    share=st.fractions(min_value=0, max_value=1, max_denominator=50),
    comparator=st.sampled_from(["=", "exactly", "about", "similar"]),
)
def test_every_number_of_a_stated_range_counts_as_stated(ends, share, comparator):
    low, high = ends
    stated = f"{low} to {high}"
    inside = low + (high - low) * share
    assert rule.assess(stated, inside, comparator) == "consistent"
    for end in ends:  # and so does all that counts as one of its ends
        for border in rule.accepted(str(end), comparator).bounds:
            assert rule.assess(stated, border, comparator) == "consistent"


@given(
    number=st.integers(min_value=-(10**4), max_value=10**4),
    near=st.integers(min_value=-20, max_value=20),
    comparator=comparators,
)
def test_counting_changes_no_outcome_of_a_whole_number_but_that_of_a_neighbour(
    number, near, comparator
):
    assume(number != 0 or comparator not in ("tens-of", "hundreds-of", "many"))
    counted = rule.assess(str(number), number + near, comparator, whole=True)
    if comparator in ("just-over", "just-under") and abs(near) == 1:
        return  # one thing more is just over, also where it is more than the published width
    assert counted == rule.assess(str(number), number + near, comparator)


outcomes = st.builds(
    rule.ReadingOutcome,
    role=st.sampled_from(["reading", "proxy", "context"]),
    outcome=st.sampled_from(["consistent", "not consistent", "undecided"]),
    off_by=st.none() | st.fractions(min_value=0, max_value=1, max_denominator=20),
    right_direction=st.booleans(),
)
kinds = st.sampled_from(["number", "count", "date", "yes-no"])


@given(readings=st.lists(outcomes, max_size=6), kind=kinds, random=st.randoms())
def test_the_order_of_readings_does_not_matter(readings, kind, random):
    shuffled = random.sample(readings, len(readings))
    assert rule.part_verdict(readings, kind) == rule.part_verdict(shuffled, kind)


@given(readings=st.lists(outcomes, max_size=6), extra=outcomes, kind=kinds)
def test_proxies_and_context_change_no_verdict(readings, extra, kind):
    assume(extra.role != "reading")
    assert rule.part_verdict([*readings, extra], kind) == rule.part_verdict(readings, kind)


@given(readings=st.lists(outcomes, max_size=6), kind=kinds)
def test_a_failed_check_fails_every_part_that_can_be_checked(readings, kind):
    assert rule.part_verdict(readings, kind, checks_hold=False) == "does not hold"


@given(
    verdicts=st.lists(st.sampled_from(list(rule.VERDICTS)), min_size=1, max_size=6),
    random=st.randoms(),
)
def test_the_headline_is_one_of_the_parts_or_holds_in_part_in_any_order(verdicts, random):
    found = rule.headline(verdicts)
    assert found in verdicts or (found == "holds in part" and "holds" in verdicts)
    assert rule.headline(random.sample(verdicts, len(verdicts))) == found
