"""Mails written by hand: reporters that are known by name, and many who say
the same."""
import glob
import os
import re

from handmade import FILE, HOLD, SEND, dkim, dmarc, family, made
from mails import BODY

PROFILES = os.path.join(os.environ.get("EXITDESK_SHARE", "."), "policies", "reporters")


def profiles():
    """(name, one of its addresses, a domain that signs) of each profile that
    tells them, from the lines of its file."""
    for path in sorted(glob.glob(os.path.join(PROFILES, "*.yaml"))):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        froms = re.search(r"^  from: \[?\"?([^\s\",\]]+)", text, re.M)
        signs = re.search(r"^  dkim: \[?\"?([^\s\",\]]+)", text, re.M)
        yield (os.path.basename(path)[:-5], froms and froms.group(1).replace("*", "4711"),
               signs and signs.group(1))


def as_reporter(mail, address):
    mail.domain = address.split("@")[1]
    mail.address = mail.envelope = address
    mail.fields["From"] = address
    mail.fields["Message-ID"] = "<1@%s>" % mail.domain
    mail.tags["d"] = mail.domain
    mail.results = [dkim(mail), "spf=pass smtp.mailfrom=" + address, dmarc(mail)]


def evil(mail):
    mail.tags["d"] = "evil.example"
    mail.results = ["dkim=pass header.d=evil.example header.s=m header.b=" + mail.key[:8],
                    "dmarc=fail header.from=" + mail.domain]


def unsigned(mail):
    mail.tags = {}
    mail.results = ["dkim=none", "spf=fail smtp.mailfrom=" + mail.address, "dmarc=fail header.from=" + mail.domain]


def silent(mail):
    mail.tags = {}
    mail.above = ""


def forged_below(mail):
    mail.above, mail.extra = "", mail.authentication()


def partly(mail):
    mail.tags["l"] = "10"
    mail.results = [dkim(mail), "dmarc=none header.from=" + mail.domain]


def robot(mail):
    evil(mail)
    mail.extra = "Auto-Submitted: auto-generated\r\nPrecedence: bulk\r\n"


def victims_path(mail):
    """Its own signature, replayed to us with a stranger's return path."""
    mail.envelope = "v@victim.example"
    mail.results = [dkim(mail), "spf=pass smtp.mailfrom=v@victim.example", dmarc(mail)]


@family
def known_reporters(seed):
    """Their From with whatever else is wrong: as nobody's."""
    count = 0
    for name, address, _ in profiles():
        count += 1
        for trick in (evil, unsigned, silent, forged_below, partly, robot, victims_path):
            if not address:
                continue

            def change(mail):
                as_reporter(mail, address)
                trick(mail)
            yield made("%s, %s" % (name, trick.__name__), change)
    assert count >= 50, "where are the profiles?"


@family
def the_same_again(seed):
    """Ten addresses of a domain, then ten domains with one text; then one that
    says it again. Only the first of a domain is answered."""
    for number in range(10):
        mail = made("ten of a domain %d" % number, lambda m: None, SEND if number == 0 else HOLD, 900)
        mail.mode = "kept"
        mail.address = mail.envelope = "desk%d@%s" % (number, mail.domain)
        mail.fields["From"] = mail.address
        mail.fields["Message-ID"] = "<ten%d@%s>" % (number, mail.domain)
        mail.results = [dkim(mail), "spf=pass smtp.mailfrom=" + mail.address, dmarc(mail)]
        yield mail
    first = None
    for number in range(4):
        mail = made("again %d" % number, lambda m: None, SEND if number == 0 else FILE, 901)
        mail.mode, mail.now = "kept", mail.now + 600 * number
        if number == 2:
            mail.fields["Message-ID"] = "<again@%s>" % mail.domain
        if number == 3:
            mail.fields["Subject"] = "Second reminder"
            mail.body = "Once more: " + BODY
        first = first or mail
        yield mail
    replayed = first.copy("the first's signature once more", expect=FILE)
    replayed.extra = "X-Path: other\r\n"
    yield replayed
