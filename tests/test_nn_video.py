"""The networks that watch: shapes, lengths, padding, and what order does to them."""

import pytest
import torch

from lstm_lib.decoding import greedy
from lstm_lib.nn.recurrent import parameters_of
from lstm_lib.nn.video import WAYS, Captioner, FrameEncoder, VideoClassifier, each_frame


@pytest.fixture
def clips():
    return torch.randn(6, 3, 32, 32, generator=torch.Generator().manual_seed(0))


def network(way, **sizes):
    torch.manual_seed(1)
    return VideoClassifier(way, 5, features=8, hidden_size=8, width=2, frames=6, **sizes).eval()


@pytest.mark.parametrize("way", WAYS)
def test_every_way_gives_a_score_for_each_class(way, clips):
    scores = network(way)(clips)
    assert scores.shape == ((6, 3, 5) if way == "single frame" else (3, 5))
    assert torch.isfinite(scores).all()


def test_the_lstm_is_the_loop_over_the_frames(clips):
    net = network("LSTM")
    state = None
    with torch.no_grad():
        for frame in clips:
            h, state = net.lstm(net.encoder(frame[:, None])[None], state)
        torch.testing.assert_close(net(clips), net.output(h[0]))
        torch.testing.assert_close(net.watch(clips)[-1], net(clips))


def test_only_ways_with_order_feel_another_order(clips):
    mixed = clips[torch.tensor([3, 0, 5, 1, 4, 2])]
    with torch.no_grad():
        for way in WAYS:
            net = network(way)
            same = torch.allclose(net(clips).mean(0), net(mixed).mean(0), atol=1e-5)
            assert same == (way in ("average", "single frame")), way


@pytest.mark.parametrize("way", ["LSTM", "average"])
def test_padding_changes_nothing(way, clips):
    net = network(way)
    lengths = torch.tensor([6, 4, 2])
    with torch.no_grad():
        scores = net(clips, lengths)
        for k, length in enumerate(lengths):
            torch.testing.assert_close(
                scores[k : k + 1], net(clips[:length, k : k + 1]), atol=1e-5, rtol=1e-4
            )


def test_frames_behind_the_end_do_not_reach_the_batch_norm(clips):
    encoder = FrameEncoder(8, 2).train()
    torch.manual_seed(0)
    each_frame(encoder, clips, torch.tensor([6, 4, 2]))
    seen = encoder[1].running_mean.clone()
    other = FrameEncoder(8, 2).train()
    other.load_state_dict(encoder.state_dict())
    for norm in (other[1], other[4], other[7]):
        norm.reset_running_stats()
    padded = clips.clone()
    padded[4:, 1], padded[2:, 2] = 1e3, -1e3
    each_frame(other, padded, torch.tensor([6, 4, 2]))
    torch.testing.assert_close(other[1].running_mean, seen)


def captioner(**settings):
    torch.manual_seed(2)
    return Captioner(7, 4, features=8, hidden_size=8, embedding_size=4, width=2, **settings).eval()


@pytest.mark.parametrize("positions", [True, False])
def test_a_caption_is_written_as_it_is_taught(positions, clips):
    model = captioner(positions=positions)
    lengths = torch.tensor([6, 4, 3])
    with torch.no_grad():
        memory = model.encode(clips, lengths)
        written = greedy(model, memory, begin=1, end=2, max_steps=5)
        before = torch.cat([torch.ones(1, 3, dtype=torch.long), written.symbols[:-1]])
        said, seen = model(clips, before, lengths)
    assert seen.shape == (6, 3, 4)
    T = int(written.lengths.min())
    assert torch.equal(said.logits.argmax(-1)[:T], written.symbols[:T])
    weights = said.weights
    assert weights.shape == (3, len(written.symbols), 6)
    assert (weights[1, :, 4:] == 0).all()
    assert (weights[2, :, 3:] == 0).all()


def test_a_padded_clip_is_told_as_it_is_alone(clips):
    model = captioner()
    with torch.no_grad():
        together = model.encode(clips, torch.tensor([6, 4, 3]))
        alone = model.encode(clips[:4, 1:2])
    torch.testing.assert_close(together.states[:4, 1:2], alone.states, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(together.summary[1:2], alone.summary, atol=1e-5, rtol=1e-4)


def test_positions_tell_equal_frames_apart():
    still = torch.ones(5, 1, 32, 32)
    with torch.no_grad():
        told, plain = (captioner(positions=p).encode(still).states for p in (True, False))
    assert (told - plain).std(dim=0).max() > 0.1


def test_sizes_are_those_of_the_lesson():
    assert parameters_of(FrameEncoder(64)) == 38_832
    assert parameters_of(VideoClassifier("LSTM", 8)) == 72_632


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda c: VideoClassifier("GRU", 3), ValueError, r"way must be one of \['LSTM', .*, got 'GRU'"),
        (lambda c: VideoClassifier("LSTM", 0), ValueError, "classes"),
        (lambda c: network("LSTM")(c.to(torch.uint8)), TypeError, "clips must be floats around 0, got torch.uint8"),
        (lambda c: network("LSTM")(c[..., :16]), ValueError, r"clips must be \(T, B, 32, 32\), got shape"),
        (lambda c: network("early fusion")(c[:4]), ValueError, "early fusion is made for clips of 6 frames, got 4"),
        (lambda c: network("LSTM")(c, torch.tensor([7, 1, 1])), ValueError, "lengths must be from 1 to 6"),
        (lambda c: network("average").watch(c), ValueError, "only the LSTM answers after each frame"),
        (lambda c: Captioner(7, 4, hidden_size=7), ValueError, "hidden_size must be even for two directions, got 7"),
        (lambda c: Captioner(7, 4, attention="hard"), ValueError, "attention must be one of"),
        (lambda c: captioner().encode("clip"), TypeError, "clips must be a torch tensor"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(call, error, words, clips):
    with pytest.raises(error, match=words):
        call(clips)
