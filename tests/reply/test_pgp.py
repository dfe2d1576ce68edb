#!/usr/bin/env python3
"""PGP/MIME of ours, opened by GnuPG itself.

usage: test_pgp.py SEAL_LETTER SIGN_LETTER

Keys are made in a temporary directory. Prints TAP.
"""
import email
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

LETTER = ("From: abuse@member.example\r\nTo: noc@shop.example\r\n"
          "Subject: Auto: [ED-2026-00001-X]\r\n folded\r\n"
          "Date: Mon, 04 May 2026 09:00:00 +0000\r\n"
          "Message-ID: <t.1@umbrella.example>\r\n"
          "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
          "Content-Type: text/plain; charset=utf-8\r\n"
          "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
          "Gr=C3=BC=C3=9Fe,\r\n\r\n=46rom here.\r\n-- \r\n.\r\n")
HOME = tempfile.mkdtemp(prefix="pgp-")
PROGRAM = sys.argv[1]


def gpg(*words, data=None, check=True):
    return subprocess.run(("gpg", "--homedir", HOME, "--batch", "--yes",
                           "--no-tty") + words, input=data, check=check,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def make_key(name, usage, expires="never", passphrase=""):
    gpg("--pinentry-mode", "loopback", "--passphrase", passphrase,
        "--quick-generate-key", name, *usage, expires)
    listed = gpg("--with-colons", "--list-keys", name).stdout.decode()
    return [line.split(":")[9] for line in listed.splitlines()
            if line.startswith("fpr:")][0]


def seal(*words, letter=LETTER):
    path = os.path.join(HOME, "letter")
    with open(path, "w", newline="") as file:
        file.write(letter)
    words = [path if word == "LETTER" else word for word in words]
    return subprocess.run([PROGRAM] + words, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60)


def must(ended):
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def refused(ended, words):
    assert ended.returncode == 1, ended
    assert ended.stdout == b"", ended.stdout
    assert words in ended.stderr.decode(), ended.stderr


def a_letter_is_signed_and_stays_text(keys):
    raw = must(seal("sign", HOME, keys["desk"], "LETTER"))
    message = email.message_from_bytes(raw)
    assert message.get_content_type() == "multipart/signed"
    assert message.get_param("protocol") == "application/pgp-signature"
    assert message.get_param("micalg").startswith("pgp-sha"), message.items()
    for name in ("From", "To", "Date", "Message-ID", "Auto-Submitted"):
        assert len(message.get_all(name)) == 1, name
    assert message["Subject"].endswith("folded")
    text, signature = message.get_payload()
    assert text.get_content_type() == "text/plain"
    assert text.get_payload(decode=True).decode().startswith("Grüße,")
    boundary = b"--" + message.get_boundary().encode()
    inner = raw.split(boundary)[1][2:-2]
    assert b"\n" not in raw.replace(b"\r\n", b"")
    for name, data in (("text", inner),
                       ("sig", signature.get_payload().encode())):
        with open(os.path.join(HOME, name), "wb") as file:
            file.write(data)
    ended = gpg("--status-fd", "1", "--verify", os.path.join(HOME, "sig"),
                os.path.join(HOME, "text"))
    assert ("VALIDSIG " + keys["desk"]).encode() in ended.stdout, ended
    with open(os.path.join(HOME, "text"), "ab") as file:
        file.write(b"more")
    assert gpg("--verify", os.path.join(HOME, "sig"),
               os.path.join(HOME, "text"), check=False).returncode != 0


def a_notice_is_encrypted_for_each_reader(keys):
    raw = must(seal("encrypt", HOME, "-", "LETTER", keys["one"], keys["two"]))
    message = email.message_from_bytes(raw)
    assert message.get_content_type() == "multipart/encrypted"
    version, body = message.get_payload()
    assert version.get_content_type() == "application/pgp-encrypted"
    assert version.get_payload().strip() == "Version: 1"
    assert b"Gr=C3" not in raw
    ended = gpg("--status-fd", "2", "--decrypt",
                data=body.get_payload().encode())
    assert ended.stderr.count(b"ENC_TO") == 2, ended.stderr
    inner = email.message_from_bytes(ended.stdout)
    assert inner.get_content_type() == "text/plain"
    assert inner.get_payload(decode=True).decode().startswith("Grüße,")
    assert "Auto-Submitted" not in inner


def a_notice_can_be_signed_inside(keys):
    raw = must(seal("encrypt", HOME, keys["desk"], "LETTER", keys["one"]))
    body = email.message_from_bytes(raw).get_payload()[1].get_payload()
    ended = gpg("--status-fd", "2", "--decrypt", data=body.encode())
    assert ("VALIDSIG " + keys["desk"]).encode() in ended.stderr, ended.stderr


def what_cannot_be_done_is_refused(keys):
    sign = ("sign", HOME)
    refused(seal(*sign, "0" * 40, "LETTER"), "no private PGP key")
    refused(seal(*sign, keys["desk"][-16:], "LETTER"), "no private PGP key")
    refused(seal(*sign, keys["locked"], "LETTER"), "PGP cannot sign")
    refused(seal("encrypt", HOME, "-", "LETTER", keys["desk"]),
            "cannot encrypt")
    refused(seal("encrypt", HOME, "-", "LETTER", keys["one"], "1" * 40),
            "no public PGP key")
    gpg("--quick-set-expire", keys["two"], "seconds=1")
    time.sleep(2)
    refused(seal("encrypt", HOME, "-", "LETTER", keys["two"]), "expired")
    refused(seal(*sign, keys["desk"], "LETTER",
                 letter=LETTER + "ä\r\n"), "7-bit")
    refused(seal(*sign, keys["desk"], "LETTER", letter="From: a\r\n"),
            "7-bit")
    refused(seal("sign", HOME + "/none", keys["desk"], "LETTER"),
            "no directory")
    os.chmod(HOME, 0o750)
    refused(seal(*sign, keys["desk"], "LETTER"), "open to others")
    os.chmod(HOME, 0o700)


def dkim_holds_over_the_result(keys):
    raw = must(seal("sign", HOME, keys["desk"], "LETTER"))
    path = os.path.join(HOME, "wrapped")
    with open(path, "wb") as file:
        file.write(raw)
    subprocess.run([sys.argv[2], HOME, path], check=True)
    records = {}
    for kind in ("rsa", "ed25519"):
        with open(os.path.join(HOME, kind + ".txt")) as file:
            records["%s._domainkey.member.example." % kind] = file.read()
    with open(path + ".records", "w") as file:
        json.dump(records, file)
    with open(path + ".signed", "rb") as file:
        signed = file.read()
    assert signed.endswith(raw)
    verify = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..",
                          "e2e", "verify_dkim.py")
    python = "/usr/bin/python3"
    ended = subprocess.run([python if os.path.exists(python) else
                            sys.executable, verify, path + ".records"],
                           input=signed, stdout=subprocess.PIPE)
    if ended.returncode != 77:  # dkimpy is not there
        assert ended.returncode == 0, ended.stdout


TESTS = [dkim_holds_over_the_result, a_letter_is_signed_and_stays_text,
         a_notice_is_encrypted_for_each_reader,
         a_notice_can_be_signed_inside, what_cannot_be_done_is_refused]


def main():
    if not shutil.which("gpg") or not shutil.which("gpg-agent"):
        print("1..0 # SKIP gpg is not installed")
        return 0
    failures = 0
    print("1..%d" % len(TESTS))
    try:
        keys = {
            "desk": make_key("desk@member.example", ("ed25519", "sign")),
            "one": make_key("one@member.example", ("future-default",
                                                   "default")),
            "two": make_key("two@member.example", ("future-default",
                                                   "default")),
            "locked": make_key("locked@member.example", ("ed25519", "sign"),
                               passphrase="secret"),
        }
        # The agent must not remember the passphrase it has just seen.
        subprocess.run(["gpgconf", "--homedir", HOME, "--kill", "all"],
                       check=True)
        for number, test in enumerate(TESTS, 1):
            name = test.__name__.replace("_", " ")
            try:
                test(keys)
                print("ok %d - %s" % (number, name))
            except (AssertionError, subprocess.SubprocessError) as error:
                failures += 1
                print("not ok %d - %s" % (number, name))
                print("# " + repr(error)[:1500])
    finally:
        subprocess.run(["gpgconf", "--homedir", HOME, "--kill", "all"])
        shutil.rmtree(HOME, ignore_errors=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
