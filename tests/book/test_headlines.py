"""Headline numbers against plain arithmetic that shares nothing with the package.

The numbers here are typed from the sources a second time, on purpose: a slip in `data/`, in a
notebook or in the package shows as a difference.
"""

import csv

import pytest

# DeepSeek-V3 and Llama 3.1 405B, from the published configurations.
ATTENTION = (
    7168 * 1536 + 1536 * 128 * 192 + 7168 * 576 + 512 * 128 * 256 + 128 * 128 * 7168 + 1536 + 512
)
DENSE_LAYER = ATTENTION + 3 * 7168 * 18432 + 2 * 7168
EXPERT = 3 * 7168 * 2048
ROUTER = 256 * 7168 + 256
MOE_LAYER = ATTENTION + 257 * EXPERT + ROUTER + 2 * 7168
V3 = 3 * DENSE_LAYER + 58 * MOE_LAYER + 2 * 129280 * 7168 + 7168
V3_ACTIVE = V3 - 58 * (256 - 8) * EXPERT
LLAMA_LAYER = 2 * 16384**2 + 2 * 16384 * 1024 + 3 * 16384 * 53248 + 2 * 16384
LLAMA = 126 * LLAMA_LAYER + 2 * 128256 * 16384 + 16384

DAY_AT_R1 = (608 - 342) * 0.55 + 342 * 0.14 + 168 * 2.19
DAY_AT_O1 = (608 - 342) * 15 + 342 * 7.5 + 168 * 60
FALL = 142.62 - 118.42

EXPECTED = {
    ("r1-96-percent-cheaper", "output"): (100 * (1 - 2.19 / 60), 1e-10),
    ("r1-96-percent-cheaper", "input_"): (100 * (1 - 0.55 / 15), 1e-10),
    ("r1-96-percent-cheaper", "cached_input"): (100 * (1 - 0.14 / 7.5), 1e-10),
    ("r1-96-percent-cheaper", "traffic_mix"): (100 * (1 - DAY_AT_R1 / DAY_AT_O1), 2e-5),
    ("671-billion-parameters", "total"): (V3 / 1e9, 1e-11),
    ("1-6-times-llama-405b", "as_large"): (V3 / LLAMA, 1e-10),
    ("1-6-times-llama-405b", "larger_by"): (V3 / LLAMA - 1, 1e-10),
    ("nvidia-17-percent", "close_to_close"): (100 * FALL / 142.62, 1e-10),
    ("nvidia-600-billion", "filed_2024_11_15"): (FALL * 24.49, 3e-4),
    ("nvidia-600-billion", "counted_2025_01_26"): (FALL * 24.477, 3e-5),
    ("nvidia-600-billion", "filed_2025_02_21"): (FALL * 24.4, 3e-3),
    ("training-cost-5-576-million", "by_stage"): ((2664 + 119 + 5) * 2 / 1000, 1e-10),
    ("server-capex-1-6-billion", "as_published"): (1.6, 0.04),
}
COUNTS = {
    "packages_to_december": 3,
    "packages": 4,
    "chip_rules": 5,
    "chip_documents": 7,
    "all_documents": 15,
}


@pytest.fixture(scope="module")
def rows(book):
    with book.ledger.open(encoding="utf-8", newline="") as file:
        return {(row["claim"], row["reading"]): row for row in csv.DictReader(file)}


def middle(row):
    return (float(row["recomputed_low"]) + float(row["recomputed_high"])) / 2


def test_the_parameter_counts_are_exact():
    assert V3 == 671_026_419_200
    assert LLAMA == 405_853_388_800
    assert V3_ACTIVE == 37_552_297_472


@pytest.mark.parametrize("key", EXPECTED, ids=" ".join)
def test_a_headline_number_agrees_with_plain_arithmetic(rows, key):
    expected, tolerance = EXPECTED[key]
    assert middle(rows[key]) == pytest.approx(expected, rel=tolerance)


@pytest.mark.parametrize("rule", COUNTS)
def test_a_count_of_export_rules_agrees_with_a_count_by_hand(rows, rule):
    assert middle(rows["three-export-restrictions", rule]) == COUNTS[rule]


def test_the_fleet_costs_what_its_rows_add_up_to(rows):
    row = rows["server-capex-1-6-billion", "bottom_up"]
    low = 10 * 13790 + 10 * 33800 + 10 * 31119.5 + 30 * 16400
    high = 10 * 37500 + 10 * 44750 + 10 * 46875 + 30 * 21320
    assert float(row["recomputed_low"]) == pytest.approx(low / 1e6)
    assert float(row["recomputed_high"]) == pytest.approx(high / 1e6)


def test_the_worst_fall_is_nearly_600_billion_on_every_filed_count(rows):
    filed = [row for (claim, _), row in rows.items() if claim == "nvidia-600-billion"]
    counted = [row for row in filed if row["role"] == "reading"]
    assert len(counted) == 3
    assert all(570 < float(row["recomputed_low"]) < 600 for row in counted)
