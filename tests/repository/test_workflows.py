"""The files for GitHub: what workflows may do, and that what they name exists."""

import http.server
import json
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import yaml

import makefile
import workflow_rules
from claimbook.base.paths import find_project
from claimbook.data.models import MAX_QUOTE_WORDS
from claimbook.data.registry import load
from claimbook.review.comment import artifact, posting
from places import CASES, ROOT

FOLDER = ROOT / ".github"
BIN = Path(sys.executable).parent

TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in (FOLDER / "workflows").iterdir()}
ALLOWED = workflow_rules.read((CASES / "workflows.yml").read_text(encoding="utf-8"))
ACTIONS = workflow_rules.read((CASES / "actions.yml").read_text(encoding="utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, flags=re.MULTILINE))


def faults(name, text):
    return list(workflow_rules.faults(text, ALLOWED[name], ACTIONS, TARGETS))


def test_every_workflow_is_described():
    assert TEXTS.keys() == ALLOWED.keys()


@pytest.mark.parametrize("name", TEXTS)
def test_a_workflow_has_no_faults(name):
    assert faults(name, TEXTS[name]) == []


@pytest.mark.parametrize(
    ("name", "part", "instead", "fault"),
    [
        ("pull-request", "\n  pull_request:", "\n  pull_request_target:", "started by"),
        ("pull-request", "permissions: {}", "permissions: read-all", "permissions for all"),
        ("pull-request", "permissions: {}\n", "", "permissions for all"),
        ("pull-request", "contents: read", "contents: write", "permissions {"),
        ("weekly", "concurrency:", "env:", "no concurrency"),
        ("weekly", "    timeout-minutes: 60\n", "", "no time limit"),
        ("weekly", "ubuntu-24.04", "self-hosted", "runs on self-hosted"),
        ("weekly", "persist-credentials: false", "show-progress: false", "keeps its token"),
        ("weekly", "08c6903cd8", "08c6903cd9", "a commit that is not listed"),
        ("weekly", "# v5.0.0", "# v5.0.1", "a commit that is not listed"),
        ("weekly", "actions/checkout@", "somebody/checkout@", "a commit that is not listed"),
        ("weekly", " # v5.0.0", "", "without commit and tag"),
        ("weekly", "@08c6903cd8c0fde910a37f88322edcfb5dd907a8", "@v5", "without commit and tag"),
        ("weekly", "run: make links", "run: make link", "no target link"),
        ("weekly", "run: make links", "run: pip install x", "runs pip install x"),
        ("weekly", "run: make links", "run: make links; ls", "runs make links; ls"),
        ("weekly", "run: make links", "run: make links A=${{ github.actor }}", "runs make links A"),
        ("weekly", "run: make links", "run: make links A=$(ls)", "runs make links A"),
        ("weekly", "run: make links", "run: make links\n        env: {A: x_TOKEN}", "a token for"),
        ("pages", "permissions: {}", "permissions: {}\nenv: {A: '${{ secrets.A }}'}", "a token"),
        ("comment", "default_branch }}", "default_branch }}x", "a checkout of"),
        (
            "comment",
            "${{ github.event.repository.default_branch }}",
            "${{ github.event.workflow_run.head_sha }}",
            "a checkout of",
        ),
        (
            "comment",
            "run: make setup",
            "run: make setup\n        env: {A: '${{ github.token }}'}",
            "a token",
        ),
    ],
)
def test_a_fault_in_a_workflow_is_noticed(name, part, instead, fault):
    assert part in TEXTS[name]
    found = faults(name, TEXTS[name].replace(part, instead))
    assert any(fault in one for one in found), found


def test_the_comment_takes_what_the_run_of_a_pull_request_leaves():
    run, comment = (workflow_rules.read(TEXTS[name]) for name in ("pull-request", "comment"))
    assert comment["on"]["workflow_run"]["workflows"] == [run["name"]]
    [taken] = [
        step["with"] for step in workflow_rules.steps(comment) if "run-id" in step.get("with", {})
    ]
    [left] = [
        step["with"]
        for step in workflow_rules.steps(run)
        if step.get("with", {}).get("name") == taken["name"]
    ]
    assert {Path(line).name for line in left["path"].split()} == artifact.EXPECTED
    assert taken["path"].startswith("${{ runner.temp }}/")
    assert run["on"]["pull_request"]["branches"] == [posting.BRANCH]


def test_one_workflow_alone_may_write_comments_since_it_edits_the_last_one():
    able = {
        name
        for name, text in TEXTS.items()
        for job in workflow_rules.read(text)["jobs"].values()
        if {"pull-requests", "issues"} & job["permissions"].keys()
    }
    assert able == {"comment"}


def test_pages_that_show_a_workflow_pin_the_same_commits():
    shown = [
        match.groupdict()
        for page in (ROOT / "book").glob("*.md")
        for match in workflow_rules.PINNED.finditer(page.read_text(encoding="utf-8"))
    ]
    assert len(shown) == 2
    for found in shown:
        assert ACTIONS[found["action"]][found["tag"]] == found["commit"], found


def audit(folder):
    return subprocess.run(
        [BIN / "zizmor", "--offline", "--quiet", "--no-progress", "--persona", "pedantic", folder],
        capture_output=True,
        text=True,
    )


def test_an_audit_finds_nothing():
    done = audit(FOLDER)
    assert done.returncode == 0, done.stdout


def test_an_audit_finds_what_there_is(tmp_path):
    place = tmp_path / ".github" / "workflows"
    place.mkdir(parents=True)
    text = TEXTS["pull-request"].replace("make test", "make ${{ github.head_ref }}")
    (place / "pull-request.yml").write_text(text, encoding="utf-8")
    assert "template-injection" in audit(tmp_path / ".github").stdout


def test_the_update_bot_stays_below_the_next_jupyter_book():
    updates = yaml.safe_load((FOLDER / "dependabot.yml").read_text(encoding="utf-8"))["updates"]
    python, actions = updates
    assert python["package-ecosystem"] == "uv"
    assert {"dependency-name": "jupyter-book", "versions": [">=2"]} in python["ignore"]
    assert re.search("^jupyter-book.*<2 ", (ROOT / "requirements.in").read_text(), re.MULTILINE)
    assert actions["package-ecosystem"] == "github-actions"


def test_the_lock_says_with_which_options_it_is_written():
    header = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()[1]
    recipe = re.search(r"^COMPILE := ((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)[1]
    command = [*re.sub(r"--quiet|\\", "", recipe).split(), "requirements.txt"]
    assert header.removeprefix("#").split() == command
    assert {"--universal", "--python-version"} <= set(command)


FORMS = [path for path in (FOLDER / "ISSUE_TEMPLATE").iterdir() if path.name != "config.yml"]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_asks_each_thing_once_and_says_what_it_is(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert form["name"] and form["description"]
    ids = [field["id"] for field in form["body"]]
    assert len(set(ids)) == len(ids)
    assert all(field["attributes"]["label"] for field in form["body"])
    for field in form["body"]:
        assert ("options" in field["attributes"]) == (field["type"] == "dropdown")


def test_the_form_of_a_claim_offers_the_articles():
    form = yaml.safe_load((FOLDER / "ISSUE_TEMPLATE" / "claim.yml").read_text(encoding="utf-8"))
    offered = {f"Article {letter}" for letter in form["body"][0]["attributes"]["options"]}
    assert offered == {article.label for article in load(find_project(ROOT)).articles.values()}


def test_forms_name_targets_that_exist_and_the_length_that_a_quote_may_have():
    texts = [
        path.read_text(encoding="utf-8") for path in (*FORMS, FOLDER / "pull_request_template.md")
    ]
    named = set(re.findall(r"`make ([a-z]+)", "\n".join(texts)))
    assert named >= {"check", "review"}
    assert named <= TARGETS
    for text in texts:
        assert set(re.findall(r"at most (\d+)", text)) == {str(MAX_QUOTE_WORDS)}


class Answers(http.server.BaseHTTPRequestHandler):
    """A site whose pages link to each other; a page that is a number answers with it."""

    pages = ("page", "301", "403", "404", "410", "429", "500", "503", "999")

    def do_GET(self):
        name = self.path.strip("/")
        self.send_response(int(name) if name.isdigit() else 200)
        if name == "301":
            self.send_header("Location", "/page")
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write("".join(f'<a href="/{page}">it</a>' for page in self.pages).encode())

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_):
        pass


def test_only_a_page_that_is_gone_is_a_broken_link():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        done = subprocess.run(
            [BIN / "linkchecker", "--config", FOLDER / "linkchecker.ini", "--no-robots", address],
            capture_output=True,
            text=True,
        )
        server.shutdown()
    found = re.findall(r"^Result +Error: ([0-9]+)", done.stdout, re.MULTILINE)
    assert sorted(found) == ["404", "410", "500"], done.stdout
    assert done.returncode == 1


def git(folder, *words):
    return subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@x", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture
def clone(tmp_path):
    """A repository with our attributes, a table and a notebook, in a folder with a space."""
    folder = tmp_path / "a clone"
    folder.mkdir()
    shutil.copy(ROOT / ".gitattributes", folder)
    shutil.copy(ROOT / "data" / "verdicts.csv", folder)
    shutil.copy(ROOT / "book" / "claims" / "nvidia-17-percent.ipynb", folder / "page.ipynb")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "first")
    return folder


def edit(clone):
    page = clone / "page.ipynb"
    text = page.read_text(encoding="utf-8")
    assert "from claimbook import Claim" in text
    page.write_text(text.replace("import Claim", "import Claim as Statement"), encoding="utf-8")


def test_a_checkout_has_the_same_bytes_where_line_ends_are_others(clone):
    table = clone / "verdicts.csv"
    before = table.read_bytes()
    table.unlink()
    git(clone, "-c", "core.autocrlf=true", "-c", "core.eol=crlf", "checkout", "--", table.name)
    assert table.read_bytes() == before
    assert b"\r" not in before


@pytest.mark.parametrize(
    ("path", "folded"),
    [("requirements.txt", "set"), ("data/verdicts.csv", "unspecified")],
)
def test_the_lock_is_folded_away_and_the_ledger_is_not(path, folded):
    found = git(ROOT, "check-attr", "linguist-generated", "--", path)
    assert found == f"{path}: linguist-generated: {folded}\n"


def test_without_setting_up_git_shows_and_merges_notebooks_as_text(clone):
    git(clone, "checkout", "--quiet", "-b", "other")
    edit(clone)
    assert '+    "from claimbook import Claim as Statement' in git(clone, "diff")
    git(clone, "commit", "--quiet", "--all", "--message", "second")
    git(clone, "checkout", "--quiet", "-")
    page = clone / "page.ipynb"
    page.write_text(page.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    git(clone, "commit", "--quiet", "--all", "--message", "third")
    git(clone, "merge", "--quiet", "other")
    assert "Claim as Statement" in page.read_text(encoding="utf-8")


def set_up(clone):
    makefile.set_up(clone, ["git-nbdiffdriver", "git-nbmergedriver"])
    subprocess.run(["make", "diffs"], cwd=clone, check=True)


def test_after_setting_up_git_shows_sources_of_notebooks_cell_by_cell(clone):
    set_up(clone)
    edit(clone)
    page = clone / "page.ipynb"
    notebook = json.loads(page.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["changed"]
        cell.pop("outputs", None)
    page.write_text(json.dumps(notebook), encoding="utf-8")
    shown = re.sub("\x1b\\[[0-9;]*m", "", git(clone, "diff", "--", "page.ipynb"))
    assert re.search("^## modified /cells/[0-9]+/source:$", shown, re.MULTILINE)
    assert re.search(r"^\+from claimbook import Claim as Statement", shown, re.MULTILINE)
    assert "changed" in shown
    assert "/outputs" not in shown


def test_after_setting_up_git_merges_changes_of_neighbouring_cells(clone):
    set_up(clone)
    page = clone / "page.ipynb"
    before = json.loads(page.read_text(encoding="utf-8"))

    def change(branch, number):
        git(clone, "checkout", "--quiet", "-b", branch, "start")
        notebook = json.loads(json.dumps(before))
        notebook["cells"][number]["source"] = [f"# of {branch}"]
        page.write_text(json.dumps(notebook), encoding="utf-8")
        git(clone, "commit", "--quiet", "--all", "--message", branch)

    git(clone, "branch", "start")
    change("one", 1)
    change("other", 2)
    git(clone, "merge", "--quiet", "one")
    merged = json.loads(page.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in merged]
    assert sources[1:3] == ["# of one", "# of other"]
    assert len(merged) == len(before["cells"])
