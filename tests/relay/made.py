"""A made-up network in network.txt's notation, of more shapes than real data.

Hours that are missing or known in one flavour only, relays that move, share an
address, come and go, change their policy, whose descriptor or microdescriptor
is not stored, policies that let a port out to half of all addresses or to a
few, exit lists that lag, across the end of a month. The same seed gives the
same network.
"""

import random
from datetime import datetime, timedelta

START = datetime(2026, 4, 28, 3)
NETS = ("192.0.2.", "198.51.100.", "203.0.113.")
PORTS = ("80", "443", "80-443", "20-23", "25", "*", "6660-6667", "1-1023",
         "65535", "1")
SUMMARIES = (None, "accept 80,443", "reject 25", "reject 1-65535",
             "accept 443")
PRIVATE = ("0.0.0.0/8", "169.254.0.0/16", "127.0.0.0/8", "192.168.0.0/16",
           "10.0.0.0/8", "172.16.0.0/12")


def minute(when):
    return when.strftime("%Y-%m-%dT%H:%M:%S")


def random_rules(chance, own):
    rules = []
    if chance.random() < 0.7:
        rules += ["reject %s:*" % net for net in PRIVATE + (own,)]
    wide = ["reject %d.0.0.0/8:443" % net
            for net in chance.sample(range(20, 100), chance.randrange(1, 5))]
    some = ["accept *:%s" % ports
            for ports in chance.sample(PORTS, chance.randrange(1, 4))]
    return rules + chance.choice((
        ["reject *:*"], ["reject *:25", "reject *:119"], some + ["reject *:*"],
        ["accept 198.51.100.0/24:" + chance.choice(PORTS), "reject *:*"],
        wide + ["accept *:80", "accept *:443", "reject *:*"],
        ["reject 128.0.0.0/2:" + chance.choice(PORTS), "accept *:*"],
        ["reject 64.0.0.0/2:*", "reject 128.0.0.0/1:*", "reject *:25"],
        ["reject 224.0.0.0/4:*", "reject *:25", "accept *:*"],
        ["accept %s:*" % own, "accept 127.0.0.1:22", "reject *:*"]))


class Relay:
    def __init__(self, network, number):
        chance = network.chance
        self.network, self.nick, self.version = network, "n%d" % number, 0
        self.up = chance.random() < 0.8
        self.flaps = chance.choice((0.005, 0.02, 0.1, 0.4))
        self.moves = chance.choice((0, 0, 0.02, 0.2))
        self.changes = chance.choice((0, 0.01, 0.05, 0.3))
        self.is_stored = chance.random() < 0.8
        self.has_summary = chance.random() < 0.9
        self.move()
        self.change()
        self.publish(START)

    def move(self):
        chance = self.network.chance
        self.ip = chance.choice(self.network.v4)
        self.v6 = chance.sample(self.network.v6, chance.choice((0, 1, 1, 2)))
        self.out = self.ip if chance.random() < 0.6 else \
            "203.0.113.%d" % chance.randrange(200, 256)

    def change(self):
        self.rules = random_rules(self.network.chance, self.ip)
        self.p = self.network.chance.choice(SUMMARIES[1:])
        self.p6 = self.network.chance.choice(SUMMARIES)

    def publish(self, when):
        self.version += 1
        name = "%s-%d" % (self.nick, self.version)
        self.router, self.micro = "d-" + name, "m-" + name
        if not self.is_stored:
            return
        v6 = " | v6 " + self.p6.replace(" ", "_") if self.p6 else ""
        self.network.say("descriptor %s %s %s | %s%s" % (
            self.router, self.ip, minute(when - timedelta(minutes=40)),
            " | ".join(self.rules), v6))
        self.network.say("micro %s | p %s%s" % (
            self.micro, self.p.replace(" ", "_"),
            " | p6 " + self.p6.replace(" ", "_") if self.p6 else ""))

    def live(self, when):
        chance = self.network.chance
        self.up ^= chance.random() < self.flaps
        moved = chance.random() < self.moves
        if moved:
            self.move()
        changed = chance.random() < self.changes
        if changed:
            self.change()
        if moved or changed:
            self.publish(when)

        self.flags = [f for f in ("BadExit", "Exit", "Running", "Valid")
                      if chance.random() < (0.03 if f == "BadExit" else 0.95)]

    def row(self, micro):
        words = ["r", self.nick, self.ip] + ["a=" + ip for ip in self.v6]
        words += ["s=" + ",".join(self.flags)]
        words += ["m=" + self.micro] if micro else ["d=" + self.router]
        if not micro and self.has_summary:
            words.append("p=" + self.p.replace(" ", "_"))
        return " ".join(words)


class Network:
    def __init__(self, seed, relays=40, hours=110):
        self.chance = random.Random(seed)
        self.lines, self.scans = [], []
        pick = self.chance.choice
        self.v4 = [pick(NETS) + str(pick((0, 1, 2, 3, 20, 21, 77, 255)))
                   for _ in range(30)]
        self.v6 = ["2001:db8:%d:%d::%x" % (pick((1, 2)), pick((0, 1)), host)
                   for host in range(1, 16)]
        self.relays = [Relay(self, number) for number in range(relays)]
        self.missing, self.kinds = 0, "both"
        for hour in range(hours):
            self.pass_hour(START + timedelta(hours=hour))

    def say(self, line):
        self.lines.append(line)

    def pass_hour(self, when):
        chance = self.chance
        for relay in self.relays:
            relay.live(when)
            if relay.up and chance.random() < 0.2:
                seen = when + timedelta(seconds=chance.randrange(3600))
                self.scans.append((relay.nick, relay.out, seen))
        if chance.random() < 0.1:
            self.kinds = chance.choice(("both", "ns", "micro", "micro old"))
        if self.missing == 0 and chance.random() < 0.06:
            self.missing = chance.choice((1, 1, 2, 3, 4, 5, 26))
        if self.missing:
            self.missing -= 1
        else:
            self.say_consensuses(when)
        if chance.random() < 0.5:
            self.say_list(when)

    def say_consensuses(self, when):
        up = [relay for relay in self.relays if relay.up]
        for kind in ("ns", "micro") if self.kinds == "both" else (self.kinds,):
            self.say("hour %s %s" % (minute(when)[:16], kind))
            for relay in up:
                if self.chance.random() < 0.99:
                    row = relay.row(kind != "ns")
                    self.say(" ".join(w for w in row.split() if kind !=
                                      "micro old" or w[:2] != "a="))

    def say_list(self, when):
        newest = {(nick, ip): seen for nick, ip, seen in self.scans
                  if timedelta(hours=-1) < when - seen < timedelta(hours=20)}
        if self.chance.random() < 0.1:
            newest["orphan", "203.0.113.199"] = when
        if newest:
            self.say("list %s" % minute(when + timedelta(seconds=121)))
        for (nick, ip), seen in newest.items():
            self.say("x %s %s %s" % (nick, ip, minute(seen)))
