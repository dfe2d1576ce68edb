#!/usr/bin/env python3
"""A proof must convince somebody without exitdesk, and only if it is true; TAP.

test_prove.py ASK TORDATA. Writes proofs from real documents, runs their
check.sh with no exitdesk in reach, then changes each file and expects it to
object.
"""
import base64
import hashlib
import lzma
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timezone

NS = ["authority-certs", "2020-12-05-18-00-00-consensus.xz",
      "2020-12-05-19-19-48-server-descriptors.xz"]
MICRO = ["authority-certs", "2026-06-27-04-00-00-consensus-microdesc.xz",
         "2026-06-27-05-16-21-microdescs-22bac8.xz"]
EXIT = ("171.25.193.25", "2020-12-05 18:20:00", "443")


class Tap:
    def __init__(self):
        self.count, self.failed = 0, False

    def result(self, name, problem):
        self.count += 1
        self.failed |= bool(problem)
        print(f"{'not ok' if problem else 'ok'} {self.count} {name}")
        for line in str(problem or "").splitlines()[:20]:
            print(f"# {line}")


def unless(holds, *said):
    """None if it holds, else what was said."""
    return None if holds else "\n".join(said).strip() or "nothing was said"


def seconds(text):
    when = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    return str(int(when.replace(tzinfo=timezone.utc).timestamp()))


def check(proof):
    return subprocess.run(["sh", "check.sh"], cwd=proof, capture_output=True,
                          text=True, timeout=60,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"})


def prove(ask, history, question, into, *paths):
    address, when, port = question
    return subprocess.run(
        [ask, "prove", history, address, seconds(when), port, into, *paths],
        capture_output=True, text=True, timeout=120)


def sums_again(proof):
    """SHA256SUMS as a forger would write it."""
    names = [line.split("  ")[1]
             for line in (proof / "SHA256SUMS").read_text().splitlines()]
    done = subprocess.run(["sha256sum", *names], cwd=proof, check=True,
                          capture_output=True, text=True)
    (proof / "SHA256SUMS").write_text(done.stdout)


def forgeries(proof, archive):
    """(what, function that changes a copy of the proof)"""
    consensus = next(proof.glob("*-consensus")).name
    descriptor = next(proof.glob("*-server-descriptor-*")).name
    certificate = next(proof.glob("certificate-*")).name

    def behind_signatures(copy):
        """Another descriptor, named where nothing is signed."""
        data = (copy / descriptor).read_bytes().replace(
            b"reject *:25", b"accept *:25", 1)
        (copy / descriptor).write_bytes(data)
        part = data[:data.index(b"\nrouter-signature\n") + 18]
        digest = base64.b64encode(hashlib.sha1(part).digest())[:27]
        entry = re.search(rb"\nr \S+ \S+ (\S+) .* 171\.25\.193\.25 .*\n",
                          (copy / consensus).read_bytes())
        with (copy / consensus).open("ab") as file:
            file.write(b"directory-signature sha1 0 0" +
                       entry.group(0).replace(entry.group(1), digest))

    def of_another(copy):
        """A descriptor that the consensus names for another relay."""
        named = (copy / consensus).read_bytes()
        for text in re.split(rb"(?m)^(?=router )", archive)[1:]:
            part = text[:text.index(b"\nrouter-signature\n") + 18]
            digest = base64.b64encode(hashlib.sha1(part).digest())[:27]
            if b" " + digest + b" " in named and b" 171.25.193." not in part:
                (copy / descriptor).write_bytes(text)
                return
        raise AssertionError("the archive has no other that is named")

    def swap(name, old, new):
        def change(copy):
            data = (copy / name).read_bytes()
            assert old in data, (name, old)
            (copy / name).write_bytes(data.replace(old, new, 1))
        return change

    def without_signatures(copy):
        script = (copy / "check.sh").read_text()
        calls = re.findall(r"signed_by 2\S+ .*\n.*\n", script)
        for call in calls[2:]:
            script = script.replace(call, "")
        (copy / "check.sh").write_text(script)

    return [
        ("a relay's address in the consensus",
         swap(consensus, b"171.25.193.25 ", b"171.25.193.26 ")),
        ("one bit of a flag",
         swap(consensus, b"\ns Exit", b"\ns Exiu")),
        ("line ends of the consensus",
         lambda copy: (copy / consensus).write_bytes(
             (copy / consensus).read_bytes().replace(b"\n", b"\r\n"))),
        ("a rule of the descriptor",
         swap(descriptor, b"reject *:25", b"accept *:25")),
        ("the time of a certificate",
         swap(certificate, b"dir-key-expires 20", b"dir-key-expires 21")),
        ("a signing key",
         swap(certificate, b"dir-signing-key\n-----BEGIN RSA PUBLIC KEY-----\n"
              b"M", b"dir-signing-key\n-----BEGIN RSA PUBLIC KEY-----\nN")),
        ("a descriptor, named behind the signatures", behind_signatures),
        ("the descriptor of another relay", of_another),
        ("signatures left out", without_signatures),
    ]


def test_ns(tap, ask, folder, base):
    history, proof = base / "history", base / "proof"
    subprocess.run([ask, "import", history, *(folder / n for n in NS)],
                   check=True, capture_output=True)
    done = prove(ask, history, EXIT, proof)
    tap.result("a proof is written",
               unless(done.stdout == "exit\n", done.stdout, done.stderr))
    checked = check(proof)
    tap.result("it holds without exitdesk",
               unless(checked.returncode == 0 and "DFRI5" in checked.stdout
                      and "Everything holds." in checked.stdout,
                      checked.stdout, checked.stderr))
    script = (proof / "check.sh").read_text()
    readme = (proof / "README.txt").read_text()
    tap.result("README.txt says it in plain words", [
        words for words in ("Answer: Yes.\n", "\nRelay DFRI5, ",
                            "  - certain: a list that was valid at that ",
                            "How to read what it prints\n", "no Tor, no exitdesk")
        if words not in readme])
    lost = [line for line in script.splitlines()
            if line and "    " + line not in readme.splitlines()]
    tap.result("README.txt has all its commands", lost)
    for number, (what, change) in enumerate(
            forgeries(proof, lzma.open(folder / NS[2]).read())):
        copy = base / f"forged-{number}"
        shutil.copytree(proof, copy)
        change(copy)
        before = check(copy)
        sums_again(copy)
        after = check(copy)
        tap.result(f"changed: {what}",
                   unless(after.returncode and "Everything" not in after.stdout
                          and ("left out" in what or before.returncode),
                          after.stdout, after.stderr))
    copy = base / "appended"
    shutil.copytree(proof, copy)
    with next(copy.glob("*-server-descriptor-*")).open("ab") as file:
        file.write(b"reject *:4711 \x1b[31m\xff\n")
    sums_again(copy)
    after = check(copy)
    tap.result("what stands behind a signature is not said",
               unless(after.returncode == 0 and "4711" not in after.stdout
                      and "accept" in after.stdout,
                      after.stdout, after.stderr))
    again = prove(ask, history, EXIT, proof)
    tap.result("a directory in use is left alone",
               unless("is not empty" in again.stderr, again.stderr))


def test_micro(tap, ask, folder, base):
    history, proof = base / "history-micro", base / "proof-micro"
    subprocess.run([ask, "import", history, *(folder / n for n in MICRO)],
                   check=True, capture_output=True)
    question = ("192.0.2.1", "2026-06-27 04:20:00", "-1")
    done = prove(ask, history, question, proof)
    checked = check(proof)
    tap.result("a \"no\" is proved as well",
               unless(done.stdout == "not-listed\n" and "  r " not in
                      checked.stdout and checked.returncode == 0 and
                      "  nothing: it is not listed\n" in checked.stdout and
                      "Answer: No." in (proof / "README.txt").read_text(),
                      done.stdout, checked.stdout, checked.stderr))


def test_moved(tap, ask, folder, base):
    """The documents are no longer where they were imported from."""
    history, there = base / "history-moved", base / "there"
    there.mkdir()
    for name in NS:
        shutil.copy(folder / name, there / name)
    (there / NS[1]).rename(there / "a\nb\x1b[31mc")
    subprocess.run([ask, "import", history, there], check=True,
                   capture_output=True)
    moved = base / "elsewhere"
    there.rename(moved)
    lost = prove(ask, history, EXIT, base / "proof-lost")
    tap.result("what is gone is named",
               unless("was not found; missing is consensus" in lost.stderr
                      and "\x1b" not in lost.stderr
                      and len(lost.stderr.splitlines()) == 1,
                      lost.stdout, lost.stderr))
    (moved / "a\nb\x1b[31mc").rename(moved / "renamed.xz")
    found = prove(ask, history, EXIT, base / "proof-found", moved)
    checked = check(base / "proof-found")
    tap.result("and found where the caller says",
               unless(found.returncode == 0 and checked.returncode == 0,
                      found.stderr, checked.stderr))


def test_copy(tap, ask, folder, base):
    """Whoever made the file imported first has taken it away again; there is
    a copy with one signature more."""
    history, there = base / "history-copy", base / "copies"
    there.mkdir()
    for name in NS:
        shutil.copy(folder / name, there / name)
    whole = lzma.open(folder / NS[1]).read()
    last = whole.rindex(b"directory-signature ")
    (there / NS[1]).unlink()
    (there / "0").write_bytes(whole[:last])
    subprocess.run([ask, "import", history, there], check=True,
                   capture_output=True)
    (there / "0").write_bytes(whole.replace(b" 171.25.193.25 ",
                                            b" 171.25.193.26 "))
    none = prove(ask, history, EXIT, base / "proof-none")
    tap.result("a changed copy is none",
               unless("was not found" in none.stderr, none.stdout,
                      none.stderr))
    (there / "1").write_bytes(whole)
    done = prove(ask, history, EXIT, base / "proof-copy")
    checked = check(base / "proof-copy")
    tap.result("another copy proves the same",
               unless(done.stdout == "exit\n" and checked.returncode == 0,
                      done.stdout, done.stderr, checked.stdout,
                      checked.stderr))


def test_lists(tap, ask, folder, base):
    """Somebody's own exit list of the very moment of another."""
    history, there = base / "history-lists", base / "lists"
    there.mkdir()
    for name in NS:
        shutil.copy(folder / name, there / name)
    for number, minute in enumerate(("10", "15")):
        (there / f"list-{number}").write_text(
            "@type tordnsel 1.0\nDownloaded 2020-12-05 18:19:00\n"
            "ExitNode 185663B7C12777F052B2C2D23D7A239D8DA88A0F\n"
            f"ExitAddress 171.25.193.25 2020-12-05 18:{minute}:00\n")
    subprocess.run([ask, "import", history, there], check=True,
                   capture_output=True)
    prove(ask, history, EXIT, base / "proof-lists")
    lists = sorted((base / "proof-lists").glob("*exit-list*"))
    checked = check(base / "proof-lists")
    tap.result("two exit lists of one moment stand side by side",
               unless(len(lists) == 2 and checked.returncode == 0,
                      str(lists), checked.stdout, checked.stderr))


def main():
    ask, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    if not (folder / NS[1]).exists():
        print("1..0 # SKIP shared/ is absent")
        return 0
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="prove-") as name:
        base = pathlib.Path(name)
        test_ns(tap, ask, folder, base)
        test_micro(tap, ask, folder, base)
        test_moved(tap, ask, folder, base)
        test_copy(tap, ask, folder, base)
        test_lists(tap, ask, folder, base)
    print(f"1..{tap.count}")
    return tap.failed


sys.exit(main())
