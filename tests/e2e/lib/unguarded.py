"""unguarded.py IMAGE MODULE TAKEN: lines of a module that no scenario has taken away.

TAKEN holds the numbers of those that some scenario has taken away or changed. A line,
with what is indented below it, must be among them if the module without it is still
Nix: nobody but a scenario would notice that it is gone.
"""

import subprocess
import sys
from pathlib import Path

CLOSERS = ("}", ")", "]", "''", "fi", "esac", "done")


def indent(line):
    return len(line) - len(line.lstrip())


def is_said(line):
    """Comments say nothing, in Nix, ssh_config and shell alike, nor do brackets."""
    words = line.strip()
    return words not in ("fi", "esac", "done") and not words.startswith("#") and any(map(str.isalnum, words))


def block(lines, first):
    """Where what begins at a line ends: without and with the line that closes it."""
    last = first
    for at in range(first + 1, len(lines)):
        if lines[at].strip() and indent(lines[at]) <= indent(lines[first]):
            closes = indent(lines[at]) == indent(lines[first]) and lines[at].lstrip().startswith(CLOSERS)
            return [last, at] if closes else [last]
        if lines[at].strip():
            last = at
    return [last]


def without(lines, first, last):
    """The text without these lines; also with the end of a binding left in place."""
    yield lines[:first] + lines[last + 1 :]
    if lines[last].rstrip().endswith(";"):
        yield lines[:first] + [";"] + lines[last + 1 :]


def is_nix(image, lines):
    parser = ["chroot", image, "nix-instantiate", "--store", "dummy://", "--parse", "-"]
    done = subprocess.run(parser, input="\n".join(lines), text=True, capture_output=True, check=False)
    return done.returncode == 0


def main(image, module, taken):
    lines = Path(module).read_text().splitlines()
    touched = {int(number) - 1 for number in Path(taken).read_text().split()} if Path(taken).exists() else set()
    if not is_nix(image, lines):
        sys.exit(f"{module}: cannot be parsed at all")
    found = False
    for first in filter(lambda at: is_said(lines[at]), range(len(lines))):
        ends = block(lines, first)
        if touched.intersection(range(first, ends[-1] + 1)):
            continue
        if any(is_nix(image, text) for last in ends for text in without(lines, first, last)):
            print(f"{module}:{first + 1}: no scenario takes this away: {lines[first].strip()}")
            found = True
    sys.exit(found)


main(*sys.argv[1:])
