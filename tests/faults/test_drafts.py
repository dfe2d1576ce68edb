#!/usr/bin/env python3
"""A letter that a person changed, or wrote, by the running desk: what leaves is
what was read, to whom it was said, once.

usage: test_drafts.py EXITDESK EXITDESKD

Prints TAP.
"""
import sys

from rig import complaint, deliver, run_on_desks, wait_until

OWN = "Hello,\n\nHackerspace Exempel has read your mail.\n\nMia\n"


def unproven(number):
    """One whose sender nobody vouches for: a person must see the letter."""
    sender, raw = complaint(number)
    return sender, raw.replace(b"dmarc=pass", b"dmarc=none").replace(
        b"dkim=pass", b"dkim=none")


def only_case(desk):
    desk.wait_decided()
    return desk.rows("SELECT id FROM ticket")[0][0]


def expect(desk, status, *words):
    got, said = desk.run(*words)
    if got != status:
        raise AssertionError("%s: [%d]\n%s" % (" ".join(words), got, said))
    return said


def arrived(desk, to):
    """The one letter that came, as text."""
    wait_until(lambda: desk.sink.letters, 20, "the letter leaves")
    wait_until(lambda: desk.number("SELECT count(*) FROM outbox WHERE state = "
                                   "'sent'") == 1, 20, "it is noted as sent")
    (recipient, _, raw), = desk.sink.letters
    if recipient != to:
        raise AssertionError("it went to " + recipient)
    return raw.decode().replace("\r\n", "\n")


def what_was_read_leaves(desk):
    desk.start()
    deliver(desk, *unproven(1))
    case = only_case(desk)
    with open(desk.path("own.txt"), "w") as file:
        file.write(OWN)
    expect(desk, 0, "draft", "edit", case, "--text", desk.path("own.txt"),
           "--to", "ciso@shop1.example", "--by", "Mia")
    for words in ((), ("--version", "1")):
        expect(desk, 75, "draft", "approve", case, *words)
    shown = expect(desk, 0, "draft", "show", case, "--raw")
    expect(desk, 0, "draft", "approve", case, "--version", "2")
    if arrived(desk, "ciso@shop1.example") != shown:
        raise AssertionError("other bytes left:\n%r" % desk.sink.letters)
    if not shown.endswith("\n\n" + OWN):
        raise AssertionError(shown)
    expect(desk, 75, "draft", "edit", case, "--to", "noc@shop1.example")


def what_no_program_answers_a_person_may(desk):
    desk.start()
    deliver(desk, *complaint(2, sender="noreply@shop2.example"))
    case = only_case(desk)
    if desk.number("SELECT count(*) FROM letter"):
        raise AssertionError("the program wrote to a program")
    expect(desk, 77, "draft", "write", case, "--template", "general")
    expect(desk, 0, "draft", "write", case, "--template", "general",
           "--to", "noc@shop2.example", "--by", "Mia")
    shown = expect(desk, 0, "draft", "show", case, "--raw")
    expect(desk, 0, "draft", "approve", case, "--version", "1")
    if arrived(desk, "noc@shop2.example") != shown:
        raise AssertionError("other bytes left:\n%r" % desk.sink.letters)


TESTS = [what_was_read_leaves, what_no_program_answers_a_person_may]

if __name__ == "__main__":
    sys.exit(run_on_desks(TESTS) > 0)
