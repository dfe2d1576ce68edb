#!/usr/bin/env python3
"""Letters that wait: a pause, the breaker, and whatever changed meanwhile must
hold them back.

usage: test_gate.py EXITDESK EXITDESKD

Prints TAP.
"""
import glob
import re
import sys
import time

from rig import complaint, deliver, run_on_desks, wait_until

PAUSE_S = 1.0  # after that long no letter may leave


def states(desk):
    return dict(desk.rows("SELECT state, count(*) FROM outbox GROUP BY state"))


def reload_after(desk, path, pattern, replacement):
    with open(path) as file:
        text = file.read()
    changed = re.sub(pattern, replacement, text)
    if changed == text:
        raise AssertionError("nothing to change in " + path)
    with open(path, "w") as file:
        file.write(changed)
    desk.process.send_signal(1)
    wait_until(lambda: "configuration reloaded" in desk.log(), 10, "the reload")


def a_pause_holds_within_a_second(desk):
    desk.configure(delay="3s")
    desk.start()
    for number in range(60):
        deliver(desk, *complaint(number))
    desk.wait_decided()
    wait_until(lambda: len(desk.sink.letters) >= 3, 20, "letters leave")
    status, text = desk.run("pause", "--note", "test")
    asked = time.monotonic()
    if status != 0:
        raise AssertionError(text)
    seen, last = len(desk.sink.letters), asked
    while time.monotonic() < asked + 4:
        if len(desk.sink.letters) > seen:
            seen, last = len(desk.sink.letters), time.monotonic()
        time.sleep(0.005)
    if seen >= 60:
        raise AssertionError("all letters had left before the pause")
    print("# %d letters of 60 had left; the last one %.3f s after the pause" % (seen, last - asked))
    if last - asked > PAUSE_S:
        raise AssertionError("a letter %.3f s after the pause" % (last - asked))
    status, text = desk.run("resume")
    wait_until(lambda: len(desk.sink.letters) > seen + 5, 40, "they leave again")


def held_after(change, why):
    def test(desk):
        desk.configure(delay="4s")
        desk.start()
        deliver(desk, *complaint(1))
        desk.wait_decided()
        if states(desk) != {"waiting": 1}:
            raise AssertionError(states(desk))
        change(desk)
        wait_until(lambda: states(desk) == {"held": 1}, 20, "the letter is held: %r" % states(desk))
        if desk.sink.letters:
            raise AssertionError("a letter left")
        reply = desk.rows("SELECT last_reply FROM outbox")[0][0]
        if why not in reply:
            raise AssertionError(reply)
    return test


def a_member_that_wants_to_be_asked(desk):
    reload_after(desk, desk.path("members.d", "hackerspace.yaml"), "automation: auto", "automation: hold")


def a_text_whose_review_ended(desk):
    for path in glob.glob(desk.path("templates", "*", "login-attack.en.txt")):
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(re.sub("(?m)^Reviewed: .*", "Reviewed: none yet", text))
    desk.process.send_signal(1)


def a_policy_that_says_no(desk):
    reload_after(desk, desk.path("policies", "XX.yaml"), "automatic: allowed", "automatic: never")


def an_address_that_bounced(desk):
    """From another case: the address does not exist."""
    import sqlite3
    desk.stop()
    connection = sqlite3.connect(desk.data + "/exitdesk.db")
    connection.execute("INSERT INTO suppression VALUES ('noc@shop1.example', 4000000000, 'bounced')")
    connection.commit()
    connection.close()
    desk.start()


def the_breaker_holds_everything_until_a_person_closes_it(desk):
    desk.configure(delay="3s")
    reload_path = desk.path("exitdesk.yaml")
    with open(reload_path) as file:
        text = file.read()
    with open(reload_path, "w") as file:
        file.write(re.sub("breaker-burst: .*", "breaker-burst: 5", text))
    desk.start()
    for number in range(12):
        deliver(desk, *complaint(number))
    desk.wait_decided()
    wait_until(lambda: "waiting" not in states(desk), 20, "nothing waits any more")
    if desk.sink.letters:
        raise AssertionError("%d letters left" % len(desk.sink.letters))
    desk.stop()
    desk.start()
    deliver(desk, *complaint(50))
    desk.wait_decided()
    rule = desk.rows("SELECT rule FROM ticket ORDER BY number DESC LIMIT 1")[0][0]
    if rule != "D01e":
        raise AssertionError("after a restart: " + rule)
    status, text = desk.run("breaker", "close", "--note", "looked")
    if status != 0:
        raise AssertionError(text)
    deliver(desk, *complaint(51))
    wait_until(lambda: len(desk.sink.letters) == 1, 20, "the next letter leaves")
    entries = [row[0] for row in desk.rows("SELECT what FROM record WHERE about = 'desk'")]
    if not any("breaker opened" in e for e in entries) or not any("closed by" in e for e in entries):
        raise AssertionError(entries)


TESTS = [a_pause_holds_within_a_second,
         held_after(a_member_that_wants_to_be_asked, "automatically"),
         held_after(a_text_whose_review_ended, "D18d"),
         held_after(a_policy_that_says_no, "D18b"),
         held_after(an_address_that_bounced, "D19"),
         the_breaker_holds_everything_until_a_person_closes_it]
NAMES = ["a pause holds within a second", "a member that wants to be asked", "a text whose review ended",
         "a policy that says no", "an address that bounced", "the breaker"]


if __name__ == "__main__":
    for test, name in zip(TESTS, NAMES):
        test.__name__ = name
    sys.exit(run_on_desks(TESTS) > 0)
