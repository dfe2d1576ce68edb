#!/usr/bin/env python3
"""Programs that answer every letter of ours: no letter may answer them.

usage: test_loops.py EXITDESK EXITDESKD

Each responder gets the letter that a complaint of its own has earned, and
answers for some rounds as its kind does, always well authenticated. Prints
TAP.
"""
import base64
import email
import email.policy
import os
import re
import sys
import time

from rig import ABUSE, BODY, Desk, complaint, deliver, run_tests, wait_until

ROUNDS = int(os.environ.get("EXITDESK_ROUNDS", "1")) * 3


class Letter:
    def __init__(self, to, sender, raw):
        self.to = to
        self.path = re.search(r"<(.*?)>", sender).group(1)
        self.message = email.message_from_bytes(raw,
                                                policy=email.policy.default)
        self.id = self.message["Message-ID"]
        self.sender = re.search(r"<(.*?)>", self.message["From"]).group(1)
        self.text = self.message.get_content()
        self.case = re.search(r"UA-\d{4}-\d{5}-[A-Z]", self.text).group(0)


class Answer:
    """One mail of a responder; what is not said is as in a good complaint."""

    def __init__(self, letter, number, **kind):
        self.letter, self.number = letter, number
        self.domain = kind.get("domain", letter.to.split("@")[1])
        self.sender = kind.get("sender", letter.to)
        self.recipient = kind.get("recipient", letter.sender)
        self.envelope = kind.get("envelope", self.sender)
        self.extra = kind.get("extra", "")
        self.subject = kind.get("subject", "Ticket %d was opened" % number)
        self.body = kind.get("body", None)
        self.is_base64 = kind.get("is_base64", False)

    def raw(self):
        quoted = "".join("> %s\n" % line
                         for line in self.letter.text.splitlines())
        body = self.body or (
            "We got your message and will look into it.\n\n" + quoted +
            "\n" + BODY.format(number=self.number))
        _, raw = complaint(self.number, domain=self.domain,
                           sender=self.sender, extra=self.extra, body="")
        raw = raw.replace(b"Subject: SSH login attack %d" % self.number,
                          b"Subject: " + self.subject.encode())
        raw = raw.replace(b"To: abuse@umbrella.example",
                          b"To: " + self.recipient.encode())
        text = body.replace("\n", "\r\n").encode()
        if self.is_base64:
            raw = raw.replace(b"charset=utf-8\r\n", b"charset=utf-8\r\n"
                              b"Content-Transfer-Encoding: base64\r\n")
            text = base64.encodebytes(text).replace(b"\n", b"\r\n")
        return raw + text


# ---- the kinds: (letter, round) to an answer ------------------------------

def quotes_everything(letter, number):
    return Answer(letter, number)


def has_an_address_for_each_ticket(letter, number):
    domain = letter.to.split("@")[1]
    return Answer(letter, number, sender="ticket-%d@%s" % (number, domain))


def quotes_in_base64(letter, number):
    domain = letter.to.split("@")[1]
    return Answer(letter, number, sender="t-%d@%s" % (number, domain),
                  is_base64=True)


def says_auto_replied(letter, number):
    return Answer(letter, number, extra="Auto-Submitted: auto-replied\n")


def keeps_the_thread(letter, number):
    domain = letter.to.split("@")[1]
    return Answer(letter, number, sender="t-%d@%s" % (number, domain),
                  body=BODY.format(number=number),
                  extra="In-Reply-To: %s\nReferences: <a@b.example> %s\n" %
                  (letter.id, letter.id))


def names_the_case_only_in_the_subject(letter, number):
    domain = letter.to.split("@")[1]
    return Answer(letter, number, sender="t-%d@%s" % (number, domain),
                  body=BODY.format(number=number),
                  subject="Your message %s was received" % letter.case)


def stranger_with_our_reference(letter, number):
    domain = "stranger%d.example" % number
    return Answer(letter, number, domain=domain, sender="noc@" + domain,
                  body=BODY.format(number=number),
                  extra="References: " + letter.id + "\n")


def stranger_with_our_letter(letter, number):
    domain = "friend%d.example" % number
    return Answer(letter, number, domain=domain, sender="noc@" + domain)


def answers_the_return_path(letter, number):
    domain = letter.to.split("@")[1]
    return Answer(letter, number, sender="t-%d@%s" % (number, domain),
                  recipient=letter.path, body=BODY.format(number=number))


def forges_a_bounce(letter, number):
    return Answer(letter, number, recipient=letter.path, envelope="",
                  body=BODY.format(number=number),
                  subject="Undelivered Mail Returned to Sender",
                  extra="Auto-Submitted: auto-replied\n")


def forges_our_mark(letter, number):
    domain = letter.to.split("@")[1]
    return Answer(letter, number, sender="t-%d@%s" % (number, domain),
                  body=BODY.format(number=number),
                  extra="X-Exitdesk-Loop: UA-2026-00001-A.%024x\n" % number)


def floods_with_references(letter, number):
    domain = letter.to.split("@")[1]
    many = "\n ".join("<%d@flood.example>" % i for i in range(3000))
    return Answer(letter, number, sender="t-%d@%s" % (number, domain),
                  body=BODY.format(number=number),
                  extra="References: %s\n %s\n" % (many, letter.id))


KINDS = [quotes_everything, has_an_address_for_each_ticket, quotes_in_base64,
         says_auto_replied, keeps_the_thread,
         names_the_case_only_in_the_subject, stranger_with_our_reference,
         stranger_with_our_letter, answers_the_return_path, forges_a_bounce,
         forges_our_mark, floods_with_references]


# Every mail is in a case or joins one, but what came to a return path (of a
# letter, or of nothing) and is no report on the letter: the desk keeps and
# counts it with the reason (store/returns.h), since no person writes there and
# a case for each would let a program fill the list. Its own probes are none.
IN_NO_CASE = ("SELECT count(*) FROM mail WHERE joined IS NULL "
              "AND number NOT IN (SELECT mail FROM ticket)")
COUNTED = ("SELECT (SELECT count(DISTINCT mail) FROM letter_return "
           "WHERE fate <> 'taken') "
           "+ (SELECT count(*) FROM probe WHERE came IS NOT NULL)")


# ---- the game -------------------------------------------------------------

def settle(desk):
    desk.wait_decided()
    wait_until(lambda: desk.number("SELECT count(*) FROM outbox WHERE state "
                                   "IN ('waiting', 'sending')") == 0, 20,
               "letters are out")


def make_test(kind):
    def test(desks, index):
        desk = desks["one"]
        begun = len(desk.sink.letters)
        domain = "loop%d.example" % index
        deliver(desk, *complaint(1000 * index, domain=domain))
        settle(desk)
        wait_until(lambda: len(desk.sink.letters) == begun + 1, 10,
                   "the letter that is due")
        heard = begun
        for number in range(ROUNDS):
            letter = Letter(*desk.sink.letters[heard])
            answer = kind(letter, 1000 * index + number + 1)
            to = answer.recipient if answer.recipient == letter.path else ABUSE
            deliver(desk, answer.envelope, answer.raw(), to=to)
            settle(desk)
            heard = len(desk.sink.letters) - 1
        time.sleep(0.2)
        count = len(desk.sink.letters) - begun
        if count != 1:
            rows = desk.rows("SELECT rule, action, category FROM ticket "
                             "ORDER BY number DESC LIMIT ?", ROUNDS)
            raise AssertionError("%d letters; %r" % (count, rows))
        lost = desk.number(IN_NO_CASE) - desk.number(COUNTED)
        if lost:
            raise AssertionError("%d mails in no case" % lost)
    test.__name__ = kind.__name__
    return test


def two_desks_leave_each_other_alone(desks, index):
    """The letter of one is the mail of the other, and the way back."""
    one, two = desks["one"], desks["two"]
    with open(two.path("exitdesk.yaml")) as file:
        text = file.read().replace("umbrella.example", "other.example")
    with open(two.path("exitdesk.yaml"), "w") as file:
        file.write(text)
    two.start()
    deliver(one, *complaint(9000, domain="game.example"))
    settle(one)
    wait_until(lambda: one.sink.letters, 10, "the letter that is due")
    to, sender, raw = one.sink.letters[-1]
    path = re.search(r"<(.*?)>", sender).group(1)
    for round_ in range(ROUNDS):
        domain = path.split("@")[1]
        head = ("Authentication-Results: mx.other.example; dkim=pass "
                "header.d={0} header.b=x{1}; spf=pass smtp.mailfrom={2}; "
                "dmarc=pass header.from={0}\r\n").format(domain, round_, path)
        message = raw.replace(b"hackerspace.example", b"umbrella.example")
        # A desk of another make has no marks: try it without ours, too.
        if round_ % 2:
            message = re.sub(rb"(?m)^(Auto-Submitted|Precedence|X-[A-Za-z-]*)"
                             rb":.*\r\n", b"", message)
        deliver(two, path, head.encode() + message, to="abuse@other.example")
        settle(two)
    time.sleep(0.3)
    if two.sink.letters:
        raise AssertionError("%d letters" % len(two.sink.letters))


def main():
    desks = {"one": Desk(*sys.argv[1:3]), "two": Desk(*sys.argv[1:3])}
    desks["one"].start()
    tests = []
    for index, kind in enumerate(KINDS, 1):
        tests.append(make_test(kind))
    tests.append(two_desks_leave_each_other_alone)
    counter = iter(range(1, 100))

    def numbered(test):
        def run():
            return test(desks, next(counter))
        run.__name__ = test.__name__
        return run
    try:
        failed = run_tests([numbered(test) for test in tests])
        for desk in desks.values():
            if desk.process is not None and desk.stop() != 0:
                failed += 1
            text = desk.complaints_of_sanitizers()
            if text:
                print("# " + text.replace("\n", "\n# "))
                failed += 1
    finally:
        for desk in desks.values():
            desk.close()
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
