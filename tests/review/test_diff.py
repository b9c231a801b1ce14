"""A review says which verdicts, numbers and margins a change moves, and what is behind it."""

import ast
import json
import re
import shutil
import subprocess

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from claimbook import cli
from claimbook.base.digests import PACKAGE
from claimbook.base.paths import ROOT_VARIABLE
from claimbook.data import csv_tables
from claimbook.data.registry import load
from claimbook.review.diff import compare as compare_module
from claimbook.review.diff import probe
from claimbook.review.diff.causes import Causes
from claimbook.review.diff.changes import Change, code_changes, entry_changes, table_changes
from claimbook.review.diff.compare import compare
from claimbook.review.diff.content import Content, Notebook, Place, Table, read
from claimbook.review.diff.inert import code, plain
from claimbook.review.diff.markdown import fitting, markdown
from claimbook.review.diff.moves import BREAK_EVENS, Key, Move
from claimbook.review.diff.notices import notices
from claimbook.review.diff.report import apart, from_json
from claimbook.run.in_process import recompute
from claimbook.verdicts import ledger
from growing import add_claim
from places import CASES

PAGE = "apples-half-price"
NOTEBOOK = f"book/claims/{PAGE}.ipynb"
CLAIM = "data/claims/a.yml"
DESCRIBED = "data/tables/datapackage.json"
CITED = "citations[list]"
CHANGES = yaml.safe_load((CASES / "review.yml").read_text(encoding="utf-8"))


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


class Probe:
    """Stands in for the process that recomputes a revision: does so here, which is faster."""

    returncode = 0

    def __init__(self, revision, pages):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(ROOT_VARIABLE, str(revision.project.root))
            self.answer = json.dumps(probe.claims_of(list(pages))).encode()

    def communicate(self):
        return self.answer, b""


@pytest.fixture
def in_process(monkeypatch):
    monkeypatch.setattr(compare_module, "_begin", Probe)


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
        return f"{look.kind}: {look.words}: {change.entry}"
    return f"{look.kind}: {look.words}: {place}: {change.before} > {change.after}"


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
    assert [look_line(look) for look in report.looks] == case.get("looks", [])
    assert [changed(change) for change in report.others] == case.get("others", [])
    assert report.failures == ()


@pytest.fixture
def review(kept, monkeypatch):
    """`claimbook diff` as a reviewer runs it, with processes of its own."""
    monkeypatch.setenv(ROOT_VARIABLE, str(kept.root))

    def run(*arguments):
        return CliRunner().invoke(cli.main, ["diff", *arguments])

    return run


def test_nothing_changed_is_said_in_one_line_without_running_anything(kept, review, monkeypatch):
    monkeypatch.setattr(compare_module, "_begin", None)
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
    assert "`make accept` is due" in result.output
    assert (tmp_path / "report" / "report.md").read_text(encoding="utf-8") == result.output
    stored = (tmp_path / "report" / "report.json").read_text(encoding="utf-8")
    assert markdown(from_json(stored)) == result.output


def test_a_margin_that_moved_gives_status_0(kept, review):
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.001"')
    accept(kept)
    result = review("main")
    assert result.exit_code == 0
    assert "**No verdict changes.** 1 recomputed value, 1 margin" in result.output
    assert "is due" not in result.output


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


def test_without_a_repository_the_reason_is_gits_own(small, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(small.root))
    result = CliRunner().invoke(cli.main, ["diff", "main"])
    assert result.exit_code == 2
    assert "not a git repository" in result.stderr


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
    assert [look.words for look in compare(kept, "main").looks] == ["an input removed"]


def test_only_claims_that_a_change_can_reach_are_recomputed(kept, monkeypatch):
    with_second_claim(kept)
    commit(kept)
    ran = []

    class Noted(Probe):
        def __init__(self, revision, pages):
            ran.append(tuple(pages))
            super().__init__(revision, pages)

    monkeypatch.setattr(compare_module, "_begin", Noted)
    edit(kept, NOTEBOOK, "return 1 - apple_price", "return 1 - 2 * apple_price")
    assert len(compare(kept, "main").claims) == 1
    assert ran == [(PAGE,), (PAGE,)]
    ran.clear()
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.01"')
    assert len(compare(kept, "main").claims) == 2
    assert ran == [(PAGE, "apples-again")] * 2


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
    assert "## What judges has changed" in result.output
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
    advice = "Without it: `make review BASE="
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


def test_lines_of_code_in_another_order_are_a_change():
    one, other = "def f(x):\n    a = 1\n    b = 2", "def f(x):\n    b = 2\n    a = 1"
    before, after = (Notebook(functions={"f": text}) for text in (one, other))
    found = code_changes(before, after, NOTEBOOK)
    assert [(change.entry, change.before, change.after) for change in found] == [
        ("f", "    b = 2", "    a = 1")
    ]


def test_an_input_that_moves_to_another_file_is_no_change(kept, in_process):
    path = kept.data / "inputs" / "prices.yml"
    path.rename(path.with_name("fruit.yml"))
    report = compare(kept, "main")
    assert (report.claims, report.looks, report.others) == ((), (), ())


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
    weaker = [look.words for look in report.looks]
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
        f"data/claims/{PAGE}.yml",
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
        lambda report: report | {"version": 2},
        lambda report: report | {"judging": ["x" * 301]},
        lambda report: report | {"judging": ["x"] * 2001},
        lambda report: report | {"looks": [{"kind": "other", "words": "", "change": {}}]},
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
    assert apart(before, after) == shown


@pytest.mark.parametrize(
    "file", ["sitecustomize.py", "book/claims/helper.py", "book/_static/x.css", "data/more.txt"]
)
def test_a_file_of_which_nothing_is_compared_is_named(kept, in_process, file):
    path = kept.root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x = 1\n", encoding="utf-8")
    report = compare(kept, "main")
    assert report.unread == (file,)
    assert f"- `{file}`" in markdown(report)


def test_a_notebook_that_ends_the_process_is_trouble_and_not_another_verdict(kept, review):
    edit(kept, NOTEBOOK, "from claimbook import", "import os; os._exit(0)\\nfrom claimbook import")
    assert review("main").exit_code == 2


@pytest.mark.parametrize(
    ("file", "field", "before", "after", "expected"),
    [
        (CLAIM, "quote", "a", "b", "flip: the words of the article changed"),
        (CLAIM, "english", "a", "b", "flip: the words of the article changed"),
        (CLAIM, "parts[a].kind", "a", "b", "flip: the kind or unit of the statement"),
        (CLAIM, "parts[a].unit", "a", "b", "flip: the kind or unit of the statement"),
        (CLAIM, "parts[a].round_to", None, "b", "flip: what the stated number is"),
        (CLAIM, "parts[a]", "a", None, "flip: a whole part removed"),
        (CLAIM, "parts[a].label.en", "a", "b", None),
        (CLAIM, "flags[a]", "a", None, "weaker: a flag or its citation removed"),
        (CLAIM, "flags[a]", None, "a", None),
        (CLAIM, f"flags[a].{CITED}", "kind: tertiary", None, "weaker: a tertiary"),
        (CLAIM, f"flags[a].{CITED}.kind", "primary", "tertiary", "weaker: a citation"),
        (CLAIM, f"flags[a].{CITED}.kind", "tertiary", "primary", "flip: a citation"),
        (CLAIM, f"flags[a].{CITED}.quote", "a", None, "weaker: a citation removed"),
        (CLAIM, f"flags[a].{CITED}.locator", "a", "b", "weaker: a citation changed"),
        ("data/inputs/a.yml", CITED, "kind: other", None, "weaker: a citation removed"),
        ("data/inputs/a.yml", f"{CITED}.kind", "primary", None, "weaker: a citation counts"),
        ("data/inputs/a.yml", "known", "later", "then", "flip: whether it was known then changed"),
        ("data/inputs/a.yml", "unit", "USD", "VND", "flip: the unit changed"),
        ("data/inputs/a.yml", "low", "1", None, "flip: the range removed"),
        ("data/inputs/a.yml", "only_context", None, "a", "flip: a waiver of the mutation gate"),
        ("data/inputs/a.yml", "only_context.why", "a", "b", "flip: a waiver of the mutation gate"),
        ("data/inputs/a.yml", "as_of", "2024", "2025", "weaker: the date it is of changed"),
        ("data/inputs/a.yml", "conflicts", "a", None, "weaker: other values in circulation"),
        ("data/inputs/a.yml", "conflicts", None, "a", None),
        ("data/inputs/a.yml", "note", "a", None, None),
        (DESCRIBED, "precision", "exact", "rounded", "flip: the precision changed"),
        (DESCRIBED, "known", "later", "then", "flip: whether it was known then changed"),
        (DESCRIBED, "only_context[a]", None, "a", "flip: a waiver of the mutation gate added"),
        (DESCRIBED, "schema.fields[a].unit", "USD", "VND", "flip: the unit or type of a column"),
        (DESCRIBED, "schema.fields[a].type", "any", "date", "flip: the unit or type of a column"),
        (DESCRIBED, "schema.fields[a].title", "a", "b", None),
        (DESCRIBED, "sources[a]", "a", None, "weaker: a source of the table removed"),
        (DESCRIBED, "sources[a]", None, "a", None),
        ("data/tables/a.csv", "row 1 (a), source", "a", "b", "weaker: the source of a row changed"),
        ("data/tables/a.csv", "row 1 (a), baskets", "1", "2", None),
        ("data/sources.bib", "", "a", None, "weaker: a source removed"),
        ("data/sources.bib", "", None, "a", None),
        ("data/sources.bib", "url", "a", None, "weaker: the address of the source removed"),
        ("data/sources.bib", "archive", "a", None, "weaker: the address of the source removed"),
        ("data/sources.bib", "archive", None, "a", None),
        ("data/sources.bib", "seen", "whole", "excerpt", "weaker: how the source was seen changed"),
        ("data/sources.bib", "interest", None, "a", "weaker: the interest of the source added"),
        ("data/articles.yml", "quote", "a", "b", None),
    ],
)
def test_what_deserves_a_second_look_is_named(file, field, before, after, expected):
    found = [f"{it.kind}: {it.words}" for it in notices([Change(file, "x", field, before, after)])]
    assert len(found) == (expected is not None)
    assert not found or found[0].startswith(expected)


def because(change, what="verdict", claim="x"):
    """What the verdict of part `a` of a claim is said to rest on, if one change was made."""
    row = {"id": "one", "inputs": ["price"], "tables": ["harvest"]}
    parts = [{"id": "a", "readings": [row], "checks": []}]
    outcome = {"page": "page", "result": {"parts": parts}}
    causes = Causes(claim, [outcome], (), [change], [], [])
    return causes.of(Move(Key("a", "", what), "", "one", "other"))


@pytest.mark.parametrize(
    ("file", "entry", "field", "expected"),
    [
        *(
            ("data/inputs/a.yml", "price", field, ("price",))
            for field in ("", "value", "low", "high", "precision", "unit", "known")
        ),
        *(("data/inputs/a.yml", "price", field, ()) for field in ("note", "citations[a]", "as_of")),
        ("data/inputs/a.yml", "other", "value", ()),
        *(
            (DESCRIBED, "harvest", field, ("harvest",))
            for field in ("", "precision", "known", "schema.fields[a].unit")
        ),
        *((DESCRIBED, "harvest", field, ()) for field in ("title", "sources[a]")),
        ("data/tables/harvest.csv", "harvest", "row 1", ("harvest",)),
        *(
            (CLAIM, "x", field, ("the statement",))
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
        *((CLAIM, "x", field, ()) for field in ("parts[b].stated", "parts[a].label.en", "quote")),
        (CLAIM, "y", "parts[a].stated", ()),
    ],
)
def test_a_verdict_rests_only_on_what_a_reading_or_the_rule_can_see(file, entry, field, expected):
    assert because(Change(file, entry, field, "1", "2")) == expected


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
    assert report.judging == tuple(name for name in names if name != "README.md")
    (claim,) = report.claims
    assert {move.because for move in claim.moves} == {("apple_price", "requirements.txt")}


def test_claims_that_only_the_later_ledger_says_otherwise_are_stale(kept, in_process):
    edit(kept, "data/inputs/prices.yml", 'value: "1.00"', 'value: "1.20"')
    commit(kept)
    assert compare(kept, "main~1").stale == (PAGE,)
    edit(kept, "data/inputs/prices.yml", 'value: "1.20"', 'value: "1.00"')
    assert compare(kept, "main").stale == ()


def written(entries=None, table=None):
    """A revision with nothing in it but some entries, by file and id, and a table."""
    places = {Place(file, entry): raw for (file, entry), raw in (entries or {}).items()}
    tables_ = {"harvest": table} if table else {}
    return Content(places, tables_, dict.fromkeys(tables_, "harvest.csv"), {}, {})


def test_a_claim_is_the_same_one_where_all_claims_stood_in_one_file(kept):
    after = read(kept)
    path = kept.claim(PAGE)
    lines = [f"id: {PAGE}", *path.read_text(encoding="utf-8").splitlines()]
    path.unlink()
    text = "".join(f"{'  ' if number else '- '}{line}\n" for number, line in enumerate(lines))
    (kept.data / "claims.yml").write_text(text, encoding="utf-8")
    before = read(kept)
    assert [place.entry for place in before.entries if place.file.startswith("data/claims")] == [
        PAGE
    ]
    assert entry_changes(before, after) == []


def test_an_entry_is_taken_for_moved_only_among_entries_of_its_kind():
    price, claim = ("data/inputs/a.yml", "x"), (CLAIM, "x")
    before, after = written({price: {"value": "1"}}), written({claim: {"value": "1"}})
    found = [(change.file, change.before, change.after) for change in entry_changes(before, after)]
    assert found == [(claim[0], None, "value: 1"), (price[0], "value: 1", None)]


def test_an_entry_that_is_repeated_elsewhere_has_not_moved():
    one, other = ("data/inputs/a.yml", "x"), ("data/inputs/b.yml", "x")
    before, after = written({one: {"value": "1"}}), written({one: {"value": "1"}})
    after.entries[Place(*other)] = {"value": "1"}
    (change,) = entry_changes(before, after)
    assert (change.file, change.before, change.after) == (other[0], None, "value: 1")


def test_flags_are_told_apart_by_what_they_say():
    def flags(*pairs):
        items = [{"flag": flag, "note": note} for flag, note in pairs]
        return written({(CLAIM, "x"): {"flags": items}})

    before, after = flags(("late", "a"), ("vague", "b")), flags(("vague", "c"), ("late", "d"))
    assert {
        (change.field, change.before, change.after) for change in entry_changes(before, after)
    } == {
        ("flags[late].note", "a", "d"),
        ("flags[vague].note", "b", "c"),
    }


def test_cells_are_compared_by_column_whatever_columns_come_go_or_change_places():
    before = written(table=Table(("year", "pears"), (("2023", "7"), ("2024", "8"))))
    after = written(table=Table(("baskets", "year"), (("1", "2023"), ("1", "2025"))))
    found = [(change.field, change.before, change.after) for change in table_changes(before, after)]
    assert found == [
        ("columns", "year, pears", "baskets, year"),
        ("row 2 (2025), year", "2024", "2025"),
    ]


def test_a_row_that_is_gone_is_counted_as_it_was():
    before = written(table=Table(("year",), (("1",), ("2",), ("3",), ("4",))))
    after = written(table=Table(("year",), (("2",), ("4",))))
    found = [(change.field, change.before) for change in table_changes(before, after)]
    assert found == [("row 1", "1"), ("row 3", "3")]


def test_a_cell_that_is_no_python_is_compared_as_it_stands(kept):
    edit(kept, NOTEBOOK, "from claimbook import Claim", "%time 1")
    found = read(kept).notebooks[PAGE]
    assert any("%time 1" in text for text in found.rest)
    assert {"time", "apple_price"} <= found.named


@pytest.mark.parametrize("break_", ["\u2028", "\u2029", "\r\n"])
def test_no_text_is_broken_over_lines(break_):
    assert (plain(f"a{break_}b"), code(f"a{break_}b")) == ("a b", "`a b`")


def test_formulas_are_no_formulas_and_long_code_is_cut():
    assert plain("$1$") == "\\$1\\$"
    assert plain("www.example.org") == "www\u2060.example.org"
    assert len(code("x" * 400)) == len("``") + 160


def test_behind_a_claim_is_no_change_of_another_claim():
    outcome = {"page": "page", "result": {"parts": []}}
    own, others = (Change(CLAIM, claim, "quote", "1", "2") for claim in "xy")
    assert Causes("x", [outcome], (), [own, others], [], []).behind([]) == [own]


def test_a_line_that_stands_elsewhere_in_the_code_too_is_shown_where_it_is_new():
    one, other = "def f():\n    a()\n    b()", "def f():\n    a()\n    c()\n    a()"
    before, after = (Notebook(functions={"f": text}) for text in (one, other))
    (change,) = code_changes(before, after, NOTEBOOK)
    assert (change.before, change.after) == ("    b()", "    c()\n    a()")


def test_a_second_function_of_a_name_does_not_hide_what_changed_in_the_first(kept, in_process):
    old, new = "return 1 - apple_price / pear_price", "return 0.5 + 0 * apple_price"
    notebook = json.loads((kept.root / NOTEBOOK).read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if old in "".join(cell["source"]))
    source = "".join(cell["source"])
    again = f"\n\n\ndef list_price(apple_price, pear_price):\n    {old}\n"
    cell["source"] = source.replace(old, new) + again
    (kept.root / NOTEBOOK).write_text(json.dumps(notebook), encoding="utf-8")
    report = compare(kept, "main")
    changes = [*report.others, *(change for claim in report.claims for change in claim.behind)]
    assert any(ast.unparse(ast.parse(new)) in (change.after or "") for change in changes)
