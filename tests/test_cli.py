"""The command line: clear words, honest exit statuses, and nothing half-written."""

import pytest
from click.testing import CliRunner

from claimbook import cli, ledger, notebooks
from claimbook.paths import ROOT_VARIABLE


@pytest.fixture
def command(small, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(small.root))
    monkeypatch.setenv("COLUMNS", "160")

    def invoke(*arguments):
        return CliRunner().invoke(cli.main, arguments)

    return invoke


@pytest.fixture
def settled(small):
    """The small project with its ledger written."""
    ledger.write(small.ledger, [notebooks.run(small, "apples-half-price")[0].result()])
    return small


def edit_price(project, old, new):
    path = project.data / "inputs" / "prices.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_check_prints_the_verdicts_as_a_table_and_ends_well(settled, command):
    result = command("check")
    assert result.exit_code == 0, result.output
    assert "apples-half-price" in result.output
    assert "? unsettled" in result.output


def test_check_of_one_claim_shows_its_readings(settled, command):
    result = command("check", "apples-half-price")
    assert "List price" in result.output
    assert "pear_price" in result.output


def test_check_shows_another_outcome_after_an_edited_input_and_fails_by_name(settled, command):
    edit_price(settled, 'value: "1.00"', 'value: "1.60"')
    result = command("check")
    assert result.exit_code == 1
    assert "✗ does not hold" in result.output
    assert "apples-half-price: differs from data/verdicts.csv" in result.output


def test_check_is_green_again_when_the_edit_is_undone(settled, command):
    edit_price(settled, 'value: "1.00"', 'value: "1.60"')
    edit_price(settled, 'value: "1.60"', 'value: "1.00"')
    assert command("check").exit_code == 0


def test_check_reports_every_fault_of_the_data_and_recomputes_nothing(settled, command):
    edit_price(settled, "unit: USD\n  as_of: 2025-01-01", "unit: UDS\n  as_of: 2025-01-01")
    edit_price(settled, "primary\n      locator: second", "first\n      locator: second")
    result = command("check")
    assert result.exit_code == 1
    assert "2 faults in the data" in result.output
    assert "apple_price, unit: expected a known unit" in result.output
    assert "unsettled" not in result.output


def test_check_names_the_claim_whose_reading_fails(settled, command):
    path = settled.notebook("apples-half-price")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("(apple_price, pear_price)", "(apple_prise, pear_price)"))
    result = command("check")
    assert result.exit_code == 1
    assert "apples-half-price: reading 'list_price': parameter 'apple_prise'" in result.output
    assert "nearest is 'apple_price'" in result.output


def test_an_unknown_claim_is_refused_with_its_nearest(settled, command):
    result = command("check", "apples-half-prize")
    assert result.exit_code == 1
    assert "no claim 'apples-half-prize'; nearest is 'apples-half-price'" in result.output


def test_accept_overwrites_nothing_while_the_data_have_faults(settled, command):
    edit_price(settled, "unit: USD\n  as_of: 2025-01-01", "unit: UDS\n  as_of: 2025-01-01")
    before = settled.ledger.read_bytes(), settled.notebook("apples-half-price").read_bytes()
    assert command("accept").exit_code == 1
    after = settled.ledger.read_bytes(), settled.notebook("apples-half-price").read_bytes()
    assert after == before


def test_build_starts_nothing_while_the_data_have_faults(settled, command):
    edit_price(settled, "unit: USD\n  as_of: 2025-01-01", "unit: UDS\n  as_of: 2025-01-01")
    result = command("build")
    assert result.exit_code == 1
    assert "expected a known unit" in result.output
    assert not (settled.root / "_build").exists()


def test_accept_writes_outputs_and_ledger_of_the_present_data(settled, command):
    edit_price(settled, 'value: "1.00"', 'value: "1.60"')
    result = command("accept")
    assert result.exit_code == 0, result.output
    shown = notebooks.results(notebooks.read(settled.notebook("apples-half-price")))
    assert [found.verdict for found in shown] == ["does not hold"]
    assert ",does not hold," in settled.ledger.read_text(encoding="utf-8")
    assert command("check").exit_code == 0


def test_outside_a_project_the_command_says_where_to_run_it(tmp_path, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    result = CliRunner().invoke(cli.main, ["check"])
    assert result.exit_code == 1
    assert "data" in result.output
