#!/usr/bin/env python3
"""How far letters in a member's name go by themselves, over the real way out
and in: consent, steps up, steps back, pause, mentor, silence.

usage: test_trust.py EXITDESK EXITDESKD
"""
import email
import email.policy
import hashlib
import re
import sqlite3
import sys
import time
import zipfile

from rig import complaint, deliver, Desk, run_tests, wait_until

AUTO, HELD = "hackerspace", "stadtbibliothek"
ADDRESS = "board@hackerspace.example"
CATEGORY = "connection/login_attack"


def equal(found, expected, what=""):
    if found != expected:
        raise AssertionError("%s: %r is not %r" % (what, found, expected))


def edit(desk, member, **lines):
    """Change or add lines of the member's file; None takes one out."""
    path = desk.path("members.d", member + ".yaml")
    with open(path) as file:
        text = file.read()
    for key, value in lines.items():
        text = re.sub(r"(?m)^%s:.*\n(?:  .*\n)*" % key, "", text)
        if value is not None:
            text += "%s: %s\n" % (key, value)
    with open(path, "w") as file:
        file.write(text)


def record(desk, member=AUTO):
    return [what for what, in desk.rows(
        "SELECT what FROM record WHERE about = ? ORDER BY number",
        "member:" + member)]


def run(desk, *words, status=0):
    code, said = desk.run(*words)
    equal(code, status, said)
    return said


class Asked:
    def __init__(self, letter):
        self.to, _, raw = letter
        message = email.message_from_bytes(raw, policy=email.policy.default)
        self.text = message.get_content().replace("\r\n", "\n")
        self.subject = message["Subject"]
        places = re.findall(r"^  (\S+@\S+)$", self.text, re.M)
        self.agree_at = places[0] if places else self.text
        self.stop_at = places[-1]
        found = re.search(r"\b[0-9a-f]{32}\b", self.text.split("Or tell")[-1])
        self.token = found.group(0) if found else None


def next_mail(desk, before, what):
    wait_until(lambda: len(desk.sink.letters) > before, 10, what)
    return Asked(desk.sink.letters[-1])


def invite(desk, member=AUTO, address=ADDRESS, *flags):
    before = len(desk.sink.letters)
    run(desk, "member", "invite", member, address, *flags)
    return next_mail(desk, before, "the invitation")


def write(desk, sender, to, extra="", envelope=None):
    raw = ("From: <%s>\r\nTo: <%s>\r\nSubject: yes\r\n"
           "Date: Mon, 04 May 2026 09:00:00 +0000\r\n"
           "Message-ID: <w%d@hackerspace.example>\r\n%s\r\nWe agree.\r\n" %
           (sender, to, desk.number("SELECT count(*) FROM mail"),
            extra)).encode()
    deliver(desk, sender if envelope is None else envelope, raw, to)
    desk.wait_decided()


def send(desk, number):
    """A complaint about the hackerspace's relay; what became of it."""
    deliver(desk, *complaint(number))
    desk.wait_decided()
    return desk.rows("SELECT id, action, rule, decision FROM ticket "
                     "ORDER BY number DESC LIMIT 1")[0]


def test_consent(desk):
    """Nothing is written before the member agreed by an act of its own."""
    equal(send(desk, 1)[1:3], ("file", "D01"))
    invitation = invite(desk, AUTO, ADDRESS, "--lang", "en")
    equal(invitation.to, ADDRESS)
    assert "Not answering agrees to nothing" in invitation.text
    assert "words (version 2)" in invitation.text, invitation.text
    write(desk, ADDRESS, invitation.agree_at,
          "Auto-Submitted: auto-replied\r\n")
    write(desk, ADDRESS, invitation.agree_at, envelope="")
    write(desk, "else@hackerspace.example", invitation.agree_at)
    equal(send(desk, 2)[1:3], ("file", "D01"), str(record(desk)))
    write(desk, ADDRESS, invitation.agree_at)
    assert any("agreed to letters in its name" in what and
               "words 2, sha256" in what for what in record(desk)), record(desk)
    equal(send(desk, 3)[1], "send")
    write(desk, ADDRESS, invitation.agree_at)
    assert "used before" in record(desk)[-1]
    run(desk, "member", "withdraw", AUTO)
    equal(send(desk, 4)[1:3], ("file", "D01"))


def test_console(desk):
    """The number can be told by telephone, in the member's language."""
    invitation = invite(desk, HELD, "direktion@bibliothek.example")
    assert "Wir bitten Onion Umbrella" in invitation.text, invitation.text
    run(desk, "member", "consent", "--token", "0" * 32, status=66)
    said = run(desk, "member", "consent", "--token", invitation.token)
    assert "agreed to letters" in said, said
    run(desk, "member", "consent", "--token", invitation.token, status=75)


def test_pause(desk):
    """A member's pause holds within a second what waits to leave, and no
    other member's; resuming sends nothing by itself."""
    desk.restart(many=1000, delay="1h")
    equal(send(desk, 1)[1], "send")
    begun = time.monotonic()
    run(desk, "member", "pause", AUTO, "--note", "board meets")
    equal(desk.rows("SELECT state FROM outbox"), [("held",)])
    assert time.monotonic() - begun < 1, "within a second"
    run(desk, "member", "pause", AUTO, status=75)
    row = send(desk, 2)
    equal(row[1:3], ("hold", "D01d"))
    assert "in the member's name are paused" in row[3], row[3]
    run(desk, "draft", "approve", row[0], status=77)
    run(desk, "member", "resume", AUTO)
    equal(desk.rows("SELECT state FROM outbox"), [("held",)])
    equal(send(desk, 3)[1], "send")


def test_stop_mail(desk):
    """A contact stops by a mail to an address that works for ever; a bounce
    there does nothing."""
    stop_at = invite(desk).stop_at
    desk.restart(many=1000, delay="1h")
    send(desk, 1)
    write(desk, ADDRESS, stop_at, envelope="")
    equal(desk.rows("SELECT state FROM outbox"), [("waiting",)])
    write(desk, ADDRESS, stop_at)
    equal(desk.rows("SELECT state FROM outbox"), [("held",)])
    equal(desk.number("SELECT count(*) FROM ticket"), 1, "no case of its own")
    write(desk, ADDRESS, stop_at)
    assert "paused by " + ADDRESS in record(desk)[-1], record(desk)


def test_end(desk):
    run(desk, "member", "end", AUTO, "--on", "2026-05-04")
    equal(send(desk, 1)[1], "send", "the last day is one of membership")
    desk.restart(many=1000, clock="2026-05-05T00:00:00Z")
    row = send(desk, 2)
    equal(row[1:3], ("file", "D01"))
    assert "the membership has ended" in row[3], row[3]


def test_person_stops(desk):
    """Whoever stops a letter that was to leave by itself ends that, told
    once to staff and once to the member."""
    question = invite(desk)
    run(desk, "member", "consent", "--token", question.token)
    desk.restart(many=1000, delay="1h")
    first, second = send(desk, 1), send(desk, 2)
    equal((first[1], second[1]), ("send", "send"))
    before = len(desk.sink.letters)
    run(desk, "draft", "stop", first[0], "--note", "wrong")
    equal(desk.rows("SELECT state FROM outbox ORDER BY number"),
          [("stopped",), ("held",)])
    run(desk, "draft", "stop", second[0], status=75)
    equal(send(desk, 3)[1:3], ("hold", "D01d"))
    said = run(desk, "todo")
    equal(said.count("a person stopped a letter"), 1, said)
    desk.restart(many=1000)
    told = next_mail(desk, before, "the notice")
    equal((told.to, told.subject),
          (ADDRESS, "Letters in your name wait for a person again"))
    assert "a person stopped a letter" in told.text, told.text
    desk.restart(many=1000)
    run(desk, "todo")
    equal(len(desk.sink.letters), before + 1, "once")


def kept(desk, **values):
    """Put a level into the store as a promotion would."""
    desk.stop()
    with sqlite3.connect(desk.path("data", "exitdesk.db")) as store:
        store.execute(
            "INSERT INTO trust_level VALUES (?, ?, 'auto', 1, 'a', 'b', ?, ?)",
            (AUTO, CATEGORY, values.get("texts"), values.get("rule")))
    store.close()
    desk.start()


def steps_back(desk, number, cause):
    row = send(desk, number)
    equal(row[1:3], ("hold", "D01d"), row[3])
    equal(desk.rows("SELECT cause FROM trust_event"), [(cause,)])
    equal(desk.rows("SELECT level FROM trust_level"), [("hold",)])


def test_text_changed(desk):
    kept(desk, texts="XX/login-attack.en 0-00000000\n")
    steps_back(desk, 1, "text-changed")


def test_policy_changed(desk):
    kept(desk, rule="another")
    steps_back(desk, 1, "text-changed")


def test_relays_changed(desk):
    kept(desk)
    desk.stop()
    with sqlite3.connect(desk.path("data", "exitdesk.db")) as store:
        store.execute(
            "INSERT INTO notice (member, kind, what, holds, noticed, as_of) "
            "VALUES (?, 'contact-changed', 'Test.', 0, 2, 2)", (AUTO,))
    store.close()
    desk.start()
    steps_back(desk, 1, "relays-changed")


def test_contact_expired(desk):
    kept(desk)
    desk.stop()
    with sqlite3.connect(desk.path("data", "exitdesk.db")) as store:
        store.execute(
            "INSERT INTO challenge (member, address, token_hash, asked, "
            "asked_by, expires, answered, answered_by, way) VALUES "
            "(?, ?, x'00', 1, 'a', 2, 2, 'b', 'mail')", (AUTO, ADDRESS))
    store.close()
    desk.start()
    steps_back(desk, 1, "contact-expired")


def test_too_many(desk):
    desk.stop()
    path = desk.path("exitdesk.yaml")
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(re.sub("member-per-day: .*", "member-per-day: 1", text))
    desk.start()
    kept(desk)
    equal(send(desk, 1)[1], "send")
    send(desk, 2)
    equal(desk.rows("SELECT cause FROM trust_event"), [("too-many",)])


def test_promote(desk):
    """The checklist says what lacks; the step needs the member's own yes."""
    said = run(desk, "member", "promote", AUTO, "--category", CATEGORY, "--to",
               "auto", status=1)
    assert " [x] delegation agreed" in said, said
    assert " [ ] two contacts answer mail" in said, said
    assert " [ ] drafts approved unchanged   0 of the last 0" in said, said
    assert "Asked" not in said
    run(desk, "member", "promote", AUTO, "--category", "connection", "--to",
        "auto", status=65)
    run(desk, "member", "promote", AUTO, "--category", "*", "--to", "hold")
    equal(send(desk, 1)[1:3], ("hold", "D01d"))
    equal(desk.number("SELECT count(*) FROM trust_event"), 0, "by hand")


def test_climb(desk):
    """From hold to auto: ten drafts, two contacts, the member's own yes."""
    desk.stop()
    edit(desk, AUTO, automation="hold",
         contacts="[board@hackerspace.example, it@hackerspace.example]")
    desk.start()
    for number in range(1, 11):
        run(desk, "draft", "approve", send(desk, number)[0])
    words = ("member", "promote", AUTO, "--category", CATEGORY, "--to", "auto")
    assert "Asked" not in run(desk, *words, status=1)
    for address in (ADDRESS, "it@hackerspace.example"):
        run(desk, "contact", "verify", address, "--member", AUTO)
        wait_until(lambda: desk.sink.letters[-1][0] == address, 10, address)
        text = email.message_from_bytes(
            desk.sink.letters[-1][2],
            policy=email.policy.default).get_content()
        run(desk, "contact", "confirm",
            re.search(r"\b[0-9a-f]{32}\b", text).group(0))
    said = run(desk, *words, status=1)
    assert "Asked board@hackerspace.example to agree." in said, said
    equal(said.count(" [x] "), 7, said)
    wait_until(lambda: "May these letters" in str(email.message_from_bytes(
        desk.sink.letters[-1][2])["Subject"]), 10, "the question")
    question = Asked(desk.sink.letters[-1])
    assert "Asked" not in run(desk, *words, status=1), "once"
    equal(send(desk, 11)[1], "hold")
    write(desk, ADDRESS, question.agree_at)
    equal(send(desk, 12)[1], "hold", "the member's yes alone does nothing")
    said = run(desk, *words)
    assert "leave by themselves now" in said, said
    equal(send(desk, 13)[1], "send")
    assert any("are on \"auto\" now" in what for what in record(desk))


def test_mentor(desk):
    """Two people, one of them the mentor, approve a new member's letters."""
    desk.stop()
    edit(desk, AUTO, mentor="{name: M. Mentor, letters: 1}")
    desk.start()
    row = send(desk, 1)
    equal(row[1:3], ("hold", "D01d"))
    assert "the mentor reads the first letters" in row[3], row[3]
    said = run(desk, "draft", "approve", row[0], "--as", "A. Staff")
    assert "waits for the mentor" in said, said
    run(desk, "draft", "approve", row[0], "--as", "a. staff", status=75)
    equal(desk.number("SELECT count(*) FROM outbox"), 0)
    said = run(desk, "draft", "approve", row[0], "--as", "m. mentor")
    assert "Approved" in said, said
    equal(desk.number("SELECT count(*) FROM outbox"), 1)
    equal(send(desk, 2)[1], "send", "after the first letter")


def test_export(desk):
    """One file with everything, to be checked without us, twice the same."""
    row = send(desk, 1)
    wait_until(lambda: desk.number("SELECT count(*) FROM outbox "
                                   "WHERE state = 'sent'") == 1, 10, "sent")
    run(desk, "member", "pause", AUTO)
    place = desk.path("out.zip")
    run(desk, "member", "export", AUTO, "-o", place)
    with open(place, "rb") as file:
        first = file.read()
    run(desk, "member", "export", AUTO, "-o", place)
    with open(place, "rb") as file:
        equal(file.read() == first, True, "twice the same")
    with zipfile.ZipFile(place) as pack:
        names = pack.namelist()
        for line in pack.read("manifest.sha256").decode().splitlines():
            digest, name = line.split("  ", 1)
            equal(hashlib.sha256(pack.read(name)).hexdigest(), digest, name)
        for name in ("README.txt", "settings.yaml", "trust.json",
                     "record.json", "letters.json",
                     "cases/%s/case.json" % row[0],
                     "cases/%s/mail.eml" % row[0],
                     "cases/%s/letter-1.eml" % row[0]):
            assert name in names, (name, names)
        record_text = pack.read("record.json").decode()
        assert "are paused by" in record_text, record_text
        whole = b"".join(pack.read(name) for name in names)
        for other in (b"Musterstadt", b"bibliothek", b"Example Onion"):
            assert other not in whole, other


def bounce(desk, letter):
    """The letter comes back to its return path."""
    to, sender, raw = letter
    path = re.search(r"<(.*?)>", sender).group(1)
    dsn = ("From: <mailer-daemon@shop.example>\r\nTo: <%s>\r\n"
           "Subject: Undelivered\r\nMessage-ID: <dsn@shop.example>\r\n"
           "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
           "Content-Type: multipart/report; report-type=delivery-status; "
           "boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
           "Not delivered.\r\n--b\r\nContent-Type: message/delivery-status"
           "\r\n\r\nReporting-MTA: dns; mx.shop.example\r\n\r\n"
           "Final-Recipient: rfc822; %s\r\nAction: failed\r\n"
           "Status: 5.1.1\r\n\r\n--b--\r\n" % (path, to)).encode()
    deliver(desk, "", dsn, path)
    desk.wait_decided()


def letter_of(desk):
    """The letter that left by itself."""
    wait_until(lambda: desk.number("SELECT count(*) FROM outbox "
                                   "WHERE state = 'sent'") == 1, 10, "sent")
    return [found for found in desk.sink.letters if "shop" in found[0]][-1]


def test_bounced(desk):
    kept(desk)
    equal(send(desk, 1)[1], "send")
    bounce(desk, letter_of(desk))
    equal(desk.rows("SELECT cause FROM trust_event"), [("letter-bounced",)])
    equal(send(desk, 2)[1:3], ("hold", "D01d"))


def test_legal_answer(desk):
    kept(desk)
    equal(send(desk, 1)[1], "send")
    to, _, raw = letter_of(desk)
    message_id = email.message_from_bytes(raw)["Message-ID"]
    sender, mail = complaint(9, body="Our lawyer will sue you; we filed a "
                             "criminal complaint with the police.\n",
                             domain=to.split("@")[1], sender=to,
                             extra="In-Reply-To: %s\n" % message_id)
    deliver(desk, sender, mail)
    desk.wait_decided()
    equal(desk.rows("SELECT cause FROM trust_event"), [("legal-answer",)])


def test_observe(desk):
    """A server that observes tells what would have left by itself."""
    desk.restart(many=1000, mode="observe")
    row = send(desk, 1)
    equal(row[1:3], ("hold", "D01b"))
    assert row[0] in run(desk, "draft", "list", "--would-leave")
    desk.stop()
    edit(desk, AUTO, automation="hold")
    desk.start()
    row = send(desk, 2)
    equal(row[1:3], ("hold", "D01b"))
    assert row[0] in run(desk, "draft", "list")
    assert row[0] not in run(desk, "draft", "list", "--would-leave")


def test_silence(desk):
    """Thirty days of nobody saying anything: nothing leaves."""
    desk.stop()
    edit(desk, AUTO, automation="hold", consent=None)
    desk.start()
    invite(desk)
    for number in range(3):
        send(desk, number)
    before = len(desk.sink.letters)
    for day in range(5, 35, 5):
        month = 5 if day <= 31 else 6
        desk.restart(many=1000, clock="2026-%02d-%02dT09:00:00Z" %
                     (month, day if day <= 31 else day - 31))
        send(desk, 100 + day)
    equal(len(desk.sink.letters), before)
    equal(desk.number("SELECT count(*) FROM outbox"), 0)
    edit(desk, AUTO, consent="{given: 2026-05-01, by: A. Board}")
    for day in range(5, 30, 8):
        desk.restart(many=1000, clock="2026-06-%02dT09:00:00Z" % day)
        send(desk, 200 + day)
    equal(len(desk.sink.letters), before, "drafts wait for ever")
    equal(desk.number("SELECT count(*) FROM outbox"), 0)


def fresh(test):
    """Each on a desk of its own."""
    def on_desk():
        desk = Desk(sys.argv[1], sys.argv[2])
        desk.configure(many=1000)
        try:
            if test is test_consent:
                edit(desk, AUTO, consent=None)
            desk.start()
            test(desk)
            equal(desk.complaints_of_sanitizers(), "")
        except AssertionError as error:
            raise AssertionError("%s\n%s" % (error, desk.log()[-1500:]))
        finally:
            desk.close()
    on_desk.__name__ = test.__name__
    return on_desk


if __name__ == "__main__":
    sys.exit(run_tests([fresh(test) for test in (
        test_consent, test_console, test_pause, test_stop_mail, test_end,
        test_person_stops, test_text_changed, test_policy_changed,
        test_relays_changed, test_contact_expired, test_too_many, test_promote,
        test_climb, test_mentor, test_export, test_bounced, test_legal_answer,
        test_observe, test_silence)]) > 0)
