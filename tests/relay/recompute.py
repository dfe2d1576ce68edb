#!/usr/bin/env python3
"""Verdicts worked out a second time, straight from the documents.

    recompute.py ASK DOCUMENTS [COUNT]

Imports DOCUMENTS with ASK (ask.c) into a temporary directory, asks it COUNT
random questions (address, time, port), and compares each verdict with one
computed here. It shares no code and no data structure with src/relay/: no
runs, no intervals, only "what does each consensus list". Which consensuses may
be believed is ASK's word; where signatures.tsv counts the valid signatures of
one, the two must agree. Exit status 77 if there are no documents.
"""

import base64
import bisect
import collections
import gzip
import hashlib
import ipaddress
import lzma
import os
import random
import re
import subprocess
import sys
import tarfile
import tempfile
from datetime import datetime, timezone

HOUR, DAY, GAP, LAG = 3600, 86400, 3 * 3600, 1800
PRIVATE = {ipaddress.ip_network(n) for n in (
    "0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16",
    "172.16.0.0/12", "192.168.0.0/16")}

listings = {"ns": {}, "micro": {}}  # flavour -> valid-after -> fp -> row
has_v6 = set()                      # hours that can list IPv6
descriptors, micros = {}, {}
scans = collections.defaultdict(lambda: collections.defaultdict(set))


def seconds(text):
    when = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    return int(when.replace(tzinfo=timezone.utc).timestamp())


def unbase64(text):
    return base64.b64decode(text + "=" * (-len(text) % 4))


def read_consensus(text):
    lines = text.replace("\r\n", "\n").split("\n")
    if "vote-status consensus" not in lines:
        return
    micro = lines[0].endswith(" microdesc")
    head = {l.split(" ", 1)[0]: l.split(" ", 1)[1]
            for l in lines[:60] if " " in l}
    when = seconds(head["valid-after"])
    rows = listings["micro" if micro else "ns"].setdefault(when, {})
    if not micro or int(head.get("consensus-method", 1)) >= 27:
        has_v6.add(when)
    row = None
    for line in lines:
        if line.startswith("r "):
            words = line.split(" ")
            row = {"ips": {ipaddress.ip_address(words[-3])}, "flags": "",
                   "digest": None if micro else unbase64(words[3]).hex(),
                   "p": None}
            rows[unbase64(words[2]).hex()] = row
        elif line.startswith("directory-footer"):
            row = None
        elif row is None:
            continue
        elif line.startswith("a ["):
            row["ips"].add(ipaddress.ip_address(line[3:line.index("]")]))
        elif line.startswith("s "):
            row["flags"] = line.split(" ")[1:]
        elif line.startswith("m ") and micro:
            row["digest"] = unbase64(line.split(" ")[1]).hex()
        elif line.startswith("p "):
            row["p"] = line[2:]


def read_descriptors(text):
    text = text.replace("\r\n", "\n")
    for part in re.findall(r"(?ms)^router .*?^router-signature\n", text):
        rules, v6, own = [], "reject 1-65535", None
        for line in part.split("\n"):
            if line.startswith("opt "):
                line = line[4:]
            words = line.split(" ")
            if words[0] == "router":
                own = ipaddress.ip_address(words[2])
            elif words[0] in ("accept", "reject"):
                rules.append((words[0], words[1]))
            elif words[0] == "ipv6-policy":
                v6 = " ".join(words[1:])
        digest = hashlib.sha1(part.encode("utf-8", "surrogateescape"))
        descriptors[digest.hexdigest()] = (rules, v6, own)


def read_micros(text):
    for part in re.split(r"(?m)^@.*\n|^(?=onion-key$)", text):
        if not part.startswith("onion-key\n"):
            continue
        digest = hashlib.sha256(part.encode("utf-8", "surrogateescape"))
        p = re.search(r"(?m)^p (.*)$", part)
        p6 = re.search(r"(?m)^p6 (.*)$", part)
        micros[digest.hexdigest()] = (
            p.group(1) if p else "reject 1-65535",
            p6.group(1) if p6 else "reject 1-65535")


def read_exit_list(text):
    fp = None
    for line in text.split("\n"):
        words = line.split(" ")
        if words[0] == "ExitNode":
            fp = words[1].lower()
        elif words[0] == "ExitAddress":
            scans[ipaddress.ip_address(words[1])][fp].add(
                seconds(words[2] + " " + words[3]))


def read_document(data):
    text = data.decode("utf-8", "surrogateescape")
    annotation = re.match(r"@type (\S+) \S+\r?\n", text)
    if annotation:
        text = text[annotation.end():]
    first = next((l for l in text.split("\n")
                  if l and not l.startswith("@")), "")
    if first.startswith("network-status-version 3"):
        read_consensus(text)
    elif first.startswith("router "):
        read_descriptors(text)
    elif first.strip() == "onion-key":
        read_micros(text)
    elif first.startswith(("ExitNode ", "Downloaded ")):
        read_exit_list(text)


def read_all(folder, refused):
    for base, _, names in os.walk(folder):
        for name in sorted(names):
            path = os.path.join(base, name)
            if name.endswith((".tsv.xz", ".json.xz")):
                continue
            if ".tar" in name:
                with tarfile.open(path) as archive:
                    for member in archive:
                        if member.isfile() and \
                                name + ":" + member.name not in refused:
                            read_document(archive.extractfile(member).read())
            elif name not in refused:
                opener = {".xz": lzma.open, ".gz": gzip.open}.get(
                    os.path.splitext(name)[1], open)
                with opener(path, "rb") as file:
                    read_document(file.read())


def summary_allows(summary, port):
    verb, ports = summary.split(" ")
    for part in ports.split(","):
        low, _, high = part.partition("-")
        if int(low) <= port <= int(high or low):
            return verb == "accept"
    return verb == "reject"


def rules_allow(rules, port):
    rejected = 0
    for verb, pattern in rules:
        where, _, ports = pattern.rpartition(":")
        if where.startswith("[") or where == "*6":
            continue
        low, _, high = ("0-65535" if ports == "*" else ports).partition("-")
        if not int(low) <= port <= int(high or low):
            continue
        net = ipaddress.ip_network(
            "0.0.0.0/0" if where in ("*", "*4") else where, strict=False)
        if net.prefixlen == 0:
            return verb == "accept"
        if verb == "reject" and net not in PRIVATE:
            rejected += net.num_addresses
            if rejected >= 2 ** 25:
                return False
    return True


def allowed(policy, v6, port):
    """True, False or None (not known); port None: any."""
    kind, v4_part, v6_part = policy
    part = v6_part if v6 else v4_part
    if part is None:
        return None
    if kind == "full" and not v6:
        if port is not None:
            return rules_allow(part, port)
        return any(rules_allow(part, e) for e in edges(part))
    if port is None:
        return part != "reject 1-65535"
    return summary_allows(part, port)


def some_accepted(rules, port):
    for verb, pattern in rules:
        where, _, ports = pattern.rpartition(":")
        low, _, high = ("0-65535" if ports == "*" else ports).partition("-")
        if where.startswith("[") or where == "*6" or \
                not int(low) <= port <= int(high or low):
            continue
        if verb == "accept":
            return True
        if where in ("*", "*4") or where.endswith("/0"):
            return False
    return True


def edges(rules):
    return {1} | {max(1, min(e, 65535)) for _, pattern in rules
                  for e in edges_of(pattern.rpartition(":")[2])}


def edges_of(ports):
    if ports == "*":
        return [1]
    low, _, high = ports.partition("-")
    return [int(low), int(high or low) + 1]


def carried(flavour, hour, fp, key):
    """The value in that hour's consensus, or, where that flavour is missing,
    the one that the consensuses on both sides share."""
    hours = flavour_hours[flavour]
    at = bisect.bisect_right(hours, hour)
    before = hours[at - 1] if at else None
    if before is None:
        return None
    value = listings[flavour][before].get(fp, {}).get(key)
    if before == hour or at == len(hours):
        return value if before == hour else None
    after = hours[at]
    if after - before > GAP:
        return None
    other = listings[flavour][after].get(fp, {}).get(key)
    return value if value == other else None


def policy_of(fp, hour):
    digest = carried("ns", hour, fp, "digest")
    if digest in descriptors:
        rules, v6, _ = descriptors[digest]
        return ("full", rules, v6)
    p = carried("ns", hour, fp, "p")
    micro = micros.get(carried("micro", hour, fp, "digest"))
    if p is not None:
        return ("summary", p, micro[1] if micro else None)
    return ("summary",) + micro if micro else ("summary", None, None)


def listed(fp, hour):
    return [rows[hour][fp] for rows in listings.values()
            if hour in rows and fp in rows[hour]]


def level(age):
    return 0 if age < HOUR else 1 if age < GAP else 2 if age < DAY else None


def hours_before(hours, t):
    """Known hours of the last day, newest first."""
    end = bisect.bisect_right(hours, t)
    begin = bisect.bisect_right(hours, t - DAY)
    return hours[begin:end][::-1]


def sightings(ip, t):
    """fp -> (certainty, hour of the listing or None, scanned?)"""
    found = {}
    for hour in hours_before(hours_of(ip), t):
        for fp in by_address[ip].get(hour, ()):
            if fp not in found:
                found[fp] = (level(t - hour), hour, False)
    for fp, times in scans.get(ip, {}).items():
        for first, last in scan_runs(times):
            if not first - DAY <= t < last + DAY:
                continue
            hour = next((h for h in hours_before(all_hours, t)
                         if listed(fp, h)), None)
            sure = level(t - hour) if hour is not None else None
            if sure is not None and not first - LAG <= t < last + GAP:
                sure = max(sure, 1)
            seen = [s for s in (last, first) if t >= s - LAG]
            alone = level(t - min(seen[0], t)) if seen else None
            levels = [x for x in (sure, alone) if x is not None]
            if not levels:
                continue
            best = min(levels)
            old = found.get(fp)
            if old:
                found[fp] = (min(best, old[0]), old[1], True)
            else:
                found[fp] = (best, hour, True)
    return found


def scan_runs(times):
    runs = []
    for t in sorted(times):
        if runs and t - runs[-1][1] <= DAY and \
                t // (7 * DAY) == runs[-1][0] // (7 * DAY):
            runs[-1][1] = t
        else:
            runs.append([t, t])
    return runs


def cause(ip, fp, t, hour, scanned, port):
    v6 = ip.version == 6
    # The policy is that of the last consensus that lists the relay at all.
    last = next((h for h in hours_before(all_hours, t) if listed(fp, h)),
                None)
    policy = policy_of(fp, last) if last is not None and hour is not None \
        else ("summary", None, None)
    anything = allowed(policy, v6, None)
    answer = allowed(policy, v6, port)
    if answer is None:
        flags = listed(fp, last)[0]["flags"] if last is not None else []
        if not v6 and port is None and ("Exit" in flags or scanned):
            return "exit"
        return "undecidable"
    if answer:
        return "exit"
    if policy[0] == "full" and not v6 and not anything and \
            any(some_accepted(policy[1], e) for e in edges(policy[1])):
        return "undecidable" if port is None else "port-closed"
    if not anything:
        return "undecidable" if scanned else "not-exit"
    return "port-closed"


WEIGHT = {"exit": 4, "undecidable": 3, "port-closed": 2, "not-exit": 1}


def neighbour(ip, t):
    prefix = ipaddress.ip_network((ip, 24 if ip.version == 4 else 48),
                                  strict=False)
    hours = hours_of(ip)
    for other in by_network.get(prefix, ()):
        listing = sorted(by_address[other])
        for hour in listing:
            if hour <= t < hour + GAP:
                return True
            # unbroken runs: listed before and after t
            at = bisect.bisect_right(hours, t)
            if at and at < len(hours) and hours[at] - hours[at - 1] <= GAP \
                    and hours[at - 1] in by_address[other] \
                    and hours[at] in by_address[other] \
                    and set(by_address[other][hours[at]]) & \
                    set(by_address[other][hours[at - 1]]):
                return True
    return False


def verdict(ip, t, port):
    found = sightings(ip, t)
    best, conceivable = None, []
    for fp, (sure, hour, scanned) in found.items():
        c = cause(ip, fp, t, hour, scanned, port)
        if sure == 2:
            conceivable.append(c)
        elif best is None or WEIGHT[c] > WEIGHT[best]:
            best = c
    if best is None and conceivable:
        return "undecidable"
    if best and WEIGHT[best] < 3 and \
            any(WEIGHT[c] >= 3 for c in conceivable):
        return "undecidable"
    if best and WEIGHT[best] >= 3:
        return best
    near = hours_before(hours_of(ip), t)
    if not near or t - near[0] >= HOUR:
        return "undecidable"
    if best:
        return best
    return "neighbour" if neighbour(ip, t) else "not-listed"


def hours_of(ip):
    return all_hours if ip.version == 4 else v6_hours


def index():
    global flavour_hours, all_hours, v6_hours, by_address, by_network
    flavour_hours = {f: sorted(rows) for f, rows in listings.items()}
    all_hours = sorted(set(listings["ns"]) | set(listings["micro"]))
    v6_hours = sorted(has_v6)
    by_address = collections.defaultdict(
        lambda: collections.defaultdict(list))
    by_network = collections.defaultdict(set)
    for rows in listings.values():
        for hour, relays in rows.items():
            for fp, row in relays.items():
                for ip in row["ips"]:
                    by_address[ip][hour].append(fp)
    for ip in list(by_address):
        by_network[ipaddress.ip_network(
            (ip, 24 if ip.version == 4 else 48), strict=False)].add(ip)


def questions(count):
    chance = random.Random(20261121)
    addresses = sorted(by_address, key=str)
    scanned = sorted(scans, key=str)
    for _ in range(count):
        ip = chance.choice(scanned if chance.random() < 0.2 else addresses)
        if chance.random() < 0.2:
            ip = type(ip)(int(ip) ^ chance.randrange(1, 256))
        if chance.random() < 0.6 and by_address.get(ip):
            base = chance.choice(sorted(by_address[ip]))
        elif scans.get(ip):
            base = chance.choice(sorted(
                t for times in scans[ip].values() for t in times))
        else:
            base = chance.choice(all_hours)
        t = base + chance.choice((chance.randrange(-DAY, 2 * DAY),
                                  chance.randrange(-HOUR, 4 * HOUR),
                                  chance.randrange(HOUR)))
        port = chance.choice((None, 22, 25, 53, 80, 443, 465, 6667, 6881,
                              chance.randrange(1, 65536)))
        yield ip, t, port


def disputes(folder, refused):
    """How often ASK and the count of valid signatures differ. There were
    eight or nine authorities at all these times: five are a majority."""
    path, wrong = os.path.join(folder, "signatures.tsv"), 0
    if not os.path.exists(path):
        return 0
    with open(path) as table:
        for name, *counts in (line.split("\t") for line in table):
            if counts[-1].strip().isdigit() and \
                    (int(counts[-1]) >= 5) == (name in refused):
                wrong += 1
                print(name, counts, "refused" if name in refused else "taken")
    return wrong


def main():
    ask, folder = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 5000
    if not os.path.isdir(folder):
        print("no documents at", folder)
        return 77
    with tempfile.TemporaryDirectory() as directory:
        done = subprocess.run([ask, "import", directory, folder], check=True,
                              capture_output=True, text=True)
        refused = set(re.findall(r"(?m)^not believed: (.*), consensus: ",
                                 done.stdout))
        disputed = disputes(folder, refused)
        read_all(folder, refused)
        index()
        asked = list(questions(count))
        lines = "".join("%s %d %d %d\n" % (ip, t, t, -1 if p is None else p)
                        for ip, t, p in asked)
        out = subprocess.run([ask, "lookup", directory], input=lines,
                             check=True, capture_output=True, text=True)
    wrong, tally = 0, collections.Counter()
    for (ip, t, port), line in zip(asked, out.stdout.split("\n")):
        theirs, ours = line.split("\t")[0], verdict(ip, t, port)
        tally[ours] += 1
        if theirs != ours:
            wrong += 1
            if wrong <= 20:
                print("%s @%d port %s: here %s, there %s" %
                      (ip, t, port, ours, line))
    print(count, "questions,", wrong, "differ;", dict(tally))
    print(len(refused), "consensuses not believed;", disputed, "disputed")
    return 1 if wrong or disputed else 0


if __name__ == "__main__":
    sys.exit(main())
