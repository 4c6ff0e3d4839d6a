"""*Hamlet* as one long string of characters, with a fixed split: the text of the character models."""

from dataclasses import dataclass

from lstm_lib.datasets import source
from lstm_lib.datasets.source import Card
from lstm_lib.datasets.vocabulary import Vocabulary


@dataclass(frozen=True, repr=False)
class Hamlet:
    """The play in three pieces, in the order of the play: `train + validation + test` is the whole text.

    train: 149,775 characters, Act I to early in Act V. validation: the next 7,883. test: the last 17,518.
    vocabulary: the 66 different characters of `train`. The held-out pieces hold no other, so they can be
    encoded although nothing of them was used.
    card: what the text is, its licence and its source.
    """

    train: str
    validation: str
    test: str
    vocabulary: Vocabulary
    card: Card

    def __repr__(self) -> str:  # the generated one would print the play
        sizes = f"train={len(self.train):,}, validation={len(self.validation):,}, test={len(self.test):,}"
        return f"Hamlet({sizes} characters, {len(self.vocabulary)} different)"


def split(text: str) -> tuple[str, str, str]:
    """Cut a text into train, validation and test.

    test is the last 10 % of the characters, validation the last 5 % of the rest, train what comes before. A
    held-out share that is not a whole number is rounded up.
    """
    test_start = len(text) * 9 // 10
    validation_start = test_start * 95 // 100
    return text[:validation_start], text[validation_start:test_start], text[test_start:]


def load_hamlet() -> Hamlet:
    """*Hamlet* with its split, vocabulary and card. The text is the file as it is, nothing added or changed.

    Fetches the file first if it is not in the cache. Raises DataError, which says what to do, if that fails.
    """
    # Not read_text: it would change line ends, and the file is used as it is (its lines end in "\n" alone).
    text = source.fetch("hamlet").read_bytes().decode("ascii")
    train, validation, test = split(text)
    return Hamlet(train, validation, test, Vocabulary(train), source.find("hamlet"))
