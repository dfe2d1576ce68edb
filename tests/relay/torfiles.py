"""Tor's documents as recompute.py wants them: what each consensus lists, what
each descriptor says, what each exit list saw. Nothing is put together here."""

import base64
import collections
import gzip
import hashlib
import ipaddress
import lzma
import os
import re
import tarfile
from datetime import datetime, timezone

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
        rules, v6 = [], "reject 1-65535"
        for line in part.split("\n"):
            if line.startswith("opt "):
                line = line[4:]
            words = line.split(" ")
            if words[0] in ("accept", "reject"):
                rules.append((words[0], words[1]))
            elif words[0] == "ipv6-policy":
                v6 = " ".join(words[1:])
        digest = hashlib.sha1(part.encode("utf-8", "surrogateescape"))
        descriptors[digest.hexdigest()] = (tuple(rules), v6)


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
