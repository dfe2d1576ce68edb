"""Mails written by hand, an idea each: who writes, and by which way.

Unlike patterns.py nothing is multiplied here: a row is an attack that somebody
thought of, or an oddity of honest mail beside it. The boldest thing that may
become of a mail stands with it; HOLD unless told. What a mail says is in
handmade_texts.py, how it is built in handmade_parts.py.

To add one: a row in a table below, or a function with @family.
"""
from mails import DESK, NOW, OURS, Mail

FAMILIES = []
HOLD, FILE, SEND = "hold", "file", "send"


def family(function):
    FAMILIES.append(("by hand: " + function.__name__.replace("_", " "), function))
    return function


def made(name, change, expect=HOLD, number=500):
    mail = Mail("by hand: " + name, number)
    mail.expect = expect
    change(mail)
    return mail


def dkim(mail, more=""):
    return "dkim=pass header.d=%s%s header.s=m header.b=%s" % (mail.domain, more, mail.key[:8])


def dmarc(mail):
    return "dmarc=pass header.from=" + mail.domain


# ---- the return path ---------------------------------------------------------

PATHS = [  # local part of the path, what SPF says of it, signed?, expect
    ("victim", "spf=fail smtp.mailfrom=PATH", True, HOLD),
    ("victim", "spf=softfail smtp.mailfrom=PATH", True, HOLD),
    ("victim", "spf=none", True, HOLD),
    ("victim", "spf=pass smtp.mailfrom=noc@DOMAIN", True, HOLD),
    ("victim", "spf=pass smtp.mailfrom=evil.example", True, HOLD),
    ("victim", "spf=pass smtp.mailfrom=mail.DOMAIN", True, HOLD),
    ("victim", "spf=pass smtp.helo=mail.DOMAIN", True, HOLD),
    ("victim", "spf=pass", True, HOLD),
    ("victim", "spf=pass smtp.mailfrom=PATH; spf=fail smtp.mailfrom=PATH", True, HOLD),
    ("victim", "spf=pass smtp.mailfrom=PATH smtp.mailfrom=DOMAIN", True, HOLD),
    ("victim", "spf=fail smtp.mailfrom=PATH", False, HOLD),
    ("victim", "spf=pass smtp.helo=mail.DOMAIN", False, HOLD),
    ("noc+victim", "spf=none smtp.mailfrom=PATH", True, HOLD),
    ("noc.", "spf=pass smtp.mailfrom=PATH", True, HOLD),
    ("\"noc\"", "spf=pass smtp.mailfrom=PATH", True, HOLD),
    ("no%63", "spf=pass smtp.mailfrom=PATH", True, HOLD),
    ("NOC", "spf=none smtp.mailfrom=PATH", True, SEND),
    ("answers", "spf=pass smtp.mailfrom=PATH", True, SEND),
    ("answers", "spf=pass smtp.mailfrom=DOMAIN", True, SEND),
    ("intern", "spf=pass smtp.mailfrom=PATH", False, SEND),
    ("no-reply", "spf=pass smtp.mailfrom=PATH", False, FILE),
]


@family
def return_paths(seed):
    for number, (local, spf, is_signed, expect) in enumerate(PATHS):
        def change(mail):
            mail.envelope = "%s@%s" % (local, mail.domain)
            mail.results = [dkim(mail) if is_signed else "dkim=none", dmarc(mail)]
            mail.results[1:1] = [spf.replace("PATH", mail.envelope).replace("DOMAIN", mail.domain)]
            if not is_signed:
                mail.tags = {}
        yield made("path %d %s" % (number, local), change, expect)


# ---- signatures ----------------------------------------------------------------

TAGS = [  # what our server adds to its verdict, tags, expect
    ("", {"i": "@evil.example"}, HOLD),
    ("", {"i": "noc@evilDOMAIN"}, HOLD),
    ("", {"i": "noc@mail.DOMAIN"}, SEND),
    ("", {"l": ""}, HOLD),
    ("", {"l": "0010"}, HOLD),
    ("", {"x": str(NOW - 1)}, HOLD),
    ("", {"x": "99999999999999"}, HOLD),
    ("", {"x": str(NOW + 86400)}, SEND),
    ("", {"h": "from:to:date:subject"}, HOLD),
    ("", {"h": "to:date:subject:message-id:sender:reply-to"}, HOLD),
    ("", {"h": "x-from:to:date:subject:message-id"}, HOLD),
    ("", {"h": "from:to:date:subject:message-id:from:to"}, SEND),
    ("", {"h": "From : To\r\n\t: Date:Subject : Message-Id"}, SEND),
    ("", {"d": "sub.DOMAIN"}, HOLD),
    ("", {"d": "example"}, HOLD),
    ("", {"d": "xn--DOMAIN"}, HOLD),
    ("", {"a": "rsa-sha1"}, HOLD),
    ("", {"a": "rsa-sha256,ed25519-sha256"}, HOLD),
    ("", {"a": "ed25519-sha256"}, SEND),
    ("", {"v": "1.0"}, HOLD),
    (" header.a=rsa-sha1", {}, HOLD),
    (" header.a=rsa-sha256", {}, SEND),
    (" header.d=evil.example", {}, HOLD),
    (" header.i=noc@evil.example", {}, SEND),
]


@family
def signatures(seed):
    for number, (more, tags, expect) in enumerate(TAGS):
        def change(mail):
            mail.results = [dkim(mail, more), dmarc(mail)]
            for key, value in tags.items():
                mail.tags[key] = value.replace("DOMAIN", mail.domain)
        yield made("signature %d" % number, change, expect)

    def hide(mail, bad, order):
        """One that covers next to nothing among copies that cover all."""
        mail.results = [dkim(mail), dmarc(mail)]
        good = mail.signature()
        bad = good.replace("v=1;", "v=1; " + bad)
        mail.tags, mail.extra = {}, order(good, bad)
    yield made("21 signatures", lambda m: hide(m, "l=9;", lambda g, b: g * 20 + b))
    yield made("21 signatures turned", lambda m: hide(m, "l=9;", lambda g, b: b + g * 20))
    yield made("a long one", lambda m: hide(m, "z=" + "A" * 2100 + "; l=9;", lambda g, b: b + g))
    yield made("two alike", lambda m: hide(m, "l=9;", lambda g, b: g + b))
    yield made("two, one old", lambda m: hide(m, "x=5;", lambda g, b: b + g))

    def short(mail):
        hide(mail, "l=9;", lambda g, b: b.replace("; b=b", "; b=bz") + g)
        mail.results[0] = "dkim=pass header.d=%s header.b=b" % mail.domain
    yield made("one letter of b", short)


# ---- Authentication-Results ------------------------------------------------------

GOOD = "dkim=pass header.d=DOMAIN header.s=m header.b=KEY; spf=pass smtp.mailfrom=noc@DOMAIN; dmarc=pass header.from=DOMAIN"
RECEIVED = "Received: from x by y.example; Mon, 04 May 2026 07:58:00 +0000\r\n"
RESULTS = [  # above our Received, below it, expect
    ("OURS 1 ; GOOD", "", SEND), ("\"OURS\" ; GOOD", "", SEND), ("OURS (GOOD) ; GOOD", "", SEND),
    ("OURS; GOOD reason=\"dmarc=fail\"", "", SEND), ("", "OURS; GOOD", SEND),
    ("OURS 2; GOOD", "", HOLD), ("OURS 01; GOOD", "", HOLD), ("OURS 1.0; GOOD", "", HOLD), ("OURS 1 1; GOOD", "", HOLD),
    ("OURS; (GOOD)", "", HOLD), ("OURS; (GOOD", "", HOLD), ("OURS; \"GOOD\"", "", HOLD), ("OURS; GOOD; \\", "", HOLD),
    ("OURS, GOOD", "", HOLD), ("OURS GOOD", "", HOLD), ("OURS;; GOOD", "", SEND), ("x; OURS; GOOD", "", HOLD),
    ("OURS; none; GOOD", "", SEND), ("OURS; none", "", HOLD), ("OURS; arc=pass (i=1 GOOD)", "", HOLD),
    ("OURS; arc=pass; iprev=pass; auth=pass smtp.auth=noc; bimi=pass; vbr=pass", "", HOLD),
    ("OURS; x-dmarc=pass header.from=DOMAIN; dkim=pass header.d=DOMAIN", "", HOLD),
    ("OURS; dmarc=bestguesspass header.from=DOMAIN; dkim=pass header.d=DOMAIN", "", HOLD),
    ("OURS; dmarc/2=pass header.from=DOMAIN; dkim=pass header.d=DOMAIN", "", HOLD),
    ("OURS; dkim=pass header.d=DOMAIN; dmarc=pass header.from=DOMAIN header.from=evil.example", "", HOLD),
    ("OURS; dkim=pass header.d=DOMAIN; dmarc=pass policy.from=DOMAIN", "", HOLD),
    ("OURS; dkim=pass header.d=DOMAIN; dmarc=pass header.from=noc@DOMAIN", "", HOLD),
    ("OURS; GOOD\r\nAuthentication-Results: ourS; dmarc=fail header.from=DOMAIN", "", HOLD),
    ("OURS; GOOD\r\nAuthentication-Results: \"OURS\"; dmarc=temperror header.from=DOMAIN", "", HOLD),
    ("OURS; GOOD\r\nAuthentication-Results: (x) OURS 1; dmarc=none header.from=DOMAIN", "", HOLD),
    ("OURS; GOOD\r\nAUTHENTICATION-RESULTS:OURS;dmarc=fail header.from=DOMAIN", "", HOLD),
    ("OURS; GOOD", "OURS; dmarc=fail header.from=DOMAIN", HOLD), ("OURS; GOOD", "OURS;", SEND),
    ("OURS; GOOD", RECEIVED + "OURS; none", HOLD), ("", RECEIVED + "OURS; GOOD", HOLD),
    ("x.example; GOOD", "", HOLD), ("OURS.evil.example; GOOD", "", HOLD), ("OURS\r\n .evil.example; GOOD", "", HOLD),
    ("O\\URS; GOOD", "", HOLD), ("=?utf-8?q?OURS?=; GOOD", "", HOLD), ("OURS\r; GOOD", "", HOLD), ("OURS; GOOD\0", "", HOLD),
    ("OURS; GOOD; x=" + "y" * 2100, "", HOLD), ("OURS;\r\n \r\n GOOD", "", HOLD),
]


@family
def results(seed):
    def field(mail, text):
        head, _, rest = text.rpartition(RECEIVED)
        text = (rest.replace("GOOD", GOOD).replace("OURS", OURS).replace("ourS", OURS.upper())
                .replace("O\\URS", OURS[0] + "\\" + OURS[1:]).replace("DOMAIN", mail.domain).replace("KEY", mail.key[:8]))
        return (RECEIVED if _ else "") + ("Authentication-Results: %s\r\n" % text if rest else "")
    for number, (above, below, expect) in enumerate(RESULTS):
        def change(mail):
            mail.above, mail.below = field(mail, above), field(mail, below)
        yield made("results %d" % number, change, expect)
    claims = ["ARC-Seal: i=1; cv=none; d=%s; s=m; a=rsa-sha256; b=x\r\nARC-Authentication-Results: i=1; %s; %s\r\n" % (OURS, OURS, GOOD),
              "X-Authentication-Results: %s; %s\r\n" % (OURS, GOOD), "Received-SPF: pass (%s) client-ip=203.0.113.9\r\n" % OURS]
    for claim in claims:
        yield made("claim " + claim[:12], lambda m, c=claim: setattr(m, "above", c.replace("DOMAIN", m.domain).replace("KEY", m.key[:8])))


# ---- From ----------------------------------------------------------------------

FROM = [
    ('"v@victim.example" <ADDRESS>', SEND), ("=?utf-8?q?v=40victim.example?= <ADDRESS>", SEND),
    ("=?utf-8?b?eA0KQmNjOiB2QHZpY3RpbS5leGFtcGxl?= <ADDRESS>", SEND), ("N.O.C. <ADDRESS>", SEND), ("NOC<ADDRESS>", SEND),
    ("NOC\t<ADDRESS>", SEND), ("S\u00e9curit\u00e9 <ADDRESS>", SEND), ('"N\\OC" <ADDRESS>', SEND), ("ADDRESS (v@victim.example)", SEND),
    ("=?utf-8?b?PHZAdmljdGltLmV4YW1wbGU+?=", HOLD), ("noc(victim)@DOMAIN", HOLD), ("NOC (a (b) c) <ADDRESS>", HOLD),
    ("noc @ DOMAIN", HOLD), ("NOC <noc@\r\n DOMAIN>", HOLD), ("ADDRESS; v@victim.example", HOLD), ("undisclosed:;", HOLD),
    ("Team: ADDRESS;", HOLD), ("ADDRESS,,v@victim.example", HOLD), (",ADDRESS", HOLD), ("<mailto:ADDRESS>", HOLD),
    ("&lt;ADDRESS&gt;", HOLD), ("no\u200bc@DOMAIN", HOLD), ("noc@DOMA\u0399N", HOLD), ("NOC <<ADDRESS>>", HOLD), ("<ADDRESS> NOC", HOLD),
    ('"noc"@DOMAIN', HOLD), ("noc@DOMAIN\0", HOLD), ("noc@DOMAIN\r", HOLD), ("noc\\@DOMAIN", HOLD), ("@DOMAIN", HOLD), ("noc@", HOLD),
    ("\u202eelpmaxe.mitciv@v <ADDRESS>", HOLD), ('"Amtsgericht Berlin" <ADDRESS>', HOLD), ("Polizei Hamburg <ADDRESS>", HOLD),
    ("=?utf-8?b?0J/QvtC70LjRhtC40Y8=?= <ADDRESS>", HOLD), ("FBI Cyber Division <ADDRESS>", HOLD), ("Europol EC3 <ADDRESS>", HOLD),
]


@family
def authors(seed):
    for number, (text, expect) in enumerate(FROM):
        yield made("From %d" % number, lambda m: m.fields.update(
            From=text.replace("ADDRESS", m.address).replace("DOMAIN", m.domain)), expect)


# ---- one more field ------------------------------------------------------------

ONCE = ["From: v@victim.example", "Sender: v@victim.example", "Reply-To: v@victim.example", "To: %s" % DESK, "Cc: v@victim.example",
        "Date: Mon, 04 May 2026 07:59:00 +0000", "Subject: x", "Message-ID: <x@victim.example>", "In-Reply-To: <x@victim.example>",
        "References: <x@victim.example>", "Return-Path: <v@victim.example>", "Auto-Submitted: no", "Precedence: first-class",
        "MIME-Version: 1.0", "Content-Type: text/plain", "Content-Transfer-Encoding: 7bit"]
FIELDS = [  # whoever writes it there, it is honest mail
    (SEND, ["Sender: other@DOMAIN", "Reply-To: kripo@polizei.example", "Reply-To: all@victim.example", "Errors-To: v@victim.example",
            "Disposition-Notification-To: v@victim.example", "Mail-Followup-To: v@victim.example", "Bcc: v@victim.example",
            "Return-Path: <noc@DOMAIN>", "Resent-From: v@victim.example", "X-Forwarded-To: v@victim.example", "Auto-Submitted: NO",
            "Auto-Submitted: no (really)", "Auto-Submitted: no; x=\"y\"", "Precedence: special-delivery",
            "X-Auto-Response-Suppress: DR, RN", "X-Auto-Response-Suppress: None", "X-RT-Loop-Prevention: tickets.example",
            "X-Spamd-Result: default: False [0.1 / 15.0]", "X-Virus-Status: Clean", "X-MS-Exchange-Organization-SCL: -1",
            "Delivered-To: %s" % DESK, "Importance: high", "X-Originating-IP: [203.0.113.77]"]),
    (HOLD, ["Return-Path: <v@victim.example>", "Return-Path: <>", "X-Loop: noc@x.example", "X-Autoreply: yes", "X-Autorespond: x",
            "X-AutoReply-From: x@y.example", "X-Mail-Autoreply: true", "X-POST-MessageClass: 9; Autoresponder",
            "Delivered-To: Autoresponder", "X-Auto-Reply: yes", "X-Vacation: yes", "X-Auto-Submitted: auto-replied", "X-BeenThere: l@x.example",
            "X-Mailman-Version: 3", "X-Google-Group-Id: 1", "X-Cron-Env: <SHELL=/bin/sh>", "X-Failed-Recipients: a@b.example",
            "X-MS-Exchange-Inbox-Rules-Loop: a@b.example", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
            "Precedence: auto-reply", "Precedence: autoreply", "Precedence: (x) bulk", "X-Precedence: list", "Auto-Submitted: auto-generated; x=y",
            "X-Spamd-Result: default: True [25.00 / 15.00]", "X-Rspamd-Action: reject", "X-MS-Exchange-Organization-SCL: 9",
            "X-Virus-Status: Infected", "X-Amavis-Alert: INFECTED", "X-Barracuda-Spam-Status: Yes", "X-DSPAM-Result: Spam",
            "X-Bogosity: Spam, tests=bogofilter", "List-Id: (x) <l.example>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]),
    (FILE, ["Auto-Submitted: no; auto-replied", "Auto-Submitted: (auto-replied) no", "Auto-Submitted: false", "Auto-Submitted: no, auto-replied",
            "X-Auto-Response-Suppress: -1", "X-Auto-Response-Suppress: \"All\"", "X-Auto-Response-Suppress: all;", "X-Auto-Response-Suppress: 2147483647"]),
]


@family
def fields(seed):
    for expect, texts in FIELDS:
        for text in texts:
            yield made(text, lambda m: setattr(m, "extra", text.replace("DOMAIN", m.domain) + "\r\n"), expect)
    for text in ONCE:
        name = text.split(":")[0]

        def twice(mail, place):
            value = mail.fields.get(name) or text.split(": ", 1)[1]
            mail.fields[name] = None
            lines = ["%s: %s\r\n" % (name, value), text + "\r\n"]
            if place == 0:
                mail.above = lines[1] + mail.authentication()
            mail.below = lines[1] if place == 1 else ""
            mail.extra = lines[0] + (lines[1] if place == 2 else "")
        for place in range(3):
            yield made("%s twice, %d" % (name, place), lambda m: twice(m, place))
