"""LSTM against Transformer: equal parameters, what is measured, what is stored, and a stored run once more."""

import dataclasses
import importlib
import math
import types

import numpy as np
import pytest
import torch
from torch import nn

from lstm_lib.datasets.contest import StoredScore, by_trial, load_contest, save_contest
from lstm_lib.datasets.repeats import Parity, Repeats
from lstm_lib.datasets.source import DataError
from lstm_lib.experiments import contest
from lstm_lib.experiments.hand_head import KEYS, hand_head, place_likeness
from lstm_lib.nn.transformer import sinusoidal_positions

TEXT = np.arange(300) % 7


@pytest.fixture(autouse=True)
def one_thread():
    """Small networks: two threads wait for each other, above all where others are at work."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


class Teller(nn.Module):
    """Says with probability 1/2 that the next symbol of the counting text comes, else one of the other six."""

    def forward(self, x):
        logits = torch.full((*x.shape, 7), math.log(1 / 12))
        logits.scatter_(2, ((x + 1) % 7)[..., None], math.log(1 / 2))
        return logits, None


@pytest.mark.parametrize("name", contest.CONTESTS)
def test_both_networks_have_as_many_parameters(name):
    lstm, transformer = (contest.parameters(contest.fresh(name, n, 0)) for n in contest.NETWORKS)
    assert abs(lstm / transformer - 1) < 0.02


def test_a_seed_gives_the_same_weights_and_leaves_the_global_generator_alone():
    before = torch.get_rng_state()
    first, second, other = (contest.fresh("parity", "Transformer", seed) for seed in (3, 3, 4))
    assert torch.equal(torch.get_rng_state(), before)
    pairs = list(zip(first.parameters(), second.parameters(), strict=True))
    assert all(torch.equal(a, b) for a, b in pairs)
    assert not torch.equal(first.table.weight, other.table.weight)


def test_the_loss_looks_at_known_answers_only():
    x = torch.tensor([[0, 3], [1, 4]])
    y = torch.tensor([[1, -1], [3, -1]])  # one right, with 1/2, one wrong, with 1/12
    loss, _ = contest.known_loss(Teller(), x, y)
    assert loss.item() == pytest.approx(-(math.log(1 / 2) + math.log(1 / 12)) / 2, abs=1e-6)


def test_the_part_of_right_answers():
    class Odd(nn.Module):
        """Answers 1 at every step."""

        def forward(self, x):
            return torch.tensor([0.0, 1.0]).expand(*x.shape, 2), None

    task = Parity(1, 9)
    truth = task.draw(500, np.random.default_rng(2560)).truth
    assert contest.part_right(Odd(), task) == pytest.approx((truth == 1).sum() / (truth >= 0).sum())


class Early(nn.Module):
    """Knows the parity up to a step, and answers 0 beyond."""

    def forward(self, x):
        odd = (x.cumsum(0) % 2).bool()
        odd[3:] = False
        return torch.stack([~odd, odd], dim=-1).float(), None


def test_the_steps_that_count_can_be_chosen():
    task = Parity(8, 8)
    truth = task.draw(500, np.random.default_rng(2560)).truth
    by_step = contest.right_by_step(Early(), task)
    assert np.allclose(by_step, np.where(np.arange(8) < 3, 1, (truth == 0).mean(axis=1)))
    assert contest.part_right(Early(), task, last=3) == 1
    assert contest.part_right(Early(), task, first=4) == pytest.approx(by_step[3:].mean())
    assert contest.part_right(Early(), task, first=5, last=5) == pytest.approx(by_step[4])


def test_a_step_where_nothing_counts_is_no_number():
    by_step = contest.right_by_step(contest.fresh("repeats", "LSTM", 0), Repeats(6, 4, 4), sequences=3)
    assert np.isnan(by_step).tolist() == [True] * 3 + [False] * 3


def test_bits_in_windows_are_those_of_every_character_with_enough_before_it():
    assert contest.bits_in_windows(Teller(), TEXT, window=10) == pytest.approx(1, abs=1e-6)
    wrong = TEXT.copy()
    wrong[-1] = (wrong[-1] + 1) % 7  # the last window ends at character 295 of 299: not guessed
    assert contest.bits_in_windows(Teller(), wrong, window=10) == pytest.approx(1, abs=1e-6)
    wrong = TEXT.copy()
    wrong[150] = (wrong[150] + 1) % 7  # wrong itself, and the next one as well
    guesses = 10 + 5 * 57  # 58 windows, the first whole, the others by half
    expected = 1 + 2 * math.log2(6) / guesses
    assert contest.bits_in_windows(Teller(), wrong, window=10) == pytest.approx(expected, abs=1e-5)


def test_counted_pairs_are_the_baseline():
    assert 3.4 < contest.bigram_bits() < 3.8  # 3.58 on the test part of the text


@pytest.mark.parametrize("network", contest.NETWORKS)
@pytest.mark.parametrize("name", contest.CONTESTS)
def test_a_short_training_lowers_the_loss(name, network, monkeypatch):
    short = dataclasses.replace(contest.CONTESTS[name], steps=25, batch=4)
    monkeypatch.setitem(contest.CONTESTS, name, short)
    model, history = contest.train(name, network, 0)
    assert history.steps == 25
    assert not model.training
    assert np.mean(history.losses[-10:]) < np.mean(history.losses[:3])


def test_a_fresh_network_of_other_form_can_be_trained(monkeypatch):
    monkeypatch.setitem(
        contest.CONTESTS, "repeats", dataclasses.replace(contest.CONTESTS["repeats"], steps=2)
    )
    single = contest.fresh("repeats", "Transformer", 0, layers=1)
    model, history = contest.train("repeats", single, 0, times=2)
    assert model is single
    assert history.steps == 4


def test_options_take_the_place_of_the_contests():
    one_block = contest.fresh("repeats", "Transformer", 0, layers=1, size=46)
    assert one_block.table.weight.shape == (24, 46)
    assert len(one_block.encoder.blocks) == 1
    assert contest.fresh("repeats", "LSTM", 0, hidden_size=10).output.in_features == 10
    assert not contest.fresh("parity", "Transformer", 0, positions=False).positions


def test_a_rate_takes_the_place_of_the_contests(monkeypatch):
    rates = []

    def fit(model, draw, loss, *, rate, **other):
        rates.append(rate)
        return types.SimpleNamespace(ended="steps")

    monkeypatch.setattr(contest, "fit", fit)
    contest.train("parity", "Transformer", 0)
    contest.train("parity", "Transformer", 0, rate=0.5)
    contest.train("parity", "LSTM", 0, rate=1)
    assert rates == [contest.CONTESTS["parity"].rates["Transformer"], 0.5, 1]


def test_the_stored_runs_are_whole():
    module = importlib.import_module("benchmarks.transformer")
    stored = load_contest()
    keys = {(row.contest, row.network, row.times, row.seed) for row in stored}
    assert keys == set(module.plan([], module.SEEDS))
    for row in stored:
        settings = contest.CONTESTS[row.contest]
        assert row.trial in (settings.trials or {"bits per character": None})
        assert row.updates == row.times * settings.steps
        assert row.rate == settings.rates[row.network]
        assert row.parameters == contest.parameters(contest.fresh(row.contest, row.network, 0))


# Another processor rounds otherwise, so the answers may differ a little; more where little is certain.
@pytest.mark.parametrize(
    ("name", "network", "tolerance"),
    [("parity", "LSTM", 0.02), ("repeats", "Transformer", 0.05), ("parity", "Transformer", 0.15)],
)
def test_a_stored_run_is_what_a_run_gives(name, network, tolerance):
    model, _ = contest.train(name, network, 1)
    anew = contest.scores(name, model)
    stored = {trial: parts[1] for trial, parts in by_trial(load_contest(), name, network).items()}
    assert anew == pytest.approx(stored, abs=tolerance)


def test_the_benchmark_goes_on_where_it_stopped(monkeypatch, tmp_path):
    module = importlib.import_module("benchmarks.transformer")
    done = []

    def one(*key):
        done.append(key)
        return [StoredScore(*key, "a trial", 0.5, 1, 1, 0.1, 1.0, "2", "2")]

    monkeypatch.setattr(module, "one", one)
    out = tmp_path / "scores.csv"
    module.main(["--only", "parity", "--seeds", "5", "--out", str(out)])
    assert len(done) == len(load_contest(out)) == 3
    module.main(["--only", "parity", "--seeds", "5", "6", "--out", str(out)])
    assert len(done) == len(load_contest(out)) == 6
    assert by_trial(load_contest(out), "parity", "Transformer", 4) == {"a trial": [0.5, 0.5]}


def test_stored_scores_survive_the_file(tmp_path):
    rows = load_contest()[:3]
    save_contest(rows, tmp_path / "a.csv")
    assert load_contest(tmp_path / "a.csv") == rows
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match=r"missing: .*benchmarks\.transformer"):
        load_contest(tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_text("contest\nparity\n")
    with pytest.raises(DataError, match=r"cannot be read: .*benchmarks\.transformer"):
        load_contest(tmp_path / "bad.csv")


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (
            lambda: contest.fresh("chess", "LSTM", 0),
            ValueError,
            "contest must be one of .*'parity'.*got 'chess'",
        ),
        (
            lambda: contest.fresh("parity", "GRU", 0),
            ValueError,
            "network must be one of .*'LSTM'.*got 'GRU'",
        ),
        (lambda: contest.fresh(["parity"], "LSTM", 0), ValueError, r"got \['parity'\]"),
        (lambda: contest.fresh("parity", "LSTM", 0.5), TypeError, r"seed must be a whole number.*got 0\.5"),
        (
            lambda: contest.fresh("parity", "LSTM", 0, size=46),
            TypeError,
            "size is no option of the LSTM: it must be one of .*'hidden_size'",
        ),
        (lambda: contest.fresh("parity", "Transformer", 0, size=45), ValueError, "size must be .* 45"),
        (lambda: contest.train("parity", 3, 0), TypeError, r"network must be one of .*fresh\(\), got 3"),
        (lambda: contest.train(3, "LSTM", 0), ValueError, "contest must be one of .*got 3"),
        (lambda: contest.train("parity", "LSTM", "a"), TypeError, "seed must be a whole number.*got 'a'"),
        (lambda: contest.train("parity", "LSTM", 0, rate="a"), TypeError, "rate must be a number .*got 'a'"),
        (lambda: contest.train("parity", "LSTM", 0, rate=-1.0), ValueError, r"rate must be .*got -1\.0"),
        (lambda: contest.train("parity", "LSTM", 0, rate=math.nan), ValueError, "rate must be .*got nan"),
        (lambda: contest.part_right("LSTM", Parity()), TypeError, "model must be a network.*got 'LSTM'"),
        (lambda: contest.part_right(Early(), "parity"), TypeError, "task must be a task.*got 'parity'"),
        (lambda: contest.part_right(Early(), Parity(), seed=1.5), TypeError, r"seed must be .*got 1\.5"),
        (lambda: contest.part_right(Early(), Parity(), sequences=0), ValueError, "sequences must be .*got 0"),
        (lambda: contest.part_right(Early(), Parity(), first=0), ValueError, "first must be .*got 0"),
        (lambda: contest.part_right(Early(), Parity(), first=5, last=4), ValueError, "last must be .*got 4"),
        (
            lambda: contest.part_right(Early(), Parity(9, 9), first=10),
            ValueError,
            "an answer that counts, got 10 and None of 9 steps",
        ),
        (lambda: contest.right_by_step(None, Parity()), TypeError, "model must be a network.*got None"),
        (lambda: contest.train("parity", "LSTM", -1), ValueError, "seed must be at least 0, got -1"),
        (lambda: contest.train("parity", "LSTM", 0, times=0), ValueError, "times must be at least 1, got 0"),
        (lambda: contest.bits_in_windows(Teller(), TEXT, 9), ValueError, "window must be even .* got 9"),
        (lambda: contest.bits_in_windows(Teller(), TEXT[:10], 10), ValueError, "N from 11 on"),
        (lambda: by_trial([], "parity", "LSTM"), ValueError, "found must hold a run of contest 'parity'"),
    ],
)
def test_bad_input_is_named(call, error, match):
    with pytest.raises(error, match=match):
        call()


# --- a head set by hand


def test_the_likeness_of_places_is_the_product_of_their_codes():
    codes = sinusoidal_positions(40, 32)[:, 0].double()
    products = (codes @ codes.T / 16).numpy()
    t = np.arange(40)
    assert np.allclose(place_likeness(t[:, None] - t), products, atol=1e-4)


def test_a_head_by_hand():
    weights = hand_head("aba", KEYS[0], content=math.log(3), place=0.0)
    expected = [[1, 0, 0], [1 / 4, 3 / 4, 0], [3 / 7, 1 / 7, 3 / 7]]
    assert np.allclose(weights, expected)
    after = hand_head("aba", KEYS[1], content=math.log(3), place=0.0)
    assert np.allclose(after[2], [1 / 5, 3 / 5, 1 / 5])  # b comes after an a


def test_places_alone_look_back_from_everywhere():
    weights = hand_head("abcdefgh", KEYS[0], content=0.0, place=200.0, back=2)
    assert (weights.argmax(axis=1)[2:] == np.arange(6)).all()
    assert np.allclose(hand_head("abc", KEYS[0], 0.0, 0.0, causal=False), 1 / 3)


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"text": ""}, ValueError, "at least one letter"),
        ({"key": "x"}, ValueError, "key must be one of .* got 'x'"),
        ({"content": "a"}, TypeError, "content must be a number, got 'a'"),
        ({"place": math.inf}, ValueError, "place must be from -1,000,000 to 1,000,000, got inf"),
        ({"content": math.nan}, ValueError, "content must be from .*, got nan"),
        ({"content": 1e308}, ValueError, r"content must be from .*, got 1e\+308"),
        ({"place": 10**400}, ValueError, r"place must be from .*, got 10{19}… \(401 digits\)"),
        ({"place": 10**5000}, ValueError, "place must be from .*, got a whole number of very many digits"),
        ({"back": 10**30}, ValueError, r"back must be from 0 to 1,000,000 steps, got 10{19}… \(31 digits\)"),
        ({"text": ["a", "b"]}, TypeError, "text must be a text, got list"),
        ({"back": 1.5}, TypeError, r"back must be a whole number of steps, got 1\.5"),
        ({"back": -1}, ValueError, "back must be from 0 to 1,000,000 steps, got -1"),
    ],
)
def test_a_head_that_cannot_be_is_refused(change, error, match):
    given = {"text": "ab", "key": KEYS[0], "content": 1.0, "place": 0.0, "back": 0} | change
    with pytest.raises(error, match=match):
        hand_head(**given)
