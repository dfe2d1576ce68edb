#!/usr/bin/env python3
"""Complaints of ours about real exits at real moments.

The relays are taken from real consensuses by the few lines below, which share
nothing with the program; the complaints are our own words. Each must come out
with the cited address as the offender, the cited moment, and the verdict that
the consensus itself gives.
"""
import datetime
import json
import lzma
import os
import pathlib
import random
import subprocess
import sys
import tempfile

CONSENSUSES = ["2012-10-20-16-00-00-consensus.xz",
               "2020-12-05-18-00-00-consensus.xz",
               "2021-08-29-19-00-00-consensus.xz"]
DESCRIPTORS = ["2012-10-20-16-58-01-server-descriptors.xz",
               "2012-10-20-16-58-15-server-descriptors.xz",
               "2020-12-05-19-19-48-server-descriptors.xz"]
CERTIFICATES = "authority-certs"
# Certificates for a majority of its signatures are missing there.
UNVERIFIED = "2023-06-01-10-00-00-consensus.xz"
EACH = 6  # relays of each kind of each consensus


def relays_of(path):
    """Address -> list of (flags, summary words) in one ns consensus."""
    relays, address = {}, None
    for line in lzma.open(path, "rt", encoding="latin-1"):
        words = line.split()
        if not words:
            continue
        if words[0] == "r":
            address = words[6]
            relays.setdefault(address, []).append({"s": [], "p": []})
        elif words[0] in ("s", "p") and address:
            relays[address][-1][words[0]] = words[1:]
    return relays


def allows(relay, port):
    kind, ports = relay["p"][0], relay["p"][1]
    inside = any(int(low) <= port <= int(high or low)
                 for low, _, high in
                 (item.partition("-") for item in ports.split(",")))
    return inside == (kind == "accept")


def accepting(folder):
    """Address -> the ports that a rule of some full policy accepts."""
    ports = {}
    for name in DESCRIPTORS:
        for line in lzma.open(folder / name, "rt", encoding="latin-1"):
            words = line.split()
            if words[:1] == ["router"]:
                address = words[2]
            elif words[:1] == ["accept"]:
                low, _, high = words[1].rpartition(":")[2].partition("-")
                if low == "*":
                    low, high = 1, 65535
                ports.setdefault(address, []).append(
                    range(int(low), int(high or low) + 1))
    return ports


def verdict_of(relays, port):
    if all(relay["p"] == ["reject", "1-65535"] for relay in relays):
        return "not-exit"
    return ("exit" if any(allows(relay, port) for relay in relays)
            else "port-closed")


def english(address, moment, port):
    return (f"Hello,\n\nour server mail.example.org (port {port}) was attacked "
            f"by {address} at\n{moment:%Y-%m-%d %H:%M:%S} UTC (brute force "
            "login). Please stop it.\n")


def german(address, moment, port):
    local = moment + datetime.timedelta(hours=1)
    return (f"Guten Tag,\n\nQuelle: {address}\nZiel: 198.51.100.7:{port}\n"
            f"Zeit: {local:%d.%m.%Y %H:%M:%S} +0100\n"
            "Art: Portscan\n\nMit freundlichen Grüßen\n")


def log(address, moment, port):
    return (f"Dear abuse team, please see our firewall log (times in UTC):\n\n"
            f"{moment:%Y-%m-%dT%H:%M:%SZ} fw1 kernel: DROP IN=eth0 "
            f"SRC={address} DST=198.51.100.7 PROTO=TCP SPT=41523 DPT={port}\n")


def complaint(text, moment):
    sent = moment + datetime.timedelta(hours=5)
    return ("From: NOC <noc@victim.example>\nTo: abuse@umbrella.example\n"
            f"Subject: Abuse report\nDate: {sent:%a, %d %b %Y %H:%M:%S} +0000\n"
            "Message-ID: <1@victim.example>\nMIME-Version: 1.0\n"
            "Content-Type: text/plain; charset=utf-8\n\n" + text)


def ask(exitdesk, data, mail):
    done = subprocess.run([exitdesk, "-D", data, "why", "--json", "-"],
                          input=mail.encode(), capture_output=True, timeout=60)
    return json.loads(done.stdout)


def objections(answer, address, moment, expected):
    accused = [i for i in answer["incidents"] if i["role"] == "offender"]
    if [i["address"] for i in accused] != [address]:
        return [f"accused are {[i['address'] for i in accused]}"]
    found = []
    reading = accused[0]["time"]["readings"][0]["from"]
    if reading != f"{moment:%Y-%m-%dT%H:%M:%SZ}":
        found.append(f"read as {reading}")
    if not accused[0]["time"]["certain"]:
        found.append("the time is not certain")
    if accused[0]["verdict"] != expected:
        found.append(f"verdict {accused[0]['verdict']}: "
                     f"{accused[0]['verdict_why']}")
    if expected != "not-listed" and not accused[0]["relays"]:
        found.append("no relay is named")
    return found


def cases(folder):
    """(address, moment, port, verdict) drawn from each consensus; without the
    relays whose port the consensus calls closed and a full policy partly opens."""
    chance = random.Random(20261121)
    opened = accepting(folder)
    everybody = {}
    for name in CONSENSUSES:
        everybody[name] = relays_of(folder / name)
    for name, relays in everybody.items():
        hour = datetime.datetime.strptime(name[:19], "%Y-%m-%d-%H-%M-%S")
        for port in (22, 25, 443):
            by_verdict = {}
            for address, here in sorted(relays.items()):
                verdict = verdict_of(here, port)
                if verdict == "port-closed" and any(
                        port in ports for ports in opened.get(address, [])):
                    continue
                by_verdict.setdefault(verdict, []).append(address)
            for verdict, addresses in sorted(by_verdict.items()):
                for address in chance.sample(addresses,
                                             min(EACH, len(addresses))):
                    moment = hour + datetime.timedelta(
                        seconds=chance.randrange(3600))
                    yield address, moment, port, verdict
        yield "198.51.100.23", hour, 443, "not-listed"


def unverified(folder):
    """A relay that only a consensus in quarantine lists."""
    relays = relays_of(folder / UNVERIFIED)
    address = next(a for a, here in sorted(relays.items())
                   if verdict_of(here, 443) == "exit")
    hour = datetime.datetime.strptime(UNVERIFIED[:19], "%Y-%m-%d-%H-%M-%S")
    return address, hour, 443


def objections_unverified(answer, address):
    accused = [i for i in answer["incidents"] if i["address"] == address]
    if not accused or accused[0]["verdict"] != "undecidable" or \
            "in quarantine" not in accused[0]["verdict_why"]:
        return [f"not held back: {accused}"]
    return []


def main():
    exitdesk = sys.argv[1]
    folder = pathlib.Path(os.environ.get("EXITDESK_SHARED", "")) / "tordata"
    if not (folder / CONSENSUSES[0]).exists():
        print("1..0 # SKIP shared/ is absent")
        return 0
    failed = number = 0
    with tempfile.TemporaryDirectory() as data:
        subprocess.run([exitdesk, "-q", "-D", data, "relay", "import"] +
                       [str(folder / n) for n in
                        [CERTIFICATES, UNVERIFIED] + CONSENSUSES + DESCRIPTORS],
                       check=True, capture_output=True)
        shapes = (english, german, log)
        for address, moment, port, verdict in cases(folder):
            shape = shapes[number % len(shapes)]
            number += 1
            answer = ask(exitdesk, data,
                         complaint(shape(address, moment, port), moment))
            found = objections(answer, address, moment, verdict)
            failed += bool(found)
            print(f"{'not ok' if found else 'ok'} {number} {shape.__name__}: "
                  f"{verdict} {address}:{port} {moment:%Y-%m-%dT%H:%M:%SZ}")
            for words in found:
                print(f"# {words}")
        number += 1
        address, moment, port = unverified(folder)
        found = objections_unverified(
            ask(exitdesk, data,
                complaint(english(address, moment, port), moment)), address)
        failed += bool(found)
        print(f"{'not ok' if found else 'ok'} {number} unverified: {address}")
        for words in found:
            print(f"# {words}")
    print(f"1..{number}")
    return failed > 0


sys.exit(main())
