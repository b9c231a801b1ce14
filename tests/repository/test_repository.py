"""What the repository as a whole must keep to."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from claimbook.authoring import checklist
from claimbook.base.files import read_text
from claimbook.base.paths import ROOT_VARIABLE
from claimbook.data.registry import load
from makefile import state
from places import ROOT

IGNORED = ("_build", "__pycache__")  # beside what begins with a dot or ends with .egg-info


def tracked():
    """Files of the project; in a downloaded archive, which has no .git, all but what is made."""
    if not (ROOT / ".git").exists():
        return [path for path in ROOT.rglob("*") if path.is_file() and not is_made(path)]
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines()]


def is_made(path):
    parts = path.relative_to(ROOT).parts
    hidden = parts[0].startswith(".") and parts[0] not in (".github", ".ci")
    return hidden or any(part in IGNORED or part.endswith(".egg-info") for part in parts)


def test_the_lock_pins_every_direct_dependency_with_hashes_and_names_no_host():
    names = {
        re.split(r"[<>=!~\[]", line)[0].strip().lower()
        for line in re.sub(r"#.*", "", (ROOT / "requirements.in").read_text()).splitlines()
        if line.strip()
    }
    lock = (ROOT / "requirements.txt").read_text()
    pinned = set(re.findall(r"^([a-z0-9-]+)==", lock, flags=re.MULTILINE))
    assert names <= pinned, names - pinned
    blocks = re.split(r"^(?=[a-z0-9-]+==)", lock, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in lock


@pytest.mark.parametrize(
    ("page", "needed"),
    [
        ("README.md", {"book", "test", "check", "accept", "new"}),
        ("CONTRIBUTING.md", {"new", "check", "accept", "test", "review", "gate", "schemas"}),
    ],
)
def test_every_target_that_a_page_names_exists(page, needed):
    text = (ROOT / page).read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", text, flags=re.MULTILINE))
    assert needed <= named <= targets


def test_ci_runs_the_readme_test_command():
    assert re.search(r"^make test$", (ROOT / ".ci" / "run").read_text(), flags=re.MULTILINE)


def stub(folder, name, text):
    """A program that stands in for another."""
    path = folder / name
    path.write_text(f"#!{shutil.which('bash')}\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def test_ci_tests_even_if_no_browser_can_be_installed(tmp_path):
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "dirname").symlink_to(shutil.which("dirname"))
    stub(programs, "id", "echo 0")
    stub(programs, "apt-get", "exit 100")
    stub(programs, "make", 'echo "make $* with CI=$CI"')
    done = subprocess.run(
        [shutil.which("bash"), tmp_path / ".ci" / "run"],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "make test with CI=true\n"
    assert "No browser could be installed" in done.stderr


@pytest.fixture
def checkout(tmp_path):
    """A folder with our Makefile and an environment that does nothing."""
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    stub(programs, "python", "exit 0")
    stub(programs, "claimbook", "echo the former one")
    (tmp_path / ".venv" / ".ready").write_text(state(tmp_path), encoding="utf-8")
    return tmp_path


def make(folder, *arguments):
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        # `make test` hands its own state on to every make that it starts.
        env={name: value for name, value in os.environ.items() if "MAKE" not in name},
        capture_output=True,
        text=True,
        check=False,
    )


def moved(folder):
    (folder / ".venv" / ".ready").write_text(state(folder).replace(str(folder), "/elsewhere"))


def other_lock(folder):
    with (folder / "requirements.txt").open("a") as lock:
        lock.write("# another\n")
    os.utime(folder / "requirements.txt", (0, 0))


def written_again(folder):
    for name in ("requirements.txt", "pyproject.toml"):
        (folder / name).write_bytes((ROOT / name).read_bytes())


@pytest.mark.parametrize(
    ("change", "anew"),
    [
        (lambda folder: None, False),
        (written_again, False),
        (moved, True),
        (other_lock, True),
        (lambda folder: stub(folder / ".venv" / "bin", "python", "exit 127"), True),
        (lambda folder: (folder / ".venv" / ".ready").unlink(), True),
    ],
    ids=["as it was", "written again", "moved", "other lock", "without its Python", "unfinished"],
)
def test_an_environment_is_set_up_again_if_it_is_not_what_it_should_be_whatever_the_times(
    checkout, change, anew
):
    change(checkout)
    planned = make(checkout, "--dry-run", "check").stdout
    assert ("Setting up .venv" in planned) == anew
    assert ".venv/bin/claimbook check" in planned


NEW_PYTHON = """
case "$1 $2" in
-c*) exec "{python}" "$@" ;;
"-m venv") {venv}; mkdir -p .venv.new/bin; cp "$0" .venv.new/bin/python ;;
"-m pip") {pip}; printf '#!/bin/sh\\necho %s' "$PWD/.venv.new/bin" > .venv.new/bin/claimbook
          chmod +x .venv.new/bin/claimbook ;;
esac
"""


@pytest.mark.parametrize("fails", ["venv", "pip"])
def test_an_environment_that_cannot_be_set_up_again_is_as_it_was(checkout, fails):
    other_lock(checkout)
    steps = {"venv": "true", "pip": "true"} | {fails: "exit 1"}
    stub(checkout, "a-python", NEW_PYTHON.format(python=sys.executable, **steps))
    done = make(checkout, "PYTHON=./a-python", "check")
    assert done.returncode
    assert ".venv was not set up. What was there is as it was." in done.stderr
    assert (checkout / ".venv" / "bin" / "claimbook").read_text().endswith("the former one\n")
    assert not (checkout / ".venv.new").exists()
    shutil.copy(ROOT / "requirements.txt", checkout)
    assert make(checkout, "check").stdout == "the former one\n"


def test_an_environment_that_was_set_up_again_takes_the_place_of_the_former_one(checkout):
    other_lock(checkout)
    text = NEW_PYTHON.format(python=sys.executable, venv="true", pip="true")
    stub(checkout, "a-python", text)
    done = make(checkout, "PYTHON=./a-python", "check")
    assert done.stdout.splitlines()[-1] == f"{checkout.resolve()}/.venv/bin", done.stderr
    assert make(checkout, "check").stdout == f"{checkout.resolve()}/.venv/bin\n"
    assert not (checkout / ".venv.new").exists()


def test_the_tests_test_this_project_whatever_the_caller_has_set(tmp_path):
    code = (
        "import sys; sys.path[:0] = ['tests', 'tests/support']; import conftest;"
        "from claimbook.base.paths import find_project; print(find_project().root)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {ROOT_VARIABLE: str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(found.stdout.strip()) == ROOT


def test_every_page_of_the_contents_exists_and_every_claim_is_in_them(book):
    assert list(checklist.faults_of_contents(load(book))) == []


def test_no_hint_of_a_scaffold_is_left_in_the_data(book):
    assert list(checklist.faults_of_hints(load(book))) == []


def test_no_dependency_is_declared_beside_the_lock():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "dependencies" not in project


def test_no_tracked_text_has_an_invisible_character():
    texts = [path for path in tracked() if b"\0" not in path.read_bytes()]
    assert texts
    for path in texts:
        try:
            read_text(path, "a text")
        except ValueError as error:
            pytest.fail(f"{path.relative_to(ROOT)}: {error}")


def test_no_long_passage_of_an_article_is_kept():
    for path in tracked():
        if path.suffix in (".yml", ".md", ".ipynb") and "tests" not in path.parts:
            for quote in re.findall(r"“([^”]{200,})”", path.read_text(encoding="utf-8")):
                assert len(quote.split()) <= 25, f"{path.name}: {quote[:60]}"
