"""What hostile mails are made of: one good complaint, to be spoiled.

A Mail with nothing changed is a complaint that the demo's desk answers by
itself; each pattern changes what its attack changes and nothing else, so that
only the rule against that attack can hold the letter back.
"""
import copy
import zlib

OURS = "mx.umbrella.example"
DESK = "abuse@umbrella.example"
NOW = 1777885200  # 2026-05-04T09:00:00Z
BODY = ("198.51.100.9 tried to log in to our SSH server 203.0.113.61 port 22 "
        "by brute force\r\nat 2026-05-04T07:41:10Z. Please look into it.\r\n")
SIGNED = ["from", "to", "date", "subject", "message-id"]
ORDER = ["noise", "escalate", "file", "hold", "send"]  # later is bolder


class Mail:
    def __init__(self, name, number=0, domain=None, local="noc"):
        self.name, self.number = name, number
        self.domain = domain or "reporter%d.example" % number
        self.address = "%s@%s" % (local, self.domain)
        self.envelope = self.address  # "" is <>, None is not known
        self.recipient = DESK
        self.expect = "hold"  # the boldest that is allowed
        self.now, self.mode = NOW, "bare"
        key = "b%08xAbCdEf" % zlib.crc32(name.encode() + b"%d" % number)
        self.key = key
        self.results = ["dkim=pass header.d=%s header.s=m header.b=%s" %
                        (self.domain, key[:8]),
                        "spf=pass smtp.mailfrom=" + self.address,
                        "dmarc=pass header.from=" + self.domain]
        self.tags = {"v": "1", "a": "rsa-sha256", "d": self.domain, "s": "m",
                     "t": str(NOW - 3660), "h": ":".join(SIGNED), "bh": "x",
                     "b": key + "GhIjKl=="}
        self.above = None  # replaces our server's fields when set
        self.below = ""    # fields below our Received, above the sender's
        self.fields = {
            "From": "NOC <%s>" % self.address, "To": DESK,
            "Subject": "SSH login attack %d" % number,
            "Date": "Mon, 04 May 2026 07:59:00 +0000",
            "Message-ID": "<%d.%s@%s>" % (number, key[1:9], self.domain),
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=utf-8"}
        self.extra = ""    # more fields, at the end
        self.body = BODY
        self.instead = None  # the whole mail, as bytes

    def copy(self, name, **changes):
        other = copy.deepcopy(self)
        other.name = name
        for key, value in changes.items():
            setattr(other, key, value)
        return other

    def authentication(self):
        if self.above is not None:
            return self.above
        return "Authentication-Results: %s; %s\r\n" % (
            OURS, ";\r\n\t".join(self.results))

    def received(self):
        return ("Received: from mail.%s (mail.%s [203.0.113.200])\r\n\tby %s; "
                "Mon, 04 May 2026 08:00:00 +0000\r\n"
                % (self.domain, self.domain, OURS))

    def signature(self):
        if not self.tags:
            return ""
        return "DKIM-Signature: %s\r\n" % "; ".join(
            "%s=%s" % pair for pair in self.tags.items())

    def raw(self):
        if self.instead is not None:
            return self.instead
        head = "".join("%s: %s\r\n" % field for field in self.fields.items()
                       if field[1] is not None)
        text = (self.authentication() + self.received() + self.below +
                self.signature() + head + self.extra + "\r\n")
        body = self.body if isinstance(self.body, bytes) else \
            self.body.encode("utf-8", "surrogateescape")
        return text.encode("utf-8", "surrogateescape") + body


def unproven(mail):
    """The same, from a sender that nobody vouches for."""
    mail.results = ["dkim=none", "spf=none smtp.mailfrom=" + mail.address,
                    "dmarc=none header.from=" + mail.domain]
    mail.tags = {}
    return mail


def signed_only(mail):
    """Vouched for by its signature alone, not by SPF."""
    mail.results[1] = "spf=none smtp.mailfrom=" + mail.address
    return mail
