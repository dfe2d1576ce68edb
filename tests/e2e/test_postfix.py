#!/usr/bin/env python3
"""Complaints through a real Postfix into the desk, letters through it out.

usage: test_postfix.py EXITDESK EXITDESKD SAMPLES SIGN_LETTER SEND_LETTERS

Prints TAP. Needs root and Postfix; without them every test is skipped.
"""
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "courier"))
from desk import Desk, sample
from postfix_instance import (FIRST_WORD_ONLY, GOOD, Postfix, free_port,
                              parse, wait_until, why_not)
from smtp_sink import Sink

ABUSE = "abuse@umbrella.example"
SIGNED = ("dkim=pass header.d={0} header.s=mail header.b=Ab02Cd; "
          "spf=pass smtp.mailfrom={0}; dmarc=pass header.from={0}")


class Site:
    """Postfix on both sides of a desk, and a sink where the world is."""

    def __init__(self, base, exitdesk, exitdeskd, samples):
        os.chmod(base, 0o755)
        self.samples, self.sink = samples, Sink()
        lmtp = free_port()
        self.desk = Desk(os.path.join(base, "desk"), exitdesk, exitdeskd,
                         lmtp)
        self.postfix = Postfix(os.path.join(base, "postfix"),
                               "umbrella.example",
                               "lmtp:inet:127.0.0.1:%d" % lmtp,
                               self.sink.port)
        self.desk.configure(self.postfix.outbound)

    def complain(self, number, what=None):
        """Send a sample; what: (old, new), to make it another."""
        sender, raw = sample(self.samples, number)
        if what:
            raw = raw.replace(*what)
        self.postfix.send(sender, ABUSE, raw)


def distinct(number):
    """Make the second sample another complaint about the same relay."""
    return (b"02-fail2ban-three-times", b"fail2ban-%d" % number)


def equal(got, expected):
    if got != expected:
        raise AssertionError("%r is not %r" % (got, expected))


def a_complaint_becomes_a_case_and_a_letter(site):
    site.complain("02")
    cases = site.desk.wait_for_cases(1)
    equal([(case["member"], case["verdict"], case["action"])
           for case in cases], [("hackerspace", "exit", "send")])
    # The policy lets ten minutes pass in which the letter can be stopped.
    time.sleep(0.5)
    equal(site.sink.letters, [])
    site.desk.move_clock("2026-05-04T09:15:00Z")
    wait_until(lambda: site.sink.letters, 30, "the letter is at the sink")
    site.postfix.wait_for_empty_queue()
    time.sleep(0.5)
    equal(len(site.sink.letters), 1)
    equal(site.sink.envelopes[1].split()[1], b"TO:<fail2ban@games.example>")
    sender = site.sink.envelopes[0].split()[1]
    assert sender.startswith(b"FROM:<bounce+"), sender
    letter = parse(site.sink.letters[0])
    equal(letter["To"], "fail2ban@games.example")
    equal(letter["In-Reply-To"], "<02-fail2ban-three-times@games.example>")
    assert cases[0]["case"] in letter["Subject"], letter["Subject"]
    assert "198.51.100.9" in letter.get_payload(decode=True).decode()
    wait_until(lambda: site.desk.cases()[0]["state"] == "answered", 10,
               "the case is answered")


HERE = os.path.dirname(os.path.abspath(__file__))
NO_VERIFIER = "SKIP python3-dkim is not installed"


def verifier(*words):
    """Run verify_arrived.py with a Python that has dkimpy; (status, said)."""
    for python in (sys.executable, "/usr/bin/python3"):
        ended = subprocess.run(
            [python, os.path.join(HERE, "verify_arrived.py"), *words],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if ended.returncode != 77:
            break
    return ended.returncode, ended.stdout


def check_arrived(site, name, letters, published):
    """Both signatures of each letter, as its bytes came out of Postfix; why
    that could not be looked at, or None."""
    base = os.path.join(site.desk.base, "arrived-" + name)
    os.mkdir(base)
    files = [os.path.join(base, "%03d" % number)
             for number in range(len(letters))]
    for path, letter in zip(files, letters):
        with open(path, "wb") as file:
            file.write(letter)
    records = os.path.join(base, "records.json")
    with open(records, "w") as file:
        json.dump(published, file)
    status, said = verifier("check", records, *files)
    if status == 77:
        return NO_VERIFIER
    if status:
        raise AssertionError(said)
    print("# " + said.strip().replace("\n", "\n# "))
    return None


def ends_well(name):
    with open(name, "rb") as file:
        return file.read().endswith(b"\r\n")


def odd_letters_keep_their_signatures(site):
    """Those of the DKIM test, over the courier and Postfix: empty bodies, dots,
    blanks, long lines, 8-bit text, folded fields."""
    base = os.path.join(site.desk.base, "odd")
    os.mkdir(base)
    if verifier("make", base)[0] == 77:
        return NO_VERIFIER
    files = sorted(os.path.join(base, name) for name in os.listdir(base))
    # The courier takes none that ends without a line break.
    files = [name for name in files if ends_well(name)]
    assert len(files) >= 174, len(files)
    subprocess.run([site.sign_letter, base, *files], check=True)
    published = {}
    for kind in ("rsa", "ed25519"):
        with open(os.path.join(base, kind + ".txt")) as file:
            published["%s._domainkey.member.example." % kind] = file.read()
    before = len(site.sink.letters)
    said = subprocess.run(
        [site.send_letters, "smtp://127.0.0.1:%d" % site.postfix.outbound, "-",
         "-", "-", "-", "yes", *(name + ".signed" for name in files)],
        stdout=subprocess.PIPE, text=True, timeout=60).stdout
    equal([line for line in said.splitlines()
           if not re.match("dot|done [0-9]+ ok ", line)], [])
    site.postfix.wait_for_empty_queue(60)
    arrived = site.sink.letters[before:]
    del site.sink.letters[before:]
    equal(len(arrived), len(files))
    return check_arrived(site, "odd", arrived, published)


def letters_of_a_whole_day_are_signed(site):
    """All that the desk wrote itself in this run, in two languages, one of
    them let go by a person; the last hop takes no 8-bit text."""
    site.sink.offers = ["AUTH PLAIN"]
    site.complain("01")
    wait_until(lambda: [case for case in site.desk.cases()
                        if case["member"] == "stadtbibliothek"], 30, "a draft")
    case = [case for case in site.desk.cases()
            if case["member"] == "stadtbibliothek"][0]["case"]
    before = len(site.sink.letters)
    site.desk.command("draft", "approve", case)
    wait_until(lambda: len(site.sink.letters) > before, 30, "it left")
    letter = parse(site.sink.letters[-1])
    text = letter.get_payload(decode=True).decode("utf-8")
    assert any(ord(each) > 127 for each in text), text
    assert max(site.sink.letters[-1]) < 128
    # Postfix itself bounced what was for an address that there is not.
    own = [each for each in site.sink.letters
           if "MAILER-DAEMON" not in parse(each)["From"]]
    assert len(own) >= 2, len(own)
    return check_arrived(site, "own", own, site.desk.published)


def the_letter_is_signed_at_the_other_end(site):
    said = check_arrived(site, "first", site.sink.letters[:1],
                         site.desk.published)
    if said:
        return said
    letter = parse(site.sink.letters[0])
    assert b"\nReceived:" in b"\n" + site.sink.letters[0], "a hop"
    equal(len(letter.get_all("DKIM-Signature")), 2)
    assert "d=hackerspace.example" in letter["DKIM-Signature"], letter.items()
    return None


def a_letter_to_nobody_comes_home_and_is_never_tried_again(site):
    site.sink.step, site.sink.fault = "RCPT", "5xx"
    sender, raw = sample(site.samples, "02")
    raw = raw.replace(b"fail2ban@games.example", b"gone@vanish.example")
    raw = raw.replace(b"games.example", b"vanish.example")
    before = len(site.desk.cases())
    site.postfix.send("gone@vanish.example", ABUSE, raw)
    site.desk.wait_for_cases(before + 1)
    newest = [case for case in site.desk.cases()
              if case["reporter"] == "gone@vanish.example"][0]
    equal(newest["action"], "send")
    site.desk.move_clock("2026-05-04T09:30:00Z")

    def state():
        return [case for case in site.desk.cases()
                if case["case"] == newest["case"]][0]["state"]
    # First the next hop takes it, then the bounce comes.
    wait_until(lambda: state() == "triage", 30, "the bounce came home")
    site.postfix.wait_for_empty_queue()
    shown = subprocess.run([site.desk.cli, "-C", site.desk.base, "case",
                            "show", newest["case"]], stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, text=True).stdout
    assert "Letter did not arrive: 5." in shown, shown[-1500:]
    todo = subprocess.run([site.desk.cli, "-C", site.desk.base, "todo"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True).stdout
    assert newest["case"] in todo, todo[-1500:]
    database = sqlite3.connect(
        "file:%s?mode=ro" % site.desk.path("data", "exitdesk.db"), uri=True)
    equal(database.execute("SELECT address FROM suppression").fetchall(),
          [("gone@vanish.example",)])
    equal(database.execute("SELECT kind, fate FROM letter_return").fetchall(),
          [("failed", "taken")])
    database.close()
    equal(len(site.desk.cases()), before + 1)
    site.sink.step = site.sink.fault = None


def the_same_mail_again_is_no_second_case_or_letter(site):
    for _ in range(3):
        site.complain("02")
    site.postfix.wait_for_empty_queue()
    time.sleep(1)
    equal(len(site.desk.cases()), 1)
    equal(len(site.sink.letters), 1)


def an_unknown_recipient_is_refused_by_us(site):
    sender, raw = sample(site.samples, "02")
    site.postfix.send(sender, "nobody@umbrella.example", raw)
    wait_until(lambda: "550 5.1.1" in site.postfix.log(), 20,
               "Postfix heard the 550")
    equal(len(site.desk.cases()), 1)


def while_the_desk_is_stopped_postfix_keeps_the_mail(site):
    equal(site.desk.stop(), 0)
    for number in range(20):
        site.complain("02", distinct(number))
    wait_until(lambda: len(site.postfix.queue()) >= 20, 20,
               "20 mails are queued")
    before = len(site.sink.letters)
    site.desk.start()
    site.postfix.flush()
    site.postfix.wait_for_empty_queue(60)
    equal(len(site.desk.wait_for_cases(21)), 21)
    assert len(site.sink.letters) <= before + 1, site.sink.letters


def killed_in_the_middle_nothing_is_lost_or_doubled(site):
    def send_all():
        for number in range(100, 250):
            site.complain("02", distinct(number))
    sender = threading.Thread(target=send_all)
    sender.start()
    for _ in range(5):
        time.sleep(0.4)
        site.desk.stop(signal.SIGKILL)
        site.desk.start()
    sender.join()
    site.postfix.flush()
    site.postfix.wait_for_empty_queue(90)
    equal(len(site.desk.wait_for_cases(171, 60)), 171)


def a_stop_under_load_ends_well(site):
    def send_all():
        for number in range(300, 400):
            site.complain("02", distinct(number))
    sender = threading.Thread(target=send_all)
    sender.start()
    time.sleep(0.3)
    equal(site.desk.stop(), 0)
    sender.join()
    site.desk.start()
    site.postfix.flush()
    site.postfix.wait_for_empty_queue(90)
    equal(len(site.desk.wait_for_cases(271, 60)), 271)


def border(site):
    """What the doctor says of it after a probe: (result, words, do)."""
    said = site.desk.command("doctor", "--probe", "--json")
    rows = [json.loads(line) for line in said.splitlines()]
    found = [row for row in rows if row["check"] == "border"]
    equal(len(found), 1)
    return found[0]["result"], found[0]["words"], found[0]["do"]


def a_border_that_removes_forged_results_is_proven(site):
    result, words, _ = border(site)
    equal((result, words.split(", ")[0]), ("ok", "takes forged results out"))


def a_border_that_does_not_holds_every_letter(site):
    before = len(site.desk.cases())
    for line, spellings in (("", "plain, capitals, after a comment"),
                            (FIRST_WORD_ONLY, "(after a comment, before a")):
        site.postfix.remove(line)
        site.postfix.reload()
        result, words, what_to_do = border(site)
        equal(result, "FAIL")
        assert spellings in words, words
        assert "/^Authentication-Results:.*mx\\.umbrella\\.example/ IGNORE" \
            in what_to_do, what_to_do
    site.complain("02", distinct(700))
    case = [case for case in site.desk.wait_for_cases(before + 1)][0]
    # Under load the letters of an hour may be used up as well (D17).
    assert case["action"] in ("hold", "file"), case
    assert "D01f" in site.desk.command("case", "show", case["case"], "--json"), case
    site.postfix.remove(GOOD)
    site.postfix.reload()
    equal(border(site)[0], "ok")


TESTS = [a_complaint_becomes_a_case_and_a_letter,
         the_letter_is_signed_at_the_other_end,
         odd_letters_keep_their_signatures,
         the_same_mail_again_is_no_second_case_or_letter,
         an_unknown_recipient_is_refused_by_us,
         while_the_desk_is_stopped_postfix_keeps_the_mail,
         killed_in_the_middle_nothing_is_lost_or_doubled,
         a_stop_under_load_ends_well,
         letters_of_a_whole_day_are_signed,
         a_letter_to_nobody_comes_home_and_is_never_tried_again,
         a_border_that_removes_forged_results_is_proven,
         a_border_that_does_not_holds_every_letter]


def run(site):
    failures = 0
    for number, test in enumerate(TESTS, 1):
        name = test.__name__.replace("_", " ")
        begun = time.monotonic()
        try:
            skip = test(site)
            print("ok %d - %s%s" % (number, name,
                                    " # " + skip if skip else ""))
        except (AssertionError, OSError, subprocess.SubprocessError) as error:
            failures += 1
            print("not ok %d - %s" % (number, name))
            print("# %s" % str(error).replace("\n", " ")[:1500])
        print("# %.1f s" % (time.monotonic() - begun), flush=True)
    return failures


def main(exitdesk, exitdeskd, samples, sign_letter, send_letters):
    reason = why_not()
    if reason:
        print("1..0 # SKIP " + reason)
        return 0
    print("1..%d" % len(TESTS), flush=True)
    base = tempfile.mkdtemp(prefix="postfix-")
    site = None
    try:
        site = Site(base, exitdesk, exitdeskd, samples)
        site.sign_letter, site.send_letters = sign_letter, send_letters
        site.postfix.mark({name: SIGNED.format(name) for name in
                           ("games.example", "vanish.example")})
        site.postfix.start()
        site.desk.start()
        failures = run(site)
        if failures:
            print("# desk:\n# " +
                  site.desk.log()[-3000:].replace("\n", "\n# "))
            print("# postfix:\n# " +
                  site.postfix.log()[-3000:].replace("\n", "\n# "))
        return 1 if failures else 0
    finally:
        if site:
            site.desk.stop()
            site.postfix.stop()
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:6]))
