"""Numbers as the articles write them, in both languages."""

import unicodedata
from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from claimbook.numerals import parse_hedged, parse_number, phrases
from claimbook.rule import COMPARATORS, accepted
from places import CASES

WRITTEN = yaml.load(
    (CASES / "numerals.yml").read_text(encoding="utf-8"),
    Loader=yaml.BaseLoader,
)

SOME_WORDS = """
    gần hơn gấp đôi rưỡi nửa một phần ba từ đến mỗi cho USD % 5 14, 8 1,087 tỷ triệu nghìn
    - ( ) , . giảm không nearly half to per tokens
"""


def each(section):
    return pytest.mark.parametrize(
        "case", WRITTEN[section], ids=lambda case: f"{case['lang']}: {case['text']}"
    )


@each("numbers")
def test_a_written_number_is_read_with_all_its_digits_however_its_letters_are_composed(case):
    for form in ("NFC", "NFD"):  # letters composed with their accents, and decomposed
        value = parse_number(unicodedata.normalize(form, case["text"]), case["lang"])
        assert value.as_tuple() == Decimal(case["value"]).as_tuple()


@each("hedged")
def test_a_hedge_is_read_as_a_comparator_of_the_rule_and_left_away_by_the_number_alone(case):
    hedged = parse_hedged(case["text"], case["lang"])
    assert (hedged.value, hedged.comparator) == (Decimal(case["value"]), case["comparator"])
    assert hedged.comparator in COMPARATORS
    assert parse_number(case["text"], case["lang"]) == hedged.value


@each("refused")
def test_text_that_is_not_one_number_is_refused_with_text_language_and_reason(case):
    with pytest.raises(ValueError, match="is not a") as caught:
        parse_number(case["text"], case["lang"])
    message = str(caught.value)
    assert repr(case["text"]) in message
    assert {"vi": "Vietnamese", "en": "English"}[case["lang"]] in message
    assert case["message"] in message


def test_an_unknown_language_is_refused_by_name():
    with pytest.raises(ValueError, match="'fr'"):
        parse_number("5", "fr")


def test_the_last_digit_of_a_scaled_number_is_the_unit_the_rule_rounds_to():
    band = accepted(parse_number("14, 8 nghìn tỷ token", "vi"), "=")
    assert band.bounds == (14_750 * 10**9, 14_850 * 10**9)


@given(
    whole=st.integers(min_value=0, max_value=10**40),
    decimals=st.text(alphabet="0123456789", max_size=30),
    negative=st.booleans(),
)
def test_what_is_written_with_groups_is_read_back_in_each_language(whole, decimals, negative):
    number = Decimal(f"{'-' if negative else ''}{whole}{'.' if decimals else ''}{decimals}")
    english = f"{whole:,}" + (f".{decimals}" if decimals else "")
    vietnamese = english.translate(str.maketrans(",.", ".,"))
    sign = "−" if negative else ""
    assert parse_number(sign + english, "en").as_tuple() == number.as_tuple()
    assert parse_number(sign + vietnamese, "vi").as_tuple() == number.as_tuple()


@given(st.text(alphabet="0123456789.,- tỷbngầ%$", max_size=12), st.sampled_from(["vi", "en"]))
def test_any_text_is_either_a_finite_number_or_a_value_error(text, lang):
    try:
        value = parse_number(text, lang)
    except ValueError as error:
        assert repr(text) in str(error)
    else:
        assert value.is_finite()


@given(
    words=st.lists(
        st.sampled_from(SOME_WORDS.split()),
        max_size=12,
    ),
    lang=st.sampled_from(["vi", "en"]),
)
def test_any_words_are_read_as_rising_finite_numbers_or_left_out(words, lang):
    for phrase in phrases(" ".join(words), lang):
        assert phrase.value.is_finite()
        assert phrase.value <= phrase.high
        assert phrase.comparators <= COMPARATORS.keys()
