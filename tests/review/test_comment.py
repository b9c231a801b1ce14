"""The comment under a pull request, written through a `gh` that stands in for GitHub's."""

import html
import json
import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

import makefile
from claimbook.cli import main
from claimbook.review.comment import artifact
from claimbook.review.comment.body import CUT, MAX_CHARACTERS, NO_REPORT, NOT_OUR_FORM, UNFIT

SHA, OLDER = "a" * 40, "b" * 40
RUN = "https://server/book/book/actions/runs/7"
LEAD = f"Of commit {SHA[:12]}, from [this run]({RUN}).\n\n"

# Notes what it is asked for and what it is given, and answers from files.
GH = """#!{python}
import json, os, pathlib, sys
place = pathlib.Path({place!r})
text = sys.stdin.read()
calls = json.loads((place / "calls").read_text())
calls.append({{"words": sys.argv[1:], "text": text, "environment": dict(os.environ)}})
(place / "calls").write_text(json.dumps(calls))
failing = place / "failing"
if failing.exists() and sys.argv[2] == failing.read_text():
    sys.exit("HTTP 403: Resource not accessible")
if sys.argv[2] == "list":
    print((place / "pulls").read_text())
"""


LISTS = ("deciding", "not_compared", "lacking", "failures", "stale")


def a_report(text="Nothing moved.", items=1):
    """A report with a text in each of its places."""
    change = dict.fromkeys(("file", "entry", "field", "before", "after"), text)
    moved = dict.fromkeys(("part", "row", "title", "what", "lever", "before", "after"), text)
    claim = dict.fromkeys(("claim", "title", "before", "after"), text)
    claim |= {"moves": [moved | {"because": [text]}] * 3, "behind": [change] * 3}
    looks = [{"sort": sort, "words": text, "change": change} for sort in ("flip", "weaker")]
    report = {
        "version": 2,
        "before": {"name": text, "commit": text},
        "after": {"name": text, "commit": ""},
        "compared": 1,
        "claims": [claim] * items,
        "second_looks": looks * items,
        "others": [change] * items,
        **{name: [text] * items for name in LISTS},
        "fork_point": text,
    }
    return json.dumps(report).encode()


@pytest.fixture
def gh(tmp_path, monkeypatch):
    """A `gh` on the path, for which one pull request is at the commit of the run."""
    place = tmp_path / "gh"
    place.mkdir()
    (place / "calls").write_text("[]", encoding="utf-8")
    program = place / "gh"
    program.write_text(GH.format(python=sys.executable, place=str(place)), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(place), prepend=os.pathsep)
    monkeypatch.setenv("HEAD_SHA", SHA)
    monkeypatch.setenv("RUN_URL", RUN)

    def answer(*pulls):
        found = [{"number": number, "headRefOid": commit} for number, commit in pulls]
        (place / "pulls").write_text(json.dumps(found), encoding="utf-8")

    def calls():
        found = json.loads((place / "calls").read_text(encoding="utf-8"))
        return [SimpleNamespace(**call) for call in found]

    def written():
        return [call for call in calls() if call.words[:2] == ["pr", "comment"]]

    answer((5, SHA))
    return SimpleNamespace(place=place, answer=answer, calls=calls, written=written)


@pytest.fixture
def folder(tmp_path):
    """A download, as it should be."""
    place = tmp_path / "download"
    place.mkdir()
    (place / "report.json").write_bytes(a_report())
    (place / "report.md").write_text("for people", encoding="utf-8")
    return place


def comment(folder):
    return CliRunner().invoke(main, ["comment", str(folder)])


def test_the_report_becomes_the_one_comment_of_the_pull_request_at_its_commit(gh, folder):
    gh.answer((1, OLDER), (5, SHA), (6, OLDER))
    done = comment(folder)
    assert (done.exit_code, done.output) == (0, "Pull request 5: comment written.\n")
    [written] = gh.written()
    assert written.words[2:] == ["5", "--edit-last", "--create-if-none", "--body-file=-"]
    assert written.text.startswith(f"{LEAD}# What changes from")
    assert "Nothing moved." in written.text


@pytest.mark.parametrize("pulls", [[], [(5, OLDER)]], ids=["closed", "newer commits"])
def test_a_report_on_what_is_no_longer_proposed_is_not_posted(gh, folder, pulls):
    gh.answer(*pulls)
    done = comment(folder)
    assert done.exit_code == 0
    assert done.output == f"No open pull request is at commit {SHA}: nothing to comment.\n"
    assert gh.written() == []


def test_no_text_of_a_report_is_in_a_command_or_in_the_environment(gh, folder):
    (folder / "report.json").write_bytes(a_report("secret; touch x $(touch y)"))
    assert comment(folder).exit_code == 0
    assert "secret" in gh.written()[0].text
    for call in gh.calls():
        assert "secret" not in str((call.words, call.environment))


def test_make_comment_does_the_same_with_any_name_of_a_folder(gh, folder, tmp_path):
    makefile.set_up(tmp_path, ["claimbook"])
    there = folder.rename(folder.with_name("a folder; touch touched"))
    done = subprocess.run(
        ["make", "--no-print-directory", "comment", f"REPORT={there}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "Pull request 5: comment written.\n"), done.stderr
    assert "Nothing moved." in gh.written()[0].text
    assert not (tmp_path / "touched").exists()


def too_large(folder):
    (folder / "report.json").write_bytes(a_report() + b" " * artifact.MAX_BYTES)


def not_utf_8(folder):
    (folder / "report.json").write_bytes(b'{"lines": ["secret \xff"]}')


def another_form(folder):
    (folder / "report.json").write_bytes(b'{"secret": []}')


def deep(folder):
    (folder / "report.json").write_bytes(b"[" * 500_000)


def link(folder):
    target = folder.parent / "secret"
    target.write_bytes(a_report("secret"))
    (folder / "report.json").unlink()
    (folder / "report.json").symlink_to(target)


def a_folder(folder):
    (folder / "report.json").unlink()
    (folder / "report.json").mkdir()


def a_pipe(folder):
    (folder / "report.json").unlink()
    os.mkfifo(folder / "report.json")


def more_files(folder):
    (folder / "secret.html").touch()


def many_files(folder):
    for number in range(2000):
        (folder / f"secret-{number}").touch()


def only_text(folder):
    (folder / "report.json").unlink()


NOT_REGULAR = "as a regular file, found none"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (too_large, "at most 5000000 bytes"),
        (not_utf_8, "in UTF-8"),
        (another_form, NOT_OUR_FORM),
        (deep, NOT_OUR_FORM),
        (link, NOT_REGULAR),
        (a_folder, NOT_REGULAR),
        (a_pipe, NOT_REGULAR),
        (only_text, NOT_REGULAR),
        (more_files, "found other files"),
        (many_files, "found other files"),
    ],
    ids=lambda value: value.__name__.replace("_", " ") if callable(value) else "",
)
def test_of_a_report_that_is_none_nothing_is_shown_and_an_older_one_goes(gh, folder, spoil, reason):
    spoil(folder)
    done = comment(folder)
    assert done.exit_code == 1
    assert f"{UNFIT}: expected" in done.output
    assert reason in done.output
    [written] = gh.written()
    assert written.text == f"{LEAD}{done.stderr.strip()}"
    assert "secret" not in written.text


@pytest.mark.parametrize("emptied", [True, False], ids=["empty", "no folder"])
def test_a_run_without_a_report_says_so_instead_of_an_older_report(gh, folder, emptied):
    for path in folder.iterdir():
        path.unlink()
    if not emptied:
        folder.rmdir()
    assert comment(folder).exit_code == 0
    assert gh.written()[0].text == LEAD + NO_REPORT


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- ",
    "</details></td></table>",
    "thanks @reader, @team/all",
    "\\@reader",
    "see #12 and other/book#3",
    "[a](javascript:alert(1)) ![b](//host/c) <https://host>",
    "https://host/path www.host.example",
    "`` | --- | ```\n# heading\n- list",
    "a\u202eb\u200fc\x00d\x1b[2J",
    "&lt;b&gt; &#64;reader",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_can_do_nothing_but_be_read(folder, text):
    def headings(text):
        (folder / "report.json").write_bytes(a_report(text))
        done = comment(folder)
        assert done.exit_code == 0
        return done.output.count("\n## "), done.output.split("\n\n", 1)[1]

    count, rest = headings(text)
    assert count == headings("plain")[0]
    markup = MarkdownIt("gfm-like", {"html": True, "linkify": True}).render(rest)
    tags = set(re.findall(r"<([a-z!][^\s>/]*)", markup))
    assert tags <= PLAIN_TAGS, tags - PLAIN_TAGS
    words = html.unescape(re.sub("<[^>]*>", "", re.sub("(?s)<code>.*?</code>", "", markup)))
    assert not re.search(r"[@#]\w", words), words
    assert not re.search("[\x00-\x08\x0b-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069]", rest)


# What the report itself is made of.
TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
PLAIN_TAGS = {"h1", "h2", "p", "strong", "code", "ul", "li", "details", "summary"} | TABLE


def test_a_long_report_is_shortened_and_says_where_the_whole_is(gh, folder):
    (folder / "report.json").write_bytes(a_report("x" * 60, items=100))
    assert comment(folder).exit_code == 0
    [written] = gh.written()
    assert 10_000 < len(written.text) <= MAX_CHARACTERS
    assert written.text.endswith(f"{CUT}\n")


@pytest.mark.parametrize(("over", "fits"), [(0, True), (1, False)])
def test_a_report_has_at_most_five_million_bytes(folder, over, fits):
    filler = b" " * (artifact.MAX_BYTES + over - len(a_report()))
    (folder / "report.json").write_bytes(a_report() + filler)
    assert (comment(folder).exit_code == 0) == fits


def test_without_a_commit_the_comment_is_printed(gh, folder, monkeypatch):
    monkeypatch.delenv("HEAD_SHA")
    done = comment(folder)
    assert done.exit_code == 0
    assert done.output.startswith("Of what lies in this folder.\n\n# What changes from")
    assert gh.calls() == []


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("HEAD_SHA", "main", "HEAD_SHA: expected the full id of a commit, found 'main'"),
        ("RUN_URL", "", "RUN_URL: expected the address of the run, found none"),
    ],
)
def test_what_the_workflow_does_not_say_is_named(gh, folder, monkeypatch, name, value, message):
    monkeypatch.setenv(name, value)
    done = comment(folder)
    assert (done.exit_code, done.stderr) == (1, f"{message}\n")
    assert gh.calls() == []


@pytest.mark.parametrize("call", ["list", "comment"])
def test_a_call_that_fails_is_named_with_what_gh_says(gh, folder, call):
    (gh.place / "failing").write_text(call, encoding="utf-8")
    done = comment(folder)
    reason = "HTTP 403: Resource not accessible"
    assert (done.exit_code, done.stderr) == (1, f"gh pr {call}: ended with status 1: {reason}\n")


def test_an_answer_of_another_form_is_named(gh, folder):
    (gh.place / "pulls").write_text('[{"message": "surprise"}]', encoding="utf-8")
    done = comment(folder)
    assert done.exit_code == 1
    assert done.stderr == "gh pr list: expected pull requests, found another answer\n"


def test_without_gh_it_is_asked_for(gh, folder, monkeypatch):
    monkeypatch.setenv("PATH", str(folder))
    done = comment(folder)
    assert (done.exit_code, done.stderr) == (
        1,
        "expected gh, the command line of GitHub, found none that can be started\n",
    )
