"""The whole way of a yes by mail, with the running desk: a complaint comes,
both contacts are told, one answers "ok", and the letter leaves after its
delay, once."""
import email
import re
import sys
import time

from rig import complaint, deliver, run_on_desks, wait_until

BOARD, CHAIR = "board@hackerspace.example", "chair@hackerspace.example"
DELAY = 4


def member_file(desk):
    path = desk.path("members.d", "hackerspace.yaml")
    with open(path) as file:
        text = file.read()
    text = re.sub(r"(?m)^contacts: .*$",
                  "contacts: [%s, %s]\nnotices:\n  answer-by-mail: yes" %
                  (BOARD, CHAIR), text)
    text = re.sub(r"(?m)^automation: .*$", "automation: hold", text)
    text = re.sub(r"(?m)^modes:\n(?:[ -].*\n)*", "", text)
    with open(path, "w") as file:
        file.write(text)


def to(desk, address):
    with desk.sink.lock:
        return [email.message_from_bytes(raw)
                for who, _, raw in desk.sink.letters if who == address]


def answer(desk, message, sender, text, number, signed=True):
    """As a person's mail program and our border make it."""
    domain = sender.split("@")[1]
    results = ("dkim=pass header.d=%s header.s=m; dmarc=pass header.from=%s" %
               (domain, domain)) if signed else "dkim=none; dmarc=fail"
    raw = ("Authentication-Results: mx.umbrella.example; %s\n"
           "Received: from mail.%s (mail.%s [203.0.113.200])\n"
           "\tby mx.umbrella.example; Mon, 04 May 2026 09:00:10 +0000\n"
           "DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=m; "
           "h=from:to:date:subject:message-id; bh=x; b=c%dAAAABBBBCCCC\n"
           "From: %s\nTo: %s\nSubject: Re: x\n"
           "Date: Mon, 04 May 2026 09:00:09 +0000\n"
           "Message-ID: <a%d@%s>\nIn-Reply-To: %s\n"
           "Content-Type: text/plain; charset=utf-8\n\n%s\n" %
           (results, domain, domain, domain, number, sender,
            message["Reply-To"], number, domain, message["Message-ID"], text))
    deliver(desk, sender, raw.replace("\n", "\r\n").encode(),
            to=message["Reply-To"])


def verify(desk, address, number):
    before = len(to(desk, address))
    desk.run("contact", "verify", address, "--member", "hackerspace")
    wait_until(lambda: len(to(desk, address)) > before, 20, "the question")
    answer(desk, to(desk, address)[-1], address, "yes", number)


def letters(desk):
    return to(desk, "noc@shop1.example")


def start(desk):
    member_file(desk)
    desk.configure(delay="%ds" % DELAY)
    desk.start()
    verify(desk, BOARD, 90)
    verify(desk, CHAIR, 91)
    wait_until(lambda: desk.number("SELECT count(*) FROM challenge "
                                   "WHERE answered IS NOT NULL") == 2, 20,
               "both addresses are verified")
    # Both were told nothing today, and what comes is not urgent.
    deliver(desk, *complaint(1))
    wait_until(lambda: len(to(desk, BOARD)) == 2 and
               len(to(desk, CHAIR)) == 2, 90, "both contacts are told")


def a_yes_by_mail_lets_the_letter_go_once(desk):
    start(desk)
    notice = to(desk, BOARD)[-1]
    text = notice.get_payload(decode=True).decode().replace("\r\n", "\n")
    body = desk.rows("SELECT body FROM letter")[0][0]
    assert body in text, text
    assert notice["Auto-Submitted"] == "auto-generated"
    answer(desk, notice, BOARD, "ok", 1, signed=False)
    wait_until(lambda: desk.number("SELECT count(*) FROM told_answer "
                                   "WHERE what = 'refused'") == 1, 20,
               "the forged yes is refused")
    assert desk.number("SELECT count(*) FROM outbox") == 0
    answer(desk, notice, BOARD, "ok\n\n> your letter", 2)
    answer(desk, to(desk, CHAIR)[-1], CHAIR, "ok", 3)
    wait_until(lambda: desk.number("SELECT count(*) FROM outbox") == 1, 20,
               "the letter is queued")
    queued, due = desk.rows("SELECT queued, next_at FROM outbox")[0]
    assert due - queued == DELAY, (queued, due)
    wait_until(lambda: letters(desk), 30, "the letter left")
    time.sleep(1)
    assert len(letters(desk)) == 1
    assert desk.number("SELECT count(*) FROM ticket") == 1
    by = desk.rows("SELECT decided_by FROM draft")[0][0]
    assert by == BOARD, by


def a_no_within_the_delay_stops_it(desk):
    global DELAY
    DELAY = 600
    start(desk)
    notice = to(desk, BOARD)[-1]
    answer(desk, notice, BOARD, "ok", 1)
    wait_until(lambda: desk.number("SELECT count(*) FROM outbox") == 1, 20,
               "the letter is queued")
    desk.stop(9)  # killed: nothing is told twice
    desk.start()
    answer(desk, to(desk, CHAIR)[-1], CHAIR, "no", 2)
    wait_until(lambda: desk.rows("SELECT state FROM draft")[0][0] == "stopped",
               20, "the letter is stopped")
    assert desk.rows("SELECT state FROM outbox")[0][0] == "stopped"
    assert not letters(desk)
    assert desk.number("SELECT max(times) FROM told_draft") == 1


TESTS = [a_yes_by_mail_lets_the_letter_go_once, a_no_within_the_delay_stops_it]


if __name__ == "__main__":
    sys.exit(run_on_desks(TESTS) > 0)
