"""What a claim still lacks once its data are right: prose, sections, its place in the contents.

Everything here is said of a book. A project without contents is none, and nothing is asked of it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from claimbook.base import cells
from claimbook.base.faults import Fault, nearest
from claimbook.data import quote_check, yaml_files
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
PROMPT = "TODO: "
HINT = "# hint: "

PAGES = "book/claims/"

_RESULT = re.compile(r"\{result\}`([^`]+)`")
_CITE = re.compile(r"\{cite\}`([^`]+)`")


def faults(registry: Registry, slugs: Sequence[str], found: Sequence[Result]) -> list[Fault]:
    """What is missing or left over from a scaffold, in the order in which it is best mended.

    Args:
        registry: data without faults.
        slugs: of the claims to look at.
        found: what they came to, as far as that is known.
    """
    if not registry.project.contents.exists():
        return []
    return [
        *faults_of_quotes(registry, slugs),
        *faults_of_hints(registry),
        *(fault for slug in slugs for fault in faults_of_notebook(registry, slug)),
        *(fault for slug in slugs for fault in faults_of_references(registry, slug, found)),
        *faults_of_contents(registry),
    ]


def faults_of_quotes(registry: Registry, slugs: Sequence[str]) -> Iterator[Fault]:
    """Parts whose stated number the quote of their claim does not have."""
    project = registry.project
    for slug in slugs:
        claim = registry.claims[slug]
        for part in claim.parts:
            language = registry.articles[claim.article].language
            field, _, message = quote_check.unstated(claim, part, language).partition(": ")
            if message:
                place = project.relative(project.claim(slug))
                yield Fault(place, "", f"parts.{part.id}.{field}", message)


def faults_of_hints(registry: Registry) -> Iterator[Fault]:
    """Files of the data that still hold comments of a scaffold."""
    data = registry.project.data
    for path in sorted([*data.glob("claims/*.yml"), *data.glob("inputs/*.yml")]):
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


def faults_of_notebook(registry: Registry, slug: str) -> Iterator[Fault]:
    """A notebook without its title or a section, or with prose that the scaffold asks for."""
    project = registry.project
    place = project.relative(project.notebook(slug))
    try:
        found = cells.read(project.notebook(slug))
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
    title = registry.claims[slug].title.en
    if titles[:1] != [title]:
        shown = repr(f"# {titles[0]}") if titles else "none"
        message = f"expected the title of the claim, '# {title}', found {shown}"
        yield Fault(place, "cell 1", "", message)
    yield from _misplaced(place, sections)
    yield from prompts


def faults_of_references(registry: Registry, slug: str, found: Sequence[Result]) -> Iterator[Fault]:
    """Prose of a notebook that refers to a number or a source that does not exist."""
    project = registry.project
    place = project.relative(project.notebook(slug))
    known = {result.claim: result.references["en"] for result in found}
    try:
        written = cells.read(project.notebook(slug))
    except ValueError:
        return
    for number, cell in enumerate(written, 1):
        if cell.kind != "markdown":
            continue
        text = "\n".join(line for line in cell.source.splitlines() if not line.startswith(PROMPT))
        for message in (*_numbers(registry, slug, text, known), *_sources(registry, text)):
            yield Fault(place, f"cell {number}", "", message)


def _numbers(
    registry: Registry, slug: str, text: str, known: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    for target in _RESULT.findall(text):
        claim, _, name = target.partition(".")
        if claim not in registry.claims:
            claim, name = slug, target
        if claim in known and name not in known[claim] and name in registry.inputs:
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


def faults_of_contents(registry: Registry) -> Iterator[Fault]:
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
    after = ""
    for slug in registry.claims:
        if slug not in listed:
            yield Fault(place, "", "", f"expected the page {PAGES}{slug}{after}, found none")
        after = f" after {PAGES}{slug}"
    known = [slug for slug in listed if slug in registry.claims]
    ordered = [slug for slug in registry.claims if slug in listed]
    for found, expected in zip(known, ordered, strict=False):
        if found != expected:
            message = f"expected {PAGES}{expected} here, as in data/articles.yml"
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
