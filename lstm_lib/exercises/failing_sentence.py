"""Exercise 15.5: a sentence on which the stored translator fails, with its right French."""

from __future__ import annotations

from functools import cache
from typing import Any

from lstm_lib.exercises.declare import Mistake, ValueExercise

MOST, LEAST = 12, 4


@cache
def judged(english: str, french: str) -> str:
    """Return what is to be said of a sentence and its French: "" if the stored translator says something else.

    French is compared without case and end mark. Where the English is one of the lesson's pairs, its French decides;
    elsewhere it is looked through as far as ``french_sentence.fault`` can.
    """
    import torch

    from lstm_lib.datasets.translation import load_translation
    from lstm_lib.exercises.french_sentence import fault
    from lstm_lib.experiments import stored_translator
    from lstm_lib.experiments.translation import translate, words_of

    def plain(text: str) -> list[str]:
        return [word for word in words_of(text) if word not in (".", "!", "?", ",")]

    model, known = stored_translator.load()
    words, ours = words_of(english), plain(french)
    if not words or words[-1] not in (".", "?") or not ours:
        return "no sentences"
    if any(word not in known.source for word in words):
        return "unknown"
    if not LEAST <= len([word for word in words if word.isalpha()]) <= MOST:
        return "length"
    if any(word not in known.target for word in ours):
        return "unknown French"
    pairs = {tuple(words_of(pair.en)): pair.fr for part in load_translation() for pair in part}
    if right := pairs.get(tuple(words), ""):
        if plain(right) != ours:
            return "another French"
    elif found := fault(words, words_of(french)):
        return found
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        said = translate(model, known, [english])[0].words
    finally:
        torch.set_num_threads(threads)
    return "right" if [word for word in said if word not in (".", "!", "?")] == ours else ""


def _two(given: Any) -> tuple[str, str]:
    """Return two texts, without space around them. Raises ValueError where there are not two."""
    if not isinstance(given, list | tuple) or len(given) != 2:
        raise ValueError("write two texts: (an English sentence, its right French)")
    english, french = given
    if not isinstance(english, str) or not isinstance(french, str):
        raise ValueError("write two texts: (an English sentence, its right French)")
    return english.strip(), french.strip()


def _mistake(code: str, answer: tuple[str, str], hint: str) -> Mistake:
    return Mistake(code, answer, hint, when=lambda v: judged(*v) == code)


FAILS = ValueExercise(
    "15.5",
    "a sentence on which it fails",
    f"Give an English sentence of {LEAST} to {MOST} known words that the stored translator gets wrong, and its French.",
    right=("The cat that sleeps is small.", "Le chat qui dort est petit."),
    read=_two,
    accept=lambda v: judged(*v) == "",
    passed=(
        "The translator says something else than you. This check cannot read French: it has compared words, tenses, "
        "order and what stands around nouns, but no verb behind *qui* or a pronoun. Whether your sentence is right is "
        "for you to know."
    ),
    mistakes=(
        _mistake(
            "no sentences",
            ("The black cat sleeps in the garden", "Le chat noir dort dans le jardin."),
            "write two sentences; the English one needs its full stop or question mark, which the translator reads.",
        ),
        _mistake(
            "unknown",
            ("The penguin sleeps today.", "Le pingouin dort aujourd'hui."),
            "one of its words is unknown to the translator. Any model fails there: use known words in a new way.",
        ),
        _mistake("length", ("He sleeps.", "Il dort."), f"take {LEAST} to {MOST} words."),
        _mistake(
            "unknown French",
            ("The cat sleeps on the bed.", "Le matou dort sur le lit."),
            "your French has a word that the translator has never seen. Say it with the lesson's words.",
        ),
        _mistake(
            "another French",
            ("My rich baby hides them.", "Mon riche bébé les cache."),
            "this English is one of the lesson's pairs, and its French there is not yours. Look at order and endings.",
        ),
        _mistake(
            "words",
            ("The black cat that I see sleeps.", "Le chat dort."),
            "a word of one side is missing on the other: noun, adjective, verb, pronoun, a *not*. One for one.",
        ),
        _mistake(
            "tense",
            ("The cat that I see slept.", "Le chat que je vois dort."),
            "one side speaks of the past or of the future, and the other does not.",
        ),
        _mistake(
            "order",
            ("The cat that I see is in a red house.", "Le chat que je vois est dans une rouge maison."),
            "an adjective stands on the wrong side of its noun, or at another noun, or nouns have changed places.",
        ),
        _mistake(
            "agreement",
            ("The big white house that I see is old.", "La grande maison blanc que je vois est vieille."),
            "an article, an adjective or the verb behind a noun does not agree. Masculine or feminine, one or many?",
        ),
        _mistake(
            "number",
            ("The black cats sleep in the garden.", "Le chat noir dort dans le jardin."),
            "a noun is one on one side and many on the other.",
        ),
        _mistake(
            "sounds",
            ("The cat that I see is in my school.", "Le chat que je vois est dans ma école."),
            "before a vowel *le*, *je*, *ne*, *que* lose theirs, and *ma*, *ce*, *vieux* change. *À le* is one word.",
        ),
        _mistake(
            "right",
            ("The black cat sleeps in the garden.", "Le chat noir dort dans le jardin."),
            "this one it translates as you do, right or wrong. What was never in its grammar: two adjectives, places?",
        ),
    ),
    hint="the grammar has *who* but never *that* for *who*, never two adjectives, and never two places.",
)
