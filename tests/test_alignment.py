"""The networks of lesson 10: equally large, trained, scored, and stored so that they can be run again."""

from datetime import date

import numpy as np
import pytest
import torch

from benchmarks import alignment as benchmark
from lstm_lib.datasets import dates
from lstm_lib.datasets.source import DataError
from lstm_lib.experiments import alignment
from lstm_lib.experiments.alignment import (
    NETWORKS,
    StoredRun,
    fresh_network,
    held_out_lists,
    load_alignment,
    looked_right,
    read_text,
    run,
    save_alignment,
    score,
    train,
    write,
)

FEW = dates.draw(20, 2, np.random.default_rng(0), "validation")


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_networks_have_nearly_equally_many_parameters_except_the_wide_one():
    sizes = {name: sum(p.numel() for p in fresh_network(name, 0).parameters()) for name in NETWORKS}
    wide = sizes.pop("fixed vector, wide")
    assert max(sizes.values()) < 1.04 * min(sizes.values())
    assert max(sizes, key=sizes.get) == "fixed vector"
    assert 3 < wide / sizes["fixed vector"] < 4


def test_a_fresh_network_leaves_the_global_generator_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    one, same, other = (fresh_network("bilinear", seed).output.weight for seed in (0, 0, 1))
    assert torch.equal(torch.rand(1), expected)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_the_loss_is_the_mean_over_symbols_and_ends():
    pairs = dates.encode(
        [
            [dates.spell(date(1984, 5, 9), dates.ORDERS[0])],
            [dates.spell(date(1984, 5, 9), dates.ORDERS[k]) for k in (1, 2)],
        ]
    )
    value, logits = alignment.loss(fresh_network("bilinear", 0), pairs)
    p = np.exp(logits.detach().double().numpy())
    p /= p.sum(axis=-1, keepdims=True)
    terms = [-np.log(p[t, b, pairs.target[t, b]]) for b, n in enumerate((9, 18)) for t in range(n)]
    assert value.item() == pytest.approx(np.mean(terms), rel=1e-5)


def test_training_repeats_and_learns():
    a, b = (train("dot", 5, steps=3).output.weight for _ in range(2))
    assert torch.equal(a, b)
    model = train("bilinear", 5, steps=40)
    assert not model.training
    fresh, trained = (alignment.loss(m, FEW)[0].item() for m in (fresh_network("bilinear", 5), model))
    assert trained < 0.8 * fresh


class Knows:
    """Stands for a network that writes what it is told to."""

    def __init__(self, target):
        self.target = torch.from_numpy(target)

    def encode(self, source, lengths):
        return (torch.zeros(*source.shape, 1),)

    def begin(self, memory):
        return 0

    def decode(self, before, state, memory):
        row = self.target[min(state, len(self.target) - 1)]
        return torch.nn.functional.one_hot(row, 14)[None].float(), None, state + 1


def test_scores_are_those_of_what_is_written():
    assert score(Knows(FEW.target), FEW) == (1, 1)
    changed = FEW.target.copy()
    changed[3, :5] = dates.FIGURES.index("9")  # as good as always wrong
    wrong = (changed != FEW.target)[3].sum()
    found = score(Knows(changed), FEW)
    assert found.whole == pytest.approx(1 - wrong / 20)
    assert found.symbols == pytest.approx(1 - wrong / (20 * 18))


def test_what_the_decoder_is_told_can_be_changed():
    model = fresh_network("bilinear", 0)
    as_it_is = write(model, FEW)
    only_first = write(model, FEW, lambda memory: memory._replace(mask=torch.arange(len(FEW.source)) < 1))
    assert as_it_is.weights.argmax(-1).max() > 0
    assert (only_first.weights[..., 0] == 1).all()


def test_held_out_lists_are_always_the_same_and_of_every_length():
    one, two = held_out_lists(longest=3, lists=4), held_out_lists(longest=3, lists=4)
    assert [pairs.target_lengths.tolist() for pairs in one] == [[9] * 4, [18] * 4, [27] * 4]
    assert all(np.array_equal(a.source, b.source) for a, b in zip(one, two, strict=True))
    assert not np.array_equal(one[2].source, held_out_lists("validation", 3, 4)[2].source)


def test_looks_are_counted_by_the_place_in_a_date():
    model, pairs = fresh_network("bilinear", 0), FEW
    hits, asked = looked_right(model, pairs)
    assert asked.tolist() == [40] * 8 + [20]
    with torch.no_grad():
        weights = model(
            torch.from_numpy(pairs.source),
            torch.from_numpy(np.concatenate([np.ones_like(pairs.target[:1]), pairs.target[:-1]])),
            torch.from_numpy(pairs.source_lengths),
        ).weights
    by_hand = np.zeros(9)
    for b in range(20):
        for t in range(17):
            by_hand[t % 9] += weights[b, t].argmax().item() == pairs.alignment[t, b]
    assert hits.tolist() == by_hand.tolist()
    with pytest.raises(ValueError, match="model must have attention"):
        looked_right(fresh_network("fixed vector", 0), pairs)


def test_a_typed_text_is_read_and_a_word_can_be_hidden():
    model, text = fresh_network("bilinear", 0), "may ninth nineteen eighty four"
    words, symbols, weights = read_text(model, text)
    assert words == text.split()
    assert weights.shape == (len(symbols), 5)
    assert (read_text(model, text, 3)[2][:, 3] == 0).all()
    with pytest.raises(ValueError, match="hidden must be a place from 0 to 4"):
        read_text(model, text, 5)
    with pytest.raises(ValueError, match="there is no other word to look at"):
        read_text(model, "may", 0)
    with pytest.raises(TypeError, match="hidden must be a whole number, at least 0, got True"):
        read_text(model, text, True)
    assert len(read_text(model, "and " * 24)[1]) <= 63
    with pytest.raises(ValueError, match="model must have attention"):
        read_text(fresh_network("fixed vector", 0), text)


def test_runs_are_stored_and_read_back(tmp_path):
    runs = [
        StoredRun("dot", 0, 5, 0.01, False, 1, 0.1, 0.2, 0.3, 0.4, "2", "2"),
        StoredRun("additive", 1, 6, 0.005, True, 2, 0, 1, -1, -1, "a", "b"),
    ]
    save_alignment(runs, tmp_path / "runs.csv")
    assert load_alignment(tmp_path / "runs.csv") == runs


def test_a_damaged_or_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"missing: .*none\.csv.*benchmarks\.alignment"):
        load_alignment(tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_text("network,seed\ndot,x\n")
    with pytest.raises(DataError, match=r"bad\.csv cannot be read"):
        load_alignment(tmp_path / "bad.csv")


def test_short_lists_come_first_where_it_is_asked(monkeypatch):
    drawn, draw = [], dates.draw
    monkeypatch.setattr(alignment.dates, "draw", lambda B, n, rng: drawn.append(n) or draw(2, n, rng))
    train("fixed vector", 0, steps=60, short_first=True)
    assert set(drawn[:12]) == {1}
    assert all(n <= 1 + k // 12 for k, n in enumerate(drawn))
    assert max(drawn[48:]) == 5
    drawn.clear()
    train("fixed vector", 0, steps=20)
    assert max(drawn[:12]) > 2


def test_needed_places_cannot_be_told_from_the_figures_before_them():
    target = dates.draw(3000, 1, np.random.default_rng(0)).target
    for place in range(8):
        told = {}
        for column in target.T:
            told.setdefault(tuple(column[:place]), set()).add(column[place])
        assert (place in alignment.NEEDED) == any(len(found) > 1 for found in told.values())
    assert 8 not in alignment.NEEDED


def test_every_network_is_stored_with_three_seeds():
    found = {(benchmark.setting_of(one), one.seed) for one in load_alignment()}
    plan = {(setting, seed) for setting in benchmark.PLAN for seed in benchmark.SEEDS}
    assert found == plan
    assert len(load_alignment()) == 7 * len(plan)


def test_a_stored_run_can_be_run_again():
    stored = [one for one in load_alignment() if (one.network, one.seed, one.steps) == ("dot", 1, 900)]
    for again, before in zip(run("dot", 1, 900), stored, strict=True):
        assert again.dates == before.dates
        if before.dates <= 3:  # another processor rounds in another way, and 900 steps make more of it
            assert again.symbols == pytest.approx(before.symbols, abs=0.05)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: fresh_network("cosine", 0), ValueError, "name must be one of .* got 'cosine'"),
        (lambda: train("dot", 0, steps=0), ValueError, "steps must be at least 1, got 0"),
        (lambda: train("dot", -1, steps=1), ValueError, "seed must be at least 0, got -1"),
        (lambda: held_out_lists(longest=0), ValueError, "longest must be at least 1, got 0"),
    ],
)
def test_bad_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_the_command_runs_what_is_missing_and_prints_a_table(tmp_path, capsys):
    out = tmp_path / "runs.csv"
    words = ["--networks", "dot", "fixed vector", "--seeds", "0", "--steps", "2", "--out", str(out)]
    benchmark.main(words)
    first = load_alignment(out)
    assert [(one.network, one.dates) for one in first] == [
        (name, n) for name in ("fixed vector", "dot") for n in range(1, 8)
    ]
    benchmark.main(words)
    assert load_alignment(out) == first
    printed = capsys.readouterr().out.splitlines()
    assert sum(line.startswith(("dot ", "fixed vector ")) for line in printed) == 4
