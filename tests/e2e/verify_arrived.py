#!/usr/bin/env python3
"""Letters as they came out at the far end, by dkimpy and opendkim.

usage: verify_arrived.py make DIRECTORY
       verify_arrived.py check RECORDS.json LETTER...

make: writes the letters of tests/reply/test_dkim.py as files, unsigned.
check: both signatures of each; RECORDS: DNS name -> record. Exit status 0: all
good; 1: not; 77: dkimpy is not there.
"""
import json
import os
import sys

try:
    import dkim  # noqa: F401
    import nacl.signing  # noqa: F401
except ImportError:
    sys.exit(77)
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "reply"))
from test_dkim import letters, opendkim_agrees, verdicts  # noqa: E402


def make(directory):
    for number, letter in enumerate(letters()):
        with open(os.path.join(directory, "%03d" % number), "wb") as file:
            file.write(letter)


def check(records, files):
    with open(records) as file:
        published = {name.encode(): record.encode()
                     for name, record in json.load(file).items()}
    arrived = []
    for name in files:
        with open(name, "rb") as file:
            arrived.append(file.read())
    bad = [(name, found) for name, letter in zip(files, arrived)
           for found in [verdicts(letter, published)]
           if found != [True, True]]
    print("dkimpy: %d of %d letters good, bad: %r" %
          (len(files) - len(bad), len(files), bad[:5]))
    skipped = opendkim_agrees(arrived, published)
    print("opendkim: " + (skipped or "all good"))
    return 1 if bad or not files else 0


if __name__ == "__main__":
    sys.exit(make(sys.argv[2]) if sys.argv[1] == "make"
             else check(sys.argv[2], sys.argv[3:]))
