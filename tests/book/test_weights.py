"""Two pages count the same parameters, one by matrix and one by layer."""

from functools import cache

import pytest
import yaml

from claimbook.base.paths import find_project
from claimbook.base.units import as_number, quantity
from claimbook.run import in_process
from places import CASES

WRITTEN = yaml.load(
    (CASES / "weights.yml").read_text(encoding="utf-8"),
    Loader=yaml.BaseLoader,
)
PAIRS = [(case, reading) for case in WRITTEN for reading in case["readings"]]


@cache
def result(slug):
    (claim,) = in_process.run(find_project(), slug)
    return claim.result()


@pytest.mark.parametrize(
    ("case", "reading"), PAIRS, ids=[f"{case['model']}: {reading}" for case, reading in PAIRS]
)
def test_each_page_comes_to_the_same_count_to_the_last_parameter(case, reading):
    slug, _, name = reading.partition(".")
    (found,) = [item for part in result(slug).parts for item in part.readings if item.id == name]
    assert found.low == found.high
    assert round(as_number(quantity(found.low, found.unit), "parameter")) == int(case["parameters"])
