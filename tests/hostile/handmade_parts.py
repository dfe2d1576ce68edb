"""Mails written by hand: how they are built."""
import base64

from handmade import FILE, HOLD, SEND, family, made
from mails import BODY

TEXT = "Content-Type: text/plain; charset=utf-8"
HTML = "Content-Type: text/html; charset=utf-8"
BIN = "\nContent-Transfer-Encoding: base64"


def b64(data):
    return base64.b64encode(data).decode()


def parts(name, *bodies, kind="mixed", expect=HOLD):
    def change(mail):
        mail.fields["Content-Type"] = 'multipart/%s; boundary="b"' % kind
        text = "".join("--b\n%s\n\n%s\n" % pair for pair in bodies) + "--b--\n"
        mail.body = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return made("built: " + name, change, expect, 700)


def single(name, kind, text, expect=HOLD):
    def change(mail):
        mail.fields["Content-Type"] = kind
        mail.body = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return made("built: " + name, change, expect, 700)


ONE_LINE = BODY.replace("\r\n", " ")
XARF = ('{"xarf_version":"4.0.0","report_id":"550e8400-e29b-41d4-a716-446655440000","timestamp":"2026-05-04T07:41:10Z","reporter":{"org":"V",'
        '"contact":"v@victim.example","domain":"victim.example"},"sender":{"org":"V","contact":"v@victim.example","domain":"victim.example"},'
        '"source_identifier":"198.51.100.9","category":"connection","type":"login_attack","destination_ip":"203.0.113.61","destination_port":22,'
        '"protocol":"tcp","first_seen":"2026-05-04T07:41:10Z"}')
DSN = "Reporting-MTA: dns; x.example\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1"
OURS = ("From: abuse@umbrella.example\nTo: x@y.example\nSubject: Tor exit relay\nAuto-Submitted: auto-replied\n"
        "X-Exitdesk-Loop: UA-2026-00001-W.0123\nMessage-ID: <t.1.x@umbrella.example>\n\nhello")


@family
def pages(seed):
    def page(name, more, expect=HOLD):
        return single("page, " + name, "text/html; charset=utf-8", "<html><body><p>%s</p>%s</body></html>" % (BODY, more), expect)
    yield page("nothing more", "", SEND)
    yield page("a picture's words", "<img src=cid:1 alt='Bundeskriminalamt Wiesbaden - Auskunftsersuchen'>")
    yield page("a picture's court", "<img src='x' alt='District Court - Subpoena'>")
    yield page("tags in words", "<p>This is a co<b>ur</b>t or<i></i>der</p>")
    yield page("entities in words", "<p>&#99;&#111;&#117;rt order by the di&shy;strict cou&shy;rt</p>")
    yield page("breaks in words", "<p>cou<wbr>rt ord<wbr>er</p>")
    yield page("a button", "<form><button>Subpoena by the police</button></form>")
    yield page("a link's words", "<a href='https://police.example/'>Court order</a>")
    yield page("turned round", "<p>&#8238;redro truoc</p>")
    yield page("spaced", "<h1>C O U R T O R D E R</h1>")


@family
def halves(seed):
    """The half that nobody read says something else."""
    order = "<p>We are the police. Search warrant attached. Court order.</p>"
    yield parts("an order in the page", (TEXT, BODY), (HTML, order), kind="alternative")
    yield parts("an order in the text", (TEXT, "We are the police. Court order."), (HTML, "<p>%s</p>" % BODY), kind="alternative")
    yield parts("another address", (TEXT, BODY), (HTML, "<p>%s</p>" % BODY.replace("198.51.100.9", "203.0.113.99")), kind="alternative")
    yield parts("a foreign page", (TEXT, BODY), (HTML, "<p>\u043f\u043e\u043b\u0438\u0446\u0438\u044f \u0441\u0443\u0434 \u0437\u0430\u043f\u0440\u043e\u0441 \u0434\u0435\u043b\u043e</p>"), kind="alternative")
    yield parts("an invitation beside", (TEXT, BODY), ("Content-Type: text/calendar; method=REQUEST", "BEGIN:VCALENDAR\nSUMMARY:Meeting\nEND:VCALENDAR"), kind="alternative")
    yield parts("the same twice", (TEXT, BODY), (HTML, "<h1>Report</h1><p>%s</p>" % BODY), kind="alternative", expect=SEND)


@family
def attachments(seed):
    for name in ("kinderpornografie.pdf", "Gerichtsbeschluss_4711.pdf", "subpoena.pdf", "search_warrant.docx", "\u635c\u67fb.pdf", "x.pdf"):
        head = 'Content-Type: application/pdf; name="%s"\nContent-Disposition: attachment; filename="%s"%s' % (name, name, BIN)
        yield parts("attached " + name, (TEXT, BODY), (head, b64(b"%PDF-1.4 broken")))
    picture = b64(b"\x89PNG\r\n\x1a\n" + b"0" * 3000)
    yield parts("a picture", (TEXT, BODY), ("Content-Type: image/png" + BIN, picture))
    yield parts("a picture alone", (TEXT, "\n"), ("Content-Type: image/png" + BIN, picture))
    yield parts("a logo", (HTML, "<p>%s</p><img src=cid:1>" % BODY), ("Content-Type: image/png\nContent-ID: <1>" + BIN, picture), kind="related", expect=SEND)
    for kind, data in (("application/msword; name=x.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 3000), ("application/zip; name=x.zip", b"PK\x03\x04\x14\x00\x01\x00" + b"0" * 300),
                       ("application/x-msdownload; name=x.exe", b"MZ" + b"0" * 300), ("audio/mpeg", b"ID3" + b"0" * 300), ("application/octet-stream", b"\0\1\2" * 90)):
        yield parts("attached " + kind, (TEXT, BODY), ("Content-Type: " + kind + BIN, b64(data)))
    yield parts("signed S/MIME", (TEXT, BODY), ("Content-Type: application/pkcs7-signature; name=smime.p7s" + BIN, "MIIB"),
                kind='signed; protocol="application/pkcs7-signature"; micalg=sha-256', expect=SEND)
    yield parts("signed PGP", (TEXT, BODY), ("Content-Type: application/pgp-signature", "-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----"),
                kind='signed; protocol="application/pgp-signature"; micalg=pgp-sha256', expect=SEND)
    yield single("closed S/MIME", "application/pkcs7-mime; smime-type=enveloped-data", BODY)
    yield parts("XARF of somebody else", (TEXT, BODY), ("Content-Type: application/json; name=xarf.json", XARF), expect=SEND)
    yield parts("wishes in JSON", (TEXT, BODY), ("Content-Type: application/json", '{"reply_to":"v@victim.example","ip":"198.51.100.9"}'), expect=SEND)
    yield parts("a card", (TEXT, BODY), ("Content-Type: text/vcard", "BEGIN:VCARD\nEMAIL:v@victim.example\nEND:VCARD"), expect=SEND)


@family
def containers(seed):
    yield single("an invitation alone", "text/calendar; method=REQUEST", "BEGIN:VCALENDAR\nMETHOD:REQUEST\nORGANIZER:mailto:v@victim.example\nDESCRIPTION:%s\nEND:VCALENDAR" % ONE_LINE)
    yield parts("an answer to one", ("Content-Type: text/calendar; method=REPLY", "BEGIN:VCALENDAR\nMETHOD:REPLY\nSUMMARY:%s\nEND:VCALENDAR" % ONE_LINE))
    yield parts("a digest of ours", ("", OURS), kind="digest")
    yield parts("our letter", (TEXT, BODY), ("Content-Type: message/rfc822", OURS))
    yield parts("our letter's header", (TEXT, BODY), ("Content-Type: text/rfc822-headers", OURS))
    yield parts("our letter as a file", (TEXT, BODY), ("Content-Type: text/plain; name=x.eml\nContent-Disposition: attachment", OURS))
    yield parts("a piece", (TEXT, BODY), ("Content-Type: message/partial; id=x; number=1; total=2", "From: v@victim.example\n\n" + BODY))
    yield parts("a link", (TEXT, BODY), ('Content-Type: message/external-body; access-type=URL; URL="https://evil.example/"', TEXT + "\n\n"))
    yield parts("feedback in another mail", (TEXT, BODY), ("Content-Type: message/feedback-report", "Feedback-Type: abuse\nUser-Agent: x\nVersion: 1\nSource-IP: 198.51.100.9\nArrival-Date: Mon, 04 May 2026 07:41:10 +0000"))
    for kind in ("mixed", "related", "report", "report; report-type*=utf-8''delivery-status", "report; report-type*0=delivery-; report-type*1=status",
                 "report; report-type = delivery-status", "report; report-type=x"):
        yield parts("a bounce as " + kind, (TEXT, BODY), ("Content-Type: message/delivery-status", DSN), kind=kind)
    yield parts("a receipt", (TEXT, BODY), ("Content-Type: message/disposition-notification", "Reporting-UA: x\nFinal-Recipient: rfc822;a@b.example\nDisposition: manual-action/MDN-sent-automatically; displayed"), kind="related")
    yield parts("a bounce by its name", (TEXT, BODY), ("Content-Type: message/delivery-status", DSN), kind="report; report-type=\"delivery-status\"", expect=FILE)
