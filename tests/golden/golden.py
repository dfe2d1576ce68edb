#!/usr/bin/env python3
"""Golden complaints through the whole pure pipeline.

Each FORMAT/NNN-what.eml is read by "exitdesk why", the operator's own command,
and the text it prints is compared with FORMAT/NNN-what.expected, which a person
has read. To see what changed: golden.py EXITDESK --show; to write the files
anew after reading the difference: golden.py EXITDESK --accept.
"""
import difflib
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = 30


def read(exitdesk, mail):
    done = subprocess.run(
        [exitdesk, "why", str(mail)], capture_output=True, timeout=SECONDS,
        env={**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"})
    if done.returncode not in (0, 1):
        return f"exit status {done.returncode}\n{done.stderr.decode()}"
    return done.stdout.decode()


def compare(exitdesk, mail, mode):
    expected_file = mail.with_suffix(".expected")
    actual = read(exitdesk, mail)
    expected = expected_file.read_text() if expected_file.exists() else ""
    if actual == expected:
        return []
    if mode == "--accept":
        expected_file.write_text(actual)
    return list(difflib.unified_diff(
        expected.splitlines(), actual.splitlines(), "expected", "actual",
        lineterm=""))


def main():
    exitdesk = sys.argv[1]
    mode = sys.argv[2] if len(sys.argv) > 2 else ""
    mails = sorted(HERE.glob("*/*.eml"))
    formats = sorted(d for d in HERE.iterdir()
                     if d.is_dir() and d.name != "__pycache__")
    print(f"1..{len(mails) + len(formats)}")
    failed = 0
    for number, mail in enumerate(mails, 1):
        difference = compare(exitdesk, mail, mode)
        ok = not difference
        failed += not ok
        print(f"{'ok' if ok else 'not ok'} {number} "
              f"{mail.parent.name}/{mail.stem}")
        for line in difference:
            print(f"# {line}")
    for number, folder in enumerate(formats, len(mails) + 1):
        ok = any(folder.glob("*.eml"))
        failed += not ok
        print(f"{'ok' if ok else 'not ok'} {number} {folder.name} holds a mail")
    return failed > 0


sys.exit(main())
