"""A new claim: `claimbook new` begins it, and `claimbook check` leads from there to the end."""

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
import yaml
from click.testing import CliRunner

from claimbook import cli
from claimbook.authoring import checklist, new
from claimbook.base.faults import DataError
from claimbook.base.paths import ROOT_VARIABLE, Project
from claimbook.data import registry
from claimbook.data.registry import load
from claimbook.run import in_process, notebooks
from claimbook.verdicts import ledger
from places import ROOT

STEPS = yaml.load(
    (ROOT / "tests" / "cases" / "new_claim.yml").read_text(encoding="utf-8"),
    Loader=yaml.BaseLoader,
)
PAGE = "apples-half-price"
CONTENTS = f"""\
format: jb-book
root: book/index
parts:
  - caption: The paper
    chapters:
      - file: book/claims/{PAGE}
  - caption: About
    chapters:
      - file: book/about
"""


@pytest.fixture
def shelf(small, monkeypatch):
    """The small project as a book: with contents, pages, sections, and its ledger."""
    small.contents.write_text(CONTENTS, encoding="utf-8")
    for name in ("index.md", "about.md"):
        (small.root / "book" / name).write_text("# Page\n", encoding="utf-8")
    edit(small.claim(PAGE), "quote: apples cost half as much", "quote: apples cost 50% less")
    notebook = notebooks.read(small.notebook(PAGE))
    notebook.cells[0].source += "".join(f"\n\n## {name}" for name in checklist.SECTIONS)
    nbformat.write(notebook, small.notebook(PAGE))
    small.ledger.write_text(
        ledger.text([in_process.recompute(load(small), PAGE)]), encoding="utf-8"
    )
    monkeypatch.setenv(ROOT_VARIABLE, str(small.root))
    monkeypatch.setenv("COLUMNS", "160")
    return small


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def take(project, step):
    """Do what a step says."""
    for change in step.get("edits", ()):
        path = project.root / change["file"]
        text = path.read_text(encoding="utf-8")
        for old, put in change.get("put", {}).items():
            assert old in text, f"{old!r} is not in {path.name}"
            text = text.replace(old, put, 1)
        lines = text.splitlines(keepends=True)
        if "delete" in change:
            lines = [line for line in lines if not line.lstrip().startswith(change["delete"])]
        path.write_text("".join(lines), encoding="utf-8")


def run(*arguments):
    return CliRunner().invoke(cli.main, arguments)


def contents(project):
    return {
        path: path.read_bytes()
        for path in project.root.rglob("*")
        if path.is_file() and "_build" not in path.parts
    }


def test_check_leads_from_a_scaffold_to_a_finished_claim(shelf):
    assert run("check").exit_code == 0
    begun = run("new", "pears-cost", "--article", "paper")
    assert begun.exit_code == 0, begun.output
    for step in STEPS:
        take(shelf, step)
        said = run("check")
        assert said.exit_code == 1, f"{step['name']}: {said.output}"
        assert not said.exception or isinstance(said.exception, SystemExit), step["name"]
        for message in step["expect"]:
            assert message in said.output, f"{step['name']}: expected {message!r}\n{said.output}"
        for message in step.get("gone", ()):
            assert message not in said.output, f"{step['name']}: {message!r}\n{said.output}"
    accepted = run("accept")
    assert accepted.exit_code == 0, accepted.output
    said = run("check")
    assert (said.exit_code, "2 claims recomputed" in said.output) == (0, True), said.output
    edit(shelf.data / "inputs" / "pears-cost.yml", "- id", "# hint: one is left\n- id")
    said = run("check")
    assert (said.exit_code, "found 1" in said.output, "make accept" in said.output) == (
        1,
        True,
        False,
    )


VALUES = {
    "number": ('"2.40"', "USD", "return {name}"),
    "count": ('"3"', "count", "return {name}"),
    "date": ("2025-01-27", "day", "import datetime as dt\n    return dt.date(2025, 1, 27)"),
    "yes-no": ("yes", "USD", "return {name}.magnitude > 0"),
    "witnessed": ("a pear costs 2.40", "USD", ""),
    "not-checkable": ("pears will cost less", "USD", "return {name}"),
}
VERDICTS = {"not-checkable": "not checkable"}


def fill(project, claim, name, kind):
    """Fill what a scaffold leaves empty, whatever the kind."""
    stated, unit, formula = VALUES[kind]
    number = stated.strip('"') if kind in ("number", "count") else "1"
    path = project.claim(claim)
    text = path.read_text(encoding="utf-8")
    text = text.replace('stated: ""', f"stated: {stated}").replace('unit: ""', f"unit: {unit}")
    text = text.replace('about: ""', "about: some-fact")
    cited = {"source": "price-list", "kind": "primary", "says": "supports", "known": "then"}
    for field, value in (cited | {"date": "2025", "reason": "prediction"}).items():
        text = text.replace(f'{field}: ""', f"{field}: {value}")
    path.write_text(text.replace('""', number), encoding="utf-8")
    path = project.data / "inputs" / f"{claim}.yml"
    if kind == "witnessed":
        assert not path.exists()
        return
    text = path.read_text(encoding="utf-8")
    for field, value in {
        "value": number,
        "unit": unit,
        "as_of": "2025",
        "precision": "exact",
        "known": "then",
        "source": "price-list",
        "kind": "primary",
    }.items():
        text = text.replace(f'{field}: ""', f"{field}: {value}")
    path.write_text(text.replace('""', "some words"), encoding="utf-8")
    notebook = notebooks.read(project.notebook(claim))
    for cell in notebook.cells:
        cell.source = cell.source.replace('unit=""', f'unit="{unit}"')
        cell.source = cell.source.replace('""', '"some words"')
        cell.source = cell.source.replace("return ...", formula.format(name=name))
    nbformat.write(notebook, project.notebook(claim))


@pytest.mark.parametrize("kind", new.KINDS)
@pytest.mark.parametrize("claim", ["pears-cost", "3-pears", "class"])
def test_a_scaffold_of_each_kind_can_be_filled_and_shown(shelf, kind, claim):
    assert run("new", claim, "--article", "paper", "--kind", kind).exit_code == 0
    name = next(iter(set(re.findall(r"- id: (\w+)", inputs_of(shelf, claim)))), "apple_price")
    fill(shelf, claim, name, kind)
    loaded = registry.validate(shelf)
    assert list(loaded.claims) == [PAGE, claim]
    assert in_process.recompute(loaded, claim).verdict == VERDICTS.get(kind, "holds")
    (shown,) = in_process.run(shelf, claim)
    for view in (shown.inputs(name), shown.verdict(), shown.sensitivity(), shown.sources()):
        assert view.payload()
    if kind in ("number", "count"):
        assert shown.chart()
    left = [str(fault) for fault in checklist.faults_of_notebook(loaded, claim)]
    assert all("TODO: " in fault or "expected the title" in fault for fault in left), left


def inputs_of(project, claim):
    path = project.data / "inputs" / f"{claim}.yml"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_a_notebook_is_scaffolded_as_accept_writes_one(shelf):
    run("new", "pears-cost", "--article", "paper")
    text = shelf.notebook("pears-cost").read_text(encoding="utf-8")
    notebook = notebooks.read(shelf.notebook("pears-cost"))
    assert text == nbformat.writes(notebook).rstrip("\n") + "\n"
    nbformat.validate(notebook)
    texts = [new.make(shelf, "plums-cost", "paper", "number") for _ in range(2)]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("kind", new.KINDS)
def test_a_scaffold_leaves_no_section_and_no_field_without_a_word(shelf, kind):
    run("new", "pears-cost", "--article", "paper", "--kind", kind)
    inputs = shelf.data / "inputs" / "pears-cost.yml"
    for path in (*[inputs] * inputs.exists(), shelf.claim("pears-cost")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for above, line in pairwise(lines):
            if line.endswith('""') and not line.strip().startswith(("en:", "vi:")):
                assert above.strip().startswith(checklist.HINT), line


def before_and_after(path, texts):
    """What was put into a file, and that nothing else of it has changed."""
    old, new = path.read_bytes().decode("utf-8"), texts[path]
    at = next((n for n, pair in enumerate(zip(old, new, strict=False)) if len({*pair}) > 1), None)
    at = len(old) if at is None else at
    assert old[at:] == new[len(new) - (len(old) - at) :], "more than one place has changed"
    return new[at : len(new) - (len(old) - at)]


@pytest.mark.parametrize("article", ["a", "b"])
def test_nothing_else_in_the_book_changes_when_a_claim_begins(book, tmp_path, article):
    texts = new.make(book, "some-new-claim", article, "number")
    for path in (book.articles, book.contents):
        added = before_and_after(path, texts)
        assert (added.count("some-new-claim"), added.count("\n")) == (1, 1)
    statements = {
        entry["id"]: entry["statements"] for entry in yaml.safe_load(texts[book.articles])
    }
    assert statements[article][-1] == "some-new-claim"
    listed = re.findall(r"book/claims/(\S+)", texts[book.contents])
    claims = {*load(book).claims, "some-new-claim"}
    assert listed == [slug for slugs in statements.values() for slug in slugs if slug in claims]


def add_article(project, first):
    path = project.data / "articles.yml"
    old = path.read_text(encoding="utf-8")
    new = "- id: other\n  label: 'The other: paper'\n  language: en\n  about: Made up too.\n"
    path.write_text(new + old if first else old + new, encoding="utf-8")


@pytest.mark.parametrize("first", [True, False], ids=["before", "behind"])
def test_the_first_claim_of_an_article_begins_a_part_of_the_contents(shelf, first):
    add_article(shelf, first)
    assert run("new", "pears-cost", "--article", "other").exit_code == 0
    fill(shelf, "pears-cost", "pears_cost", "number")
    order = ["pears-cost", PAGE] if first else [PAGE, "pears-cost"]
    assert list(load(shelf).claims) == order
    parts = yaml.safe_load(shelf.contents.read_text(encoding="utf-8"))["parts"]
    captions = ["The other: paper", "The paper"] if first else ["The paper", "The other: paper"]
    assert [part["caption"] for part in parts] == [*captions, "About"]
    assert list(checklist.faults_of_contents(load(shelf))) == []


ENDS = {
    "no last line end": lambda text: text.rstrip("\n"),
    "blank lines at the end": lambda text: text + "\n\n",
    "a comment at the end": lambda text: text + "\n# The end.\n",
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("change", ENDS)
def test_a_line_is_added_whatever_the_file_ends_with(shelf, change):
    for path in (shelf.articles, shelf.contents):
        path.write_bytes(ENDS[change](path.read_text(encoding="utf-8")).encode())
    texts = new.make(shelf, "pears-cost", "paper", "number")
    for path in (shelf.articles, shelf.contents):
        added = before_and_after(path, texts)
        assert ("\r" in added) == (added.count("\n") == added.count("\r\n"))
        assert ("\r" in added) == (b"\r" in path.read_bytes())
        assert texts[path].endswith("# The end.\n") == ("comment" in change)
    assert run("new", "pears-cost", "--article", "paper").exit_code == 0
    fill(shelf, "pears-cost", "pears_cost", "number")
    assert list(load(shelf).claims) == [PAGE, "pears-cost"]
    assert list(checklist.faults_of_contents(load(shelf))) == []


@pytest.mark.parametrize("slug", ["apple-price", "harvest", "3-pears"])
def test_the_first_input_of_a_claim_has_an_id_of_its_own(shelf, slug):
    assert run("new", slug, "--article", "paper").exit_code == 0
    written = (shelf.data / "inputs" / f"{slug}.yml").read_text("utf-8")
    assert f"- id: input_{slug.replace('-', '_')}\n" in written


REFUSALS = {
    "capital letter": (["Pears"], "the slug of a claim: expected lowercase letters"),
    "folder": (["../pears"], "the slug of a claim: expected lowercase letters"),
    "statement": ([PAGE], f"data/articles.yml: paper: expected a new claim, found '{PAGE}' listed"),
    "claim": (["unlisted"], "data/claims/unlisted.yml: expected no such file, found one"),
    "article": (["pears", "--article", "papper"], "no article 'papper' in data/articles.yml; "
                "nearest is 'paper'"),
    "file of inputs": (["prices"], "data/inputs/prices.yml: expected no such file, found one"),
    "notebook": (["left-over"], "book/claims/left-over.ipynb: expected no such file, found one"),
    "kind": (["pears", "--kind", "opinion"], "'opinion' is not one of"),
    "nothing": ([], "Missing argument 'CLAIM'"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_a_claim_that_cannot_begin_is_refused_and_nothing_is_written(shelf, case):
    (shelf.notebooks / "left-over.ipynb").write_text("{}", encoding="utf-8")
    shelf.claim("unlisted").write_text("article: paper\n", encoding="utf-8")
    arguments, message = REFUSALS[case]
    before = contents(shelf)
    more = [] if "--article" in arguments or not arguments else ["--article", "paper"]
    said = run("new", *arguments, *more)
    assert said.exit_code != 0
    assert message in said.output
    assert contents(shelf) == before


UNREADABLE = ["- {", "", "[" * 999]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_toc.yml", None),
        *((name, text) for name in ("data/articles.yml", "_toc.yml") for text in UNREADABLE),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_written(shelf, name, text):
    path = shelf.root / name
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    before = contents(shelf)
    said = run("new", "pears", "--article", "paper")
    assert said.exit_code == 1
    assert said.output.startswith(f"nothing was changed: {name}: "), said.output
    assert contents(shelf) == before


UNCHECKED = """\
  unchecked:
    - id: plums-cost
      code: T2
      quote: plums cost 1, says "the paper"
      english: "plums: 1"
    # The last.
    - id: figs-cost
      code: T3
      quote: figs cost 3
      english: figs cost 3
"""
WAITING = ["plums-cost", "figs-cost"]


@pytest.fixture
def waiting(shelf):
    """The shelf with two more statements, which nobody has checked: before and behind the first."""
    edit(shelf.articles, f"    - {PAGE}\n", f"    - plums-cost\n    - {PAGE}\n    - figs-cost\n")
    with shelf.articles.open("a", encoding="utf-8") as file:
        file.write(UNCHECKED)
    return shelf


@pytest.mark.parametrize("claim", WAITING)
def test_a_claim_of_a_listed_statement_begins_with_its_words_and_in_its_place(waiting, claim):
    (entry,) = (item for item in yaml.safe_load(UNCHECKED)["unchecked"] if item["id"] == claim)
    begun = run("new", claim)
    assert begun.exit_code == 0, begun.output
    written = yaml.safe_load(waiting.claim(claim).read_text(encoding="utf-8"))
    assert {"id": claim} | {name: written[name] for name in ("code", "quote", "english")} == entry
    (article,) = yaml.safe_load(waiting.articles.read_text(encoding="utf-8"))
    assert article["statements"] == ["plums-cost", PAGE, "figs-cost"]
    assert [item["id"] for item in article["unchecked"]] == [
        name for name in WAITING if name != claim
    ]
    fill(waiting, claim, claim.replace("-", "_"), "number")
    assert list(checklist.faults_of_contents(load(waiting))) == []


def test_the_last_statement_that_is_checked_leaves_none_unchecked(waiting):
    for claim in WAITING:
        assert run("new", claim).exit_code == 0
        fill(waiting, claim, claim.replace("-", "_"), "number")
        edit(waiting.data / "inputs" / f"{claim}.yml", "en: some words", f"en: {claim}")
        edit(waiting.data / "inputs" / f"{claim}.yml", "vi: some words", f"vi: {claim}")
    assert load(waiting).articles["paper"].unchecked == ()
    assert list(load(waiting).claims) == ["plums-cost", PAGE, "figs-cost"]
    assert list(checklist.faults_of_contents(load(waiting))) == []


def test_a_listed_statement_is_begun_for_its_own_article_alone(waiting):
    add_article(waiting, first=False)
    before = contents(waiting)
    said = run("new", "figs-cost", "--article", "other")
    assert said.output == (
        "nothing was changed: data/articles.yml: paper has the statement 'figs-cost', not other\n"
    )
    assert contents(waiting) == before


def test_unchecked_statements_in_brackets_are_named(shelf):
    row = f"    - {PAGE}\n"
    more = "    - figs\n  unchecked: [{id: figs, code: T3, quote: figs, english: figs}]\n"
    edit(shelf.articles, row, row + more)
    said = run("new", "figs")
    assert said.output == (
        "nothing was changed: data/articles.yml: paper, unchecked: expected a list with one "
        "entry to a line, found another form\n"
    )


UNDER = f"""\
format: jb-book
root: book/index
parts:
  - caption: Articles
    chapters:
      - file: book/article-paper
        title: The paper
        sections:
          - file: book/claims/{PAGE}
      - file: book/article-other
        title: The other
  - caption: About
    chapters:
      - file: book/about
"""


@pytest.mark.parametrize("article", ["paper", "other"])
def test_the_page_of_a_claim_lies_under_that_of_its_article(shelf, article):
    add_article(shelf, first=False)
    shelf.contents.write_text(UNDER, encoding="utf-8")
    for name in ("paper", "other"):
        (shelf.root / "book" / f"article-{name}.md").write_text("# Page\n", encoding="utf-8")
    for number, claim in enumerate(("pears-cost", "more-pears")):
        assert run("new", claim, "--article", article).exit_code == 0
        fill(shelf, claim, claim.replace("-", "_"), "number")
        if number:
            edit(shelf.data / "inputs" / f"{claim}.yml", "en: some words", "en: more")
            edit(shelf.data / "inputs" / f"{claim}.yml", "vi: some words", "vi: thêm")
            edit(shelf.claim(claim), "code: 2.40", "code: T4")
    listed = yaml.safe_load(shelf.contents.read_text(encoding="utf-8"))["parts"][0]["chapters"]
    pages = {
        item["title"]: [page["file"].removeprefix("book/claims/") for page in item["sections"]]
        for item in listed
        if "sections" in item
    }
    new_pages = ["pears-cost", "more-pears"]
    assert (
        pages
        == {
            "paper": {"The paper": [PAGE, *new_pages]},
            "other": {"The paper": [PAGE], "The other": new_pages},
        }[article]
    )
    assert list(checklist.faults_of_contents(load(shelf))) == []


STATEMENTS = {
    "none": "",
    "left empty": "  statements:\n",
    "below the field": "  statements:\n    - plums-cost\n",
    "beside the field": "  statements:\n  - plums-cost\n",
    "with a comment behind": "  statements:\n    - plums-cost  # the first\n    # the last\n",
}


@pytest.mark.parametrize("form", STATEMENTS)
@pytest.mark.parametrize("first", [True, False], ids=["before", "behind"])
def test_a_statement_is_added_however_the_others_are_listed(shelf, form, first):
    listed = STATEMENTS[form]
    fields = ["  label: Other\n  language: en\n  about: Made up.\n"]
    fields.insert(0 if first else 1, listed)
    with shelf.articles.open("a", encoding="utf-8") as file:
        file.write("- id: other\n" + "".join(fields))
    texts = new.make(shelf, "pears-cost", "other", "number")
    assert before_and_after(shelf.articles, texts).count("pears-cost") == 1
    paper, other = yaml.safe_load(shelf.articles.read_text(encoding="utf-8"))
    other["statements"] = [*(other.get("statements") or []), "pears-cost"]
    assert yaml.safe_load(texts[shelf.articles]) == [paper, other]


def test_statements_in_brackets_are_named(shelf):
    edit(shelf.articles, "  statements:\n    - apples-half-price", "  statements: []")
    said = run("new", "pears", "--article", "paper")
    assert said.output == (
        "nothing was changed: data/articles.yml: paper, statements: expected a list with one "
        "statement to a line, found another form\n"
    )


def test_contents_without_any_page_of_a_claim_are_named(shelf):
    shelf.contents.write_text("root: book/index\nparts:\n  - chapters:\n      - file: book/about\n")
    said = run("new", "pears", "--article", "paper")
    assert said.output == (
        "nothing was changed: _toc.yml: expected the page of a claim, found none\n"
    )


def test_a_file_that_cannot_be_written_leaves_the_others_as_they_are(shelf, monkeypatch):
    replace = Path.replace

    def full(self, target):
        if target == shelf.contents:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    before = contents(shelf)
    monkeypatch.setattr(Path, "replace", full)
    said = run("new", "pears", "--article", "paper")
    assert (said.exit_code, said.output) == (1, "nothing was changed: No space left on device\n")
    assert contents(shelf) == before


@pytest.mark.parametrize(
    ("given", "command"),
    [
        (["CLAIM=pears"], "claimbook new pears"),
        (["CLAIM=pears", "ARTICLE=b", "KIND=date"], "claimbook new --article b --kind date pears"),
    ],
)
def test_the_target_of_make_passes_on_what_it_is_given(given, command):
    planned = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "new", *given],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert [" ".join(line.split()) for line in planned.splitlines()][-1].endswith(command)


def test_a_second_claim_can_begin_before_the_first_is_finished(shelf):
    assert run("new", "pears-cost", "--article", "paper").exit_code == 0
    assert run("new", "plums-cost", "--article", "paper").exit_code == 0
    with pytest.raises(DataError):
        load(shelf)
    listed = re.findall(r"book/claims/(\S+)", shelf.contents.read_text(encoding="utf-8"))
    assert listed == [PAGE, "pears-cost", "plums-cost"]


CONTENT_FAULTS = {
    "unknown file": ("book/about", "book/abuot", "book/abuot: expected a page of this name"),
    "twice": ("book/about", f"book/claims/{PAGE}", "expected every page once, found one twice"),
    "no YAML": ("parts:", "parts: {", "expected valid YAML, found: "),
}


@pytest.mark.parametrize("case", CONTENT_FAULTS)
def test_wrong_contents_are_named(shelf, case):
    old, new, message = CONTENT_FAULTS[case]
    edit(shelf.contents, old, new)
    (fault,) = checklist.faults_of_contents(load(shelf))
    assert str(fault).startswith(f"_toc.yml: {message}")


def test_another_order_of_the_contents_is_named(shelf):
    run("new", "pears-cost", "--article", "paper")
    fill(shelf, "pears-cost", "pears_cost", "number")
    rows = [f"      - file: book/claims/{page}\n" for page in (PAGE, "pears-cost")]
    edit(shelf.contents, "".join(rows), "".join(reversed(rows)))
    (fault,) = checklist.faults_of_contents(load(shelf))
    assert str(fault) == (
        f"_toc.yml: book/claims/pears-cost: expected book/claims/{PAGE} here, "
        "as in data/articles.yml"
    )


def test_a_project_without_contents_is_no_book(small):
    assert checklist.faults(load(small), [PAGE], []) == []
    assert not Project(small.root).contents.exists()
