"""Say in words what a figure does: a CNN with an LSTM that watches, and an LSTM with attention that writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from sacrebleu.metrics.bleu import BLEU, BLEUScore
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lstm_lib.datasets.captions import (
    ACTIONS,
    BEGIN,
    END,
    NUMBER,
    PADDING,
    WORDS,
    Captioned,
    captioned,
    mirrored,
)
from lstm_lib.datasets.task import whole_number
from lstm_lib.decoding import greedy
from lstm_lib.nn.seq2seq import shifted
from lstm_lib.nn.video import SIZE, Captioner
from lstm_lib.training import History, fit

LONGEST = 40  # words of a caption that are written at the most
METRIC = BLEU(tokenize="none")  # the words are separated already
NOTHING = -100  # in the place of an action, behind a clip's end


@dataclass(frozen=True)
class CaptionRecipe:
    """How the captioner is trained; chosen on a validation part, with seeds of 100 and more.

    Attributes:
        steps, rate, weight_decay, batch: of ``fit``.
        hidden_size, dropout: of the ``Captioner``.
        wrong_words: in training, so large a part of the words before is another word, drawn evenly, so that the decoder
            cannot rely on what usually follows.
        action_loss: the weight of the loss on the action in each frame.
        positions: whether the decoder is told where in the clip a state stands.
    """

    steps: int = 800
    rate: float = 0.005
    weight_decay: float = 0.01
    batch: int = 32
    hidden_size: int = 128
    dropout: float = 0.1
    wrong_words: float = 0.0
    action_loss: float = 1.0
    positions: bool = True


RECIPE = CaptionRecipe()


def caption_parts(train: int = 4000, test: int = 500) -> dict[str, list[Captioned]]:
    """Return the clips of lesson 17: "train", "validation", and for the test "seen" and "unseen" pairs of actions."""
    return {
        "train": captioned(train, np.random.default_rng(1701)),
        "validation": captioned(test // 2, np.random.default_rng(1702)),
        "seen": captioned(test, np.random.default_rng(1703)),
        "unseen": captioned(test, np.random.default_rng(1705), unseen=True),
    }


class Batch(NamedTuple):
    """Clips (T, B, 32, 32), their lengths (B,), captions (L, B) with their end, and actions (T, B)."""

    clips: Tensor
    lengths: Tensor
    captions: Tensor
    actions: Tensor


def batched(given: Sequence[Captioned]) -> Batch:
    """Return clips as one batch, padded; each clip has mean 0 and deviation 1.

    Raises:
        TypeError: given holds something that is no clip with a caption. ValueError: there is no clip.
    """
    _check_given(given)
    T, L, B = max(len(one.frames) for one in given), max(len(one.caption) for one in given) + 1, len(given)
    clips, actions = torch.zeros(T, B, SIZE, SIZE), torch.full((T, B), NOTHING)
    captions = torch.full((L, B), PADDING)
    for k, one in enumerate(given):
        frames = torch.from_numpy(np.ascontiguousarray(one.frames)).float()
        clips[: len(frames), k] = (frames - frames.mean()) / frames.std().clamp(min=1.0)
        actions[: len(frames), k] = torch.from_numpy(one.actions)
        words = [*(NUMBER[word] for word in one.caption), END]
        captions[: len(words), k] = torch.tensor(words)
    return Batch(clips, torch.tensor([len(one.frames) for one in given]), captions, actions)


def fresh_captioner(seed: int, recipe: CaptionRecipe = RECIPE) -> Captioner:
    """Return a captioner with its first weights; PyTorch's global generator is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Captioner(
            len(WORDS), 2 * len(ACTIONS), hidden_size=recipe.hidden_size, dropout=recipe.dropout,
            positions=recipe.positions,
        )  # fmt: skip


def learn_captions(
    given: Sequence[Captioned], seed: int, recipe: CaptionRecipe = RECIPE, progress: str | None = None
) -> tuple[Captioner, History]:
    """Train a captioner. A batch has clips of one length, so that nothing is padded; half of them are seen in a mirror.

    Args:
        given: the training part.
        seed: of the first weights and the batches.
        recipe: how.
        progress: the text beside the progress bar; None shows no bar.

    Raises:
        TypeError, ValueError: there is no clip, or something else among them; the batch is no whole number above zero,
            the seed none from 0 on, or a part of words is not from 0 to 1.
    """
    _check_given(given)
    whole_number("recipe.batch", recipe.batch, 1)
    whole_number("seed", seed, 0)
    if not 0 <= recipe.wrong_words <= 1:
        raise ValueError(f"recipe.wrong_words must be a part from 0 to 1, got {recipe.wrong_words}")
    rng, noise = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    model = fresh_captioner(seed, recipe)
    lengths = np.array([len(one.frames) for one in given])
    groups = [np.flatnonzero(lengths == length) for length in np.unique(lengths)]
    parts = np.array([len(group) for group in groups]) / len(given)

    def draw() -> Batch:
        group = groups[rng.choice(len(groups), p=parts)]
        chosen = [given[k] for k in rng.choice(group, recipe.batch)]
        return batched([mirrored(one) if rng.random() < 0.5 else one for one in chosen])

    def loss(net: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
        before = shifted(batch.captions, BEGIN)
        wrong = torch.rand(before.shape, generator=noise) < recipe.wrong_words
        wrong[0] = False
        others = torch.randint(END + 1, len(WORDS), before.shape, generator=noise)
        said, seen = net(batch.clips, torch.where(wrong, others, before), batch.lengths)
        words = cross_entropy(said.logits.flatten(0, 1), batch.captions.flatten(), ignore_index=PADDING)
        actions = cross_entropy(seen.flatten(0, 1), batch.actions.flatten(), ignore_index=NOTHING)
        return words + recipe.action_loss * actions, said.logits

    with torch.random.fork_rng(devices=[]):  # dropout draws from PyTorch's global generator
        torch.manual_seed(seed)
        history = fit(
            model,
            draw,
            loss,
            steps=recipe.steps,
            rate=recipe.rate,
            weight_decay=recipe.weight_decay,
            progress=progress,
        )
    return model, history


def write_captions(model: Captioner, given: Sequence[Captioned], batch: int = 50) -> list[tuple[str, ...]]:
    """Return what a captioner says of each clip, word by word the likeliest; so many clips at once.

    Raises:
        TypeError, ValueError: there is no clip, or something else among them; batch is no whole number above zero.
    """
    _check_given(given)
    whole_number("batch", batch, 1)
    said: list[tuple[str, ...]] = []
    for k in range(0, len(given), batch):
        part = batched(given[k : k + batch])
        with torch.no_grad():
            memory = model.encode(part.clips, part.lengths)
        written = greedy(model, memory, begin=BEGIN, end=END, max_steps=LONGEST)
        for symbols in written.symbols.T.tolist():
            words = symbols[: symbols.index(END)] if END in symbols else symbols
            said.append(tuple(WORDS[word] for word in words))
    return said


def exact(said: Sequence[Sequence[str]], given: Sequence[Captioned]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return for each clip whether its caption is right to the word, (N,).

    Raises:
        ValueError: there is no clip, or another number of captions.
    """
    _check_said(said, given)
    return np.array([tuple(words) == one.caption for words, one in zip(said, given, strict=True)])


def bleu(said: Sequence[Sequence[str]], given: Sequence[Captioned]) -> BLEUScore:
    """Return corpus BLEU by sacrebleu (Papineni et al. 2002), from 0 to 100.

    Raises:
        ValueError: there is no clip, or another number of captions.
    """
    _check_said(said, given)
    score: BLEUScore = METRIC.corpus_score(
        [" ".join(words) for words in said], [[" ".join(one.caption) for one in given]]
    )
    return score


def parts_right(said: Sequence[Sequence[str]], given: Sequence[Captioned]) -> dict[str, float]:
    """Return which part of the captions has the figure right, the number of actions, the ways, and each action.

    Raises:
        ValueError: there is no clip, or another number of captions.
    """
    _check_said(said, given)
    found: dict[str, list[bool]] = {
        "who": [],
        "how many": [],
        "which way": [],
        "first action": [],
        "later actions": [],
    }
    for words, one in zip(said, given, strict=True):
        (who, what), (said_who, said_what) = _parts(one.caption), _parts(words)
        found["who"].append(who == said_who)
        found["how many"].append(len(what) == len(said_what))
        for k, action in enumerate(what):
            mine = said_what[k] if k < len(said_what) else ()
            found["first action" if k == 0 else "later actions"].append(mine[:1] == action[:1])
            if action[-1] in ("left", "right") and mine[:1] == action[:1]:
                found["which way"].append(mine[-1] == action[-1])
    return {name: float(np.mean(right)) if right else float("nan") for name, right in found.items()}


def _check_given(given: Sequence[Captioned]) -> None:
    for one in given:
        if not isinstance(one, Captioned):
            raise TypeError(f"given must hold clips with captions, as captioned() draws them, got {one!r}")
    if not given:
        raise ValueError("given must hold at least one clip, got none")


def _check_said(said: Sequence[Sequence[str]], given: Sequence[Captioned]) -> None:
    _check_given(given)
    if len(said) != len(given):
        raise ValueError(f"said must hold a caption for each of {len(given)} clips, got {len(said)}")


def _parts(words: Sequence[str]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the words before the first verb, and those of each action."""
    verbs = {"walks", "runs", "jumps", "waves", "squats", "claps", "kicks", "bends"}
    first = next((k for k, word in enumerate(words) if word in verbs), len(words))
    actions: list[tuple[str, ...]] = [()]
    for word in words[first:]:
        if word == "then":
            actions.append(())
        elif word != ",":
            actions[-1] += (word,)
    return tuple(words[:first]), [action for action in actions if action]
