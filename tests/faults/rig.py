"""A whole desk under attack: exitdeskd on the demo's members and relays, a
next hop that misbehaves on demand, a client that keeps a ledger.

The ledger is what counts: whatever was answered with 250 is one mail in the
store, and whatever the next hop took is one letter a case.
"""
import atexit
import email
import os
import re
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
CLOCK = "2026-05-04T09:00:00Z"
ABUSE = "abuse@umbrella.example"
CONFIG = """\
desk:
  name: Onion Umbrella
  address: abuse@umbrella.example
  country: DE
  case-prefix: UA
  mode: {mode}
receive:
  socket: {base}/lmtp.sock
  authserv-id: mx.umbrella.example
send:
  via: unix:{base}/sink.sock
  delay: {delay}
  max-per-hour: {many}
  max-per-day: {many}
dkim:
  signed-by: next-hop
limits:
  first-letters: 0
  first-of-template: 0
  breaker-burst: {many}
  new-domain-per-day: {many}
  address-per-day: {address_limit}
  domain-per-day: {many}
  member-per-day: {many}
control: {base}/control.sock
data: {data}
clock: {clock}
"""


def wait_until(condition, seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("not within %g s: %s" % (seconds, what))


# ---- the border -----------------------------------------------------------

def is_probe(to, raw):
    """Mail of the desk to a return path of its own."""
    return to.startswith("bounce+") and b"\nMessage-ID: <probe." in raw


def border(raw):
    """What the Postfix of exitdesk-postfix(7) does with mail that comes in."""
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = re.findall(rb"[^\r\n]+(?:\r\n[ \t][^\r\n]*)*", head)
    kept = [field for field in fields if not re.match(
        rb"(?is)authentication-results[ \t]*:.*mx\.umbrella\.example", field)]
    return (b"Received: from desk.invalid by mx.umbrella.example; "
            b"Mon, 04 May 2026 09:00:00 +0000\r\n" + b"\r\n".join(kept) +
            b"\r\n\r\n" + body)


# ---- the next hop ---------------------------------------------------------

class Sink:
    """mode: "take", "refuse" (451 to MAIL), "hang" (no answer to MAIL),
    "swallow" (the letter is kept, the connection dropped instead of a 250)."""

    def __init__(self, path, home):
        """home: the desk's LMTP socket."""
        self.mode, self.letters, self.lock = "take", [], threading.Lock()
        self.home = home
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(16)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            peer, _ = self.listener.accept()
            threading.Thread(target=self.talk, args=(peer,),
                             daemon=True).start()

    def talk(self, peer):
        try:
            with peer, peer.makefile("rwb") as stream:
                self.converse(peer, stream)
        except (OSError, ValueError):
            pass

    def converse(self, peer, stream):
        sender = to = None

        def say(line):
            stream.write(line + b"\r\n")
            stream.flush()
        say(b"220 sink.example")
        for line in stream:
            verb = line[:4].upper()
            if verb == b"MAIL":
                if self.mode == "hang":
                    while self.mode == "hang":
                        time.sleep(0.05)
                if self.mode == "refuse":
                    say(b"451 4.3.0 later")
                    continue
                sender = line.decode()
            if verb == b"RCPT":
                to = re.search(r"<(.*)>", line.decode()).group(1)
            if verb == b"QUIT":
                say(b"221 bye")
                return
            if verb != b"DATA":
                say(b"250 ok")
                continue
            say(b"354 go ahead")
            raw = b""
            for line in stream:
                if line == b".\r\n":
                    break
                raw += line[1:] if line.startswith(b".") else line
            else:
                return
            if is_probe(to, raw):
                say(b"250 2.0.0 home" if self.bring_home(to, raw) else
                    b"451 4.3.0 nobody is home")
                continue
            with self.lock:
                self.letters.append((to, sender, raw))
            if self.mode == "swallow":
                peer.shutdown(socket.SHUT_RDWR)
                return
            say(b"250 2.0.0 kept")

    def bring_home(self, to, raw):
        """To the desk that sent it, through its border."""
        try:
            client = Lmtp(self.home)
            try:
                return client.send("", border(raw), to).startswith("250")
            finally:
                client.close()
        except OSError:
            return False

    def by_recipient(self):
        """Address to the list of Message-IDs that came for it."""
        found = {}
        with self.lock:
            for to, _, raw in self.letters:
                found.setdefault(to, []).append(
                    email.message_from_bytes(raw)["Message-ID"])
        return found


# ---- the desk -------------------------------------------------------------

class Desk:
    model = None  # a directory that "exitdesk demo" has made, for all of them

    def __init__(self, cli, daemon):
        self.base = tempfile.mkdtemp(prefix="exitdesk-faults.")
        self.cli, self.program, self.process = cli, daemon, None
        self.data = self.path("data")
        self.make_model(cli)
        for name in ("members.d", "templates", "data/relays"):
            shutil.copytree(os.path.join(Desk.model, name), self.path(name))
        self.make_policies()
        self.sink = Sink(self.path("sink.sock"), self.path("lmtp.sock"))
        self.configure()

    def make_policies(self):
        """Ours, without a waiting time of their own: send.delay decides."""
        os.mkdir(self.path("policies"))
        with open(os.path.join(SOURCE, "policies", "XX.yaml")) as file:
            text = re.sub(r"(?m)^ +wait: .*\n", "", file.read())
        with open(self.path("policies", "XX.yaml"), "w") as file:
            file.write(text)

    @staticmethod
    def make_model(cli):
        if Desk.model:
            return
        around = tempfile.mkdtemp(prefix="exitdesk-faults.")
        atexit.register(shutil.rmtree, around, ignore_errors=True)
        model = os.path.join(around, "model")
        made = subprocess.run([cli, "demo", "--dir", model],
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        if made.returncode != 0:
            raise AssertionError("exitdesk demo: " + made.stdout)
        Desk.model = model

    def path(self, *names):
        return os.path.join(self.base, *names)

    def configure(self, **changes):
        values = dict(base=self.base, data=self.data, clock=CLOCK, delay="0s",
                      mode="live", many=10000, address_limit=1)
        values.update(changes)
        with open(self.path("exitdesk.yaml"), "w") as file:
            file.write(CONFIG.format(**values))

    def start(self, wait=True):
        with open(self.path("exitdeskd.log"), "ab") as log:
            begun = log.tell()
            environment = dict(os.environ)
            environment["ASAN_OPTIONS"] = (
                environment.get("ASAN_OPTIONS", "") + ":log_path=" +
                self.path("asan"))
            self.process = subprocess.Popen([self.program, "-C", self.base],
                                            stderr=log, env=environment)

        def is_ready():
            if self.process.poll() is not None:
                raise AssertionError("exitdeskd ended: " + self.log()[-2000:])
            return "ready:" in self.log()[begun:]
        if wait:
            wait_until(is_ready, 30, "exitdeskd is ready")

    def stop(self, how=signal.SIGTERM, seconds=60):
        """Its exit status; None if it does not run."""
        if self.process is None:
            return None
        self.process.send_signal(how)
        status = self.process.wait(seconds)
        self.process = None
        return status

    def restart(self, **changes):
        self.stop()
        self.configure(**changes)
        self.start()

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.base, ignore_errors=True)

    def log(self):
        try:
            with open(self.path("exitdeskd.log"), errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def complaints_of_sanitizers(self):
        found = ""
        for name in os.listdir(self.base):
            if name.startswith("asan."):
                with open(self.path(name), errors="replace") as file:
                    found += file.read()
        return found + "".join(line for line in self.log().splitlines(True)
                               if "runtime error" in line or
                               "AddressSanitizer" in line or
                               "ERROR **" in line or "Assert" in line)

    def run(self, *words):
        """Exit status and what the command line said."""
        ended = subprocess.run([self.cli, "-C", self.base, *words],
                               stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
        return ended.returncode, ended.stdout

    def rows(self, sql, *values):
        uri = "file:%s/exitdesk.db?mode=ro" % self.data
        for _ in range(100):
            try:
                connection = sqlite3.connect(uri, uri=True)
                with connection:
                    found = connection.execute(sql, values).fetchall()
                connection.close()
                return found
            except sqlite3.OperationalError:
                time.sleep(0.05)
        raise AssertionError("the store cannot be read")

    def number(self, sql, *values):
        return self.rows(sql, *values)[0][0]

    def wait_decided(self, seconds=60):
        wait_until(lambda: self.number("SELECT count(*) FROM mail "
                                       "WHERE state = 'received'") == 0,
                   seconds, "every mail is decided")

    def children(self):
        """Name to process number of the desk's own children."""
        found = {}
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                with open("/proc/%s/stat" % entry) as file:
                    words = file.read().rsplit(")", 1)
                if int(words[1].split()[1]) == self.process.pid:
                    found[words[0].split("(", 1)[1]] = int(entry)
            except (OSError, IndexError):
                pass
        return found


# ---- mails ----------------------------------------------------------------

GOOD = """\
Authentication-Results: mx.umbrella.example;
\tdkim=pass header.d={domain} header.s=m header.b=b{number};
\tspf=pass smtp.mailfrom={sender}; dmarc=pass header.from={domain}
Received: from mail.{domain} (mail.{domain} [203.0.113.200])
\tby mx.umbrella.example; Mon, 04 May 2026 08:00:00 +0000
DKIM-Signature: v=1; a=rsa-sha256; d={domain}; s=m; t=1777881540;
	h=from:to:date:subject:message-id; bh=x; b=b{number}AAAABBBBCCCC
From: NOC <{sender}>
To: abuse@umbrella.example
Subject: SSH login attack {number}
Date: Mon, 04 May 2026 07:59:00 +0000
Message-ID: <{number}@{domain}>
{extra}Content-Type: text/plain; charset=utf-8

{body}"""
BODY = """\
198.51.100.9 tried to log in to our SSH server 203.0.113.61 port 22 by brute
force at 2026-05-04T07:41:10Z, our ticket {number}. Please look into it.
"""


def complaint(number, domain=None, sender=None, extra="", body=BODY):
    """(sender, bytes): one that the desk answers by itself."""
    domain = domain or "shop%d.example" % number
    sender = sender or "noc@" + domain
    text = GOOD.format(domain=domain, sender=sender, number=number,
                       extra=extra, body=body.format(number=number))
    return sender, text.replace("\n", "\r\n").encode()


class Lmtp:
    def __init__(self, path, seconds=20):
        self.peer = socket.socket(socket.AF_UNIX)
        self.peer.settimeout(seconds)
        self.peer.connect(path)
        self.stream = self.peer.makefile("rb")
        self.hear()
        self.say(b"LHLO client.example")

    def hear(self):
        line = self.stream.readline()
        while line[3:4] == b"-":
            line = self.stream.readline()
        if not line.endswith(b"\n"):
            raise OSError("the desk hung up")
        return line.decode()

    def say(self, line):
        self.peer.sendall(line + b"\r\n")
        return self.hear()

    def send(self, sender, raw, to=ABUSE):
        """The reply to the dot."""
        for line in ("MAIL FROM:<%s>" % sender, "RCPT TO:<%s>" % to, "DATA"):
            reply = self.say(line.encode())
            if reply[0] not in "23":
                return reply
        stuffed = re.sub(rb"(?m)^\.", b"..", raw)
        self.peer.sendall(stuffed + b".\r\n")
        return self.hear()

    def close(self):
        self.stream.close()
        self.peer.close()


def deliver(desk, sender, raw, to=ABUSE, seconds=60):
    """As an MTA does: again and again until it is taken."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            client = Lmtp(desk.path("lmtp.sock"))
            try:
                reply = client.send(sender, raw, to)
            finally:
                client.close()
            if reply.startswith("250"):
                return reply
            if reply.startswith("5"):
                raise AssertionError("refused for good: " + reply)
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError("never taken")


class Load:
    """Complaints numbers first..last over some sessions; acked is the ledger."""

    def __init__(self, desk, numbers, sessions=4):
        self.desk, self.acked, self.errors = desk, {}, []
        self.left, self.lock = list(reversed(list(numbers))), threading.Lock()
        self.threads = [threading.Thread(target=self.work, daemon=True)
                        for _ in range(sessions)]
        for thread in self.threads:
            thread.start()

    def work(self):
        while True:
            with self.lock:
                if not self.left:
                    return
                number = self.left.pop()
            try:
                sender, raw = complaint(number)
                reply = deliver(self.desk, sender, raw, seconds=120)
                self.acked[number] = reply.split()[-1]
            except Exception as error:
                self.errors.append(repr(error))

    def is_done(self):
        return not any(thread.is_alive() for thread in self.threads)

    def join(self, seconds=150):
        wait_until(self.is_done, seconds, "the load is through")
        if self.errors:
            raise AssertionError(self.errors[0])


def control_frame(kind, subject=None, note=None):
    """A request as base/control_wire.h has it."""
    def text(value):
        if value is None:
            return struct.pack("<I", 0xffffffff)
        return struct.pack("<I", len(value)) + value.encode()
    record = bytes([kind]) + text(subject) + text(note)
    return struct.pack("<I", len(record)) + record


# ---- TAP ------------------------------------------------------------------

def run_tests(tests, *arguments):
    """Each test(*arguments) by its name; the number of those that failed."""
    failed = 0
    print("1..%d" % len(tests), flush=True)
    for number, test in enumerate(tests, 1):
        name = test.__name__.replace("_", " ")
        try:
            skipped = test(*arguments)
            note = " # SKIP " + skipped if skipped else ""
            print("ok %d - %s%s" % (number, name, note), flush=True)
        except Exception as error:
            failed += 1
            text = "%s: %s" % (type(error).__name__, error)
            print("not ok %d - %s\n# %s" % (number, name,
                                            text.replace("\n", "\n# ")),
                  flush=True)
    return failed


def run_on_desks(tests):
    """Each test(desk) on a desk of its own, which must end well; the number of
    those that failed. The command line names the programs."""
    def on_a_desk(test):
        def run():
            desk = Desk(*sys.argv[1:3])
            try:
                test(desk)
                if desk.process is not None and desk.stop() != 0:
                    raise AssertionError("the desk did not end well")
                text = desk.complaints_of_sanitizers()
                if text:
                    raise AssertionError(text)
            except Exception:
                print("# " + desk.log()[-1500:].replace("\n", "\n# "))
                raise
            finally:
                desk.close()
        run.__name__ = test.__name__
        return run
    return run_tests([on_a_desk(test) for test in tests])
