"""The embedded Reber grammar: every string is held against a grammar that is written here in another way."""

import re

import numpy as np
import pytest
from symbols_a_second import symbols_a_second

from lstm_lib.datasets import reber
from lstm_lib.datasets.reber import SYMBOLS, ContinualReber, EmbeddedReber, encode, sets

# The Reber grammar as a regular expression, read off its diagram by hand: the upper way T S* X, the lower P T* V, and
# the arrows X and P between them.
LOWER = "T*V"
REBER = rf"B(?:TS*X(?:X{LOWER}(?:P(?:X{LOWER}P)*S|(?:PX{LOWER})*V)|S)|P{LOWER}(?:P(?:X{LOWER}P)*S|(?:PX{LOWER})*V))E"
EMBEDDED = re.compile(rf"BT{REBER}TE|BP{REBER}PE")
# What may follow each beginning, tried out on the strings themselves: see `continuations`.


@pytest.fixture(scope="module")
def strings():
    return reber._texts(20_000, np.random.default_rng(0))


def test_every_string_is_one_of_the_grammar(strings):
    assert [s for s in strings if not EMBEDDED.fullmatch(s)] == []


@pytest.mark.parametrize(
    ("string", "good"),
    [
        ("BTBTXSETE", True),
        ("BPBPVVEPE", True),
        ("BPBTSSXXTVVEPE", True),
        ("BTBPTTVPSETE", True),
        ("BTBTXXVPXVPSETE", True),
        ("BTBTXSEPE", False),  # the symbol before the last is another than the second
        ("BTBXSETE", False),
        ("BTBTXSET", False),
        ("BTBTXSETEB", False),
        ("", False),
    ],
)
def test_hand_made_strings(string, good):
    assert bool(EMBEDDED.fullmatch(string)) is good
    if good:
        assert "".join(SYMBOLS[s] for s in encode([string]).x[:, 0]) == string[:-1]
    else:
        with pytest.raises(ValueError, match=r"strings\[0\] = "):
            encode([string])


def test_what_is_wrong_with_a_string_is_said():
    with pytest.raises(ValueError, match=r"'BTBTXSEPE' has 'P' at 7, where T must come"):
        encode(["BTBTXSETE", "BTBTXSEPE"])
    with pytest.raises(ValueError, match=r"has 'E' at 4, where S or X must come"):
        encode(["BTBTE"])
    with pytest.raises(ValueError, match="at least one string"):
        encode([])


def test_where_two_arrows_leave_each_is_taken_half_of_the_time(strings):
    assert abs(np.mean([s[1] == "T" for s in strings]) - 0.5) < 0.015
    assert abs(np.mean([s[3] == "T" for s in strings]) - 0.5) < 0.015
    # BT BT…: after the second T, S loops with 1/2, so the number of S there is geometric.
    loops = np.array([len(m[1]) for s in strings if (m := re.match(r"B[TP]BT(S*)X", s))])
    assert abs(loops.mean() - 1) < 0.05
    assert min(map(len, strings)) == 9


def continuations(strings):
    """For every beginning that occurs: the set of symbols that came next somewhere."""
    found = {}
    for s in strings:
        for t in range(1, len(s)):
            found.setdefault(s[:t], set()).add(s[t])
    return found


def test_legal_symbols_are_those_that_do_come(strings):
    batch, known = encode(strings[:300]), continuations(strings)
    counts = {}
    for s in strings:
        for t in range(1, len(s)):
            counts[s[:t]] = counts.get(s[:t], 0) + 1
    for b, s in enumerate(strings[:300]):
        for t in range(1, len(s)):
            legal = {SYMBOLS[k] for k in np.flatnonzero(batch.truth[t - 1, b])}
            assert known[s[:t]] <= legal
            if counts[s[:t]] > 20:  # enough to have seen both ways
                assert known[s[:t]] == legal


def test_steps_and_targets_of_a_batch(strings):
    batch = encode(strings[:50])
    for b, s in enumerate(strings[:50]):
        n = batch.lengths[b]
        assert n == len(s) - 1
        assert "".join(SYMBOLS[k] for k in batch.x[:n, b]) == s[:-1]
        assert "".join(SYMBOLS[k] for k in batch.target[:n, b]) == s[1:]
        assert (batch.target[n:, b] == -1).all()
        assert not batch.truth[n:, b].any()


def test_a_string_is_right_when_what_may_come_is_always_most_active():
    task, batch = EmbeddedReber(), encode(["BTBTXSETE", "BPBPVVEPE"])
    p = np.where(batch.truth, 0.5, 0.1)
    assert task.judge(p, batch).wrong.tolist() == [False, False]
    t, b = 6, 1  # "BPBPVVE", and now P must come
    p[t, b, SYMBOLS.index("P")], p[t, b, SYMBOLS.index("T")] = 0.4, 0.41
    error, wrong = task.judge(p, batch)
    assert wrong.tolist() == [False, True]
    assert error[1] == pytest.approx(0.41 + 5 * 0.1)
    p[t, b, SYMBOLS.index("T")] = 0.4  # as active as the legal one is not below it
    assert task.judge(p, batch).wrong.tolist() == [False, True]


def test_what_stands_after_the_end_does_not_count():
    task, batch = EmbeddedReber(), encode(["BTBTXSETE", "BPBTSSSSXSEPE"])
    p = np.where(batch.truth, 0.9, 0.0)
    p[batch.lengths[0] :, 0] = np.eye(7)[3]
    error, wrong = task.judge(p, batch)
    assert not wrong.any()
    assert not error.any()


def test_the_papers_sets():
    task = sets(np.random.default_rng(0))
    assert len(task.training) == len(task.test) == 256
    assert not set(task.training) & set(task.test)
    assert all(map(EMBEDDED.fullmatch, task.training + task.test))
    drawn = task.draw(500, np.random.default_rng(1))
    texts = {"".join(SYMBOLS[k] for k in drawn.x[:n, b]) + "E" for b, n in enumerate(drawn.lengths)}
    assert texts <= set(task.training)
    (examination,) = task.examination(np.random.default_rng(0))
    assert len(examination.lengths) == task.criterion.sequences == 512
    assert task.criterion.met(np.ones(512), np.zeros(512, bool))
    assert not task.criterion.met(np.zeros(512), np.arange(512) == 0)


def test_an_endless_text_is_strings_one_after_the_other():
    stream = ContinualReber(5, np.random.default_rng(0))
    pieces = [stream.read(steps) for steps in (1, 400, 99)]
    x, target, legal = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    assert np.array_equal(x[1:], target[:-1])
    assert np.take_along_axis(legal, target[..., None], 2).all()
    for b in range(5):
        text = "".join(SYMBOLS[k] for k in [*x[:, b], target[-1, b]])
        whole = re.match(rf"(?:{EMBEDDED.pattern})+", text)[0]
        assert len(text) - len(whole) < 60  # the last string may not have ended yet
        assert len(EMBEDDED.findall(whole)) > 25


def test_after_the_end_of_a_string_only_B_may_come():
    stream = ContinualReber(50, np.random.default_rng(0)).read(200)
    ended = np.zeros_like(stream.x, bool)
    for b in range(50):
        text = "".join(SYMBOLS[k] for k in stream.x[:, b])
        for match in re.finditer(EMBEDDED, text):
            ended[match.end() - 1, b] = True
    assert ended.sum() > 500
    assert (stream.legal[ended] == (np.arange(7) == SYMBOLS.index("B"))).all()


def test_at_least_a_million_symbols_a_second():
    assert symbols_a_second(EmbeddedReber(), batch=5000) > 1e6


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: EmbeddedReber().draw(0, np.random.default_rng(0)), "batch must be at least 1, got 0"),
        (lambda: sets(np.random.default_rng(0), training=0), "training must be at least 1, got 0"),
        (lambda: sets(np.random.default_rng(0), test=0), "test must be at least 1, got 0"),
        (lambda: ContinualReber(0, np.random.default_rng(0)), "batch must be at least 1, got 0"),
        (lambda: ContinualReber(2, np.random.default_rng(0)).read(0), "steps must be at least 1, got 0"),
    ],
)
def test_bad_sizes(make, words):
    with pytest.raises(ValueError, match=words):
        make()
