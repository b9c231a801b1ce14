"""The page of sources: how an entry of `data/sources.bib` is written out, and how it is cited."""

from collections.abc import Iterable, Iterator
from string import ascii_lowercase

from pybtex.database import BibliographyData, Entry, Person
from pybtex.plugin import register_plugin
from pybtex.richtext import HRef, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting import BaseSortingStyle
from sphinx.application import Sphinx

from claimbook.data.bibliography import accented, address, decoded

STYLE = "claimbook"


class KeyLabels(BaseLabelStyle):  # type: ignore[misc]
    """Entries are called by their key, as in `data/`."""

    def format_labels(self, sorted_entries: list[Entry]) -> Iterator[str]:
        """One label per entry."""
        return (entry.key for entry in sorted_entries)


class ByKey(BaseSortingStyle):  # type: ignore[misc]
    """In the order of the labels."""

    def sorting_key(self, entry: Entry) -> str:
        """What entries are sorted by."""
        return str(entry.key)


class SourceStyle(BaseStyle):  # type: ignore[misc]
    """Who, what, when; how it was seen; and the stake the source has in its figure."""

    default_sorting_style = ByKey
    default_label_style = KeyLabels

    def format_entry(
        self, label: str, entry: Entry, bib_data: BibliographyData | None = None
    ) -> FormattedEntry:
        """Write one entry; fields that are empty are left out."""
        return FormattedEntry(entry.key, Text(" ").join(_sentences(entry)), label)


def connect(app: Sphinx) -> None:
    """Make the style known under its name, for `bibtex_default_style`, and years for citations."""
    register_plugin("pybtex.style.formatting", STYLE, SourceStyle)
    app.connect("builder-inited", _prepare)


def _prepare(app: Sphinx) -> None:
    """Give what was read of the bibliography the years and letters that citations show."""
    if "cite" in app.env.domains:
        entries = app.env.get_domain("cite").bibdata.data.entries  # type: ignore[attr-defined]
        prepare(entries.values())


def prepare(entries: Iterable[Entry]) -> None:
    """Give entries the year of their date, and a letter where author and year leave it open.

    Doing it again changes nothing. Without a date the year is `n.d.`, as citations write it.
    """
    alike: dict[tuple[tuple[str, ...], str], list[Entry]] = {}
    for entry in entries:
        persons = [Person(accented(str(person))) for person in entry.persons.get("author", ())]
        if persons:
            entry.persons["author"] = persons
        if "title" in entry.fields:
            entry.fields["title"] = accented(entry.fields["title"])
        year = entry.fields.get("date", entry.fields.get("year", ""))[:4]
        year = year if year.isdigit() else ""
        # Of three authors and more, citations name the first alone.
        names = [decoded(" ".join(person.last_names)) for person in persons]
        shown = names if len(names) < 3 else [names[0], ""]
        who = tuple(shown) or (entry.fields.get("title", ""),)
        alike.setdefault((who, year), []).append(entry)
        if year:
            entry.fields["year"] = year
    for (_, year), same in alike.items():
        if len(same) > 1:
            same.sort(key=lambda entry: (entry.fields.get("date", ""), entry.key))
            for number, entry in enumerate(same):
                entry.fields["year"] = (year or "n.d.-") + _letters(number)


def _letters(number: int) -> str:
    """A to z, then aa to zz, for a number from 0."""
    before, last = divmod(number, len(ascii_lowercase))
    return (ascii_lowercase[before - 1] if before else "") + ascii_lowercase[last]


def _sentences(entry: Entry) -> Iterator[Text]:
    fields = entry.fields
    authors = [Text(decoded(str(person))) for person in entry.persons.get("author", ())]
    if authors:
        yield _sentence(Text(", ").join(authors))
    title = Text(decoded(fields.get("title", entry.key)))
    url = address(fields.get("url", ""))
    yield _sentence(Text(HRef(url, title)) if url else title)
    place = [
        Text(decoded(fields[name])) for name in ("publisher", "howpublished") if name in fields
    ]
    year = fields.get("year", "")
    date = fields.get("date", year)
    # The letter, by which citations tell it from others of the year.
    if year != date and year[-1:].isalpha():
        date = f"{date} ({year})"
    if place or date:
        yield _sentence(Text(", ").join([*place, *([Text(date)] if date else [])]))
    if fields.get("archive"):
        yield _sentence(Text(HRef(address(fields["archive"]), "archived copy")))
    if fields.get("note"):
        yield _sentence(Text(decoded(fields["note"])).capfirst())
    if fields.get("interest"):
        yield _sentence(Text("Interest: ", decoded(fields["interest"])))


def _sentence(text: Text) -> Text:
    return text if str(text).endswith((".", "?", "!")) else Text(text, ".")
