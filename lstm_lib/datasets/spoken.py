"""Spoken numbers and commands, said by a synthesiser in many voices: made once, split by voice, kept in the cache.

No voice of the validation or test parts is in training, and variants that share the shape of their vowels (their
formants) count as one voice. The part "accents" has the test's voices, in accents that are not in training either.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.datasets import log_mel, made
from lstm_lib.datasets.espeak import Said, speak
from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.wav import resampled

Array = NDArray[Any]

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
#: Verbs, and what they may be said about; then a place, then a word of courtesy.
ORDERS = (
    (("turn on", "turn off"), ("the light", "the lamp", "the radio", "the heater")),
    (("open", "close"), ("the door", "the window", "the curtain", "the garage")),
    (("start", "stop"), ("the music", "the timer", "the clock", "the film")),
    (("call", "text"), ("my mother", "my father", "my sister", "my brother")),
)
PLACES = ("", " in the kitchen", " in the garden", " in the office")
COURTESY = ("", " please")

#: Variants of eSpeak NG that sound like a person, in families that share the frequencies of their lowest formants.
FAMILIES = tuple(
    line.split()
    for line in """
Alex | Alicia | Andrea | Andy | Annie | Denis | Diogo Henrique Hugo michel miguel | Gene Gene2 | Jacky | Lee | Marco
Mario | Michael | Mike | Nguyen m8 | Reed | adam caleb grandpa john m6 m7 max | Storm | anika | announcer | antonio
aunty f4 | belinda | benjamin | boris | david | ed | edward edward2 | f1 | f2 f5 | f3 | grandma | gustave | ian
iven iven2 iven3 iven4 | linda | m1 | m2 | m3 | m4 | m5 | marcelo | mike2 | norbert | pablo | paul | pedro | quincy
rob robert | sandro | shelby | steph steph2 steph3 | travis | victor | zac
""".strip().replace("\n", " | ").split(" | ")
)  # fmt: skip
FAMILY_COUNTS = {"test": 13, "validation": 7}
#: The voices of the test to which none of training is near: one of the three lowest formants differs by more than 3 %.
FAR = ("Annie", "Jacky", "norbert", "Andy", "shelby")
ACCENTS = ("gmw/en", "gmw/en-US")  # British and American
#: Scotland, the Caribbean, Lancashire, the West Midlands, New York City.
OTHER_ACCENTS = (
    "gmw/en-GB-scotland",
    "gmw/en-029",
    "gmw/en-GB-x-gbclan",
    "gmw/en-GB-x-gbcwmd",
    "gmw/en-US-nyc",
)
SPEEDS, PITCHES, MOST_DIGITS = (120, 240), (25, 75), 7
SIZES = {"train": 2500, "validation": 250, "test": 400, "accents": 300}
HEARD = ("validation", "test")  # the parts whose sounds are kept
TASKS = ("digits", "commands")
SEED = 16
#: The checksum of all samples of a task where this course's own numbers were measured.
SAMPLES = {
    "digits": "f100650aa096feac502fb46b14c262ccf09d4c5bd15711b5c80a7d7bd0a35362",
    "commands": "fa83de44d08244ff47c49cbdb2558203bd7087f1469f1c90a43bce085209b427",
}


@dataclass(frozen=True)
class Part:
    """Utterances of one part.

    Attributes:
        said: what was said, and how.
        powers: of each, the mean square of its samples, which are from -1 to 1.
        mels: of each, log-mel features (T, 40) as float16.
        sounds: of each, 16-bit samples at 16,000 a second; for validation and test only, otherwise empty.
    """

    said: tuple[Said, ...]
    powers: NDArray[np.float32]
    mels: tuple[NDArray[np.float16], ...]
    sounds: tuple[NDArray[np.int16], ...]

    @property
    def texts(self) -> list[str]:
        """What was said, in words."""
        return [one.text for one in self.said]


@dataclass(frozen=True)
class Spoken:
    """The four parts of a task.

    Attributes:
        train, validation, test, accents: the parts.
        checksum: of all samples.
    """

    train: Part
    validation: Part
    test: Part
    accents: Part
    checksum: str

    def note(self, task: str = "digits") -> str:
        """Return one line: whether the samples are those that the course was measured with."""
        if self.checksum == SAMPLES[task]:
            return "The samples are those that the lesson was written with."
        return "Another build of the synthesiser: the samples differ from the lesson's, so scores differ a little."


@cache
def families(part: str) -> tuple[tuple[str, ...], ...]:
    """Return the families of voices of a part: "train", "validation" or "test" (the accents have the test's).

    Raises:
        ValueError: there is no such part.
    """
    if part not in SIZES:
        raise ValueError(f"part must be one of {list(SIZES)}, got {part!r}")
    order = np.random.default_rng(SEED).permutation(len(FAMILIES)).tolist()
    first, second = FAMILY_COUNTS["test"], sum(FAMILY_COUNTS.values())
    chosen = {"validation": order[first:second], "train": order[second:]}.get(part, order[:first])
    return tuple(tuple(FAMILIES[k]) for k in chosen)


@cache
def commands() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the commands for training, and those of the other parts: a quarter of all, which training never has."""
    every = sorted(
        f"{verb} {thing}{place}{courtesy}"
        for verbs, things in ORDERS
        for verb, thing, place, courtesy in product(verbs, things, PLACES, COURTESY)
    )
    order = np.random.default_rng([SEED, 1]).permutation(len(every)).tolist()
    cut = len(every) // 4
    return tuple(every[k] for k in order[cut:]), tuple(every[k] for k in order[:cut])


def words(task: str) -> tuple[str, ...]:
    """Return the words that are said in a task.

    Raises:
        ValueError: there is no such task.
    """
    _check(task)
    if task == "digits":
        return DIGITS
    return tuple(sorted({word for group in commands() for text in group for word in text.split()}))


def plan(task: str) -> dict[str, list[Said]]:
    """Return what is said in each part of a task; the same on every machine.

    Raises:
        ValueError: there is no such task.
    """
    _check(task)
    rng = np.random.default_rng([SEED, 2, TASKS.index(task)])
    parts: dict[str, list[Said]] = {}
    for part, count in SIZES.items():
        groups = families(part)
        accents = OTHER_ACCENTS if part == "accents" else ACCENTS
        parts[part] = []
        for _ in range(count):
            if task == "digits":
                text = " ".join(rng.choice(DIGITS, rng.integers(1, MOST_DIGITS + 1)))
            else:
                choice = commands()[part != "train"]
                text = choice[rng.integers(len(choice))]
            family = groups[rng.integers(len(groups))]
            voice = f"{accents[rng.integers(len(accents))]}+{family[rng.integers(len(family))]}"
            speed, pitch = (int(rng.integers(low, high + 1)) for low, high in (SPEEDS, PITCHES))
            parts[part].append(Said(text, voice, speed, pitch))
    return parts


def at_rate(sound: NDArray[np.int16], rate: int) -> NDArray[np.int16]:
    """Return 16-bit samples (N,) at `rate` a second as samples at 16,000 a second."""
    y = resampled(sound.astype(np.float32), rate)
    return np.asarray(np.rint(np.clip(y, -32768, 32767)), dtype=np.int16)


def as_float(sound: NDArray[np.int16]) -> NDArray[np.float32]:
    """Return 16-bit samples as numbers from -1 to 1."""
    return (sound / np.float32(32768)).astype(np.float32)


def recipe(task: str) -> str:
    """Return all that the cached file depends on, as a text."""
    settings = [
        getattr(log_mel, name) for name in ("RATE", "SIZE", "HOP", "BINS", "BANDS", "LOW", "HIGH", "FLOOR")
    ]
    return json.dumps([3, importlib.metadata.version("espeakng-loader"), settings, plan(task)])


def load_spoken(task: str = "digits", progress: str | None = "speaking") -> Spoken:
    """Return the parts of a task, "digits" or "commands".

    The first call has them spoken and analysed, which takes some ten seconds, and keeps them in the cache.

    Args:
        task: which.
        progress: the text beside the progress bar while they are spoken; None shows no bar.

    Raises:
        ValueError: there is no such task.
        DataError: the synthesiser does not work, or the file in the cache is damaged; it says what to do.
    """
    _check(task)
    path = made.find(f"spoken_{task}", recipe(task), lambda draft: _make(draft, task, progress), ".npz")
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            found = {name: file[name] for name in file.files}
        parts = {part: _part(found, part, said) for part, said in plan(task).items()}
        return Spoken(**parts, checksum=str(found["checksum"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is damaged ({error!r:.80}): delete it, and it is made anew.") from None


def _make(path: Path, task: str, progress: str | None) -> None:
    parts = plan(task)
    rate, spoken = speak([one for said in parts.values() for one in said], progress)
    digest = hashlib.sha256(b"".join(sound.tobytes() for sound in spoken)).hexdigest()
    found: dict[str, Array] = {"checksum": np.array(digest)}
    rest = iter(spoken)
    for part, said in parts.items():
        sounds = [at_rate(next(rest), rate) for _ in said]
        mels = [log_mel.log_mel(as_float(sound)).astype(np.float16) for sound in sounds]
        found |= {f"{part} mels": np.concatenate(mels), f"{part} frames": np.array([len(m) for m in mels])}
        found[f"{part} powers"] = np.array([np.mean(as_float(s) ** 2) for s in sounds], dtype=np.float32)
        if part in HEARD:
            found |= {
                f"{part} sounds": np.concatenate(sounds),
                f"{part} samples": np.array([len(s) for s in sounds]),
            }
    with path.open("wb") as file:
        np.savez(file, **found)  # type: ignore[arg-type]


def _part(found: dict[str, Array], part: str, said: Sequence[Said]) -> Part:
    def cut(values: str, lengths: str) -> tuple[Array, ...]:
        if values not in found:
            return ()
        if len(found[lengths]) != len(said):
            raise ValueError(f"{len(said)} utterances expected, got {len(found[lengths])}")
        return tuple(np.split(found[values], np.cumsum(found[lengths])[:-1]))

    return Part(
        tuple(said),
        found[f"{part} powers"],
        cut(f"{part} mels", f"{part} frames"),
        cut(f"{part} sounds", f"{part} samples"),
    )


def _check(task: str) -> None:
    if task not in TASKS:
        raise ValueError(f"task must be one of {list(TASKS)}, got {task!r}")
