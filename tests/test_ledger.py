"""The ledger says what the notebooks' outputs say, and both say what the data now give."""

import csv
import io

import pytest

from claimbook import ledger, notebooks
from claimbook.paths import find_project
from claimbook.registry import load
from claimbook.result import CheckResult


@pytest.fixture(scope="module")
def registry(book):
    return load(book)


def stored(book, registry):
    found = {
        result.claim: result
        for page in registry.pages
        for result in notebooks.results(notebooks.read(book.notebook(page)))
    }
    return [found[claim] for claim in registry.claims]


def test_the_ledger_equals_the_outputs_of_the_notebooks(book, registry):
    assert book.ledger.read_text(encoding="utf-8") == ledger.text(stored(book, registry))


def test_every_claim_stands_in_the_ledger_in_the_order_of_the_claims(book, registry):
    rows = csv.DictReader(io.StringIO(book.ledger.read_text(encoding="utf-8")))
    assert list(dict.fromkeys(row["claim"] for row in rows)) == list(registry.claims)


@pytest.mark.parametrize("page", load(find_project()).pages)
def test_what_the_data_give_now_is_what_the_notebook_shows(book, page):
    shown = notebooks.results(notebooks.read(book.notebook(page)))
    now = [claim.result() for claim in notebooks.run(book, page)]
    assert now == shown


def test_a_row_holds_the_interval_the_outcome_and_the_margin(small):
    claims = notebooks.run(small, "apples-half-price")
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
    (result,) = notebooks.recompute(load(small), "apples-half-price")
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
