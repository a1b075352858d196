"""Takes a command of az apart as az does, by the table az.commands."""
import argparse
import pathlib
import re
import sys

from az_output import compile_query
from pretended import refuse

OPTION = re.compile(r"(?P<needed>\*?)(?P<names>-[^!+{]+)(?:\{(?P<choices>[^}]*)\})?(?P<many>\+?)(?P<flag>!?)")


def table():
    lines = (pathlib.Path(__file__).parent / "az.commands").read_text().splitlines()
    return {name: rest.split() for name, _, rest in (line.partition(":") for line in lines if not line.startswith("#"))}


class Parser(argparse.ArgumentParser):
    def error(self, message):
        refuse(f"ERROR: {message}\n\nhttps://aka.ms/cli_ref\nRead more about the command in reference docs", 2)

    def _check_value(self, action, value):
        if action.choices is not None and value not in action.choices:
            self.error(f"{self.prog}: '{value}' is not a valid value for '{action.option_strings[0]}'. Allowed values: {', '.join(action.choices)}.")


def query(text):
    try:
        return compile_query(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"invalid jmespath_type value: '{text}'") from None


def parser(command, options):
    # The real one takes beginnings of names too. Nobody should rely on it: newer versions have more names.
    made = Parser(prog=f"az {command}", add_help=False, allow_abbrev=False, conflict_handler="resolve")
    for option in options:
        parts = OPTION.fullmatch(option)
        names = parts["names"].split("/")
        if parts["flag"]:
            made.add_argument(*names, action="store_true")
            continue
        made.add_argument(*names, required=bool(parts["needed"]), nargs="+" if parts["many"] else None,
                          choices=parts["choices"].split(",") if parts["choices"] else None, type=query if names == ["--query"] else str)
    return made


def parse(arguments):
    """The command and what is given to it."""
    known = table()
    common = known.pop("common")
    words = []
    for argument in arguments:
        if argument.startswith("-") or " ".join(words) in known:
            break
        words.append(argument)
        if not any(f"{command} ".startswith(" ".join(words) + " ") for command in known):
            refuse(f"ERROR: '{argument}' is misspelled or not recognized by the system.", 2)
    command = " ".join(words)
    if command not in known:
        refuse(f"ERROR: the following arguments are required: _subcommand", 2)
    if "--help" in arguments:
        print(f"Command\n    az {command}")
        sys.exit()
    return command, parser(command, common + known[command]).parse_args(arguments[len(words) :])
