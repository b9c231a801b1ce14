"""What `claims.yml` says an article states is what its quote states, number for number."""

import re

import pytest

from claimbook import units
from claimbook.numerals import parse_hedged
from claimbook.paths import find_project
from claimbook.registry import load

REGISTRY = load(find_project())
PARTS = [
    (claim, part)
    for claim in REGISTRY.claims.values()
    for part in claim.parts
    if part.kind in ("number", "count")
]
# Words of a quote that stand beside its number and belong to its unit or its hedge.
WORDS = 6


def hedged_numbers(quote, language):
    """Every run of a few words in a quote that reads as one number, with its comparator."""
    words = re.sub("[“”\"']", "", quote).split()
    for start in range(len(words)):
        for end in range(start + 1, min(start + WORDS, len(words)) + 1):
            try:
                yield parse_hedged(" ".join(words[start:end]).rstrip("."), language)
            except ValueError:
                continue


@pytest.mark.parametrize(
    ("claim", "part"), PARTS, ids=[f"{claim.id} {part.id}" for claim, part in PARTS]
)
def test_the_quote_holds_the_stated_number_with_its_comparator(claim, part):
    language = REGISTRY.articles[claim.article].language
    in_base = units.parse_unit(part.unit)
    stated = float(units.registry().Quantity(float(part.stated), in_base).to_root_units().magnitude)
    if part.unit in ("percent",):
        stated = float(part.stated)
    found = {
        (float(value), comparator) for value, comparator in hedged_numbers(claim.quote, language)
    }
    assert any(
        value == pytest.approx(stated) and comparator == part.comparator
        for value, comparator in found
    ), f"{claim.quote!r} reads as {sorted(found)}, stated is {stated} with {part.comparator}"


def test_another_number_would_be_noticed():
    claim = next(iter(REGISTRY.claims.values()))
    found = {float(value) for value, _ in hedged_numbers(claim.quote, "vi")}
    assert 69.4 not in found
    assert 96.4 in found
