"""Sources from `data/sources.bib`."""

import re
from collections.abc import Iterator
from pathlib import Path

from pybtex.database import BibliographyData, Entry, Person
from pybtex.database.input.bibtex import Parser
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text
from pydantic import ValidationError

from claimbook.base.characters import need_visible
from claimbook.base.faults import Fault
from claimbook.base.files import read_text
from claimbook.data.errors import explain
from claimbook.data.models import Source

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

# Characters, pairs and spaces that LaTeX writes differently from how they stand.
_LATEX = re.compile(r"""[\\{}$~%&#^_`<>"]|--|''|,,|[?!]`|\s\s|[^\S ]""")


def read_sources(path: Path, name: str) -> tuple[dict[str, Source], list[Fault]]:
    """Read the bibliography.

    Args:
        path: the BibTeX file.
        name: how messages call the file.

    Returns:
        Sources by key, and what is wrong with the file.
    """
    try:
        bibliography: BibliographyData = Parser().parse_string(read_text(path, "a BibTeX file"))
    except PybtexError as error:
        return {}, [Fault(name, "", "", f"expected valid BibTeX, found: {error}")]
    except ValueError as error:
        return {}, [Fault(name, "", "", str(error))]
    if not bibliography.entries:
        return {}, [Fault(name, "", "", "expected at least one source, found none")]
    sources: dict[str, Source] = {}
    faults: list[Fault] = []
    for key, entry in bibliography.entries.items():
        faults += [
            Fault(name, key, field, f"unknown field; expected one of author, {', '.join(_FIELDS)}")
            for field in entry.fields
            if field.lower() not in _FIELDS
        ]
        faults += [Fault(name, key, *contradiction) for contradiction in _contradictions(entry)]
        try:
            fields = _fields(key, entry)
            need_visible("\n".join(fields.values()))  # LaTeX has names for some
        except (UnicodeDecodeError, PybtexError) as error:
            reason = getattr(error, "reason", error)
            faults.append(Fault(name, key, "", f"expected valid LaTeX, found: {reason}"))
            continue
        except ValueError as error:
            faults.append(Fault(name, key, "", str(error)))
            continue
        try:
            sources[key] = Source.model_validate(fields)
        except ValidationError as error:
            faults += explain(error, name, key, fields, Source)
    return sources, faults


def _contradictions(entry: Entry) -> Iterator[tuple[str, str]]:
    """Pairs of BibTeX fields of which the model would silently take one."""
    fields = entry.fields
    if "publisher" in fields and "howpublished" in fields:
        yield "publisher, howpublished", "expected one of them, found both"
    # Styles of bibliographies read the year, so it may stand beside the date.
    if "date" in fields and fields.get("year", fields["date"][:4]) != fields["date"][:4]:
        yield "year", f"expected the year of the date ({fields['date']}), found {fields['year']}"


def _fields(key: str, entry: Entry) -> dict[str, str]:
    fields = {"id": key, "author": " and ".join(map(_name, entry.persons.get("author", ())))}
    for field, ours in _FIELDS.items():
        if entry.fields.get(field) and ours not in fields:
            text = entry.fields[field]
            fields[ours] = text.strip() if field in ("url", "archive") else decoded(text)
    # The note of an entry begins with the word, for those who read the file; the model has a field.
    fields["seen"] = fields.get("seen", "").removeprefix("seen: ")
    return fields


def _name(person: Person) -> str:
    return decoded(str(person))


def decoded(latex: str) -> str:
    """The text that LaTeX makes of the value of a field.

    Raises:
        PybtexError: its braces do not match.
    """
    # Decoding is slow, and most texts are as plain as they look within their braces.
    braced = latex.startswith("{") and latex.endswith("}")
    text = latex[1:-1] if braced else latex
    return (str(Text.from_latex(latex)) if _LATEX.search(text) else text).strip()
