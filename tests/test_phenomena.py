"""Agreement, tense and negation: the readers against the plans of sentences, and the scores by hand."""

from collections import Counter

import numpy as np
import pytest

from lstm_lib.datasets import bilingual_grammar as grammar
from lstm_lib.datasets import bilingual_lexicon as lexicon
from lstm_lib.experiments.phenomena import (
    Kept,
    adjectives,
    forms,
    is_noun,
    kept,
    negations,
    participles,
    phenomena,
    verbs,
)
from lstm_lib.experiments.translation import words_of
from lstm_lib.experiments.translation_scores import part_right


def planned(plan):
    """Return what a plan says of itself: verbs with tenses, lemmas that agree, negations."""
    said, agree = [], []
    for clause in plan.clauses:
        said.append((clause.verb.fr if clause.verb else "être", clause.tense))
        agree += [] if clause.verb else [clause.adjective.fr]
        if clause.passive or (clause.verb in lexicon.MOTION and clause.tense == grammar.PAST):
            agree.append(clause.verb.fr)
    for phrase in grammar.nouns(plan):
        said += [(phrase.relative[0].fr, grammar.PRESENT)] if phrase.relative else []
        agree += [phrase.adjective.fr] if phrase.adjective else []
    said += [(plan.said_by[1].fr, plan.said_by[2])] if plan.said_by else []
    return Counter(said), Counter(agree), sum(clause.mood == "negation" for clause in plan.clauses)


def test_what_is_read_is_what_was_planned():
    drawer = grammar.Drawer(np.random.default_rng(15))
    for _ in range(700):
        plan = drawer.plan()
        words = words_of(grammar.realise(plan, "fr"))
        said, agree, denied = planned(plan)
        assert Counter(verbs(words)) == said, words
        assert Counter(lemma for lemma, _ in adjectives(words) + participles(words)) == agree, words
        assert negations(words) == (denied, 0), words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("La souris a été vue par le roi.", [("voir", "past")]),
        ("La porte n'est-elle pas ouverte?", [("ouvrir", "present")]),
        ("Je suis fatigué et je suis le chat.", [("être", "present"), ("suivre", "present")]),
        ("Elle porte la petite porte.", [("porter", "present")]),
        ("Il peint.", [("peindre", "present")]),
        ("Il a peint.", [("peindre", "past")]),
        ("Il sera arrivé.", [("arriver", "another")]),  # no tense of the lesson
        ("Il a le chat, et a été.", [("avoir", "present"), ("être", "past")]),
        ("Il est", [("être", "present")]),
        ("a", [("avoir", "present")]),
        ("a été", [("être", "past")]),
        ("", []),
    ],
)
def test_verbs_are_read_in_half_sentences_too(text, found):
    assert verbs(words_of(text)) == found


def test_what_agrees_and_what_is_a_noun():
    words = words_of("La vieille porte noire a été vue, et il a vu des bagues.")
    assert adjectives(words) == [("vieux", "vieille"), ("noir", "noire")]
    assert participles(words) == [("voir", "vue")]
    assert [words[k] for k in range(len(words)) if is_noun(words, k)] == ["porte", "bagues"]
    assert forms().fits["gris"] == {"ms", "mp"}
    assert forms().fits["vieil"] == {"ms"}
    assert forms().third["voit"] == {"s"}


def test_negations_need_both_halves_in_order():
    assert negations(words_of("Il ne dort pas et n'a pas ri.")) == (2, 0)
    assert negations(words_of("Il ne dort.")) == (0, 1)
    assert negations(words_of("Il dort pas.")) == (0, 1)
    assert negations(words_of("Il ne ne dort pas.")) == (1, 1)
    assert negations(words_of("Pas ne.")) == (0, 2)


def test_forms_are_counted_as_often_as_they_stand_there():
    right = [("noir", "noir"), ("noir", "noire"), ("petit", "petite")]
    assert kept(right, right) == Kept(3, 0, 0)
    assert kept(right, right[::-1]) == Kept(3, 0, 0)
    assert kept(right, [("noir", "noir"), ("noir", "noirs")]) == Kept(1, 1, 1)
    assert kept(right, [("noir", "noires")] * 3) == Kept(0, 2, 1)
    assert kept(right, []) == Kept(0, 0, 3)
    assert kept([], right) == Kept(0, 0, 0)


def test_each_phenomenon_has_a_score_of_its_own():
    right = ["Le chat noir ne voit pas la maison.", "La reine est arrivée.", "Il dort."]
    said = ["Le chien noire n'a pas vu la maison.", "La reine est arrivé.", "Il ne dort pas."]
    found = phenomena([words_of(text) for text in said], [words_of(text) for text in right])
    assert found == {
        "agreement": Kept(0, 2, 0),
        "adjectives": Kept(0, 1, 0),
        "participles": Kept(0, 1, 0),
        "tense": Kept(2, 1, 0),  # a vu for voit; a wrong noun is no matter
        "negation": Kept(1, 0, 0),
        "no negation": Kept(1, 1, 0),
    }
    assert found["tense"].answers == [True, True, False]
    part, low, high = part_right(found["tense"].answers)
    assert part == pytest.approx(2 / 3)
    assert low < part < high
    halves = phenomena([["il", "ne", "dort"], ["il", "dort"]], [["il", "ne", "dort", "pas"]] * 2)
    assert halves["negation"] == Kept(0, 1, 1)


def test_sentences_that_do_not_pair_are_refused():
    with pytest.raises(ValueError, match="as many sentences, at least one, got 1 and 2"):
        phenomena([["il"]], [["il"], ["elle"]])
    with pytest.raises(ValueError, match="as many sentences, at least one, got 0 and 0"):
        phenomena([], [])
    with pytest.raises(TypeError, match=r"sequence of words, got one text, 'Il dort.': use words_of\(text\)"):
        phenomena(["Il dort."], [["il"]])
