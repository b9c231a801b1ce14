"""A review says which verdicts, numbers and margins a change moves, and what is behind it."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import makefile
from claimbook import cli
from claimbook.base.cells import Cell
from claimbook.base.digests import PACKAGE
from claimbook.base.paths import ROOT_VARIABLE
from claimbook.data import csv_tables
from claimbook.data.registry import load
from claimbook.review.diff import states
from claimbook.review.diff.causes import Causes
from claimbook.review.diff.changes import Change, code_changes
from claimbook.review.diff.compare import compare
from claimbook.review.diff.inert import code, plain
from claimbook.review.diff.markdown import fitting, markdown
from claimbook.review.diff.moves import BREAK_EVENS, Key, Move
from claimbook.review.diff.notebook import notebook
from claimbook.review.diff.notices import notices
from claimbook.review.diff.report import both_short, from_json
from claimbook.review.diff.snapshot import snapshot
from claimbook.run.in_process import recompute
from claimbook.verdicts import ledger
from growing import add_claim
from places import CASES
from testimony import FILE as TOLD
from testimony import hoped, told, write_claim
from testimony import row as witness

PAGE = "apples-half-price"
NOTEBOOK = f"book/claims/{PAGE}.ipynb"
CLAIM = f"data/claims/{PAGE}.yml"
DESCRIBED = "data/tables/datapackage.json"
CITED = "citations[list]"
CHANGES = yaml.safe_load((CASES / "review.yml").read_text(encoding="utf-8"))
DECLARED = yaml.safe_load((CASES / "declared_code.yml").read_text(encoding="utf-8"))


def git(project, *arguments):
    subprocess.run(
        ["git", "-c", "user.name=Tester", "-c", "user.email=tester@example.org", *arguments],
        cwd=project.root,
        check=True,
        capture_output=True,
    )


def edit(project, file, text, new):
    path = project.root / file.replace("NOTEBOOK", NOTEBOOK)
    before = path.read_text(encoding="utf-8")
    assert text in before, f"{file} has no {text!r}"
    path.write_text(before.replace(text, new, 1), encoding="utf-8")


def commit(project, message="a change"):
    git(project, "add", "--all")
    git(project, "commit", "--message", message)


def accept(project):
    """Write the ledger, as accepting does, without kernels."""
    registry = load(project)
    results = [recompute(registry, slug) for slug in registry.claims]
    project.ledger.write_text(ledger.text(results), encoding="utf-8")


@pytest.fixture
def kept(small):
    """The small project with exact prices, in a repository of its own."""
    edit(
        small,
        "data/inputs/prices.yml",
        'precision: estimate\n  low: "1.98"\n  high: "2.02"',
        "precision: exact",
    )
    accept(small)
    git(small, "init", "--quiet", "--initial-branch", "main")
    commit(small)
    return small


class InProcess:
    """Stands in for the process that a revision is asked in: asks here, which is faster."""

    returncode = 0

    def __init__(self, revision, pages):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(ROOT_VARIABLE, str(revision.project.root))
            self.answer = snapshot(list(pages))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def kill(self):
        pass

    def communicate(self):
        return json.dumps(self.answer).encode(), b""


@pytest.fixture
def in_process(monkeypatch):
    monkeypatch.setattr(states, "begin", InProcess)


def changed(change):
    place = " ".join(filter(None, (change.entry, change.field)))
    if change.field.endswith("code"):
        return place
    return f"{place}: {change.before} > {change.after}"


def move_line(move):
    place = " ".join(filter(None, (move.part, move.row, move.what)))
    sides = f"{move.before} > {move.after}".replace("\u00a0", " ")
    return f"{place}: {sides} ({', '.join(move.because)})"


def look_line(look):
    change = look.change
    place = f"{change.entry} {change.field}" if not change.file.endswith(".ipynb") else change.field
    if change.field == "code":
        return f"{look.sort}: {look.words}: {change.entry}"
    return f"{look.sort}: {look.words}: {place}: {change.before} > {change.after}"


@pytest.mark.parametrize("case", CHANGES, ids=[case["name"] for case in CHANGES])
def test_a_review_says_what_moved_and_what_is_behind_it_and_no_more(kept, in_process, case):
    for file, text, new in case.get("base", ()):
        edit(kept, file, text, new)
    git(kept, "commit", "--quiet", "--all", "--allow-empty", "--message", "another base")
    for file, text, new in case["edits"]:
        edit(kept, file, text, new)
    report = compare(kept, "main")
    moves = [
        move_line(move)
        for claim in report.claims
        for move in claim.moves
        if move.what not in BREAK_EVENS.values()
    ]
    assert moves == case.get("moves", [])
    verdicts = [
        f"{' '.join(filter(None, (claim, part)))}: {before} > {after}"
        for claim, part, before, after in report.verdicts
    ]
    assert verdicts == case.get("verdicts", [])
    behind = [changed(change) for claim in report.claims for change in claim.behind]
    assert behind == case.get("behind", [])
    assert [look_line(look) for look in report.second_looks] == case.get("looks", [])
    assert [changed(change) for change in report.others] == case.get("others", [])
    assert report.failures == ()


MAYOR = witness("mayor", quote="in town")
WITNESSES = [
    (
        "one turned round", (MAYOR, witness("paper", "contradicts")), {},
        ["flip: what a witness says changed: says: supports > contradicts"],
        {"verdict: holds > unsettled", "place paper what it says: supports > contradicts"},
    ),
    (
        "one removed", (MAYOR,), {}, ["flip: a witness removed"],
        {"verdict: holds > unsettled", "place paper what it says: supports > None"},
    ),
    (
        "one added", (MAYOR, witness("paper"), witness("radio")), {}, ["flip: a witness added"],
        {
            "place radio what it says: None > supports",
            "place mayor verdict without it: unsettled > holds",
        },
    ),
    (
        "one that counts for less", (MAYOR, witness("paper", kind="tertiary")), {},
        ["weaker: a witness counts for less: kind: secondary > tertiary"],
        {
            "verdict: holds > unsettled",
            "place paper rank and weight: secondary, counted > tertiary, not counted: tertiary",
        },
    ),
    (
        "one that counts for more", (MAYOR | {"kind": "primary"}, witness("paper")), {},
        ["flip: a witness counts for more: kind: secondary > primary"],
        {
            "place paper rank and weight: secondary, counted > secondary, not counted: a primary "
            "source speaks"
        },
    ),
    (
        "one found to be a copy", (MAYOR, witness("paper", depends_on="mayor")), {},
        ["flip: what a witness retells or is added: depends_on: None > mayor"],
        {"verdict: holds > unsettled"},
    ),
    (
        "a waiver of the gate", (MAYOR, witness("paper", only_context="shown")), {},
        ["flip: a waiver of the mutation gate added: only_context: None > shown"], set(),
    ),
    (
        "a quote that is gone", (witness("mayor"), witness("paper")), {},
        ["weaker: the quote of a witness removed: quote: in town > None"], set(),
    ),
    (
        "what is stated", None, {"stated": "the shop is gone"},
        ["flip: the stated number changed: stated: the shop is in town > the shop is gone"],
        {"place stated: the shop is in town > the shop is gone"},
    ),
]  # fmt: skip


def seen_of_witnesses(look):
    *_, field = look.change.field.rpartition(".")
    what = f": {field}: {look.change.before} > {look.change.after}"
    return f"{look.sort}: {look.words}" + what * ("[" not in field)


@pytest.mark.parametrize(
    ("rows", "part", "looks", "moves"), [case[1:] for case in WITNESSES],
    ids=[case[0] for case in WITNESSES],
)  # fmt: skip
def test_a_review_calls_out_whatever_changes_of_a_witness(
    kept, in_process, rows, part, looks, moves
):
    before = MAYOR, witness("paper")
    write_claim(kept, told(*before))
    commit(kept)
    write_claim(kept, told(*(rows or before), **part))
    report = compare(kept, "main")
    assert [seen_of_witnesses(look) for look in report.second_looks] == looks
    (claim,) = report.claims or (None,)
    lines = {move_line(move).rpartition(" (")[0] for move in claim.moves} if claim else set()
    assert moves <= lines
    assert bool(moves) == bool(claim)
    if claim:
        assert {change.file for change in claim.behind} == {TOLD}
        because = {name for move in claim.moves for name in move.because}
        assert because == ({"the statement"} if part else {"the witnesses"})
    assert report.failures == ()


def test_a_review_calls_out_another_reason_why_something_is_not_checkable(kept, in_process):
    write_claim(kept, hoped("opinion"))
    commit(kept)
    write_claim(kept, hoped("prediction"))
    (look,) = compare(kept, "main").second_looks
    assert (look.sort, look.words) == ("flip", "why the statement is not checkable changed")


@pytest.fixture
def review(kept, monkeypatch):
    """`claimbook diff` as a reviewer runs it, with processes of its own."""
    monkeypatch.setenv(ROOT_VARIABLE, str(kept.root))

    def run(*arguments):
        return CliRunner().invoke(cli.main, ["diff", *arguments])

    return run


def test_nothing_changed_is_said_in_one_line(kept, review):
    result = review("main")
    assert result.exit_code == 0
    heading, empty, line = result.output.splitlines()
    assert heading.startswith("# What changes from `main` (`")
    assert (empty, line) == (
        "",
        "**Nothing moved:** no verdict, number, margin or break-even of 1 claim.",
    )


def test_a_verdict_that_changed_gives_status_1_and_the_report_in_two_forms(kept, review, tmp_path):
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.20"')
    result = review("main", "--output", str(tmp_path / "report"))
    assert result.exit_code == 1
    assert "**1 verdict changes.** 1 outcome, 1 recomputed value" in result.output
    assert "| `apples-half-price` | **holds** | **does not hold** |" in result.output
    assert "The ledger is out of date for `apples-half-price`: run `make accept`." in result.output
    assert (tmp_path / "report" / "report.md").read_text(encoding="utf-8") == result.output
    stored = (tmp_path / "report" / "report.json").read_text(encoding="utf-8")
    assert markdown(from_json(stored)) == result.output


def test_a_margin_that_moved_gives_status_0(kept, review):
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.001"')
    accept(kept)
    result = review("main")
    assert result.exit_code == 0
    assert "**No verdict changes.** 1 recomputed value, 1 margin" in result.output
    assert "out of date" not in result.output


def test_two_revisions_are_compared_whatever_the_working_tree_holds(kept, review):
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.20"')
    commit(kept)
    edit(kept, "data/inputs/prices.yml", 'value: "1.20"', 'value: "1.00"')
    assert review("main~1", "main").exit_code == 1
    assert review("main~1").exit_code == 0


@pytest.mark.parametrize("name", ["elsewhere", "--output=/tmp/x", "main:data", ""])
def test_a_revision_that_git_does_not_know_is_named(review, name):
    result = review("--", name)
    assert result.exit_code == 2
    assert result.stderr == f"expected a revision that git knows, found {name!r}\n"


def test_a_downloaded_archive_has_no_revisions(small, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(small.root))
    result = CliRunner().invoke(cli.main, ["diff", "main"])
    assert (result.exit_code, result.stderr) == (
        2,
        "expected a clone with its history, in which revisions can be compared; "
        "found a folder without .git, such as a downloaded archive has\n",
    )


def test_a_place_that_cannot_be_written_is_trouble_and_not_another_verdict(kept, review):
    (kept.root / "taken").touch()
    result = review("main", "--output", str(kept.root / "taken" / "report"))
    assert result.exit_code == 2
    assert result.stderr.startswith(str(kept.root / "taken"))
    assert result.stderr.endswith("expected a place for files, found: Not a directory\n")


def test_outside_a_project_there_is_nothing_to_compare(tmp_path, review, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    result = review("main")
    assert result.exit_code == 2
    assert result.stderr.startswith("no data/articles.yml in ")


def test_make_takes_the_name_of_a_revision_for_no_command(kept):
    makefile.set_up(kept.root, ["claimbook"])
    done = subprocess.run(
        ["make", "--no-print-directory", "review", "BASE=nowhere; touch touched"],
        cwd=kept.root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "found 'nowhere; touch touched'" in done.stderr
    assert not (kept.root / "touched").exists()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_review_that_is_ended_leaves_no_folder_and_no_process(kept, tmp_path, ending):
    place, started, finished = (tmp_path / name for name in ("temporary", "started", "finished"))
    place.mkdir()
    wait = (
        f"import pathlib, time; pathlib.Path({str(started)!r}).touch(); time.sleep(60); "
        f"pathlib.Path({str(finished)!r}).touch(); "
    )
    edit(kept, NOTEBOOK, "from claimbook import", f"{wait}from claimbook import")
    environment = os.environ | {ROOT_VARIABLE: str(kept.root), "TMPDIR": str(place)}
    with subprocess.Popen(
        [sys.executable, "-c", "from claimbook.cli import main; main()", "diff", "main"],
        env=environment,
    ) as review:
        while not started.exists():
            assert review.poll() is None
            time.sleep(0.05)
        children = psutil.Process(review.pid).children(recursive=True)
        review.send_signal(ending)
    assert review.returncode == 2
    assert not finished.exists()
    assert children
    assert not any(child.is_running() for child in children)
    assert list(place.iterdir()) == []


def test_a_revision_without_a_project_is_refused(kept, review):
    git(kept, "rm", "-r", "--quiet", "data")
    (kept.root / "other").write_text("x", encoding="utf-8")
    commit(kept)
    git(kept, "checkout", "--quiet", "main~1")
    result = review("main")
    assert (result.exit_code, result.stderr) == (
        2,
        "revision 'main': expected a project with data/articles.yml, found none\n",
    )


def test_data_that_cannot_be_loaded_end_with_every_fault(kept, review):
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', "value: much")
    edit(kept, "data/inputs/prices.yml", "  quantity: Price of a pear\n", "")
    result = review("main")
    assert result.exit_code == 2
    assert "the working tree cannot be recomputed: 2 faults in the data" in result.stderr
    assert "prices.yml: apple_price, value: " in result.stderr
    assert "prices.yml: pear_price, quantity: " in result.stderr


def test_a_notebook_that_fails_is_named_and_its_claims_are_not_called_gone(kept, review):
    edit(kept, NOTEBOOK, "return 1 - apple_price / pear_price", "return 1 / 0")
    result = review("main")
    assert result.exit_code == 2
    assert "## Cannot be recomputed" in result.output
    assert "the working tree: apples-half-price" in result.output
    assert "ZeroDivisionError" in result.output
    assert "(gone)" not in result.output
    assert "Nothing moved:** no verdict, number, margin or break-even of 1 claim of those" in (
        result.output
    )


def test_what_a_notebook_prints_is_not_taken_for_its_result(kept, review):
    edit(
        kept,
        NOTEBOOK,
        'claim = Claim(\\"apples-half-price\\")\\n',
        "claim = Claim(\\\"apples-half-price\\\")\\n\", \"__import__('os').system('echo 2')\\n",
    )
    result = review("main")
    assert result.exit_code == 0, result.stderr
    assert "**Nothing moved:**" in result.output


def with_second_claim(project):
    add_claim(project, "apples-again", ("Apples cost", "Again apples cost"))
    notebook = project.notebook(PAGE).read_text(encoding="utf-8")
    project.notebook("apples-again").write_text(
        notebook.replace(PAGE, "apples-again").replace("# Apples cost", "# Again apples cost"),
        encoding="utf-8",
    )
    accept(project)


def test_a_claim_that_is_added_or_removed_is_a_verdict_that_changed(kept, review):
    with_second_claim(kept)
    commit(kept)
    added, removed = review("main~1", "main"), review("main", "main~1")
    assert (added.exit_code, removed.exit_code) == (1, 1)
    assert "| `apples-again` | – | **holds** |" in added.output
    assert "| `apples-again` | **holds** | – |" in removed.output
    assert "## Again apples cost half as much as pears (new)" in added.output
    assert "## Again apples cost half as much as pears (gone)" in removed.output
    assert f"| `{PAGE}` |" not in added.output + removed.output


def test_claims_with_another_verdict_come_first(kept, in_process):
    with_second_claim(kept)
    commit(kept)
    edit(
        kept,
        "book/claims/apples-again.ipynb",
        "return 1 - apple_price",
        "return 1 - 2 * apple_price",
    )
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.001"')
    found = [claim.claim for claim in compare(kept, "main").claims]
    assert found == ["apples-again", PAGE]


def test_a_ledger_edited_alone_is_called_stale(kept, in_process):
    edit(kept, "data/verdicts.csv", "consistent", "not consistent")
    report = compare(kept, "main")
    assert (report.claims, report.stale) == ((), (PAGE,))


def test_tags_and_cells_that_are_shown_as_they_are_do_not_go_unseen(kept, in_process):
    notebook = json.loads((kept.root / NOTEBOOK).read_text(encoding="utf-8"))
    notebook["cells"][1]["metadata"]["tags"] = ["remove-cell"]
    raw = {"cell_type": "raw", "id": "raw", "metadata": {}, "source": ["<h1>It holds</h1>"]}
    notebook["cells"].append(raw)
    (kept.root / NOTEBOOK).write_text(json.dumps(notebook), encoding="utf-8")
    others = compare(kept, "main").others
    assert [(change.field, change.before, change.after) for change in others] == [
        ("prose", None, "<h1>It holds</h1>"),
        ("tags of a cell", None, "remove-cell"),
    ]


def test_an_input_that_is_gone_is_evidence_that_got_weaker(kept, in_process):
    text = (kept.data / "inputs" / "prices.yml").read_text(encoding="utf-8")
    more = text[text.index("- id: pear_price") :].replace("pear_price", "plum_price")
    more = more.replace("{en: pear, vi: lê}", "{en: plum, vi: mận}")
    edit(kept, "data/inputs/prices.yml", text, f"{text}\n{more}")
    commit(kept)
    edit(kept, "data/inputs/prices.yml", f"\n{more}", "")
    assert [look.words for look in compare(kept, "main").second_looks] == ["an input removed"]


def test_only_claims_that_a_change_can_reach_are_recomputed(kept, monkeypatch):
    with_second_claim(kept)
    commit(kept)
    ran = []

    class Noted(InProcess):
        def __init__(self, revision, pages):
            ran.append(tuple(pages))
            super().__init__(revision, pages)

    monkeypatch.setattr(states, "begin", Noted)
    assert compare(kept, "main").compared == 2
    assert ran == [(), ()]
    ran.clear()
    edit(kept, NOTEBOOK, "return 1 - apple_price", "return 1 - 2 * apple_price")
    assert len(compare(kept, "main").claims) == 1
    assert ran == [(PAGE,), (PAGE,)]
    ran.clear()
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.01"')
    assert len(compare(kept, "main").claims) == 2
    assert ran == [(PAGE, "apples-again")] * 2


def test_what_the_results_of_a_revision_lack_is_not_compared_and_said_to_be_so(kept, monkeypatch):
    with_check = next(case for case in CHANGES if case["name"] == "a check becomes easier to pass")
    for file, text, new in with_check["base"]:
        edit(kept, file, text, new)
    commit(kept)

    class Older(InProcess):
        def __init__(self, revision, pages):
            super().__init__(revision, pages)
            for claim in self.answer["claims"].values() if revision.name == "main" else ():
                for part in claim["result"]["parts"]:
                    for reading in part["readings"]:
                        del reading["off_by_text"]
                    for row in part["checks"]:
                        del row["outcome"], row["inputs"], row["tables"]

    monkeypatch.setattr(states, "begin", Older)
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.001"')
    report = compare(kept, "main")
    assert report.lacking == ("main: off by of readings", "main: outcome of checks")
    (claim,) = report.claims
    whats = {move.what for move in claim.moves} - {*BREAK_EVENS.values()}
    assert whats == {"recomputed", "margin"}
    assert (
        "Not compared, because the results of a revision do not have it: "
        "`main: off by of readings`, `main: outcome of checks`." in markdown(report)
    )


def test_a_change_of_the_rule_is_judged_by_each_revisions_own_package(kept, review):
    shutil.copytree(PACKAGE, kept.root / "claimbook", ignore=shutil.ignore_patterns("__pycache__"))
    commit(kept)
    edit(
        kept,
        "claimbook/rule.py",
        "def part_verdict(",
        "def part_verdict(*_, **__):\n    return 'unsettled'\n\n\ndef _former(",
    )
    result = review("main")
    assert result.exit_code == 1, result.stderr
    assert "| `apples-half-price` | **holds** | **unsettled** |" in result.output
    assert "## Changed code that decides the checks" in result.output
    assert "- `claimbook/rule.py`" in result.output
    report = compare(kept, "main")
    assert {move.because for claim in report.claims for move in claim.moves} == {("claimbook/",)}


def test_a_package_too_old_to_be_asked_is_not_mixed_with_the_present_one(kept, review):
    shutil.copytree(PACKAGE, kept.root / "claimbook", ignore=shutil.ignore_patterns("__pycache__"))
    (kept.root / "claimbook" / "verdicts" / "ledger.py").unlink()
    commit(kept)
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.20"')
    result = review("main")
    assert result.exit_code == 2
    assert result.stderr == (
        "main cannot be recomputed: its package is too old: it has no claimbook.verdicts.ledger\n"
    )


def test_changes_of_a_base_that_has_gone_on_are_told_from_those_of_the_proposal(kept, review):
    git(kept, "checkout", "--quiet", "-b", "proposal")
    edit(kept, "data/articles.yml", "label: ", "label: Another ")
    commit(kept)
    git(kept, "checkout", "--quiet", "main")
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.20"')
    commit(kept)
    git(kept, "checkout", "--quiet", "proposal")
    first = review("main")
    assert first.exit_code == 1
    assert "its changes appear reversed" in first.output
    advice = "Without them: `make review BASE="
    assert advice in first.output
    base = first.output.partition(advice)[2].partition("`")[0]
    again = review(base)
    assert again.exit_code == 0
    assert advice not in again.output


def test_of_code_that_changed_the_lines_that_differ_are_shown(kept, in_process):
    old, new = "return 1 - apple_price / pear_price", "return -(apple_price / pear_price - 1)"
    edit(kept, NOTEBOOK, old, new)
    (change,) = compare(kept, "main").others
    assert (change.before, change.after) == (old, new)


@pytest.mark.parametrize("case", DECLARED, ids=[case["name"] for case in DECLARED])
def test_code_that_changed_is_shown_with_every_reading_check_and_fact_that_uses_it(case):
    old, new = case["edit"]
    assert old in case["code"]
    before, after = (
        notebook([Cell("code", text)]) for text in (case["code"], case["code"].replace(old, new, 1))
    )
    found = {
        change.entry or change.field: [change.before, change.after]
        for change in code_changes(before, after, NOTEBOOK)
    }
    assert {
        name: [side and side.strip("\n") for side in sides] for name, sides in found.items()
    } == case["changes"]


def test_an_input_that_moves_to_another_file_is_no_change(kept, in_process):
    path = kept.data / "inputs" / "prices.yml"
    path.rename(path.with_name("fruit.yml"))
    report = compare(kept, "main")
    assert (report.claims, report.second_looks, report.others) == ((), (), ())


def rewrite_table(project, text):
    """Give the table another content, with its digest."""
    path = project.data / "tables" / "harvest.csv"
    before = csv_tables.digest(path.read_bytes())
    path.write_text(text, encoding="utf-8")
    edit(project, "data/tables/datapackage.json", before, csv_tables.digest(path.read_bytes()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "year,baskets,source\n2023,121,harvest-report\n2024,135,harvest-report\n",
            ["harvest row 1 (2023 121 harvest-report), baskets: 120 > 121"],
        ),
        (
            "year,baskets,source\n2022,9,harvest-report\n2023,120,harvest-report\n"
            "2024,135,harvest-report\n",
            ["harvest row 1: None > 2022, 9, harvest-report"],
        ),
        (
            "year,baskets,source\n2024,135,harvest-report\n",
            ["harvest row 1: 2023, 120, harvest-report > None"],
        ),
        (
            "year,baskets,source\n2023,120,price-list\n2024,135,harvest-report\n",
            ["harvest row 1 (2023 120 price-list), source: harvest-report > price-list"],
        ),
    ],
)
def test_cells_and_rows_of_a_table_are_told_apart(kept, in_process, text, expected):
    rewrite_table(kept, text)
    report = compare(kept, "main")
    assert [changed(change) for change in report.others] == expected
    weaker = [look.words for look in report.second_looks]
    assert weaker == (["the source of a row changed"] if "source:" in expected[0] else [])


def test_a_cell_that_a_reading_uses_is_behind_its_move(kept, in_process):
    edit(
        kept,
        NOTEBOOK,
        "def list_price(apple_price, pear_price):",
        "def list_price(apple_price, pear_price, harvest):",
    )
    edit(
        kept,
        NOTEBOOK,
        "return 1 - apple_price / pear_price",
        'return 1 - apple_price / pear_price * harvest[\\"baskets\\"].iloc[1] / 135',
    )
    commit(kept)
    rewrite_table(kept, "year,baskets,source\n2023,120,harvest-report\n2024,136,harvest-report\n")
    (claim,) = compare(kept, "main").claims
    assert {move.because for move in claim.moves} == {("harvest",)}
    assert [changed(change) for change in claim.behind] == [
        "harvest row 2 (2024 136 harvest-report), baskets: 135 > 136"
    ]


HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=y> ![p](https://evil.example/p.png) "
    "[l](javascript:alert) @everyone #1 www.evil.example https://evil.example `` `x` | a | "
    "</details> $\\\\frac{1}{2}$ *b* _i_ ~~s~~ &amp; \u202ebackwards"
)


def test_no_text_of_a_proposal_becomes_a_mark_a_link_or_a_tag(kept, in_process):
    # Letters that turn the direction of others are refused by data/ already.
    title = HOSTILE.replace("\\", "").replace('"', "").replace("\u202e", "")
    edit(
        kept,
        CLAIM,
        "{en: Apples cost half as much as pears,",
        f"{{en: {json.dumps(title)},",
    )
    edit(kept, "data/inputs/prices.yml", "locator: first line", f"locator: {json.dumps(title)}")
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.20"')
    text = markdown(compare(kept, "main"))
    assert "evil.example" in text
    for token in flat(MarkdownIt("gfm-like", {"html": True}).parse(text)):
        assert token.type not in ("image", "link_open", "s_open", "em_open"), token
        if token.type in ("html_inline", "html_block"):
            assert token.content.strip() in (
                "<details><summary>Break-evens</summary>",
                "</details>",
            ), token
        if token.type == "text":
            assert not re.search(r"[@#]\w|www\.|://", token.content), token
    assert not any("\u202e" in shown for shown in (plain(HOSTILE), code(HOSTILE)))


def flat(tokens):
    for token in tokens:
        yield token
        yield from flat(token.children or ())


def test_what_hostile_text_is_escaped_from_would_be_live_without_it():
    kinds = {
        token.type for token in flat(MarkdownIt("gfm-like", {"html": True}).parse(f"x {HOSTILE}"))
    }
    assert {"html_inline", "image", "link_open", "em_open"} <= kinds


@given(st.text(max_size=60))
def test_code_shows_any_text_as_one_piece_of_code(text):
    (paragraph,) = [
        token for token in MarkdownIt().parse(f"x {code(text)} y") if token.type == "inline"
    ]
    kinds = [token.type for token in paragraph.children]
    assert kinds == ["text", "code_inline", "text"] or (kinds, code(text)) == (["text"], "(empty)")


@given(st.text(max_size=60))
def test_plain_words_stay_words(text):
    tokens = flat(MarkdownIt("gfm-like", {"html": True}).parse(f"x {plain(text)} y"))
    assert {token.type for token in tokens} <= {
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
        "text_special",
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda report: report | {"more": 1},
        lambda report: report | {"compared": "1"},
        lambda report: report | {"compared": -1},
        lambda report: report | {"version": 1},
        lambda report: report | {"deciding": ["x" * 301]},
        lambda report: report | {"deciding": ["x"] * 2001},
        lambda report: report | {"second_looks": [{"sort": "other", "words": "", "change": {}}]},
        lambda report: [report],
    ],
)
def test_a_report_of_another_form_is_refused(kept, in_process, change):
    stored = json.loads(compare(kept, "main").model_dump_json())
    from_json(json.dumps(stored))
    with pytest.raises(ValueError, match="validation error"):
        from_json(json.dumps(change(stored)))


def test_a_long_report_is_cut_and_says_so(kept, in_process):
    rows = "".join(f"{year},1,harvest-report\n" for year in range(1000, 4000))
    rewrite_table(kept, f"year,baskets,source\n{rows}")
    text = markdown(compare(kept, "main"))
    assert len(text) < 30_000
    assert re.search(r"^and \d+ more$", text, flags=re.MULTILINE)


@pytest.mark.parametrize("limit", [30_000, 3_000, 600])
def test_a_report_is_made_to_fit_and_says_where_the_rest_is(kept, in_process, limit):
    rows = "".join(f"{year},1,harvest-report\n" for year in range(1000, 4000))
    rewrite_table(kept, f"year,baskets,source\n{rows}")
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.20"')
    report = compare(kept, "main")
    text = fitting(report, limit, "The rest is elsewhere.")
    assert len(text) <= limit
    assert "**1 verdict changes.**" in text
    assert text.count("<details>") == text.count("</details>")
    assert ("The rest is elsewhere." in text) == (limit < 3_000)


def test_a_report_that_fits_is_whole(kept, in_process):
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.20"')
    report = compare(kept, "main")
    assert fitting(report, 60_000, "The rest is elsewhere.") == markdown(report)


LONG = "word " * 40


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("same, then A", "same, then B", ("same, then A", "same, then B")),
        (None, LONG + "A", (None, LONG + "A")),
        (
            LONG + "it holds",
            LONG + "it does not",
            ("…" + LONG[-27:] + "it holds", "…" + LONG[-27:] + "it does not"),
        ),
    ],
)
def test_long_texts_are_shown_from_shortly_before_they_differ(before, after, shown):
    assert both_short(before, after) == shown


@pytest.mark.parametrize(
    "file", ["sitecustomize.py", "book/claims/helper.py", "book/_static/x.css", "data/more.txt"]
)
def test_a_file_of_which_nothing_is_compared_is_named(kept, in_process, file):
    path = kept.root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x = 1\n", encoding="utf-8")
    report = compare(kept, "main")
    assert report.not_compared == (file,)
    assert f"- `{file}`" in markdown(report)


def test_a_notebook_that_ends_the_process_is_trouble_and_not_another_verdict(kept, review):
    edit(kept, NOTEBOOK, "from claimbook import", "import os; os._exit(0)\\nfrom claimbook import")
    assert review("main").exit_code == 2


@pytest.mark.parametrize(
    ("kind", "field", "before", "after", "expected"),
    [
        ("claim", "quote", "a", "b", "flip: the words of the article changed"),
        ("claim", "english", "a", "b", "flip: the words of the article changed"),
        ("claim", "parts[a].kind", "a", "b", "flip: the kind or unit of the statement"),
        ("claim", "parts[a].unit", "a", "b", "flip: the kind or unit of the statement"),
        ("claim", "parts[a].round_to", None, "b", "flip: what the stated number is"),
        ("claim", "parts[a]", "a", None, "flip: a whole part removed"),
        ("claim", "parts[a].label.en", "a", "b", None),
        ("claim", "flags[a]", "a", None, "weaker: a flag or its citation removed"),
        ("claim", "flags[a]", None, "a", None),
        ("claim", f"flags[a].{CITED}", "kind: tertiary", None, "weaker: a tertiary"),
        ("claim", f"flags[a].{CITED}.kind", "primary", "tertiary", "weaker: a citation"),
        ("claim", f"flags[a].{CITED}.kind", "tertiary", "primary", "flip: a citation"),
        ("claim", f"flags[a].{CITED}.quote", "a", None, "weaker: a citation removed"),
        ("claim", f"flags[a].{CITED}.locator", "a", "b", "weaker: a citation changed"),
        ("input", CITED, "kind: other", None, "weaker: a citation removed"),
        ("input", f"{CITED}.kind", "primary", None, "weaker: a citation counts"),
        ("input", "known", "later", "then", "flip: whether it was known then changed"),
        ("input", "unit", "USD", "VND", "flip: the unit changed"),
        ("input", "low", "1", None, "flip: the range removed"),
        ("input", "only_context", None, "a", "flip: a waiver of the mutation gate"),
        ("input", "only_context.why", "a", "b", "flip: a waiver of the mutation gate"),
        ("input", "as_of", "2024", "2025", "weaker: the date it is of changed"),
        ("input", "conflicts", "a", None, "weaker: other values in circulation"),
        ("input", "conflicts", None, "a", None),
        ("input", "note", "a", None, None),
        ("table", "precision", "exact", "rounded", "flip: the precision changed"),
        ("table", "known", "later", "then", "flip: whether it was known then changed"),
        ("table", "only_context[a]", None, "a", "flip: a waiver of the mutation gate added"),
        ("table", "columns[a].unit", "USD", "VND", "flip: the unit or type of a column"),
        ("table", "columns[a].type", "any", "date", "flip: the unit or type of a column"),
        ("table", "columns[a].title", "a", "b", None),
        ("table", "sources[a]", "a", None, "weaker: a source of the table removed"),
        ("table", "sources[a]", None, "a", None),
        ("cells", "row 1 (a), source", "a", "b", "weaker: the source of a row changed"),
        ("cells", "row 1 (a), baskets", "1", "2", None),
        ("source", "", "a", None, "weaker: a source removed"),
        ("source", "", None, "a", None),
        ("source", "url", "a", None, "weaker: the address of the source removed"),
        ("source", "archive", "a", None, "weaker: the address of the source removed"),
        ("source", "archive", None, "a", None),
        ("source", "seen", "whole", "excerpt", "weaker: how the source was seen changed"),
        ("source", "interest", None, "a", "weaker: the interest of the source added"),
        ("article", "quote", "a", "b", None),
    ],
)
def test_what_needs_a_second_look_is_named(kind, field, before, after, expected):
    change = Change(kind, "file", "x", field, before, after)
    found = [f"{notice.sort}: {notice.words}" for notice in notices([change])]
    assert len(found) == (expected is not None)
    assert not found or found[0].startswith(expected)


def because(change, what="verdict", claim="x"):
    """What the verdict of part `a` of a claim is said to be based on, if one change was made."""
    row = {"id": "one", "inputs": ["price"], "tables": ["harvest"]}
    parts = [{"id": "a", "readings": [row], "checks": []}]
    outcome = {"page": "page", "result": {"parts": parts}}
    causes = Causes(claim, [outcome], (), [change], [], [])
    return causes.of(Move(Key("a", "", what), "", "one", "other"))


@pytest.mark.parametrize(
    ("kind", "entry", "field", "expected"),
    [
        *(
            ("input", "price", field, ("price",))
            for field in ("", "value", "low", "high", "precision", "unit", "known")
        ),
        *(("input", "price", field, ()) for field in ("note", "citations[a]", "as_of")),
        ("input", "other", "value", ()),
        *(
            ("table", "harvest", field, ("harvest",))
            for field in ("", "precision", "known", "columns[a].unit")
        ),
        *(("table", "harvest", field, ()) for field in ("title", "sources[a]")),
        ("cells", "harvest", "row 1", ("harvest",)),
        *(
            ("claim", "x", field, ("the statement",))
            for field in (
                "parts[a]",
                "parts[a].stated",
                "parts[a].comparator",
                "parts[a].round_to",
                "parts[a].round_to.value",
                "parts[a].unit",
                "parts[a].kind",
            )
        ),
        *(("claim", "x", field, ()) for field in ("parts[b].stated", "parts[a].label.en", "quote")),
        ("claim", "y", "parts[a].stated", ()),
    ],
)
def test_a_verdict_is_based_only_on_what_a_reading_or_the_rule_can_see(
    kind, entry, field, expected
):
    assert because(Change(kind, "file", entry, field, "1", "2")) == expected


def test_a_notebook_that_failed_before_has_no_new_claims(kept, in_process):
    edit(kept, NOTEBOOK, "return 1 - apple_price / pear_price", "return 1 / 0")
    commit(kept)
    edit(kept, NOTEBOOK, "return 1 / 0", "return 1 - apple_price / pear_price")
    report = compare(kept, "main")
    assert report.claims == ()
    assert [line.partition(".ipynb")[0] for line in report.failures] == [f"main: {PAGE}"]


def test_files_that_judge_are_named_and_no_others(kept, in_process):
    names = [".gitattributes", "Makefile", "README.md", "requirements.txt", "tests/test_rule.py"]
    (kept.root / "tests").mkdir()
    for name in names:
        (kept.root / name).write_text("# new\n", encoding="utf-8")
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.001"')
    report = compare(kept, "main")
    assert report.deciding == tuple(name for name in names if name != "README.md")
    (claim,) = report.claims
    assert {move.because for move in claim.moves} == {("apple_price", "requirements.txt")}


def test_claims_that_only_the_later_ledger_says_otherwise_are_stale(kept, in_process):
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.20"')
    commit(kept)
    assert compare(kept, "main~1").stale == (PAGE,)
    edit(kept, "data/inputs/prices.yml", 'value: "1.20"', 'value: "1.00"')
    assert compare(kept, "main").stale == ()


FLAGS = """flags:
  - flag: {}
    note: {{en: {}, vi: x}}
    citations: [{{source: price-list, kind: primary}}]
  - flag: {}
    note: {{en: {}, vi: x}}
    citations: [{{source: price-list, kind: primary}}]
"""


def test_flags_are_told_apart_by_what_they_say(kept, in_process):
    claim = kept.claim(PAGE).read_text(encoding="utf-8")

    def write(*words):
        kept.claim(PAGE).write_text(claim + FLAGS.format(*words), encoding="utf-8")

    write("misattributed", "one", "mistranslated", "two")
    commit(kept)
    write("mistranslated", "three", "misattributed", "four")
    assert {changed(change) for change in compare(kept, "main").others} == {
        f"{PAGE} flags[misattributed].note.en: one > four",
        f"{PAGE} flags[mistranslated].note.en: two > three",
    }


def test_cells_are_compared_by_column_whatever_columns_come_go_or_change_places(kept, in_process):
    year = '{"name": "year", "type": "integer", "title": "Year"},'
    rewrite_table(kept, "baskets,year,source\n1,2023,price-list\n1,2025,price-list\n")
    edit(kept, DESCRIBED, year, "")
    edit(kept, DESCRIBED, '"unit": "count"},', f'"unit": "count"}}, {year}')
    commit(kept)
    edit(kept, DESCRIBED, '"name": "baskets"', '"name": "pears"')
    rewrite_table(kept, "year,pears,source\n2023,7,price-list\n2024,8,price-list\n")
    edit(kept, DESCRIBED, year, "")
    edit(kept, DESCRIBED, '{"name": "pears"', f'{year} {{"name": "pears"')
    found = [
        changed(change) for change in compare(kept, "main").others if change.file.endswith(".csv")
    ]
    assert found == [
        "harvest columns: baskets, year, source > year, pears, source",
        "harvest row 2 (2024 price-list), year: 2025 > 2024",
    ]


def test_a_row_that_is_gone_is_counted_as_it_was(kept, in_process):
    rows = [f"{year},{year},price-list\n" for year in (1, 2, 3, 4)]
    rewrite_table(kept, "year,baskets,source\n" + "".join(rows))
    commit(kept)
    rewrite_table(kept, "year,baskets,source\n" + rows[1] + rows[3])
    found = [(change.field, change.before) for change in compare(kept, "main").others]
    assert found == [("row 1", "1, 1, price-list"), ("row 3", "3, 3, price-list")]


@pytest.mark.parametrize("break_", ["\u2028", "\u2029", "\r\n"])
def test_no_text_is_broken_over_lines(break_):
    assert (plain(f"a{break_}b"), code(f"a{break_}b")) == ("a b", "`a b`")


def test_formulas_are_no_formulas_and_long_code_is_cut():
    assert plain("$1$") == "\\$1\\$"
    assert plain("www.example.org") == "www\u2060.example.org"
    assert len(code("x" * 400)) == len("``") + 160


def test_behind_a_claim_is_no_change_of_another_claim(kept, in_process):
    with_second_claim(kept)
    commit(kept)
    for slug in (PAGE, "apples-again"):
        edit(kept, f"data/claims/{slug}.yml", "claimant: The shop", "claimant: A shop")
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.001"')
    claims = compare(kept, "main").claims
    assert [[change.entry for change in claim.behind] for claim in claims] == [
        [PAGE, "apple_price"],
        ["apples-again", "apple_price"],
    ]
