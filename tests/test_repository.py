"""What the repository as a whole must keep to."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from claimbook.paths import find_project
from claimbook.registry import load

ROOT = Path(__file__).resolve().parent.parent

# Lowest floor first: a module imports only from floors below its own, or from its own package.
FLOORS = (
    {"paths", "faults", "numerals", "rule"},
    {"units", "explain", "references"},
    {"formats", "models"},
    {"sources", "tables", "result"},
    {"registry"},
    {"evidence", "readings", "display"},
    {"assessment", "charts", "table", "weights"},
    {"sensitivity", "ledger"},
    {"claim"},
    {"notebooks"},
    {"sphinxext"},
    {"cli"},
)


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines()]


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "claimbook":
                yield from (alias.name for alias in node.names)
            elif node.module.startswith("claimbook."):
                yield node.module.split(".")[1]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "claimbook").rglob("*.py")), ids=lambda path: path.stem
)
def test_no_module_imports_upward(path):
    name = path.relative_to(ROOT / "claimbook").parts[0].removesuffix(".py")
    if name == "__init__":
        return
    level = next((n for n, floor in enumerate(FLOORS) if name in floor), None)
    assert level is not None, f"{name} has no floor"
    allowed = {name}.union(*FLOORS[:level])
    used = {
        module
        for module in imports(path)
        if (ROOT / "claimbook" / module).exists() or (ROOT / "claimbook" / f"{module}.py").exists()
    }
    assert used <= allowed, f"{name} imports upward: {used - allowed}"


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


def test_every_target_that_the_readme_names_exists():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", readme, flags=re.MULTILINE))
    assert {"book", "test", "check", "accept"} <= named <= targets


def test_ci_runs_the_readme_test_command():
    assert re.search(r"^make test$", (ROOT / ".ci" / "run").read_text(), flags=re.MULTILINE)


def test_every_page_of_the_contents_exists_and_every_claim_is_in_them():
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    files = [contents["root"]] + [
        chapter["file"] for part in contents["parts"] for chapter in part["chapters"]
    ]
    for name in files:
        assert any((ROOT / f"{name}{ending}").is_file() for ending in ("", ".md", ".ipynb")), name
    stems = [Path(name).stem for name in files if "claims/" in name]
    assert stems == list(load(find_project(ROOT)).pages)


@pytest.mark.parametrize("claim", load(find_project(ROOT)).claims.values(), ids=lambda c: c.id)
def test_the_page_of_a_claim_is_headed_by_its_title(claim):
    text = find_project(ROOT).notebook(claim.notebook).read_text(encoding="utf-8")
    if claim.page is None:
        assert f"# {claim.title.en}\\n" in text


def test_no_dependency_is_declared_beside_the_lock():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "dependencies" not in project


def test_no_long_passage_of_an_article_is_kept():
    for path in tracked():
        if path.suffix in (".yml", ".md", ".ipynb") and "tests" not in path.parts:
            for quote in re.findall(r"“([^”]{200,})”", path.read_text(encoding="utf-8")):
                assert len(quote.split()) <= 25, f"{path.name}: {quote[:60]}"
