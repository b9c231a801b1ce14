"""Claims in words: what their files may say, and what they come to beside claims with numbers."""

import pytest

from claimbook.base.faults import DataError
from claimbook.data.registry import load
from claimbook.run import in_process
from claimbook.run.notebooks import NotebookError
from claimbook.verdicts import ledger
from testimony import FILE, PRICE, PRICE_CODE, SLUG, hoped, row, told, write_claim

HOPE_CODE = """
def twice(apple_price):
    return 2 * apple_price


claim.context("twice", "Twice the price", twice, "apple_price", part="hope", unit="USD", why="near")
claim.context("listed", "The price", "apple_price", part="hope", why="as listed")
"""


def claim_of(project, *parts, **more):
    (claim,) = in_process.run(write_claim(project, *parts, **more), SLUG)
    return claim


def test_a_witnessed_part_needs_no_reading_and_says_who_counts(small):
    claim = claim_of(
        small,
        told(
            row("mayor"),
            row("paper", depends_on="agency", date="2025-01-02"),
            row("radio", depends_on="agency"),
            row("copy", says="contradicts", depends_on="mayor"),
            row("blog", kind="tertiary"),
            unseen=[{"id": "agency", "name": "an agency"}],
        ),
    )
    (part,) = claim.result().parts
    assert part.verdict == "holds"
    assert part.recomputed_text == "2 independent sources for it, none against"
    assert [(found.id, found.counted) for found in part.witnesses] == [
        ("mayor", True), ("paper", True), ("radio", True), ("copy", False), ("blog", False),
    ]  # fmt: skip
    assert [found.one_with for found in part.witnesses] == [(), ("radio",), ("paper",), (), ()]
    assert part.witnesses[1].retells == "an agency, not seen"
    assert part.witnesses[3].why_not == "retells another one here"
    assert part.witnesses[4].why_not == "tertiary"


def test_the_result_speaks_both_languages(small):
    words = claim_of(small, told(row("mayor", says="contradicts", kind="primary"))).result()
    english, vietnamese = words.references["en"], words.references["vi"]
    assert english["place.recomputed"] == "no independent sources for it, 1 against"
    assert vietnamese["place.recomputed"] == (
        "không nguồn độc lập ủng hộ, 1 nguồn độc lập phản bác"
    )
    assert (english["place.stated"], vietnamese["place.stated"]) == (
        "the shop is in town", "cửa hàng trong phố",
    )  # fmt: skip
    assert vietnamese["place.verdict"] == "không đúng"


@pytest.mark.parametrize(
    ("says", "verdict"),
    [("supports", "holds"), ("contradicts", "holds in part"), ("silent", "holds in part")],
)
def test_parts_of_several_kinds_make_one_verdict(small, says, verdict):
    claim = claim_of(small, PRICE, told(row("mayor", says, "primary")), hoped(), code=PRICE_CODE)
    result = claim.result()
    assert result.verdict == verdict
    assert [part.verdict for part in result.parts][::2] == ["holds", "not checkable"]
    assert claim.verdict().payload()["whatif"]["parts"][1]["verdicts"] == {
        "||": result.parts[1].verdict
    }


def test_what_cannot_be_checked_says_why_and_shows_context_in_its_own_unit(small):
    (part,) = claim_of(small, hoped("opinion"), code=HOPE_CODE).result().parts
    assert (part.verdict, part.reason, part.recomputed_text) == (
        "not checkable", "opinion", "an opinion",
    )  # fmt: skip
    assert [(found.low, found.unit, found.role) for found in part.readings] == [
        (2, "USD", "context"), (1, "USD", "context"),
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["reading", "proxy"])
@pytest.mark.parametrize(
    ("part", "message"),
    [
        (told(row("mayor")), "is witnessed and its witnesses decide"),
        (hoped(), "is not-checkable and nothing decides"),
    ],
    ids=["witnessed", "not-checkable"],
)
def test_nothing_that_would_count_is_computed_for_words(small, role, part, message):
    code = f'claim.{role}("listed", "Listed", "apple_price", why="as listed")'
    with pytest.raises(NotebookError, match=message):
        claim_of(small, part, code=code)


def test_sensitivity_leaves_out_each_witness_with_all_that_is_one_with_it(small):
    claim = claim_of(
        small,
        told(
            row("mayor"),
            row("paper", depends_on="agency"),
            row("radio", depends_on="agency"),
            row("copy", depends_on="mayor"),
            unseen=[{"id": "agency", "name": "an agency"}],
        ),
    )
    payload = claim.sensitivity("place").payload()
    assert payload["verdict"] == "holds"
    assert [(found["witnesses"], found["without"]) for found in payload["witnesses"]] == [
        (["mayor"], "unsettled"), (["paper", "radio"], "unsettled"),
    ]  # fmt: skip
    claim = claim_of(small, told(row("mayor"), row("paper"), row("radio")))
    assert {found["without"] for found in claim.sensitivity().payload()["witnesses"]} == {"holds"}


def test_every_witness_has_a_row_in_the_ledger_and_so_has_a_part_without_any(small):
    claim = claim_of(small, told(row("mayor"), row("blog", kind="tertiary")), hoped())
    rows = ledger.rows(ledger.text([claim.result()]))
    assert [(key.part, key.reading) for key in rows] == [
        ("place", "mayor"), ("place", "blog"), ("hope", ""),
    ]  # fmt: skip
    found = rows[ledger.Key(SLUG, "place", "blog")]
    assert (found["outcome"], found["recomputed_low"]) == ("supports", "tertiary, not counted")
    assert rows[ledger.Key(SLUG, "hope", "")]["verdict"] == "not checkable"


def test_the_notebook_shows_witnesses_in_every_form(small):
    claim = claim_of(small, told(row("mayor"), row("blog", kind="tertiary")))
    shown = claim.witnesses()._repr_mimebundle_()
    assert "mayor (secondary) supports it: The mayor says so." in shown["text/plain"]
    assert "blog (tertiary, not counted: tertiary) supports it" in shown["text/plain"]
    for words in ("The mayor says so.", "tertiary", "✓"):
        assert words in shown["text/html"]
    with pytest.raises(ValueError, match="expected a witnessed part, found not-checkable"):
        claim_of(small, hoped()).witnesses()


AGENCY = {"unseen": [{"id": "agency", "name": "an agency"}]}
W = f"{FILE}: parts.place.witnesses"
FAULTS = [
    ("no witness", told(), f"{W}: expected at least one for this kind, found none"),
    (
        "witnesses of a number", PRICE | {"witnesses": [row("mayor")]},
        f"{FILE}: parts.price.witnesses: expected none, which only witnessed parts have; found one",
    ),
    (
        "a reason of a witnessed part", told(row("mayor"), reason="opinion"),
        f"{FILE}: parts.place.reason: expected none, which only not-checkable parts have; "
        "found one",
    ),
    (
        "no reason", hoped(""),
        f"{FILE}: parts.hope.reason: expected one of opinion, prediction, words without a number "
        "for this kind, found nothing",
    ),
    (
        "a unit of words", told(row("mayor"), unit="USD"),
        f"{FILE}: parts.place.unit: expected none, which only numbers and counts have; found one",
    ),
    (
        "too many words", told(row("mayor"), stated="word " * 17),
        f"{FILE}: parts.place.stated: expected at most 16 words for this kind, found 17",
    ),
    (
        "says perhaps", told(row("mayor", says="perhaps")),
        f"{W}.1.says: expected 'supports', 'contradicts' or 'silent', found 'perhaps'",
    ),
    ("an unknown source", told(row("major")), f"{W}.1.source: unknown source 'major'"),
    (
        "an unknown source that is retold", told(row("mayor"), row("copy", depends_on="major")),
        f"{W}.2.depends_on: unknown source 'major'; nearest is 'mayor'",
    ),
    (
        "one source twice", told(row("mayor"), row("mayor", says="contradicts")),
        f"{W}: expected each source and sense once, found 'mayor' twice",
    ),
    (
        "a primary copy", told(row("mayor"), row("copy", kind="primary", depends_on="mayor")),
        f"{W}.2.depends_on: expected none, because a primary source retells nobody; found one",
    ),
    (
        "a copy of itself", told(row("copy", depends_on="copy")),
        f"{W}.1.depends_on: expected another source than its own, found the same",
    ),
    (
        "a secondary copy of a tertiary one",
        told(row("blog", kind="tertiary"), row("copy", depends_on="blog")),
        f"{W}.2.kind: expected tertiary, because it retells a tertiary source; found 'secondary'",
    ),
    (
        "a copy of silence", told(row("mayor", says="silent"), row("copy", depends_on="mayor")),
        f"{W}.2.depends_on: expected a source that says something, found 'mayor'",
    ),
    (
        "an unseen source that nobody retells", told(row("mayor"), **AGENCY),
        f"{FILE}: parts.place.unseen: expected sources that a witness retells, found 'agency'",
    ),
    (
        "an unseen source that is a witness",
        told(row("mayor"), row("copy", depends_on="mayor"), unseen=[{"id": "mayor", "name": "x"}]),
        f"{FILE}: parts.place.unseen: expected sources that no witness is, found 'mayor'",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "fault"), [case[1:] for case in FAULTS], ids=[c[0] for c in FAULTS]
)
def test_a_mistake_in_a_statement_in_words_is_named_with_its_place(small, part, fault):
    write_claim(small, part)
    with pytest.raises(DataError) as error:
        load(small)
    assert fault in str(error.value)


def test_a_later_witness_is_not_said_to_be_known_then(small):
    path = small.articles
    path.write_text(
        path.read_text("utf-8").replace("  about:", "  published: 2025-02-02\n  about:")
    )
    write_claim(small, told(row("mayor", date="2025-02-03")))
    with pytest.raises(DataError, match=r"1\.known: expected 'later', because 2025-02-03"):
        load(small)


@pytest.mark.parametrize(
    ("part", "word"),
    [(told(row("mayor")), "unsettled by its witnesses"), (hoped(), "not checkable")],
    ids=["unsettled", "not checkable"],
)
def test_what_is_left_open_says_what_would_settle_it(small, part, word):
    write_claim(small, part, settle="")
    with pytest.raises(DataError, match=f"settle: expected what would settle it, .* is {word}"):
        load(small)
    load(write_claim(small, told(row("mayor", kind="primary")), settle=""))
