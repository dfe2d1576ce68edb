#!/usr/bin/env python3
"""Copies of source files in which each condition can be switched off.

usage: instrument.py OUTPUT-DIRECTORY FIRST-NUMBER SOURCE...

Every "if (...)" and every operand of "&&" and "||" in an if or a return gets a
number; with EXITDESK_MUTANT=N the condition of that number is never true (an
operand: as if it were not there). The list goes to OUTPUT/mutants.txt, one a
line: NUMBER FILE:FUNCTION WHAT.
"""
import os
import re
import sys

HEAD = """\
#include <stdlib.h>
static inline int mutant_is(int number)
{
    static int chosen = -1;
    if (chosen < 0)
        chosen = getenv("EXITDESK_MUTANT") ? atoi(getenv("EXITDESK_MUTANT")) : 0;
    return chosen == number;
}
"""


def skip_quoted(text, at):
    quote, at = text[at], at + 1
    while text[at] != quote:
        at += 2 if text[at] == "\\" else 1
    return at + 1


def closing(text, at):
    """The place behind the parenthesis that closes the one at `at`."""
    depth = 0
    while True:
        if text[at] in "\"'":
            at = skip_quoted(text, at)
            continue
        depth += (text[at] == "(") - (text[at] == ")")
        at += 1
        if depth == 0:
            return at


def function_at(text, at):
    """The name of the function whose body holds a place."""
    heads = re.findall(r"^[A-Za-z][^;{}\n]*?(\w+)\(", text[:at], re.M)
    return heads[-1] if heads else "-"


def split(text, sign):
    """The operands between `sign` on the top level."""
    parts, begun, at, depth = [], 0, 0, 0
    while at < len(text):
        if text[at] in "\"'":
            at = skip_quoted(text, at)
            continue
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth == 0 and text.startswith(sign, at):
            parts.append(text[begun:at])
            at += 2
            begun = at
            continue
        at += 1
    return parts + [text[begun:]]


class Instrument:
    def __init__(self, first):
        self.number, self.found = first, []

    def name(self, place, what):
        self.found.append("%d %s %s" % (self.number, place, " ".join(what.split())))
        self.number += 1
        return self.number - 1

    def operands(self, text, place):
        """Each operand of text can go missing; and those inside of it."""
        for sign, neutral in (("||", "0"), ("&&", "1")):
            parts = split(text, sign)
            if len(parts) > 1:
                return (" %s " % sign).join(
                    "(mutant_is(%d) ? %s : !!(%s))" %
                    (self.name(place, part), neutral, self.operands(part, place))
                    for part in parts)
        inner = text.strip()
        if inner.startswith("(") and closing(inner, 0) == len(inner):
            return "(%s)" % self.operands(inner[1:-1], place)
        return text

    def file(self, path):
        with open(path) as source:
            text = source.read()
        out, at = [HEAD, '#line 1 "%s"\n' % path], 0
        pattern = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])+'|/\*.*?\*/|\bif \(|\breturn\b", re.S)
        for match in pattern.finditer(text):
            if match.start() < at or match.group()[0] in "\"'/":
                continue
            place = "%s:%s" % (os.path.basename(path), function_at(text, match.start()))
            if match.group() == "return":
                end = match.end()
                while text[end] != ";":
                    end = skip_quoted(text, end) if text[end] in "\"'" else end + 1
                inside = text[match.end():end]
                if "?" in inside or ("&&" not in inside and "||" not in inside):
                    continue
                out += [text[at:match.end()], " ", self.operands(inside, place)]
                at = end
                continue
            end = closing(text, match.end() - 1)
            inside = text[match.end():end - 1]
            whole = self.name(place, "if " + inside)
            out += [text[at:match.end()], "mutant_is(%d) ? 0 : !!(%s)" %
                    (whole, self.operands(inside, place)), ")"]
            at = end
        return "".join(out) + text[at:]


def main(directory, first, *sources):
    instrument = Instrument(int(first))
    for path in sources:
        with open(os.path.join(directory, "mutant_" + os.path.basename(path)), "w") as out:
            out.write(instrument.file(path))
    with open(os.path.join(directory, "mutants.txt"), "w") as out:
        out.write("\n".join(instrument.found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
