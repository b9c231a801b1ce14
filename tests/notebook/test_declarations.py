"""A notebook declares its readings with a formula for several, or above one that serves once."""

import pytest
import yaml

from claimbook import Claim, column, quantity
from claimbook.data.registry import load
from claimbook.verdicts.readings import ReadingError
from places import CASES

AS_WRITTEN = yaml.safe_load((CASES / "as_written.yml").read_text(encoding="utf-8"))


@pytest.fixture
def claim(small):
    return Claim("apples-half-price", load(small))


def saving(ours, theirs):
    return 1 - ours / theirs


def first_reading(claim):
    return claim.result().parts[0].readings[0]


def test_a_formula_called_for_a_reading_gives_what_it_gives_as_a_decorated_function(small):
    called, decorated = (Claim("apples-half-price", load(small)) for _ in range(2))
    called.reading("list_price", "List", saving, "apple_price", "pear_price", why="the list")

    @decorated.reading("List", why="the list")
    def list_price(apple_price, pear_price):
        return 1 - apple_price / pear_price

    assert called.result() == decorated.result()


def test_the_order_of_the_ids_is_that_of_the_parameters(claim):
    claim.context("dearer", "Pears", saving, "pear_price", "apple_price", why="the other way")
    claim.reading("cheaper", "Apples", saving, "apple_price", "pear_price", why="the list")
    cheaper, dearer = claim.result().parts[0].readings
    assert (cheaper.id, dearer.id) == ("cheaper", "dearer")
    assert cheaper.inputs == ("apple_price", "pear_price")
    assert dearer.inputs == ("pear_price", "apple_price")
    assert dearer.high < 0 < cheaper.low


def test_an_id_in_place_of_a_formula_stands_for_itself(claim):
    claim.reading("saved", "List", saving, "apple_price", "pear_price", why="the list")
    claim.context("paid", "The price of an apple", "apple_price", why="a price", unit="USD")
    claim.context("again", "The same once more", "saved", why="a reading")
    saved, paid, again = claim.result().parts[0].readings
    assert (paid.low, paid.unit, paid.inputs) == (1, "USD", ("apple_price",))
    assert (again.low, again.high) == (saved.low, saved.high)


def test_evidence_may_be_what_was_declared_before(claim):
    claim.fact("both", lambda one, other: one + other, "apple_price", "pear_price", unit="USD")
    claim.reading("share", "Share", saving, "apple_price", "both", why="a sum")
    assert first_reading(claim).inputs == ("apple_price", "pear_price")


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (("a", "A", saving, "apple_price"), "asks for: missing a required argument: 'theirs'"),
        (("a", "A", saving, "apple_price", "pear_price", "harvest"), "too many positional"),
        (("a", "A", saving, "apple_price", "pear_prize"), "nearest is 'pear_price'"),
        (("a", "A", saving, "apple_price", 2), "expected ids in quotes after the formula"),
        (("a", "A", "apple_prize"), "nearest is 'apple_price'"),
        (("a", "A"), r"expected reading\(title\) above a formula, or reading\(name, title, form"),
        ((), "above a formula"),
        (("a b", "A", saving, "apple_price", "pear_price"), "in letters, digits and underscores"),
        (("verdict", "A", saving, "apple_price", "pear_price"), "expected another name"),
        (("a", " ", saving, "apple_price", "pear_price"), "title: expected the reading in a few"),
        (("apple_price", "A", saving, "apple_price", "pear_price"), "not the id of an input"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(claim, declared, message):
    with pytest.raises(ReadingError, match=message) as caught:
        claim.reading(*declared, why="a test")
    assert caught.value.reading == (declared[0] if declared else "")


def test_a_fact_has_the_unit_of_the_input_it_stands_for_and_else_counts(claim):
    claim.reading("saved", "List", saving, "apple_price", "pear_price", why="the list")
    claim.fact("price", "pear_price")
    claim.fact("years", len, "harvest")
    facts = claim.result().facts
    assert (facts["price"].text, facts["years"].text) == ("2\u00a0USD", "2")


def test_a_fact_is_of_the_stated_values_though_inputs_have_ranges(claim):
    claim.reading("saved", "List", saving, "apple_price", "pear_price", why="the list")
    claim.fact("price", "pear_price", digits=3)
    assert claim.registry.inputs["pear_price"].precision == "estimate"
    assert claim.result().facts["price"].value == 2


def test_a_fact_that_is_a_range_is_refused(claim):
    claim.reading("saved", "List", saving, "apple_price", "pear_price", why="the list")
    claim.fact("both", lambda price: (price, 2 * price), "pear_price", unit="USD")
    with pytest.raises(ReadingError, match="'both': expected one number for a fact"):
        claim.result()


@pytest.mark.parametrize("case", AS_WRITTEN, ids=lambda case: case["name"])
def test_prose_has_a_reading_rounded_as_the_article_writes_it(small, case):
    path = small.data / "claims" / "apples-half-price.yml"
    text = path.read_text(encoding="utf-8")
    entry = yaml.safe_load(text)
    part = entry["parts"][0]
    part.pop("round_to", None)
    part |= {"kind": "number", "stated": case["stated"], "unit": case["unit"]}
    if "round_to" in case:
        part["round_to"] = {"value": case["round_to"], "reason": "a test"}
    path.write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")
    claim = Claim("apples-half-price", load(small))
    low, high = case["found"][0], case["found"][-1]
    claim.reading("list_price", "A", lambda _: (low, high), "harvest", why="a", unit="percent")
    known = claim.result().references
    found = {language: known[language]["list_price.as_written"] for language in ("en", "vi")}
    assert {key: text.replace("\u00a0", " ") for key, text in found.items()} == {
        "en": case["en"],
        "vi": case["vi"],
    }


def test_prose_can_refer_to_every_input_that_is_evidence_or_shown(claim):
    claim.inputs("pear_price")
    claim.reading("paid", "A", lambda _: 50, "apple_price", why="a", unit="percent")
    known = claim.result().references
    assert known["en"]["apple_price"] == "1.00\u00a0USD"
    assert known["vi"]["pear_price"] == "2,00\u00a0USD"


def test_inputs_are_shown_by_what_they_are_used_for_wherever_that_stands(claim):
    shown = claim.inputs()
    assert shown.payload()["inputs"] == []
    claim.context("other", "A", "pear_price", why="a", unit="USD")
    claim.reading("paid", "A", lambda _: 50, "apple_price", why="a", unit="percent")
    claim.table("harvest")
    payload = shown.payload()
    assert [(item["id"], item["use"]) for item in payload["inputs"]] == [
        ("apple_price", "readings"),
        ("pear_price", "context"),
    ]
    assert [(item["id"], item["use"]) for item in payload["tables"]] == [
        ("harvest", "tables and charts")
    ]


def test_the_stated_number_and_its_band_are_exact_quantities(claim):
    assert claim.stated() == quantity(50, "percent")
    low, high = claim.band()
    assert (low, high) == (quantity("49.5", "percent"), quantity("50.5", "percent"))


def test_a_column_of_a_table_is_a_quantity_in_its_unit(claim):
    @claim.reading("Growth", why="the harvest")
    def growth(harvest):
        baskets = column(harvest, "baskets")
        return baskets[1] / baskets[0] - 1

    assert first_reading(claim).low == 12.5


def test_rows_of_a_table_keep_the_units_of_its_columns(claim):
    harvest = claim.table("harvest")
    later = harvest[harvest["year"] > harvest["year"].min()]
    assert column(later, "baskets").sum() == quantity(135, "count")


def test_a_column_without_a_unit_is_refused(claim):
    with pytest.raises(KeyError, match=r"column 'year': expected one with a unit \(baskets\)"):
        column(claim.table("harvest"), "year")


def test_values_are_of_inputs_and_of_what_was_declared(claim):
    claim.reading("saved", "List", saving, "apple_price", "pear_price", why="the list")
    series = claim.series({"apple": "apple_price", "pear": "pear_price"}, "USD")
    assert dict(series) == {"apple": 1, "pear": 2}
    assert claim.value("saved", "percent") == 50
    with pytest.raises(KeyError, match="no input or reading 'save'; nearest is 'saved'"):
        claim.value("save", "percent")
