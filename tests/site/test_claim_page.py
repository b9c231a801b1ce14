"""The page of a claim: the answer first, the notebook below it."""

import copy
import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest

import testimony
from claimbook.notebook import html, render
from claimbook.run import in_process
from claimbook.site import answer
from places import SITES
from small_sites import PAYLOADS, build, page, write_notebook
from testimony import hoped, row, told, write_claim

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


# Statements in words


def word_outputs(small, *parts, code=""):
    """What the notebook of a claim in words shows."""
    (claim,) = in_process.run(write_claim(small, *parts, code=code), testimony.SLUG)
    views = [claim.verdict(), claim.sources(), *(claim.sensitivity(part["id"]) for part in parts)]
    views += [claim.witnesses()] if any(part["kind"] == "witnessed" for part in parts) else []
    return [claim._repr_mimebundle_()[render.MIME], *(view.payload() for view in views)]


def word_page(tmp_path, small, *parts, code=""):
    site = Path(shutil.copytree(SITES / "small", tmp_path / "site"))
    (site / "board.md").write_text("# Board\n\n```{scoreboard}\n```\n", "utf-8")
    write_notebook(site / "claim.ipynb", NOTEBOOK, *word_outputs(small, *parts, code=code))
    assert build(site, warningiserror=True) == (0, "")
    return site


def text_of(site, mark):
    """What stands on the page in the block of a class, without its markup."""
    block = re.search(rf'<div class="cb {mark}.*?</div>', page(site, "claim"), re.S).group(0)
    return " ".join(re.sub("<[^>]+>", " ", block).split())


def test_the_first_picture_of_a_statement_in_words_is_who_says_what(tmp_path, small):
    site = word_page(
        tmp_path,
        small,
        told(
            row("mayor", date="2025-01-02"),
            row("paper", depends_on="agency"),
            row("radio", depends_on="agency", quote="in town"),
            row("blog", "contradicts", "tertiary"),
            unseen=[{"id": "agency", "name": "an agency"}],
        ),
    )
    answered = text_of(site, "cb-answer")
    assert "✓ The mayor · secondary, 2 January 2025 supports" in answered
    assert "holds 2 independent sources for it, none against." in answered
    assert "✓ The paper · secondary supports" in answered
    assert "✓ The radio · secondary; one witness with The paper supports" in answered
    assert "✗ The blog · tertiary contradicts" in answered
    assert "cb-number-line" not in page(site, "claim")
    minute = text_of(site, "cb-minute")
    assert "Who supports it: The mayor; The paper; The radio." in minute
    assert "Not counted: The blog (tertiary)." in minute
    assert "without The mayor: unsettled; without The paper and The radio: unsettled." in minute
    evidence = text_of(site, "cb-every")
    assert "in town , secondary; retells an agency" in evidence
    assert "retells an agency, not seen" in evidence
    known = text_of(site, "cb-known")
    assert "4 sources were looked at for what they say: 3 secondary, 1 tertiary; 3 count" in known
    assert "as 2 independent witnesses" in known
    table = (site / "_build" / "html" / f"{testimony.SLUG}.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [(one["reading"], one["says"], one["not_counted"]) for one in rows] == [
        ("mayor", "supports", ""), ("paper", "supports", ""), ("radio", "supports", ""),
        ("blog", "contradicts", "tertiary"),
    ]  # fmt: skip


def test_a_page_of_what_cannot_be_checked_says_why_what_would_settle_it_and_shows_context(
    tmp_path, small
):
    code = 'claim.context("listed", "The price", "apple_price", part="hope", why="as listed")'
    site = word_page(tmp_path, small, hoped(), code=code)
    assert "– not checkable A prediction: what it speaks of" in text_of(site, "cb-answer")
    minute = text_of(site, "cb-minute")
    assert "Not checkable: a prediction." in minute
    assert "What would settle it: the land register" in minute
    assert "What would change it" not in minute
    evidence = text_of(site, "cb-every").replace("\u00a0", " ")
    assert "The price · as listed 1 USD" in evidence
    assert "for comparison" not in evidence, "context is all there is, so it is not folded"


def test_a_claim_with_a_price_and_words_shows_both(tmp_path, small):
    price = testimony.PRICE
    parts = price, told(row("mayor", "contradicts", "primary"))
    site = word_page(tmp_path, small, *parts, code=testimony.PRICE_CODE)
    assert "Holds: price of an apple. Does not hold: a shop in town." in text_of(site, "cb-answer")
    assert "✗ The mayor · primary contradicts" in text_of(site, "cb-answer")
    minute = text_of(site, "cb-minute")
    assert "Who contradicts it: The mayor." in minute
    assert "without The mayor: unsettled" in minute
    assert "below" in minute


@pytest.mark.parametrize("names", [1, 3, 9])
@pytest.mark.parametrize("says", ["supports", "contradicts", "silent"])
def test_the_reason_of_a_statement_in_words_has_at_most_twenty_words(names, says):
    told = [
        {
            "who": "A very long name of a newspaper, and of where it was seen",
            "says": says if number else "supports",
            "counted": True,
            "rank": "secondary",
            "sense": {"en": "a sense of one's own"},
        }
        for number in range(names)
    ]
    for verdict in ("holds", "does not hold", "depends on the reading", "unsettled"):
        found = {"kind": "witnessed", "verdict": verdict, "witnesses": told}
        found |= {"recomputed_text": "12 independent sources for it, 12 against"}
        words = answer.why({"parts": [found]})
        assert 2 < len(words.split(" ")) <= answer.MAX_WHY_WORDS


@pytest.mark.parametrize("reason", ["opinion", "prediction", "words without a number"])
def test_why_something_cannot_be_checked_has_at_most_twenty_words(reason):
    found = answer.why({"parts": [{"kind": "not-checkable", "reason": reason}]})
    assert len(found.split(" ")) <= answer.MAX_WHY_WORDS
