#!/usr/bin/env python3
"""People are told at once of what no program may answer, over the real path:
in observe mode, while sending is paused, with DKIM keys for other domains
only, and after a restart.

usage: test_alerts.py EXITDESK EXITDESKD

Prints TAP.
"""
import email
import sys
import time

from rig import complaint, deliver, run_on_desks, wait_until

PEOPLE = """
alerts:
  people:
    - {name: Anna, address: anna@people.example}
    - {name: Ben, address: ben@people.example}
    - {name: Carla, address: carla@people.example}
"""
POLICE = ("In a criminal investigation the police ask who used 192.0.2.77 on "
          "2026-05-03 at\n14:02:00 UTC. Police department, Musterstadt. "
          "Number {number}.\n")


def with_people(desk, change=lambda text: text, **changes):
    desk.configure(**changes)
    with open(desk.path("exitdesk.yaml")) as file:
        text = change(file.read() + PEOPLE)
    with open(desk.path("exitdesk.yaml"), "w") as file:
        file.write(text)


def police(desk, number):
    deliver(desk, *complaint(number, body=POLICE))
    desk.wait_decided()


def told(desk):
    with desk.sink.lock:
        return sorted(to for to, _, _ in desk.sink.letters
                      if to.endswith("@people.example"))


def two_are_told_until_one_takes_it_on(desk):
    with_people(desk, mode="observe")
    desk.start()
    status, text = desk.run("pause", "--note", "test")
    if status != 0:
        raise AssertionError(text)
    begun = time.monotonic()
    police(desk, 1)
    wait_until(lambda: len(told(desk)) == 2, 30, "two people are told")
    print("# told %.1f s after the mail came" % (time.monotonic() - begun))
    if told(desk) != ["anna@people.example", "ben@people.example"]:
        raise AssertionError(told(desk))
    for to, _, raw in desk.sink.letters:
        if not to.endswith("@people.example"):
            continue
        mail = email.message_from_bytes(raw)
        if mail["Auto-Submitted"] != "auto-generated" or not mail[
                "X-Exitdesk-Loop"]:
            raise AssertionError(mail.as_string())
        if "police" in mail["Subject"].lower():
            raise AssertionError("the Subject tells of the matter")
    case = desk.rows("SELECT id FROM ticket")[0][0]
    status, text = desk.run("alert", "list")
    if status != 0 or case not in text:
        raise AssertionError(text)
    # reminded after 15 minutes, one more of them, also over a restart
    desk.stop()
    with_people(desk, mode="observe", clock="2026-05-04T09:16:00Z")
    desk.start()
    wait_until(lambda: len(told(desk)) == 5, 30, "three are reminded")
    if "carla@people.example" not in told(desk):
        raise AssertionError(told(desk))
    status, text = desk.run("alert", "acknowledge", case, "--by", "Ben")
    if status != 0 or "Ben" not in text:
        raise AssertionError(text)
    desk.stop()
    with_people(desk, mode="observe", clock="2026-05-04T12:16:00Z")
    desk.start()
    time.sleep(5)
    if len(told(desk)) != 5:
        raise AssertionError("told again: %s" % told(desk))
    status, text = desk.run("alert", "list")
    if status != 1:
        raise AssertionError(text)


def leaves_without_a_key_of_the_desk(desk):
    with_people(desk, lambda text: text.replace("signed-by: next-hop",
                                                "signed-by: desk"))
    desk.start()
    police(desk, 2)
    wait_until(lambda: len(told(desk)) == 2, 30, "two people are told")


def a_next_hop_that_refuses_is_tried_again(desk):
    with_people(desk)
    desk.sink.mode = "refuse"
    desk.start()
    police(desk, 3)
    wait_until(lambda: desk.number("SELECT count(*) FROM message "
                                   "WHERE state = 'retry' AND recipient "
                                   "LIKE '%@people.example'") == 2, 30,
               "both were tried")
    desk.sink.mode = "take"
    desk.stop()
    with_people(desk, clock="2026-05-04T09:14:00Z")
    desk.start()
    wait_until(lambda: len(told(desk)) == 2, 30, "two people are told")


TESTS = [two_are_told_until_one_takes_it_on, leaves_without_a_key_of_the_desk,
         a_next_hop_that_refuses_is_tried_again]


if __name__ == "__main__":
    sys.exit(run_on_desks(TESTS) > 0)
