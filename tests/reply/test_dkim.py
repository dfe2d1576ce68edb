#!/usr/bin/env python3
"""Our DKIM signatures before verifiers that share no code with us.

usage: test_dkim.py SIGN_LETTER

dkimpy (python3-dkim, python3-nacl) checks both signatures of many letters,
and that a changed letter fails; opendkim checks them where it is installed.
The published records come from files: no network. Prints TAP.
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import dkim
    import nacl.signing  # noqa: F401: dkimpy needs it for Ed25519
except ImportError:
    # Debian's modules are those of Debian's own Python.
    if os.environ.get("DKIM_TEST_AGAIN") or not os.path.exists(
            "/usr/bin/python3"):
        print("1..0 # SKIP python3-dkim or python3-nacl is not installed")
        sys.exit(0)
    os.environ["DKIM_TEST_AGAIN"] = "1"
    os.execv("/usr/bin/python3", ["/usr/bin/python3"] + sys.argv)

HEADER = (b'From: "M" <abuse@member.example>\r\nTo: noc@shop.example\r\n'
          b"Subject: Auto: [ED-2026-00001-X] Tor exit relay 192.0.2.7\r\n"
          b"Date: Mon, 04 May 2026 09:00:00 +0000\r\n"
          b"Message-ID: <t.1@umbrella.example>\r\n"
          b"In-Reply-To: <a@shop.example>\r\n"
          b"References: <b@shop.example>\r\n <a@shop.example>\r\n"
          b"Auto-Submitted: auto-replied\r\nPrecedence: bulk\r\n"
          b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
          b"Content-Transfer-Encoding: quoted-printable\r\n\r\n")

BODIES = [
    b"", b"\r\n", b"\r\n\r\n\r\n", b"one line\r\n", b"no line end",
    b"a\r\n\r\n\r\n\r\n", b"a \t \r\n", b" \r\n\t\r\n", b"\r\n\r\na\r\n",
    b"  a  b\t\tc \r\n", b"a\r\n \t\r\n\r\nb\r\n \r\n", b".\r\n..\r\n",
    "Grüße, ça va, 日本\r\n".encode(), b"x" * 998 + b"\r\n",
    b"-- \r\nsig\r\n", b"From here\r\n", b"=20\r\n=\r\nx=\r\n", b"\t\r\n",
]

HEADERS = [
    HEADER,
    HEADER.replace(b"Subject: Auto:", b"Subject:    Auto:\r\n\t  folded  "),
    HEADER.replace(b"References:", b"REFERENCES:"),
    HEADER.replace(b"Subject: Auto",
                   b"Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n =?UTF-8?Q?x?="),
    HEADER.replace(b"Precedence: bulk\r\n",
                   b"Precedence: bulk\r\nReply-To: a@member.example\r\n"),
    HEADER.replace(b"In-Reply-To: <a@shop.example>\r\n", b""),
    HEADER.replace(b"Subject: ", b"Subject: " + b"word " * 150),
]


def letters():
    """Fixed ones and drawn ones; the draw is the same each time."""
    yield from (HEADER + body for body in BODIES)
    yield from (header + b"text\r\n" for header in HEADERS)
    draw = random.Random(1)
    pieces = [b"\r\n", b" ", b"\t", b"a", b"word", "ü".encode(), b".", b"="]
    for _ in range(150):
        body = b"".join(draw.choice(pieces)
                        for _ in range(draw.randrange(60)))
        # A letter always ends with a line end; what is none may be read
        # in two ways.
        yield draw.choice(HEADERS) + body + b"\r\n"


def records(directory):
    found = {}
    for kind in ("rsa", "ed25519"):
        with open(os.path.join(directory, kind + ".txt"), "rb") as file:
            found[b"%s._domainkey.member.example." % kind.encode()] = \
                file.read()
    return found


def verdicts(letter, published):
    """Of both signatures, the upper one first."""
    def look_up(name, timeout=5):
        return published.get(name if isinstance(name, bytes)
                             else name.encode())
    found = []
    for index in range(2):
        try:
            found.append(dkim.DKIM(letter).verify(idx=index, dnsfunc=look_up))
        except dkim.DKIMException:
            found.append(False)
    return found


def equal(got, expected, what):
    if got != expected:
        raise AssertionError("%s: %r is not %r" % (what, got, expected))


def all_are_valid(signed, published):
    for number, letter in enumerate(signed):
        equal(verdicts(letter, published), [True, True],
              "letter %d %r" % (number, letter[-300:]))


def each_change_breaks_both(signed, published):
    letter = signed[len(BODIES)]
    assert letter.endswith(b"\r\ntext\r\n"), letter[-30:]
    changes = [
        letter.replace(b"\r\ntext\r\n", b"\r\ntexts\r\n"),
        letter + b"more\r\n",
        letter.replace(b"noc@shop", b"ceo@shop"),
        letter.replace(b"auto-replied", b"no"),
        letter.replace(b"192.0.2.7", b"192.0.2.8"),
        letter.replace(b"Date: Mon", b"Date: Tue"),
        letter.replace(b"charset=utf-8", b"charset=utf-7"),
        letter.replace(b"t.1@", b"t.2@"),
        letter.replace(b"<a@shop.example>", b"<c@shop.example>", 1),
    ]
    # A second one of what stands there, and a first one of what does not.
    for field in (b"From: x@evil.example", b"Subject: pay", b"To: x@y.example",
                  b"Reply-To: x@evil.example", b"Sender: x@evil.example",
                  b"Cc: x@evil.example", b"Content-Type: text/html",
                  b"Auto-Submitted: no", b"Resent-From: x@evil.example"):
        changes.append(field + b"\r\n" + letter)
        changes.append(letter.replace(b"\r\n\r\n",
                                      b"\r\n" + field + b"\r\n\r\n", 1))
    for changed in changes:
        assert changed != letter
        equal(verdicts(changed, published), [False, False], changed[-400:])


def harmless_changes_do_not(signed, published):
    letter = signed[len(BODIES)]
    for changed in (
            letter.replace(b"Subject: ", b"subject:\r\n   "),
            letter.replace(b"\r\ntext\r\n", b"\r\ntext  \r\n\r\n\r\n"),
            b"Received: from x by y; Mon, 4 May 2026 09:00:01 +0000\r\n" +
            letter):
        equal(verdicts(changed, published), [True, True], changed[-400:])


def tags_are_those_of_the_policy(signed, published):
    for letter in signed:
        header = letter.split(b"\r\n\r\n", 1)[0].decode("latin-1")
        fields = re.findall(r"(?m)^DKIM-Signature:(?:.*\r\n[ \t])*.*", header)
        equal(len(fields), 2, "signatures")
        for field, kind in zip(fields, ("ed25519", "rsa")):
            tags = dict(part.strip().split("=", 1) for part in
                        re.sub(r"\s+", "", field.split(":", 1)[1]).split(";"))
            equal(tags["a"], kind + "-sha256", "a=")
            equal(tags["c"], "relaxed/relaxed", "c=")
            equal((tags["d"], tags["s"]), ("member.example", kind), "d=, s=")
            equal([tag for tag in "lxtiz" if tag in tags], [], "other tags")
            names = tags["h"].lower().split(":")
            equal(names.count("from"), 2, "From is named twice")
            for name in ("subject", "to", "date", "message-id", "reply-to",
                         "in-reply-to", "references", "auto-submitted",
                         "mime-version", "content-type",
                         "content-transfer-encoding"):
                assert name in names, name
        for line in header.split("\r\n")[:30]:
            assert len(line) <= 998, len(line)
            if line.startswith("\t"):
                assert len(line) <= 78, line


def opendkim_agrees(signed, published):
    """It looks at the upper signature; below the first is the other one."""
    if not shutil.which("opendkim"):
        return "SKIP opendkim is not installed"
    base = tempfile.mkdtemp(prefix="opendkim-")
    keys = os.path.join(base, "keys")
    with open(keys, "wb") as file:
        for name, record in published.items():
            file.write(name.rstrip(b".") + b" " + record + b"\n")
    conf = os.path.join(base, "conf")
    with open(conf, "w") as file:
        file.write("Mode v\nTestPublicKeys %s\nSyslog no\n" % keys)
    files = []
    lower = [re.sub(rb"(?m)^DKIM-Signature:.*\r\n([ \t].*\r\n)+", b"",
                    letter, count=1) for letter in signed]
    for number, letter in enumerate(signed + lower):
        # It reads files as Unix keeps them, and wants a line end at the end.
        if not letter.endswith(b"\r\n"):
            continue
        files.append(os.path.join(base, str(number)))
        with open(files[-1], "wb") as file:
            file.write(letter)
    ended = subprocess.run(["opendkim", "-x", conf, "-t", ",".join(files)],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           text=True, timeout=60)
    shutil.rmtree(base)
    good = len(re.findall(r"verification \(s=.*\) succeeded", ended.stdout))
    equal(good, len(files), ended.stdout[-1500:])
    return None


TESTS = [all_are_valid, each_change_breaks_both, harmless_changes_do_not,
         tags_are_those_of_the_policy, opendkim_agrees]


def main(program):
    base = tempfile.mkdtemp(prefix="dkim-")
    failures = 0
    try:
        files = []
        for number, letter in enumerate(letters()):
            files.append(os.path.join(base, "%03d" % number))
            with open(files[-1], "wb") as file:
                file.write(letter)
        subprocess.run([program, base] + files, check=True)
        signed = []
        for name in files:
            with open(name + ".signed", "rb") as file:
                signed.append(file.read())
        published = records(base)
        print("1..%d" % len(TESTS))
        print("# %d letters" % len(signed))
        for number, test in enumerate(TESTS, 1):
            name = test.__name__.replace("_", " ")
            try:
                skip = test(signed, published)
                print("ok %d - %s%s" % (number, name,
                                        " # " + skip if skip else ""))
            except AssertionError as error:
                failures += 1
                print("not ok %d - %s" % (number, name))
                print("# " + str(error)[:1500].replace("\n", "\n# "))
    finally:
        shutil.rmtree(base, ignore_errors=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
