"""One abstract sentence, said in English and in French: a plan is drawn at random, and pyrealb realises it twice.

    sentence   clause | clause JOIN clause | SUBJECT SAYS that clause
    clause     SUBJECT verb phrase; past, present or future; affirmed, negated or asked; active or passive
    verb phrase
               TRANSITIVE object | TRANSITIVE them | INTRANSITIVE | MOTION | GIVING object to BEING | is ADJECTIVE
               with an adverb, or a place, now and then
    noun phrase
               DETERMINER (ADJECTIVE) NOUN (who INTRANSITIVE | who TRANSITIVE object)

Some of what has two right translations, and what pyrealb does not say as people do, is not drawn: *it* and *you*;
*them* in the past (the participle would need a gender); *a* behind a negation (pas de); *des* before an adjective; a
plural without an article as a subject, or behind a verb of liking (all of them, *les*, or some, *des*?); *I* in a
question; *to be* and verbs of liking in the past (no passé composé), or these in a passive (*par* or *de*?); *is new*
(nouveau or neuf?); *they* where a plural stands before (ils or elles?); *and* or *but* behind *that* (is *que* said
again?). Of the rest one is always taken: passé composé and not imparfait; *ils*; the masculine of *I*, *we* and *they*.

pyrealb is by Guy Lapalme (MIT; its lexicons CC BY 4.0): "Realizing universal dependencies structures using a symbolic
approach", and https://github.com/lapalme/pyrealb.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from lstm_lib.datasets import bilingual_lexicon as lexicon
from lstm_lib.datasets.bilingual_lexicon import Word

PAST, PRESENT, FUTURE = "past", "present", "future"
TENSES = {"en": {PAST: "ps", PRESENT: "p", FUTURE: "f"}, "fr": {PAST: "pc", PRESENT: "p", FUTURE: "f"}}
DETERMINERS = {
    "the": ("the", "le"), "a": ("a", "un"), "my": ("my", "mon"), "our": ("our", "notre"), "this": ("this", "ce"),
}  # fmt: skip
PRONOUNS = {
    "I": (1, "s", "m"),
    "he": (3, "s", "m"),
    "she": (3, "s", "f"),
    "we": (1, "p", "m"),
    "they": (3, "p", "m"),
}
BEFORE = lexicon.BEFORE + lexicon.BEFORE_BEINGS + lexicon.BEFORE_THINGS
#: Where pyrealb has put the adverb of another clause: "will not today come because …".
_MISPLACED = re.compile(
    rf"\b(will|did|does|do|not|is|are|was|were|am) ({'|'.join(word.en for word in lexicon.ADVERBS + lexicon.TIMES)})\b"
)
JOINS = (Word("because", "parce que"), Word("and", "et"), Word("but", "mais"))


@dataclass(frozen=True)
class Noun:
    """A noun phrase: determiner, adjective, noun, number, and what the relative clause says (a verb, its object)."""

    word: Word
    determiner: str = "the"
    adjective: Word | None = None
    plural: bool = False
    relative: tuple[Word, Noun | None] | None = None


@dataclass(frozen=True)
class Clause:
    """A subject and what it does.

    Attributes:
        subject: a noun phrase, or one of PRONOUNS.
        verb: None for *to be*, with ``adjective``.
        them: whether the object is *them*.
        place: a place word and where.
        mood: "" (affirmed), "negation" or "question".
    """

    subject: Noun | str
    verb: Word | None
    object: Noun | None = None
    receiver: Noun | None = None
    them: bool = False
    adjective: Word | None = None
    tense: str = PRESENT
    mood: str = ""
    passive: bool = False
    adverb: Word | None = None
    place: tuple[Word, Noun] | None = None


@dataclass(frozen=True)
class Plan:
    """A whole sentence: clauses, what joins them, and who says it."""

    clauses: tuple[Clause, ...]
    join: Word | None = None
    said_by: tuple[Noun | str, Word, str] | None = None  # who, the verb, its tense
    marks: frozenset[str] = field(default=frozenset(), compare=False)


# --- to draw -------------------------------------------------------------------------------------------------


class Drawer:
    """Draws plans. ``forbidden`` holds pairs (adjective, noun) and (verb, noun), in English, that must not occur."""

    def __init__(self, rng: np.random.Generator, forbidden: frozenset[tuple[str, str]] = frozenset()) -> None:
        """Keep the generator and the pairs."""
        self.rng, self.forbidden = rng, forbidden | lexicon.NEVER

    def one(self, words: Sequence[Any]) -> Any:
        """Return one of several, all equally likely."""
        return words[int(self.rng.integers(len(words)))]

    def chance(self, p: float) -> bool:
        """Return true with probability p."""
        return bool(self.rng.random() < p)

    def noun(
        self, words: Sequence[Word], *, definite: bool = False, relative: float = 0.0, rich: float = 0.55
    ) -> Noun:
        """Return a noun phrase; with ``definite``, none with *a*."""
        word, plural = self.one(words), self.chance(0.35)
        adjective = self.adjective(word) if self.chance(rich) else None
        kinds = (
            ["the", "the", "the", "my", "our", "this"]
            if definite
            else ["the", "the", "the", "a", "a", "my", "our", "this"]
        )
        determiner = self.one(kinds)
        if determiner == "a" and plural and adjective in BEFORE:
            determiner = "the"  # de petites souris: a rule that pyrealb does not keep
        clause: tuple[Word, Noun | None] | None = None
        if self.chance(relative):
            if self.chance(0.4):
                clause = self.one(lexicon.INTRANSITIVE), None
            else:
                verb = self.one(lexicon.TRANSITIVE)
                clause = verb, _liked(verb, self.noun(lexicon.THINGS, rich=0.3))
        return Noun(word, determiner, adjective, plural, clause)

    def adjective(self, noun: Word) -> Word:
        """Return an adjective that a noun may have."""
        being = noun in lexicon.BEINGS
        before = lexicon.BEFORE + (lexicon.BEFORE_BEINGS if being else lexicon.BEFORE_THINGS)
        behind = lexicon.BEHIND + (lexicon.BEHIND_BEINGS if being else lexicon.BEHIND_THINGS)
        word: Word = self.one(before if self.chance(0.4) else behind)
        return word

    def clause(self, *, question: bool = False, relative: float = 0.12, mood: bool = True) -> Clause:
        """Return a clause; only a whole sentence may be a question."""
        kind = self.rng.choice(
            ["transitive", "them", "passive", "intransitive", "motion", "giving", "being"],
            p=[0.38, 0.07, 0.11, 0.13, 0.10, 0.09, 0.12],
        )
        way = ""
        if mood:
            way = str(
                self.rng.choice(
                    ["", "negation", "question"], p=[0.68, 0.22, 0.10] if question else [0.78, 0.22, 0.0]
                )
            )
        tense = str(self.rng.choice([PAST, PRESENT, FUTURE], p=[0.42, 0.36, 0.22]))
        if kind in ("them", "being") and tense == PAST:
            tense = PRESENT  # them: the participle would need a gender; to be: a state of the past is no passé composé
        definite = way == "negation"
        subject: Noun | str = _all_or_some(self.noun(lexicon.BEINGS, relative=relative))
        if self.chance(0.22) and kind != "passive":
            subject = self.one(("he", "she", "we", "they") if way == "question" else tuple(PRONOUNS))
        time = lexicon.TIMES[[PAST, PRESENT, FUTURE].index(tense)]
        adverb = self.one((*(lexicon.ADVERBS if kind == "intransitive" else lexicon.ADVERBS[2:]), time))
        adverb = adverb if kind in ("intransitive", "motion", "transitive") and self.chance(0.22) else None
        if (tense, way) == (FUTURE, "negation"):
            adverb = None  # pyrealb would put it between "not" and the verb
        place = None
        if kind in ("intransitive", "transitive") and adverb is None and self.chance(0.25):
            word = self.one(lexicon.PLACE_WORDS)
            place = (
                word,
                self.noun(lexicon.BEINGS if word.en == "with" else lexicon.PLACES, definite=True, rich=0.3),
            )
        match kind:
            case "transitive":
                wanted = self.noun(
                    self.one((lexicon.THINGS, lexicon.THINGS, lexicon.BEINGS)), definite=definite
                )
                verb = self.one(lexicon.ACTING if tense == PAST else lexicon.TRANSITIVE)
                return Clause(
                    subject,
                    verb,
                    _liked(verb, wanted),
                    tense=tense,
                    mood=way,
                    adverb=adverb,
                    place=place,
                )
            case "them":
                return Clause(subject, self.one(lexicon.TRANSITIVE), them=True, tense=tense, mood=way)
            case "passive":
                wanted = self.noun(lexicon.THINGS, definite=True)
                return Clause(subject, self.one(lexicon.ACTING), wanted, tense=tense, mood=way, passive=True)
            case "intransitive":
                return Clause(
                    subject, self.one(lexicon.INTRANSITIVE), tense=tense, mood=way, adverb=adverb, place=place
                )
            case "motion":
                return Clause(subject, self.one(lexicon.MOTION), tense=tense, mood=way, adverb=adverb)
            case "giving":
                wanted, receiver = (
                    self.noun(lexicon.THINGS, definite=definite),
                    self.noun(lexicon.BEINGS, rich=0.3),
                )
                return Clause(subject, self.one(lexicon.GIVING), wanted, receiver, tense=tense, mood=way)
        thing = self.noun(self.one((lexicon.BEINGS, lexicon.THINGS)), definite=True, rich=0.3)
        who = subject if isinstance(subject, str) else thing
        adjective = self.adjective(thing.word if isinstance(who, Noun) else lexicon.BEINGS[0])
        return Clause(who, None, adjective=adjective, tense=tense, mood=way)

    def plan(self) -> Plan:
        """Return a sentence in which no forbidden pair occurs."""
        while True:
            form = str(self.rng.choice(["one", "two", "said", "said two"], p=[0.62, 0.17, 0.14, 0.07]))
            if form == "one":
                found = Plan((self.clause(question=True, relative=0.18),))
            else:
                clauses = tuple(self.clause(relative=0.06) for _ in range(2 if "two" in form else 1))
                join = (JOINS[0] if "said" in form else self.one(JOINS)) if "two" in form else None
                said = None
                if "said" in form:
                    who: Noun | str = (
                        self.one(tuple(PRONOUNS))
                        if self.chance(0.3)
                        else _all_or_some(self.noun(lexicon.BEINGS, rich=0.3))
                    )
                    said = who, self.one(lexicon.SAYING), PRESENT
                found = Plan(clauses, join, said)
            if not pairs(found) & self.forbidden and not _unclear(found):
                return Plan(found.clauses, found.join, found.said_by, _marks(found))


def _unclear(plan: Plan) -> bool:
    """Tell whether something has two right translations: *they* behind a plural, or *is new*."""
    before = plan.said_by is not None and any(phrase.plural for phrase in _within(plan.said_by[0]))
    for clause in plan.clauses:
        if (clause.subject == "they" and before) or (clause.adjective and clause.adjective.en == "new"):
            return True
        before = before or any(phrase.plural for phrase in nouns(Plan((clause,))))
    return False


def _within(phrase: Noun | str | None) -> list[Noun]:
    """Return a noun phrase and that of its relative clause; nothing of a pronoun."""
    if not isinstance(phrase, Noun):
        return []
    return [phrase, *(_within(phrase.relative[1]) if phrase.relative else [])]


def _all_or_some(phrase: Noun) -> Noun:
    """Return a noun phrase with *the* where it would be a plural without an article."""
    return replace(phrase, determiner="the") if phrase.determiner == "a" and phrase.plural else phrase


def _liked(verb: Word, phrase: Noun) -> Noun:
    """Return the object of a verb."""
    return _all_or_some(phrase) if verb in lexicon.LIKING else phrase


def nouns(plan: Plan) -> list[Noun]:
    """Return all noun phrases of a plan, those of relative clauses too."""
    phrases: list[Noun | str | None] = []
    for clause in plan.clauses:
        place = clause.place[1] if clause.place else None
        phrases += [clause.subject, clause.object, clause.receiver, place]
    if plan.said_by:
        phrases.append(plan.said_by[0])
    return [found for phrase in phrases for found in _within(phrase)]


def pairs(plan: Plan) -> set[tuple[str, str]]:
    """Return the pairs adjective and noun, verb and object of a plan, in English."""
    phrases = nouns(plan)
    found = {(p.adjective.en, p.word.en) for p in phrases if p.adjective}
    found |= {(p.relative[0].en, p.relative[1].word.en) for p in phrases if p.relative and p.relative[1]}
    for clause in plan.clauses:
        if clause.verb and clause.object:
            found.add((clause.verb.en, clause.object.word.en))
        if clause.adjective and isinstance(clause.subject, Noun):
            found.add((clause.adjective.en, clause.subject.word.en))
    return found


def _marks(plan: Plan) -> frozenset[str]:
    """Return the phenomena of a plan, for scores of their own."""
    marks: set[str] = set()
    for clause in plan.clauses:
        marks.add({"": "affirmed"}.get(clause.mood, clause.mood))
        marks.add(
            {PAST: "past with être" if clause.verb in lexicon.MOTION else "past with avoir"}.get(
                clause.tense, clause.tense
            )
        )
        marks |= {"passive"} if clause.passive else set()
        marks |= {"object them"} if clause.them else set()
    for phrase in nouns(plan):
        if phrase.adjective:
            marks.add("adjective before" if phrase.adjective in BEFORE else "adjective after")
        marks |= {"relative clause"} if phrase.relative else set()
    marks |= {"subordinate clause"} if plan.said_by or (plan.join and plan.join.en == "because") else set()
    return frozenset(marks - {"affirmed", "present"})


# --- to say --------------------------------------------------------------------------------------------------


class Unsaid(ValueError):
    """pyrealb could not say a plan without an error."""


def realise(plan: Plan, language: str) -> str:
    """Return a plan as a sentence, in "en" or "fr".

    Raises:
        ValueError: there is no such language.
        Unsaid: pyrealb has complained, or a word is missing or stands in the wrong clause.
    """
    import pyrealb

    if language not in ("en", "fr"):
        raise ValueError(f"language must be 'en' or 'fr', got {language!r}")
    (pyrealb.loadEn if language == "en" else pyrealb.loadFr)()
    complaints = io.StringIO()
    with contextlib.redirect_stderr(complaints):
        parts = [_clause(clause, language) for clause in plan.clauses]
        sentence = parts[0]
        if plan.join:
            word = plan.join.en if language == "en" else plan.join.fr
            if plan.join.en in ("and", "but"):
                sentence = pyrealb.SP(parts[0], pyrealb.C(word), parts[1])
            else:
                sentence.add(pyrealb.SP(pyrealb.C(word), parts[1]))
        if plan.said_by:
            who, verb, tense = plan.said_by
            that = pyrealb.SP(pyrealb.C("that" if language == "en" else "que"), sentence)
            sentence = pyrealb.S(_phrase(who, language), pyrealb.VP(_verb(verb, tense, language), that))
        text = str(pyrealb.S(sentence).realize() if plan.join or plan.said_by else sentence.realize())
    text = " ".join(text.split())
    if complaints.getvalue() or "[[" in text or not text or (language == "en" and _MISPLACED.search(text)):
        raise Unsaid(f"plan cannot be said in {language!r}: {text!r} {complaints.getvalue().strip()}")
    return _finish(text, language)


def _finish(text: str, language: str) -> str:
    text = text[0].upper() + text[1:]
    if text[-1] not in ".?":
        text += "."
    if language == "fr":
        text = re.sub("parce que (?=[aeiouéèê])", "parce qu'", spelt(text.replace(" ?", "?")))
    return text


def spelt(french: str) -> str:
    """Return French of pyrealb in one spelling, that of before 1990: it has *préférera* and *île*, but *protègera*."""
    return re.sub("(?<=[Pp]rot)èger", "éger", french)


def _word(word: Word, language: str) -> str:
    return word.en if language == "en" else word.fr


def _verb(word: Word, tense: str, language: str) -> Any:
    import pyrealb

    return pyrealb.V(_word(word, language)).t(TENSES[language][tense])


def _phrase(phrase: Noun | str, language: str) -> Any:
    import pyrealb

    if isinstance(phrase, str):
        person, number, gender = PRONOUNS[phrase]
        return pyrealb.Pro("I" if language == "en" else "je").pe(person).n(number).g(gender)
    determiner = DETERMINERS[phrase.determiner][language == "fr"]
    made = pyrealb.NP(
        _determiner(phrase.determiner, determiner, language), pyrealb.N(_word(phrase.word, language))
    )
    if phrase.adjective:
        made.add(pyrealb.A(_word(phrase.adjective, language)))
    made.n("p" if phrase.plural else "s")
    if phrase.relative:
        verb, wanted = phrase.relative
        inner = pyrealb.VP(_verb(verb, PRESENT, language))
        if wanted:
            inner.add(_phrase(wanted, language))
        made.add(pyrealb.SP(pyrealb.Pro("who" if language == "en" else "qui"), inner))
    return made


def _determiner(name: str, text: str, language: str) -> Any:
    import pyrealb

    if name == "our":
        return pyrealb.D("my").pe(1).ow("p") if language == "en" else pyrealb.D("notre").pe(1)
    if name == "my":
        return pyrealb.D("my").pe(1) if language == "en" else pyrealb.D("mon").pe(1)
    return pyrealb.D(text)


def _clause(clause: Clause, language: str) -> Any:
    import pyrealb

    if clause.verb is None:
        verb = pyrealb.V("be" if language == "en" else "être").t(TENSES[language][clause.tense])
        assert clause.adjective is not None
        inner = pyrealb.VP(verb, pyrealb.A(_word(clause.adjective, language)))
    else:
        inner = pyrealb.VP(_verb(clause.verb, clause.tense, language))
    if clause.object:
        inner.add(_phrase(clause.object, language))
    if clause.them:
        inner.add(_phrase(Noun(Word("cat", "chat"), plural=True), language).pro())
    if clause.receiver:
        inner.add(
            pyrealb.PP(pyrealb.P("to" if language == "en" else "à"), _phrase(clause.receiver, language))
        )
    if clause.adverb:
        inner.add(pyrealb.Adv(_word(clause.adverb, language)))
    if clause.place:
        word, where = clause.place
        inner.add(pyrealb.PP(pyrealb.P(_word(word, language)), _phrase(where, language)))
    made = pyrealb.S(_phrase(clause.subject, language), inner)
    types: dict[str, Any] = {"pas": True} if clause.passive else {}
    if clause.mood:
        types.update({"neg": True} if clause.mood == "negation" else {"int": "yon"})
    if types:
        made.typ(types)
    return made
