"""The page of a claim: the answer first, the notebook below it."""

import copy
import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest

from claimbook.notebook import html, render
from claimbook.site import answer
from places import SITES
from small_sites import PAYLOADS, build, page, write_notebook

SLUG = "r1-96-percent-cheaper"
NOTEBOOK = """# The statement as a title

## The claim

What it is about.

## How it can be read

In two ways.

## Inputs

Where they come from.

## Computation

The formula.

## What this leaves out

- The rest.
"""
ORDER = [
    "cb-crumb",
    "<h1",
    "cb-answer",
    'id="in-a-minute"',
    'id="every-reading"',
    'id="what-this-leaves-out"',
    'id="how-we-know"',
    'id="the-working"',
    'id="working-readings"',
    'id="working-inputs"',
    'id="working-notebook"',
    'id="run"',
]


def outputs(**changes):
    """Payloads of a claim's notebook, with another verdict payload where one is given."""
    return [changes.get(kind, PAYLOADS[kind]) for kind in ("claim", "inputs", "verdict", "sources")]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A small site with one claim, whose notebook has all sections."""
    folder = tmp_path_factory.mktemp("answer")
    site = Path(shutil.copytree(SITES / "small", folder / "site"))
    write_notebook(site / "claim.ipynb", NOTEBOOK, *outputs(), PAYLOADS["sensitivity"])
    assert build(site, warningiserror=True) == (0, "")
    return site


def test_the_answer_stands_before_the_working_and_each_section_once(site):
    text = page(site, "claim")
    places = [text.index(mark) for mark in ORDER]
    assert places == sorted(places)
    assert all(text.count(mark) == 1 for mark in ORDER if mark.startswith("id="))


def test_the_title_of_the_page_is_what_came_out(site):
    headline = PAYLOADS["verdict"]["headline"]["en"]
    assert re.search(rf"<h1>{headline}", page(site, "claim"))
    assert headline in re.search("<title>(.*?)</title>", page(site, "claim"), re.S).group(1)
    assert "The statement as a title" not in page(site, "claim")


def test_every_reading_has_a_row_with_its_sum(site):
    text = page(site, "claim")
    for reading in PAYLOADS["verdict"]["result"]["parts"][0]["readings"]:
        row = re.search(rf'<li id="reading-{reading["id"]}".*?</li>', text, re.S).group(0)
        assert reading["text"] in row
    row = re.search(r'<li id="reading-output".*?</li>', text, re.S).group(0)
    assert re.sub("<[^>]+>", "", row).count("1 − 2.19 ÷ 60") == 1


def test_a_number_of_the_answer_opens_its_source(site):
    text = page(site, "claim")
    assert 'popovertarget="card-r1_output_price">2.19</button>' in text
    card = re.search(r'<div popover id="card-r1_output_price".*?</div>', text, re.S).group(0)
    for words in ("2.19", "Models &amp; Pricing", "primary", "row deepseek-reasoner", "sells the"):
        assert words in card
    assert 'href="#input-r1_output_price"' in card
    assert 'id="input-r1_output_price"' in text


def test_a_fold_says_what_is_in_it(site):
    text = page(site, "claim")
    inputs = PAYLOADS["inputs"]
    words = f"Inputs and sources: {len(inputs['inputs'])} numbers, {len(inputs['tables'])} table"
    assert words in text


def test_the_data_of_the_page_can_be_downloaded(site):
    folder = site / "_build" / "html"
    content = json.loads((folder / f"{SLUG}.json").read_text("utf-8"))
    assert content["result"] == PAYLOADS["verdict"]["result"]
    rows = list(csv.DictReader(io.StringIO((folder / f"{SLUG}.csv").read_text("utf-8"))))
    readings = PAYLOADS["verdict"]["result"]["parts"][0]["readings"]
    assert [row["reading"] for row in rows] == [reading["id"] for reading in readings]
    assert rows[0]["sum"] == "1 − 2.19 ÷ 60"
    for suffix in ("json", "csv"):
        assert f'href="{SLUG}.{suffix}"' in page(site, "claim")


def test_a_notebook_without_a_verdict_stays_as_it_is(tmp_path):
    site = Path(shutil.copytree(SITES / "small", tmp_path / "site"))
    write_notebook(site / "claim.ipynb", NOTEBOOK, PAYLOADS["claim"])
    build(site)
    text = page(site, "claim")
    assert "The statement as a title" in text
    assert "cb-answer" not in text


def part(verdict, *outcomes, checks=(), **more):
    """A part whose readings came to these outcomes."""
    return {
        "id": "share",
        "label": {"en": "the share", "vi": "tỷ lệ"},
        "verdict": verdict,
        "stated_text": "50 %",
        "band": [49.5, 50.5],
        "band_text": "49.5 to 50.5 %",
        "recomputed_text": "50.2 %",
        "why": "1 of 2 readings consistent",
        "checks": list(checks),
        "readings": [
            {
                "id": f"reading_{number}",
                "title": f"Reading {number}",
                "role": "reading",
                "outcome": outcome,
                "text": f"5{number} %",
                "off_by": number / 10,
                "off_by_text": f"off by {number} %",
            }
            for number, outcome in enumerate(outcomes, 1)
        ],
    } | more


YES, NO = "consistent", "not consistent"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([part("holds", YES)], "50.2 % lies within what counts as 50 %: 49.5 to 50.5 %."),
        ([part("depends on the reading", YES, NO)], "Fits: Reading 1. Does not: Reading 2."),
        (
            [part("nearly right", NO, NO)],
            "51 % is off by 1 %; 49.5 to 50.5 % would count as 50 %.",
        ),
        (
            [part("does not hold", NO)],
            "50.2 % is outside what counts as 50 %: 49.5 to 50.5 %.",
        ),
        (
            [part("does not hold", YES, checks=[{"outcome": NO}], why="fails: The direction")],
            "Fails: The direction.",
        ),
        (
            [part("holds", YES), part("does not hold", NO, label={"en": "the rest", "vi": ""})],
            "Holds: the share. Does not hold: the rest.",
        ),
    ],
)
def test_a_verdict_says_why_in_a_sentence(parts, words):
    assert answer.why({"verdict": parts[-1]["verdict"], "parts": parts}) == words


@pytest.mark.parametrize("readings", [2, 5, 9])
def test_the_reason_of_a_verdict_has_at_most_twenty_words(readings):
    found = part("depends on the reading", *[YES, *[NO] * readings])
    for number, reading in enumerate(found["readings"]):
        reading["title"] = f"The share of one reading in all the others, number {number}"
    assert len(answer.why({"parts": [found]}).split(" ")) <= answer.MAX_WHY_WORDS


def test_of_several_parts_the_worst_is_named_where_there_is_no_room_for_all():
    parts = [
        part(verdict, YES, label={"en": " ".join([name] * 9), "vi": ""})
        for verdict, name in (("holds", "a"), ("unsettled", "b"), ("does not hold", "c"))
    ]
    assert answer.why({"parts": parts}) == f"Does not hold: {' '.join('c' * 9)}."


def test_of_a_claim_that_holds_in_part_both_what_holds_and_what_does_not_are_named():
    parts = [
        part(verdict, YES, label={"en": " ".join([name] * words), "vi": ""})
        for verdict, name, words in (
            ("holds", "a", 7),
            ("unsettled", "b", 7),
            ("does not hold", "c", 7),
        )
    ]
    found = answer.why({"parts": parts})
    assert found == f"Holds: {' '.join('a' * 7)}. Does not hold: {' '.join('c' * 7)}."


def test_what_does_not_hold_decides_before_what_is_unsettled():
    parts = [part(verdict, YES) for verdict in ("holds", "unsettled", "does not hold")]
    assert answer.deciding({"verdict": "holds in part", "parts": parts}) is parts[2]
    assert answer.deciding({"verdict": "unsettled", "parts": parts[:2]}) is parts[1]


def test_the_nearest_break_evens_come_first_and_only_a_few():
    rows = [
        {"input": name, "quantity": name, "below": below, "above": "none", "nearest": nearest}
        for name, below, nearest in (
            ("far", "1 (−90 %)", 0.9),
            ("edge", "on the edge", 0.0),
            ("near", "5 (−1 %)", 0.01),
            ("never", "none", None),
        )
    ]
    found = answer.flips([{"readings": [{"rows": rows}]}], {"near": "The near one"})
    assert found == ["edge: any fall", "The near one: below 5 (−1 %)"]


def test_the_weakest_link_is_the_input_that_decides_and_has_the_weakest_source():
    def cited(name, kind, **more):
        citation = {"source": name, "kind": kind, "seen": "excerpt of a page"}
        known = {"id": name, "known": "then", "short": {"en": name}, "citations": [citation]}
        return known | more

    inputs = [
        cited("sure", "primary"),
        cited("told", "secondary"),
        cited("context", "tertiary", only_context="shown alone"),
    ]
    reading = part("holds", YES)["readings"][0] | {"inputs": ["sure", "told"]}
    result = {"parts": [{"checks": [], "readings": [reading]}]}
    found = answer.support({"inputs": inputs, "tables": []}, [], result)
    assert (found["weakest_names"], found["weakest_kind"]) == ("told", "secondary")
    assert (found["numbers"], found["primary"], found["context"]) == (3, 1, 1)


def test_texts_of_the_answer_are_escaped(tmp_path):
    hostile = copy.deepcopy(PAYLOADS["verdict"])
    text = "<script>alert(1)</script>"
    hostile["headline"] = {"en": text, "vi": text}
    hostile["result"]["parts"][0]["readings"][0] |= {"title": text, "why": text, "text": text}
    hostile["result"]["sums"]["output"]["en"][0]["text"] = text
    site = Path(shutil.copytree(SITES / "small", tmp_path / "site"))
    write_notebook(site / "claim.ipynb", NOTEBOOK, *outputs(verdict=hostile))
    build(site)
    assert "alert(1)</script>" not in page(site, "claim")
    assert render.MIME not in page(site, "claim")


@pytest.mark.parametrize(
    ("seen", "url", "address"),
    [
        ("excerpt", "https://example.org/a", "https://example.org/a"),
        ("excerpt", "javascript:alert(1)", ""),
        (
            f"file in repository one/two at commit {'ab' * 20}, data/Hardware prices.csv",
            "https://github.com/one/two",
            f"https://github.com/one/two/blob/{'ab' * 20}/data/Hardware%20prices.csv",
        ),
        (
            f"file in repository one/two at commit {'ab' * 20}, README.md",
            "https://example.org/copy",
            "https://example.org/copy",
        ),
    ],
)
def test_a_citation_leads_to_the_file_that_was_seen(seen, url, address):
    assert html.source_address({"seen": seen, "url": url}) == address
