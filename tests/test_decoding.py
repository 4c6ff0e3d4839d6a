"""Greedy decoding, with models small enough to follow by hand."""

import pytest
import torch

from lstm_lib.decoding import greedy
from lstm_lib.nn.seq2seq import Seq2Seq


class Counts:
    """Writes 3, 4, 5, … and then the end, 2, after as many symbols as its source says; step t looks at state t."""

    def __init__(self, after_the_end=7):
        self.after_the_end = after_the_end
        self.read = []

    def begin(self, memory):
        return torch.zeros(1, memory[0].shape[1], dtype=torch.long)

    def decode(self, before, state, memory):
        self.read.append(before[0].tolist())
        count = memory[0][0, :, 0].long()
        symbol = torch.where(
            state[0] < count, state[0] + 3, torch.where(state[0] == count, 2, self.after_the_end)
        )
        weights = torch.nn.functional.one_hot(state[0].clamp(max=3), 4)[:, None].float()
        return torch.nn.functional.one_hot(symbol, 12)[None].float(), weights, state + 1


def memory_of(counts):
    return (torch.tensor(counts, dtype=torch.float)[None, :, None],)


def test_each_sequence_ends_at_its_own_end_and_is_filled_up_with_it():
    model = Counts()
    symbols, lengths, weights = greedy(model, memory_of([3, 1, 0]), begin=1, end=2, max_steps=20)
    assert symbols.T.tolist() == [[3, 4, 5, 2], [3, 2, 2, 2], [2, 2, 2, 2]]
    assert lengths.tolist() == [4, 2, 1]
    assert weights.shape == (3, 4, 4)
    assert weights.argmax(-1)[0].tolist() == [0, 1, 2, 3]


def test_the_first_symbol_read_is_begin_and_then_what_was_written():
    model = Counts()
    greedy(model, memory_of([2, 1]), begin=1, end=2, max_steps=20)
    assert model.read == [[1, 1], [3, 3], [4, 2]]


def test_a_sequence_without_an_end_is_cut():
    symbols, lengths, _ = greedy(Counts(), memory_of([9, 1]), begin=1, end=2, max_steps=3)
    assert symbols.T.tolist() == [[3, 4, 5], [3, 2, 2]]
    assert lengths.tolist() == [3, 2]


@pytest.mark.parametrize("attention", ["none", "bilinear"])
def test_what_it_writes_is_the_likeliest_at_every_step(attention):
    torch.manual_seed(4)
    model, source, lengths = (
        Seq2Seq(9, 7, 4, 6, attention).double(),
        torch.randint(9, (5, 20)),
        torch.randint(1, 6, (20,)),
    )
    written = greedy(model, model.encode(source, lengths), begin=1, end=2, max_steps=12)
    before = torch.cat([torch.ones_like(written.symbols[:1]), written.symbols[:-1]])
    logits, weights, _ = model(source, before, lengths)
    inside = torch.arange(len(written.symbols))[:, None] < written.lengths
    assert torch.equal(logits.argmax(-1)[inside], written.symbols[inside])
    assert (written.symbols[~inside] == 2).all()
    ended = written.lengths < len(written.symbols)
    assert (written.symbols[written.lengths - 1, torch.arange(20)][ended] == 2).all()
    if attention == "none":
        assert written.weights is None
    else:
        assert torch.allclose(written.weights, weights, atol=1e-12)
    assert not written.symbols.requires_grad


def test_a_batch_is_written_as_its_sequences_one_by_one():
    torch.manual_seed(4)
    model, source, lengths = Seq2Seq(9, 7, 4, 6).double(), torch.randint(9, (5, 8)), torch.randint(1, 6, (8,))
    together = greedy(model, model.encode(source, lengths), begin=1, end=2, max_steps=12)
    for b, n in enumerate(lengths):
        alone = greedy(model, model.encode(source[:n, b : b + 1]), begin=1, end=2, max_steps=12)
        k = int(alone.lengths[0])
        assert int(together.lengths[b]) == k
        assert torch.equal(together.symbols[:k, b], alone.symbols[:, 0])


@pytest.mark.parametrize(("steps", "error"), [(0, ValueError), (2.0, TypeError), (True, TypeError)])
def test_a_number_of_steps_that_cannot_be_meant_is_refused(steps, error):
    with pytest.raises(error, match="max_steps must be a positive int, got"):
        greedy(Counts(), memory_of([1]), begin=1, end=2, max_steps=steps)
