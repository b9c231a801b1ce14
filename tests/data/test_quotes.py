"""What `data/claims/` says an article states is what its quote states, number for number."""

import pytest

from claimbook.authoring.checklist import of_quotes
from claimbook.base.paths import find_project
from claimbook.data import quotes
from claimbook.data.registry import load

REGISTRY = load(find_project())
FIRST = next(iter(REGISTRY.claims.values()))


@pytest.mark.parametrize("page", REGISTRY.claims)
def test_the_quote_holds_the_stated_number_with_its_comparator(page):
    assert list(of_quotes(REGISTRY, [page])) == []


def test_another_number_would_be_noticed():
    found = {float(number.value) for number in quotes.numbers(FIRST.quote, "vi")}
    assert 69.4 not in found
    assert 96.4 in found


@pytest.mark.parametrize(
    "change",
    [{"stated": "69.4"}, {"comparator": "nearly"}, {"unit": "ratio", "stated": "0.965"}],
    ids=["number", "comparator", "unit"],
)
def test_a_statement_that_the_quote_does_not_make_is_noticed(change):
    part = FIRST.parts[0].model_copy(update=change)
    assert "in the quote: = " in quotes.unstated(FIRST, part, "vi")


def test_a_date_or_an_answer_need_not_be_a_number_of_the_quote():
    part = FIRST.parts[0].model_copy(update={"kind": "yes-no", "stated": "yes"})
    assert quotes.unstated(FIRST, part, "vi") == ""
