"""The cousins of lesson 09: how they are begun, trained and judged, and what is stored of them."""

from dataclasses import replace
from itertools import pairwise
from statistics import mean

import numpy as np
import pytest
import torch

from benchmarks import cousins as benchmark
from lstm_lib.datasets.cousins import STORED, CousinRun, column, load_cousins, save_cousins
from lstm_lib.datasets.reber import SYMBOLS, ContinualReber, EmbeddedReber, Stream
from lstm_lib.datasets.source import DataError
from lstm_lib.experiments import cousins
from lstm_lib.experiments.cousins import (
    NETWORKS,
    PARAMETERS,
    RATE,
    GoesOn,
    Piece,
    Texts,
    adding_loss,
    fresh_cousin,
    learn_adding,
    learning_rate,
    read_on,
    right_steps,
    right_strings,
    symbol_vectors,
    try_adding,
)
from lstm_lib.nn.recurrent import parameters_of

RUN = CousinRun("adding", "LSTM", 0, 20, 1801, 0.02, 1000, 5000.0, 0.98, 0.98, 0.5, "2.13.0", "2.4.6")


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def stream(text):
    """A text of the grammar as a stream; every symbol but its own is forbidden."""
    numbers = np.array([SYMBOLS.index(s) for s in text])[:, None]
    return Stream(numbers, numbers, np.eye(7, dtype=bool)[numbers])


# --- fresh networks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize(("D", "K"), [(7, 7), (2, 1)])
def test_all_cousins_are_about_equally_large(name, D, K):
    net = fresh_cousin(name, D, K, 0, 1.0)
    assert abs(parameters_of(net) - PARAMETERS) < 0.06 * PARAMETERS
    y, state = net(torch.randn(4, 3, D))
    assert y.shape == (4, 3, K)
    first, _ = net(torch.ones(1, 3, D), state)
    assert not torch.equal(first, net(torch.ones(1, 3, D))[0])


def test_a_fresh_cousin_leaves_the_global_generator_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    one, same, other = (fresh_cousin("GRU", 2, 1, seed, 1.0).layer.W_x for seed in (0, 0, 1))
    assert torch.equal(torch.rand(1), expected)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


@pytest.mark.parametrize("name", [n for n in NETWORKS if n != "no forget gate"])
def test_all_that_keep_begin_with_the_same_memory(name):
    # With all weights zero and an input of zero, what is kept of a small state is σ(bias).
    net = fresh_cousin(name, 2, 1, 0, 0.0)
    with torch.no_grad():
        for parameter in net.layer.parameters():
            parameter.zero_()
    cousins.keep_(net.layer, 3.0)
    H = net.layer.hidden_size
    states = [torch.full((1, H), value) for value in (0.001, 0.002)]
    kept = [net.layer(torch.zeros(1, 1, 2), (s, s) if net.layer.parts == 2 else s)[1] for s in states]
    c = [(k[1] if isinstance(k, tuple) else k) for k in kept]
    assert ((c[1] - c[0]) / 0.001).mean().item() == pytest.approx(
        torch.tensor(3.0).sigmoid().item(), abs=1e-3
    )


def test_a_layer_without_a_forget_gate_is_left_as_it_was():
    plain, biased = (fresh_cousin("no forget gate", 2, 1, 0, bias).layer.b for bias in (0.0, 3.0))
    assert torch.equal(plain, biased)


@pytest.mark.parametrize("layer", [torch.nn.LSTM(2, 3), torch.nn.Linear(2, 3)])
def test_only_layers_of_the_course_are_given_a_memory(layer):
    with pytest.raises(
        TypeError, match=r"layer must be a gated layer of lstm_lib\.nn\.recurrent, got torch\.nn"
    ):
        cousins.keep_(layer, 1.0)


@pytest.mark.parametrize("bias", [float("nan"), float("inf")])
def test_a_bias_that_is_no_number_changes_nothing(bias):
    layer = fresh_cousin("LSTM", 2, 1, 0, 0.0).layer
    before = layer.b.clone()
    with pytest.raises(ValueError, match=f"bias must be finite, got {bias}"):
        cousins.keep_(layer, bias)
    assert torch.equal(layer.b, before)


def test_a_network_that_nobody_knows():
    with pytest.raises(ValueError, match=r"task must be one of .*, got 'adding' and 'LSMT'"):
        learning_rate("adding", "LSMT")
    with pytest.raises(ValueError, match=r"network must be one of .*'minimal LSTM'.*, got 'LSMT'"):
        fresh_cousin("LSMT", 2, 1, 0, 1.0)


# --- continual Reber -------------------------------------------------------------------------------------


def test_texts_go_on_and_begin_anew():
    texts = Texts(np.random.default_rng(0))
    pieces = [texts.draw() for _ in range(2 * cousins.ANEW)]
    assert [k for k, piece in enumerate(pieces) if piece.first] == [0, cousins.ANEW]
    for a, b in pairwise(pieces):
        assert b.first or (a.stream.target[-1] == b.stream.x[0]).all()
    assert (pieces[cousins.ANEW].stream.x[0] == SYMBOLS.index("B")).all()


@pytest.mark.parametrize("name", ["LSTM", "GRU"])
def test_two_pieces_are_one_text_for_the_state(name):
    net, texts = fresh_cousin(name, 7, 7, 0, 1.0), ContinualReber(3, np.random.default_rng(0))
    first, second = texts.read(10), texts.read(10)
    loss = GoesOn()
    loss(net, Piece(first, True))
    value, y = loss(net, Piece(second, False))
    whole = net(symbol_vectors(np.concatenate([first.x, second.x])))[0][10:]
    assert torch.allclose(y, whole, atol=1e-6)
    p = whole.softmax(-1).detach().numpy()
    assert value.item() == pytest.approx(np.square(p - np.eye(7)[second.target]).sum(-1).mean(), rel=1e-5)
    value.backward()  # a gradient that passed the border would ask for a graph that is gone
    _, anew = loss(net, Piece(first, True))
    assert torch.allclose(anew, net(symbol_vectors(first.x))[0], atol=1e-6)


def test_a_step_is_right_if_all_that_may_come_is_above_all_that_may_not():
    legal = np.array([[[True, True, False]]] * 4)
    y = np.array([[[3.0, 2, 1]], [[3, 1, 2]], [[1, 1, 1]], [[1, 2, 0]]])
    assert right_steps(y, legal)[:, 0].tolist() == [True, False, False, True]


def test_strings_are_whole_ones_between_two_ends():
    text = "SETE" + "BTBTXSETE" + "BPBPVVEPE" + "BTBP"  # the E inside is followed by T or P
    right = np.ones((len(text), 1), bool)
    assert right_strings(right, stream(text)) == 1
    right[2] = right[-1] = False  # in no whole string
    assert right_strings(right, stream(text)) == 1
    right[12] = False  # the last symbol of the first one
    assert right_strings(right, stream(text)) == 0.5
    right[13] = False  # the first symbol of the second
    assert right_strings(right, stream(text)) == 0
    with pytest.raises(ValueError, match="piece must hold a whole string, got 4 steps"):
        right_strings(right[:4], stream("BTBP"))


def test_reading_in_parts_is_reading_at_once():
    net = fresh_cousin("LSTM", 7, 7, 0, 1.0)
    piece = ContinualReber(3, np.random.default_rng(0)).read(100)
    found = read_on(net, piece, every=30)
    with torch.no_grad():
        y, (_, c) = net(symbol_vectors(piece.x))
    right = right_steps(y.numpy(), piece.legal)
    assert found.steps == pytest.approx(right.mean())
    assert found.strings == right_strings(right, piece)
    assert found.cell.shape == (4,)
    assert found.cell[-1] == pytest.approx(c.abs().mean().item(), rel=1e-5)


def without_forget_gate(torch_layer):
    """A network of four units whose cells are large at once and keep their signs: two up, two down."""
    net = fresh_cousin("no forget gate", 7, 7, 0, 0.0, parameters=180)
    layer = net.layer
    assert layer.hidden_size == 4
    with torch.no_grad():
        layer.b[:4], layer.b[4:8] = 100.0, 100.0 * torch.tensor([1.0, 1, -1, -1])
    if not torch_layer:
        return net
    theirs = torch.nn.LSTM(7, 4)
    with torch.no_grad():
        for name, ours in (("weight_ih_l0", layer.W_x), ("weight_hh_l0", layer.W_h), ("bias_ih_l0", layer.b)):
            i, g, o = (ours.T if ours.ndim == 2 else ours).chunk(3)
            f = torch.full_like(i, 100.0) if name.startswith("bias") else torch.zeros_like(i)
            theirs.get_parameter(name).copy_(torch.cat([i, f, g, o]))
        theirs.bias_hh_l0.zero_()
    net.layer = theirs
    return net


@pytest.mark.parametrize("torch_layer", [False, True])
def test_where_all_cells_are_large_their_signs_say_as_much(torch_layer):
    net, piece = without_forget_gate(torch_layer), ContinualReber(3, np.random.default_rng(0)).read(200)
    found = cousins.read_by_signs(net, piece, after=100)
    with torch.no_grad():
        y, _ = net(symbol_vectors(piece.x))
    right = right_steps(y.numpy(), piece.legal)[100:]
    assert found.steps == pytest.approx(right.mean(), abs=0.01)
    assert found.strings == right_strings(right, Stream(*(part[100:] for part in piece)))
    assert found.cell == pytest.approx([100.0], rel=1e-4)  # each step has added 1 or -1


def test_a_cell_that_is_thrown_away_is_one_that_only_adds():
    piece = ContinualReber(3, np.random.default_rng(0)).read(100)
    with pytest.raises(
        TypeError, match=r"model.layer must be LSTMWithout\('forget'\) or torch\.nn\.LSTM, got"
    ):
        cousins.read_by_signs(fresh_cousin("no input gate", 7, 7, 0, 1.0), piece, after=50)
    with pytest.raises(ValueError, match="after must be from 1 to 99, got 100"):
        cousins.read_by_signs(without_forget_gate(False), piece, after=100)


def test_a_walker_without_memory_has_half_of_the_strings():
    piece = ContinualReber(20, np.random.default_rng(0)).read(3000)
    right = np.ones(piece.target.shape, bool)
    # He guesses where a T or P comes alone, behind an inner E: half of the time he is right.
    alone = (piece.legal.sum(2) == 1) & np.isin(piece.target, [SYMBOLS.index(s) for s in "TP"])
    inner = alone & (piece.x == SYMBOLS.index("E"))
    right[inner] = np.random.default_rng(1).random(inner.sum()) < 0.5
    assert right_strings(right, piece) == pytest.approx(0.5, abs=0.02)
    lengths = EmbeddedReber().draw(20_000, np.random.default_rng(2)).lengths + 1
    assert right.mean() == pytest.approx(1 - 0.5 / lengths.mean(), abs=0.002)


# --- adding ----------------------------------------------------------------------------------------------


def test_the_answer_is_taken_at_the_end_of_each_sequence():
    net = fresh_cousin("coupled gates", 2, 1, 0, 1.0)
    batch = cousins.Adding(30).draw(6, np.random.default_rng(0))
    value, answers = adding_loss(net, batch)
    for b, n in enumerate(batch.lengths):
        alone, _ = net(torch.from_numpy(batch.x[:n, b : b + 1]))
        assert answers[b].item() == pytest.approx(alone[-1].item(), abs=1e-6)
    assert value.item() == pytest.approx(np.square(answers.detach().numpy() - batch.target).mean(), rel=1e-5)


def test_adding_is_learnt_from_and_judged():
    net = fresh_cousin("minimal LSTM", 2, 1, 0, 3.0, parameters=200)
    history = learn_adding(net, 0, updates=60)
    assert mean(history.losses[-10:]) < mean(history.losses[:3])
    assert 0 <= try_adding(net, np.random.default_rng(0), 100) <= 1


# --- the file and the benchmark --------------------------------------------------------------------------


def test_what_is_written_is_read(tmp_path):
    runs = [RUN, replace(RUN, seed=1, network="GRU, reset before", score=0.5)]
    save_cousins(runs, tmp_path / "runs.csv")
    assert load_cousins(tmp_path / "runs.csv") == runs
    with pytest.raises(TypeError):
        save_cousins([RUN, None], tmp_path / "runs.csv")
    assert load_cousins(tmp_path / "runs.csv") == runs
    assert [path.name for path in tmp_path.iterdir()] == ["runs.csv"]


def test_a_file_that_is_missing_or_broken_is_named(tmp_path):
    with pytest.raises(DataError, match=r"missing: .*no.csv. `python -m benchmarks.cousins` makes it anew"):
        load_cousins(tmp_path / "no.csv")
    (tmp_path / "broken.csv").write_text("task,network,seed\nadding,LSTM,two\n")
    with pytest.raises(DataError, match="cannot be read: ValueError"):
        load_cousins(tmp_path / "broken.csv")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="cannot be read: KeyError"):
        load_cousins(tmp_path / "other.csv")


def test_a_column_is_in_the_order_of_the_seeds_and_of_one_rate():
    runs = [replace(RUN, seed=2, score=0.2), replace(RUN, score=0.1), replace(RUN, rate=0.05), RUN]
    assert column(runs[:2], "adding", "LSTM") == [0.1, 0.2]
    assert column(runs, "adding", "LSTM", "parameters", rate=0.05) == [1801]
    with pytest.raises(ValueError, match=r"name must be one of .*, got 'torch'"):
        column(runs, "adding", "LSTM", "torch")
    with pytest.raises(ValueError, match=r"some of 'GRU' on 'adding' at rate 0\.02, got none"):
        column(runs, "adding", "GRU")


@pytest.fixture
def quick(monkeypatch):
    calls = []

    def one(task, network, seed, rate):
        calls.append((task, network, seed, rate))
        return replace(RUN, task=task, network=network, seed=seed, rate=rate)

    monkeypatch.setattr(benchmark, "one", one)
    return calls


def test_an_interrupted_benchmark_goes_on_where_it_was(quick, tmp_path, capsys):
    out = tmp_path / "runs.csv"
    arguments = ["--only", "LSTM", "no forget gate", "--out", str(out)]
    benchmark.main([*arguments, "--tasks", "adding", "--seeds", "1"])
    assert quick == [("adding", "LSTM", 1, 0.02), ("adding", "no forget gate", 1, 0.02)]
    benchmark.main([*arguments, "--seeds", "1"])
    reber = [("no forget gate", 0.02), ("no forget gate", 0.05)]
    assert quick[2:] == [("continual Reber", "LSTM", 1, 0.02)] + [
        ("continual Reber", name, 1, rate) for name, rate in reber
    ]
    assert [run.task for run in load_cousins(out)] == ["continual Reber"] * 3 + ["adding"] * 2
    assert "1801 parameters" in capsys.readouterr().out


def test_every_run_of_the_plan_is_stored_once():
    stored = load_cousins()
    keys = [(run.task, run.network, run.seed, run.rate) for run in stored]
    assert sorted(keys) == sorted(benchmark.plan(benchmark.TASKS, []))
    assert len(column(stored, "continual Reber", "no forget gate")) == 10
    for run in stored:
        assert np.isnan(run.by_signs) == ((run.task, run.network) != ("continual Reber", "no forget gate"))
    assert [benchmark.order(run) for run in stored] == sorted(benchmark.order(run) for run in stored)
    assert STORED.stat().st_size < 50_000


@pytest.mark.parametrize(
    ("task", "network", "seed"),
    [
        ("continual Reber", "no forget gate", 0),
        ("continual Reber", "LSTM", 1),
        ("adding", "no input gate", 2),
    ],
)
def test_a_sample_of_the_rows_says_the_same_when_run_again(task, network, seed):
    (row,) = [r for r in load_cousins() if (r.task, r.network, r.seed, r.rate) == (task, network, seed, RATE)]
    again = benchmark.one(task, network, seed)
    assert again.parameters == row.parameters
    assert again.strings == pytest.approx(row.strings, abs=0.15)  # elsewhere rounding takes another path
    assert again.by_signs == pytest.approx(row.by_signs, abs=0.15, nan_ok=True)
