"""Every word of lesson 15 stands in both lexicons of pyrealb, as what it is used for."""

import json
from pathlib import Path

import pyrealb
import pytest

from lstm_lib.datasets import bilingual_lexicon as lexicon

FOLDER = Path(pyrealb.__file__).parent / "data"
EN, FR = (
    json.loads((FOLDER / f"lexicon-{language}.json").read_text(encoding="utf-8")) for language in ("en", "fr")
)
LISTS = {
    "N": ("BEINGS", "THINGS", "PLACES"),
    "A": ("BEFORE", "BEFORE_BEINGS", "BEFORE_THINGS", "BEHIND", "BEHIND_BEINGS", "BEHIND_THINGS"),
    "V": ("TRANSITIVE", "INTRANSITIVE", "MOTION", "GIVING", "SAYING"),
    "Adv": ("ADVERBS", "TIMES"),
    "P": ("PLACE_WORDS",),
}
EVERY = [
    (kind, name, word) for kind, names in LISTS.items() for name in names for word in getattr(lexicon, name)
]


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in LISTS.items() for name in names])
def test_words_stand_in_both_lexicons(kind, name):
    for word in getattr(lexicon, name):
        assert kind in EN.get(word.en, {}), word
        assert kind in FR.get(word.fr, {}), word


def test_adjectives_stand_where_the_french_lexicon_puts_them():
    for kind, name, word in EVERY:
        if kind == "A":
            assert (FR[word.fr]["A"].get("pos") == "pre") == name.startswith("BEFORE"), word


def test_the_verbs_with_etre_are_those_of_motion():
    for kind, name, word in EVERY:
        if kind == "V":
            assert ("ê" in str(FR[word.fr]["V"].get("aux"))) == (name == "MOTION"), word


def test_nouns_have_a_gender_and_no_word_is_there_twice():
    for kind, name, word in EVERY:
        if kind == "N":
            assert FR[word.fr]["N"]["g"] in "mf" or name == "BEINGS", word
    nouns = lexicon.BEINGS + lexicon.THINGS
    for side in ("en", "fr"):
        names = [getattr(word, side) for word in nouns]
        assert len(set(names)) == len(names) - (side == "fr") * (len(names) - len(set(names)))
    assert len({word.en for word in nouns}) == len(nouns)
    assert set(lexicon.PLACES) <= set(lexicon.THINGS)
