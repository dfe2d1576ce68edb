"""A mail server that does as it is told, for tests of the courier.

A Sink listens on a loopback port and speaks SMTP well, but for one step at
which it does one thing wrong. It keeps what it was told.
"""
import socket
import ssl
import threading
import time

STEPS = ["CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "DOT"]
FAULTS = ["drop", "421", "4xx", "5xx", "delay", "garbage", "long line",
          "many lines", "split"]

NORMAL = {"CONNECT": "220 sink.example ESMTP", "STARTTLS": "220 go on",
          "AUTH": "235 2.7.0 welcome", "MAIL": "250 2.1.0 ok",
          "RCPT": "250 2.1.5 ok", "DATA": "354 go on",
          "DOT": "250 2.0.0 Ok: queued as 4F2A", "QUIT": "221 2.0.0 bye"}


class Hangup(Exception):
    pass


class Sink:
    def __init__(self, step=None, fault=None, tls=None, offers=None,
                 raw=None, certificate=None, after=None):
        """tls: None, 'starttls' or 'implicit'; offers: lines of EHLO; raw: a
        dict of steps to the bytes said there; after: close the connection
        that many seconds after a letter."""
        self.step, self.fault, self.tls = step, fault, tls
        self.offers = ["8BITMIME", "AUTH PLAIN"] if offers is None else offers
        self.raw, self.after = raw or {}, after
        self.certificate = certificate
        self.letters, self.commands, self.connections = [], [], 0
        self.secrets, self.envelopes = [], []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=Session(self, peer).talk,
                             daemon=True).start()

    def close(self):
        # shutdown, for close alone does not wake accept
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class Session:
    def __init__(self, sink, peer):
        self.sink, self.peer = sink, peer
        self.reader = peer.makefile("rb")

    def secure(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.sink.certificate)
        self.peer = context.wrap_socket(self.peer, server_side=True)
        self.reader = self.peer.makefile("rb")

    def talk(self):
        try:
            if self.sink.tls == "implicit":
                self.secure()
            self.say("CONNECT")
            while True:
                self.obey(self.line())
        except (Hangup, OSError, ssl.SSLError):
            pass
        finally:
            try:
                self.peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def line(self):
        line = self.reader.readline()
        if not line:
            raise Hangup
        return line

    def obey(self, line):
        self.sink.commands.append(line.rstrip(b"\r\n"))
        verb = line.split()[0].upper().decode("ascii", "replace")
        if verb == "EHLO":
            lines = ["sink.example"] + self.sink.offers
            if self.sink.tls == "starttls" and not isinstance(self.peer,
                                                         ssl.SSLSocket):
                lines.append("STARTTLS")
            text = "".join("250-%s\r\n" % each for each in lines[:-1])
            self.say("EHLO", text + "250 " + lines[-1])
        elif verb == "STARTTLS":
            self.say("STARTTLS")
            self.secure()
        elif verb == "AUTH":
            self.authenticate(line)
        elif verb == "DATA":
            self.say("DATA")
            self.take_letter()
        elif verb == "QUIT":
            self.say("QUIT")
            raise Hangup
        elif verb == "RSET":
            self.say("RSET", "250 2.0.0 ok")
        else:
            if verb in ("MAIL", "RCPT"):
                self.sink.envelopes.append(line.rstrip(b"\r\n"))
            self.say(verb, NORMAL.get(verb, "500 5.5.1 what?"))

    def authenticate(self, line):
        if b"LOGIN" in line:
            self.peer.sendall(b"334 VXNlcm5hbWU6\r\n")
            self.sink.secrets.append(self.line().strip())
            self.peer.sendall(b"334 UGFzc3dvcmQ6\r\n")
            self.sink.secrets.append(self.line().strip())
        else:
            self.sink.secrets.append(line.split()[2])
        self.say("AUTH")

    def take_letter(self):
        lines = []
        while True:
            line = self.line()
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
            if "CONTENT" in self.sink.raw:
                self.peer.sendall(self.sink.raw.pop("CONTENT"))
        self.sink.letters.append(b"".join(lines))
        self.say("DOT")
        if self.sink.after is not None:
            time.sleep(self.sink.after)
            raise Hangup

    def say(self, step, text=None):
        text = text or NORMAL[step]
        if step in self.sink.raw:
            self.peer.sendall(self.sink.raw[step])
        elif step == self.sink.step:
            self.fail(text)
        else:
            self.peer.sendall(text.encode() + b"\r\n")

    def fail(self, text):
        fault, peer = self.sink.fault, self.peer
        if fault == "drop":
            raise Hangup
        if fault == "delay":
            time.sleep(2.5)
            raise Hangup
        if fault == "split":
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in text.encode() + b"\r\n":
                peer.sendall(bytes([byte]))
            return
        code = text[:3].encode()
        peer.sendall({
            "421": b"421 4.3.2 shutting down\r\n",
            "4xx": b"450 4.2.0 not now\r\n",
            "5xx": b"550 5.7.1 not you\r\n",
            "garbage": bytes(range(256)) + b"\r\n",
            "long line": code + b" " + b"x" * 1000000 + b"\r\n",
            "many lines": (code + b"-more\r\n") * 10000 + code + b" end\r\n",
        }[fault])
        if fault == "421":
            raise Hangup
