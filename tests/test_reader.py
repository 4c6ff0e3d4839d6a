"""The network that reads a sequence, against the course's own NumPy layers."""

import numpy as np
import pytest
import torch

from lstm_lib.convert import from_torch
from lstm_lib.nn.reader import Reader


@pytest.mark.parametrize("layer", ["rnn", "gru", "lstm"])
def test_it_is_one_layer_and_a_linear_map(layer):
    torch.manual_seed(0)
    reader = Reader(layer, 3, 5, 2).double()
    x = torch.randn(7, 4, 3, dtype=torch.float64)
    net, out = from_torch(reader.layer), from_torch(reader.output)
    h, _ = net.forward(x.numpy())
    np.testing.assert_allclose(reader.states(x).detach().numpy(), h, atol=1e-12)
    np.testing.assert_allclose(reader(x).detach().numpy(), out.forward(h), atol=1e-12)


def test_the_answer_at_the_end_does_not_know_what_comes_after():
    torch.manual_seed(0)
    reader = Reader("lstm", 2, 4, 3)
    x, lengths = torch.randn(9, 3, 2), torch.tensor([9, 4, 1])
    y = reader(x, lengths)
    assert y.shape == (3, 3)
    for b, n in enumerate(lengths):
        alone = reader(x[:n, b : b + 1])[-1, 0]
        assert torch.allclose(y[b], alone, atol=1e-6)
    x[4:, 1] = 100.0  # padding of another kind
    assert torch.equal(reader(x, lengths)[1], y[1])


def test_padding_has_no_gradient():
    torch.manual_seed(0)
    reader = Reader("lstm", 2, 4, 1)
    x = torch.randn(6, 2, 2, requires_grad=True)
    reader(x, torch.tensor([6, 3])).sum().backward()
    assert x.grad[3:, 1].abs().max() == 0
    assert x.grad[:3, 1].abs().min() > 0


def test_a_symbol_is_a_row_of_the_table():
    torch.manual_seed(0)
    reader = Reader("lstm", 1, 8, 3, symbols=50)
    symbols = torch.randint(50, (6, 2))
    one_hot = torch.nn.functional.one_hot(symbols, 50).float()
    by_hand = reader.output(reader.layer(one_hot @ reader.table.weight)[0])
    assert torch.allclose(reader(symbols), by_hand, atol=1e-6)
    assert 0.8 < reader.table.weight.norm(dim=1).mean() < 1.1  # as long as a one-hot vector
    assert Reader("lstm", 2, 8, 3).table is None


@pytest.mark.parametrize("symbols", [0, 50])
def test_direct_connections_go_around_the_layer(symbols):
    torch.manual_seed(0)
    reader = Reader("lstm", 2, 8, 3, symbols=symbols, direct=True)
    x = torch.randint(50, (6, 4)) if symbols else torch.randn(6, 4, 2)
    around = reader.direct.weight[x] if symbols else x @ reader.direct.weight.T
    by_hand = reader.output(reader.states(x)) + around
    assert torch.allclose(reader(x), by_hand, atol=1e-6)
    lengths = torch.tensor([6, 2, 5, 1])
    assert torch.allclose(reader(x, lengths), by_hand[lengths - 1, torch.arange(4)], atol=1e-6)
    assert Reader("lstm", 2, 8, 3).direct is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("lsmt", 1, 2, 3), r"layer must be one of \['gru', 'lstm', 'rnn'\], got 'lsmt'"),
        (("lstm", 0, 2, 3), "input_size must be at least 1, got 0"),
        (("lstm", 1, -2, 3), "hidden_size must be at least 1, got -2"),
        (("lstm", 1, 2, 0), "output_size must be at least 1, got 0"),
    ],
)
def test_bad_sizes(arguments, words):
    with pytest.raises(ValueError, match=words):
        Reader(*arguments)
