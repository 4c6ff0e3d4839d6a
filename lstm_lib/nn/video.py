"""Networks that watch: a small CNN a frame and an LSTM over the frames, what they are compared with, and a captioner.

    v_t = CNN(frame_t)                 the same small CNN for every frame
    h_t, c_t = LSTM(v_t, h_{t-1}, c_{t-1})
    scores = h_T W_y + b_y

Source: Donahue et al. (2015), "Long-term recurrent convolutional networks for visual recognition and description". The
rivals: Karpathy et al. (2014), "Large-scale video classification with convolutional neural networks", for the single
frame, the average (late fusion) and early fusion; Tran et al. (2015), "Learning spatiotemporal features with 3D
convolutional networks".
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from lstm_lib.nn.attention import check_dropout, check_tensor, padding_mask
from lstm_lib.nn.initialisation import forget_bias_
from lstm_lib.nn.recurrent import reverse_within
from lstm_lib.nn.recurrent.layer import check_sizes, checked_lengths
from lstm_lib.nn.seq2seq import ATTENTIONS, Decoded, Memory, Writer
from lstm_lib.nn.transformer import sinusoidal_positions

__all__ = ["WAYS", "Captioner", "FrameEncoder", "VideoClassifier"]

WAYS = ("LSTM", "average", "single frame", "3D convolution", "early fusion")
SIZE = 32  # of a frame, in pixels


class FrameEncoder(nn.Sequential):
    """A frame becomes F numbers: three convolutions 3 × 3 that halve the sides, each with batch norm and ReLU.

    (N, channels, 32, 32) -> (N, F). The channels grow from ``width`` to four times as many, while the picture shrinks
    to 16 × 16, 8 × 8 and 4 × 4.
    """

    def __init__(self, features: int, width: int = 8, channels: int = 1) -> None:
        """Draw all weights from PyTorch's global generator: seed that first."""
        check_sizes(features=features, width=width, channels=channels)
        layers: list[nn.Module] = []
        for here, there in ((channels, width), (width, 2 * width), (2 * width, 4 * width)):
            layers += [nn.Conv2d(here, there, 3, stride=2, padding=1), nn.BatchNorm2d(there), nn.ReLU()]
        side = SIZE // 8
        super().__init__(*layers, nn.Flatten(), nn.Linear(4 * width * side * side, features), nn.ReLU())


class VideoClassifier(nn.Module):
    """Clips (T, B, 32, 32) in, scores of C classes out, in one of five WAYS.

    LSTM: a CNN a frame, then an LSTM. average: the same CNN, and the mean of its features over time. single frame: the
    same CNN, and one answer a frame. 3D convolution: three convolutions 3 × 3 × 3 over a clip of fixed length. early
    fusion: a CNN that takes the frames of a clip of fixed length as its channels.

    Attributes:
        way: one of WAYS.
        frames: T for which the last two are made; the others take any.
    """

    def __init__(
        self,
        way: str,
        classes: int,
        *,
        features: int = 64,
        hidden_size: int = 64,
        width: int = 8,
        frames: int = 24,
    ) -> None:
        """Draw all weights from PyTorch's global generator: seed that first.

        Args:
            way: one of WAYS.
            classes: C.
            features: F, what a frame becomes.
            hidden_size: H of the LSTM.
            width: channels of the first convolution.
            frames: T, for the ways that need it.

        Raises:
            TypeError: a size is no int. ValueError: there is no such way, or a size is below 1.
        """
        super().__init__()
        if way not in WAYS:
            raise ValueError(f"way must be one of {list(WAYS)}, got {way!r}")
        check_sizes(classes=classes, features=features, hidden_size=hidden_size, width=width, frames=frames)
        self.way, self.frames = way, frames
        if way == "3D convolution":
            layers: list[nn.Module] = []
            for here, there in ((1, width), (width, 2 * width), (2 * width, 4 * width)):
                layers += [nn.Conv3d(here, there, 3, stride=2, padding=1), nn.BatchNorm3d(there), nn.ReLU()]
            volume = (SIZE // 8) ** 2 * -(-frames // 8)
            self.encoder = nn.Sequential(
                *layers, nn.Flatten(), nn.Linear(4 * width * volume, features), nn.ReLU()
            )
        else:
            fused = way == "early fusion"
            self.encoder = FrameEncoder(features, 2 * width if fused else width, frames if fused else 1)
        self.lstm = nn.LSTM(features, hidden_size) if way == "LSTM" else None
        if self.lstm is not None:
            forget_bias_(self.lstm, 1.0)
        self.output = nn.Linear(hidden_size if self.lstm else features, classes)

    def forward(self, clips: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Return scores: (B, C) for a clip; with "single frame" (T, B, C), one answer for each frame.

        Args:
            clips: (T, B, 32, 32), numbers around 0.
            lengths: (B,), the frames of each clip where they differ; the ways of fixed length take none.

        Raises:
            TypeError: clips are no tensor of floats.
            ValueError: a shape or a length does not fit.
        """
        _check_clips(clips)
        if self.way in ("3D convolution", "early fusion"):
            if len(clips) != self.frames or lengths is not None:
                raise ValueError(
                    f"{self.way} is made for clips of {self.frames} frames, got {len(clips)}, lengths {lengths}"
                )
            x = clips.transpose(0, 1)  # (B, T, 32, 32)
            v: Tensor = self.encoder(x[:, None] if self.way == "3D convolution" else x)
            return _linear(self.output, v)
        v = each_frame(self.encoder, clips, lengths)  # (T, B, F)
        if self.way == "single frame":
            return _linear(self.output, v)
        T, B = clips.shape[:2]
        ends = checked_lengths(lengths, clips)
        if self.way == "average":
            count = clips.new_full((B, 1), T) if ends is None else ends[:, None]
            return _linear(self.output, v.sum(dim=0) / count)
        return self.after_each(v)[-1 if ends is None else ends - 1, torch.arange(B)]

    def after_each(self, v: Tensor) -> Tensor:
        """Return the scores after every frame, (T, B, C), from the features (T, B, F) of an LSTM's clips."""
        if self.lstm is None:
            raise ValueError(f"only the LSTM answers after each frame, this is {self.way!r}")
        h, _ = self.lstm(v)
        return _linear(self.output, h)

    def watch(self, clips: Tensor) -> Tensor:
        """Return what an LSTM says after each frame of clips (T, B, 32, 32): scores (T, B, C)."""
        _check_clips(clips)
        if self.lstm is None:
            raise ValueError(f"only the LSTM answers after each frame, this is {self.way!r}")
        return self.after_each(each_frame(self.encoder, clips))


class Captioner(Writer):
    """Clips in, logits of words out: a CNN a frame, an LSTM in both directions, and a decoder with attention.

    ``glance`` also names the action in each frame; learning this beside the words teaches the encoder to see.

    Attributes:
        frame_encoder: the CNN, frame -> F numbers.
        encoders: two LSTMs of H / 2 units.
        action: linear, from an encoder's state to scores of actions.
        target_table to output: see ``lstm_lib.nn.seq2seq.Seq2Seq``.
    """

    def __init__(
        self, words: int, actions: int, *, features: int = 64, hidden_size: int = 128, embedding_size: int = 32,
        attention: str = "bilinear", width: int = 8, dropout: float = 0.0,
        positions: bool = True,
    ) -> None:  # fmt: skip
        """Draw all weights from PyTorch's global generator: seed that first.

        Args:
            words: V.
            actions: how many actions a frame can show.
            features: F, what a frame becomes.
            hidden_size: H of the decoder and of a state of the memory; even.
            embedding_size: of a word.
            attention: of ``lstm_lib.nn.seq2seq.ATTENTIONS``.
            width: channels of the first convolution.
            dropout: the part of what the output layer and the decoder get that is set to zero while training.
            positions: whether a code for its place in the clip is added to each state (lesson 11), so that the decoder
                can look at the next action rather than at any.

        Raises:
            TypeError: a size is no int, dropout no number. ValueError: one of them does not fit, or there is no such
                attention.
        """
        super().__init__()
        H = hidden_size
        check_sizes(
            words=words, actions=actions, features=features, hidden_size=H, embedding_size=embedding_size
        )
        if H % 2:
            raise ValueError(f"hidden_size must be even for two directions, got {H}")
        if attention not in ATTENTIONS:
            raise ValueError(f"attention must be one of {list(ATTENTIONS)}, got {attention!r}")
        check_dropout(dropout)
        self.dropout, self.positions = dropout, positions
        self.frame_encoder = FrameEncoder(features, width)
        self.encoders = nn.ModuleList(nn.LSTM(features, H // 2) for _ in range(2))
        self.target_table, self.decoder = nn.Embedding(words, embedding_size), nn.LSTM(embedding_size, H)
        for lstm in (*self.encoders, self.decoder):
            forget_bias_(lstm, 1.0)
        self.begin_h, self.begin_c = nn.Linear(H, H), nn.Linear(H, H)
        self.attention = ATTENTIONS[attention](H)
        self.mix = nn.Linear(2 * H, H) if self.attention else None
        self.output = nn.Linear(H, words)
        self.action = nn.Linear(H, actions)

    def encode(self, clips: Tensor, lengths: Tensor | None = None) -> Memory:
        """Watch clips (T, B, 32, 32) with lengths (B,).

        Raises:
            TypeError: clips are no tensor of floats. ValueError: a shape or a length does not fit.
        """
        _check_clips(clips)
        T, B = clips.shape[:2]
        steps = checked_lengths(lengths, clips)
        v = each_frame(self.frame_encoder, clips, lengths)
        last = (torch.full((B,), T) if steps is None else steps) - 1, torch.arange(B)
        states, summary = [], []
        for backward, lstm in enumerate(self.encoders):
            h, _ = lstm(reverse_within(v, steps) if backward else v)
            summary.append(h[last])
            states.append(reverse_within(h, steps) if backward else h)
        m = torch.cat(states, dim=-1)  # (T, B, H)
        if self.positions:
            m = m + sinusoidal_positions(T, self.decoder.hidden_size)
        keys = self.attention.keys(m) if self.attention else None
        mask = None if steps is None else padding_mask(steps, T)
        return Memory(m, keys, mask, torch.cat(summary, dim=-1))

    def forward(self, clips: Tensor, before: Tensor, lengths: Tensor | None = None) -> tuple[Decoded, Tensor]:
        """Return what comes after each word of ``before`` (L, B), all at once, and the scores of actions (T, B, A)."""
        memory = self.encode(clips, lengths)
        return self.decode(before, self.begin(memory), memory), self.glance(memory)

    def glance(self, memory: Memory) -> Tensor:
        """Return the scores of the actions in each frame, (T, B, A)."""
        return _linear(self.action, memory.states)


def each_frame(encoder: nn.Module, clips: Tensor, lengths: Tensor | None = None) -> Tensor:
    """Return the features of every frame, (T, B, F); frames behind a clip's end are not looked at and get zeros."""
    T, B = clips.shape[:2]
    steps = checked_lengths(lengths, clips)
    if steps is None:
        v: Tensor = encoder(clips.reshape(T * B, 1, *clips.shape[2:]))
        return v.reshape(T, B, -1)
    inside = torch.arange(T)[:, None] < steps  # (T, B)
    found: Tensor = encoder(clips[inside][:, None])
    padded: Tensor = found.new_zeros(T, B, found.shape[-1]).index_put((inside,), found)
    return padded


def _linear(layer: nn.Linear, x: Tensor) -> Tensor:
    y: Tensor = layer(x)
    return y


def _check_clips(clips: Tensor) -> None:
    check_tensor("clips", clips)
    if not clips.is_floating_point():
        raise TypeError(f"clips must be floats around 0, got {clips.dtype}: standardise them first")
    if clips.ndim != 4 or clips.shape[2:] != (SIZE, SIZE) or not len(clips) or not clips.shape[1]:
        raise ValueError(f"clips must be (T, B, {SIZE}, {SIZE}), got shape {tuple(clips.shape)}")
