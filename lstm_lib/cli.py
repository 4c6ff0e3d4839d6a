"""The terminal's door: `lstm-lib data fetch | list | verify` and `lstm-lib progress`.

Only what a command needs is imported, inside the command, so that every command starts fast.
"""

import argparse
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; `arguments` are those of the process if None. Return 0 if all is well, 1 or 130 if not."""
    from lstm_lib.datasets.source import DataError

    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; what was fetched before is kept, and nothing is half written", file=sys.stderr)
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lstm-lib", description="The course's helper for the terminal.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    data = commands.add_parser("data", help="the data sets: fetch, list, verify")
    data_commands = data.add_subparsers(required=True, metavar="COMMAND")
    for name, run, text in (
        ("fetch", _fetch, "get what is not there yet, and replace what is damaged"),
        ("list", _list, "show what there is: source, licence, size, place"),
        ("verify", _verify, "check every file against its checksum"),
    ):
        command = data_commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        command.add_argument("names", nargs="*", metavar="NAME", help="data sets (all, if none is named)")
        command.set_defaults(run=run)

    progress = commands.add_parser("progress", help="which exercises are done, and which are left")
    progress.set_defaults(run=_progress)
    return parser


def _fetch(options: argparse.Namespace) -> int:
    from lstm_lib.datasets import source

    # All names are looked up before any work, so that a wrong one fails at once.
    for card in [source.find(name) for name in options.names or source.catalogue()]:
        before = source.problem(card)
        path = source.fetch(card.name)
        print(f"{card.name}: {'already here' if before is None else 'fetched'}, {path}")
    if not options.names:
        from lstm_lib.datasets import made

        for name in made.all_of_it():
            print(f"{name}: made")
    return 0


def _list(options: argparse.Namespace) -> int:
    from lstm_lib.datasets import source

    for name in options.names or source.catalogue():
        card = source.find(name)
        wrong = source.problem(card)
        here = f"yes, {card.path}" if wrong is None else f"no, {wrong} (run: lstm-lib data fetch {name})"
        print(f"{card}\n  {'here':<10}{here}\n")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from lstm_lib.datasets import source

    wrong = {}
    for name in options.names or source.catalogue():
        card = source.find(name)
        if (trouble := source.problem(card)) is None:
            print(f"{name}: good, {card.path}")
        else:
            wrong[name] = trouble
            print(f"{name}: {trouble}, {card.path}", file=sys.stderr)
    if wrong:
        print(f"To mend it: lstm-lib data fetch {' '.join(wrong)}", file=sys.stderr)
    return 1 if wrong else 0


def _progress(options: argparse.Namespace) -> int:
    from lstm_lib.exercises import progress

    progress()
    return 0


if __name__ == "__main__":
    sys.exit(main())
