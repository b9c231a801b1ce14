"""The comment under a pull request, against a server that stands in for GitHub."""

import html
import http.server
import json
import os
import re
import threading
from importlib import import_module
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from claimbook.cli import main
from claimbook.review.comment import artifact, body, event, github, posting

# By its name: in its package the command has it too.
COMMAND = import_module("claimbook.cli.comment")
PROJECT = "book/book"
SHA, OLDER = "a" * 40, "b" * 40
TOKEN = "not to be seen"
ORIGIN = "Of this test."


def a_report(text="Nothing moved.", items=1):
    """A report with a text in each of its places."""
    change = dict.fromkeys(("file", "entry", "field", "before", "after"), text)
    moved = dict.fromkeys(("part", "row", "title", "what", "lever", "before", "after"), text)
    claim = dict.fromkeys(("claim", "title", "before", "after"), text)
    claim |= {"moves": [moved | {"because": [text]}] * 3, "behind": [change] * 3}
    looks = [{"kind": kind, "words": text, "change": change} for kind in ("flip", "weaker")]
    report = {
        "version": 1,
        "before": {"name": text, "commit": text},
        "after": {"name": text, "commit": ""},
        "compared": 1,
        "claims": [claim] * items,
        "looks": looks * items,
        "others": [change] * items,
        **{name: [text] * items for name in ("judging", "failures", "stale")},
        "apart": text,
    }
    return json.dumps(report).encode()


def a_pull(number, *, sha=SHA, state="open", ref="change", repo="fork/book", base="main"):
    fork = {"full_name": repo, "owner": {"login": repo.split("/")[0]}} if repo else None
    head = {"ref": ref, "sha": sha, "repo": fork}
    return {"number": number, "state": state, "head": head, "base": {"ref": base}}


def a_comment(number, text, author=posting.BOT):
    return {"id": number, "body": text, "user": {"login": author} if author else None}


def an_event(**changes):
    fork = {"full_name": "fork/book", "owner": {"login": "fork"}}
    run = {"id": 7, "event": "pull_request", "head_branch": "change", "head_sha": SHA}
    return {
        "workflow_run": run | {"head_repository": fork} | changes,
        "repository": {"full_name": PROJECT, "default_branch": "main"},
    }


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers from lists, in pages, and writes down what is asked."""

    def _take(self):
        state, address = self.server.state, urlsplit(self.path)
        size = int(self.headers.get("Content-Length", 0))
        sent = json.loads(self.rfile.read(size)) if size else None
        state.asked.append(SimpleNamespace(method=self.command, path=address.path, sent=sent))
        state.tokens.add(self.headers["Authorization"])
        if state.status:
            self._answer(state.status, {"message": "no"})
        elif self.command == "GET":
            self._list(state, address)
        else:
            self._answer({"POST": 201, "PATCH": 200}[self.command], {})

    do_GET = do_POST = do_PATCH = _take  # noqa: N815

    def _list(self, state, address):
        kind = "pulls" if address.path.endswith("/pulls") else "comments"
        state.queries.append((kind, parse_qs(address.query)))
        page, pages = int(parse_qs(address.query)["page"][0]), getattr(state, kind)
        link = f'<http://localhost{address.path}?page={page + 1}>; rel="next"'
        self._answer(200, pages[page - 1], link if page < len(pages) else None)

    def _answer(self, status, content, link=None):
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        if link:
            self.send_header("Link", link)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    """GitHub, with one pull request of the run and no comments; each list is one of pages."""
    state = SimpleNamespace(
        asked=[], queries=[], tokens=set(), status=0, pulls=[[a_pull(5)]], comments=[[]]
    )
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.state = state
        state.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield state
        server.shutdown()


@pytest.fixture
def folder(tmp_path):
    """A download, as it should be."""
    place = tmp_path / "download"
    place.mkdir()
    (place / "report.json").write_bytes(a_report())
    (place / "report.md").write_text("for people", encoding="utf-8")
    return place


def post(site, folder, **changes):
    return posting.post(
        event.Event.model_validate(an_event(**changes)),
        folder,
        COMMAND._render,
        github.GitHub(site.address, PROJECT, TOKEN),
        "https://server",
    )


def written(site):
    return [(asked.method, asked.path) for asked in site.asked if asked.method != "GET"]


def last_body(site):
    return site.asked[-1].sent["body"]


def test_the_first_run_writes_a_comment(site, folder):
    outcome = post(site, folder)
    assert outcome == posting.Outcome("Pull request 5: comment written.")
    assert written(site) == [("POST", f"/repos/{PROJECT}/issues/5/comments")]
    link = "https://server/book/book/actions/runs/7"
    head, rest = last_body(site).split("\n\n", 1)
    assert head == f"{body.MARKER}\nOf commit {SHA[:12]}, from [this run]({link})."
    assert "Nothing moved." in rest
    assert site.tokens == {f"Bearer {TOKEN}"}


def test_a_later_run_writes_its_own_comment_anew_wherever_it_is(site, folder):
    others = [a_comment(number, "A remark.", "reader") for number in range(100)]
    site.comments = [others, [a_comment(200, f"{body.MARKER}\nold")]]
    assert post(site, folder).message == "Pull request 5: comment updated."
    assert written(site) == [("PATCH", f"/repos/{PROJECT}/issues/comments/200")]


@pytest.mark.parametrize(
    "other",
    [
        a_comment(1, f"{body.MARKER}\nmine?", "reader"),
        a_comment(1, f"{body.MARKER}\nmine?", "github-actions"),
        a_comment(1, f"{body.MARKER}\nmine?", None),
        a_comment(1, "Something else that the bot says."),
        a_comment(1, f"The bot quotes {body.MARKER}"),
        a_comment(1, None),
    ],
    ids=["a reader's", "a name like the bot's", "nobody's", "unmarked", "quoted", "empty"],
)
def test_a_comment_that_is_not_its_own_is_left_alone(site, folder, other):
    site.comments = [[other]]
    post(site, folder)
    assert written(site) == [("POST", f"/repos/{PROJECT}/issues/5/comments")]


def test_the_pull_request_is_the_one_whose_head_was_tested(site, folder):
    site.pulls = [
        [a_pull(1, sha=OLDER), a_pull(2, ref="other"), a_pull(3, repo="other/book")],
        [a_pull(4, state="closed"), a_pull(6, base="old"), a_pull(8, repo=None), a_pull(9)],
    ]
    post(site, folder)
    assert written(site) == [("POST", f"/repos/{PROJECT}/issues/9/comments")]
    wanted = {"state": ["open"], "head": ["fork:change"], "base": ["main"]}
    assert site.queries[0] == ("pulls", wanted | {"per_page": ["100"], "page": ["1"]})


@pytest.mark.parametrize(
    ("pulls", "changes"),
    [
        ([], {}),
        ([a_pull(5, sha=OLDER)], {}),
        ([a_pull(5, state="closed")], {}),
        ([a_pull(5)], {"head_repository": None}),
        ([a_pull(5)], {"head_branch": None}),
        ([a_pull(5)], {"event": "push"}),
    ],
    ids=["none", "newer commits", "closed", "no repository", "no branch", "another event"],
)
def test_without_a_pull_request_at_that_commit_nothing_is_written(site, folder, pulls, changes):
    site.pulls = [pulls]
    outcome = post(site, folder, **changes)
    assert outcome.in_order
    assert outcome.message.startswith("No open pull request")
    assert written(site) == []


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
        (another_form, posting.NOT_OUR_FORM),
        (deep, posting.NOT_OUR_FORM),
        (link, NOT_REGULAR),
        (a_folder, NOT_REGULAR),
        (a_pipe, NOT_REGULAR),
        (only_text, NOT_REGULAR),
        (more_files, "found other files"),
        (many_files, "found other files"),
    ],
    ids=lambda value: value.__name__.replace("_", " ") if callable(value) else "",
)
def test_of_a_report_that_is_none_nothing_is_shown_and_an_older_one_goes(
    site, folder, spoil, reason
):
    site.comments = [[a_comment(200, f"{body.MARKER}\nold")]]
    spoil(folder)
    outcome = post(site, folder)
    assert not outcome.in_order
    assert written(site) == [("PATCH", f"/repos/{PROJECT}/issues/comments/200")]
    assert posting.UNFIT in last_body(site)
    assert reason in last_body(site)
    assert "secret" not in last_body(site)
    assert len(last_body(site)) < 400


@pytest.mark.parametrize("emptied", [True, False], ids=["empty", "no folder"])
def test_a_run_without_a_report_says_so_instead_of_an_older_report(site, folder, emptied):
    site.comments = [[a_comment(200, f"{body.MARKER}\nold")]]
    for path in folder.iterdir():
        path.unlink()
    if not emptied:
        folder.rmdir()
    assert post(site, folder).in_order
    assert posting.NO_REPORT in last_body(site)


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
def test_a_hostile_text_can_do_nothing_but_be_read(site, folder, text):
    (folder / "report.json").write_bytes(a_report(text))
    assert post(site, folder).in_order
    rest = last_body(site).split("\n\n", 1)[1]
    assert rest.count("\n## ") == a_page().count("\n## ")
    markup = MarkdownIt("gfm-like", {"html": True, "linkify": True}).render(rest)
    tags = set(re.findall(r"<([a-z!][^\s>/]*)", markup))
    assert tags <= PLAIN_TAGS, tags - PLAIN_TAGS
    words = html.unescape(re.sub("<[^>]*>", "", re.sub("(?s)<code>.*?</code>", "", markup)))
    assert not re.search(r"[@#]\w", words), words
    assert not re.search("[\x00-\x08\x0b-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069]", rest)


# What the report itself is made of.
TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
PLAIN_TAGS = {"h1", "h2", "p", "strong", "code", "ul", "li", "details", "summary"} | TABLE


def a_page():
    return COMMAND._render(a_report("plain"), body.MAX_CHARACTERS)


def test_a_long_report_is_shortened_and_says_where_the_whole_is(site, folder):
    (folder / "report.json").write_bytes(a_report("x" * 60, items=100))
    assert post(site, folder).in_order
    assert 10_000 < len(last_body(site)) <= body.MAX_CHARACTERS
    assert last_body(site).endswith(f"{body.CUT}\n")


@pytest.mark.parametrize("origin", [ORIGIN, ORIGIN * 100], ids=["short", "long"])
def test_a_report_that_takes_its_room_fills_the_comment(origin):
    text = body.compose("x" * body.room(origin), origin)
    assert len(text) == body.MAX_CHARACTERS


@pytest.mark.parametrize(("over", "fits"), [(0, True), (1, False)])
def test_a_report_has_at_most_five_million_bytes(folder, over, fits):
    (folder / "report.json").write_bytes(b"x" * (artifact.MAX_BYTES + over))
    if fits:
        assert len(artifact.content(folder)) == artifact.MAX_BYTES
    else:
        with pytest.raises(artifact.UnfitError, match="expected at most 5000000 bytes"):
            artifact.content(folder)


@pytest.fixture
def run(site, folder, tmp_path, monkeypatch):
    """The command, in the environment of a workflow."""
    described = tmp_path / "event.json"
    described.write_text(json.dumps(an_event()), encoding="utf-8")
    for name, value in {
        "GITHUB_EVENT_PATH": str(described),
        "GITHUB_API_URL": site.address,
        "GITHUB_REPOSITORY": PROJECT,
        "GITHUB_SERVER_URL": "https://server",
        "GITHUB_TOKEN": TOKEN,
    }.items():
        monkeypatch.setenv(name, value)
    return lambda: CliRunner().invoke(main, ["comment", str(folder)])


def test_the_command_comments_and_says_so(site, run):
    done = run()
    assert (done.exit_code, done.output) == (0, "Pull request 5: comment written.\n")
    assert len(written(site)) == 1


def test_the_command_fails_where_a_report_is_not_shown(site, run, folder):
    more_files(folder)
    done = run()
    assert done.exit_code == 1
    assert "found other files" in done.output


@pytest.mark.parametrize("status", [302, 401, 403, 404, 500])
def test_an_answer_that_was_not_expected_is_named_without_the_token(site, run, status):
    site.status = status
    done = run()
    assert done.exit_code == 1
    assert done.output == f"GET /pulls: expected status 200, found {status}\n"


def test_an_answer_of_another_form_is_named(site, run):
    site.pulls = [{"message": "surprise"}]
    assert run().output == "GET /pulls: expected a list of known form, found another\n"


def test_no_answer_is_named(run, monkeypatch):
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:1")
    assert run().output == "GET /pulls: no answer: ConnectionError\n"


@pytest.mark.parametrize(
    "missing", ["GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_TOKEN", "GITHUB_SERVER_URL"]
)
def test_what_the_environment_lacks_is_named(run, site, monkeypatch, missing):
    monkeypatch.delenv(missing)
    done = run()
    assert done.exit_code == 1
    assert done.output == f"{missing}: expected a value in the environment, found none\n"
    assert site.asked == []


@pytest.mark.parametrize(
    ("described", "message"),
    [
        ("{}", "event: workflow_run: expected a finished run, found: Field required"),
        ("[", "event: expected a finished run, found: Invalid JSON"),
        (None, "expected the description of an event, found: No such file"),
    ],
)
def test_an_event_that_is_none_is_named(run, tmp_path, described, message):
    path = tmp_path / "event.json"
    path.unlink()
    if described is not None:
        path.write_text(described, encoding="utf-8")
    done = run()
    assert done.exit_code == 1
    assert done.output.startswith(message)


def test_outside_a_workflow_the_comment_is_printed(run, site, monkeypatch):
    monkeypatch.delenv("GITHUB_EVENT_PATH")
    done = run()
    assert done.exit_code == 0
    assert re.fullmatch(rf"{body.MARKER}\n.*\n\n# What changes from.*", done.output, re.DOTALL)
    assert site.asked == []
