#!/usr/bin/env python3
"""Both DKIM signatures of a letter (standard input), by dkimpy.

usage: verify_dkim.py RECORDS.json < LETTER

RECORDS: DNS name -> record. Exit status 0: both good; 1: not; 77: dkimpy is
not there.
"""
import json
import sys

try:
    import dkim
    import nacl.signing  # noqa: F401
except ImportError:
    sys.exit(77)

with open(sys.argv[1]) as file:
    records = json.load(file)


def look_up(name, timeout=5):
    name = name.decode() if isinstance(name, bytes) else name
    return records.get(name, "").encode()


letter = sys.stdin.buffer.read()
good = []
for index in range(2):
    try:
        good.append(dkim.DKIM(letter).verify(idx=index, dnsfunc=look_up))
    except dkim.DKIMException as error:
        print(error)
        good.append(False)
print(good)
sys.exit(0 if good == [True, True] else 1)
