#!/usr/bin/env python3
"""Thousands of hostile mails through the desk: no letter may answer them; and
those that deserve one get it, at the right address.

usage: test_hostile.py HOSTILE_DESK

Prints TAP. Deterministic; EXITDESK_SEED=N adds 3000 random combinations of
patterns that nobody wrote down (unseen.py).
"""
import os
import sys
import time

import handmade
import handmade_parts  # noqa: F401  (their families)
import handmade_people  # noqa: F401
import handmade_texts  # noqa: F401
import matters  # noqa: F401
import patterns
import legit
import unseen
from desk_pipe import Desk
from mails import DESK, ORDER

HOSTILE_MIN = 2500


class Tally:
    def __init__(self, program):
        self.desk = Desk(program)
        self.mails = self.hostile = self.sent = 0
        self.rules, self.wrong = {}, []

    def check(self, mail):
        outcome = self.desk.give(mail)
        self.mails += 1
        self.rules[outcome.rule] = self.rules.get(outcome.rule, 0) + 1
        is_hostile = mail.expect != "send"
        self.hostile += is_hostile
        unauthorised = is_hostile and outcome.letters
        self.sent += bool(outcome.letters)
        if unauthorised or ORDER.index(outcome.action) > ORDER.index(mail.expect):
            self.wrong.append("%s: %s by %s, at most %s" %
                              (mail.name, outcome.action, outcome.rule, mail.expect))
        for to, path, raw in outcome.letters:
            self.check_letter(mail, to, path, raw)
        return outcome

    def check_letter(self, mail, to, path, raw):
        """Whatever leaves goes to the proven return path alone, and says
        nothing of what a stranger wrote."""
        head = raw.split(b"\r\n\r\n")[0].decode("ascii")
        tos = [line for line in head.split("\r\n") if line.startswith("To:")]
        if to != mail.envelope or tos != ["To: " + mail.envelope] or "\nCc:" in head:
            self.wrong.append("%s: written to %s" % (mail.name, to))
        if "Auto-Submitted: auto-replied" not in head:
            self.wrong.append(mail.name + ": not marked")
        if b"MARK" in raw:
            self.wrong.append(mail.name + ": repeats the complaint")


def report(number, name, tally, before, wrong):
    mails = tally.mails - before
    print("%sok %d - %s (%d mails)" % ("not " if wrong else "", number, name, mails), flush=True)
    for line in wrong[:20]:
        print("# " + line)
    return bool(wrong)


def main(program):
    begun, failed = time.monotonic(), 0
    tally = Tally(program)
    families = list(patterns.FAMILIES) + list(handmade.FAMILIES) + list(legit.FAMILIES)
    seed = os.environ.get("EXITDESK_SEED")
    if seed:
        families.append(("unseen combinations, seed " + seed, unseen.combinations))
    print("1..%d" % (len(families) + 1))
    for number, (name, make) in enumerate(families, 1):
        before, known = tally.mails, len(tally.wrong)
        missing = []
        for mail in make(int(seed or 0)):
            outcome = tally.check(mail)
            if mail.expect == "send" and not outcome.letters:
                missing.append("%s: %s by %s, but it deserves a letter" %
                               (mail.name, outcome.action, outcome.rule))
        failed += report(number, name.replace("_", " "), tally, before,
                         tally.wrong[known:] + missing)
    few = [] if tally.hostile >= HOSTILE_MIN else ["only %d hostile mails" % tally.hostile]
    status = tally.desk.close()
    failed += report(len(families) + 1, "enough of them, and the desk lives", tally, tally.mails,
                     few + (["it ended with %d" % status] if status else []))
    print("# %d hostile mails, %d others; %d letters; %d rules decided; %.1f s" %
          (tally.hostile, tally.mails - tally.hostile, tally.sent, len(tally.rules), time.monotonic() - begun))
    print("# " + " ".join("%s:%d" % pair for pair in sorted(tally.rules.items())))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
