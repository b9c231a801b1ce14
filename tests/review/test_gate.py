"""The mutation gate: a number that nothing notices, or that is noticed elsewhere, fails by name."""

import json
import re
from dataclasses import replace
from fractions import Fraction

import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from claimbook import cli
from claimbook.base.paths import ROOT_VARIABLE, find_project
from claimbook.data.registry import load
from claimbook.review.gate import steps, trial
from claimbook.review.gate.run import Gate, GateError
from claimbook.review.gate.targets import Target, moved, targets
from claimbook.run import notebooks
from claimbook.verdicts import sensitivity
from growing import add_claim
from settling import settle
from testimony import FILE, SLUG, row, told, write_claim

PAGE = "apples-half-price"
PRICES = "data/inputs/prices.yml"
TABLES = "data/tables/datapackage.json"
UNNOTICED = (
    "expected a reading, check or fact that changes with it, found none on apples-half-price: "
    "use it, or say in only_context why it is only context"
)
HARVEST = """
@claim.context("Harvest", why="for comparison", unit="count")
def harvested(harvest):
    return harvest["baskets"].sum()
"""
PLUM = """
- id: plum_price
  quantity: Price of a plum
  short: {en: plum, vi: mận}
  value: "0.30"
  unit: USD
  as_of: 2025-01-01
  precision: exact
  known: then
  citations:
    - source: price-list
      kind: primary
"""


# The book itself


@pytest.fixture(scope="module")
def gate(book):
    return Gate(load(book))


@pytest.mark.parametrize("source", Gate(load(find_project())).sources)
def test_the_ledger_notices_every_number_of_the_book_or_data_say_why_not(gate, source):
    report = gate.report([source])
    assert [str(fault) for fault in report.failures] == []
    assert report.findings


# A small project that passes, to be broken


def edit(path, *pairs):
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def add_code(project, text):
    """A cell before the verdict of the page."""
    path = project.notebook(PAGE)
    notebook = notebooks.read(path)
    notebook.cells.insert(3, nbformat.v4.new_code_cell(text))
    nbformat.write(notebook, path)


def prices(project):
    return project.data / "inputs" / "prices.yml"


def waive(project, *waivers):
    path = project.data / "tables" / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"][0]["only_context"] = waivers
    path.write_text(json.dumps(package), encoding="utf-8")


YEAR = {"columns": ["year"], "reason": "says which row it is"}


@pytest.fixture
def sound(small):
    """The small project with exact prices, a harvest that counts for something, and a ledger."""
    edit(prices(small), ('precision: estimate\n  low: "1.98"\n  high: "2.02"', "precision: exact"))
    add_code(small, HARVEST)
    waive(small, YEAR)
    settle(small)
    return small


def failures(project):
    settle(project)
    return complaints(project)


def complaints(project):
    gate = Gate(load(project))
    return [str(fault) for fault in gate.report(gate.sources).failures]


def test_a_sound_project_passes_and_the_report_counts_tried_caught_and_waived(sound):
    gate = Gate(load(sound))
    report = gate.report(gate.sources)
    assert report.failures == ()
    listed, counted = str(report).split("\n\n")
    assert [re.split(r"  +", line) for line in listed.splitlines()] == [
        ["input, table or part", "tried", "caught", "waived", "first noticed by the"],
        ["apple_price", "1", "1", "0", f"outcome of {PAGE}, saving, list_price"],
        ["pear_price", "1", "1", "0", f"outcome of {PAGE}, saving, list_price"],
        ["harvest", "5", "3", "2", f"value of {PAGE}, saving, harvested"],
    ]
    heads, inputs, cells, units, mutants = (line.split() for line in counted.splitlines())
    assert heads == ["tried", "caught", "waived", "unnoticed", "by", "outcome", "by", "value"]
    assert inputs == ["inputs", "2", "2", "0", "0", "2", "0"]
    assert cells == ["cells", "4", "2", "2", "0", "0", "2"]
    assert units == ["units", "1", "1", "0", "0", "0", "1"]
    # Two values on two sides of two inputs, two cells at once, a unit, and a whole ladder for the
    # years.
    assert mutants == ["mutants", "run:", str(8 + 2 + 1 + len([*steps.ladder(2023, whole=True)]))]


def test_an_input_that_no_notebook_names_fails(sound):
    with prices(sound).open("a", encoding="utf-8") as file:
        file.write(PLUM)
    assert failures(sound) == [
        f"{PRICES}: plum_price: expected a notebook that names it, found none: use it or remove it"
    ]


def test_an_input_whose_name_is_put_together_at_run_time_is_tried(sound):
    with prices(sound).open("a", encoding="utf-8") as file:
        file.write(PLUM)
    add_code(
        sound,
        'name = "_".join(["plum", "price"])\n'
        'claim.context("plum", "Plum", lambda price: price, name, why="why", unit="USD")',
    )
    assert failures(sound) == []


def test_a_table_that_no_notebook_names_fails(sound):
    path = sound.notebook(PAGE)
    notebook = notebooks.read(path)
    del notebook.cells[3]
    nbformat.write(notebook, path)
    assert failures(sound) == [
        f"{TABLES}: harvest: expected a notebook that names it, found none: use it or remove it"
    ]


def multiply_by_nothing(project):
    with prices(project).open("a", encoding="utf-8") as file:
        file.write(PLUM)
    edit(
        project.notebook(PAGE),
        ("(apple_price, pear_price)", "(apple_price, pear_price, plum_price)"),
        ("1 - apple_price / pear_price", "1 - (apple_price + 0 * plum_price) / pear_price"),
    )


def test_an_input_that_is_named_and_multiplied_by_zero_fails(sound):
    multiply_by_nothing(sound)
    assert failures(sound) == [f"{PRICES}: plum_price, value: {UNNOTICED}"]


def test_an_input_that_is_only_context_passes_and_is_listed_as_waived(sound):
    multiply_by_nothing(sound)
    edit(prices(sound), ("quantity: Price of a plum", "quantity: Plum\n  only_context: no fruit"))
    assert failures(sound) == []
    gate = Gate(load(sound))
    (found,) = gate.report(["plum_price"]).findings
    assert (found.waived, found.noticed) == (True, "nothing")
    (line,) = [
        line
        for line in str(gate.report(gate.sources)).splitlines()
        if line.startswith("plum_price")
    ]
    assert re.split(r"  +", line) == ["plum_price", "1", "0", "1", "only context"]


def test_a_waiver_of_an_input_that_is_noticed_is_refused(sound):
    edit(
        prices(sound), ("quantity: Price of an apple", "quantity: Apple\n  only_context: no fruit")
    )
    assert failures(sound) == [
        f"{PRICES}: apple_price, value: expected no only_context, because apples-half-price, "
        "saving, list_price changes with it; found one: remove it"
    ]


def test_a_waiver_of_cells_that_are_noticed_is_refused_for_each_of_them(sound):
    waive(sound, YEAR | {"columns": ["year", "baskets"]})
    assert failures(sound) == [
        f"{TABLES}: harvest, row {row}, column baskets: expected no only_context, because "
        "apples-half-price, saving, harvested changes with it; found one: remove it"
        for row in (1, 2)
    ]


@pytest.mark.parametrize(
    ("formula", "noticed"),
    [
        ('harvest["baskets"].sum()', True),  # refused: its unit is declared, and no column has it
        ('column(harvest, "baskets").sum()', True),
        ('quantity(harvest["baskets"].sum(), "count")', False),
    ],
)
def test_a_unit_that_nothing_notices_fails_by_its_column(sound, formula, noticed):
    path = sound.notebook(PAGE)
    notebook = notebooks.read(path)
    (cell,) = (cell for cell in notebook.cells if "def harvested" in cell.source)
    cell.source = "from claimbook import column, quantity\n" + cell.source.replace(
        'harvest["baskets"].sum()', formula
    )
    nbformat.write(notebook, path)
    expected = f"{TABLES}: harvest, unit of column baskets: {UNNOTICED}"
    assert failures(sound) == ([] if noticed else [expected])


def test_a_cell_that_nothing_notices_fails_by_row_and_column(sound):
    waive(sound, YEAR | {"where": {"year": ["2024"]}})
    assert failures(sound) == [f"{TABLES}: harvest, row 1, column year: {UNNOTICED}"]


def test_a_crash_outside_a_break_even_detects_nothing(sound):
    add_code(sound, 'assert claim.value("apple_price", "USD") < 1.0099999')
    (found,) = failures(sound)
    assert found.startswith(
        f"{PRICES}: apple_price, value: expected the outcome of apples-half-price, saving, "
        "list_price at 1.01"
    )
    assert found.endswith(
        "found a crash, which detects nothing: "
        "apples-half-price.ipynb#cell4, line 1: AssertionError"
    )


def test_a_notebook_that_crashes_whatever_the_value_notices_nothing(sound):
    multiply_by_nothing(sound)
    add_code(sound, 'assert float(claim.value("plum_price", "USD")) == 0.3')
    assert failures(sound) == [f"{PRICES}: plum_price, value: {UNNOTICED}"]


def test_a_result_that_is_typed_into_a_notebook_fails(sound):
    edit(sound.notebook(PAGE), ("1 - apple_price / pear_price", "0.5"))
    assert failures(sound) == [
        f"{PRICES}: {name}, value: {UNNOTICED}" for name in ("apple_price", "pear_price")
    ]


WRONG = {
    "too far": (Fraction(3, 2), "expected the same outcome of", "just inside its break-even"),
    "too near": (Fraction(1, 2), "expected another outcome of", "found the same"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_break_even_that_is_reported_at_another_place_fails(sound, monkeypatch, name):
    factor, *words = WRONG[name]
    right = sensitivity.break_even

    def wrong(lever, side):
        found = right(lever, side)
        return replace(found, value=lever.present + factor * (found.value - lever.present))

    monkeypatch.setattr(sensitivity, "break_even", wrong)
    found = failures(sound)
    assert len(found) == 4  # two sides of two inputs
    assert all(word in fault for fault in found for word in words)


def test_a_ledger_of_another_state_is_to_be_accepted_first(sound):
    edit(prices(sound), ('value: "1.00"', 'value: "1.001"'))
    assert complaints(sound) == [
        f"data/verdicts.csv: {PAGE}, saving, list_price, recomputed_low: "
        "expected what the notebook comes to now, found something else; make accept first"
    ]


def test_a_ledger_that_is_missing_or_of_another_form_is_said(sound):
    sound.ledger.write_text("claim\n", encoding="utf-8")
    with pytest.raises(GateError, match=r"verdicts\.csv: expected the present columns"):
        Gate(load(sound))
    sound.ledger.unlink()
    with pytest.raises(GateError, match="expected the ledger, found none; make accept first"):
        Gate(load(sound))


def test_a_page_that_does_not_run_is_said(sound):
    add_code(sound, "1 / 0")
    (found,) = complaints(sound)
    assert found.startswith(f"book/claims/{PAGE}.ipynb: expected a notebook that runs, found: ")


def tried(project, monkeypatch, source):
    """Values that are tried of an input, smallest first."""
    values = []

    def recording(registry, changed):
        values.extend(changed.values())
        return moved(registry, changed)

    settle(project)
    monkeypatch.setattr(trial, "moved", recording)
    assert Gate(load(project)).report([source]).failures == ()
    return [float(value) for value in sorted(values)]


def test_a_number_is_tried_just_inside_and_just_outside_its_break_evens(sound, monkeypatch):
    outside_below, inside_below, inside_above, outside_above = tried(
        sound, monkeypatch, "apple_price"
    )
    assert outside_below == pytest.approx(0.99, abs=1e-10)
    assert outside_below < 0.99 < inside_below == pytest.approx(0.99001)
    assert inside_above < 1.01 < outside_above == pytest.approx(1.01, abs=1e-10)
    assert inside_above == pytest.approx(1.00999)


def test_a_number_on_the_edge_is_tried_outside_only(sound, monkeypatch):
    edit(prices(sound), ('value: "1.00"', 'value: "0.99"'))
    values = tried(sound, monkeypatch, "apple_price")
    assert len(values) == 3
    assert values[0] == pytest.approx(0.99 * (1 - 1e-9), abs=1e-14)
    assert values[1:] == pytest.approx([1.00998, 1.01])


def test_whole_cells_are_tried_at_whole_numbers(sound, monkeypatch):
    edit(
        sound.notebook(PAGE),
        ("1 - apple_price / pear_price", "harvest['baskets'].iloc[1] / 270"),
        ("(apple_price, pear_price)", "(harvest)"),
    )
    add_code(sound, "claim.fact('prices', 'apple_price')")
    add_code(sound, "claim.fact('pears', 'pear_price')")
    values = tried(sound, monkeypatch, "harvest")
    assert {133, 134, 136, 137} <= set(values)
    assert all(value == round(value) for value in values)


SECOND = {
    "named": "claim.inputs('plum_price')",
    "used": "claim.fact('plums', 'plum_price')",
}


@pytest.mark.parametrize("first", SECOND)
def test_it_is_enough_if_one_of_several_pages_notices(sound, first):
    second = next(name for name in SECOND if name != first)
    add_claim(sound, "apples-again", ("code: T1", "code: T2"))
    with prices(sound).open("a", encoding="utf-8") as file:
        file.write(PLUM)
    page = sound.notebook("apples-again")
    page.write_bytes(sound.notebook(PAGE).read_bytes())
    edit(page, (f'Claim(\\"{PAGE}\\")', 'Claim(\\"apples-again\\")'))
    add_code(sound, SECOND[first])
    notebook = notebooks.read(page)
    notebook.cells.insert(3, nbformat.v4.new_code_cell(SECOND[second]))
    nbformat.write(notebook, page)
    assert failures(sound) == []


# What is moved


@pytest.mark.parametrize(
    ("precision", "bounds"),
    [
        ("precision: exact", ("1.02345", "1.02345")),
        ("precision: rounded", ("1.01845", "1.02845")),
        ('precision: estimate\n  low: "0.9"\n  high: "1.3"', ("0.92345", "1.32345")),
    ],
)
def test_a_moved_input_keeps_its_precision_and_the_width_of_its_range(small, precision, bounds):
    text = prices(small).read_text(encoding="utf-8")
    prices(small).write_text(text.replace("precision: exact", precision), encoding="utf-8")
    registry = load(small)
    (target,) = targets(registry, "apple_price")
    entry = moved(registry, {target: Fraction("1.02345")}).inputs["apple_price"]
    assert entry.value == "1.02345"
    assert entry.bounds == tuple(map(Fraction, bounds))
    assert entry.precision == registry.inputs["apple_price"].precision
    assert (entry.low, entry.high) == (bounds if "low" in precision else ("", ""))
    assert entry.model_dump().keys() == registry.inputs["apple_price"].model_dump().keys()
    assert registry.inputs["apple_price"].value == "1.00"


def test_a_moved_cell_changes_nothing_but_itself(small):
    registry = load(small)
    target = Target("harvest", "whole", Fraction(135), 1, "baskets")
    frame = moved(registry, {target: Fraction(7)}).frame("harvest")
    assert list(frame["baskets"]) == [120, 7]
    assert (frame.dtypes == registry.frame("harvest").dtypes).all()
    assert list(registry.frame("harvest")["baskets"]) == [120, 135]


def test_a_yes_or_no_is_moved_to_the_other_one(book):
    registry = load(book)
    first = next(
        target
        for target in targets(registry, "export_controls")
        if target.column == "about_ai_chips"
    )
    assert (first.kind, first.shown(first.present)) == ("yes-no", "false")
    frame = moved(registry, {first: 1 - first.present}).frame("export_controls")
    before = registry.frame("export_controls")["about_ai_chips"]
    assert list(frame["about_ai_chips"] != before) == [True, *[False] * (len(before) - 1)]


def test_gaps_texts_and_dates_are_not_moved(book):
    registry = load(book)
    frame = registry.frame("export_controls")
    packages = [
        target.row
        for target in targets(registry, "export_controls")
        if target.column == "annual_package"
    ]
    assert packages == [row for row, gap in enumerate(frame["annual_package"].isna()) if not gap]
    columns = {target.column for target in targets(registry, "export_controls")}
    assert columns == {"about_ai_chips", "annual_package"}


def test_a_whole_number_too_large_for_its_column_notices_nothing(sound, monkeypatch):
    far = [Fraction(10) ** 30]
    monkeypatch.setattr(steps, "ladder", lambda present, *, whole: iter(far))
    gate = Gate(load(sound))
    findings = gate.report(["harvest"]).findings
    cells = [finding.noticed for finding in findings if finding.target.row is not None]
    assert cells == ["nothing"] * 4


# The values


numbers = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4)


@given(present=numbers, border=numbers)
def test_inside_lies_between_and_outside_beyond(present, border):
    if abs(border - present) <= abs(present) / 10**9:
        return
    way = 1 if border > present else -1
    outer, inner = steps.outside(present, border), steps.inside(present, border, whole=False)
    assert (outer - border) * way >= 0
    assert abs(outer - border) <= abs(border) / 10**13
    assert 0 < (inner - present) * way < (border - present) * way
    for value in (outer, inner):
        digits = steps.text(value).lstrip("-").replace(".", "").strip("0")
        assert len(digits) <= steps.DIGITS
        assert Fraction(steps.text(value)) == value


def test_a_whole_number_next_to_its_break_even_has_nothing_inside():
    assert steps.inside(Fraction(3), Fraction(4), whole=True) is None
    assert steps.inside(Fraction(3), Fraction(5), whole=True) == 4
    assert steps.inside(Fraction(3), Fraction(0), whole=True) == 1


@given(present=st.one_of(numbers, st.integers(-(10**6), 10**6).map(Fraction)))
def test_a_ladder_goes_both_ways_from_near_to_a_thousandfold(present):
    whole = present.denominator == 1
    values = list(steps.ladder(present, whole=whole))
    assert present not in values
    assert len(values) == len(set(values))
    assert min(values) < present < max(values)
    assert max(map(abs, values)) == max(1000 * abs(present), 999 * (not present))
    assert all(value * present >= 0 for value in values)
    assert not whole or all(value.denominator == 1 for value in values)


def test_a_number_without_end_has_no_plain_digits():
    with pytest.raises(ValueError, match="expected a decimal with an end, found 1/3"):
        steps.text(Fraction(1, 3))


# The commands


@pytest.fixture
def command(sound, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(sound.root))
    return lambda *arguments: CliRunner().invoke(cli.main, arguments)


def test_the_command_reports_and_ends_well(command):
    result = command("gate")
    assert result.exit_code == 0, result.output
    assert f"{PAGE}  7 numbers and units moved" in result.stderr
    assert "mutants run:" in result.stdout


def test_the_command_names_every_failure_and_ends_with_status_1(sound, command):
    multiply_by_nothing(sound)
    settle(sound)
    result = command("gate", PAGE)
    assert result.exit_code == 1
    assert f"{PRICES}: plum_price, value: {UNNOTICED}" in result.stderr.splitlines()


def test_the_command_for_one_claim_moves_only_what_its_page_names(sound, command):
    with prices(sound).open("a", encoding="utf-8") as file:
        file.write(PLUM)
    assert command("gate", PAGE).exit_code == 0
    assert command("gate").exit_code == 1


def test_the_command_says_if_there_is_no_ledger(sound, command):
    sound.ledger.unlink()
    result = command("gate")
    assert result.exit_code == 1
    assert "data/verdicts.csv: expected the ledger, found none; make accept first" in result.stderr


EDGES = {"1.0099": [], "1.0101": ["not consistent"], "0.9901": [], "0.9899": ["not consistent"]}


@pytest.mark.parametrize("value", EDGES)
def test_an_edit_outside_a_break_even_fails_the_check_by_claim_and_reading(sound, command, value):
    assert command("check").exit_code == 0
    edit(prices(sound), ('value: "1.00"', f'value: "{value}"'))
    result = command("check")
    assert result.exit_code == 1  # the recomputed value moved in any case
    assert [line for line in result.stderr.splitlines() if "outcome" in line] == [
        f"{PAGE}, saving, list_price: outcome: consistent in data/verdicts.csv, {after} now"
        for after in EDGES[value]
    ]


# Witnesses: each is turned round and removed

OPEN = ("mayor", "paper", "radio"), ("copy", "blog")  # for it, against it: unsettled either way


def disputed(project, **only_context):
    """Five witnesses who disagree, so that no single one decides."""
    rows = [row(source, only_context=only_context.get(source)) for source in OPEN[0]]
    rows += [row(name, "contradicts", only_context=only_context.get(name)) for name in OPEN[1]]
    return write_claim(project, told(*rows))


def test_a_witness_that_decides_is_noticed_by_its_verdict_and_others_are_waived_by_the_rule(sound):
    others = row("copy", depends_on="mayor"), row("blog", "contradicts", kind="tertiary")
    write_claim(sound, told(row("mayor"), row("paper"), row("radio", "silent"), *others))
    assert failures(sound) == []
    gate = Gate(load(sound))
    found = gate.report([f"{SLUG}/place"])
    assert [(one.target.column, one.by, one.waived) for one in found.findings] == [
        ("mayor", f"{SLUG}, place, mayor", False),
        ("paper", f"{SLUG}, place, paper", False),
        ("radio", "", True),
        ("copy", "", True),
        ("blog", "", True),
    ]
    assert str(found).splitlines()[-2].split() == ["witnesses", "5", "2", "3", "0", "2", "0"]


def test_a_witness_whose_opposite_nothing_notices_fails_the_gate(sound):
    disputed(sound)
    assert failures(sound) == [
        f"{FILE}: parts.place.witnesses.{number}: expected a verdict that changes without it or "
        f"with the opposite, found none on {SLUG}: use it, or say in only_context why it is only "
        "context"
        for number in range(1, 6)
    ]


def test_a_witness_may_say_why_nothing_notices_its_opposite(sound):
    disputed(sound, **dict.fromkeys((*OPEN[0], *OPEN[1]), "others disagree as well"))
    assert failures(sound) == []


def test_a_witness_that_decides_is_not_only_context(sound):
    write_claim(sound, told(row("mayor", kind="primary", only_context="shown")))
    assert failures(sound) == [
        f"{FILE}: parts.place.witnesses.1: expected no only_context, because {SLUG}, place, mayor "
        "changes with it; found one: remove it"
    ]


def test_retellings_of_retellings_are_left_out_together(sound):
    chain = row("copy", depends_on="mayor"), row("radio", depends_on="copy")
    write_claim(sound, told(row("mayor"), row("paper"), *chain))
    assert failures(sound) == []
