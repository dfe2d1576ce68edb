#!/usr/bin/env python3
"""Verdicts worked out a second time, straight from the documents.

    recompute.py ASK DOCUMENTS [COUNT]
    recompute.py ASK --made SEED [COUNT]

Imports DOCUMENTS, or those of a made-up network (made.py), with ASK (ask.c)
into a temporary directory, asks it COUNT random questions (address, time or
stretch of time, port, protocol), most of them about the edges of something,
and compares each verdict with one computed here; of a moment also which relays,
how sure, and what each one's policy says. It shares no code and no data
structure with src/relay/: no intervals, no summaries of policies, only "what
does each consensus list". Which consensuses may be believed is ASK's word;
where signatures.tsv counts the valid signatures of one, the two must agree.
Exit status 77 if there are no documents.
"""

import bisect
import collections
import functools
import ipaddress
import os
import random
import re
import subprocess
import sys
import tempfile

import made
from torfiles import (descriptors, has_v6, listings, micros, read_all, scans)

HOUR, DAY, GAP, LAG = 3600, 86400, 3 * 3600, 1800
LEVELS = ("certain", "possible", "conceivable")


def summary_allows(summary, port):
    verb, ports = summary.split(" ")
    for part in ports.split(","):
        low, _, high = part.partition("-")
        if int(low) <= port <= int(high or low):
            return verb == "accept"
    return verb == "reject"


def ends(pattern):
    """First and last address of a pattern; None: not IPv4."""
    if pattern.startswith("[") or pattern == "*6":
        return None
    net = ipaddress.ip_network(
        "0.0.0.0/0" if pattern in ("*", "*4") else pattern, strict=False)
    return int(net[0]), int(net[-1])


def cut(ranges, first, last):
    """What of the ranges lies within, and what remains."""
    inside, rest = [], []
    for low, high in ranges:
        if high < first or low > last:
            rest.append((low, high))
            continue
        inside.append((max(low, first), min(high, last)))
        if low < first:
            rest.append((low, first - 1))
        if high > last:
            rest.append((last + 1, high))
    return inside, rest


def size(ranges):
    return sum(high - low + 1 for low, high in ranges)


PUBLIC = [(0, 2 ** 32 - 1)]
for private in made.PRIVATE:
    PUBLIC = cut(PUBLIC, *ends(private))[1]


@functools.lru_cache(maxsize=None)
def reach(rules, port):
    """To how many public addresses the rules let the port out: "all" (but two
    /8s), "most" (half), "few" or "none"; port None: the widest port."""
    if port is None:
        found = {reach(rules, edge) for edge in edges(rules)}
        return next(r for r in ("all", "most", "few", "none") if r in found)
    left, is_open = PUBLIC, 0
    for verb, pattern in rules:
        where, _, ports = pattern.rpartition(":")
        low, _, high = ("0-65535" if ports == "*" else ports).partition("-")
        net = ends(where)
        if net is None or not int(low) <= port <= int(high or low):
            continue
        inside, left = cut(left, *net)
        is_open += size(inside) if verb == "accept" else 0
    is_open += size(left)
    return "all" if size(PUBLIC) - is_open < 2 ** 25 else \
        "most" if 2 * is_open >= size(PUBLIC) else \
        "few" if is_open else "none"


def allowed(policy, v6, port):
    """"all", "most", "few", "none" or None (not known)."""
    kind, v4_part, v6_part = policy
    part = v6_part if v6 else v4_part
    if part is None:
        return None
    if kind == "full" and not v6:
        return reach(part, port)
    is_open = part != "reject 1-65535" if port is None else \
        summary_allows(part, port)
    return "all" if is_open else "none"


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
        return ("full",) + descriptors[digest]
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
            hour = last_listed(fp, t)
            sure = level(t - hour) if hour is not None else None
            hour = hour if sure is not None else None
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


def policy_hour(ip, fp, t, hour):
    """The policy is that of the last consensus that lists the relay; where
    that has it at another address already, of the last with this one."""
    if fp in by_address[ip].get(hour, ()) and \
            hour != next(iter(hours_before(hours_of(ip), t)), None):
        return hour
    return last_listed(fp, t)


def last_listed(fp, t):
    at = bisect.bisect_right(listed_hours[fp], t)
    return listed_hours[fp][at - 1] if at else None


def cause(ip, fp, t, hour, scanned, port):
    """What the relay alone makes of it, and what its policy says."""
    v6 = ip.version == 6
    policy = ("summary", None, None)
    if hour is not None:
        hour = policy_hour(ip, fp, t, hour)
        policy = policy_of(fp, hour)
    answer, any_port = allowed(policy, v6, port), allowed(policy, v6, None)
    if answer is None:
        flags = listed(fp, hour)[0]["flags"] if hour is not None else []
        if not v6 and port is None and ("Exit" in flags or scanned):
            return "exit", "probably-accepted"
        return "undecidable", "unknown"
    sure = "" if policy[0] == "full" else "probably-"
    if answer == "most" and port is not None:
        sure = "probably-"
    if answer in ("all", "most"):
        return "exit", sure + "accepted"
    if answer == "few":
        return "undecidable", "probably-rejected"
    if any_port == "none":
        return ("undecidable" if scanned else "not-exit"), sure + "rejected"
    return "port-closed", sure + "rejected"


WEIGHT = {"exit": 4, "undecidable": 3, "port-closed": 2, "not-exit": 1}


def neighbour(ip, t):
    return any(hour <= t < hour + GAP for other in by_network[network(ip)]
               if other != ip for hour in by_address[other])


def network(ip):
    return ipaddress.ip_network((ip, 24 if ip.version == 4 else 48),
                                strict=False)


def verdict(ip, t, port, protocol):
    best, conceivable = None, []
    for fp, (sure, hour, scanned) in sightings(ip, t).items():
        c = cause(ip, fp, t, hour, scanned, port)[0]
        if sure == 2:
            conceivable.append("not-exit" if protocol == "udp" else c)
        elif protocol == "udp":
            return "not-tcp"
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
    return best or "not-listed"


def turns(ip):
    """Every moment at which an answer about the address may change."""
    for hour in all_hours:
        yield from (hour, hour + HOUR, hour + GAP, hour + DAY)
    for times in scans.get(ip, {}).values():
        for t in times:
            yield from (t - DAY, t - LAG, t, t + HOUR, t + GAP, t + DAY)


def answer(ip, begin, end, port, protocol):
    moments = {begin} | {t for t in turns(ip) if begin < t <= end} \
        if end > begin else {begin}
    found = {verdict(ip, t, port or None, protocol) for t in moments}
    if len(found) > 1:
        return "undecidable"
    only = found.pop()
    if only == "not-listed" and any(neighbour(ip, t) for t in moments):
        return "neighbour"
    return only


def relays(ip, t, port):
    """As ASK prints them."""
    return {"%s/%s/%s" % (fp, LEVELS[sure], cause(ip, fp, t, hour, scanned,
                                                  port or None)[1])
            for fp, (sure, hour, scanned) in sightings(ip, t).items()}


def hours_of(ip):
    return all_hours if ip.version == 4 else v6_hours


def index():
    global flavour_hours, all_hours, v6_hours
    global by_address, by_network, listed_hours
    flavour_hours = {f: sorted(rows) for f, rows in listings.items()}
    all_hours = sorted(set(listings["ns"]) | set(listings["micro"]))
    v6_hours = sorted(has_v6)
    by_address = collections.defaultdict(
        lambda: collections.defaultdict(list))
    by_network = collections.defaultdict(set)
    listed_hours = collections.defaultdict(list)
    for rows in listings.values():
        for hour, relays in rows.items():
            for fp, row in relays.items():
                listed_hours[fp].append(hour)
                for ip in row["ips"]:
                    by_address[ip][hour].append(fp)
    for hours in listed_hours.values():
        hours.sort()
    for ip in by_address:
        by_network[network(ip)].add(ip)


def random_port(chance, ip):
    """At an edge of a policy as often as not."""
    rows = [(fp, hour) for hour, fps in by_address[ip].items() for fp in fps] \
        if ip in by_address else []
    known = [None, 0, 1, 25, 53, 80, 443, 6667, 9001, 65535]
    if rows:
        kind, v4, v6 = policy_of(*chance.choice(rows))
        text = " ".join(p for _, p in v4) if kind == "full" else v4
        known += [port + chance.randrange(-1, 2) for word in
                  re.findall(r":([\d-]+)|([\d,-]+)$", "%s\n%s" % (text, v6))
                  for port in map(int, re.findall(r"\d+", "".join(word)))]
    return chance.choice([p for p in known if p is None or 0 <= p <= 65535])


def random_moment(chance, ip):
    """At an edge of what is known of the address, or near."""
    steps = (0, HOUR, GAP, DAY)
    if by_address.get(ip) and chance.random() < 0.6:
        base = chance.choice(sorted(by_address[ip]))
    elif scans.get(ip) and chance.random() < 0.8:
        base = chance.choice(sorted(
            t for times in scans[ip].values() for t in times))
        steps += (-DAY, -LAG)
    else:
        base = chance.choice(all_hours)
        steps += (-HOUR,)
    return base + chance.choice(steps) + chance.choice(
        (-1, 0, 1, chance.randrange(-HOUR, HOUR)))


def questions(count, chance):
    addresses, scanned = sorted(by_address, key=str), sorted(scans, key=str)
    for _ in range(count):
        ip = chance.choice(scanned if scanned and chance.random() < 0.2
                           else addresses)
        if chance.random() < 0.15:
            ip = type(ip)(int(ip) ^ chance.randrange(1, 256))
        begin = end = random_moment(chance, ip)
        if chance.random() < 0.2:
            end += chance.choice((1, HOUR - 1, HOUR, GAP, DAY,
                                  chance.randrange(1, 4 * DAY)))
        yield (ip, begin, end, random_port(chance, ip),
               "udp" if chance.random() < 0.05 else "tcp")


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


def prepare(ask, arguments, directory):
    """Import; the consensuses that were not believed, how many are disputed."""
    if arguments[0] != "--made":
        done = subprocess.run([ask, "import", directory, arguments[0]],
                              check=True, capture_output=True, text=True)
        refused = set(re.findall(r"(?m)^not believed: (.*), consensus: ",
                                 done.stdout))
        read_all(arguments[0], refused)
        return refused, disputes(arguments[0], refused)
    documents = os.path.join(directory, "documents")
    os.mkdir(documents)
    notation = os.path.join(directory, "notation")
    with open(notation, "w") as file:
        file.write("\n".join(made.Network(int(arguments[1])).lines))
    subprocess.run([ask, "made", notation, documents, directory], check=True,
                   capture_output=True)
    read_all(documents, set())
    return set(), 0


def compare(question, line):
    """What differs, in words; None: nothing."""
    theirs, _, why, found = line.split("\t")
    ours = answer(*question)
    if theirs != ours:
        return "here %s, there %s: %s" % (ours, theirs, why)
    ip, begin, end, port, _ = question
    if begin != end:
        return None
    apart = relays(ip, begin, port) ^ set(found.split())
    return " ".join(sorted(apart)) or None


def main():
    ask, arguments = sys.argv[1], sys.argv[2:]
    is_made = arguments[0] == "--made"
    count = int((arguments[1 + is_made:] or ["5000"])[0])
    if not is_made and not os.path.isdir(arguments[0]):
        print("no documents at", arguments[0])
        return 77
    seed = int(arguments[1]) if is_made else 20261121
    with tempfile.TemporaryDirectory() as directory:
        refused, disputed = prepare(ask, arguments, directory)
        index()
        asked = list(questions(count, random.Random(seed)))
        lines = "".join("%s %d %d %d %s\n" % (
            ip, begin, end, -1 if port is None else port, protocol)
            for ip, begin, end, port, protocol in asked)
        out = subprocess.run([ask, "lookup", directory], input=lines,
                             check=True, capture_output=True, text=True)
    wrong, tally = 0, collections.Counter()
    for question, line in zip(asked, out.stdout.split("\n"), strict=False):
        tally[line.split("\t")[0]] += 1
        apart = compare(question, line)
        if apart:
            wrong += 1
            if wrong <= 20:
                print("%s @%d..%d port %s %s: %s" % (question + (apart,)))
    print("seed", seed, count, "questions,", wrong, "differ;", dict(tally))
    print(len(refused), "consensuses not believed;", disputed, "disputed")
    return 1 if wrong or disputed or tally.total() < count else 0


if __name__ == "__main__":
    sys.exit(main())
