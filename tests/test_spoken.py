"""Spoken numbers and commands: the split, the plan, the cache."""

from pathlib import Path

import numpy as np
import pytest

from lstm_lib.datasets import made, spoken
from lstm_lib.datasets.espeak import Said
from lstm_lib.datasets.log_mel import RATE, log_mel
from lstm_lib.datasets.source import DataError


def voices(part):
    return {voice for family in spoken.families(part) for voice in family}


def test_no_voice_is_in_two_parts_and_the_accents_have_the_voices_of_the_test():
    parts = [voices(part) for part in ("train", "validation", "test")]
    assert sum(map(len, parts)) == len(set().union(*parts)) == sum(map(len, spoken.FAMILIES))
    assert [len(spoken.families(part)) for part in ("train", "validation", "test")] == [35, 7, 13]
    assert spoken.families("accents") == spoken.families("test")


def formants(voice):
    """Return the lowest three formants of a variant, in per cent of eSpeak NG's own voice, as its file says."""
    import espeakng_loader

    found = {"0": 100, "1": 100, "2": 100, "3": 100}
    file = Path(espeakng_loader.get_data_path(), "voices", "!v", voice)
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        match line.split():
            case ["formant", number, frequency, *_] if number in found:
                found[number] = int(frequency)
    return tuple(found[number] for number in "123")


def test_voices_of_two_parts_have_other_formants():
    kinds = [{formants(voice) for voice in voices(part)} for part in ("train", "validation", "test")]
    assert len(kinds[0]) > 25
    assert not kinds[0] & kinds[1]
    assert not kinds[0] & kinds[2]
    assert not kinds[1] & kinds[2]
    assert all(len({formants(voice) for voice in family}) == 1 for family in spoken.FAMILIES)


def test_the_far_voices_of_the_test_have_no_near_one_in_training():
    known = np.array([formants(voice) for voice in voices("train")])
    apart = {
        family[0]: np.abs(known - formants(family[0])).max(axis=1).min() for family in spoken.families("test")
    }
    assert {voice for voice, distance in apart.items() if distance > 3} == set(spoken.FAR)


@pytest.mark.parametrize("task", spoken.TASKS)
def test_the_plan_keeps_to_the_split(task):
    plan = spoken.plan(task)
    assert {part: len(said) for part, said in plan.items()} == spoken.SIZES
    for part, said in plan.items():
        assert {one.voice.partition("+")[2] for one in said} <= voices(part)
        accents = {one.voice.partition("+")[0] for one in said}
        assert accents == set(spoken.OTHER_ACCENTS if part == "accents" else spoken.ACCENTS)
        assert {word for one in said for word in one.text.split()} <= set(spoken.words(task))
        assert min(one.speed for one in said) >= 120
        assert max(one.speed for one in said) <= 240
    assert spoken.plan(task) == plan


def test_digits_are_one_to_seven():
    counts = {len(one.text.split()) for said in spoken.plan("digits").values() for one in said}
    assert counts == set(range(1, 8))


def test_commands_of_the_test_are_never_trained():
    train, other = spoken.commands()
    assert (len(train), len(other)) == (192, 64)
    assert not set(train) & set(other)
    plan = spoken.plan("commands")
    assert {one.text for one in plan["train"]} <= set(train)
    assert {one.text for part in ("validation", "test", "accents") for one in plan[part]} <= set(other)
    assert set(spoken.words("commands")) == {word for text in train for word in text.split()}


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A few utterances, and a cache of their own."""
    monkeypatch.setenv("LSTM_LIB_DATA", str(tmp_path))
    monkeypatch.setattr(spoken, "SIZES", {"train": 4, "validation": 2, "test": 3, "accents": 2})
    spoken.families.cache_clear()
    yield tmp_path
    spoken.families.cache_clear()


def test_it_is_spoken_once_and_read_from_the_cache(small, monkeypatch):
    first = spoken.load_spoken("digits", None)
    monkeypatch.setattr(spoken, "speak", lambda *_: pytest.fail("spoken twice"))
    again = spoken.load_spoken("digits", None)
    assert first.checksum == again.checksum
    for part, count in spoken.SIZES.items():
        one, two = getattr(first, part), getattr(again, part)
        assert len(one.said) == len(one.mels) == len(one.powers) == count
        assert all(np.array_equal(a, b) for a, b in zip(one.mels, two.mels, strict=True))
        assert len(one.sounds) == (count if part in ("validation", "test") else 0)
    for sound, mel, power in zip(first.test.sounds, first.test.mels, first.test.powers, strict=True):
        x = spoken.as_float(sound)
        assert mel.dtype == np.float16
        assert np.allclose(log_mel(x), mel, atol=0.02)
        assert power == pytest.approx(np.mean(x.astype(float) ** 2), rel=1e-4)
    assert first.test.texts == [one.text for one in spoken.plan("digits")["test"]]


def test_other_samples_are_told_and_do_not_fail(small, monkeypatch):
    found = spoken.load_spoken("digits", None)
    assert found.note("digits").startswith("Another build of the synthesiser")
    monkeypatch.setitem(spoken.SAMPLES, "digits", found.checksum)
    assert found.note("digits") == "The samples are those that the lesson was written with."


def test_a_damaged_file_says_what_to_do(small):
    spoken.load_spoken("digits", None)
    path = made.place("spoken_digits", spoken.recipe("digits"), ".npz")
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(DataError, match=r"is damaged .* delete it, and it is made anew"):
        spoken.load_spoken("digits", None)


def test_the_recipe_changes_with_the_plan(monkeypatch):
    before = spoken.recipe("digits")
    monkeypatch.setattr(spoken, "SPEEDS", (100, 240))
    assert spoken.recipe("digits") != before


def test_the_rate_is_changed_and_a_tone_stays():
    t = np.arange(22_050) / 22_050
    x = np.rint(20_000 * np.sin(2 * np.pi * 500 * t)).astype(np.int16)
    y = spoken.at_rate(x, 22_050)
    assert abs(len(y) - RATE) <= 1
    want = 20_000 * np.sin(2 * np.pi * 500 * np.arange(len(y)) / RATE)
    assert np.abs(y - want)[300:-300].max() < 60


@pytest.mark.parametrize("call", [spoken.plan, spoken.words, spoken.load_spoken])
def test_a_task_that_is_not_there_is_named(call):
    with pytest.raises(ValueError, match=r"task must be one of \['digits', 'commands'\], got 'songs'"):
        call("songs")


def test_a_part_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"part must be one of .*, got 'rest'"):
        spoken.families("rest")


def test_every_variant_is_there():
    _, sounds = spoken.speak([Said("one", f"gmw/en+{name}") for family in spoken.FAMILIES for name in family])
    assert all(len(sound) > 3000 for sound in sounds)
