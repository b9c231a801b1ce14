"""Data with faults is refused, each fault with one message naming file, entry and field."""

import os
import re
import shutil
import time
import unicodedata

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


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cf", "Co", "Cs", "Zl", "Zp"])).map(
    lambda text: unicodedata.normalize("NFC", text)
)


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


def test_a_remark_behind_a_word_or_a_quoted_text_cuts_nothing(small):
    put(prices(small), "precision: exact", "precision: exact  # the list says so")
    put(small.claim("apples-half-price"), "claimant: The shop, a", "claimant: 'The #1 shop, a")
    put(small.claim("apples-half-price"), "to the paper\n", "to the paper'  # in its words\n")
    assert load(small).claims["apples-half-price"].claimant.startswith("The #1 shop, according")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Nguy{\~{\^e}}n", "Nguyễn"),
        (r"Ti\'{\^e}ng Vi\d{\^e}t", "Tiếng Việt"),
        (r"Vi{\d{\^{e}}}t, Vi\d \^et", "Việt, Việt"),
        (r"\h{\uhorn} \'{\ohorn} \DJ{}\`a \dj\^ong", "ử ớ Đà đông"),
        (r"G{\"o}del, G\"odel, \v{S}koda, \c{c}a", "Gödel, Gödel, Škoda, ça"),
        (r"\$600 billion \& 5\% of a\_b \#1 \{x\}", "$600 billion & 5% of a_b #1 {x}"),
    ],
)
def test_latex_is_read_as_the_text_that_it_stands_for(latex, text):
    assert bibliography.decoded(latex) == text


@pytest.mark.parametrize(
    ("latex", "address"),
    [
        (r"https://example.org/price\_list?a=1\&b=\#2", "https://example.org/price_list?a=1&b=#2"),
        (r"https://example.org/a\%20b%20c", "https://example.org/a%20b%20c"),
        (r"\url{https://example.org/\~{}ann}", "https://example.org/~ann"),
    ],
)
def test_an_address_of_a_source_is_the_one_that_is_meant(small, latex, address):
    put(small.data / "sources.bib", "https://example.org/prices", latex)
    assert load(small).sources["price-list"].url == address


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("{Reuters Staff}", "Reuters Staff"),
        ("Reuters", "Reuters"),
        ("Smith, Ann and {The shop}", "Smith, Ann and The shop"),
        (r"{Holland \& Knight}", "Holland & Knight"),
        (r"Nguy{\~{\^e}}n, An", "Nguyễn, An"),
    ],
)
def test_an_author_is_called_as_written(small, written, name):
    put(small.data / "sources.bib", "author = {{The shop}}", f"author = {{{written}}}")
    assert load(small).sources["price-list"].author == name


def test_a_text_or_a_name_of_megabytes_is_refused_in_few_words(small):
    for place, old in (
        ("inputs/prices.yml", "Price of an apple"),
        ("claims/apples-half-price.yml", "saving\n"),
        ("tables/datapackage.json", "Baskets of apples by year"),
        ("sources.bib", "sells apples"),
    ):
        put(small.data / place, old, "x" * 5_000_000 + "\n" * old.endswith("\n"))
    found = faults(small)
    assert len(found) >= 4
    assert max(map(len, found)) < 300


def test_long_values_are_cut_where_faults_show_them(small):
    put(prices(small), "unit: USD\n  as_of: 2025-01-", f"unit: {'U' * 9_000}\n  as_of: 2025-01-")
    put(prices(small), "id: pear_price", f"id: {'P' * 9_000}")
    assert max(map(len, faults(small))) < 1_000


PLACES = ["sources.bib", "inputs/prices.yml", "tables/harvest.csv", "tables/datapackage.json"]


@pytest.mark.parametrize("place", [*PLACES, "inputs/more.yml"])
def test_a_pipe_in_the_data_is_refused_and_not_waited_for(small, place):
    path = small.data / place
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    assert any(
        fault.startswith(f"data/{place}: ") and fault.endswith("a pipe, a device or the like")
        for fault in faults(small)
    )


@pytest.mark.parametrize("target", ["/dev/zero", "/etc/hostname", "../..", "outside.yml"])
def test_a_link_out_of_the_project_is_refused_before_anything_is_read(small, target):
    (small.root.parent / "outside.yml").write_text("[]", "utf-8")
    link = small.data / "inputs" / "more.yml"
    link.symlink_to(small.root.parent / target)
    assert faults(small) == [
        "data/inputs/more.yml: "
        "expected a link to a file of the project, found one that leads out of it"
    ]


def test_a_link_to_a_folder_is_refused_since_no_digest_reaches_what_is_in_it(small):
    shutil.move(small.data / "inputs", small.root / "inputs")
    (small.data / "inputs").symlink_to("../inputs")
    assert faults(small) == [
        "data/inputs: expected files in a folder of their own, found a link to a folder"
    ]


def test_a_link_to_a_file_of_the_project_is_read(small):
    path = prices(small)
    path.rename(small.data / "prices.yml")
    path.symlink_to("../prices.yml")
    assert "apple_price" in load(small).inputs


@pytest.mark.parametrize("size", [1_000_001, 50_000_000])
def test_a_table_that_is_too_large_is_refused_at_once(small, size):
    path = small.data / "tables" / "harvest.csv"
    with path.open("ab") as file:
        file.truncate(size)
    started = time.process_time()
    assert faults(small) == [
        f"data/tables/harvest.csv: expected at most 1 MB, found {size / 1e6:.1f} MB"
    ]
    assert time.process_time() - started < 5


def test_a_thousand_faults_are_cut_and_can_all_be_seen(small):
    entries = "".join(f"- {{id: x{n}}}\n" for n in range(1_000))
    prices(small).write_text(entries, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load(small)
    short, whole = str(caught.value).splitlines(), caught.value.text().splitlines()
    assert short[0] == whole[0]
    assert re.fullmatch(r"  data/inputs/prices.yml: and \d+ more: make check ALL=1", short[21]), (
        short[21]
    )
    assert len(whole) == len(caught.value.faults) + 1 > 1_000


def test_faults_come_in_the_order_of_the_file(small):
    path = prices(small)
    text = path.read_text(encoding="utf-8")
    apple, _, pear = text.partition("- id: pear_price")
    text = "- id: pear_price" + pear + "\n" + apple
    for old, new in (
        ("  unit: USD\n  as_of: 2025-01\n", "  unit: UDS\n  as_of: soon\n"),
        ("kind: primary\n      locator: first", "kind: first\n      locator: first"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    put(small.claim("apples-half-price"), "unit: percent", "unit: per cent")
    put(small.claim("apples-half-price"), "kind: number", "kind: numbers")
    places = [", ".join(fault.split(": ")[:2]) for fault in faults(small)]
    assert places == [
        "data/claims/apples-half-price.yml, parts.saving.kind",
        "data/claims/apples-half-price.yml, parts.saving.unit",
        "data/inputs/prices.yml, pear_price, unit",
        "data/inputs/prices.yml, pear_price, as_of",
        "data/inputs/prices.yml, apple_price, citations.1.kind",
    ]


def test_faults_of_a_table_come_row_by_row(small):
    column(small, "integer", ["x" if n in (1, 2, 10) else n for n in range(1, 12)])
    rows = [fault.entry for fault in caught(small)]
    assert rows == ["row 2", "row 3", "row 11"]


def caught(project):
    with pytest.raises(DataError) as error:
        load(project)
    return error.value.faults


@pytest.mark.parametrize(
    ("kind", "unit", "cell", "right"),
    [
        ("number", '"unit": "USD / GPU"', "0", False),
        ("integer", '"unit": "billion_USD"', "-3", False),
        ("number", '"unit": "USD / GPU"', "0.01", True),
        ("number", '"unit": "USD / share", "signed": true', "-24.2", True),
        ("number", '"unit": "percent"', "-16.97", True),
        ("number", '"unit": "count"', "1234567890.123456789", False),  # no float has it
        ("date", '"unit": ""', "9999-12-31", False),
        ("date", '"unit": ""', "0001-01-01", False),
        ("string", '"unit": ""', "Táo", True),
        ("string", '"unit": ""', "Táo ", False),
        ("string", '"unit": ""', "\u00a0Táo", False),
        ("string", '"unit": ""', '5" disc', False),
        ("string", '"unit": ""', '"5"" disc"', True),
        ("string", '"unit": ""', '"Táo\n2023,Lê,harvest-report\n2023,Mận"', False),
    ],
)
def test_a_cell_that_its_column_cannot_have_is_refused(small, kind, unit, cell, right):
    column(small, kind, [cell])
    put(small.data / "tables" / csv_tables.PACKAGE, '"unit": "count"', unit)
    if right:
        load(small)
    else:
        (fault,) = faults(small)
        assert fault.startswith("data/tables/harvest.csv: row 2, column baskets: expected ")


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
        small.claim(f"apples-{n}").write_text(claim.replace("T1", f"T1-{n}"), encoding="utf-8")
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
