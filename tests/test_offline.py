"""Once the data is fetched, the lessons need no network.

`tools.lessons test` runs every lesson under the guard of tests/offline and, where the system allows it, in a
namespace that has no network at all; conftest.py puts every test under the guard. Here the guard and the namespace
are proved, in a kernel and in what a kernel starts.
"""

import os
import socket
import subprocess
import sys

import pytest
from jupyter_client.manager import start_new_kernel

from tools import lessons

# Addresses and names that are set aside for examples: nobody answers there.
OUTSIDE = "192.0.2.1"
REFUSED = "the network is refused here"

TRY_TO_CONNECT = f"""
import socket
def attempt(call):
    try:
        call()
    except OSError as error:
        return f"{{type(error).__name__}}: {{error}}"
    return "passed"
stream, datagram = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
print(attempt(lambda: stream.connect(({OUTSIDE!r}, 80))))
print(attempt(lambda: stream.connect_ex(({OUTSIDE!r}, 80))))
print(attempt(lambda: datagram.sendto(b"", ({OUTSIDE!r}, 53))))
print(attempt(lambda: datagram.sendto(b"", 0, ({OUTSIDE!r}, 53))))
print(attempt(lambda: socket.getaddrinfo("data.example", 443)))
print(attempt(lambda: socket.create_connection(("data.example", 443))))
stream.close(), datagram.close()
"""

USE_LOOPBACK = """
import socket
with socket.create_server(("127.0.0.1", 0)) as server:
    with socket.create_connection(("localhost", server.getsockname()[1])) as client:
        print(client.getpeername()[0])
"""


def python(code, *arguments):
    """What a Python process prints that runs as the lessons do."""
    with lessons.quiet_room() as environment:
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def in_kernel(code):
    """What a notebook's kernel prints that is started as the lessons' kernels are."""
    with lessons.quiet_room() as environment:
        manager, client = start_new_kernel(env=environment)
        printed = []
        try:
            client.execute_interactive(
                code, timeout=60, output_hook=lambda m: printed.append(m["content"].get("text", ""))
            )
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    return "".join(printed).splitlines()


@pytest.fixture(scope="module")
def refusals_in_a_kernel():
    return in_kernel(TRY_TO_CONNECT)


def test_a_kernel_cannot_reach_the_network(refusals_in_a_kernel):
    assert len(refusals_in_a_kernel) == 6
    assert all(line.startswith(f"NetworkRefused: {REFUSED}") for line in refusals_in_a_kernel)


def test_nor_can_a_process_that_a_kernel_starts(refusals_in_a_kernel):
    child = f"subprocess.check_output([sys.executable, '-c', {TRY_TO_CONNECT!r}], text=True)"
    assert in_kernel(f"import subprocess, sys; print({child}, end='')") == refusals_in_a_kernel


def test_this_very_process_cannot_reach_the_network():
    with socket.socket() as stream, pytest.raises(ConnectionRefusedError, match=REFUSED):
        stream.connect((OUTSIDE, 80))


def test_loopback_works_as_always():
    assert python(USE_LOOPBACK) == ["127.0.0.1"]
    assert in_kernel(USE_LOOPBACK) == ["127.0.0.1"]


def test_pip_cannot_download(tmp_path):
    with lessons.quiet_room() as environment:
        environment |= {"PIP_CONFIG_FILE": os.devnull}
        command = [sys.executable, "-m", "pip", "--isolated", "download", "--no-deps", "--retries=1"]
        command += ["--index-url", "https://packages.example/simple", "--dest", str(tmp_path), "some-package"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode != 0
    assert REFUSED in done.stdout + done.stderr
    assert not list(tmp_path.glob("*.whl"))


def test_in_the_namespace_there_is_loopback_and_nothing_else():
    prefix = lessons.without_network()
    if not prefix:
        pytest.skip("needs Linux, where a user may make a network namespace")
    command = [*prefix, sys.executable, "-c", TRY_TO_CONNECT + USE_LOOPBACK]
    without_guard = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    connected, *_, loopback = subprocess.check_output(command, env=without_guard, text=True).splitlines()
    assert "unreachable" in connected
    assert loopback == "127.0.0.1"


def test_all_lessons_are_compared_in_that_namespace_under_the_guard(monkeypatch):
    commands = []

    def run(command, env=None, **_):
        commands.append((command, env or {}))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(lessons, "without_network", lambda: ["alone"])
    monkeypatch.setattr(lessons.subprocess, "run", run)
    assert lessons.main(["test"]) == 0
    ((command, environment),) = commands
    assert command[0] == "alone"
    assert set(map(str, lessons.standing())) <= set(command)
    assert "offline" in environment["PYTHONPATH"]
