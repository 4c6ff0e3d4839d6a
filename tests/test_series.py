"""The real series: sizes, parts, faults that are known; and the door for a learner's own CSV file."""

import numpy as np
import pytest

from lstm_lib.datasets.series import (
    Series,
    load_demand,
    load_index,
    load_series,
    load_short_demand,
    load_temperature,
)
from lstm_lib.datasets.source import DataError

LOADERS = {
    load_temperature: (1461, 731, 1096, "2012-01-01", "2015-12-31"),
    load_demand: (17_520, 11_664, 14_592, "2014-01-01", "2014-12-31"),
    load_short_demand: (4032, 2688, 3360, "2000-06-05", "2000-08-27"),
    load_index: (5031, 3521, 4025, "1999-01-04", "2018-12-31"),
}


@pytest.mark.parametrize("load", LOADERS, ids=lambda load: load.__name__)
def test_series_have_their_parts_and_nothing_is_missing(load):
    series = load()
    length, validation, test, begin, end = LOADERS[load]
    assert (len(series), series.validation, series.test) == (length, validation, test)
    assert str(series.times[0])[:10] == begin
    assert str(series.times[-1])[:10] == end
    assert (np.diff(series.times) > np.timedelta64(0)).all()
    assert all(np.isfinite(column).all() for column in (series.values, *series.others.values()))
    assert len(series.train) == validation


def test_the_values_are_those_of_the_sources():
    assert load_temperature().values[:3].tolist() == [12.8, 10.6, 11.7]
    assert load_demand().values[:2].tolist() == [3914.647, 3672.550]
    assert load_short_demand().values[:3].tolist() == [22262, 21756, 22247]
    assert load_index().values[[0, -1]].tolist() == [1228.10, 2506.85]
    assert load_demand().values.max() == pytest.approx(9345.004)


def test_the_temperature_is_weather_and_no_climate_average():
    assert np.abs(np.diff(load_temperature().values)).mean() == pytest.approx(2.22, abs=0.01)


def test_workdays_are_whole_days_and_no_weekends():
    series = load_demand()
    days = series.others["workday"].reshape(365, 48)
    assert (days.min(axis=1) == days.max(axis=1)).all()
    weekday = (series.times[::48].astype("datetime64[D]").astype(int) + 3) % 7
    assert not days[weekday >= 5].any()
    free = series.times[::48][(days[:, 0] == 0) & (weekday < 5)].astype("datetime64[D]").astype(str)
    assert {"2014-01-01", "2014-11-04", "2014-12-25", "2014-12-26"} <= set(free)
    assert len(free) == 10


def test_the_clock_of_the_demand_is_not_moved_in_summer():
    series = load_demand()
    days, free = series.values.reshape(365, 48), series.others["workday"].reshape(365, 48)[:, 0] == 0

    def half_way_up(first, last):  # the first half hour of working mornings above the middle of their range
        morning = days[first:last][~free[first:last]].mean(axis=0)[4:20]
        return int(np.argmax(morning > (morning.min() + morning.max()) / 2))

    assert (
        half_way_up(97, 112) - half_way_up(80, 95) == 2
    )  # from 6 April on, people get up an hour later by this clock
    assert half_way_up(279, 294) - half_way_up(262, 277) == -2  # and from 5 October on an hour earlier


def test_prices_lie_between_low_and_high():
    index = load_index()
    assert (index.others["open"] <= index.others["high"]).all()
    assert (index.others["low"] <= index.values).all()
    assert (index.values <= index.others["high"]).all()


def test_a_series_tells_what_it_is_and_not_all_its_numbers():
    assert repr(load_short_demand()) == (
        "Series(England and Wales, electricity demand, 4,032 values in MW, 2000-06-05 00:00:00 to 2000-08-27 23:30:00)"
    )


ROWS = [f"2024-01-01 {h:02}:00,{h}.5,x" for h in range(24)]


@pytest.fixture
def write(tmp_path):
    def write_(lines, head="time,value,note"):
        path = tmp_path / "mine.csv"
        path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        return path

    return write_


def test_a_file_is_read(write):
    series = load_series(write(ROWS), "time", "value", at_least=10, unit="°C", validation=0.5, test=0.75)
    assert isinstance(series, Series)
    assert series.values.tolist() == [h + 0.5 for h in range(24)]
    assert (series.validation, series.test, series.name, series.unit) == (12, 18, "value", "°C")
    assert str(series.times[1]) == "2024-01-01T01:00:00"


def test_days_and_a_mark_at_the_beginning_of_the_file_are_read(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "\ufeffday,n\n" + "\n".join(f"2024-01-{d:02},{d}" for d in range(1, 21)), encoding="utf-8"
    )
    series = load_series(path, "day", "n", at_least=5, validation="2024-01-11", test="2024-01-16")
    assert (len(series), series.validation, series.test) == (20, 10, 15)


def test_days_without_trade_are_allowed_if_wanted(write):
    path = write(ROWS[:5] + ROWS[7:])
    assert len(load_series(path, "time", "value", at_least=10, equal_steps=False)) == 22


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            ROWS[:5] + ROWS[7:],
            r"line 7 of mine.csv: from 2024-01-01T04.* to 2024-01-01T07.* is no step of 1 hour",
        ),
        (
            [*ROWS[:5], ROWS[6], ROWS[5], *ROWS[7:]],
            r"line 8 of mine.csv: 2024-01-01T05:00:00 comes after 2024-01-01T06",
        ),
        (ROWS[::-1], r"line 3 .* comes after .*; times must rise: sort the rows"),
        (ROWS[:5] + ROWS[4:], r"line 7 of mine.csv: 2024-01-01T04:00:00 is there twice"),
        ([*ROWS[:3], "2024-01-01 03:00,many,x"], r"line 5 of mine.csv: value must be a number, got 'many'"),
        ([*ROWS[:3], "2024-01-01 03:00,,x"], r"got '' \(nothing stands there: fill the gap"),
        ([*ROWS[:3], '2024-01-01 03:00,"3,5",x'], r"got '3,5' \(a decimal comma\? write a point\)"),
        ([*ROWS[:3], "2024-01-01 03:00,nan,x"], r"line 5 .* must be a finite number, got 'nan'"),
        ([*ROWS[:3], "2024-01-01 03:00,inf,x"], r"must be a finite number, got 'inf'"),
        (
            [*ROWS[:3], "01.02.2024,3,x"],
            r"line 5 of mine.csv: time must be a time like 2014-12-31 .*, got '01.02.2024'",
        ),
        ([*ROWS[:3], "2024-13-01 00:00,3,x"], r"line 5 of mine.csv: time must be a time"),
        ([*ROWS[:3], "2024-01-01T03:00Z,3,x"], r"line 5 of mine.csv: time must be a time"),
        (ROWS[:6], r"mine.csv has 6 rows, at least 10 are needed"),
        ([], r"mine.csv has 0 rows"),
    ],
)
def test_a_file_that_is_no_series_is_refused_with_its_line(write, lines, words):
    with pytest.raises(DataError, match=words):
        load_series(write(lines), "time", "value", at_least=10)


def test_a_missing_column_or_file_is_named(write, tmp_path):
    with pytest.raises(
        DataError, match=r"mine.csv has no column 'price', its first line names \['time', 'value'"
    ):
        load_series(write(ROWS), "time", "price")
    with pytest.raises(DataError, match="columns must be separated by commas"):
        load_series(write(["2024-01-01;3"], "time;value"), "time", "value")
    with pytest.raises(DataError, match=r"there is no file .*: check the path"):
        load_series(tmp_path / "no.csv", "time", "value")
    with pytest.raises(DataError, match="is a folder"):
        load_series(tmp_path, "time", "value")
    (tmp_path / "other.csv").write_bytes("time,größe\n".encode("latin-1"))
    with pytest.raises(DataError, match="cannot be read as CSV in UTF-8"):
        load_series(tmp_path / "other.csv", "time", "value")


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"validation": 0.9, "test": 0.5}, ValueError, "must cut 24 rows into three parts"),
        ({"test": 1.5}, ValueError, "test must be a part between 0 and 1, got 1.5"),
        (
            {"test": "soon"},
            ValueError,
            "test must be a time like 2014-12-31 or a part from 0 to 1, got 'soon'",
        ),
        ({"test": None}, TypeError, "test must be a time"),
        ({"test": "2030-01-01"}, ValueError, "must cut 24 rows"),
        ({"at_least": 2}, ValueError, "at_least must be at least 3, got 2"),
    ],
)
def test_parts_that_are_none_are_named(write, options, error, words):
    with pytest.raises(error, match=words):
        load_series(write(ROWS), "time", "value", **{"at_least": 10} | options)


def test_the_door_names_what_would_be_read_wrongly(tmp_path):
    def refused(text, words, **settings):
        (tmp_path / "m.csv").write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=words):
            load_series(tmp_path / "m.csv", "t", "v", at_least=3, **settings)

    refused("", "m.csv is empty: its first line must name the columns")
    refused(
        "t,v\n2020-01-01,4,5\n",
        r"line 2 of m.csv has more fields than the first line names \(2\): a decimal comma",
    )
    refused("t,v\n2020-01-01,1_000\n", "line 2 of m.csv: v must be a number, got '1_000'")
    refused("t,v,v\n2020-01-01,1,2\n", "m.csv has 2 columns 'v': give each its own name")
    blank = "t,v\n\n\n2020-01-01,1\n2020-01-02,many\n"
    refused(blank, "line 5 of m.csv: v must be a number, got 'many'")
    months = "t,v\n" + "".join(f"2020-0{k}-01,{k}\n" for k in range(1, 9))
    refused(
        months, "is no step of 31 days, as most are: .* for months or trading days give equal_steps=False"
    )
    gap_first = "t,v\n2020-01-01,1\n2020-01-04,1\n2020-01-05,1\n2020-01-06,1\n"
    refused(gap_first, "line 3 of m.csv: from 2020-01-01.* to 2020-01-04.* is no step of 1 day")


def test_a_cut_at_a_day_that_does_not_exist(tmp_path):
    (tmp_path / "m.csv").write_text("t,v\n2020-01-01,1\n2020-01-02,1\n2020-01-03,1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="validation must be a time like 2014-12-31, got '2020-02-30'"):
        load_series(tmp_path / "m.csv", "t", "v", at_least=3, validation="2020-02-30")
