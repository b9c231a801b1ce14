"""One number phrase out of a run of words, read greedily from left to right."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction
from typing import Final, TypeVar

from claimbook.numerals.words import CURRENCIES, PERCENT, POINT, RATIO, Language, Units, Words

T = TypeVar("T")

_EXACT: Final = Context(prec=10_000)
_LONG: Final = Context(prec=28)  # for a third and the like
_MINUS: Final = "-\u2212"
_STOP: Final = frozenset(";:!?…()[]{}|·•—,.")
_DIGITS: Final = re.compile(r"[0-9](?:[0-9.,]|(?<=,) (?=[0-9]))*")
# In running text a mark behind the last digit belongs to the sentence.
_DIGITS_IN_TEXT: Final = {
    "Vietnamese": re.compile(r"[0-9]+(?:(?:[.,]|, )[0-9]+)*"),
    "English": re.compile(r"[0-9]+(?:[.,][0-9]+)*"),
}
_WORD: Final = re.compile(
    r"(?:us|hk|nt|s|a|c)\$|u\.s\.|[^\W\d_][^\W_]*(?:-[^\W_]+)*", re.IGNORECASE
)
_VULGAR: Final = {
    **{"½": Fraction(1, 2), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3), "¼": Fraction(1, 4)},
    **{"¾": Fraction(3, 4), "⅕": Fraction(1, 5), "⅛": Fraction(1, 8)},
}
# How far ahead "down to" may stand behind the first number of a change, and how far back a denial.
_AHEAD, _BACK = 4, 3
_RELATIVE: Final = frozenset({PERCENT, POINT, RATIO})


@dataclass(frozen=True)
class Phrase:
    """A number, or a range, as words state it.

    Attributes:
        text: the words.
        value: the number with its written digits, in units of one; of a range, its lower end.
        high: the upper end of a range; the number itself if there is none.
        comparators: what the hedge can amount to in the verdict rule; none if that cannot be told.
        units: names that its unit may have; empty if the words name none.
        per: what it is counted for: how many of what; with no name for an unknown noun.
        share: it is a fraction in words, which may be of a whole.
        rough: `value` has no end, as that of a third.
        falls: it says by how much something fell, so that its sign may be left out.
    """

    text: str
    value: Decimal
    high: Decimal
    comparators: frozenset[str]
    units: Units = frozenset()
    per: tuple[Fraction, Units] | None = None
    share: bool = False
    rough: bool = False
    falls: bool = False

    @property
    def comparator(self) -> str:
        """The one comparator, as the words alone have it."""
        return next(iter(sorted(self.comparators - {"="})), "=")


@dataclass(frozen=True)
class _Token:
    text: str
    kind: str  # number, word or sign
    name: bool = False


@dataclass(frozen=True)
class _Amount:
    """A number before its unit: plain digits and the power of ten that words of scale add."""

    plain: Decimal
    power: int = 0
    units: Units = frozenset()
    share: bool = False
    rough: bool = False
    digits: str = ""
    spelled: bool = False
    scaled: bool = False

    @property
    def value(self) -> Decimal:
        return shift(self.plain, self.power)


class Reader:
    """Reads phrases of one language out of the words of a text.

    Args:
        text: the words.
        language: theirs.
        running: the text may hold more than one phrase, and sentences around it.
    """

    def __init__(self, text: str, language: Language, *, running: bool = False) -> None:
        self.language, self.running = language, running
        self.tokens = list(_tokens(text, language, running=running))

    # What a text holds

    def whole(self) -> Phrase:
        """The phrase that all the words are.

        Raises:
            ValueError: they are not one phrase; the message says why.
        """
        found = self.phrase(0)
        if found is None:
            if any(re.search("[0-9]", token.text) for token in self.tokens):
                raise ValueError(f"unknown words before the digits in {self._text(0, None)!r}")
            raise ValueError("it has no digit and no noun of number")
        phrase, end = found
        if phrase.value != phrase.high:
            raise ValueError(
                "it is a range: expected one number and nothing after the number, found "
                f"{phrase.text!r}"
            )
        if end < len(self.tokens):
            raise ValueError(f"unknown words after the number: {self._text(end, None)!r}")
        return phrase

    def all(self) -> Iterator[Phrase]:
        """Every number of the words with the longest phrase around it, from left to right."""
        at = 0
        while at < len(self.tokens):
            try:
                found = self.phrase(at)
            except ValueError:
                found = None
            if found is None:
                at += 1
                continue
            phrase, end = found
            yield self._in_context(phrase, at, end)
            at = end

    def mentions(self, phrases: frozenset[Words]) -> bool:
        """Whether one of these phrases is among the words."""
        return any(self._match(dict.fromkeys(phrases, ""), at) for at in range(len(self.tokens)))

    # The words around a phrase

    def _in_context(self, phrase: Phrase, start: int, end: int) -> Phrase:
        """A phrase with what the words before and after it leave of its comparators."""
        language = self.language
        before = [token.text for token in self.tokens[max(0, start - _BACK) : start]][::-1]
        phrase = replace(phrase, falls=any(word in language.falls for word in before))
        unknown = replace(phrase, comparators=frozenset())
        if self._goes_on(phrase, end):
            return unknown
        for word in before:
            if word in language.negations:
                return unknown
            if word not in language.neutral:
                break
        if not start:
            return phrase
        if phrase.comparators != {"="} or self._hedge(start)[0]:
            if self._ends(language.hedges, start):
                return unknown  # two hedges
            bare = self._word(start) == language.than and phrase.units & _RELATIVE
            if bare and not self._is_neutral(start - 1):
                # "ổn định hơn 10%": more stable by 10 percent, or by more than that.
                return replace(phrase, comparators=phrase.comparators | {"="})
            return phrase
        carried = start
        while self._word(carried - 1) in language.carriers:
            carried -= 1
        hedge = self._ending(language.hedges, carried) if carried < start else None
        if hedge is not None:
            return replace(phrase, comparators=frozenset({hedge}))  # "gần mức 600 tỷ"
        last = self.tokens[start - 1].text
        if last == language.start:
            ahead = {token.text for token in self.tokens[end : end + _AHEAD]}
            if ahead & language.becomes or set(before) & language.changes:
                return phrase
            return replace(phrase, comparators=frozenset({"at-least"}))
        earlier = {token.text for token in self.tokens[:start]}
        if last in language.range_marks and language.start in earlier:
            return phrase  # the second number of a change
        return phrase if self._is_neutral(start - 1) else unknown

    def _goes_on(self, phrase: Phrase, end: int) -> bool:
        """Whether a number behind a phrase belongs to it: "1 tỷ 2", "3.1 405B", "27/1"."""
        token = self._token(end)
        if token is None or phrase.units:
            return False
        if token.text == "/":
            following = self._token(end + 1)
            return following is not None and following.kind == "number"
        return token.kind == "number" or (
            token.text in self.language.cardinals and token.text not in self.language.uncertain
        )

    def _is_neutral(self, at: int) -> bool:
        """Whether a word right before a number says nothing about the number's size."""
        token = self.tokens[at]
        if token.text in _STOP:
            # A hedge before a bracket still hedges.
            return at == 0 or not self._ends(self.language.hedges, at)
        if token.kind != "word":
            return False
        return (
            token.text in self.language.neutral
            or token.text in self.language.falls
            or token.text in self.language.changes
            or (token.name and not self._ends(self.language.hedges, at + 1))
        )

    def _ends(self, phrases: Mapping[Words, str], end: int) -> bool:
        """Whether the words before a place end with one of these phrases."""
        return self._ending(phrases, end) is not None

    def _ending(self, phrases: Mapping[Words, str], end: int) -> str | None:
        """What the longest of the phrases stands for with which the words before a place end."""
        for length in range(min(max(map(len, phrases)), end), 0, -1):
            words = tuple(self._words(end - length, length))
            if words in phrases:
                return phrases[words]
        return None

    # A phrase from a place on

    def phrase(self, at: int) -> tuple[Phrase, int] | None:
        """The longest phrase that begins at a place, and where it ends; None if none does.

        Raises:
            ValueError: what begins there is no number that can be read.
        """
        start = at
        comparators, at = self._hedge(at)
        hedged = bool(comparators)
        ranged = self._range(at)
        if ranged is not None:
            low, high, at = ranged
        else:
            noun = None if hedged else self._noun(at)
            if noun is not None:
                return noun
            amount = self._amount(at)
            if amount is None:
                return None
            low, at = amount
            high = low
            changing = self._word(start - 1) == self.language.start  # "tăng từ 5 đến 6": two
            second = None if changing else self._second(low, at)
            if second is not None:
                low, high, at = second
        units, at = self._unit(high, at)
        half, at = self._half_of_unit(low, high, at)
        low, high = (replace(low, plain=half), replace(high, plain=half)) if half else (low, high)
        for end in (low, high):
            self._refuse_two_numbers(end, units, at)
        per, at = self._per(at)
        later = self._match(self.language.later_hedges, at)
        if later is not None and not hedged:
            comparators, at = frozenset({later[0]}), later[1]
        comparators = comparators or frozenset({"="})
        if "comparative" in comparators:
            bound = comparators - {"comparative"}
            sized = units & _RELATIVE
            comparators = (
                (frozenset({"="}) | (bound if self._is_hedge(start) else frozenset()))
                if sized
                else bound
            )
        return (
            Phrase(
                text=self._text(start, at),
                value=low.value,
                high=high.value,
                comparators=comparators,
                units=units,
                per=per,
                share=low.share,
                rough=low.rough,
            ),
            at,
        )

    def _is_hedge(self, at: int) -> bool:
        return self._match(self.language.hedges, at) is not None

    def _hedge(self, at: int) -> tuple[frozenset[str], int]:
        """The comparators that the words at a place amount to; none without a hedge."""
        comparative = self._match(self.language.comparatives, at)
        hedge = self._match(self.language.hedges, at)
        if comparative is not None and (hedge is None or comparative[1] >= hedge[1]):
            return frozenset({"comparative", comparative[0]}), comparative[1]
        if hedge is None and self._word(at) == self.language.times and self.language.times:
            inner = self._match(self.language.hedges, at + 1)
            if inner is not None:  # "gấp hơn 3 lần"
                return frozenset({inner[0]}), inner[1]
        if hedge is None:
            return frozenset(), at
        return frozenset({hedge[0]}), hedge[1]

    def _noun(self, at: int) -> tuple[Phrase, int] | None:
        """A noun of number without a digit: "hàng trăm tỷ", "hundreds of billions"."""
        language, start = self.language, at
        if language.plural_prefix:
            if self._word(at) != language.plural_prefix:
                return None
            at += 1
        powers, at = self._scales(at, language.plurals, linked=not language.plural_prefix)
        if not powers:
            return None
        if not language.plural_prefix and self._word(at) == "of":
            at += 1
        first = next(iter(powers))
        comparator = language.counts.get(first, "many")
        if first in language.counts:
            del powers[first]
        value = shift(Decimal(1), sum(powers.values()))
        units, at = self._unit(_Amount(value), at)
        per, at = self._per(at)
        return Phrase(self._text(start, at), value, value, frozenset({comparator}), units, per), at

    def _range(self, at: int) -> tuple[_Amount, _Amount, int] | None:
        """A range with a word before its lower end: "từ 5 đến 6 triệu", "between 5 and 6"."""
        found = self._match(self.language.range_starts, at)
        if found is None:
            return None
        between, begin = found
        if any(token.text in self.language.changes for token in self.tokens[max(0, at - 2) : at]):
            return None
        amount = self._amount(begin)
        if amount is None:
            return None
        return self._second(amount[0], amount[1], frozenset(between))

    def _second(
        self, low: _Amount, at: int, between: frozenset[str] | None = None
    ) -> tuple[_Amount, _Amount, int] | None:
        """The upper end of a range whose lower end has just been read."""
        between = between or self.language.range_marks
        own, after = self._unit(low, at)
        shares = after == at  # the unit behind the upper end, and its words of scale
        at = after
        if self._word(at) not in between or self._word(at) == "":
            return None
        amount = self._amount(at + 1)
        if amount is None:
            return None
        high, at = amount
        units, end = self._unit(high, at)
        if own and units and not own & units:
            return None
        if shares and not low.scaled and high.scaled and low.plain < high.plain:
            low = replace(low, power=high.power, scaled=True)
        if low.value >= high.value:
            return None
        return low, replace(high, units=high.units | own), at if units else end

    def _amount(self, at: int) -> tuple[_Amount, int] | None:
        """A number at a place: digits, a word, a fraction or a multiple, with words of scale."""
        for read in (self._fraction, self._multiple, self._digits, self._cardinal):
            found = read(at)
            if found is not None:
                return found
        if self._word(at) == self.language.times and self.language.times:
            found = self._digits(at + 1) or self._cardinal(at + 1)
            if found is not None and (not found[0].units or found[0].units & {RATIO}):
                return replace(found[0], units=frozenset({RATIO})), found[1]
        return None

    def _fraction(self, at: int) -> tuple[_Amount, int] | None:
        language = self.language
        found = self._match(language.fractions, at)
        if found is not None:
            share, end = found
            end += self._word(end) == "a" and self._word(end + 1) in language.scales
            powers, after = self._scales(end, language.scales)
            if powers:  # "nửa triệu", "half a million"
                plain = _decimal(share)
                power = sum(powers.values())
                return _Amount(plain, power, spelled=True, scaled=True), after
            return _Amount(_decimal(share), share=True, spelled=True), end
        token = self._token(at)
        if token is not None and token.text in _VULGAR:
            share = _VULGAR[token.text]
            rough = share.denominator % 3 == 0
            return _Amount(_decimal(share), share=True, rough=rough, spelled=True), at + 1
        number = self._word_value(at)
        if number is None:
            return None
        count, end = number
        if language.over and tuple(self._words(end, len(language.over))) == language.over:
            parts, end = language.parts.get(self._word(end + 1)), end + 2
        elif not language.over:
            parts, end = language.parts.get(self._word(end)), end + 1
        else:
            return None
        if not parts or count >= parts:
            return None
        share = Fraction(count, parts)
        rough = _ends_never(share)
        return _Amount(_decimal(share), share=True, rough=rough, spelled=True), end

    def _multiple(self, at: int) -> tuple[_Amount, int] | None:
        language = self.language
        units = frozenset({RATIO, "count"})
        found = self._match(language.multiples, at)
        if found is not None:
            return _Amount(_decimal(found[0]), units=units, spelled=True), found[1]
        if not language.fold:
            return None
        number = self._bare_number(at)
        if number is None:
            return None
        plain, end = number
        end += self._word(end) == "-"
        if self._word(end) != language.fold:
            return None
        return _Amount(plain, units=units, spelled=True), end + 1

    def _bare_number(self, at: int) -> tuple[Decimal, int] | None:
        token = self._token(at)
        if token is not None and token.kind == "number":
            return self._plain(token.text), at + 1
        words = self._word_value(at)
        return None if words is None else (Decimal(words[0]), words[1])

    def _digits(self, at: int) -> tuple[_Amount, int] | None:
        signs, units = [], frozenset[str]()
        begin = at
        while (token := self._token(begin)) is not None and token.kind != "number":
            currency = CURRENCIES.get((token.text,))
            if token.text in ("+", *_MINUS):
                signs.append(token.text)
            elif currency is not None and not units:
                units = currency
            else:
                return None
            begin += 1
        token = self._token(begin)
        if token is None:
            return None
        if len(signs) > 1:
            raise ValueError("it has two signs")
        plain = self._plain(token.text)
        end = begin + 1
        vulgar = self._token(end)
        if vulgar is not None and vulgar.text in _VULGAR and "." not in str(plain):
            plain, end = _EXACT.add(plain, _decimal(_VULGAR[vulgar.text])), end + 1
        plain, power, end = self._scaled(plain, end)
        if signs and signs[0] in _MINUS:
            plain = plain.copy_negate()
        amount = _Amount(plain, power, units, digits=token.text, scaled=end > begin + 1)
        return amount, end

    def _cardinal(self, at: int) -> tuple[_Amount, int] | None:
        number = self._word_value(at)
        if number is None:
            return None
        value, end = number
        plain, power, after = self._scaled(Decimal(value), end)
        if self._word(at) in self.language.uncertain and end == at + 1 and after == end:
            # "năm người", "one user", but not "năm" (year) or "a user".
            counted = self._match(self.language.units, end) is not None
            if not counted or self._word(at) in ("a", "an"):
                return None
        return _Amount(plain, power, spelled=True, scaled=after > end), after

    def _plain(self, digits: str) -> Decimal:
        language = self.language
        if not re.fullmatch(language.digits, digits):
            raise ValueError(f"expected {language.expected}, found {digits!r}")
        text = digits.replace(language.thousands, "").replace(" ", "")
        return Decimal(text.replace(language.decimal, "."))

    def _scaled(self, plain: Decimal, at: int) -> tuple[Decimal, int, int]:
        """A number with the words of scale behind it, and with what they leave to be added."""
        language = self.language
        powers, at = self._scales(at, language.scales)
        power = sum(powers.values())
        if self._half(at) and plain == plain.to_integral_value():
            # "một triệu rưỡi", "two and a half million".
            at += len(language.half_more)
            plain = _EXACT.add(plain, Decimal("0.5"))
            if not powers:
                powers, at = self._scales(at, language.scales)
                power = sum(powers.values())
            return plain, power, at
        while powers:
            more = self._more(plain, power, at)
            if more is None:
                return plain, power, at
            added, at = more
            total = _EXACT.add(shift(plain, power), added)
            power = int(added.as_tuple().exponent)
            plain = shift(total, -power)
        return plain, power, at

    def _more(self, plain: Decimal, power: int, at: int) -> tuple[Decimal, int] | None:
        """The lower part of a compound number: "1 tỷ 230 triệu"."""
        token = self._token(at)
        if token is None or plain != plain.to_integral_value():
            return None
        if token.kind == "number":
            number, end = self._plain(token.text), at + 1
        else:
            words = self._word_value(at)
            if words is None:
                return None
            number, end = Decimal(words[0]), words[1]
        powers, after = self._scales(end, self.language.scales)
        added = shift(number, sum(powers.values()))
        if not powers or added >= shift(Decimal(1), power):
            return None
        return added, after

    def _half(self, at: int) -> bool:
        words = self.language.half_more
        return tuple(self._words(at, len(words))) == words

    def _half_of_unit(self, low: _Amount, high: _Amount, at: int) -> tuple[Decimal | None, int]:
        """A half that follows the unit: "2 năm rưỡi"."""
        fits = low == high and not low.scaled and not low.share
        if not fits or len(self.language.half_more) != 1 or not self._half(at):
            return None, at
        if low.plain != low.plain.to_integral_value():
            return None, at
        return _EXACT.add(low.plain, Decimal("0.5")), at + 1

    def _word_value(self, at: int) -> tuple[int, int] | None:
        """A number up to 99 written in words."""
        language = self.language
        value = language.cardinals.get(self._word(at))
        if value is None:
            return None
        at += 1
        if language.tens:
            if value != 10 and self._word(at) == language.tens:
                value, at = value * 10, at + 1
            if value >= 10:
                digit = {**language.cardinals, "mốt": 1, "lăm": 5, "tư": 4}.get(self._word(at))
                if digit is not None and digit < 10 and self._word(at) != "năm":
                    return value + digit, at + 1
            return value, at
        digit = language.cardinals.get(self._word(at))
        if value >= 20 and digit is not None and digit < 10 and self._word(at) not in ("a", "an"):
            return value + digit, at + 1
        return value, at

    def _scales(
        self, at: int, scales: Mapping[str, int], *, linked: bool = False
    ) -> tuple[dict[str, int], int]:
        """Words of scale: "nghìn tỷ" multiplies, "tỷ nghìn" fails."""
        powers: dict[str, int] = {}
        while True:
            place = at + (linked and bool(powers) and self._word(at) == "of")
            word = self._word(place)
            if word not in scales:
                return powers, at
            if powers and scales[word] <= max(powers.values()):
                raise ValueError(f"{word!r} cannot follow {list(powers)[-1]!r}")
            powers[word] = scales[word]
            at = place + 1

    def _unit(self, amount: _Amount, at: int) -> tuple[Units, int]:
        """The unit behind a number; that before it, or that of its words, counts as well."""
        found = self._match(self.language.units, at)
        if found is None:
            return amount.units, at
        units, end = found
        if not amount.units:
            return units, end
        return (amount.units & units, end) if amount.units & units else (amount.units, at)

    def _per(self, at: int) -> tuple[tuple[Fraction, Units] | None, int]:
        """What something is counted for: "per million tokens", "cho một triệu token"."""
        language = self.language
        found = self._match(dict.fromkeys(language.per_any, ""), at)
        if found is not None:
            number = self._amount(found[1])
            value, end = (number[0].value, number[1]) if number else (Decimal(1), found[1])
            if number is None:
                powers, end = self._scales(end, language.scales)
                value = shift(value, sum(powers.values()))
            # A word may describe what is counted: "per million output tokens".
            units = (self._match(language.units, end), self._match(language.units, end + 1))
            unit = units[0] or (units[1] if self._word(end).isalpha() else None)
            if unit is not None:
                return (Fraction(value), unit[0]), unit[1]
            plain = self._token(found[1])
            if plain is None or plain.kind == "number" or found[1] == at:
                return None, at
            return (Fraction(1), frozenset()), found[1] + 1
        found = self._match(dict.fromkeys(language.per, ""), at)
        if found is None:
            return None, at
        powers, end = self._scales(found[1], language.scales)
        unit = self._match(language.units, end)
        if unit is None:
            return None, at
        return (Fraction(shift(Decimal(1), sum(powers.values()))), unit[0]), unit[1]

    def _refuse_two_numbers(self, amount: _Amount, units: Units, end: int) -> None:
        """Refuse digits that writers of two habits mean differently: "1,087%" in Vietnamese.

        With a word of scale behind it, or with nothing, the language's own habit is followed.
        """
        language = self.language
        following = self._token(end)
        noun = bool(units) or (self.running and following is not None and following.kind == "word")
        if language.decimal != "," or amount.scaled or not noun:
            return
        marks = ".," if units & {PERCENT, POINT} else ","
        if re.fullmatch(rf"[1-9][0-9]{{0,2}}[{marks}][0-9]{{3}}", amount.digits):
            whole, decimal = (re.sub("[.,]", mark, amount.digits) for mark in ("", "."))
            raise ValueError(f"{amount.digits!r} can be {whole} and {decimal}")

    # Words at a place

    def _token(self, at: int) -> _Token | None:
        return self.tokens[at] if 0 <= at < len(self.tokens) else None

    def _word(self, at: int) -> str:
        token = self._token(at)
        return "" if token is None or token.kind == "number" else token.text

    def _words(self, at: int, count: int) -> Sequence[str]:
        return [token.text for token in self.tokens[at : at + count]]

    def _match(self, phrases: Mapping[Words, T], at: int) -> tuple[T, int] | None:
        """The longest of the phrases that stands at a place, and where it ends."""
        longest = max(map(len, phrases), default=0)
        for length in range(min(longest, len(self.tokens) - at), 0, -1):
            words = tuple(self._words(at, length))
            if words in phrases:
                return phrases[words], at + length
        return None

    def _text(self, start: int, end: int | None) -> str:
        return " ".join(token.text for token in self.tokens[start:end])


def shift(value: Decimal, power: int) -> Decimal:
    """Multiply by a power of ten, keeping all written digits."""
    # Not scaleb(), which rounds to the precision of the context.
    sign, digits, exponent = value.as_tuple()
    return Decimal((sign, digits, int(exponent) + power))


def _decimal(share: Fraction) -> Decimal:
    return _LONG.divide(Decimal(share.numerator), Decimal(share.denominator))


def _ends_never(share: Fraction) -> bool:
    """Whether a fraction has no end as a decimal."""
    rest = share.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest != 1


def _tokens(text: str, language: Language, *, running: bool) -> Iterator[_Token]:
    text = " ".join(unicodedata.normalize("NFC", text).split())
    text = re.sub("[“”„\"'‘’`*_]", "", text)
    if language.fold:  # English: "two-thirds", "10-fold", "five-year"
        text = re.sub(r"(?<=[^\W_])-(?=[^\W\d_])", " ", text)
    digits = _DIGITS_IN_TEXT[language.name] if running else _DIGITS
    at = 0
    first = True
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        number = digits.match(text, at) if "0" <= text[at] <= "9" else None
        if number:
            yield _Token(number.group(), "number")
            at = number.end()
        elif word := _WORD.match(text, at):
            written = text[at : word.end()]
            named = any(map(str.isdigit, written)) or (not first and written[:1].isupper())
            yield _Token(written.casefold(), "word", name=named)
            at = word.end()
        else:
            yield _Token(text[at].casefold(), "sign")
            at += 1
        first = False
