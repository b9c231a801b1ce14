"""Readings get their evidence by name, are computed over its ranges, and fail with a clear word."""

import datetime as dt
from fractions import Fraction

import pytest

from claimbook.data.registry import load
from claimbook.notebook.claim import Claim
from claimbook.verdicts.readings import ReadingError


@pytest.fixture
def claim(small):
    return Claim("apples-half-price", load(small))


def edit(project, name, old, new):
    path = project.data / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def only_reading(claim):
    return claim.result().parts[0].readings[0]


def test_a_reading_receives_its_inputs_as_exact_quantities(claim):
    seen = []

    @claim.reading("List price", why="the list")
    def saving(apple_price, pear_price):
        seen.append((apple_price.magnitude, str(apple_price.units)))
        return 1 - apple_price / pear_price

    claim.result()
    assert (Fraction(1), "USD") in seen


def test_a_verdict_carries_the_numbers_that_can_be_moved(claim):
    @claim.reading("List price", primary="the list")
    def list_price(apple_price, pear_price):
        return 1 - apple_price / pear_price

    moves = claim.verdict().payload()["whatif"]
    assert [item["id"] for item in moves["inputs"]] == ["apple_price", "pear_price"]


def test_a_reading_receives_a_table_as_a_frame(claim):
    @claim.reading("Growth", why="the harvest", unit="percent")
    def growth(harvest):
        return 100 * (harvest["baskets"].iloc[1] / harvest["baskets"].iloc[0] - 1)

    assert only_reading(claim).low == 12.5
    assert only_reading(claim).tables == ("harvest",)


def test_a_reading_may_use_an_earlier_one(claim):
    @claim.context("Both together", why="a sum", unit="USD")
    def both(apple_price, pear_price):
        return apple_price + pear_price

    @claim.reading("Share of the apple", why="the list")
    def share(apple_price, both):
        return apple_price / both

    result = claim.result().parts[0].readings[0]
    assert set(result.inputs) == {"apple_price", "pear_price"}
    assert result.low == pytest.approx(100 / 3.02)
    assert result.high == pytest.approx(100 / 2.98)


def test_a_reading_is_computed_once_at_each_point(claim):
    prices = []

    @claim.reading("List price", why="the list")
    def saving(apple_price, pear_price):
        prices.append(pear_price.magnitude)
        return 1 - apple_price / pear_price

    claim.workings.compute("saving", "percent")
    assert len(set(prices)) == len(prices) < 20
    assert {Fraction("1.98"), Fraction("2.00"), Fraction("2.02")} <= {*prices}


def test_the_interval_spans_the_ranges_of_the_inputs(claim):
    @claim.reading("List price", why="the list")
    def saving(apple_price, pear_price):
        return 1 - apple_price / pear_price

    reading = only_reading(claim)
    assert (reading.low, reading.high) == (49.4949494949, 50.495049505)


def test_an_undecided_reading_names_the_input_that_decides(claim):
    @claim.reading("Two apples", why="the list")
    def saving(apple_price, pear_price):
        return 1 - apple_price / pear_price + (pear_price - pear_price) / pear_price

    assert only_reading(claim).outcome == "undecided"
    assert only_reading(claim).decides == "pear_price"


def test_an_undecided_reading_that_rests_on_a_table_names_it(claim):
    @claim.reading("Guess", why="a guess", unit="percent")
    def guess(harvest):
        return 40, 60

    assert (only_reading(claim).outcome, only_reading(claim).decides) == ("undecided", "harvest")


def test_a_rounded_input_that_reaches_the_accepted_numbers_is_enough(small):
    edit(
        small,
        "inputs/prices.yml",
        'value: "2.00"\n  unit: USD\n  as_of: 2025-01\n'
        '  precision: estimate\n  low: "1.98"\n  high: "2.02"',
        'value: "2.0"\n  unit: USD\n  as_of: 2025-01\n  precision: rounded',
    )
    claim = Claim("apples-half-price", load(small))

    @claim.reading("List price", why="the list")
    def saving(apple_price, pear_price):
        return 1 - apple_price / pear_price

    reading = only_reading(claim)
    assert reading.low < 49.5 < 50.5 < reading.high
    assert (reading.from_rounding, reading.outcome) == (True, "consistent")


def test_a_pair_is_taken_as_lowest_and_highest(claim):
    @claim.reading("Guess", why="a guess", unit="percent")
    def guess(harvest):
        return 49.6, 50.4

    reading = only_reading(claim)
    assert (reading.low, reading.high, reading.text) == (49.6, 50.4, "49.6 to 50.4\u00a0%")


def test_context_is_shown_and_never_counted(claim):
    @claim.reading("List price", why="the list", unit="percent")
    def right(harvest):
        return 50

    @claim.context("Something else", why="for comparison", unit="percent")
    def wrong(harvest):
        return 90

    part = claim.result().parts[0]
    assert part.verdict == "holds"
    assert part.readings[1].outcome is None


def test_context_in_another_unit_keeps_it(claim):
    @claim.reading("List price", why="the list", unit="percent")
    def right(harvest):
        return 50

    @claim.context("What an apple costs", why="for comparison", unit="USD")
    def cost(apple_price):
        return apple_price

    assert claim.result().parts[0].readings[1].text == "1\u00a0USD"


def test_proxies_alone_leave_a_part_unsettled(claim):
    @claim.proxy("Something near", why="nothing else was measured", unit="percent")
    def near(harvest):
        return 50

    assert claim.result().verdict == "unsettled"


def test_a_failed_check_fails_the_part_whatever_the_number(claim):
    @claim.reading("List price", why="the list", unit="percent")
    def right(harvest):
        return 50

    @claim.check("apples are dearer than pears")
    def direction(apple_price, pear_price):
        return apple_price > pear_price

    part = claim.result().parts[0]
    assert part.readings[0].outcome == "consistent"
    assert (part.verdict, part.checks[0].outcome) == ("does not hold", "not consistent")


def test_a_check_that_the_ranges_leave_open_leaves_the_part_unsettled(claim):
    @claim.reading("List price", why="the list", unit="percent")
    def right(harvest):
        return 50

    @claim.check("pears cost more than two dollars")
    def direction(apple_price, pear_price):
        return pear_price > 2 * apple_price

    part = claim.result().parts[0]
    assert (part.verdict, part.checks[0].outcome) == ("unsettled", "undecided")
    assert part.why == "undecided: pears cost more than two dollars"


def test_a_check_after_the_verdict_is_refused(claim):
    reading_of(claim, bare, unit="percent")
    with pytest.raises(ReadingError, match="expected the check before the verdict"):
        claim.check("direction", "too late", bool, "apple_price")


def test_a_check_names_the_evidence_it_rests_on(claim):
    claim.reading("A reading", why="a test", unit="percent")(bare)

    @claim.check("the harvest grew")
    def base(harvest, apple_price):
        return harvest["baskets"].iloc[1] > harvest["baskets"].iloc[0]

    check = claim.result().parts[0].checks[0]
    assert (check.inputs, check.tables) == (("apple_price",), ("harvest",))
    used = {source["source"] for source in claim.sources().payload()["sources"]}
    assert used == {"price-list", "harvest-report"}


@pytest.mark.parametrize("first", ["reading", "context", "check", "fact"])
@pytest.mark.parametrize("second", ["reading", "context", "check", "fact"])
def test_two_things_of_one_name_are_refused_whatever_they_are(claim, first, second):
    declare = {
        "reading": lambda: claim.reading("a", "A", bare, "apple_price", why="a test"),
        "context": lambda: claim.context("a", "A", bare, "apple_price", why="a test"),
        "check": lambda: claim.check("a", "A", bare, "apple_price"),
        "fact": lambda: claim.fact("a", bare, "apple_price"),
    }
    declare[first]()
    with pytest.raises(ReadingError, match=f"reading 'a': .*already used for the {first} '[aA]'"):
        declare[second]()


def test_a_reading_that_rests_on_nothing_is_refused(claim):
    with pytest.raises(ReadingError, match="to rest on, found none"):
        claim.reading("A guess", why="a test", unit="percent")(lambda: 50)


def test_a_reading_named_like_an_input_is_refused(claim):
    def apple_price(pear_price):
        return pear_price

    with pytest.raises(ReadingError, match="a name that is not the id of an input or table"):
        claim.reading("A reading", why="a test")(apple_price)


def test_the_declared_rounding_widens_band_and_margin(small):
    edit(small, "claims/apples-half-price.yml", 'round_to: {value: "1",', 'round_to: {value: "10",')
    claim = Claim("apples-half-price", load(small))
    claim.reading("A reading", why="a test", unit="percent")(lambda harvest: 53)
    part = claim.result().parts[0]
    assert (part.band, part.readings[0].margin, part.readings[0].outcome) == (
        (45.0, 55.0),
        2.0,
        "consistent",
    )


def test_a_pair_is_no_rounding_even_beside_a_rounded_input(small):
    edit(
        small,
        "inputs/prices.yml",
        'as_of: 2025-01\n  precision: estimate\n  low: "1.98"\n  high: "2.02"',
        "as_of: 2025-01\n  precision: rounded",
    )
    claim = Claim("apples-half-price", load(small))

    @claim.reading("Guess", why="a guess", unit="percent")
    def guess(pear_price):
        return 40, 60

    reading = only_reading(claim)
    assert (reading.from_rounding, reading.outcome) == (False, "undecided")


def test_a_hump_between_the_corners_is_seen_at_the_stated_values(claim):
    @claim.reading("Hump", why="a test", unit="percent")
    def hump(pear_price):
        return 50 + 1000 * abs(float(pear_price.magnitude) - 2)

    reading = only_reading(claim)
    assert (reading.low, reading.high) == (50.0, 70.0)


def test_what_would_settle_it_is_passed_on(small):
    edit(
        small,
        "claims/apples-half-price.yml",
        "title: {en: Apples",
        "settle: a till receipt\ntitle: {en: Apples",
    )
    claim = Claim("apples-half-price", load(small))
    claim.reading("List price", why="a test", unit="percent")(list_price)
    assert claim.verdict().payload()["settle"] == "a till receipt"


def list_price(harvest):
    return 50


def test_prose_can_refer_to_readings_parts_and_facts(claim):
    @claim.reading("List price", why="the list", unit="percent")
    def list_price(harvest):
        return 50.25

    @claim.fact(digits=0)
    def baskets(harvest):
        return harvest["baskets"].sum()

    known = claim.result().references
    assert known["en"]["list_price"] == "50.25\u00a0%"
    assert known["vi"]["list_price"] == "50,25%"
    assert known["en"]["baskets"] == "255"
    assert known["en"]["saving.band"] == "49.5 to 50.5\u00a0%"
    assert known["vi"]["verdict"] == "đúng"


def test_evidence_published_later_is_marked(small):
    edit(
        small,
        "inputs/prices.yml",
        "known: then\n  citations:\n    - source: price-list\n"
        "      kind: primary\n      locator: second",
        "known: later\n  citations:\n"
        "    - source: price-list\n      kind: primary\n      locator: second",
    )
    claim = Claim("apples-half-price", load(small))

    @claim.reading("List price", why="the list")
    def saving(apple_price, pear_price):
        return 1 - apple_price / pear_price

    assert only_reading(claim).later


@pytest.mark.parametrize("known", ["then", "later"])
def test_a_table_published_later_is_marked(small, known):
    edit(small, "tables/datapackage.json", '"known": "then"', f'"known": "{known}"')
    claim = Claim("apples-half-price", load(small))

    @claim.reading("Growth", why="the harvest", unit="percent")
    def growth(harvest, pear_price):
        return 100 * (harvest["baskets"].iloc[1] / harvest["baskets"].iloc[0] - 1)

    assert only_reading(claim).later == (known == "later")


def reading_of(claim, function, **options):
    claim.reading("A reading", why="a test", **options)(function)
    return claim.result()


def misnamed(apple_prise):
    return apple_prise


def in_dollars(apple_price):
    return apple_price


def bare(apple_price):
    return 0.5


def failing(apple_price):
    return 1 / (apple_price - apple_price)


def dated(apple_price):
    return dt.date(2025, 1, 27)


def infinite(harvest):
    return float("inf")


def text(harvest):
    return "a half"


@pytest.mark.parametrize(
    ("function", "options", "message"),
    [
        (
            misnamed,
            {},
            "apples-half-price: reading 'misnamed': 'apple_prise': expected the id of "
            "an input, a table or an earlier reading, found none; nearest is 'apple_price'",
        ),
        (
            in_dollars,
            {},
            "apples-half-price: reading 'in_dollars': expected a value in 'percent', "
            "found one in USD",
        ),
        (failing, {}, "apples-half-price: reading 'failing': ZeroDivisionError: "),
        (dated, {}, "apples-half-price: reading 'dated': expected a value in 'percent', found "),
        (
            infinite,
            {"unit": "percent"},
            "apples-half-price: reading 'infinite': expected a finite number, found inf",
        ),
        (
            text,
            {"unit": "percent"},
            "apples-half-price: reading 'text': expected a number, found str",
        ),
        (
            bare,
            {"unit": "per cent"},
            "apples-half-price: reading 'bare': unit: unknown unit 'per cent'",
        ),
        (
            bare,
            {"part": "savings"},
            "apples-half-price: reading 'bare': part: expected one of saving; found 'savings'",
        ),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_reading_that_does_not_fit_is_named_with_what_was_expected(
    claim, function, options, message
):
    with pytest.raises(ReadingError) as caught:
        reading_of(claim, function, **options)
    assert str(caught.value).startswith(message)


def test_a_bare_number_for_a_unit_with_a_dimension_is_refused(small):
    edit(small, "claims/apples-half-price.yml", "unit: percent", "unit: USD")
    claim = Claim("apples-half-price", load(small))
    with pytest.raises(
        ReadingError, match="expected a value in 'USD', found a number without unit"
    ):
        reading_of(claim, bare)


def test_a_reading_without_a_reason_is_refused(claim):
    with pytest.raises(ReadingError, match="why: expected a sentence on its role as reading"):
        claim.reading("A reading")(bare)


def test_two_headline_readings_are_refused(claim):
    claim.reading("First", primary="it is first")(bare)
    with pytest.raises(ReadingError, match="primary: expected one for part 'saving', found two"):
        claim.reading("Second", primary="it is second")(in_dollars)


def test_a_part_without_a_reading_is_refused(claim):
    with pytest.raises(ReadingError, match="expected a reading for part 'saving', found none"):
        claim.result()


def test_a_reading_after_the_verdict_is_refused(claim):
    reading_of(claim, bare, unit="percent")
    with pytest.raises(ReadingError, match="expected the reading before the verdict"):
        claim.reading("Too late", why="a test")(in_dollars)


def test_an_unknown_claim_is_named_with_its_nearest(small):
    with pytest.raises(KeyError, match=r"no claim 'apples-half-prize'.*'apples-half-price'"):
        Claim("apples-half-prize", load(small))


def test_a_finding_that_refers_to_nothing_is_refused(small):
    edit(
        small,
        "claims/apples-half-price.yml",
        "Apples save {list_price}",
        "Apples save {list_prise}",
    )
    claim = Claim("apples-half-price", load(small))
    claim.reading("List price", why="a test", unit="percent")(bare)
    with pytest.raises(KeyError, match="refers to 'list_prise'"):
        claim.verdict()


ANSWERS = [
    ("yes-no", "yes", lambda harvest: True, ("yes",)),
    ("yes-no", "yes", lambda pear_price: pear_price.magnitude > 2, ("no", "yes")),
    ("date", "2025-01", lambda harvest: dt.datetime(2025, 1, 27, 16), ("2025-01-27",)),
    (
        "date",
        "2025-01",
        lambda pear_price: dt.date(2025 if pear_price.magnitude > 2 else 2023, 1, 27),
        ("2023-01-27", "2025-01-27"),
    ),
]


@pytest.mark.parametrize(("kind", "stated", "function", "answers"), ANSWERS)
def test_a_date_and_yes_or_no_have_their_answers_in_order(small, kind, stated, function, answers):
    edit(
        small,
        "claims/apples-half-price.yml",
        'kind: number\n    stated: "50"\n    unit: percent\n    comparator: "="\n'
        '    round_to: {value: "1", reason: a half is written without decimals}\n',
        f'kind: {kind}\n    stated: "{stated}"\n',
    )
    claim = Claim("apples-half-price", load(small))
    claim.reading("found", "What was found", function, *evidence(function), why="a test")
    found = only_reading(claim)
    assert (found.answers, found.low) == (answers, None)
    assert found.text == " or ".join(answers)


def evidence(function):
    return function.__code__.co_varnames


def test_a_number_has_no_answers(claim):
    claim.reading("A reading", why="a test", unit="percent")(lambda harvest: 53)
    assert only_reading(claim).answers == ()


def test_the_output_of_a_claim_has_nothing_that_its_article_says_beside_it(small):
    edit(
        small,
        "articles.yml",
        "    - apples-half-price\n",
        "    - apples-half-price\n    - plums\n"
        "  unchecked: [{id: plums, code: T2, quote: plums cost 1, english: plums cost 1}]\n",
    )
    shown = str(Claim("apples-half-price", load(small))._repr_mimebundle_())
    assert "The paper" in shown
    assert "plums" not in shown
