"""Data with faults is refused, each fault with one message naming file, entry and field."""

import os
import re
import shutil
import time

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text

from claimbook import Claim
from claimbook.base import digests
from claimbook.base.faults import DataError, Fault
from claimbook.base.paths import ROOT_VARIABLE, find_project
from claimbook.data import bibliography, csv_tables, registry, yaml_files
from claimbook.data.registry import load, validate
from growing import add_claim
from places import CASES

WRITTEN = yaml.load(
    (CASES / "bad_data.yml").read_text(encoding="utf-8"),
    Loader=yaml.BaseLoader,
)


def spoil(project, case):
    """Break a project as a case says."""
    path = project.root / case["file"]
    if "remove" in case:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    elif "folder" in case:
        path.unlink()
        path.mkdir()
    elif "bytes" in case:
        path.write_bytes(bytes.fromhex(case["bytes"]))
    elif "find" in case:
        text = path.read_text(encoding="utf-8")
        assert text.count(case["find"]) == 1, "the case no longer fits the small project"
        path.write_text(text.replace(case["find"], case["put"]), encoding="utf-8")
    else:
        path.write_text(case["put"], encoding="utf-8")
    if "digest" in case:
        package = path.parent / csv_tables.PACKAGE
        text = re.sub(
            "sha256:[0-9a-f]+",
            csv_tables.digest(path.read_bytes()),
            package.read_text(encoding="utf-8"),
        )
        package.write_text(text, encoding="utf-8")


def column(project, kind, cells):
    """Give the table of the small project these cells in a column of this type."""
    path = project.data / "tables" / "harvest.csv"
    rows = "".join(f"2023,{cell},harvest-report\n" for cell in cells)
    path.write_text(f"year,baskets,source\n{rows}", encoding="utf-8")
    package = path.parent / csv_tables.PACKAGE
    described = package.read_text(encoding="utf-8")
    described = described.replace('"baskets", "type": "integer"', f'"baskets", "type": "{kind}"')
    described = re.sub("sha256:[0-9a-f]+", csv_tables.digest(path.read_bytes()), described)
    package.write_text(described, encoding="utf-8")


def faults(project):
    with pytest.raises(DataError) as caught:
        validate(project)
    return [
        re.sub("sha256:[0-9a-f]{64}", "sha256:HASH", str(fault)) for fault in caught.value.faults
    ]


def test_the_small_project_has_no_fault(small):
    assert list(validate(small).claims) == ["apples-half-price"]


def test_the_book_has_no_fault(book):
    assert len(validate(book).claims) >= 8


@pytest.mark.parametrize("case", WRITTEN, ids=lambda case: case["name"])
def test_a_fault_is_reported_with_file_entry_and_field(small, case):
    spoil(small, case)
    found = faults(small)
    matching = [fault for fault in found if fault.startswith(case["fault"])]
    assert matching, f"expected {case['fault']!r} among {found}"
    assert len(matching) == 1
    if not case["fault"].endswith(": "):
        assert matching == [case["fault"]]
    if "only" in case:
        assert found == matching, "one fault of a file must not bring others"


def nested(depth):
    return {
        "open": "[" * depth,
        "closed": "[" * depth + "]" * depth,
        "fields": "{a: " * depth,
        "lines": "- " * depth + "a",
        "keys": "? " * depth + "a",
        "indented": "\n".join(" " * level + "a:" for level in range(min(depth, 1_000))),
    }


@pytest.mark.parametrize("form", nested(1))
def test_no_number_of_levels_ends_python(form):
    with pytest.raises(ValueError, match="found: more than 50 levels"):
        yaml_files.parse(nested(100_000)[form])


def test_the_text_of_the_book_is_read_as_any_parser_reads_it(book):
    for path in book.data.rglob("*.yml"):
        text = path.read_text(encoding="utf-8")
        assert yaml_files.parse(text) == yaml.load(text, Loader=yaml.BaseLoader)


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cf", "Co", "Cs", "Zl", "Zp"]))


@given(st.recursive(TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner)))
def test_what_is_written_as_yaml_is_read_as_it_was(content):
    text = yaml.safe_dump(content, allow_unicode=True)
    assert yaml_files.parse(text) == content


LATEX_PIECES = [*"aA1 -',.;:!?`\"$%&~#^_<>|@*+=/()[]–’“”đé\u00a0\u0301\t"]
LATEX_PIECES += ["--", "''", "``", ",,", "?`", "!`", "  ", "R1-Zero"]


@pytest.mark.parametrize("around", ["{}", "{{{}}}"], ids=["bare", "in braces"])
@given(st.lists(st.sampled_from(LATEX_PIECES)).map("".join))
def test_a_text_of_a_source_reads_as_latex_has_it(around, text):
    latex = around.format(text)
    try:
        expected = str(Text.from_latex(latex)).strip()
    except PybtexError:
        with pytest.raises(PybtexError):
            bibliography.decoded(latex)
    else:
        assert bibliography.decoded(latex) == expected


def test_no_fault_names_a_place_on_this_machine(small):
    for name in ("articles.yml", "sources.bib", "tables/datapackage.json", "inputs/prices.yml"):
        (small.data / name).unlink()
        (small.data / name).mkdir()
    assert not [fault for fault in faults(small) if str(small.root) in fault]


def test_a_chosen_root_without_data_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"^no data/articles\.yml in "):
        find_project()


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        *(("number", text, "a number") for text in ("NaN", "INF", "0x10", "1e999", "1_000", " 1")),
        *(("integer", text, "a whole number") for text in ("1.0", "1e3", "1" * 19)),
        *(("date", text, "a date") for text in ("2024-02-30", "20240101", "2024-01")),
        *(("boolean", text, "true or false") for text in ("True", "1", "")),
    ],
)
def test_a_table_is_refused_for_a_cell_of_another_type(small, kind, text, expected):
    column(small, kind, [text])
    with pytest.raises(DataError) as caught:
        load(small)
    (fault,) = caught.value.faults
    assert str(fault).startswith(
        f"data/tables/harvest.csv: row 2, column baskets: expected {expected}"
    )


def test_all_faults_are_reported_at_once(small):
    names = [
        "unknown source of an input",
        "unknown unit of a part",
        "unknown field of a source",
        "notebook without claim",
        "table without description",
    ]
    for case in WRITTEN:
        if case["name"] in names:
            spoil(small, case)
    files = {fault.split(":")[0] for fault in faults(small)}
    assert files == {
        "data/inputs/prices.yml",
        "data/claims/apples-half-price.yml",
        "data/sources.bib",
        "book/claims/apples-half-prize.ipynb",
        "data/tables/datapackage.json",
    }


def test_a_fault_reads_as_file_entry_field_and_message():
    assert str(Fault("a.yml", "x", "y.z", "wrong")) == "a.yml: x, y.z: wrong"
    assert str(Fault("a.yml", "", "", "wrong")) == "a.yml: wrong"


def test_numbers_keep_the_zeros_they_were_written_with(small):
    assert load(small).inputs["apple_price"].value == "1.00"


def test_claims_are_in_the_order_of_the_articles_and_their_statements(small):
    for slug in ("pears", "zucchini"):
        add_claim(small, slug)
    text = small.articles.read_text(encoding="utf-8")
    first = "- {id: news, label: News, language: en, about: Made up., statements: [zucchini]}\n"
    small.articles.write_text(first + text.replace("    - zucchini\n", ""), encoding="utf-8")
    claim = small.claim("zucchini")
    claim.write_text(claim.read_text(encoding="utf-8").replace("article: paper", "article: news"))
    assert list(load(small).claims) == ["zucchini", "apples-half-price", "pears"]


def test_an_unquoted_number_is_read_as_it_was_written(small):
    path = small.data / "inputs" / "prices.yml"
    path.write_text(path.read_text(encoding="utf-8").replace('"1.00"', "1.00"), encoding="utf-8")
    assert load(small).inputs["apple_price"].value == "1.00"


def test_a_rounded_number_may_lie_half_a_last_place_either_way(book):
    entry = load(book).inputs["nvda_shares_2024_11_15"]
    assert [str(end) for end in entry.bounds] == ["4897/200", "4899/200"]


@pytest.mark.parametrize(
    ("kind", "cells", "values", "dtype"),
    [
        ("integer", ["5", "-12"], [5, -12], "int64"),
        # As floats, whole numbers of this length are no longer what they were.
        ("integer", ["123456789012345678", ""], [123456789012345678, None], "Int64"),
        ("number", ["0.1", "-2e3", ""], [0.1, -2000, None], "float64"),
        ("date", ["2024-02-29", ""], [pd.Timestamp("2024-02-29"), None], "datetime64[us]"),
        ("boolean", ["true", "false"], [True, False], "bool"),
        ("string", ["007", "", "NA"], ["007", "", "NA"], "str"),
    ],
)
def test_a_column_has_the_type_of_its_schema_and_its_exact_values(
    small, kind, cells, values, dtype
):
    column(small, kind, cells)
    found = load(small).frame("harvest")["baskets"]
    assert str(found.dtype) == dtype
    assert [None if pd.isna(value) else value for value in found] == values


def test_changing_a_loaded_table_leaves_the_registry_alone(small):
    registry = load(small)
    frame = registry.frame("harvest")
    frame.loc[0, "baskets"] = 0
    assert registry.frame("harvest")["baskets"].tolist() == [120, 135]


def test_content_that_was_loaded_is_not_loaded_again(small):
    assert load(small) is load(small)
    assert validate(small) is load(small)


def prices(project):
    return project.data / "inputs" / "prices.yml"


def put(path, old, new):
    """Edit a text as somebody would within one tick of the clock."""
    status, text = path.stat(), path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_an_edit_counts_whatever_the_times_and_the_size_of_the_file(small):
    before = load(small)
    put(prices(small), "1.00", "1.25")
    assert load(small).inputs["apple_price"].value == "1.25"
    put(prices(small), "1.25", "1.00")
    assert load(small) == before


CHANGES = {
    "renamed": lambda data: (data / "inputs" / "prices.yml").rename(data / "inputs" / "fruits.yml"),
    "added": lambda data: (data / "inputs" / "more.yml").write_text("[]"),
    "table": lambda data: (data / "tables" / "more.csv").write_text("a"),
    "folder": lambda data: (data / "inputs" / "more.yml").mkdir(),
    "link to nothing": lambda data: (data / "inputs" / "more.yml").symlink_to("nowhere"),
    "sources": lambda data: (data / "sources.bib").write_text("@misc{a, title={b}}"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_digest_of_the_data_covers_every_name_and_every_byte(small, change):
    before = digests.data(small)
    assert digests.data(small) == before
    CHANGES[change](small.data)
    assert digests.data(small) != before


def test_the_ledger_does_not_count_as_data(small):
    before = digests.data(small)
    small.ledger.write_text("claim\n", encoding="utf-8")
    assert digests.data(small) == before


def test_a_file_that_is_written_during_loading_is_not_taken_for_what_it_was(small, monkeypatch):
    read_package = csv_tables.read_package

    def late(*arguments):
        put(prices(small), "1.00", "1.25")
        return read_package(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(csv_tables, "read_package", late)
        assert load(small).inputs["apple_price"].value == "1.25"
    put(prices(small), "1.25", "1.00")
    assert load(small).inputs["apple_price"].value == "1.00"


def test_a_fault_is_reported_each_time(small):
    put(prices(small), "1.00", "1,00")
    assert faults(small) == faults(small) != []


def test_a_table_that_was_written_after_loading_is_refused(small):
    loaded = load(small)
    put(small.data / "tables" / "harvest.csv", "135", "999")
    with pytest.raises(
        ValueError, match=r"^harvest\.csv: expected the content with the digest sha"
    ):
        loaded.frame("harvest")


ALTERATIONS = {
    "value": lambda claim: setattr(claim.registry.inputs["apple_price"], "value", "9"),
    "input": lambda claim: claim.registry.inputs.update(apple_price=None),
    "removal": lambda claim: claim.registry.claims.pop("apples-half-price"),
    "part": lambda claim: claim.entry.parts.append(None),
    "registry": lambda claim: setattr(claim.registry, "inputs", {}),
}


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_a_notebook_cannot_change_what_the_next_one_sees(small, alteration):
    with pytest.raises((AttributeError, TypeError, ValueError)):
        ALTERATIONS[alteration](Claim("apples-half-price", load(small)))


def test_everything_that_is_loaded_is_immutable(book):
    loaded = load(book)
    for kind in (loaded.articles, loaded.claims, loaded.inputs, loaded.tables, loaded.sources):
        for entry in kind.values():
            hash(entry)  # fails where a list or fields lie anywhere within


def test_a_large_book_is_loaded_in_a_time_that_grows_with_its_size(small):
    claim = small.claim("apples-half-price").read_text(encoding="utf-8")
    price, _, _ = prices(small).read_text(encoding="utf-8").partition("- id: pear_price")
    with small.articles.open("a", encoding="utf-8") as file:
        file.writelines(f"    - apples-{n}\n" for n in range(999))
    for n in range(999):
        small.claim(f"apples-{n}").write_text(claim, encoding="utf-8")
    with prices(small).open("a", encoding="utf-8") as file:
        file.writelines(
            price.replace("apple_price", f"price_{n}").replace("apple, vi: táo", f"{n}, vi: {n}")
            for n in range(3_000)
        )
    started = time.process_time()
    loaded = load(small)
    assert time.process_time() - started < 10, "about a second where anybody has measured"
    assert (len(loaded.claims), len(loaded.inputs)) == (1_000, 3_002)


def test_a_kept_registry_is_loaded_without_a_look_at_the_files(small):
    loaded = load(small)
    small.articles.write_text("- {", "utf-8")
    with registry.kept(loaded):
        assert load(small) is loaded
    with pytest.raises(DataError):
        load(small)
