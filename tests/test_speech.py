"""Speech to letters: features, noise, training, decoding, scores; and the stored runs, some of them run again."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
import torch

from benchmarks import speech as bench
from lstm_lib.datasets import log_mel, spoken
from lstm_lib.datasets.speech_runs import chosen, load_speech_runs, save_speech_runs
from lstm_lib.datasets.vowels import PUBLISHED, Vowels, load_vowels
from lstm_lib.experiments import noise, resynthesis, speakers, speech, transcripts
from lstm_lib.nn.recurrent import parameters_of
from lstm_lib.training.run import History

ALPHABET = speech.Alphabet(spoken.DIGITS)
RUNS = load_speech_runs()


@pytest.fixture(scope="module")
def parts():
    return spoken.load_spoken("digits", None)


# --- letters ----------------------------------------------------------------------------------------------


def test_the_alphabet_has_the_blank_the_space_and_the_letters_of_the_words():
    assert "".join(ALPHABET.symbols) == "_ efghinorstuvwxz"
    assert ALPHABET.decode(ALPHABET.encode("one two")) == "one two"
    assert ALPHABET.encode("e") == [2]
    with pytest.raises(ValueError, match=r"text must be of efghinorstuvwxz and spaces, got \['a', 'b'\] too"):
        ALPHABET.encode("bar")
    with pytest.raises(ValueError, match="words must hold at least one word, got none"):
        speech.Alphabet([])


# --- features and noise -----------------------------------------------------------------------------------


def test_steps_are_two_frames_side_by_side_each_band_with_mean_0_and_deviation_1():
    mels = np.random.default_rng(0).normal(3, 2, (101, 40))
    steps = speech.steps_of(mels)
    assert steps.shape == (50, 80)
    normed = (mels - mels.mean(0)) / (mels.std(0) + 1e-3)
    assert np.allclose(steps.reshape(100, 40), normed[:100], atol=1e-5)
    assert np.allclose(speech.steps_of(mels, 1).reshape(100, 40), normed[1:], atol=1e-5)


def test_louder_speech_has_the_same_steps(parts):
    x = spoken.as_float(parts.test.sounds[0])
    assert np.abs(speech.features(x) - speech.features(0.3 * x)).mean() < 0.05
    assert np.allclose(speech.features(parts.test.sounds[0]), speech.features(x))


def test_a_shifted_voice_has_its_peak_where_it_belongs():
    tones = np.zeros((1, 40))
    middles = log_mel.hertz(np.linspace(log_mel.mel(60), log_mel.mel(7600), 42))[1:-1]
    tones[0] = np.exp(-((np.log(middles / 2000)) ** 2) / 0.02)
    peak = middles[speech.warped(tones, 1.2)[0].argmax()]
    assert peak == pytest.approx(2000 / 1.2, rel=0.06)
    assert np.allclose(speech.warped(tones, 1.0), tones)


@pytest.mark.parametrize("snr", [-5.0, 0.0, 20.0])
def test_noise_comes_in_at_the_ratio_that_is_asked_for(snr):
    rng = np.random.default_rng(1)
    s, n = rng.normal(2, 1, 5000), noise.coloured(5000, rng)
    assert np.mean(n**2) == pytest.approx(1, rel=1e-3)
    added = noise.mixed(s, n, snr) - s
    assert 10 * np.log10(np.mean(s**2) / np.mean(added.astype(float) ** 2)) == pytest.approx(snr, abs=0.01)


def test_powers_of_speech_and_noise_add_up(parts):
    """What the training assumes: it never sees the waveform of speech and noise together."""
    rng = np.random.default_rng(3)
    s = spoken.as_float(parts.test.sounds[1])
    n = noise.coloured(len(s), rng) * np.float32(np.sqrt(np.mean(s**2)))
    both = log_mel.mel_power(s + n)
    added = log_mel.mel_power(s) + log_mel.mel_power(n)
    assert both.sum() == pytest.approx(added.sum(), rel=0.05)
    assert np.corrcoef(np.log(both + 1e-6).ravel(), np.log(added + 1e-6).ravel())[0, 1] > 0.95


def test_every_utterance_has_its_own_noise_and_the_same_again(parts):
    few = dataclasses.replace(parts.test, sounds=parts.test.sounds[:6])
    for make in (noise.in_noise, noise.babble):
        one, two = make(few, 10), make(few, 10)
        assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
        for noisy, sound in zip(one, few.sounds, strict=True):
            s = spoken.as_float(sound)
            assert 10 * np.log10(np.mean(s**2) / np.mean((noisy - s) ** 2)) == pytest.approx(10, abs=0.05)


def test_noise_in_bands_is_as_loud_as_the_speech_where_that_is_loud(parts):
    for sound in parts.test.sounds[:3]:
        x = spoken.as_float(sound)
        wanted = log_mel.mel_power(x)
        there = log_mel.mel_power(resynthesis.from_bands(x, 40, np.random.default_rng(0)))
        loud = wanted > wanted.max() / 1000
        assert abs(np.median(10 * np.log10(there[loud] / wanted[loud]))) < 0.5  # dB


def test_noise_in_few_bands_has_the_power_of_the_speech_there(parts):
    x = spoken.as_float(parts.test.sounds[0])
    y = resynthesis.from_bands(x, 40, np.random.default_rng(0))
    a, b = np.log(log_mel.mel_power(x) + 1e-4), np.log(log_mel.mel_power(y) + 1e-4)
    few = np.log(log_mel.mel_power(resynthesis.from_bands(x, 2, np.random.default_rng(0))) + 1e-4)
    assert np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.9
    assert np.corrcoef(a.ravel(), few.ravel())[0, 1] < np.corrcoef(a.ravel(), b.ravel())[0, 1] - 0.05


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: speech.steps_of(np.zeros((1, 40))), r"mels must be \(T, bands\) with at least 2 frames"),
        (lambda: speech.steps_of(np.full((9, 40), np.nan)), "mels must be finite numbers, got NaN"),
        (lambda: speech.features(np.zeros(100)), "x must have at least the 400 samples of a frame, got 100"),
        (lambda: noise.mixed(np.zeros(9), np.ones(9), 0), "speech and noise must not be silent"),
        (
            lambda: noise.mixed(np.ones(9), np.ones(8), 0),
            r"speech and noise must be \(N,\), got \(9,\) and \(8,\)",
        ),
        (lambda: noise.coloured(1, np.random.default_rng(0)), "count must be at least 2 samples, got 1"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_part_without_sounds_is_named(parts):
    with pytest.raises(ValueError, match="only the validation and the test part have"):
        noise.in_noise(parts.train, 10)
    with pytest.raises(ValueError, match="at least five sounds, got 0"):
        noise.babble(parts.train, 10)


# --- learning and listening -------------------------------------------------------------------------------


def few(part, count):
    return dataclasses.replace(
        part, said=part.said[:count], mels=part.mels[:count], powers=part.powers[:count]
    )


def test_it_learns_and_the_same_seed_learns_the_same(parts):
    torch.set_num_threads(1)
    recipe = speech.Recipe(hidden_size=24, layers=1, epochs=6, batch=8)
    part = few(parts.train, 48)
    nets, histories = zip(*(speech.learn(part, ALPHABET, 5, recipe) for _ in range(2)), strict=True)
    history: History = histories[0]
    assert history.steps == 36
    assert np.mean(history.losses[-5:]) < 0.7 * history.losses[0]
    for a, b in zip(nets[0].parameters(), nets[1].parameters(), strict=True):
        assert torch.equal(a, b)


def test_listening_does_not_depend_on_the_batch(parts):
    net = speech.fresh(ALPHABET, 0).eval()
    steps = [speech.steps_of(mel) for mel in parts.test.mels[:7]]
    together = speech.listen(net, steps, size=4)
    alone = [speech.listen(net, [one])[0] for one in steps]
    for a, b, one in zip(together, alone, steps, strict=True):
        assert a.shape == (len(one), len(ALPHABET))
        assert np.allclose(a, b, atol=1e-4)


def log_p(text, T=30, sure=0.9):
    """Log probabilities whose best path says a text, a letter every second step."""
    K = len(ALPHABET)
    p = np.full((T, K), (1 - sure) / (K - 1))
    path = np.zeros(T, dtype=int)
    path[: 2 * len(text) : 2] = ALPHABET.encode(text)
    p[np.arange(T), path] = sure
    return np.log(p / p.sum(axis=1, keepdims=True))


def test_greedy_and_the_searches_read_what_is_there():
    given = [log_p("one two"), log_p("three")]
    assert speech.greedy(given, ALPHABET) == ["one two", "three"]
    assert speech.searched(given, ALPHABET, lexicon=False) == ["one two", "three"]
    assert speech.searched(given, ALPHABET, lexicon=True) == ["one two", "three"]


def test_the_lexicon_makes_words_of_what_is_none():
    assert speech.greedy([log_p("ore tvo")], ALPHABET) == ["ore tvo"]
    assert speech.searched([log_p("ore tvo")], ALPHABET, lexicon=True) == ["one two"]


def test_what_is_too_fast_for_its_letters_is_left_out(parts):
    assert not speech.too_fast(parts.train, ALPHABET).any()
    assert 0 < speech.too_fast(parts.train, ALPHABET, 3).sum() < 20
    assert speech.too_fast(parts.train, ALPHABET, 6).sum() > 500
    text = parts.train.texts[0]
    needed = len(text) + sum(a == b for a, b in pairwise(text))
    mels = list(parts.train.mels[:10])
    mels[0], mels[1] = (
        mels[0][: 2 * needed],
        mels[1][:12],
    )  # a step less than needed, if the first frame is dropped
    part = dataclasses.replace(
        parts.train, said=parts.train.said[:10], mels=tuple(mels), powers=parts.train.powers[:10]
    )
    assert np.flatnonzero(speech.too_fast(part, ALPHABET)).tolist() == [0, 1]
    _, history = speech.learn(part, ALPHABET, 0, speech.Recipe(hidden_size=4, layers=1, epochs=2, batch=4))
    assert history.steps == 4  # 8 clips, not 10


# --- scores -----------------------------------------------------------------------------------------------


def test_edits_are_added_up():
    found = transcripts.edits(["one two three", "four"], ["one three", "five four"])
    assert found == (4, 0, 1, 1)
    assert (found.wrong, found.rate) == (2, 0.5)


def test_the_rate_has_an_interval_around_it():
    right, said = ["one two"] * 50, ["one two"] * 40 + ["one one"] * 10
    rate, low, high = transcripts.wer(right, said)
    assert rate == pytest.approx(0.1)
    assert 0.03 < low < 0.09 < 0.11 < high < 0.18
    assert transcripts.wer(["one"] * 5, ["one"] * 5) == (0, 0, 0)


def test_confusions_are_counted_the_most_frequent_first():
    found = transcripts.confusions(["one two", "one two", "nine"], ["one too", "one too", "nine one"])
    assert found == {("two", "too"): 2, ("", "one"): 1}
    assert next(iter(found)) == ("two", "too")
    assert transcripts.confusions(["one"], [""]) == {("one", ""): 1}


@pytest.mark.parametrize(
    "score", [transcripts.edits, transcripts.wer, transcripts.cer, transcripts.confusions]
)
def test_texts_that_do_not_fit_are_named(score):
    with pytest.raises(ValueError, match="as many texts, not none, got 0 and 0"):
        score([], [])
    with pytest.raises(ValueError, match="must be lists of texts, got a text"):
        score("one", "one")
    with pytest.raises(ValueError, match="at least one word, got an empty one"):
        score(["one", " "], ["one", ""])


# --- speakers ---------------------------------------------------------------------------------------------


def test_statistics_by_hand():
    frames = np.array([[1.0] * 12, [3.0] * 12, [5.0] * 12], dtype=np.float32)
    vowels = Vowels((frames,), np.array([0]))
    assert speakers.statistics(vowels, "mean").tolist() == [[3.0] * 12]
    full = speakers.statistics(vowels, "mean, deviation, ends")
    assert np.allclose(full, [[3.0] * 12 + [np.sqrt(8 / 3)] * 12 + [1.0] * 12 + [5.0] * 12])
    with pytest.raises(ValueError, match="way must be one of"):
        speakers.statistics(vowels, "median")


def test_simple_statistics_are_a_strong_rival():
    train, test = load_vowels("train"), load_vowels("test")
    scores = {w: np.mean(speakers.linear_answers(train, test, w) == test.speakers) for w in speakers.WAYS}
    assert scores["mean"] > PUBLISHED
    assert scores["mean, deviation, ends"] == pytest.approx(0.984, abs=0.006)


# --- stored runs ------------------------------------------------------------------------------------------


def test_the_stored_runs_are_whole():
    for task, model, seed in bench.plan():
        assert bench.stands(RUNS, task, model, seed), (task, model, seed)


def test_the_targets_hold_with_three_seeds():
    test = chosen(RUNS, "digits", "recogniser")
    assert [run.seed for run in test] == [0, 1, 2]
    assert max(run.rate() for run in test) <= 0.04
    assert max(run.rate("lexicon") for run in test) <= 0.005
    vowels = [1 - run.rate() for run in chosen(RUNS, "vowels", "BiLSTM")]
    assert len(vowels) == 15
    assert min(np.mean(vowels[k : k + 5]) for k in (0, 5, 10)) >= 0.975


def test_rates_and_the_choice_of_runs():
    run = chosen(RUNS, "digits", "recogniser", "10 dB")[0]
    assert run.rate() == run.greedy / run.words
    with pytest.raises(ValueError, match="way must be one of those that were run, got 'beam'"):
        run.rate("beam")
    with pytest.raises(
        ValueError, match=r"runs must hold some of \('songs', 'recogniser', 'test'\), got none"
    ):
        chosen(RUNS, "songs", "recogniser")


def test_runs_come_back_from_a_file(tmp_path):
    save_speech_runs(RUNS[:3], tmp_path / "runs.csv")
    assert load_speech_runs(tmp_path / "runs.csv") == RUNS[:3]


def test_one_layer_has_as_many_parameters_as_two():
    nets = [speech.fresh(ALPHABET, 0, bench.RECIPES[name]) for name in ("recogniser", "one layer")]
    assert parameters_of(nets[1]) == pytest.approx(parameters_of(nets[0]), rel=0.02)


def test_the_table_tells_every_seed():
    lines = bench.table([run for run in RUNS if run.task == "digits"])
    found = chosen(RUNS, "digits", "recogniser")
    assert [run.seed for run in found] == [0, 1, 2]
    greedy, beam, lexicon = (
        " ".join(f"{100 * run.rate(way):.2f}" for run in found) for way in ("greedy", "beam", "lexicon")
    )
    assert lines[0].startswith(
        f"digits    recogniser              test         greedy {greedy}   beam {beam}   lexicon {lexicon}   "
    )
    assert len(lines[0].split("greedy")[1].split("beam")[0].split()) == 3


def test_a_cheap_part_of_the_stored_runs_comes_out_again():
    """Other processors round in another way: the score may differ a little, and no more."""
    torch.set_num_threads(1)
    stored = {run.seed: 1 - run.rate() for run in chosen(RUNS, "vowels", "BiLSTM")}
    found = bench.one("vowels", "BiLSTM", 0)
    assert [run.seed for run in found] == [0, 1, 2, 3, 4]
    again = [1 - run.rate() for run in found]
    assert np.mean(again) == pytest.approx(np.mean([stored[k] for k in range(5)]), abs=0.012)


def test_the_command_stores_each_run_and_goes_on(tmp_path, monkeypatch, capsys):
    calls = []

    def one(task, model, seed):
        calls.append((task, model, seed))
        return [dataclasses.replace(RUNS[0], task=task, model=model, seed=seed)]

    monkeypatch.setattr(bench, "one", one)
    out = tmp_path / "runs.csv"
    for _ in range(2):
        bench.main(["--tasks", "commands", "--seeds", "7", "8", "--out", str(out)])
    assert calls == [("commands", "recogniser", 7), ("commands", "recogniser", 8)]
    assert len(load_speech_runs(out)) == 2
    assert "commands  recogniser" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--seeds", "0", "-1"], "seeds must be 0 or more"),
        (["--out", "nowhere/runs.csv"], "--out must be a file in a folder that is there, got nowhere"),
        (["--out", "."], "--out must be a file in a folder that is there"),
        (["--tasks", "songs"], "invalid choice: 'songs'"),
    ],
)
def test_arguments_that_cannot_be_meant_are_named_before_anything_is_trained(
    arguments, message, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bench, "one", lambda *job: pytest.fail("trained"))
    with pytest.raises(SystemExit, match="2"):
        bench.main(arguments)
    assert message in capsys.readouterr().err


def test_the_help_names_the_tasks(capsys):
    with pytest.raises(SystemExit, match="0"):
        bench.main(["--help"])
    assert "some of vowels, digits, commands; default: all" in " ".join(capsys.readouterr().out.split())
