"""Agreement, negation and tense of French sentences, each with a score of its own, whatever else is right or wrong.

The forms of the lexicon's words come from pyrealb. A sentence is read word by word: nothing is parsed, so all of it
holds for the sentences of lesson 15 and what a translator makes of them, and not for French at large.
"""

from __future__ import annotations

import contextlib
import io
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from lstm_lib.datasets import bilingual_lexicon as lexicon
from lstm_lib.datasets.bilingual_grammar import FUTURE, PAST, PRESENT, spelt

BEFORE = (*lexicon.BEFORE, *lexicon.BEFORE_BEINGS, *lexicon.BEFORE_THINGS)
BEHIND = (*lexicon.BEHIND, *lexicon.BEHIND_BEINGS, *lexicon.BEHIND_THINGS)
NOUNS = (*lexicon.BEINGS, *lexicon.THINGS)
VERBS = tuple(
    dict.fromkeys(
        (*lexicon.TRANSITIVE, *lexicon.GIVING, *lexicon.INTRANSITIVE, *lexicon.MOTION, *lexicon.SAYING)
    )
)
#: Nouns that are masculine or feminine as they stand. (pyrealb marks *chat* so, too, because of *chatte*.)
BOTH = {"enfant", "juge", "capitaine", "professeur"}
#: A second masculine form, before a vowel.
BEFORE_VOWEL = {"beau": "bel", "vieux": "vieil", "nouveau": "nouvel"}
_BEFORE = {word.fr for word in BEFORE}
_OF_MOTION = {word.fr for word in lexicon.MOTION}
_PERSONS = ((1, "s"), (3, "s"), (1, "p"), (3, "p"))
SINGULAR = {"le", "la", "l'", "un", "une", "mon", "ma", "notre", "ce", "cet", "cette", "au"}
PLURAL = {"les", "des", "mes", "nos", "ces", "aux"}


class NounForm(NamedTuple):
    """A form of a noun: its lemma, gender ("m", "f", or "mf" for *enfant*), and numbers ("s", "p", or "sp")."""

    lemma: str
    gender: str
    numbers: str


class Forms(NamedTuple):
    """What a French word may be.

    Attributes:
        adjectives, participles: form -> lemma.
        fits: form of those -> the genders and numbers that it stands for, such as {"ms", "mp"} of *gris*.
        finite: form of a verb -> (lemma, tense).
        have: avoir in the present. be: form of être -> tense.
        third: form of a verb, être and avoir too -> the numbers of which it is the third person.
        nouns: form -> what it is.
    """

    adjectives: dict[str, str]
    participles: dict[str, str]
    fits: dict[str, set[str]]
    finite: dict[str, tuple[str, str]]
    have: frozenset[str]
    be: dict[str, str]
    third: dict[str, set[str]]
    nouns: dict[str, NounForm]


@cache
def forms() -> Forms:
    """Return the forms of the lexicon's words, as pyrealb makes them; it takes a fraction of a second."""
    import pyrealb

    pyrealb.loadFr()
    fits: dict[str, set[str]] = {}
    third: dict[str, set[str]] = {}
    tenses = {PRESENT: "p", FUTURE: "f"}

    def finite(verb: str, tense: str) -> list[str]:
        made = {
            (person, number): spelt(str(pyrealb.V(verb).t(tense).pe(person).n(number).realize()))
            for person, number in _PERSONS
        }
        for number in "sp":
            third.setdefault(made[3, number], set()).add(number)
        return list(made.values())

    def past(verb: str) -> Any:
        return pyrealb.V(verb).t("pp")

    def four(word: Callable[[], Any]) -> list[str]:
        made = {g + n: str(word().g(g).n(n).realize()) for n in "sp" for g in "mf"}
        for which, form in made.items():
            fits.setdefault(form, set()).add(which)
        return [form for form in made.values() if "[[" not in form]  # some participles have no feminine

    with contextlib.redirect_stderr(io.StringIO()):  # and pyrealb says so
        adjective = {form: w.fr for w in (*BEFORE, *BEHIND) for form in four(partial(pyrealb.A, w.fr))}
        participle = {form: w.fr for w in VERBS for form in four(partial(past, w.fr))}
        finites = {
            form: (w.fr, t) for w in VERBS for t, name in tenses.items() for form in finite(w.fr, name)
        }
        have = frozenset(finite("avoir", "p"))
        be = {form: t for t, name in tenses.items() for form in finite("être", name)}
    for lemma, form in BEFORE_VOWEL.items():
        adjective[form], fits[form] = lemma, {"ms"}
    nouns: dict[str, NounForm] = {}
    for w in NOUNS:
        plural, gender = str(pyrealb.N(w.fr).n("p").realize()), str(pyrealb.N(w.fr).getProp("g"))
        for form, number in ((w.fr, "s"), (plural, "p")):
            numbers = "sp" if plural == w.fr else number
            nouns[form] = NounForm(w.fr, "mf" if w.fr in BOTH else "m" if gender == "x" else gender, numbers)
    return Forms(adjective, participle, fits, finites, have, be, third, nouns)


def is_noun(words: Sequence[str], k: int) -> bool:
    """Tell whether word k is a noun: *la porte* has an article or an adjective before it, *il porte* has not."""
    known = forms()
    if words[k] not in known.nouns:
        return False
    if words[k] not in known.finite:
        return True
    numbers, before = known.nouns[words[k]].numbers, words[k - 1] if k else ""
    return (
        ("s" in numbers and before in SINGULAR)
        or ("p" in numbers and before in PLURAL)
        or known.adjectives.get(before) in _BEFORE
    )


def next_word(words: Sequence[str], k: int) -> int:
    """Return the place of the next word that is neither *pas* nor a pronoun behind a hyphen."""
    while k < len(words) and (words[k] == "pas" or words[k].startswith("-")):
        k += 1
    return k


def is_follow(words: Sequence[str], k: int) -> bool:
    """Tell whether word k is *suis* of *suivre*: that of *être* has a participle or an adjective behind it."""
    behind = next_word(words, k + 1)
    then = words[behind] if behind < len(words) else ""
    return words[k] == "suis" and then not in forms().participles and then not in forms().adjectives


def verbs(words: Sequence[str]) -> list[tuple[str, str]]:
    """Return the verbs of a French sentence as (lemma, tense): *la souris a été vue* gives (voir, past)."""
    return [(lemma, tense) for lemma, tense, _ in _read(words)]


def adjectives(words: Sequence[str]) -> list[tuple[str, str]]:
    """Return the adjectives of a French sentence as (lemma, form)."""
    return [(forms().adjectives[word], word) for word in words if word in forms().adjectives]


def participles(words: Sequence[str]) -> list[tuple[str, str]]:
    """Return the participles behind *être*, which agree with the subject, as (lemma, form)."""
    return [(lemma, form) for lemma, _, form in _read(words) if form]


def _read(words: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return (lemma, tense, participle) of each verb; no participle where there is none, or where it is fixed."""
    known, found, k = forms(), [], 0
    while k < len(words):
        word, behind = words[k], next_word(words, k + 1)
        then = words[behind] if behind < len(words) else ""
        if is_follow(words, k):
            found.append(("suivre", PRESENT, ""))
        elif word in known.be and then in known.participles:
            lemma, tense = known.participles[then], known.be[word]
            if lemma in _OF_MOTION:
                tense = PAST if tense == PRESENT else "another"
            found.append((lemma, tense, then))
            k = behind
        elif word in known.be:
            found.append(("être", known.be[word], ""))
        elif word in known.have:
            been = then == "été"
            behind = next_word(words, behind + 1) if been else behind
            then = words[behind] if behind < len(words) else ""
            if then in known.participles:
                found.append((known.participles[then], PAST, then if been else ""))
                k = behind
            else:
                found.append(("être", PAST, "") if been else ("avoir", PRESENT, ""))
        elif word in known.finite and not is_noun(words, k):
            found.append((*known.finite[word], ""))
        k += 1
    return found


def negations(words: Sequence[str]) -> tuple[int, int]:
    """Return how many times *ne* (or *n'*) is followed by its *pas*, and how many of the two stand alone."""
    pairs = alone = 0
    waiting = False
    for word in words:
        if word in ("ne", "n'"):
            alone += waiting
            waiting = True
        elif word == "pas":
            pairs += waiting
            alone += not waiting
            waiting = False
    return pairs, alone + waiting


class Kept(NamedTuple):
    """Of what the right sentences hold: so much was said rightly, so much in a wrong form, and so much is missing."""

    right: int
    wrong: int
    missing: int

    @property
    def answers(self) -> list[bool]:
        """Return a truth for each, for ``part_right``."""
        return [True] * self.right + [False] * (self.wrong + self.missing)


def kept(right: Sequence[tuple[str, str]], said: Sequence[tuple[str, str]]) -> Kept:
    """Count which (lemma, form) of a right sentence are in what was said, as often as there, in any place."""
    wanted, there = Counter(right), Counter(said)
    same = wanted & there
    lemmas = [Counter(lemma for lemma, _ in (side - same).elements()) for side in (wanted, there)]
    wrong = (lemmas[0] & lemmas[1]).total()
    return Kept(same.total(), wrong, lemmas[0].total() - wrong)


def phenomena(said: Sequence[Sequence[str]], right: Sequence[Sequence[str]]) -> dict[str, Kept]:
    """Score sentences by phenomenon; a wrong noun elsewhere counts against none of them.

    Words are compared wherever they stand: an adjective in its right form counts beside a wrong noun, too.

    Args:
        said: the words of what was said, one sequence a sentence.
        right: those of the right sentences, as many.

    Returns:
        adjectives, participles: those of the right sentences, of participles only the ones behind *être*. Right is the
            lemma in the same form, wrong the lemma in another.
        agreement: the two together.
        tense: their verbs. Right is the lemma in the same tense, wrong the lemma in another.
        negation: the sentences with a negation. Right is as many *ne … pas* as there and no half of one, missing is
            none at all, wrong all else.
        no negation: the sentences without. Right is none, wrong is all else.

    Raises:
        TypeError: a sentence is one text instead of its words.
        ValueError: there are not as many sentences on both sides, or none.
    """
    if len(said) != len(right) or not len(right):
        raise ValueError(
            f"said and right must have as many sentences, at least one, got {len(said)} and {len(right)}"
        )
    if one := next((s for s in (*said, *right) if isinstance(s, str)), None):
        raise TypeError(
            f"a sentence must be a sequence of words, got one text, {one!r:.40}: use words_of(text)"
        )
    names = ("agreement", "adjectives", "participles", "tense", "negation", "no negation")
    found = {name: Kept(0, 0, 0) for name in names}

    def add(name: str, more: Kept) -> None:
        found[name] = Kept(*(a + b for a, b in zip(found[name], more, strict=True)))

    for ours, theirs in zip(said, right, strict=True):
        for name, read in (("adjectives", adjectives), ("participles", participles)):
            add(name, kept(read(theirs), read(ours)))
            add("agreement", kept(read(theirs), read(ours)))
        add("tense", kept(verbs(theirs), verbs(ours)))
        got, wanted = negations(ours), negations(theirs)
        name = "negation" if wanted[0] else "no negation"
        missing = bool(wanted[0]) and got == (0, 0)
        add(name, Kept(int(got == wanted), int(got != wanted and not missing), int(missing)))
    return found
