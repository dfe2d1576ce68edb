"""An exitdeskd of our own in a directory, on the samples of the demo.

"exitdesk demo" makes the relay documents, members and templates; then the
configuration is replaced by one for Postfix on both sides.
"""
import json
import os
import re
import signal
import subprocess
import time

from postfix_instance import wait_until

CONFIG = """\
desk:
  name: Onion Umbrella
  address: abuse@umbrella.example
  country: DE
  case-prefix: UA
  mode: live
receive:
  listen: 127.0.0.1:{lmtp}
  authserv-id: mx.umbrella.example
send:
  via: smtp://127.0.0.1:{outbound}
  delay: 0s
dkim:
  keys:
{keys}limits:
  first-letters: 0
  first-of-template: 0
data: {base}/data
clock: {clock}
"""


# Those that members of the demo write from.
DOMAINS = ("hackerspace.example", "bibliothek.example", "onion.example")


class Desk:
    def __init__(self, base, exitdesk, exitdeskd, lmtp):
        self.base, self.cli, self.program = base, exitdesk, exitdeskd
        self.lmtp, self.process = lmtp, None
        ended = subprocess.run([exitdesk, "demo", "--dir", base],
                               stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
        if ended.returncode != 0:
            raise AssertionError("exitdesk demo: " + ended.stdout)
        for name in os.listdir(self.path("data")):
            if name.startswith("exitdesk."):
                os.unlink(self.path("data", name))
        self.published, self.keys = {}, ""
        for domain in DOMAINS:
            self.make_keys(domain)

    def make_keys(self, domain):
        """As a person does: what "key make" says goes into DNS, and its last
        lines into the configuration."""
        made = subprocess.run(
            [self.cli, "-D", self.path("data"), "key", "make", domain,
             "--directory", self.path("keys", domain),
             "--now", "2026-05-04T09:00Z"],
            stdout=subprocess.PIPE, check=True, text=True).stdout
        for name, strings in re.findall(r"(?m)^(\S+) IN TXT \( (.*) \)$",
                                        made):
            self.published[name] = "".join(re.findall('"([^"]*)"', strings))
        self.keys += made.split("dkim:\n  keys:\n")[1]

    def path(self, *names):
        return os.path.join(self.base, *names)

    def configure(self, outbound, clock="2026-05-04T09:00:00Z"):
        with open(self.path("exitdesk.yaml"), "w") as file:
            file.write(CONFIG.format(base=self.base, lmtp=self.lmtp,
                                     outbound=outbound, clock=clock,
                                     keys=self.keys))

    def move_clock(self, clock):
        """Start again with the desk's clock at another moment."""
        self.stop()
        with open(self.path("exitdesk.yaml")) as file:
            text = re.sub("clock: .*", "clock: " + clock, file.read())
        with open(self.path("exitdesk.yaml"), "w") as file:
            file.write(text)
        self.start()

    def start(self):
        self.log_file = open(self.path("exitdeskd.log"), "ab")
        begun = self.log_file.tell()
        self.process = subprocess.Popen([self.program, "-C", self.base],
                                        stderr=self.log_file)

        def is_ready():
            if self.process.poll() is not None:
                raise AssertionError("exitdeskd ended: " + self.log()[-2000:])
            return "ready" in self.log()[begun:]
        wait_until(is_ready, 15, "exitdeskd is ready")

    def stop(self, how=signal.SIGTERM):
        """Its exit status."""
        if self.process is None:
            return None
        self.process.send_signal(how)
        status = self.process.wait(60)
        self.process = None
        self.log_file.close()
        return status

    def log(self):
        with open(self.path("exitdeskd.log"), errors="replace") as file:
            return file.read()

    def command(self, *words):
        """What the command line says, whatever its exit status."""
        return subprocess.run([self.cli, "-C", self.base, *words],
                              stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True).stdout

    def cases(self):
        ended = subprocess.run(
            [self.cli, "-C", self.base, "case", "list", "--max", "100000",
             "--json"], stdout=subprocess.PIPE, check=True, text=True)
        return [json.loads(line) for line in ended.stdout.splitlines()]

    def wait_for_cases(self, count, seconds=30):
        """Until there are so many, and then a little for one too many."""
        wait_until(lambda: len(self.cases()) >= count, seconds,
                   "%d cases" % count)
        time.sleep(0.3)
        return self.cases()


def sample(folder, number):
    """A complaint of the demo as its sender sent it: (sender, bytes without
    what the receiving side added)."""
    name = [each for each in sorted(os.listdir(folder))
            if each.startswith(number)][0]
    with open(os.path.join(folder, name), "rb") as file:
        raw = file.read().replace(b"\r\n", b"\n")
    sender = re.search(rb"Return-Path: <(.*)>", raw).group(1).decode()
    for field in (b"Return-Path", b"Authentication-Results", b"Received"):
        raw = re.sub(rb"(?m)^" + field + rb":.*\n([ \t].*\n)*", b"", raw)
    return sender, raw
