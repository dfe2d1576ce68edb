"""Mail to people who have a key: alerts and notices leave encrypted, gpg alone
opens them, and where a key has expired or is not there nothing leaves and the
reason is told.

usage: test_pgp.py EXITDESK EXITDESKD

Prints TAP.
"""
import email
import sys
import time

import test_alerts
import test_notices
from gnupg import Keyring, is_there
from rig import complaint, deliver, run_on_desks, wait_until

UNKNOWN = 40 * "1"
SECRETS = ("police", "Musterstadt", "192.0.2.77")


def append(desk, text):
    with open(desk.path("exitdesk.yaml"), "a") as file:
        file.write(text)


def with_keys(desk, keys, **changes):
    """keys: fingerprints of Anna, Ben, Carla; None: she has none."""
    desk.configure(mode="observe", **changes)
    append(desk, "pgp:\n  home: %s\nalerts:\n  people:\n" %
           desk.path("gnupg"))
    for name, key in zip(("anna", "ben", "carla"), keys):
        append(desk, "    - name: %s\n      address: %s@people.example\n" %
               (name, name) + ("      pgp-key: %s\n" % key if key else ""))


def raw_to(desk, address):
    with desk.sink.lock:
        return [raw for to, _, raw in desk.sink.letters if to == address]


def held(desk, address):
    return [row[0] for row in desk.rows(
        "SELECT last_reply FROM message WHERE state = 'held' AND "
        "recipient = '%s'" % address)]


def tells(desk, words, *command):
    _, text = desk.run(*command)
    if words not in text:
        raise AssertionError("%r is not in %s" % (words, text))


def an_alert_is_read_by_its_person_alone(desk):
    ring = Keyring(desk.path("gnupg"))
    try:
        with_keys(desk, [ring.make("anna@people.example"),
                         ring.make("ben@people.example", expired=True),
                         UNKNOWN])
        desk.start()
        test_alerts.police(desk, 1)
        wait_until(lambda: raw_to(desk, "anna@people.example") and
                   held(desk, "ben@people.example"), 30, "Anna is told")
        raw = raw_to(desk, "anna@people.example")[0]
        case = desk.rows("SELECT id FROM ticket")[0][0]
        text = ring.read(raw)
        for word in SECRETS[1:] + (case,):
            assert word in text, text
        for word in SECRETS:
            assert word.encode() not in raw, raw
        why = held(desk, "ben@people.example")
        assert len(why) == 1 and "expired" in why[0], why
        tells(desk, why[0], "todo")
        tells(desk, "ben@people.example cannot be encrypted", "doctor")
        # the third is reminded in her turn, and her key is not there
        desk.stop()
        with_keys(desk, [ring.make("anna2@people.example"),
                         ring.make("ben2@people.example"), UNKNOWN],
                  clock="2026-05-04T09:16:00Z")
        desk.start()
        wait_until(lambda: raw_to(desk, "ben@people.example") and
                   held(desk, "carla@people.example"), 30, "Ben is told")
        assert case in ring.read(raw_to(desk, "ben@people.example")[0])
        why = held(desk, "carla@people.example")
        assert "no public PGP key" in why[0], why
        assert not raw_to(desk, "carla@people.example")
        _, text = desk.run("todo")
        assert "ben@people.example" not in text, text
        time.sleep(1)
        for raw in raw_to(desk, "anna@people.example"):
            assert b"multipart/encrypted" in raw, raw
    finally:
        ring.close()


def notice_keys(desk, keys):
    test_notices.member_file(desk)
    with open(desk.path("members.d", "hackerspace.yaml"), "a") as file:
        file.write("pgp:\n  notice-keys: [%s]\n" % ", ".join(keys))
    desk.configure()
    append(desk, "pgp:\n  home: %s\n" % desk.path("gnupg"))


def question(desk, address):
    """Answer what asks whether the address is read."""
    desk.run("contact", "verify", address, "--member", "hackerspace")
    wait_until(lambda: raw_to(desk, address), 20, "the question")
    message = email.message_from_bytes(raw_to(desk, address)[-1])
    test_notices.answer(desk, message, address, "yes", 90)
    wait_until(lambda: desk.number("SELECT count(*) FROM challenge "
                                   "WHERE answered IS NOT NULL") == 1, 20,
               "the address is verified")


def a_notice_is_read_by_those_keys_alone(desk):
    ring = Keyring(desk.path("gnupg"))
    board = test_notices.BOARD
    try:
        notice_keys(desk, [ring.make(board), ring.make("treasurer@b.example")])
        desk.start()
        question(desk, board)
        before = len(raw_to(desk, board))
        deliver(desk, *complaint(1))
        wait_until(lambda: len(raw_to(desk, board)) > before, 90,
                   "the board is told")
        raw = raw_to(desk, board)[-1]
        body = desk.rows("SELECT body FROM letter")[0][0]
        assert body in ring.read(raw), ring.read(raw)
        case = desk.rows("SELECT id FROM ticket")[0][0]
        for word in (case, "noc@shop1.example", "login"):
            assert word.encode() not in raw, raw
    finally:
        ring.close()


def a_notice_without_a_good_key_is_held(desk):
    ring = Keyring(desk.path("gnupg"))
    board = test_notices.BOARD
    try:
        # one of two has expired: the other must not be the only one told
        notice_keys(desk, [ring.make(board),
                           ring.make("treasurer@b.example", expired=True)])
        desk.start()
        question(desk, board)
        deliver(desk, *complaint(1))
        wait_until(lambda: held(desk, board), 90, "the notice is held")
        assert "expired" in held(desk, board)[0], held(desk, board)
        tells(desk, "expired", "todo")
        tells(desk, "expired", "doctor")
        case = desk.rows("SELECT id FROM ticket")[0][0]
        for raw in raw_to(desk, board):
            assert case.encode() not in raw, raw
    finally:
        ring.close()


TESTS = [an_alert_is_read_by_its_person_alone,
         a_notice_is_read_by_those_keys_alone,
         a_notice_without_a_good_key_is_held]


if __name__ == "__main__":
    if not is_there():
        print("1..0 # SKIP gpg is not installed")
        sys.exit(0)
    sys.exit(run_on_desks(TESTS) > 0)
