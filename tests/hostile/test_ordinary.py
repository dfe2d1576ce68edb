#!/usr/bin/env python3
"""Ordinary complaints through the desk: the right letter to the right address,
at once where nothing speaks against it.

usage: test_ordinary.py HOSTILE_DESK

Prints TAP. What is held stands there with its rule; where a row names no rule,
any will do, and "?" is any letter.
"""
import sys

import legit_more
import legit_parts  # noqa: F401  (their rows)
import legit_people  # noqa: F401
from desk_pipe import Desk


def faults(mail, outcome):
    rule = " by " + outcome.rule
    if outcome.action != mail.expect or mail.rule not in ("", outcome.rule):
        yield "%s%s, not %s %s" % (outcome.action, rule, mail.expect, mail.rule)
    found = outcome.template.split("/")[-1].split(".")[0]
    wanted = "-" if mail.expect == "file" else mail.template
    if wanted not in ("?", found) and outcome.template != wanted:
        yield "letter %s, not %s" % (outcome.template, wanted)
    if [to for to, _, _ in outcome.letters] != [mail.address] * (mail.expect == "send"):
        yield "written to %s" % [to for to, _, _ in outcome.letters]


def main(program):
    desk, failed = Desk(program), 0
    print("1..%d" % (len(legit_more.ROWS) + 1))
    for number, mail in enumerate(legit_more.ROWS, 1):
        wrong = list(faults(mail, desk.give(mail)))
        failed += bool(wrong)
        print("%sok %d - %s" % ("not " if wrong else "", number, mail.name))
        for line in wrong:
            print("# " + line)
    status = desk.close()
    print("%sok %d - the desk lives" % ("not " if status else "", len(legit_more.ROWS) + 1))
    return 1 if failed or status else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
