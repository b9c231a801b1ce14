"""What a claim still lacks once its data are right: prose, sections, its place in the contents.

Everything here is said of a book. A project without contents is none, and nothing is asked of it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from claimbook.base import cells
from claimbook.base.faults import Fault, nearest
from claimbook.data import quotes, yaml_files
from claimbook.data.registry import Registry
from claimbook.verdicts.result import Result

SECTIONS = (
    "The claim",
    "How it can be read",
    "Inputs",
    "Computation",
    "Verdict",
    "Charts",
    "Sensitivity",
    "What this leaves out",
    "Sources",
)

# How lines begin that a scaffold leaves to be replaced, and to be deleted.
PROMPT = "Say here: "
HINT = "# hint: "

PAGES = "book/claims/"

_RESULT = re.compile(r"\{result\}`([^`]+)`")
_CITE = re.compile(r"\{cite\}`([^`]+)`")


def faults(registry: Registry, pages: Sequence[str], found: Sequence[Result]) -> list[Fault]:
    """What is missing or left over from a scaffold, in the order in which it is best mended.

    Args:
        registry: data without faults.
        pages: slugs of the notebooks to look at.
        found: what claims came to, as far as that is known.
    """
    if not registry.project.contents.exists():
        return []
    return [
        *of_quotes(registry, pages),
        *of_hints(registry),
        *(fault for page in pages for fault in of_notebook(registry, page)),
        *(fault for page in pages for fault in of_references(registry, page, found)),
        *of_contents(registry),
    ]


def of_quotes(registry: Registry, pages: Sequence[str]) -> Iterator[Fault]:
    """Parts whose stated number the quote of their claim does not have."""
    place = registry.project.relative(registry.project.data / "claims.yml")
    for claim in registry.claims.values():
        if claim.notebook not in pages:
            continue
        for part in claim.parts:
            message = quotes.unstated(claim, part, registry.articles[claim.article].language)
            if message:
                yield Fault(place, claim.id, f"parts.{part.id}.stated", message)


def of_hints(registry: Registry) -> Iterator[Fault]:
    """Files of the data that still hold comments of a scaffold."""
    data = registry.project.data
    for path in (data / "claims.yml", *sorted((data / "inputs").glob("*.yml"))):
        lines = path.read_text(encoding="utf-8").splitlines()
        left = [n for n, line in enumerate(lines, 1) if line.lstrip().startswith(HINT)]
        if left:
            yield Fault(
                registry.project.relative(path),
                f"line {left[0]}",
                "",
                f"expected no comment that begins with {HINT!r}, since every field is filled; "
                f"found {len(left)}. Delete these lines",
            )


def of_notebook(registry: Registry, page: str) -> Iterator[Fault]:
    """A notebook without its title or a section, or with prose that the scaffold asks for."""
    project = registry.project
    place = project.relative(project.notebook(page))
    try:
        found = cells.read(project.notebook(page))
    except ValueError as error:
        yield Fault(place, "", "", str(error))
        return
    titles: list[str] = []
    sections: list[str] = []
    prompts: list[Fault] = []
    for number, cell in enumerate(found, 1):
        prose = cell.kind == "markdown"
        for line in cell.source.splitlines():
            if prose and line.startswith("# "):
                titles.append(line.removeprefix("# "))
            elif prose and line.startswith("## "):
                sections.append(line.removeprefix("## "))
            elif (text := line.lstrip("# ")).startswith(PROMPT):
                where = f"under {sections[-1]!r}" if sections else ""
                message = f"expected words of your own in place of this line: {text}"
                prompts.append(Fault(place, f"cell {number}", where, message))
    claim = registry.claims.get(page)
    if claim is not None and claim.page is None and titles[:1] != [claim.title.en]:
        shown = repr(f"# {titles[0]}") if titles else "none"
        message = f"expected the title of the claim, '# {claim.title.en}', found {shown}"
        yield Fault(place, "cell 1", "", message)
    yield from _misplaced(place, sections)
    yield from prompts


def of_references(registry: Registry, page: str, found: Sequence[Result]) -> Iterator[Fault]:
    """Prose of a notebook that refers to a number or a source that does not exist."""
    project = registry.project
    place = project.relative(project.notebook(page))
    known = {result.claim: result.references["en"] for result in found}
    try:
        written = cells.read(project.notebook(page))
    except ValueError:
        return
    for number, cell in enumerate(written, 1):
        if cell.kind != "markdown":
            continue
        text = "\n".join(line for line in cell.source.splitlines() if not line.startswith(PROMPT))
        for message in (*_numbers(registry, page, text, known), *_sources(registry, text)):
            yield Fault(place, f"cell {number}", "", message)


def _numbers(
    registry: Registry, page: str, text: str, known: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    own = registry.of_pages.get(page, ())
    for target in _RESULT.findall(text):
        claim, _, name = target.partition(".")
        if claim not in registry.claims and len(own) == 1:
            claim, name = own[0], target
        if claim not in registry.claims:
            yield f"{{result}}`{target}`: expected slug.name with the slug of a claim"
        elif claim in known and name not in known[claim] and name in registry.inputs:
            yield (
                f"{{result}}`{target}`: expected an input that {claim} shows, found another; "
                f"show it with claim.inputs({name!r})"
            )
        elif claim in known and name not in known[claim]:
            yield (
                f"{{result}}`{target}`: expected a name that the result of {claim} has, "
                f"found {name!r}{nearest(name, known[claim])}"
            )


def _sources(registry: Registry, text: str) -> Iterator[str]:
    for keys in _CITE.findall(text):
        for key in map(str.strip, keys.split(",")):
            if key not in registry.sources:
                yield (
                    f"{{cite}}`{keys}`: expected a key of data/sources.bib, "
                    f"found {key!r}{nearest(key, registry.sources)}"
                )


def _misplaced(place: str, sections: Sequence[str]) -> Iterator[Fault]:
    """The first section that is not where it belongs."""
    for number, expected in enumerate((*SECTIONS, "")):
        found = sections[number] if number < len(sections) else ""
        if found != expected:
            after = f" after '## {SECTIONS[number - 1]}'" if number else ""
            wanted = f"the section '## {expected}'" if expected else "no more sections"
            shown = f"'## {found}'" if found else "none"
            yield Fault(place, "", "", f"expected {wanted}{after}, found {shown}")
            return


def of_contents(registry: Registry) -> Iterator[Fault]:
    """Contents that lack a page, name one that does not exist, or have another order."""
    project = registry.project
    place = project.relative(project.contents)
    try:
        files = list(_files(yaml_files.read(project.contents, "the contents of the book")))
    except ValueError as error:
        yield Fault(place, "", "", str(error))
        return
    for name in files:
        if not any(_beside(project.root / name, ending) for ending in ("", ".md", ".ipynb")):
            yield Fault(place, name, "", "expected a page of this name, found no file")
    listed = [name.removeprefix(PAGES) for name in files if name.startswith(PAGES)]
    for page in registry.pages:
        if page not in listed:
            before = registry.pages[: registry.pages.index(page)]
            after = f" after {PAGES}{before[-1]}" if before else ""
            yield Fault(place, "", "", f"expected the page {PAGES}{page}{after}, found none")
    known = [page for page in listed if page in registry.pages]
    ordered = [page for page in registry.pages if page in listed]
    for found, expected in zip(known, ordered, strict=False):
        if found != expected:
            message = f"expected {PAGES}{expected} here, as in data/claims.yml"
            yield Fault(place, f"{PAGES}{found}", "", message)
            return
    if len(known) > len(ordered):
        yield Fault(place, "", "", "expected every page once, found one twice")


def _beside(path: Path, ending: str) -> bool:
    return path.with_name(path.name + ending).is_file()


def _files(content: Any) -> Iterator[str]:
    """Every page that contents name, in their order."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key in ("root", "file") and isinstance(value, str):
                yield value
            else:
                yield from _files(value)
    elif isinstance(content, list):
        for item in content:
            yield from _files(item)
