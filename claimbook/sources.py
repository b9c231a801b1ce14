"""Sources from `data/sources.bib`."""

from pathlib import Path

from pybtex.database import BibliographyData, Entry, Person, parse_bytes
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text
from pydantic import ValidationError

from claimbook.explain import explain
from claimbook.faults import Fault
from claimbook.models import Source

# BibTeX field -> field of our model. Everything else in an entry is a mistake.
_FIELDS = {
    "title": "title",
    "date": "date",
    "year": "date",
    "publisher": "publisher",
    "howpublished": "publisher",
    "url": "url",
    "archive": "archive",
    "note": "seen",
    "interest": "interest",
}


def read_sources(path: Path, name: str) -> tuple[dict[str, Source], list[Fault]]:
    """Read the bibliography.

    Args:
        path: the BibTeX file.
        name: how messages call the file.

    Returns:
        Sources by key, and what is wrong with the file.
    """
    try:
        bibliography: BibliographyData = parse_bytes(path.read_bytes(), "bibtex")
    except (PybtexError, UnicodeDecodeError) as error:
        return {}, [Fault(name, "", "", f"expected valid BibTeX, found: {error}")]
    sources: dict[str, Source] = {}
    faults: list[Fault] = []
    for key, entry in bibliography.entries.items():
        faults += [
            Fault(name, key, field, f"unknown field; expected one of author, {', '.join(_FIELDS)}")
            for field in entry.fields
            if field.lower() not in _FIELDS
        ]
        fields = _fields(key, entry)
        try:
            sources[key] = Source.model_validate(fields)
        except ValidationError as error:
            faults += explain(error, name, key, fields, Source)
    return sources, faults


def _fields(key: str, entry: Entry) -> dict[str, str]:
    fields = {"id": key, "author": " and ".join(map(_name, entry.persons.get("author", ())))}
    for field, ours in _FIELDS.items():
        if entry.fields.get(field) and ours not in fields:
            fields[ours] = _plain(entry.fields[field], verbatim=field in ("url", "archive"))
    # The note of an entry begins with the word, for those who read the file; the model has a field.
    fields["seen"] = fields.get("seen", "").removeprefix("seen: ")
    return fields


def _name(person: Person) -> str:
    return _plain(str(person))


def _plain(latex: str, *, verbatim: bool = False) -> str:
    return latex.strip() if verbatim else str(Text.from_latex(latex)).strip()
