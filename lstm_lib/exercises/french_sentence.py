"""Whether a French sentence may be that of an English one, as far as the lexicon of lesson 15 can tell.

No French is understood here: words are looked up one by one, and what stands around a noun is compared with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from functools import cache
from typing import NamedTuple

from lstm_lib.datasets import bilingual_lexicon as lexicon
from lstm_lib.datasets.bilingual_grammar import FUTURE, PAST
from lstm_lib.experiments import phenomena
from lstm_lib.experiments.phenomena import BEFORE, BEHIND, NOUNS, PLURAL, SINGULAR, VERBS, forms, is_noun

_SMALL = (*lexicon.ADVERBS, *lexicon.TIMES, *lexicon.PLACE_WORDS)
_BEFORE_NOUN = {word.fr for word in BEFORE}
_BE = {"is", "am", "are", "be"}
_VOWELS = tuple("aeiouéèêîh")  # no word of the lesson begins with an aspirated h
#: Words that lose their last letter before a vowel or change it, and what they become.
_FULL = {"le", "la", "je", "ne", "que", "ce", "ma"}
_SHORT = {"l'", "j'", "n'", "qu'", "cet", "bel", "vieil", "nouvel"}
_MASCULINE, _FEMININE = {"le", "un", "ce", "cet", "au"}, {"la", "une", "ma", "cette"}
#: English words of a closed class, and French ones of which at least as many must be there.
_CLOSED: dict[tuple[str, ...], tuple[str, ...]] = {
    ("a", "an"): ("un", "une"), ("my",): ("mon", "ma", "mes"), ("our",): ("notre", "nos"),
    ("this",): ("ce", "cet", "cette"), ("these",): ("ces",), ("the",): ("le", "la", "l'", "les", "au", "aux"),
    ("i",): ("je", "j'"), ("he",): ("il", "-il"), ("she",): ("elle", "-elle"), ("we",): ("nous", "-nous"),
    ("they",): ("ils", "elles", "-ils", "-elles"), ("them",): ("les",), ("and",): ("et",), ("but",): ("mais",),
    ("who",): ("qui",), ("because",): ("parce",), ("by",): ("par",), ("?",): ("?",),
}  # fmt: skip


class _English(NamedTuple):
    """What an English word may be: form -> French lemma; numbers of nouns; forms of verbs: past, or participles."""

    lemmas: dict[str, str]
    nouns: dict[str, str]
    adjectives: dict[str, str]
    numbers: dict[str, str]
    past: set[str]
    participles: set[str]


@cache
def _english() -> _English:
    import pyrealb

    pyrealb.loadEn()
    nouns = {str(pyrealb.N(w.en).n(number).realize()): w.fr for w in NOUNS for number in "sp"}
    adjectives = {w.en: w.fr for w in (*BEFORE, *BEHIND)}
    numbers = {str(pyrealb.N(w.en).n(number).realize()): number for w in NOUNS for number in "sp"}
    verbs = {
        t: {str(pyrealb.V(w.en).t(t).realize()): w.fr for w in VERBS}
        | {w.en: w.fr for w in VERBS if t == "p"}
        for t in ("p", "ps", "pp")
    }
    small = {w.en: w.fr for w in _SMALL}
    lemmas = verbs["p"] | verbs["ps"] | verbs["pp"] | nouns | adjectives | small
    return _English(lemmas, nouns, adjectives, numbers, set(verbs["ps"]), set(verbs["pp"]))


def fault(english: Sequence[str], french: Sequence[str]) -> str:
    """Return what is wrong with French words as a translation.

    That is "words", "tense", "order", "agreement", "number", "sounds", or "" if nothing was found. "" does not say that
    it is right. What is not looked at: verbs after a pronoun or *qui*, what agrees from afar, which article belongs to
    which noun, and the sense.
    """
    if not _same_words(english, french):
        return "words"
    if not _same_tenses(english, french):
        return "tense"
    if not _in_order(english, french):
        return "order"
    if not all(_agrees(french, k) for k in range(len(french)) if is_noun(french, k)):
        return "agreement"
    if not _same_numbers(english, french):
        return "number"
    return "" if all(_sounds_right(french, k) for k in range(len(french) - 1)) else "sounds"


def _lemma(french: Sequence[str], k: int) -> str:
    """Return the lemma of a noun, adjective, verb or small word; "" of all others, of être and avoir too."""
    known, word = forms(), french[k]
    if is_noun(french, k):
        return known.nouns[word].lemma
    if word in known.adjectives or word in known.participles:
        return known.adjectives.get(word) or known.participles[word]
    if phenomena.is_follow(french, k) or (word in known.finite and word not in known.be):
        return known.finite[word][0]
    if word == "hui":
        return "aujourd'hui"
    return word if word in {small.fr for small in _SMALL} else ""


def _same_words(english: Sequence[str], french: Sequence[str]) -> bool:
    """Tell whether each word of one side has its own on the other, and each *not* its *ne … pas*."""
    lemmas = _english().lemmas
    wanted = Counter(lemmas[word] for word in english if word in lemmas)
    there = Counter(lemma for k in range(len(french)) if (lemma := _lemma(french, k)))
    ours, theirs = Counter(english), Counter(french)
    closed = all(
        sum(ours[word] for word in en) <= sum(theirs[word] for word in fr) for en, fr in _CLOSED.items()
    )
    return wanted == there and closed and phenomena.negations(french) == (ours["not"], 0)


def _same_tenses(english: Sequence[str], french: Sequence[str]) -> bool:
    """Tell whether both sides speak of the past, or neither, and of the future."""
    known, there = _english(), {tense for _, tense in phenomena.verbs(french)}
    either = known.past & known.participles & set(english)  # "found": of the past, or "is found"
    past = bool({"did", "was", "were"} & set(english) or (known.past & set(english)) - either)
    past = past or bool(either and not (_BE | {"by"}) & set(english))
    if either and not past:
        past = PAST in there  # who knows
    return (past, "will" in english) == (PAST in there, FUTURE in there)


def _in_order(english: Sequence[str], french: Sequence[str]) -> bool:
    """Tell whether the nouns come in one order, each with its own adjectives, on the side where they belong."""
    known, adjectives = _english(), forms().adjectives
    ours, theirs = [], []
    for k in (k for k, word in enumerate(english) if word in known.nouns):
        row, stop = _row(english, k, -1, known.adjectives)
        row = row[:1] if stop >= 0 and english[stop] in _BE | {"not"} else row  # "is pretty and honest bears"
        ours.append((known.nouns[english[k]], sorted(known.adjectives[word] for word in row)))
    for k in (k for k in range(len(french)) if is_noun(french, k)):
        before, behind = ([adjectives[w] for w in _row(french, k, step, adjectives)[0]] for step in (-1, 1))
        if set(before) - _BEFORE_NOUN or set(behind) & _BEFORE_NOUN:
            return False
        theirs.append((forms().nouns[french[k]].lemma, sorted(before + behind)))
    return ours == theirs


def _same_numbers(english: Sequence[str], french: Sequence[str]) -> bool:
    """Tell whether each noun is one or many on both sides, where both can be told; the nouns are in one order."""
    known, numbers = forms().nouns, _english().numbers
    ours = [numbers[word] for word in english if word in _english().nouns]
    theirs = []
    for k in (k for k in range(len(french)) if is_noun(french, k)):
        start = _row(french, k, -1, forms().adjectives)[1]
        article = french[start] if start >= 0 else ""
        no_number = "p" if article in SINGULAR else "s" if article in PLURAL else ""
        theirs.append(set(known[french[k]].numbers) - {no_number})
    return all(one in other for one, other in zip(ours, theirs, strict=True))


def _sounds_right(french: Sequence[str], k: int) -> bool:
    """Tell whether words k and k + 1 may stand together: *l'arbre*, *mon île*, *vieil arbre*; not *à le*."""
    known, one, then = forms(), french[k], french[k + 1]
    vowel = then.startswith(_VOWELS)
    if one in _FULL or one in _SHORT:
        return vowel == (one in _SHORT)
    if one in ("beau", "vieux", "nouveau") and vowel:
        return not (is_noun(french, k + 1) and french[k - 1] not in PLURAL)
    if one == "mon" and not vowel:  # mon amie, but ma grande amie
        place = _row(french, k, 1, known.adjectives)[1]
        place = k + 1 if is_noun(french, k + 1) else place
        return place >= len(french) or not is_noun(french, place) or known.nouns[french[place]].gender != "f"
    return (one, then) not in (("à", "le"), ("à", "les"))


def _row(words: Sequence[str], k: int, step: int, adjectives: Container[str]) -> tuple[list[str], int]:
    """Return the adjectives that touch word k on one side, also behind an "and" or "et"; and the place after them."""
    found: list[str] = []
    k += step
    while 0 <= k < len(words):
        joined = step if found and words[k] in ("and", "et") and 0 <= k + step < len(words) else 0
        if words[k + joined] not in adjectives:
            break
        found.append(words[k + joined])
        k += joined + step
    return found, k


def _agrees(french: Sequence[str], k: int) -> bool:
    """Tell whether article, adjectives, the verb behind noun k and what être says of it fit one of its forms."""
    known = forms()
    noun = known.nouns[french[k]]
    (before, start), (behind, end) = (_row(french, k, step, known.adjectives) for step in (-1, 1))
    article = french[start] if start >= 0 else ""
    if start > 0 and french[start - 1] in ("et", "ou"):
        return True  # what follows may speak of two nouns
    if article not in SINGULAR | PLURAL:
        return False  # a French noun of the lesson has an article
    told, verb = [*before, *behind], ""
    end += end < len(french) and french[end] in ("ne", "n'")
    if end < len(french) and not {"qui", "que", "qu'"} & set(french[:k]):  # else the verb is another noun's
        verb = french[end]
    if verb in known.be:
        end = phenomena.next_word(french, end + 1)
        told += [word for word in french[end : end + 1] if word in known.fits]
    no_gender = "f" if article in _MASCULINE else "m" if article in _FEMININE else ""
    no_number = "p" if article in SINGULAR else "s" if article in PLURAL else ""
    genders = set(noun.gender) - {no_gender}
    numbers = (set(noun.numbers) & known.third.get(verb, {"s", "p"})) - {no_number}
    return any(all(g + n in known.fits[word] for word in told) for g in genders for n in numbers)
