"""Hostile by what they say: authorities, complaints of others, complaints
that are no member's, and mails that can be read in two ways."""
import base64
import glob
import os

from mails import BODY, Mail
from patterns import each, family

LETTERS = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "..", "report", "letters")


def letters():
    """(place, matter, fields, text) of each letter that no program may
    answer, as tests/report/letters tells."""
    for path in sorted(glob.glob(os.path.join(LETTERS, "*.letters"))):
        with open(path, encoding="utf-8") as file:
            blocks = ("\n" + file.read()).split("\n=== ")[1:]
        for number, block in enumerate(blocks, 1):
            lines = block.split("\n")
            fields, at = {}, 1
            while at < len(lines) and lines[at].split(":")[0] in ("From", "Subject"):
                name, value = lines[at].split(":", 1)
                fields[name] = value.strip()
                at += 1
            matter = lines[0].split()[0]
            if matter != "none":
                yield ("%s:%d" % (os.path.basename(path), number), matter,
                       fields, "\n".join(lines[at:]))


def encoded(text):
    return "=?utf-8?b?%s?=" % base64.b64encode(text.encode()).decode()


@family
def authorities(seed):
    """With a member's relay and a moment in them, as a complaint that would
    be answered: in the letter, and before and behind it."""
    for place, matter, fields, text in letters():
        for shape in range(3):
            mail = Mail("%s %s in shape %d" % (place, matter, shape), shape)
            # an IP and a moment of ours, so that nothing else holds it back
            parts = [[text, BODY], [BODY, text], [text.replace("\n", " "), BODY]][shape]
            mail.body = "\r\n\r\n".join(parts).replace("\r\n", "\n").replace("\n", "\r\n")
            subject = fields.get("Subject", "SSH login attack")
            mail.fields["Subject"] = subject if subject.isascii() else encoded(subject)
            yield mail


@family
def passed_on(seed):
    headers = [
        "---------- Forwarded message ---------\r\nFrom: Victim <v@victim.example>\r\nDate: Mon, 4 May 2026\r\nSubject: attack\r\nTo: <noc@DOMAIN>\r\n\r\n",
        "-----Original Message-----\r\nFrom: v@victim.example\r\nSent: Monday, May 4, 2026 9:00\r\nTo: noc@DOMAIN\r\nSubject: attack\r\n\r\n",
        "Begin forwarded message:\r\n\r\n> From: Victim <v@victim.example>\r\n> Subject: attack\r\n> Date: 4 May 2026\r\n> To: noc@DOMAIN\r\n\r\n",
        "-----Urspr\u00fcngliche Nachricht-----\r\nVon: Opfer <v@victim.example>\r\nGesendet: Montag, 4. Mai 2026\r\nAn: noc@DOMAIN\r\nBetreff: Angriff\r\n\r\n",
        "---------- Weitergeleitete Nachricht ---------\r\nVon: Opfer <v@victim.example>\r\nDatum: 4.5.2026\r\nBetreff: Angriff\r\nAn: noc@DOMAIN\r\n\r\n",
        "-------- Message transf\u00e9r\u00e9 --------\r\nSujet: attaque\r\nDate: lundi 4 mai 2026\r\nDe: v@victim.example\r\nPour: noc@DOMAIN\r\n\r\n",
        "---------- Mensaje reenviado ---------\r\nDe: v@victim.example\r\nFecha: 4 de mayo de 2026\r\nAsunto: ataque\r\nPara: noc@DOMAIN\r\n\r\n",
        "---------- Doorgestuurd bericht ----------\r\nVan: v@victim.example\r\nDatum: 4 mei 2026\r\nOnderwerp: aanval\r\nAan: noc@DOMAIN\r\n\r\n"]
    intros = ["FYI, please handle.\r\n\r\n", "We received the following complaint about your IP. Please answer within 24 hours.\r\n\r\n", "See below.\r\n\r\n"]

    def inline(mail, variant):
        intro, header = variant
        mail.body = intro + header.replace("DOMAIN", mail.domain) + BODY
        mail.fields["Subject"] = "Fwd: attack from 198.51.100.9"
    yield from each("passed on inline", [(i, h) for i in intros for h in headers], inline, 4)

    def attached(mail, variant):
        kind, sender = variant
        mail.fields["Content-Type"] = 'multipart/mixed; boundary="b"'
        mail.body = ("--b\r\nContent-Type: text/plain\r\n\r\nPlease see the attached complaint.\r\n--b\r\nContent-Type: %s\r\n\r\n"
                     "From: %s\r\nTo: noc@%s\r\nSubject: attack\r\nDate: Mon, 04 May 2026 07:50:00 +0000\r\nMessage-ID: <in@victim.example>\r\n\r\n%s\r\n--b--\r\n"
                     % (kind, sender, mail.domain, BODY))
    yield from each("passed on attached", [(k, s) for k in ("message/rfc822", "message/global") for s in ("Victim <v@victim.example>", "v@victim.example, w@victim.example", "")], attached)

    def arf(mail, field):
        mail.fields["Content-Type"] = 'multipart/report; report-type=feedback-report; boundary="b"'
        mail.body = ("--b\r\nContent-Type: text/plain\r\n\r\n%s\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n"
                     "User-Agent: x/1\r\nVersion: 1\r\nSource-IP: 198.51.100.9\r\nArrival-Date: Mon, 04 May 2026 07:41:10 +0000\r\n%s: v@victim.example\r\n"
                     "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\nSubject: x\r\n\r\nx\r\n--b--\r\n" % (BODY, field))
    yield from each("ARF", ["Original-Mail-From", "Original-Rcpt-To", "Reported-From", "Reporter"], arf)


@family
def not_ours(seed):
    def say(mail, text):
        mail.body = text
    when = "2026-05-04T07:41:10Z"
    ssh = "%s tried to log in to our SSH server 203.0.113.61 port 22 by brute force at %s. Please look into it.\r\n"
    texts = [ssh % (ip, when) for ip in (
        "203.0.113.99", "203.0.113.130", "192.0.2.77", "8.8.8.8", "198.51.100.10", "198.51.100.8", "2001:db8:5::1", "10.0.0.9",
        "198.51.100.900", "198.051.100.009", "0306.063.0144.011", "3325256713", "::ffff:203.0.113.99", "198.51.100",
        "198.51.100.9 and 203.0.113.99", "198.51.100.9 and 203.0.113.5", "198.51.100.9, 192.0.2.77", "198.51.100[.]10")]
    texts += [ssh % ("198.51.100.9", t) for t in (
        "2025-01-04T07:41:10Z", "2026-06-04T07:41:10Z", "2019-05-04T07:41:10Z", "03/05/2026 07:41:10", "05/03/2026 07:41", "yesterday", "some time ago", "07:41",
        "2026-13-45T99:99:99Z", "1970-01-01T00:00:00Z", "2038-01-19T03:14:08Z", "2026-02-30T07:41:10Z", "04-05-26 07:41", "")]
    texts += ["198.51.100.9 tried to log in to our SSH.\r\n", "Please look into 198.51.100.9.\r\n", "198.51.100.9\r\n", "\r\n", "Hello\r\n",
              "Your network is attacking us.\r\n", "Is 198.51.100.9 yours? Who runs it?\r\n", "Please remove 198.51.100.9 from your list.\r\n",
              "198.51.100.9 sent spam to our mail server 203.0.113.61 port 25 at %s.\r\n" % when,
              "198.51.100.9 tried to log in to our mail server by brute force at %s.\r\n" % when,
              "Thank you for your answer about 198.51.100.9 of %s. The case is closed.\r\n" % when,
              "Your request has been received, ticket created: 4711 about 198.51.100.9, %s.\r\n" % when,
              "I am out of the office until Monday. Your mail about 198.51.100.9 of %s will be read then.\r\n" % when]
    yield from each("not ours", texts, say)

    def encodings(mail, variant):
        kind, encode = variant
        mail.fields["Content-Type"] = kind
        if encode:
            mail.fields["Content-Transfer-Encoding"] = encode
        mail.body = "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA0xxxxxxx\r\n-----END PGP MESSAGE-----\r\n"
    yield from each("closed", [("text/plain", None), ('multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"', None),
                               ("application/pkcs7-mime; smime-type=enveloped-data", "base64"), ("image/png", "base64"),
                               ("application/octet-stream", "base64"), ("application/x-unknown", "x-uuencode")], encodings)


@family
def malformed(seed):
    """Two programs would read these differently, or none would at all."""
    def raw(mail, make):
        mail.instead = make(mail)

    def cut(size):
        return lambda mail: mail.copy(mail.name).raw()[:size]
    good = lambda mail: mail.copy(mail.name).raw()
    makes = [cut(0), cut(1), cut(40), cut(200), cut(500), cut(700),
             lambda m: good(m).replace(b"\r\n", b"\n", 3), lambda m: good(m).replace(b"\r\n", b"\r"),
             lambda m: good(m).replace(b"\r\nFrom:", b"\nFrom:"), lambda m: good(m).replace(b"From:", b"\0From:"),
             lambda m: b"\r\n" + good(m), lambda m: b" " + good(m), lambda m: b"garbage\r\n" + good(m),
             lambda m: b"From noc Mon May 4 08:00:00 2026\r\n" + good(m).replace(b"From: NOC", b"From : NOC"),
             lambda m: good(m).replace(b"Subject:", b"Subject\xff:"), lambda m: good(m).replace(b"\r\n\r\n", b"\r\n", 1),
             lambda m: good(m).replace(b"From:", b"X-Long: " + b"a" * 300000 + b"\r\nFrom:"),
             lambda m: good(m).replace(b"From:", b"X: y\r\n" * 1200 + b"From:"),
             lambda m: good(m).replace(b"To: abuse", b"To: " + b"a@b.example, " * 300 + b"abuse"),
             lambda m: good(m).replace(b"From: NOC", b"From: " + b"(" * 5000 + b"NOC"),
             lambda m: good(m).replace(b"From: NOC", b"From: " + b"\"" * 501 + b"NOC"),
             lambda m: good(m).replace(b"charset=utf-8", b"charset=utf-8; " + b"a*0=b; " * 3000),
             lambda m: good(m).replace(b"Content-Type: text/plain", b"Content-Type: text/plain\r\nContent-Type: text/html"),
             lambda m: good(m).replace(b"Content-Type: text/plain; charset=utf-8", b"Content-Type: multipart/mixed"),
             lambda m: good(m).replace(b"Content-Type: text/plain; charset=utf-8", b"Content-Type: multipart/mixed; boundary=\"\""),
             lambda m: good(m).replace(b"Content-Type: text/plain; charset=utf-8", b"Content-Type: message/rfc822"),
             lambda m: good(m).replace(b"Content-Type: text/plain; charset=utf-8", b"Content-Type: message/partial; id=x; number=1; total=2"),
             lambda m: good(m).replace(b"Content-Type: text/plain; charset=utf-8", b"Content-Type: message/external-body; access-type=URL; URL=\"https://evil.example\""),
             lambda m: good(m).replace(b"utf-8\r\n", b"utf-8\r\nContent-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: 8bit\r\n"),
             lambda m: good(m).replace(b"charset=utf-8", b"charset=utf-7").replace(b"198", b"+ADEAOQA4-")]
    yield from each("malformed", makes, raw)

    def nested(mail, depth):
        mail.fields["Content-Type"] = 'multipart/mixed; boundary="b0"'
        mail.body = "".join("--b%d\r\nContent-Type: multipart/mixed; boundary=\"b%d\"\r\n\r\n" % (i, i + 1) for i in range(depth)) + BODY
    yield from each("nested", [40, 200, 2000], nested, 3)

    def rfc822(mail, depth):
        mail.fields["Content-Type"] = "message/rfc822"
        mail.body = "Content-Type: message/rfc822\r\n\r\n" * depth + BODY
    yield from each("nested messages", [2, 40, 2000], rfc822, 3)
