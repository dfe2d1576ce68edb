"""Ordinary complaints of several parts: alternatives that differ as mail
programs make them differ, logs and signatures that are attached, reports for
programs beside a text for people. How a row reads: legit_more.py.
"""
import base64
import gzip
import io
import json
import quopri
import zipfile

from legit_more import LOGIN, PLAIN, crlf, letter

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
LOG = "".join("May  4 2026 07:41:%02d UTC ssh1 sshd[2177]: Failed password for root from 198.51.100.9 port %d ssh2\n"
              % (second, 40000 + second) for second in range(2, 11, 2))


def part(kind, body, encode=None, **fields):
    """A part; its body in base64 ("b"), quoted-printable ("q") or as it is."""
    data = body if isinstance(body, bytes) else crlf(body).encode()
    if encode == "b":
        data = base64.encodebytes(data).replace(b"\n", b"\r\n")
        fields["Content_Transfer_Encoding"] = "base64"
    if encode == "q":
        data = quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
        fields["Content_Transfer_Encoding"] = "quoted-printable"
    head = "Content-Type: %s\r\n" % kind + "".join(
        "%s: %s\r\n" % (key.replace("_", "-"), value) for key, value in fields.items())
    return head.encode() + b"\r\n" + data


def several(kind, *parts):
    """(value of Content-Type, body)"""
    mark = "=_%s-%d" % (kind.split(";")[0], len(parts))
    body = b"This is a multi-part message in MIME format.\r\n"
    for one in parts:
        body += b"--" + mark.encode() + b"\r\n" + one + b"\r\n"
    return "multipart/%s; boundary=\"%s\"" % (kind, mark), body + b"--" + mark.encode() + b"--\r\n"


def inner(whole):
    return ("Content-Type: %s\r\n\r\n" % whole[0]).encode() + whole[1]


def built(name, whole, action="send", template=LOGIN, local="noc", subject="Brute force attack", **fields):
    mail = letter(name, local, subject, "", action, template, **fields)
    mail.fields["Content-Type"], mail.body = whole
    return mail


def attached(name, kind, data, file, action="send", text=PLAIN, encode="b", template=LOGIN, **fields):
    return built(name, several("mixed", part("text/plain; charset=utf-8", text),
                               part("%s; name=\"%s\"" % (kind, file), data, encode,
                                    Content_Disposition="attachment; filename=\"%s\"" % file)),
                 action, template, **fields)


def page(body, head=""):
    return "<html><head>%s</head><body>%s</body></html>" % (head, body)


def alternative(name, plain, html, action="send", template=LOGIN, **fields):
    return built(name, several("alternative", part("text/plain; charset=utf-8", plain, "q"),
                               part("text/html; charset=utf-8", html, "q")), action, template, **fields)


# ---- alternatives ----------------------------------------------------------

PARAGRAPH = ("<p>Hello,</p><p>198.51.100.9 tried to log in to our SSH server by brute force at "
             "2026-05-04 07:41:10 UTC, port 22.<br>Please look into it.</p><p>Kind regards<br>Carla Example</p>")
alternative("the same in both", PLAIN, page(PARAGRAPH))
alternative("Outlook's", PLAIN, page(
    "<div class=WordSection1><p class=MsoNormal>" + PARAGRAPH.replace("<p>", "<p class=MsoNormal>") + "<o:p></o:p></p></div>",
    "<meta name=Generator content=\"Microsoft Word 15\"><!--[if !mso]><style>v\\:* {behavior:url(#default#VML);}</style><![endif]-->"
    "<style>@font-face {font-family:Calibri;} p.MsoNormal {margin:0cm; font-size:11.0pt; mso-fareast-language:EN-US;}</style>"
    "<!--[if gte mso 9]><xml><o:shapedefaults v:ext=\"edit\" spidmax=\"1026\" /></xml><![endif]-->"))
alternative("linked addresses", PLAIN + "\nReporter Ltd\nwww.reporter.example<http://www.reporter.example/>\ncarla@reporter.example<mailto:carla@reporter.example>\n",
            page(PARAGRAPH + "<p>Reporter Ltd<br><a href=\"http://www.reporter.example/\">www.reporter.example</a><br>"
                 "<a href=\"mailto:carla@reporter.example\">carla@reporter.example</a></p>"))
alternative("a link behind a word", PLAIN + "\nOur website [1]\n\n[1] https://www.reporter.example/\n",
            page(PARAGRAPH + "<p><a href=\"https://www.reporter.example/\">Our website</a></p>"))
alternative("view in browser, unsubscribe", PLAIN, page(
    "<p><a href=\"https://r.example/v\">View in browser</a></p>" + PARAGRAPH + "<p><a href=\"https://r.example/u\">Unsubscribe</a></p>"))
alternative("a tracking pixel and preheader", PLAIN, page(
    "<div style=\"display:none;max-height:0\">198.51.100.9 attacked us</div>" + PARAGRAPH +
    "<img src=\"https://t.reporter.example/o.gif\" width=1 height=1 alt=\"\">"))
alternative("a table for the facts", """
Hello,

an attack came from your network:

IP: 198.51.100.9
Time: 2026-05-04 07:41:10 UTC
Attack: SSH brute force login
Port: 22

Regards
NOC
""", page("<h2>Abuse report</h2><p>Hello,</p><p>an attack came from your network:</p><table><tr><th>IP</th><td>198.51.100.9</td></tr><tr><th>Time</th>"
          "<td>2026-05-04 07:41:10 UTC</td></tr><tr><th>Attack</th><td>SSH brute force login</td></tr><tr><th>Port</th><td>22</td></tr></table><p>Regards<br>NOC</p>"))
alternative("a stub and a page", "Your mail program cannot show HTML. Please open this mail in one that can.\n", page(PARAGRAPH))
alternative("a signature's particulars only in the page", PLAIN, page(
    PARAGRAPH + "<table><tr><td><img src=\"https://www.reporter.example/logo.png\" alt=\"Reporter Ltd\"></td><td><b>Carla Example</b><br>Head of IT<br>"
    "Reporter Ltd, 1 Example Street, Springfield<br>Phone +1 202 555 0147<br><a href=\"https://www.reporter.example\">www.reporter.example</a></td></tr></table>"),
            "hold D10b")  # names and places are words like others
alternative("a confidentiality notice only in the page", PLAIN, page(
    PARAGRAPH + "<p style=\"font-size:8pt;color:gray\">This e-mail and any attachments are confidential and intended solely for the addressee. If you have "
    "received this e-mail in error please notify the sender and delete it.</p>"))
alternative("entities and typographic quotes", "Hello,\n\n\"198.51.100.9\" tried to log in to our SSH server by brute force - 2026-05-04 07:41:10 UTC, port 22.\nPlease don't ignore it.\n",
            page("<p>Hello,</p><p>&ldquo;198.51.100.9&rdquo; tried to log in to our SSH server by brute force &ndash; 2026-05-04&nbsp;07:41:10&nbsp;UTC, port&nbsp;22.<br>Please don&rsquo;t ignore it.</p>"))
alternative("the plain half without umlauts", "Guten Tag,\n\nvon 198.51.100.9 kamen am 2026-05-04 07:41:10 UTC SSH-Angriffe (Brute Force, Port 22).\nBitte pruefen Sie das und unterbinden Sie weitere Zugriffe.\n\nMit freundlichen Gruessen\n",
            page("<p>Guten Tag,</p><p>von 198.51.100.9 kamen am 2026-05-04 07:41:10 UTC SSH-Angriffe (Brute Force, Port 22).<br>Bitte pr&uuml;fen Sie das und unterbinden Sie weitere Zugriffe.</p><p>Mit freundlichen Gr&uuml;&szlig;en</p>"))
alternative("an order only in the page", PLAIN, page(
    PARAGRAPH + "<p>The court has ordered you to disclose the subscriber behind this address within seven days; the warrant of the prosecutor is below.</p>"), "hold")
alternative("another address only in the page", PLAIN, page(PARAGRAPH + "<p>The same holds for 203.0.113.99.</p>"), "hold")
built("HTML alone", ("text/html; charset=utf-8", crlf(page(PARAGRAPH)).encode()))
built("a logo by cid", several("related", inner(several(
    "alternative", part("text/plain; charset=utf-8", PLAIN + "\n[cid:image001.png@01DA9E00.12345678]\nReporter Ltd\n"),
    part("text/html; charset=utf-8", page(PARAGRAPH + "<p><img src=\"cid:image001.png@01DA9E00.12345678\"><br>Reporter Ltd</p>")))),
    part("image/png; name=\"image001.png\"", PNG, "b", Content_ID="<image001.png@01DA9E00.12345678>",
         Content_Disposition="inline; filename=\"image001.png\"; size=70")))
built("a logo by cid that calls itself attached", several("related", inner(several(
    "alternative", part("text/plain; charset=utf-8", PLAIN), part("text/html; charset=utf-8", page(PARAGRAPH + "<img src=\"cid:logo@reporter.example\">")))),
    part("image/png; name=\"logo.png\"", PNG, "b", Content_ID="<logo@reporter.example>",
         Content_Disposition="attachment; filename=\"logo.png\"")))
built("a screenshot", several("mixed", part("text/plain; charset=utf-8", PLAIN),
      part("image/png; name=\"screenshot.png\"", PNG, "b", Content_Disposition="attachment; filename=\"screenshot.png\"")),
      "hold D10b")  # it may say anything, and nobody read it

# ---- attachments -----------------------------------------------------------

attached("a log as text", "text/plain", LOG, "auth.log", encode=None)
attached("a log as octets", "application/octet-stream", LOG, "auth.log")
attached("a log as text/x-log", "text/x-log", LOG, "sshd.log")
attached("a log, gzipped", "application/gzip", gzip.compress(LOG.encode(), mtime=0), "auth.log.gz")
ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w") as archive:
    archive.writestr("auth.log", LOG)
attached("a log, zipped", "application/zip", ZIP.getvalue(), "logs.zip")
attached("a table", "text/csv", "timestamp,src_ip,dst_port,attack\n2026-05-04 07:41:10 UTC,198.51.100.9,22,ssh-brute-force\n", "report.csv")
attached("a card", "text/vcard", "BEGIN:VCARD\nVERSION:3.0\nFN:Carla Example\nEMAIL:carla@reporter.example\nEND:VCARD\n", "carla.vcf", encode=None)
attached("a capture", "application/vnd.tcpdump.pcap", b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + bytes(64), "attack.pcap", "hold D10b")  # not read
attached("a PDF that cannot be read", "application/pdf", b"%PDF-1.4 scanned\n", "letter.pdf", "hold D10b")
attached("an empty file", "application/octet-stream", b"", "empty.txt")
built("only a log attached", several("mixed", part("text/plain; charset=utf-8", "Hello,\n\nattacks on our SSH server (brute force, port 22) come from your network. The log is attached (UTC).\n\nRegards\n"),
      part("text/plain; charset=us-ascii; name=\"log.txt\"", LOG, "b", Content_Disposition="attachment; filename=\"log.txt\"")))

# ---- signatures, footers of lists, flowed text -----------------------------

built("PGP/MIME", several("signed; micalg=pgp-sha256; protocol=\"application/pgp-signature\"", part("text/plain; charset=utf-8", PLAIN),
      part("application/pgp-signature; name=\"signature.asc\"", "-----BEGIN PGP SIGNATURE-----\n\niHUEABYIAB0WIQ\n=abcd\n-----END PGP SIGNATURE-----\n",
           Content_Description="OpenPGP digital signature")))
built("PGP inline", ("text/plain; charset=utf-8", crlf("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n" + PLAIN + "-----BEGIN PGP SIGNATURE-----\n\niHUEABYIAB0WIQ\n=abcd\n-----END PGP SIGNATURE-----\n").encode()))
built("S/MIME", several("signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256", part("text/plain; charset=utf-8", PLAIN),
      part("application/pkcs7-signature; name=\"smime.p7s\"", b"0\x80\x06\x09*\x86H\x86\xf7\r\x01\x07\x02", "b", Content_Disposition="attachment; filename=\"smime.p7s\"")))
built("with our side's footer", several("mixed", part("text/plain; charset=utf-8", PLAIN),
      part("text/plain; charset=utf-8", "_______________________________________________\nReporter Ltd, the security department\n", Content_Disposition="inline")))
built("flowed", ("text/plain; charset=utf-8; format=flowed; delsp=yes", crlf(PLAIN.replace(" our SSH", " our \nSSH").replace("2026-05-04 07", "2026-05-04  \n07")).encode()))
built("base64 text", ("text/plain; charset=utf-8", base64.encodebytes(crlf(PLAIN).encode()).replace(b"\n", b"\r\n")), Content_Transfer_Encoding="base64")
built("Latin-1 in quoted-printable", ("text/plain; charset=iso-8859-1", quopri.encodestring(
      "Guten Tag,\nvon 198.51.100.9 kamen am 04.05.2026 um 09:41:10 MESZ Angriffe auf unseren SSH-Server (Brute Force, Port 22). Bitte prüfen.\nGrüße\n".encode("latin-1"))
      .replace(b"\n", b"\r\n")), Content_Transfer_Encoding="quoted-printable")
built("windows-1252 with a bullet", ("text/plain; charset=windows-1252", crlf("Hello,\n\n\u2022 IP: 198.51.100.9\n\u2022 Time: 2026-05-04 07:41:10 UTC\n\u2022 SSH brute force \u2013 port 22\n").encode("cp1252")))

# ---- reports for programs --------------------------------------------------

XARF3 = {"ReporterInfo": {"ReporterOrg": "Reporter", "ReporterOrgEmail": "noc@reporter.example"},
         "Disclosure": True, "Version": "3",
         "Report": {"ReportClass": "Activity", "ReportType": "LoginAttack", "Date": "2026-05-04T07:41:10Z", "SourceIp": "198.51.100.9",
                    "SourcePort": 40112, "DestinationIp": "203.0.113.61", "DestinationPort": 22}}
XARF4 = {"xarf_version": "4.0.0", "report_id": "0b8ef0b0-3a9f-4c6f-8a55-5f6f0c1d2e3f", "timestamp": "2026-05-04T07:41:10Z",
         "reporter": {"org": "Reporter", "contact": "noc@reporter.example", "domain": "reporter.example"},
         "sender": {"org": "Reporter", "contact": "noc@reporter.example", "domain": "reporter.example"},
         "source_identifier": "198.51.100.9", "source_port": 40112, "category": "connection", "type": "login_attack",
         "destination_ip": "203.0.113.61", "destination_port": 22, "protocol": "tcp", "first_seen": "2026-05-04T07:41:10Z"}
attached("XARF 3", "application/json", json.dumps(XARF3), "xarf.json", text="Hello, please see the report below and attached: 198.51.100.9 attacked our SSH server by brute force.\n")
attached("XARF 4", "application/json", json.dumps(XARF4, indent=2), "xarf.json", text="Hello, please see the report below and attached: 198.51.100.9 attacked our SSH server by brute force.\n")
X_ARF = "Reported-From: noc@reporter.example\nCategory: abuse\nReport-Type: login-attack\nService: ssh\nVersion: 0.2\nUser-Agent: x/1\nDate: Mon, 04 May 2026 07:41:10 +0000\nSource-Type: ip-address\nSource: 198.51.100.9\nPort: 22\nReport-ID: 4711@reporter.example\nSchema-URL: http://www.x-arf.org/schema/abuse_login-attack_0.1.2.json\nAttachment: text/plain\n"
built("X-ARF by mail", several("mixed", part("text/plain; charset=utf-8", PLAIN), part("text/plain; charset=utf-8; name=\"report.txt\"", X_ARF),
      part("text/plain; charset=utf-8; name=\"logfile.log\"", LOG)), X_XARF="PLAIN")
built("ARF of spam", several("report; report-type=feedback-report", part("text/plain", "This is a report about mail from 198.51.100.9 of 2026-05-04 07:41:10 UTC.\n"),
      part("message/feedback-report", "Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\nSource-IP: 198.51.100.9\nArrival-Date: Mon, 04 May 2026 07:41:10 +0000\n"),
      part("message/rfc822", "From: a@shop.example\nTo: u@reporter.example\nSubject: buy\nDate: Mon, 4 May 2026 07:41:10 +0000\nMessage-ID: <q@shop.example>\n\nBuy now\n")),
      "hold", "?")  # a feedback report of a sender without a profile (D11b)
built("a feed's CSV", several("mixed", part("text/plain; charset=utf-8", "Dear network owner,\n\nattached you find the hosts in your network that our sensors saw in SSH brute force attacks.\n"),
      part("text/csv; name=\"2026-05-04-honeypot_brute_force.csv\"", '"timestamp","src_ip","src_port","dst_ip","dst_port","protocol","application","infection"\n'
           '"2026-05-04 07:41:10","198.51.100.9",40112,"203.0.113.61",22,"tcp","ssh","ssh-brute-force"\n', Content_Disposition="attachment; filename=\"2026-05-04-honeypot_brute_force.csv\"")),
      "send", Subject="[Feed] Honeypot brute force report")
ACNS = """<?xml version="1.0" encoding="UTF-8"?>
<Infringement xmlns="http://www.acns.net/ACNS"><Case><ID>A-4711</ID><Status>Open</Status></Case>
<Complainant><Entity>Example Films</Entity><Contact>Notices</Contact><Email>notices@reporter.example</Email></Complainant>
<Service_Provider><Entity>Onion Umbrella</Entity></Service_Provider>
<Source><TimeStamp>2026-05-04T07:41:10Z</TimeStamp><IP_Address>198.51.100.9</IP_Address><Port>51413</Port><Type>BitTorrent</Type></Source>
<Content><Item><Title>An Example Film</Title><FileName>film.mkv</FileName></Item></Content></Infringement>
"""
attached("ACNS", "text/xml", ACNS, "acns.xml", "hold", "Notice of claimed infringement.\n\nA work of our client was offered by BitTorrent from 198.51.100.9, port 51413, at 2026-05-04T07:41:10Z.\n",
         template="copyright", subject="Notice of claimed infringement A-4711")
built("a mail with the attack's mail", several("mixed", part("text/plain; charset=utf-8", "Hello,\n\nsomebody used our contact form by brute force login from 198.51.100.9 (2026-05-04 07:41:10 UTC, port 443).\nThe mail that our system wrote about it is attached.\n"),
      part("message/rfc822", "From: system@reporter.example\nTo: noc@reporter.example\nSubject: login failures\nDate: Mon, 04 May 2026 07:42:00 +0000\nMessage-ID: <sys1@reporter.example>\n\n198.51.100.9 failed 40 logins at 2026-05-04 07:41:10 UTC\n")),
      "hold D13", "?")  # who wrote the inner one is not proven
