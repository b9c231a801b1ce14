"""Invisible characters are found, named and spelt out; those that lay out or join are not."""

import pytest
import yaml

from claimbook.base.characters import first_invisible, visible
from places import CASES

WRITTEN = yaml.safe_load((CASES / "hostile.yml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "character"), WRITTEN["invisible characters"].items(), ids=lambda item: ascii(item)
)
def test_an_invisible_character_is_found_where_it_is_and_named(name, character):
    found = first_invisible(f"line\n\tab{character}c")
    assert (found.name, found.line, found.column) == (name, 2, 4)
    assert character not in visible(character)


@pytest.mark.parametrize("text", WRITTEN["honest characters"])
def test_what_lays_out_or_joins_is_as_good_as_visible(text):
    assert first_invisible(text) is None
    assert visible(text) == text
