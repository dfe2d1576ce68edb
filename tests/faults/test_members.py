#!/usr/bin/env python3
"""The question to a member's address, over the real way out and in: it is
verified by whoever reads it, and by nothing else. Also: what holds a member
holds its letters.

usage: test_members.py EXITDESK EXITDESKD
"""
import email
import email.policy
import json
import re
import sqlite3
import sys

from rig import ABUSE, Desk, complaint, deliver, run_tests, wait_until

MEMBER, ADDRESS = "stadtbibliothek", "direktion@bibliothek.example"
OTHER = "board@hackerspace.example"


def equal(found, expected, what=""):
    if found != expected:
        raise AssertionError("%s: %r is not %r" % (what, found, expected))


class Question:
    def __init__(self, to, sender, raw):
        self.to = to
        self.path = re.search(r"<(.*?)>", sender).group(1)
        self.message = email.message_from_bytes(raw,
                                                policy=email.policy.default)
        self.reply_to = re.search(r"[^<\s]+@[^>\s]+",
                                  self.message["Reply-To"]).group(0)
        self.text = self.message.get_content()
        self.token = re.search(r"\b[0-9a-f]{32}\b", self.text).group(0)


def ask(desk, address=ADDRESS, member=MEMBER):
    before = len(desk.sink.letters)
    status, said = desk.run("contact", "verify", address, "--member", member)
    equal(status, 0, said)
    wait_until(lambda: len(desk.sink.letters) > before, 10, "the question")
    return Question(*desk.sink.letters[-1])


def contact(desk, address=ADDRESS):
    _, said = desk.run("contact", "list", "--json")
    for line in said.splitlines():
        row = json.loads(line)
        if row["address"] == address:
            return row
    raise AssertionError("no contact " + address)


def answer(desk, question, sender=ADDRESS, to=None, envelope=None, extra="",
           references=True):
    raw = ("From: <%s>\r\nTo: <%s>\r\nSubject: Re: your question\r\n"
           "Date: Mon, 04 May 2026 09:00:00 +0000\r\n"
           "Message-ID: <%d@bibliothek.example>\r\n%s%s\r\n"
           "Yes. By the way, 198.51.100.9 attacked 203.0.113.61 port 22 at "
           "2026-05-04T07:41:10Z.\r\n" %
           (sender, to or question.reply_to,
            desk.number("SELECT count(*) FROM mail"),
            "In-Reply-To: %s\r\n" % question.message["Message-ID"]
            if references else "", extra)).encode()
    deliver(desk, sender if envelope is None else envelope, raw,
            to or question.reply_to)
    desk.wait_decided()


def cases(desk):
    return desk.number("SELECT count(*) FROM ticket")


def record(desk, member=MEMBER):
    return [what for what, in desk.rows(
        "SELECT what FROM record WHERE about = ? ORDER BY number",
        "member:" + member)]


def test_question(desk):
    """It is plain, says who asks, and wants no program's answer."""
    equal(contact(desk)["state"], "claimed")
    question = ask(desk)
    equal(question.to, ADDRESS)
    equal(question.message["Auto-Submitted"], "auto-generated")
    equal(question.message["In-Reply-To"], None)
    assert ABUSE in question.message["From"]
    assert "Stadtbibliothek Musterstadt" in question.text, question.text
    assert "Onion Umbrella" in question.text
    assert question.path != question.reply_to
    assert question.token not in question.path
    row = contact(desk)
    equal((row["state"], row["is_asked"], row["verified"]),
          ("claimed", True, None))
    wait_until(lambda: desk.number("SELECT count(*) FROM message "
                                   "WHERE about <> 'desk' AND "
                                   "state = 'sent' AND bytes IS NULL") == 1,
               5, "the token is forgotten")
    with open(desk.path("data", "exitdesk.db"), "rb") as file:
        assert question.token.encode() not in file.read()


def test_programs(desk):
    """Neither a bounce nor a vacation verifies, nor makes a case."""
    question = ask(desk)
    answer(desk, question, to=question.path, envelope="",
           sender="mailer-daemon@bibliothek.example",
           extra="Auto-Submitted: auto-replied\r\n")
    answer(desk, question, extra="Auto-Submitted: auto-replied\r\n")
    answer(desk, question, envelope="")
    answer(desk, question, extra="Precedence: bulk\r\n")
    answer(desk, question, to=question.path, references=False)
    equal(contact(desk)["state"], "claimed", str(record(desk)))
    equal(cases(desk), 0)
    assert any("verifies nothing" in what for what in record(desk))


def test_answer(desk):
    """An answer verifies, once, and is no complaint whatever it says."""
    question = ask(desk)
    answer(desk, question)
    row = contact(desk)
    equal((row["state"], row["way"], row["verified_by"]),
          ("verified", "mail", ADDRESS))
    equal(cases(desk), 0)
    answer(desk, question)
    assert "used before" in record(desk)[-1], record(desk)
    equal(contact(desk)["verified"], row["verified"])


def test_reference(desk):
    """Somebody else who reads the address answers to the From address."""
    question = ask(desk)
    answer(desk, question, sender="it@bibliothek.example", to=ABUSE)
    row = contact(desk)
    equal((row["state"], row["verified_by"]),
          ("verified", "it@bibliothek.example"))
    equal(cases(desk), 0)


def test_console(desk):
    question = ask(desk, OTHER, "hackerspace")
    equal(desk.run("contact", "confirm", "0" * 32)[0], 66)
    status, said = desk.run("contact", "confirm", question.token)
    equal(status, 0, said)
    equal(contact(desk, OTHER)["way"], "console")
    equal(desk.run("contact", "confirm", question.token)[0], 75)


def test_limits(desk):
    for _ in range(3):
        ask(desk)
    status, said = desk.run("contact", "verify", ADDRESS.upper(), "--member",
                            MEMBER)
    equal(status, 65, said)
    equal(desk.run("contact", "verify", "nobody", "--member", MEMBER)[0], 64)
    equal(desk.run("contact", "verify", "x@umbrella.example", "--member",
                   MEMBER)[0], 65)
    equal(desk.run("contact", "verify", ADDRESS, "--member", "nobody")[0], 66)
    equal(len(desk.sink.letters), 3)


def test_times(desk):
    """A token ends after a week, a proof after half a year."""
    late, good = ask(desk), ask(desk, OTHER, "hackerspace")
    answer(desk, good, sender=OTHER)
    desk.restart(many=1000, clock="2026-05-12T09:00:00Z")
    equal(desk.run("contact", "confirm", late.token)[0], 75)
    answer(desk, late)
    equal(contact(desk)["state"], "claimed")
    before = len(desk.sink.letters)
    desk.restart(many=1000, clock="2026-11-20T09:00:00Z")
    equal(contact(desk, OTHER)["state"], "expired")
    wait_until(lambda: len(desk.sink.letters) == before + 1, 10,
               "the desk asks again")
    equal(desk.sink.letters[-1][0], OTHER)
    desk.restart(many=1000, clock="2026-11-21T09:00:00Z")
    desk.run("contact", "list")
    equal(len(desk.sink.letters), before + 1, "once")


def test_pause(desk):
    """Nothing leaves while sending is paused, questions neither."""
    equal(desk.run("pause")[0], 0)
    desk.run("contact", "verify", ADDRESS, "--member", MEMBER)
    desk.run("contact", "list")
    equal(len(desk.sink.letters), 0)
    equal(desk.run("resume")[0], 0)
    wait_until(lambda: len(desk.sink.letters) == 1, 10, "the question")


def test_hold(desk):
    """An implausible change holds the member's letters until somebody has
    looked; others' go on."""
    desk.stop()
    with sqlite3.connect(desk.path("data", "exitdesk.db")) as store:
        store.execute(
            "INSERT INTO notice (member, kind, what, holds, noticed, as_of) "
            "VALUES ('hackerspace', 'implausible-loss', 'Test.', 1, 0, 0)")
    store.close()
    desk.start()
    deliver(desk, *complaint(1))
    desk.wait_decided()
    equal(desk.rows("SELECT action, rule FROM ticket"), [("hold", "D01g")])
    status, said = desk.run("todo")
    assert "letters are held" in said, said
    equal(desk.run("member", "acknowledge", "hackerspace", "--note",
                   "asked")[0], 0)
    equal(desk.run("member", "acknowledge", "hackerspace")[0], 66)
    deliver(desk, *complaint(2))
    desk.wait_decided()
    equal(desk.rows("SELECT action FROM ticket ORDER BY number DESC LIMIT 1"),
          [("send",)])
    assert any("looked at" in what for what in record(desk, "hackerspace"))


def fresh(test):
    """Each on a desk of its own."""
    def run():
        desk = Desk(sys.argv[1], sys.argv[2])
        desk.configure(many=1000)
        try:
            desk.start()
            test(desk)
            status, said = desk.run("doctor")
            assert "broken" not in said, said
            equal(desk.complaints_of_sanitizers(), "")
        except AssertionError as error:
            raise AssertionError("%s\n%s" % (error, desk.log()[-1500:]))
        finally:
            desk.close()
    run.__name__ = test.__name__
    return run


if __name__ == "__main__":
    sys.exit(run_tests([fresh(test) for test in (
        test_question, test_programs, test_answer, test_reference,
        test_console, test_limits, test_times, test_pause, test_hold)]) > 0)
