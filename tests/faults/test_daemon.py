#!/usr/bin/env python3
"""The running desk when things around it break.

usage: test_daemon.py EXITDESK EXITDESKD

Prints TAP. EXITDESK_ROUNDS (default 1) makes the kills and loads longer.
"""
import os
import random
import signal
import subprocess
import sys
import threading
import time

from rig import (CLOCK, Desk, Lmtp, Load, complaint, control_frame, deliver,
                 run_tests, wait_until)

ROUNDS = int(os.environ.get("EXITDESK_ROUNDS", "1"))
LATER = "2026-05-04T09:%02d:00Z"


def equal(got, expected, what=""):
    if got != expected:
        raise AssertionError("%s: %r is not %r" % (what, got, expected))


def with_desk(test):
    """Give the test a desk that runs; afterwards it must be in good health."""
    def run(cli, daemon):
        desk = Desk(cli, daemon)
        try:
            skipped = test(desk)
            if desk.process is not None:
                equal(desk.stop(), 0, "exit status")
            equal(desk.complaints_of_sanitizers(), "", "sanitizers")
            return skipped
        except Exception:
            sys.stdout.write("".join("# log: " + line for line in
                                     desk.log().splitlines(True)[-15:]))
            print("# " + desk.complaints_of_sanitizers()[:3000]
                  .replace("\n", "\n# "))
            raise
        finally:
            desk.close()
    run.__name__ = test.__name__
    return run


def settle_letters(desk, minutes=(20, 40)):
    """Let what waits for a second try have it, twice."""
    for minute in minutes:
        desk.restart(clock=LATER % minute)
        desk.wait_decided()
        wait_until(lambda: desk.number(
            "SELECT count(*) FROM outbox WHERE state IN ('waiting', "
            "'sending') OR state = 'retry' AND next_at <= ?",
            1777885200 + minute * 60) == 0, 30, "the outbox is empty")


def check_ledger(desk, acked):
    """Nothing lost, nothing twice."""
    equal(desk.number("SELECT count(*) FROM mail WHERE state = 'received' "
                      "AND envelope_from <> ''"), 0, "undecided")
    for number, inbox in acked.items():
        rows = desk.rows("SELECT mail.number, count(ticket.number) FROM mail "
                         "LEFT JOIN ticket ON ticket.mail = mail.number "
                         "WHERE mail.envelope_from = ? GROUP BY mail.number",
                         "noc@shop%d.example" % number)
        equal([count for _, count in rows], [1], "mails and cases of %d (%s)"
              % (number, inbox))
    letters = desk.rows("SELECT ticket, count(*) FROM letter GROUP BY ticket "
                        "HAVING count(*) > 1")
    equal(letters, [], "cases with two letters")
    for to, ids in desk.sink.by_recipient().items():
        equal(len(set(ids)), 1, "letters to " + to)
        if len(ids) > 2:
            raise AssertionError("%s got it %d times" % (to, len(ids)))
    status, said = desk.run("doctor")
    return said


@with_desk
def killed_under_load_loses_and_doubles_nothing(desk):
    desk.start()
    load = Load(desk, range(80 * ROUNDS))
    for _ in range(6 * ROUNDS):
        time.sleep(random.uniform(0.02, 0.6))
        desk.stop(signal.SIGKILL)
        desk.start()
    load.join()
    desk.wait_decided()
    settle_letters(desk)
    check_ledger(desk, load.acked)
    equal(len(load.acked), 80 * ROUNDS, "taken")
    sent = desk.number("SELECT count(*) FROM outbox WHERE state = 'sent'")
    held = desk.number("SELECT count(*) FROM outbox WHERE state <> 'sent'")
    parked = desk.number("SELECT count(*) FROM mail WHERE state = 'parked'")
    equal(sent + held + parked, 80 * ROUNDS, "letters or people")
    if parked + held > 4 * ROUNDS:
        raise AssertionError("%d parked, %d held" % (parked, held))
    equal(len(desk.sink.by_recipient()) >= sent, True, "letters")


@with_desk
def ended_under_load_takes_all_and_says_so(desk):
    desk.start()
    load = Load(desk, range(60 * ROUNDS))
    for _ in range(3 * ROUNDS):
        time.sleep(random.uniform(0.1, 0.6))
        begun = time.monotonic()
        equal(desk.stop(), 0, "exit status")
        if time.monotonic() - begun > 10:
            raise AssertionError("took long to end")
        desk.start()
    load.join()
    desk.wait_decided()
    settle_letters(desk, (1,))
    check_ledger(desk, load.acked)
    equal(desk.number("SELECT count(*) FROM outbox WHERE state = 'sent'"),
          60 * ROUNDS, "sent")


@with_desk
def broken_configuration_changes_nothing(desk):
    desk.start()
    load = Load(desk, range(40))
    with open(desk.path("exitdesk.yaml")) as file:
        good = file.read()
    for text in ("desk: [", "desk: {name: 7}\nnonsense: 1\n", "", "\0\0"):
        with open(desk.path("exitdesk.yaml"), "w") as file:
            file.write(text)
        desk.process.send_signal(signal.SIGHUP)
        time.sleep(0.15)
    wait_until(lambda: desk.log().count("reload refused") == 4, 10,
               "four reloads are refused")
    with open(desk.path("exitdesk.yaml"), "w") as file:
        file.write(good)
    for _ in range(5):
        desk.process.send_signal(signal.SIGHUP)
        time.sleep(0.05)
    load.join()
    wait_until(lambda: "configuration reloaded" in desk.log(), 10, "reload")
    desk.wait_decided()
    check_ledger(desk, load.acked)


@with_desk
def full_disk_is_a_later_and_passes(desk):
    small = desk.path("small")
    os.mkdir(small)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none",
                              small], stderr=subprocess.PIPE)
    if mounted.returncode != 0:
        return "cannot mount a tmpfs"
    try:
        os.rename(desk.path("data", "relays"), desk.path("relays"))
        desk.data = small
        os.symlink(desk.path("relays"), os.path.join(small, "relays"))
        desk.configure()
        desk.start()
        deliver(desk, *complaint(0))
        desk.wait_decided()
        filler = os.path.join(small, "filler")
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        refused = 0
        acked = {0: ""}
        for number in range(1, 40):
            client = Lmtp(desk.path("lmtp.sock"))
            reply = client.send(*complaint(number))
            client.close()
            if reply.startswith("4"):
                refused += 1
            elif reply.startswith("250"):
                acked[number] = reply
            else:
                raise AssertionError(reply)
        if refused == 0:
            raise AssertionError("nothing was refused on a full disk")
        equal(desk.process.poll(), None, "the desk still runs")
        os.unlink(filler)
        for number in range(1, 40):
            deliver(desk, *complaint(number))
            acked[number] = ""
        desk.wait_decided()
        wait_until(lambda: desk.number(
            "SELECT count(*) FROM outbox WHERE state = 'sent'") == 40, 30,
            "every letter is sent")
        check_ledger(desk, acked)
        equal(desk.stop(), 0, "exit status")
    finally:
        if desk.process is not None:
            desk.process.kill()
            desk.process.wait()
            desk.process = None
        subprocess.run(["umount", "-l", small])


@with_desk
def killed_reader_costs_no_mail(desk):
    desk.start()
    load = Load(desk, range(30))
    wait_until(lambda: len(load.acked) > 5, 30, "some are in")
    os.kill(desk.children()["exitdesk-reader"], signal.SIGKILL)
    status = desk.process.wait(60)
    desk.process = None
    equal(status, 75, "exit status")
    desk.start()
    load.join()
    desk.wait_decided()
    check_ledger(desk, load.acked)
    equal(desk.number("SELECT count(*) FROM ticket WHERE action = 'send'"),
          30, "answered, not unreadable")


@with_desk
def killed_keeper_ends_the_desk_and_loses_no_letter(desk):
    desk.start()
    load = Load(desk, range(30))
    wait_until(lambda: len(load.acked) > 5, 30, "some are in")
    os.kill(desk.children()["exitdesk-keep"], signal.SIGKILL)
    equal(desk.process.wait(60), 75, "exit status")
    desk.process = None
    desk.start()
    load.join()
    desk.wait_decided()
    settle_letters(desk)
    check_ledger(desk, load.acked)
    equal(desk.number("SELECT count(*) FROM outbox WHERE state = 'sent'"),
          30, "sent")


@with_desk
def lost_answer_to_the_dot_doubles_once_at_most(desk):
    desk.sink.mode = "swallow"
    desk.start()
    deliver(desk, *complaint(1))
    desk.wait_decided()
    wait_until(lambda: len(desk.sink.letters) == 1, 10, "the letter came")
    wait_until(lambda: desk.number("SELECT count(*) FROM outbox WHERE state = "
                                   "'retry' AND unknown_times = 1") == 1, 10,
               "outcome unknown")
    for minute in (10, 20, 40, 59):
        desk.restart(clock=LATER % minute)
        time.sleep(0.5)
    equal(len(desk.sink.letters), 2, "copies")
    equal(len(set(desk.sink.by_recipient()["noc@shop1.example"])), 1, "ids")
    equal(desk.number("SELECT count(*) FROM outbox WHERE state = 'held'"), 1,
          "held for a person")


@with_desk
def hanging_next_hop_stops_neither_mail_nor_the_end(desk):
    desk.start()
    # the border first, without which nothing leaves by itself
    wait_until(lambda: desk.number("SELECT count(*) FROM probe "
                                   "WHERE came IS NOT NULL") > 0, 10, "probe")
    desk.sink.mode = "hang"
    begun = time.monotonic()
    for number in range(10):
        deliver(desk, *complaint(number))
    desk.wait_decided()
    wait_until(lambda: desk.number("SELECT count(*) FROM outbox "
                                   "WHERE state = 'sending'") == 1, 10, "stuck")
    equal(desk.stop(), 0, "exit status")
    if time.monotonic() - begun > 20:
        raise AssertionError("took %g s" % (time.monotonic() - begun))
    desk.sink.mode = "take"
    settle_letters(desk, (1,))
    equal(len(desk.sink.by_recipient()), 10, "letters")
    equal(len(desk.sink.letters), 10, "copies")


@with_desk
def pause_holds_within_a_second(desk):
    desk.configure(delay="1s")
    desk.start()
    deliver(desk, *complaint(1))
    desk.wait_decided()
    equal(desk.run("pause", "--note", "test")[0], 0, "pause")
    time.sleep(2)
    equal(desk.sink.letters, [], "letters in a pause")
    desk.sink.mode = "hang"
    equal(desk.run("resume")[0], 0, "resume")
    wait_until(lambda: desk.number("SELECT count(*) FROM outbox "
                                   "WHERE state = 'sending'") == 1, 10, "stuck")
    equal(desk.run("pause")[0], 0, "pause")
    desk.sink.mode = "take"
    wait_until(lambda: desk.number("SELECT count(*) FROM outbox "
                                   "WHERE state = 'retry'") == 1, 10, "back")
    equal(desk.sink.letters, [], "a letter that was under way")
    equal(desk.run("resume")[0], 0, "resume")
    settle_letters(desk, (30,))
    equal(len(desk.sink.letters), 1, "letters")


def the_case(desk):
    return desk.rows("SELECT id FROM ticket ORDER BY number DESC")[0][0]


@with_desk
def stopped_in_its_delay_never_leaves(desk):
    desk.configure(delay="2s")
    desk.start()
    deliver(desk, *complaint(1))
    desk.wait_decided()
    status, said = desk.run("draft", "stop", the_case(desk))
    equal(status, 0, said)
    equal(desk.run("draft", "stop", the_case(desk))[0] != 0, True, "again")
    desk.restart(clock=LATER % 30)
    time.sleep(1)
    equal(desk.sink.letters, [], "letters")


@with_desk
def two_people_approve_one_letter_once(desk):
    desk.start()
    domain = "held.example"
    sender, raw = complaint(1, domain=domain, extra="X-Spam-Flag: YES\n")
    deliver(desk, sender, raw)
    desk.wait_decided()
    case, answers = the_case(desk), []
    threads = [threading.Thread(target=lambda: answers.append(
        desk.run("draft", "approve", case))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(sorted(status == 0 for status, _ in answers), [False] * 5 + [True],
          answers)
    wait_until(lambda: desk.sink.letters, 10, "the letter came")
    time.sleep(0.5)
    equal(len(desk.sink.letters), 1, "letters")
    equal(desk.run("draft", "stop", case)[0] != 0, True, "too late")


@with_desk
def member_that_leaves_is_not_spoken_for(desk):
    desk.configure(delay="3s")
    desk.start()
    deliver(desk, *complaint(1))
    desk.wait_decided()
    for name in os.listdir(desk.path("members.d")):
        with open(desk.path("members.d", name)) as file:
            if "2222222222" in file.read():
                os.unlink(desk.path("members.d", name))
    desk.process.send_signal(signal.SIGHUP)
    wait_until(lambda: desk.number("SELECT count(*) FROM outbox "
                                   "WHERE state = 'held'") == 1, 15, "held")
    equal(desk.sink.letters, [], "letters")
    equal(desk.rows("SELECT state FROM ticket"), [("triage",)], "case")


@with_desk
def hostile_mails_hold_up_nobody(desk):
    head = b"From: x@evil.example\r\nTo: abuse@umbrella.example\r\n"
    mime = head + b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
    hostile = [
        head + b"To: " + b"g:" * 50000 + b"\r\n\r\n198.51.100.9\r\n",
        mime + b"boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 200000,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
                 % (i, i) for i in range(20000)),
        b"Content-Type: message/rfc822\r\n\r\n" * 50000,
        b"X: y\r\n" * 300000 + b"\r\n",
        b"X: " + b"a" * 3000000 + b"\r\n\r\n",
        b"To: " + b"a@b.example, " * 100000 + b"\r\n\r\n",
        b"Subject: " + b"(" * 1000000 + b"\r\n\r\n",
        b"Content-Type: text/plain; " + b"".join(
            b"n*%d=x; " % i for i in range(100000)) + b"\r\n\r\nx",
        b"Content-Type: text/plain; " + b"p" * 71 + b"=\xe9\r\n\r\nx",
        head + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 400000,
        head + b"\r\n" + b"198.51.100.9 " * 200000 + b"\r\n",
        head + b"\r\n" + b"2026-05-04 07:41:10 " * 150000 + b"\r\n",
        head + b"\r\n" + b"\0\r\r\n\xff" * 100000 + b"\r\n", b"", b"\r\n",
    ]
    desk.start()
    for raw in hostile:
        if raw and not raw.endswith(b"\r\n"):
            raw += b"\r\n"
        deliver(desk, "x@evil.example", raw)
    begun = time.monotonic()
    for number in range(10):
        deliver(desk, *complaint(number))
    desk.wait_decided(120)
    wait_until(lambda: len(desk.sink.by_recipient()) == 10, 30, "the good ones")
    print("# all decided after %.1f s" % (time.monotonic() - begun))
    equal(desk.process.poll(), None, "the desk still runs")
    check_ledger(desk, {number: "" for number in range(10)})
    equal(desk.number("SELECT count(*) FROM mail WHERE state = 'parked'"), 0,
          "parked")


@with_desk
def control_socket_takes_no_nonsense(desk):
    import socket
    desk.start()
    path = desk.path("control.sock")
    equal(os.stat(path).st_mode & 0o777, 0o600, "mode")

    def connect():
        for _ in range(100):
            peer = socket.socket(socket.AF_UNIX)
            peer.settimeout(5)
            try:
                peer.connect(path)
                return peer
            except BlockingIOError:  # a full queue
                peer.close()
                time.sleep(0.02)
        raise AssertionError("no connection")
    idle = [connect() for _ in range(100)]
    for frame in (b"\xff\xff\xff\xff", b"\0\0\0\0", control_frame(99),
                  control_frame(0) + b"more", control_frame(4, "x" * 3999),
                  control_frame(5, "\n\x1b[31m"), control_frame(1)[:6]):
        peer = connect()
        try:
            peer.sendall(frame)
            peer.shutdown(socket.SHUT_WR)
            peer.recv(100000)
        except OSError:
            pass
        peer.close()
    for peer in idle:
        peer.close()
    equal(desk.run("draft", "list")[0], 0, "draft list")
    equal(desk.run("pause")[0], 0, "pause")
    deliver(desk, *complaint(1))
    desk.wait_decided()
    half = connect()
    half.sendall(control_frame(0)[:5])
    time.sleep(0.2)
    begun = time.monotonic()
    equal(desk.stop(), 0, "exit status")
    if time.monotonic() - begun > 5:
        raise AssertionError("half a request kept it from ending")


@with_desk
def stuck_sessions_do_not_keep_it_from_ending(desk):
    desk.start()
    client = Lmtp(desk.path("lmtp.sock"))
    idle = Lmtp(desk.path("lmtp.sock"))
    client.say(b"MAIL FROM:<a@b.example>")
    client.say(b"RCPT TO:<abuse@umbrella.example>")
    client.say(b"DATA")
    client.peer.sendall(b"half a mail")
    begun = time.monotonic()
    desk.process.send_signal(signal.SIGTERM)
    equal(idle.hear()[:3], "421", "the idle session")
    for _ in range(4):
        time.sleep(0.2)
        client.peer.sendall(b" and more")
    client.peer.sendall(b"\r\n.\r\n")
    equal(client.hear()[:3], "250", "the mail under way is taken")
    equal(desk.process.wait(60), 0, "exit status")
    desk.process = None
    if time.monotonic() - begun > 10:
        raise AssertionError("took long to end")
    desk.start()
    desk.wait_decided()
    equal(desk.number("SELECT count(*) FROM mail WHERE envelope_from <> ''"),
          1, "mails")


@with_desk
def clock_that_goes_back_opens_no_limit(desk):
    desk.configure(clock="2026-05-04T11:00:00Z")
    desk.start()
    deliver(desk, *complaint(1, domain="one.example"))
    desk.wait_decided()
    wait_until(lambda: len(desk.sink.letters) == 1, 10, "the letter came")
    for number, clock in ((2, "2026-05-04T09:00:00Z"),
                          (3, "2026-05-04T08:50:00Z")):
        desk.restart(clock=clock)
        deliver(desk, *complaint(number, domain="one.example"))
        desk.wait_decided()
    time.sleep(1)
    equal(len(desk.sink.letters), 1, "letters")
    equal(desk.number("SELECT count(DISTINCT id) FROM ticket"), 3, "cases")


TESTS = [
    killed_under_load_loses_and_doubles_nothing,
    ended_under_load_takes_all_and_says_so,
    broken_configuration_changes_nothing,
    full_disk_is_a_later_and_passes,
    killed_reader_costs_no_mail,
    killed_keeper_ends_the_desk_and_loses_no_letter,
    lost_answer_to_the_dot_doubles_once_at_most,
    hanging_next_hop_stops_neither_mail_nor_the_end,
    pause_holds_within_a_second,
    stopped_in_its_delay_never_leaves,
    two_people_approve_one_letter_once,
    member_that_leaves_is_not_spoken_for,
    hostile_mails_hold_up_nobody,
    control_socket_takes_no_nonsense,
    stuck_sessions_do_not_keep_it_from_ending,
    clock_that_goes_back_opens_no_limit,
]


def main():
    wanted = sys.argv[3:]
    tests = [test for test in TESTS
             if not wanted or test.__name__ in wanted]
    sys.exit(run_tests(tests, sys.argv[1], sys.argv[2]) > 0)


if __name__ == "__main__":
    main()
