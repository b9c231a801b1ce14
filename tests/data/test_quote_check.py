"""What an entry says the article states is what its quote states: value, hedge, scale and unit."""

import pytest
import yaml

from claimbook.authoring.checklist import faults_of_quotes
from claimbook.base.paths import find_project
from claimbook.data import quote_check
from claimbook.data.registry import load
from places import CASES

REGISTRY = load(find_project())
FIRST = next(iter(REGISTRY.claims.values()))
WRITTEN = yaml.load((CASES / "quote_check.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
REASON = {"value": "1", "reason": "as written"}


def part_of(comparator, stated, unit, **more):
    """The first part of a claim with another number, which is checked as in a file."""
    fields = FIRST.parts[0].model_dump()
    rounding = None if "." in stated else REASON
    changed = {"comparator": comparator, "stated": stated, "unit": unit, "round_to": rounding}
    return type(FIRST.parts[0])(**fields | {"kind": "number"} | changed | more)


def fault(quote, part, language="vi"):
    return quote_check.unstated(FIRST.model_copy(update={"quote": quote}), part, language)


@pytest.mark.parametrize("page", REGISTRY.claims)
def test_the_quote_of_every_claim_states_its_numbers(page):
    assert list(faults_of_quotes(REGISTRY, [page])) == []


@pytest.mark.parametrize(
    "case", WRITTEN, ids=lambda case: f"{case['quote']} | {' '.join(case['entry'])}"
)
def test_an_entry_is_taken_only_if_the_longest_phrase_of_its_quote_says_so(case):
    found = fault(case["quote"], part_of(*case["entry"]), case.get("lang", "vi"))
    assert (found == "") == (case["states"] == "yes"), found


def test_a_fault_names_what_is_stated_and_what_the_quote_has():
    assert fault("giảm gần 600 tỷ USD", part_of("=", "600", "USD")) == (
        "stated: expected a number that the quote has, with its comparator and unit; found = 600, "
        "and in the quote: nearly 600,000,000,000 USD (unit of the entry: USD). If the words do "
        "say so, give the reason in quote_says"
    )
    assert "in the quote: none" in fault("giá rẻ", part_of("=", "600", "USD"))


def test_a_date_or_an_answer_need_not_be_a_number_of_the_quote():
    part = FIRST.parts[0].model_copy(update={"kind": "yes-no", "stated": "yes"})
    assert quote_check.unstated(FIRST, part, "vi") == ""


def test_an_entry_may_declare_how_the_words_state_its_number():
    quote, said = "tăng 1,087%", {"quote_says": "an English comma, as the table shows"}
    assert fault(quote, part_of("=", "1087", "percent"))
    assert fault(quote, part_of("=", "1087", "percent", **said)) == ""


def test_a_declaration_that_is_not_needed_is_a_fault():
    part = part_of("=", "17", "percent", quote_says="a reason")
    assert fault("giảm 17%", part).startswith("quote_says: expected none")
