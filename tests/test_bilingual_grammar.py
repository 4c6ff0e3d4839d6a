"""Sentences in two languages: what is drawn, what is never drawn, and two hundred that were read one by one."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from lstm_lib.datasets import bilingual_grammar as grammar
from lstm_lib.datasets import bilingual_lexicon as lexicon
from lstm_lib.datasets.bilingual_grammar import (
    FUTURE,
    PAST,
    PRESENT,
    Clause,
    Drawer,
    Noun,
    Plan,
    nouns,
    pairs,
    realise,
)
from lstm_lib.datasets.bilingual_lexicon import Word
from lstm_lib.datasets.translation import make_pairs

REVIEWED = Path(__file__).parent / "data" / "translation_review.tsv"
CAT, MOUSE, WOMAN = Word("cat", "chat"), Word("mouse", "souris"), Word("woman", "femme")
BLACK, SMALL, SEE = Word("black", "noir"), Word("small", "petit"), Word("see", "voir")


def both(*clauses, join=None, said_by=None):
    plan = Plan(clauses, join, said_by)
    return realise(plan, "en"), realise(plan, "fr")


def test_two_hundred_reviewed_pairs_come_again():
    """All of them were read, and are right: the recipe must still make them."""
    lines = [line.split("\t") for line in REVIEWED.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == len({tuple(line) for line in lines}) == 200
    assert [[pair.en, pair.fr] for pair in make_pairs("train", 200, seed=200)] == lines


def test_one_plan_is_said_in_both_languages():
    mouse = Noun(MOUSE, adjective=BLACK)
    assert both(Clause(Noun(CAT, plural=True), SEE, mouse, tense=PAST)) == (
        "The cats saw the black mouse.", "Les chats ont vu la souris noire.",
    )  # fmt: skip
    assert both(Clause(Noun(CAT), SEE, mouse, tense=PRESENT, mood="negation")) == (
        "The cat does not see the black mouse.", "Le chat ne voit pas la souris noire.",
    )  # fmt: skip
    assert both(Clause(Noun(WOMAN, adjective=SMALL), SEE, mouse, tense=FUTURE, mood="question")) == (
        "Will the small woman see the black mouse?", "La petite femme verra-t-elle la souris noire?",
    )  # fmt: skip
    assert both(Clause(Noun(WOMAN), SEE, Noun(MOUSE, plural=True), tense=PAST, passive=True)) == (
        "The mice were seen by the woman.", "Les souris ont été vues par la femme.",
    )  # fmt: skip
    assert both(Clause("she", Word("arrive", "arriver"), tense=PAST)) == ("She arrived.", "Elle est arrivée.")
    assert both(Clause("we", SEE, them=True)) == ("We see them.", "Nous les voyons.")
    a_woman = Clause(Noun(WOMAN, "a"), Word("sleep", "dormir"))
    assert both(Clause("I", Word("laugh", "rire")), a_woman, join=grammar.JOINS[0]) == (
        "I laugh because a woman sleeps.", "Je ris parce qu'une femme dort.",
    )  # fmt: skip
    assert both(a_woman, said_by=("he", Word("say", "dire"), PRESENT)) == (
        "He says that a woman sleeps.", "Il dit qu'une femme dort.",
    )  # fmt: skip


def some(phrase):
    """Tell whether a noun phrase is a plural without an article: *mice*, *des souris*."""
    return phrase.determiner == "a" and phrase.plural


def test_what_is_never_drawn():
    drawer = Drawer(np.random.default_rng(1))
    plans = [drawer.plan() for _ in range(3000)]
    for plan in plans:
        for clause in plan.clauses:
            assert not (clause.them and clause.tense == PAST)
            assert not (clause.mood == "question" and clause.subject == "I")
            assert not (clause.verb is None and clause.tense == PAST)
            if clause.mood == "negation" and clause.object:
                assert clause.object.determiner != "a"
            if clause.verb in lexicon.LIKING and clause.object:
                assert (clause.object.determiner, clause.object.plural) != ("a", True)
                assert clause.tense != PAST
                assert not clause.passive
            assert not isinstance(clause.subject, Noun) or not some(clause.subject)
            assert clause.adjective is None or clause.adjective.en != "new"
        for phrase in nouns(plan):
            assert not (some(phrase) and phrase.adjective in grammar.BEFORE)
            if phrase.relative and phrase.relative[0] in lexicon.LIKING:
                assert not some(phrase.relative[1])
    assert any(some(phrase) for plan in plans for phrase in nouns(plan))
    counts = Counter(mark for plan in plans for mark in plan.marks)
    expected = {
        "negation",
        "question",
        "passive",
        "past with avoir",
        "past with être",
        "future",
        "object them",
    }
    assert expected <= set(counts)
    assert min(counts.values()) > 50


def test_what_is_forbidden_does_not_occur_and_marks_say_what_is_there():
    some = frozenset({("small", "cat"), ("see", "house"), ("black", "door")})
    drawer = Drawer(np.random.default_rng(2), some)
    for _ in range(1500):
        plan = drawer.plan()
        assert not pairs(plan) & (some | lexicon.NEVER)
        adjectives = {phrase.adjective for phrase in nouns(plan)} - {None}
        assert ("adjective before" in plan.marks) == bool(adjectives & set(grammar.BEFORE))
        assert ("passive" in plan.marks) == any(clause.passive for clause in plan.clauses)


def test_pairs_are_read_from_every_place_of_a_plan():
    inner = Noun(Word("house", "maison"))
    plan = Plan((Clause(Noun(CAT, adjective=BLACK, relative=(SEE, inner)), None, adjective=SMALL),))
    assert pairs(plan) == {("black", "cat"), ("see", "house"), ("small", "cat")}


def test_each_noun_is_one_or_many_in_english():
    import pyrealb

    pyrealb.loadEn()
    for word in (*lexicon.BEINGS, *lexicon.THINGS):
        assert pyrealb.N(word.en).n("s").realize() != pyrealb.N(word.en).n("p").realize()


def test_the_spelling_is_one():
    futures = [
        both(Clause("she", verb, Noun(CAT), tense=FUTURE, mood=mood))[1]
        for verb, mood in ((Word("protect", "protéger"), "question"), (Word("prefer", "préférer"), ""))
    ]
    assert futures == ["Protégera-t-elle le chat?", "Elle préférera le chat."]


def test_another_language_is_refused():
    plan = Plan((Clause("I", Word("laugh", "rire")),))
    with pytest.raises(ValueError, match="language must be 'en' or 'fr', got 'de'"):
        realise(plan, "de")


def test_what_pyrealb_cannot_say_is_refused(capsys):
    plan = Plan((Clause(Noun(Word("cat", "chatt")), Word("laugh", "rire")),))
    with pytest.raises(grammar.Unsaid, match="plan cannot be said in 'fr'"):
        realise(plan, "fr")
    assert capsys.readouterr().err == ""
