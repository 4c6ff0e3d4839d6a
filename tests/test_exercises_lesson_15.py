"""What the check of exercise 15.5 says to sentences that are not among its declared mistakes."""

import numpy as np
import pytest

from lstm_lib.datasets.translation import load_translation
from lstm_lib.exercises.declare import find
from lstm_lib.exercises.french_sentence import fault
from lstm_lib.exercises.judge import NOT_ATTEMPTED, NOT_YET, PASSED, judge
from lstm_lib.experiments.translation import words_of


def said(answer):
    return judge(find("15.5"), answer, np.random.default_rng(0))


def test_no_pair_of_the_lesson_is_found_fault_with():
    data = load_translation(progress=None)
    for pair in (*data.test, *data.validation, *data.train[:3000]):
        assert fault(words_of(pair.en), words_of(pair.fr)) == "", pair


@pytest.mark.parametrize(
    ("english", "french", "found"),
    [
        ("The big black cat sleeps.", "Le grand chat noir dort.", ""),
        ("The black and sad cat sleeps.", "Le chat noir et triste dort.", ""),
        ("I am tired and I follow the cat.", "Je suis fatigué et je suis le chat.", ""),
        ("The cat and the dog are black.", "Le chat et le chien sont noirs.", ""),
        ("The woman seen by the king sleeps.", "La femme vue par le roi dort.", ""),
        ("The cat found by the king sleeps.", "Le chat trouvé par le roi dort.", ""),
        ("Who sees the cat?", "Qui voit le chat?", ""),
        ("My island is empty.", "Mon île est vide.", ""),
        ("The black cat sees a red house.", "Le noir chat voit une rouge maison.", "order"),
        ("The black cat sees the red house.", "Le chat rouge voit la maison noire.", "order"),
        ("The cat sees the mouse.", "La souris voit le chat.", "order"),
        ("The small cat sleeps.", "Le chat petit dort.", "order"),
        ("The cat saw the mouse.", "Le chat voit la souris.", "tense"),
        ("The cat found the mouse.", "Le chat trouve la souris.", "tense"),
        ("The cat will see the mouse.", "Le chat voit la souris.", "tense"),
        ("The black cats see the mouse.", "Les chats noir voient la souris.", "agreement"),
        ("The house is small.", "Le maison est petite.", "agreement"),
        ("The cat is small.", "Le chat est petite.", "agreement"),
        ("The cats sleep.", "Les chats dort.", "agreement"),
        ("The cats saw the dog.", "Les chats a vu le chien.", "agreement"),
        ("The cats saw the dog.", "Les chats ont vu les chien.", "agreement"),
        ("The cat is small.", "La chat est petite.", "agreement"),
        ("The child is small.", "L'enfant est petite.", ""),
        ("Cats sleep in the house.", "Chats dorment dans la maison.", "agreement"),
        ("The black cats that sleep are small.", "Le chat noir qui dort est petit.", "number"),
        ("The mouse sees the mice.", "Les souris voient la souris.", "number"),
        ("The mice see the mouse.", "Les souris voient la souris.", ""),
        ("This man who is happy sings.", "Ce homme qui est heureux chante.", "sounds"),
        ("The old man sleeps.", "Le vieux homme dort.", "sounds"),
        ("The old honest man sleeps.", "Le vieil homme honnête dort.", ""),
        ("The old trees are beautiful.", "Les vieux arbres sont beaux.", ""),
        ("My school is old.", "Ma école est vieille.", "sounds"),
        ("My school is old.", "Mon école est vieille.", ""),
        ("My beautiful school is old.", "Mon belle école est vieille.", "sounds"),
        ("My mother sleeps.", "Mon mère dort.", "sounds"),
        ("The cat is on the tree.", "Le chat est sur le arbre.", "sounds"),
        ("He gives the tree to the king.", "Il donne l'arbre à le roi.", "sounds"),
        ("He gives the tree to the king.", "Il donne l'arbre au roi.", ""),
        ("The black cat sleeps.", "Chat.", "words"),
        ("The cats do not sleep.", "Les chats dorment.", "words"),
        ("The cats do not sleep.", "Les chats ne dorment.", "words"),
        ("My cat sleeps.", "Le chat dort.", "words"),
        ("He sees the cat.", "Elle voit le chat.", "words"),
        ("Does the cat sleep?", "Le chat dort-il.", "words"),
    ],
)
def test_french_is_looked_through(english, french, found):
    assert fault(words_of(english), words_of(french)) == found


def test_a_right_answer_is_told_what_the_check_cannot_know():
    for answer in (
        ("The cat that sleeps is small.", "Le chat qui dort est petit."),
        [
            "The cat that sleeps is small.",
            " le chat qui dort est petit",
        ],  # the translator is wrong all the same
    ):
        verdict = said(answer)
        assert verdict.state == PASSED
        assert "cannot read French" in " ".join(verdict.lines)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (("The black cat sleeps in the garden.", "Chat."), "a word of one side is missing"),
        (
            ("The black cat sees a red house.", "Le noir chat voit une rouge maison."),
            "wrong side of its noun",
        ),
        (
            ("The black cat sleeps in the garden.", "le chat noir dort dans le jardin"),
            "it translates as you do",
        ),
        (("My rich baby hides them.", "Mon bébé riche les cache"), "it translates as you do"),
        (("My rich baby hides them.", "Mon bébé les cache."), "is one of the lesson's pairs"),
        (("", ""), "write two sentences"),
        (("The cat sleeps in it", "Le chat dort."), "write two sentences"),
        (("The cat sleeps in the garden.", "…"), "unknown to|never seen"),
        (("The cat " * 20 + ".", "Le chat."), "take 4 to 12 words"),
    ],
)
def test_what_is_no_answer_is_told_why(answer, hint):
    verdict = said(answer)
    assert verdict.state == NOT_YET
    assert any(word in " ".join(verdict.lines) for word in hint.split("|")), verdict


def test_something_else_than_two_texts_is_no_answer():
    assert said(...).state == NOT_ATTEMPTED
    for answer in ("The cat sleeps.", ("The cat sleeps.",), (1, 2), {"a": 1}):
        assert said(answer).state == NOT_YET
