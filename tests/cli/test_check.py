"""The command line: clear words, honest exit statuses, and nothing half-written."""

import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from claimbook import cli
from claimbook.base import files
from claimbook.base.paths import ROOT_VARIABLE
from claimbook.run import notebooks
from growing import add_claim
from settling import settle

PAGE = "apples-half-price"


@pytest.fixture
def command(small, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(small.root))
    monkeypatch.setenv("COLUMNS", "160")

    def invoke(*arguments):
        return CliRunner().invoke(cli.main, arguments)

    return invoke


def edit_price(project, old, new):
    path = project.data / "inputs" / "prices.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def edit_cells(project, change):
    """Change the cells of the notebook."""
    notebook = notebooks.read(project.notebook(PAGE))
    change(notebook.cells)
    nbformat.write(notebook, project.notebook(PAGE))


def code(text):
    return nbformat.v4.new_code_cell(text)


def add_pears(project):
    """A second claim, with a notebook of its own that was never executed."""
    add_claim(project, "pears-dear", ("code: T1", "code: T2"), ("apple-price", "pear-price"))
    notebook = notebooks.read(project.notebook(PAGE))
    for cell in notebook.cells:
        cell.source = cell.source.replace(PAGE, "pears-dear")
        if cell.cell_type == "code":
            cell.outputs = []
    nbformat.write(notebook, project.notebook("pears-dear"))


def contents(project):
    """Every file of the project that is not built."""
    return {
        path: path.read_bytes()
        for path in project.root.rglob("*")
        if path.is_file() and "_build" not in path.parts
    }


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
    lines = result.stderr.splitlines()
    place = "in data/verdicts.csv"
    assert lines == [
        f"apples-half-price: claim verdict: unsettled {place}, does not hold now",
        f"apples-half-price, saving: verdict: unsettled {place}, does not hold now",
        f"apples-half-price, saving, list_price: outcome: undecided {place}, not consistent now",
        f"apples-half-price, saving, list_price: recomputed low: 49.4949494949 {place}, "
        "19.1919191919 now",
        f"apples-half-price, saving, list_price: recomputed high: 50.495049505 {place}, "
        "20.7920792079 now",
        f"apples-half-price, saving, list_price: off by: 0 {place}, 0.584158415842 now",
        f"apples-half-price, saving, list_price: margin: 0 {place}, -28.7079207921 now",
        "The computed results differ from the saved ledger. After a trial, undo the edit.",
        "If this is intended: make accept",
    ]


def test_check_names_a_fact_that_moved_alone(settled, command):
    edit_cells(
        settled,
        lambda cells: cells.insert(3, code("claim.fact('a', lambda _: 12, 'pear_price')")),
    )
    settle(settled)
    edit_cells(
        settled,
        lambda cells: cells[3].update(source="claim.fact('a', lambda _: 13, 'pear_price')"),
    )
    result = command("check")
    assert result.exit_code == 1
    assert "apples-half-price, a: recomputed: 12 in data/verdicts.csv, 13 now" in result.output
    assert "outcome" not in result.stderr


def test_check_shows_so_many_differences_of_a_claim_and_counts_the_others(settled, command):
    facts = "for number in range(30): claim.fact(f'fact_{number}', lambda price: 1, 'pear_price')"
    edit_cells(settled, lambda cells: cells.insert(3, code(facts)))
    edit_price(settled, 'value: "1.00"', 'value: "1.60"')
    lines = command("check").stderr.splitlines()
    assert len(lines) == 11
    assert "claim verdict" in lines[0]
    assert "fact_0: not in data/verdicts.csv, recomputed now" in lines[3]
    assert lines[-3] == "apples-half-price: and 29 more: make check ALL=1"
    assert len(command("check", "--all").stderr.splitlines()) == 39


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
    assert "apples-half-price: reading 'list_price': 'apple_prise'" in result.output
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


OTHER = f'Claim("{PAGE}")'
SPOILED = {
    "none": (
        lambda cells: cells.__setitem__(slice(None), [code("1")]),
        "expected the claim 'apples-half-price' alone and once, found none",
    ),
    "deleted": (
        lambda cells: cells.append(code("del claim")),
        "expected the claim 'apples-half-price' alone and once, found none",
    ),
    "twice": (
        lambda cells: cells.append(code(f"again = {OTHER}")),
        f"expected the claim '{PAGE}' alone and once, found '{PAGE}', '{PAGE}'",
    ),
}


@pytest.mark.parametrize("spoil", SPOILED)
def test_check_refuses_by_name_a_page_without_its_claim_once(settled, command, spoil):
    change, message = SPOILED[spoil]
    edit_cells(settled, change)
    result = command("check")
    assert result.exit_code == 1
    assert f"book/claims/apples-half-price.ipynb: {message}" in result.output


def test_check_refuses_by_name_the_claim_of_another_page(settled, command):
    add_pears(settled)
    edit_cells(settled, lambda cells: cells.append(code('other = Claim("pears-dear")')))
    result = command("check", PAGE)
    assert result.exit_code == 1
    assert (
        f"book/claims/{PAGE}.ipynb: expected the claim '{PAGE}' alone and once, "
        f"found '{PAGE}', 'pears-dear'"
    ) in result.output


def test_a_second_name_for_a_claim_is_no_second_claim(settled, command):
    edit_cells(settled, lambda cells: cells.append(code("alias = claim")))
    result = command("check")
    assert result.exit_code == 0, result.output


SHOWN_WRONG = {
    "found none": lambda cells: cells.__delitem__(slice(3, None)),
    f"found '{PAGE}', '{PAGE}'": lambda cells: cells.append(code("claim.verdict()")),
}


@pytest.mark.parametrize("message", SHOWN_WRONG)
def test_accept_refuses_a_page_that_does_not_show_its_verdict_once(settled, command, message):
    edit_cells(settled, SHOWN_WRONG[message])
    before = contents(settled)
    result = command("accept")
    assert result.exit_code == 1
    assert "book/claims/apples-half-price.ipynb: expected the claim" in result.output
    assert message in result.output
    assert contents(settled) == before


def test_accept_of_one_page_changes_nothing_while_another_has_no_result(settled, command):
    add_pears(settled)
    before = contents(settled)
    result = command("accept", PAGE)
    assert result.exit_code == 1
    assert (
        "pears-dear.ipynb: expected the claim 'pears-dear' alone and once, found none"
        in result.output
    )
    assert contents(settled) == before


def test_accept_of_one_page_says_so_if_another_stores_results_of_another_form(settled, command):
    add_pears(settled)
    stored = notebooks.read(settled.notebook(PAGE))
    next(payload for payload in notebooks.payloads(stored) if payload["kind"] == "verdict")[
        "result"
    ]["surplus"] = 1
    nbformat.write(stored, settled.notebook(PAGE))
    before = contents(settled)
    result = command("accept", "pears-dear")
    assert result.exit_code == 1
    assert "apples-half-price.ipynb: expected results as this version" in result.output
    assert contents(settled) == before


def test_accept_restores_every_file_if_one_cannot_be_replaced(settled, command, monkeypatch):
    add_pears(settled)
    edit_price(settled, 'value: "1.00"', 'value: "1.60"')
    before = contents(settled)
    replace, targets = Path.replace, []

    def failing(self, target):
        if self.suffix == ".new":
            targets.append(target)
            if target == settled.ledger:
                raise OSError("no more room")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    result = command("accept")
    assert result.exit_code == 1
    assert "nothing was changed: no more room" in result.output
    assert targets == [settled.notebook(PAGE), settled.notebook("pears-dear"), settled.ledger]
    assert contents(settled) == before


def test_files_that_were_not_there_are_gone_again_after_an_interruption(tmp_path, monkeypatch):
    old, new, other = (tmp_path / name for name in ("old", "new", "other"))
    old.write_text("as it was")
    replace = Path.replace

    def interrupted(self, target):
        replace(self, target)
        if target == new:
            raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.replace_all(tmp_path, {old: "changed", new: "made", other: "made"})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"old": "as it was"}


def test_accept_puts_whole_files_in_place_and_never_writes_into_the_present_ones(settled, command):
    edit_price(settled, 'value: "1.00"', 'value: "1.60"')
    paths = [settled.ledger, settled.notebook(PAGE)]
    before = [path.read_bytes() for path in paths]
    former = [path.with_suffix(".former") for path in paths]
    for path, link in zip(paths, former, strict=True):
        os.link(path, link)  # another name for the same bytes on the disk
    assert command("accept").exit_code == 0
    assert [link.read_bytes() for link in former] == before
    assert all(path.read_bytes() not in before for path in paths)


def test_a_ledger_that_is_a_folder_is_said_and_changes_nothing(settled, command):
    settled.ledger.unlink()
    settled.ledger.mkdir()
    before = contents(settled)
    checked = command("check")
    assert checked.exit_code == 1
    assert "data/verdicts.csv: expected a table in UTF-8, found:" in checked.output
    accepted = command("accept")
    assert accepted.exit_code == 1
    assert "nothing was changed" in accepted.output
    assert contents(settled) == before


def test_a_ledger_in_another_encoding_is_said_and_can_be_made_anew(settled, command):
    settled.ledger.write_bytes("đồng".encode("utf-16"))
    checked = command("check")
    assert checked.exit_code == 1
    assert "data/verdicts.csv: expected a table in UTF-8, found:" in checked.output
    assert command("accept").exit_code == 0
    assert command("check").exit_code == 0


def test_a_missing_ledger_is_said(small, command):
    result = command("check")
    assert result.exit_code == 1
    assert "data/verdicts.csv: expected the ledger, found none" in result.output


ROW = "apples-half-price, saving, list_price"
LEDGERS = {
    "removed line": (
        lambda lines: lines[:1],
        f"{ROW}: not in data/verdicts.csv, recomputed now",
    ),
    "line twice": (
        lambda lines: [*lines, lines[-1]],
        f"data/verdicts.csv: line 3: expected one row for {ROW}, found another",
    ),
    "short line": (
        lambda lines: [*lines, "grapes,holds\n"],
        "data/verdicts.csv: line 3: expected 15 columns, found 2",
    ),
    "open quote": (
        lambda lines: [*lines, '"grapes'],
        "data/verdicts.csv: line 3: expected CSV, found:",
    ),
    "unknown claim": (
        lambda lines: [*lines, lines[-1].replace("apples-half-price", "grapes")],
        "grapes, saving, list_price: in data/verdicts.csv, not recomputed now",
    ),
    "unknown reading": (
        lambda lines: [*lines, lines[-1].replace("list_price", "other")],
        "apples-half-price, saving, other: in data/verdicts.csv, not recomputed now",
    ),
    "other role": (
        lambda lines: [lines[0], lines[1].replace("reading", "proxy")],
        f"{ROW}: role: proxy in data/verdicts.csv, reading now",
    ),
    "header": (lambda lines: ["claim\n", *lines[1:]], "expected the present columns"),
    "empty": (lambda lines: [], "expected the present columns"),
}


@pytest.mark.parametrize("arguments", [("check",), ("check", PAGE)], ids=["all", "one"])
@pytest.mark.parametrize("name", LEDGERS)
def test_check_notices_every_change_of_the_ledger(settled, command, name, arguments):
    change, message = LEDGERS[name]
    lines = settled.ledger.read_text(encoding="utf-8").splitlines(keepends=True)
    settled.ledger.write_text("".join(change(lines)), encoding="utf-8")
    result = command(*arguments)
    assert result.exit_code == 1
    assert message in result.output
    assert "If this is intended: make accept" in result.output


@pytest.fixture
def two(small):
    """The small project with two claims and their ledger."""
    add_pears(small)
    settle(small)
    return small


def test_check_notices_claims_in_another_order(two, command):
    header, *lines = two.ledger.read_text(encoding="utf-8").splitlines(keepends=True)
    two.ledger.write_text("".join([header, *reversed(lines)]), encoding="utf-8")
    result = command("check")
    assert result.exit_code == 1
    assert "expected the claims in the order of data/articles.yml" in result.output


def test_check_notices_rows_of_a_claim_in_another_order(settled, command):
    edit_cells(
        settled,
        lambda cells: cells.insert(3, code("claim.fact('a', lambda _: 1, 'pear_price')")),
    )
    settle(settled)
    header, reading, fact = settled.ledger.read_text(encoding="utf-8").splitlines(keepends=True)
    settled.ledger.write_text("".join([header, fact, reading]), encoding="utf-8")
    result = command("check")
    assert result.exit_code == 1
    assert "expected the rows of each claim in the order of its notebook" in result.output


def test_check_of_one_claim_looks_at_its_lines_alone(two, command):
    text = two.ledger.read_text(encoding="utf-8")
    two.ledger.write_text(text.replace("pears-dear,unsettled", "pears-dear,holds"))
    assert command("check", PAGE).exit_code == 0
    result = command("check", "pears-dear")
    assert result.exit_code == 1
    assert "pears-dear: claim verdict: holds in data/verdicts.csv, unsettled now" in result.output


def test_check_reports_a_failure_and_a_moved_verdict_of_another_page(two, command):
    edit_price(two, 'value: "1.00"', 'value: "1.60"')
    edit_cells(two, lambda cells: cells.append(code("1 / 0")))
    result = command("check")
    assert result.exit_code == 1
    assert "ZeroDivisionError" in result.output
    assert (
        "pears-dear, saving, list_price: outcome: "
        "undecided in data/verdicts.csv, not consistent now"
    ) in result.output
    assert "apples-half-price, saving" not in result.output


@pytest.mark.parametrize("ending", ["raise SystemExit(0)", "import sys; sys.exit()", "exit()"])
def test_a_cell_that_ends_python_is_a_failure_and_the_others_are_still_checked(
    two, command, ending
):
    edit_cells(two, lambda cells: cells.insert(2, code(ending)))
    result = command("check")
    assert result.exit_code == 1
    assert "apples-half-price.ipynb#cell3, line 1: SystemExit" in result.output
    assert "1 claims recomputed" in result.output


def test_text_of_the_data_is_printed_as_it_is(settled, command):
    plain = "[bold]List[/bold] :apple: [/x]"
    edit_cells(
        settled, lambda cells: cells[2].update(source=cells[2].source.replace("List price", plain))
    )
    result = command("check", PAGE)
    assert plain in " ".join(result.output.split()), result.output


SLOW = {"altair", "frictionless", "jsonschema", "nbformat"}


def test_a_check_imports_nothing_that_is_slow_to_import_and_not_needed(settled):
    code = (
        "import atexit, sys\nfrom claimbook.cli import main\n"
        f"atexit.register(lambda: print('slow:', *({SLOW} & sys.modules.keys())))\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "check"],
        env=os.environ | {ROOT_VARIABLE: str(settled.root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "slow:"


def shown(project, *arguments, **environment):
    """What a command writes into a pipe, as bytes."""
    done = subprocess.run(
        [sys.executable, "-c", "from claimbook.cli import main; main()", *arguments],
        env=os.environ | {ROOT_VARIABLE: str(project.root)} | environment,
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "koi8-r", "cp1258"])
def test_check_ends_well_in_a_terminal_that_has_no_icons_and_shows_no_other_verdict(
    settled, encoding
):
    edit_cells(
        settled,
        lambda cells: cells[2].update(source=cells[2].source.replace("List price", "Giá đủ")),
    )
    status, text = shown(settled, "check", PAGE, PYTHONIOENCODING=encoding)
    assert status == 0
    assert b" ? unsettled" in text
    edit_price(settled, 'value: "1.00"', 'value: "1.60"')
    status, text = shown(settled, "check", PYTHONIOENCODING=encoding)
    assert status == 1
    assert " does not hold" in text.decode(encoding)
    assert b"? does not hold" not in text


def test_in_a_pipe_there_are_no_colours(settled):
    for environment in ({}, {"NO_COLOR": "1"}, {"TERM": "dumb"}):
        _, text = shown(settled, "check", **environment)
        assert b"\x1b" not in text


@pytest.mark.parametrize(
    ("environment", "styled"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"TERM": ""}, False)],
    ids=str,
)
def test_a_terminal_that_wants_no_colours_gets_none(settled, environment, styled):
    ours, theirs = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-c", "from claimbook.cli import main; main()", "check"],
        env=os.environ | {ROOT_VARIABLE: str(settled.root), "TERM": "xterm-256color"} | environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    text = b""
    with suppress(OSError):  # the end
        while chunk := os.read(ours, 1 << 16):
            text += chunk
    assert run.wait() == 0
    assert b"unsettled" in text
    assert (b"\x1b[" in text) == styled


def test_what_a_notebook_prints_is_shown_and_moves_no_cursor(settled, command):
    edit_cells(settled, lambda cells: cells.append(code(r"print('\x1b[2J\x1b]0;title\x07 done')")))
    result = command("check")
    assert result.exit_code == 0
    assert f"{PAGE}.ipynb prints:\n    \\x1b[2J\\x1b]0;title\\x07 done\n" in result.output


WRITES = {
    "changed": ("inputs/prices.yml", "open(path, 'a').write('# x')"),
    "made": ("inputs/new.yml", "open(path, 'w').write('')"),
    "removed": ("claims/apples-half-price.yml", "__import__('os').unlink(path)"),
    "the ledger": ("verdicts.csv", "open(path, 'a').write('x')"),
}


@pytest.mark.parametrize("what", WRITES)
def test_check_notices_what_a_notebook_writes_into_the_data(settled, command, what):
    name, source = WRITES[what]
    path = str(settled.data / name)
    edit_cells(settled, lambda cells: cells.append(code(f"path = {path!r}\n{source}")))
    result = command("check")
    assert result.exit_code == 1
    assert f"data/{name}: changed while notebooks ran: check again" in result.stderr
