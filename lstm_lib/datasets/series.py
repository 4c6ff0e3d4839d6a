"""Series of numbers over time: four real ones from ``data/``, and the door for a learner's own CSV file."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_lib.datasets.source import DATA, DataError
from lstm_lib.datasets.task import whole_number

Array = NDArray[Any]
_TIME = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?")


@dataclass(frozen=True, repr=False)
class Series:
    """Numbers over time, oldest first, cut into three parts: train, validation, test.

    Attributes:
        name: what is measured, and where.
        unit: of the values.
        times: (N,) datetime64 in seconds, rising.
        values: (N,) float64, none missing.
        others: name -> (N,), more columns at the same times.
        validation, test: where these parts begin; what comes before ``validation`` is for training.
    """

    name: str
    unit: str
    times: Array
    values: Array
    others: Mapping[str, Array]
    validation: int
    test: int

    def __len__(self) -> int:
        """N."""
        return len(self.values)

    def __repr__(self) -> str:  # the generated one would print all numbers
        begin, end = (str(time).replace("T", " ") for time in (self.times[0], self.times[-1]))
        return f"Series({self.name}, {len(self):,} values in {self.unit}, {begin} to {end})"

    @property
    def train(self) -> Array:
        """The values of the training part."""
        return self.values[: self.validation]


def load_series(
    path: str | Path,
    time_column: str,
    value_column: str,
    *,
    others: Sequence[str] = (),
    at_least: int = 100,
    equal_steps: bool = True,
    name: str | None = None,
    unit: str = "units of the file",
    validation: str | float = 0.7,
    test: str | float = 0.85,
) -> Series:
    """Read a series from a CSV file whose first line names the columns.

    Args:
        path: of the file, in UTF-8.
        time_column: its name. Times are written as 2014-12-31, 2014-12-31 23:30 or 2014-12-31T23:30:00.
        value_column: its name; numbers with a decimal point.
        others: more columns of numbers that are wanted.
        at_least: so many rows.
        equal_steps: whether every step must be as long as the first; otherwise times need only rise.
        name: what is measured; the name of the column if None.
        unit: of the values.
        validation, test: where these parts begin: a time, or a part of the rows from 0 to 1.

    Raises:
        DataError: the file cannot be read as such a series. The message names the line and what was expected.
        TypeError, ValueError: validation and test do not cut the series into three parts, or at_least is no number.
    """
    whole_number("at_least", at_least, 3)
    file = Path(path)
    columns = _columns(file, [time_column, value_column, *others])
    lines = columns.lines
    times = _times(file, time_column, columns.texts[time_column], lines)
    numbers = {c: _numbers(file, c, columns.texts[c], lines) for c in (value_column, *others)}
    if len(times) < at_least:
        raise DataError(f"{file.name} has {len(times)} rows, at least {at_least} are needed: a longer series")
    _check_order(file, times, lines, equal_steps)
    cuts = [_cut(key, where, times) for key, where in (("validation", validation), ("test", test))]
    if not 0 < cuts[0] < cuts[1] < len(times):
        raise ValueError(
            f"validation and test must cut {len(times)} rows into three parts, got cuts at rows {cuts[0]} and {cuts[1]}"
        )
    return Series(
        name or value_column,
        unit,
        times,
        numbers[value_column],
        {c: numbers[c] for c in others},
        *cuts,
    )


class _Columns(NamedTuple):
    """What stands in a file: the texts of each column wanted, and the line of each row."""

    texts: dict[str, list[str]]
    lines: list[int]


def _columns(file: Path, wanted: Sequence[str]) -> _Columns:
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text)
            names = [name or "" for name in reader.fieldnames or []]
            rows, lines = [], []
            for row in reader:
                rows.append(row)
                lines.append(reader.line_num)
    except FileNotFoundError:
        raise DataError(
            f"there is no file {str(file)!r}: check the path; it starts from the notebook"
        ) from None
    except IsADirectoryError:
        raise DataError(f"{str(file)!r} is a folder: give the path of a CSV file in it") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{file.name} cannot be read as CSV in UTF-8 ({error}): save it so") from None
    if not names:
        raise DataError(f"{file.name} is empty: its first line must name the columns")
    for row, line in zip(rows, lines, strict=True):
        if None in row:
            raise DataError(
                f"line {line} of {file.name} has more fields than the first line names ({len(names)}): "
                "a decimal comma? write a point"
            )
    for name in wanted:
        if names.count(name) > 1:
            raise DataError(f"{file.name} has {names.count(name)} columns {name!r}: give each its own name")
        if name not in names:
            semicolon = "; columns must be separated by commas" if ";" in "".join(names) else ""
            raise DataError(f"{file.name} has no column {name!r}, its first line names {names}{semicolon}")
    return _Columns({name: [(row[name] or "").strip() for row in rows] for name in wanted}, lines)


def _times(file: Path, column: str, texts: Sequence[str], lines: Sequence[int]) -> Array:
    times = []
    for line, text in zip(lines, texts, strict=True):
        try:
            if not _TIME.fullmatch(text):
                raise ValueError
            times.append(np.datetime64(text.replace(" ", "T"), "s"))
        except ValueError:
            raise DataError(
                f"line {line} of {file.name}: {column} must be a time like 2014-12-31 or 2014-12-31 23:30, got {text!r}"
            ) from None
    return np.array(times, dtype="datetime64[s]")


def _numbers(file: Path, column: str, texts: Sequence[str], lines: Sequence[int]) -> Array:
    numbers = []
    for line, text in zip(lines, texts, strict=True):
        try:
            if "_" in text:  # Python reads 1_000, and other programs do not
                raise ValueError
            number = float(text)
        except ValueError:
            comma = " (a decimal comma? write a point)" if re.fullmatch(r"-?\d+,\d+", text) else ""
            missing = " (nothing stands there: fill the gap or begin after it)" if not text else ""
            raise DataError(
                f"line {line} of {file.name}: {column} must be a number, got {text!r}{comma}{missing}"
            ) from None
        if not math.isfinite(number):
            raise DataError(
                f"line {line} of {file.name}: {column} must be a finite number, got {text!r}: fill the gap"
            )
        numbers.append(number)
    return np.array(numbers)


def _check_order(file: Path, times: Array, lines: Sequence[int], equal_steps: bool) -> None:
    steps = np.diff(times)
    if (wrong := np.flatnonzero(steps <= np.timedelta64(0, "s"))).size:
        k = int(wrong[0])
        what = "is there twice" if steps[k] == np.timedelta64(0, "s") else f"comes after {times[k]}"
        raise DataError(
            f"line {lines[k + 1]} of {file.name}: {times[k + 1]} {what}; times must rise: sort the rows, keep one "
            "of each"
        )
    kinds, counts = np.unique(steps, return_counts=True)
    if equal_steps and len(kinds) > 1:
        usual = kinds[counts.argmax()]
        k = int(np.flatnonzero(steps != usual)[0])
        raise DataError(
            f"line {lines[k + 1]} of {file.name}: from {times[k]} to {times[k + 1]} is no step of {_duration(usual)}, "
            "as most are: fill the gap, or use a part without gaps; for months or trading days give equal_steps=False"
        )


def _duration(step: np.timedelta64) -> str:
    """Return a time in the largest unit that fits: 2 days, 30 minutes."""
    seconds = int(step / np.timedelta64(1, "s"))
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds % size == 0:
            count = seconds // size
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return f"{seconds} seconds"


def _cut(name: str, where: str | float, times: Array) -> int:
    if isinstance(where, str):
        if not _TIME.fullmatch(where):
            raise ValueError(f"{name} must be a time like 2014-12-31 or a part from 0 to 1, got {where!r}")
        try:
            return int(np.searchsorted(times, np.datetime64(where.replace(" ", "T"), "s")))
        except ValueError as error:
            raise ValueError(f"{name} must be a time like 2014-12-31, got {where!r}: {error}") from None
    if isinstance(where, bool) or not isinstance(where, int | float):
        raise TypeError(f"{name} must be a time like 2014-12-31 or a part from 0 to 1, got {where!r}")
    if not 0 < where < 1:
        raise ValueError(f"{name} must be a part between 0 and 1, got {where}")
    return round(where * len(times))


def load_temperature() -> Series:
    """Return the daily maximum temperature of Seattle, 2012 to 2015 (1,461 days); 2015 is the test part.

    Others: "minimum" (°C), "precipitation" (mm) and "wind" (m/s). The validation part is 2014.
    """
    return load_series(
        DATA / "temperature_seattle.csv",
        "date",
        "maximum",
        others=("minimum", "precipitation", "wind"),
        name="Seattle, daily maximum temperature",
        unit="°C",
        validation="2014-01-01",
        test="2015-01-01",
    )


def load_demand() -> Series:
    """Return the electricity demand of Victoria, Australia, in 2014 (17,520 half hours), with the test from 1 November.

    Others: "workday" (1, or 0 on weekends and public holidays) and "temperature" (°C, in Melbourne). The validation
    part is September and October.
    """
    return load_series(
        DATA / "demand_victoria.csv",
        "time",
        "demand",
        others=("workday", "temperature"),
        name="Victoria, electricity demand",
        unit="MW",
        validation="2014-09-01",
        test="2014-11-01",
    )


def load_short_demand() -> Series:
    """Return the demand of England and Wales over twelve weeks of 2000 (4,032 half hours), from Taylor (2003).

    Eight weeks are for training, two for validation, two for the test.
    """
    return load_series(
        DATA / "demand_england_wales.csv",
        "time",
        "demand",
        name="England and Wales, electricity demand",
        unit="MW",
        validation="2000-07-31",
        test="2000-08-14",
    )


def load_index() -> Series:
    """Return the closing value of the S&P 500 on 5,031 trading days, 1999 to 2018; the test part is from 2015.

    Others: "open", "high" and "low" of the same day. The validation part is 2013 and 2014. Steps are not equal: there
    is no trade on weekends and holidays.
    """
    return load_series(
        DATA / "sp500.csv",
        "date",
        "close",
        others=("open", "high", "low"),
        equal_steps=False,
        name="S&P 500",
        unit="index points",
        validation="2013-01-01",
        test="2015-01-01",
    )
