#!/usr/bin/env python3
"""Thirty programs that answer whatever they get, for a day of simulated time:
at most thirty letters may leave in all.

usage: test_pingpong.py HOSTILE_DESK

Each begins with a complaint that deserves its letter, and answers each letter
(and, every hour, complains again as its kind does). Prints TAP.
"""
import email
import email.utils
import re
import sys

from desk_pipe import Desk
from mails import DESK, Mail, NOW

MINUTE, HOURS = 60, 24
LETTERS_MAX = 30


class Letter:
    def __init__(self, to, path, raw):
        self.to, self.path = to, path
        message = email.message_from_bytes(raw)
        self.id, self.subject = message["Message-ID"], message["Subject"]
        self.text = message.get_payload(decode=True).decode("utf-8", "replace")
        self.case = re.search(r"UA-\d{4}-\d{5}-[A-Z]", self.text + self.subject).group(0)
        self.raw = raw


class Responder:
    """round: how often it has written; a kind changes the mail."""

    def __init__(self, number, kind):
        self.number, self.kind, self.round = number, kind, 0
        self.domain = "loop%d.example" % number

    def complaint(self, now, letter=None):
        mail = Mail("%s %d" % (self.kind.__name__, self.round), 10000 * self.number + self.round, self.domain)
        mail.mode, mail.now = "kept", now
        mail.tags["t"] = str(now - 60)
        mail.fields["Date"] = email.utils.formatdate(now - 60)
        self.round += 1
        if self.round == 1:
            return mail
        return self.kind(mail, letter, self.round)


def move(mail, address):
    """Another sender of the same domain."""
    mail.address = mail.envelope = address
    mail.results[1] = "spf=pass smtp.mailfrom=" + address
    mail.fields["From"] = address


def quote(letter):
    return "".join("> %s\r\n" % line for line in letter.text.splitlines())


# ---- the kinds ------------------------------------------------------------

def vacation(mail, letter, number):
    mail.fields["Subject"] = "Re: " + letter.subject
    mail.extra = "Auto-Submitted: auto-replied\r\nIn-Reply-To: %s\r\n" % letter.id
    mail.body = "I am away until Monday.\r\n"
    return mail


def vacation_without_marks(mail, letter, number):
    mail.fields["Subject"] = "Out of office"
    mail.body = "I am out of the office.\r\n\r\n" + quote(letter)
    return mail


def ticket_system(mail, letter, number):
    move(mail, "ticket-%d@%s" % (number, mail.domain))
    mail.fields["Subject"] = "[#%d] SSH login attack" % (4711 + number)
    mail.body = mail.body + quote(letter)
    return mail


def ticket_system_with_thread(mail, letter, number):
    mail.extra = "References: <a@b.example> %s\r\n" % letter.id
    return ticket_system(mail, letter, number)


def forgets_everything(mail, letter, number):
    """A new subject, id and address each time, nothing of our letter."""
    move(mail, "t%d@%s" % (number, mail.domain))
    mail.fields["Subject"] = "Incident %d" % number
    mail.body = mail.body.replace("07:41:10", "07:%02d:10" % (number % 60))
    return mail


def same_address_new_incident(mail, letter, number):
    mail.body = mail.body.replace("07:41:10", "07:%02d:11" % (number % 60))
    return mail


def detail_addresses(mail, letter, number):
    move(mail, "noc+%d@%s" % (number, mail.domain))
    return mail


def gmail_dots(mail, letter, number):
    local = "j" + "." * (number % 2) + "doe" + "." * (number % 3 > 0) + "x"
    move(mail, "%s+%d@%s" % (local, number, mail.domain))
    return mail


def own_thread(mail, letter, number):
    move(mail, "t%d@%s" % (number, mail.domain))
    mail.extra = "References: <root@%s>\r\n" % mail.domain
    return mail


def challenge(mail, letter, number):
    mail.fields["Subject"] = "Please confirm your message"
    mail.body = "Click https://confirm.%s/%d to deliver your mail.\r\n%s" % (mail.domain, number, quote(letter))
    return mail


def bounce_null(mail, letter, number):
    mail.envelope, mail.recipient = "", letter.path
    mail.fields["Subject"] = "Undelivered Mail Returned to Sender"
    mail.body = "The message could not be delivered.\r\n" + letter.text
    return mail


def bounce_from_daemon(mail, letter, number):
    move(mail, "mailer-daemon@" + mail.domain)
    mail.fields["Subject"] = "Delivery failure"
    return mail


def list_server(mail, letter, number):
    mail.extra = "List-Id: <abuse.%s>\r\nPrecedence: list\r\n" % mail.domain
    mail.body = letter.text + mail.body
    return mail


def list_without_marks(mail, letter, number):
    move(mail, "member%d@%s" % (number, mail.domain))
    mail.fields["Subject"] = "[abuse] " + letter.subject
    mail.body = letter.text + mail.body
    return mail


def forwarder_back(mail, letter, number):
    """The letter itself, sent back to us with its header."""
    head, _, body = letter.raw.partition(b"\r\n\r\n")
    mail.instead = (mail.authentication() + mail.received()).encode() + head + b"\r\n\r\n" + body
    return mail


def forwarder_stripped(mail, letter, number):
    """The same without the marks of ours."""
    forwarder_back(mail, letter, number)
    mail.instead = re.sub(rb"(?m)^(Auto-Submitted|Precedence|X-[A-Za-z-]*):.*\r\n([ \t].*\r\n)*", b"", mail.instead)
    return mail


def other_desk(mail, letter, number):
    mail.fields["Subject"] = "Auto: [XX-2026-%05d-A] Tor exit relay" % number
    mail.extra = "Auto-Submitted: auto-replied\r\nX-Exitdesk-Loop: XX-2026-1.%024x\r\n" % number
    return mail


def other_desk_of_another_make(mail, letter, number):
    move(mail, "abuse@" + mail.domain)
    mail.fields["Subject"] = "Your complaint %d" % number
    mail.body = "198.51.100.9 is a Tor exit relay. See your complaint of 2026-05-04T07:41:10Z, login attack.\r\n"
    return mail


def answers_the_path(mail, letter, number):
    mail.recipient = letter.path
    return mail


def names_the_case(mail, letter, number):
    move(mail, "c%d@%s" % (number, mail.domain))
    mail.body = mail.body + "Your reference: %s\r\n" % letter.case
    return mail


def replays(mail, letter, number):
    """The same signed mail from another envelope of the domain."""
    first = Mail("replays 0", 10000 * int(mail.domain[4:].split(".")[0]), mail.domain)
    again = first.copy(mail.name, mode="kept", now=mail.now)
    again.envelope = "relay%d@%s" % (number, mail.domain)
    again.results[1] = "spf=pass smtp.mailfrom=" + again.envelope
    return again


def subdomains(mail, letter, number):
    domain = "s%d.%s" % (number, mail.domain)
    again = Mail(mail.name, mail.number, domain)
    again.mode, again.now = mail.mode, mail.now
    again.extra = "In-Reply-To: %s\r\n" % letter.id
    return again


def strangers_with_the_letter(mail, letter, number):
    again = Mail(mail.name, mail.number, "friend%d.example" % number)
    again.mode, again.now = mail.mode, mail.now
    again.body = again.body + quote(letter)
    return again


def html_only(mail, letter, number):
    move(mail, "h%d@%s" % (number, mail.domain))
    mail.fields["Content-Type"] = "text/html; charset=utf-8"
    mail.body = "<p>%s</p><blockquote>%s</blockquote>" % (mail.body, letter.text)
    return mail


KINDS = [vacation, vacation_without_marks, ticket_system, ticket_system_with_thread, forgets_everything, same_address_new_incident,
         detail_addresses, gmail_dots, own_thread, challenge, bounce_null, bounce_from_daemon, list_server, list_without_marks,
         forwarder_back, forwarder_stripped, other_desk, other_desk_of_another_make, answers_the_path, names_the_case, replays,
         subdomains, strangers_with_the_letter, html_only]
KINDS += KINDS[1:7]  # thirty


def play(desk, responders):
    """Everybody's turn, every ten minutes of a day: (letters, by whom)."""
    last, counts, mails = {}, {}, 0
    for step in range(HOURS * 6):
        now = NOW + step * 10 * MINUTE
        for responder in responders:
            name = "%d %s" % (responder.number, responder.kind.__name__)
            if responder.round > 0 and responder.number not in last:
                continue  # its first complaint was not answered: it is quiet
            if step % 6 and responder.round > 20:
                continue
            outcome = desk.give(responder.complaint(now, last.get(responder.number)))
            mails += 1
            for letter in outcome.letters:
                counts[name] = counts.get(name, 0) + 1
                last[responder.number] = Letter(*letter)
    return counts, mails


def main(program):
    desk = Desk(program)
    responders = [Responder(number, kind) for number, kind in enumerate(KINDS, 1)]
    counts, mails = play(desk, responders)
    letters = sum(counts.values())
    print("1..3")
    print("%sok 1 - %d responders and %d mails get %d letters" %
          ("" if letters <= LETTERS_MAX and len(KINDS) == 30 else "not ", len(KINDS), mails, letters))
    for name, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        if count > 1:
            print("# %s: %d" % (name, count))
    # ... and the sanity other side: who complains first is heard
    print("%sok 2 - at least %d of them got their first" % ("" if len(counts) >= 20 else "not ", len(counts)))
    status = desk.close()
    print("%sok 3 - the desk ends well" % ("" if status == 0 else "not "))
    return 0 if letters <= LETTERS_MAX and len(counts) >= 20 and status == 0 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
