"""The ledger says what the notebooks' outputs say, and both say what the data now give."""

import csv
import io

import pytest

from claimbook.base.paths import find_project
from claimbook.data.registry import load
from claimbook.run import in_process, notebooks
from claimbook.verdicts import ledger
from claimbook.verdicts.result import CheckResult, Fact


@pytest.fixture(scope="module")
def registry(book):
    return load(book)


def stored(book, registry):
    found = {
        result.claim: result
        for page in registry.claims
        for result in notebooks.results(notebooks.read(book.notebook(page)))
    }
    return [found[claim] for claim in registry.claims]


def test_the_ledger_equals_the_outputs_of_the_notebooks(book, registry):
    assert book.ledger.read_text(encoding="utf-8") == ledger.text(stored(book, registry))


def test_every_claim_stands_in_the_ledger_in_the_order_of_the_claims(book, registry):
    rows = csv.DictReader(io.StringIO(book.ledger.read_text(encoding="utf-8")))
    assert list(dict.fromkeys(row["claim"] for row in rows)) == list(registry.claims)


@pytest.mark.parametrize("page", load(find_project()).claims)
def test_what_the_data_give_now_is_what_the_notebook_shows(book, page):
    shown = notebooks.results(notebooks.read(book.notebook(page)))
    now = [claim.result() for claim in in_process.run(book, page)]
    assert now == shown


def test_a_row_holds_the_interval_the_outcome_and_the_margin(small):
    claims = in_process.run(small, "apples-half-price")
    rows = list(csv.DictReader(io.StringIO(ledger.text([claims[0].result()]))))
    assert rows == [
        {
            "claim": "apples-half-price",
            "claim_verdict": "unsettled",
            "part": "saving",
            "verdict": "unsettled",
            "comparator": "=",
            "stated": "50",
            "unit": "percent",
            "reading": "list_price",
            "role": "reading",
            "recomputed_low": "49.4949494949",
            "recomputed_high": "50.495049505",
            "recomputed_unit": "percent",
            "outcome": "undecided",
            "off_by": "0",
            "margin": "0",
        }
    ]


CHECKS = [("consistent", "yes", "yes"), ("not consistent", "no", "no"), ("undecided", "no", "yes")]


@pytest.mark.parametrize(("outcome", "low", "high"), CHECKS)
def test_a_check_has_a_row_of_its_own_after_the_readings(small, outcome, low, high):
    result = in_process.recompute(load(small), "apples-half-price")
    check = CheckResult(
        id="direction",
        title="Apples are cheaper",
        outcome=outcome,
        detail="",
    )
    part = result.parts[0].model_copy(update={"checks": (check,)})
    changed = result.model_copy(update={"parts": (part,)})
    first, second = csv.DictReader(io.StringIO(ledger.text([changed])))
    assert first["reading"] == "list_price"
    assert {name: second[name] for name in ledger.COLUMNS[7:]} == {
        "reading": "direction",
        "role": "check",
        "recomputed_low": low,
        "recomputed_high": high,
        "recomputed_unit": "",
        "outcome": outcome,
        "off_by": "",
        "margin": "",
    }
    assert {name: second[name] for name in ledger.COLUMNS[:7]} == {
        name: first[name] for name in ledger.COLUMNS[:7]
    }


def test_a_fact_has_a_row_of_its_own_after_the_parts(small):
    result = in_process.recompute(load(small), "apples-half-price")
    fact = Fact(value=12.5, unit="USD", text="12.5 USD")
    changed = result.model_copy(update={"facts": {"dozen": fact}})
    _, row = csv.DictReader(io.StringIO(ledger.text([changed])))
    assert {name: text for name, text in row.items() if text} == {
        "claim": "apples-half-price",
        "claim_verdict": "unsettled",
        "reading": "dozen",
        "role": "fact",
        "recomputed_low": "12.5",
        "recomputed_high": "12.5",
        "recomputed_unit": "USD",
    }


def test_facts_stand_in_the_order_of_their_names(small):
    result = in_process.recompute(load(small), "apples-half-price")
    facts = {name: Fact(value=1, unit="USD", text="1 USD") for name in "bca"}
    changed = result.model_copy(update={"facts": facts})
    assert [key.reading for key in ledger.rows(ledger.text([changed]))][1:] == ["a", "b", "c"]


@pytest.fixture
def two_rows():
    """A ledger of one claim: a reading and a fact."""
    reading = ["a", "holds", "p", "holds", "=", "5", "USD", "r", "reading", "5", "5", "USD"]
    return [
        dict(zip(ledger.COLUMNS, [*reading, "consistent", "0", "1"], strict=True)),
        dict.fromkeys(ledger.COLUMNS, "")
        | {"claim": "a", "claim_verdict": "holds", "reading": "f", "role": "fact"},
    ]


def as_rows(found):
    return {ledger.Key(row["claim"], row["part"], row["reading"]): row for row in found}


def test_rows_are_what_the_text_was_written_from(small):
    results = [in_process.recompute(load(small), "apples-half-price")]
    found = ledger.rows(ledger.text(results))
    assert list(found) == [("apples-half-price", "saving", "list_price")]
    assert next(iter(found.values()))["outcome"] == "undecided"


def test_equal_ledgers_have_no_difference_whatever_the_order_of_their_rows(two_rows):
    assert ledger.differences(as_rows(two_rows), as_rows(reversed(two_rows))) == []


def test_a_difference_names_claim_part_reading_and_column(two_rows):
    reading, fact = two_rows
    after = as_rows([reading | {"outcome": "not consistent"}, fact])
    assert ledger.differences(as_rows(two_rows), after) == [
        ledger.Difference("a", "p", "r", "outcome", "consistent", "not consistent")
    ]


def test_a_moved_verdict_of_a_claim_or_part_is_one_difference_however_many_rows_have_it(two_rows):
    other = [row | {"claim_verdict": "nearly right"} for row in two_rows]
    assert ledger.differences(as_rows(two_rows), as_rows(other)) == [
        ledger.Difference("a", "", "", "claim_verdict", "holds", "nearly right")
    ]
    reading = two_rows[0]
    second = reading | {"reading": "s"}
    moved = [row | {"verdict": "nearly right"} for row in (reading, second)]
    assert ledger.differences(as_rows([reading, second]), as_rows(moved)) == [
        ledger.Difference("a", "p", "", "verdict", "holds", "nearly right")
    ]


def test_a_row_that_comes_and_one_that_goes_are_differences(two_rows):
    reading, fact = two_rows
    assert ledger.differences(as_rows([reading]), as_rows([fact])) == [
        ledger.Difference("a", "", "f", "", None, ""),
        ledger.Difference("a", "p", "r", "", "", None),
    ]


@pytest.mark.parametrize("column", ledger.COLUMNS)
def test_every_column_is_compared(two_rows, column):
    reading, fact = two_rows
    after = as_rows([reading | {column: "other"}, fact])
    assert ledger.differences(as_rows(two_rows), after)
