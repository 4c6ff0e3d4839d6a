"""The process that speaks, from inside: what it writes, byte for byte."""

import json
import subprocess
import sys

from lstm_lib.datasets.espeak import COMMAND


def run(said):
    return subprocess.run(COMMAND, input=json.dumps(said).encode() + b"\n", capture_output=True, check=False)


def test_it_writes_the_rate_and_then_each_utterance_with_its_length():
    done = run([["one", "gmw/en", 175, 50], ["two", "gmw/en+f2", 200, 40]])
    assert (done.returncode, done.stderr) == (0, b"")
    out = done.stdout
    assert int.from_bytes(out[:4], "little") == 22_050
    at = 4
    for _ in range(2):
        count = int.from_bytes(out[at : at + 4], "little")
        assert 2000 < count < 40_000
        at += 4 + 2 * count
    assert at == len(out)


def test_it_ends_with_a_sentence_when_a_voice_is_missing():
    done = run([["one", "gmw/en+nobody", 175, 50]])
    assert done.returncode == 1
    assert done.stderr.decode().strip() == "there is no variant 'nobody' for the voice 'gmw/en+nobody'"


def test_this_process_has_not_loaded_the_library():
    assert "lstm_lib.datasets.espeak_process" not in sys.modules
