"""The rule for statements in words: worked cases, and what must be so for all witnesses."""

from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from claimbook import rule
from places import CASES

WORKED = yaml.safe_load((CASES / "witnessed.yml").read_text(encoding="utf-8"))
NAMES = ["a", "b", "c", "d", "agency", "rival"]
MIRRORED = {"supports": "contradicts", "contradicts": "supports", "silent": "silent"}
TURNED = {"holds": "does not hold", "does not hold": "holds"}


@st.composite
def a_witness(draw, ranks=rule.RANKS):
    source, rank = draw(st.sampled_from(NAMES[:4])), draw(st.sampled_from(ranks))
    retold = draw(st.sampled_from(["", *(name for name in NAMES if name != source)]))
    says = draw(st.sampled_from(list(MIRRORED)))
    sense = draw(st.sampled_from(["", "lab", "company"]))
    return rule.Witness(source, rank, says, "" if rank == "primary" else retold, sense)


witnesses = st.lists(a_witness(), max_size=6)


@pytest.mark.parametrize("case", WORKED, ids=lambda case: case["case"])
def test_witnesses_come_to_the_verdict_that_was_worked_out_by_hand(case):
    rows = [rule.Witness(*row) for row in case["rows"]]
    assert rule.witnessed_verdict(rows) == case["verdict"]


@given(rows=witnesses, data=st.data())
def test_the_order_of_witnesses_changes_nothing(rows, data):
    places = data.draw(st.permutations(range(len(rows))))
    shuffled = [rows[place] for place in places]
    assert rule.witnessed_verdict(shuffled) == rule.witnessed_verdict(rows)
    weights = rule.weights(rows)
    assert rule.weights(shuffled) == [weights[place] for place in places]


@given(rows=witnesses, more=a_witness(ranks=["tertiary"]))
def test_a_tertiary_witness_never_changes_a_verdict(rows, more):
    assert rule.witnessed_verdict([*rows, more]) == rule.witnessed_verdict(rows)


@given(rows=witnesses, more=a_witness())
def test_a_silent_witness_never_changes_a_verdict(rows, more):
    silent = replace(more, says="silent")
    assert rule.witnessed_verdict([*rows, silent]) == rule.witnessed_verdict(rows)


@given(rows=witnesses, says=st.sampled_from(list(MIRRORED)), sense=st.sampled_from(["", "lab"]))
def test_a_copy_of_a_witness_never_changes_a_verdict_whatever_it_says(rows, says, sense):
    speaking = [row for row in rows if row.rank != "tertiary" and row.says != "silent"]
    for original in speaking:
        copy = rule.Witness("copy", "secondary", says, original.source, sense)
        assert rule.witnessed_verdict([*rows, copy]) == rule.witnessed_verdict(rows)


@given(rows=witnesses)
def test_if_all_say_the_opposite_the_verdict_is_turned_round(rows):
    opposite = [replace(row, says=MIRRORED[row.says]) for row in rows]
    verdict = rule.witnessed_verdict(rows)
    assert rule.witnessed_verdict(opposite) == TURNED.get(verdict, verdict)


@given(rows=witnesses)
def test_what_holds_has_a_primary_source_or_two_secondary_ones_for_it_and_none_against(rows):
    counted = [
        row for row, weight in zip(rows, rule.weights(rows), strict=True) if weight == "counted"
    ]
    if rule.witnessed_verdict(rows) == "holds":
        assert {row.says for row in counted} == {"supports"}
        assert {row.rank for row in counted} in ({"primary"}, {"secondary"})
        assert counted[0].rank == "primary" or len({row.source for row in counted}) > 1


def test_a_primary_source_retells_nobody_and_no_source_itself():
    with pytest.raises(ValueError, match="retell nobody"):
        rule.Witness("a", "primary", "supports", "b")
    with pytest.raises(ValueError, match="found itself"):
        rule.Witness("a", "secondary", "supports", "a")
