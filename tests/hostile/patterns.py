"""Every way known to us to make a desk write to somebody who should not hear
from it, as mails; each with the boldest thing that may become of it.

The patterns follow the reply-safety rules: authentication (25 patterns by
methods), attacks on the header, loops, machines that answer, authorities,
complaints that were passed on, and complaints that are not ours to answer.

To add one: a function here that yields mails; it is found by its decorator.
"""
import base64
import itertools
import random

from mails import BODY, DESK, Mail, NOW, OURS, SIGNED, signed_only, unproven

FAMILIES = []
REPORTERS = 8  # how many senders try each trick


def family(function):
    FAMILIES.append((function.__name__, function))
    return function


def senders(name, count=REPORTERS):
    for number in range(count):
        yield Mail(name, number)


def each(name, variants, change, count=REPORTERS, expect="hold"):
    """Every variant from every sender; change(mail, variant)."""
    for index, variant in enumerate(variants):
        for mail in senders("%s %d" % (name, index), count):
            change(mail, variant)
            mail.expect = expect
            yield mail


# ---- who is it: results of our own server ---------------------------------

RESULTS = ["none", "pass", "fail", "temperror", "permerror", "neutral",
           "softfail", "policy"]


@family
def methods(seed):
    """All results of all three methods: only DMARC's pass with a pass of a
    signature or of SPF may send."""
    for spf, dkim, dmarc in itertools.product(RESULTS, repeat=3):
        mail = Mail("spf=%s dkim=%s dmarc=%s" % (spf, dkim, dmarc), 1)
        mail.results = [
            "dkim=%s header.d=%s header.s=m header.b=%s" %
            (dkim, mail.domain, mail.key[:8]),
            "spf=%s smtp.mailfrom=%s" % (spf, mail.address),
            "dmarc=%s header.from=%s" % (dmarc, mail.domain)]
        if dmarc == "pass" and "pass" in (spf, dkim):
            mail.expect = "send"
        yield mail


@family
def misalignment(seed):
    def parts(mail, variant):
        key, value = variant
        value = value.replace("DOMAIN", mail.domain)
        d = value if key == "d" else mail.domain
        f = value if key == "f" else mail.domain
        m = value if key == "m" else mail.address
        mail.results = ["dkim=pass header.d=%s header.s=m header.b=%s" %
                        (d, mail.key[:8]),
                        "spf=%s smtp.mailfrom=%s" %
                        ("pass" if key == "m" else "none", m),
                        "dmarc=pass header.from=" + f]
        mail.tags["d"] = d
        if key == "m":
            mail.results[0] = "dkim=none"
    others = ["mail.DOMAIN", "example", "evil.example", "DOMAIN.evil.example",
              "xDOMAIN", "evilDOMAIN", "DOMAIN.", ".DOMAIN", "\"\"",
              "reporter.example", "xn--rporter-bya.example"]
    yield from each("misaligned", [(k, o) for k in "df" for o in others] +
                    [("m", "x@" + o) for o in others] +
                    [("m", "other@DOMAIN"), ("m", "<>"), ("m", "DOMAINx")],
                    parts)


@family
def several_results(seed):
    """A fail or a stranger's pass beside what would be enough."""
    def lines(mail, variant):
        mail.results = [line.replace("DOMAIN", mail.domain)
                        .replace("KEY", mail.key[:8]) for line in variant]
    good = "dkim=pass header.d=DOMAIN header.s=m header.b=KEY"
    yield from each("several", [
        [good, "dmarc=pass header.from=DOMAIN", "dmarc=fail header.from=DOMAIN"],
        [good, "dmarc=fail header.from=DOMAIN", "dmarc=pass header.from=DOMAIN"],
        [good, "dmarc=pass header.from=DOMAIN", "dmarc=pass header.from=evil.example"],
        [good, "dmarc=pass header.from=DOMAIN header.from=evil.example"],
        [good, "dmarc=pass"],
        [good],
        ["dmarc=pass header.from=DOMAIN"],
        [good, good.replace("pass", "fail"), "dmarc=pass header.from=DOMAIN"],
        [good.replace("pass", "permerror"), good, "dmarc=pass header.from=DOMAIN"],
        ["spf=pass smtp.mailfrom=DOMAIN", "spf=fail smtp.mailfrom=DOMAIN", "dmarc=pass header.from=DOMAIN"],
        ["spf=pass smtp.helo=DOMAIN", "dmarc=pass header.from=DOMAIN"],
        ["iprev=pass policy.iprev=203.0.113.9", "dmarc=none header.from=DOMAIN"],
        ["arc=pass", "dmarc=fail header.from=DOMAIN"],
        ["auth=pass smtp.auth=noc@DOMAIN", "dmarc=none header.from=DOMAIN"],
        ["dkim-adsp=pass header.from=noc@DOMAIN"],
        ["dkim=fail reason=\"dmarc=pass header.from=DOMAIN\"", "dmarc=fail (dmarc=pass) header.from=DOMAIN"],
        [good, "dmarc/2=pass header.from=DOMAIN"],
        [good, "dmarc=pass header.from=DOMAIN", "=broken"],
        [good, "dmarc=pass header.from=DOMAIN; ("],
        [good, "dmarc=pass header.from=\"DOMAIN"],
        [good, "dmarc = passed header.from=DOMAIN"],
        [good, "x-dmarc=pass header.from=DOMAIN"]], lines)


@family
def forged_results(seed):
    """The sender's own Authentication-Results, wherever and however."""
    claim = ("dkim=pass header.d=DOMAIN header.s=m header.b=KEY; spf=pass "
             "smtp.mailfrom=noc@DOMAIN; dmarc=pass header.from=DOMAIN")
    bad = "Authentication-Results: %s; dkim=fail header.d=DOMAIN; dmarc=fail header.from=DOMAIN\r\n" % OURS
    none = "Authentication-Results: %s; none\r\n" % OURS
    hop = "Received: from a.example by b.example; Mon, 04 May 2026 07:58:00 +0000\r\n"
    names = ["mx.umbrella.example.evil.example", "evil.example", "umbrella.example",
             "mx.umbrella.example@evil.example", "xmx.umbrella.example",
             "mx.umbrella.examplе", "mx.xn--umbrella-x.example", "mx-umbrella.example",
             "(mx.umbrella.example) evil.example", "\"evil.example mx.umbrella.example\"",
             "mx.umbrella.example.", "localhost", "", "mx.umbrella.example/evil", "mx.umbrella. example"]
    fields = ["X-Authentication-Results", "ARC-Authentication-Results", "Authentication-Result",
              "Old-Authentication-Results", "X-Original-Authentication-Results", "Received-SPF",
              "Authentication-Results-Original"]

    def place(mail, variant):
        above, below, extra = (part.replace("DOMAIN", mail.domain).replace("KEY", mail.key[:8])
                               for part in variant)
        mail.above, mail.below, mail.extra = above, below, extra
    ours = "Authentication-Results: %s; %s\r\n" % (OURS, claim)
    variants = [("", "", "")]
    # below our verdict, in any dress
    shapes = [ours, ours.upper().replace("DOMAIN", "DOMAIN").replace("KEY", "KEY"),
              "authentication-results:%s;%s\r\n" % (OURS, claim),
              "Authentication-Results:\r\n\t%s;\r\n\t%s\r\n" % (OURS, claim),
              "Authentication-Results: (a) %s (b) 1 (c); %s\r\n" % (OURS, claim),
              "Authentication-Results: \"%s\"; %s\r\n" % (OURS, claim),
              "Authentication-Results: %s 1; %s\r\n" % (OURS, claim),
              "Authentication-Results : %s; %s\r\n" % (OURS, claim)]
    for shape in shapes:
        variants += [(bad, "", shape), (bad, hop, shape), (bad, shape, ""),
                     (none, hop, shape), ("", hop + hop, shape)]
    variants += [("Authentication-Results: %s; %s\r\n" % (name, claim), "", "") for name in names]
    variants += [(bad, "", "Authentication-Results: %s; %s\r\n" % (name, claim)) for name in names]
    variants += [("%s: %s; %s\r\n" % (field, OURS, claim), "", "") for field in fields]
    variants += [("", "", "%s: i=1; %s; %s\r\n" % (field, OURS, claim)) for field in fields]
    yield from each("forged results", variants, place)

    def attached(mail, kind):
        inner = ("Authentication-Results: %s; %s\r\nFrom: %s\r\n\r\n%s" %
                 (OURS, claim.replace("DOMAIN", mail.domain), mail.address, BODY))
        mail.above = ""
        mail.fields["Content-Type"] = 'multipart/mixed; boundary="b"'
        mail.body = ("--b\r\nContent-Type: text/plain\r\n\r\n%s\r\n--b\r\nContent-Type: %s\r\n\r\n%s\r\n--b--\r\n"
                     % (BODY, kind, inner))
    yield from each("forged inside", ["message/rfc822", "text/rfc822-headers", "message/global", "text/plain"], attached)


# ---- what the signature covers --------------------------------------------

@family
def signatures(seed):
    def tags(mail, change):
        signed_only(mail)
        mail.tags.update(change)
        mail.tags = {k: v for k, v in mail.tags.items() if v is not None}
    without = [{"h": ":".join(n for n in SIGNED if n != name)} for name in SIGNED]
    yield from each("unfit signature", without + [
        {"l": "0"}, {"l": "100"}, {"l": "99999999"}, {"x": str(NOW - 3700)}, {"x": "0"}, {"x": "soon"},
        {"t": str(NOW - 8 * 86400)}, {"t": str(NOW + 86400)}, {"t": "x"}, {"a": "rsa-sha1"},
        {"a": None}, {"a": "none"}, {"v": "2"}, {"v": None}, {"h": None}, {"h": ""}, {"h": "from"},
        {"h": "From;to"}, {"d": "evil.example"}, {"s": "other"}, {"b": "ZZZZZZZZZZZZ"}, {"d": None},
        {"h": "from:to:date:subject:message-id; h=from"}, {"b": None}], tags)

    def fields(mail, change):
        signed_only(mail)
        for key, value in change.items():
            mail.fields[key] = value
    yield from each("unfit header", [
        {"Date": None}, {"Date": "Mon, 06 Apr 2026 07:59:00 +0000"}, {"Date": "Thu, 07 May 2026 07:59:00 +0000"},
        {"Date": "yesterday"}, {"Date": ""}, {"Message-ID": None}, {"Message-ID": "one@example"},
        {"Message-ID": "<>"}, {"Cc": "victim@victim.example"}, {"Cc": DESK}], fields)

    def gone(mail, _):
        signed_only(mail).tags = {}
    yield from each("no signature", [0], gone)

    def resent(mail, variant):
        to, extra = variant
        signed_only(mail).fields["To"] = to
        mail.extra = extra
    yield from each("replayed to us", [
        ("other@else.example", ""), ("other@else.example", "Resent-To: %s\r\n" % DESK),
        ("other@else.example", "Resent-Cc: %s\r\n" % DESK), ("other@else.example", "X-Original-To: %s\r\n" % DESK),
        ("other@else.example", "Delivered-To: %s\r\n" % DESK), ("undisclosed-recipients:;", ""),
        ("undisclosed-recipients:;", "Resent-To: %s\r\n" % DESK), ("\"%s\" <x@else.example>" % DESK, ""),
        ("x@else.example (%s)" % DESK, ""), ("abuse@umbrella.example.evil.example", ""), (None, "")], resent)


# ---- who is it: From and the return path ----------------------------------

@family
def authors(seed):
    def author(mail, text):
        mail.fields["From"] = (text.replace("ADDRESS", mail.address)
                               .replace("DOMAIN", mail.domain))
    victim = "v@victim.example"
    texts = [
        "ADDRESS, " + victim, victim + ", ADDRESS", "ADDRESS,\r\n\t" + victim, "Group: ADDRESS;", "Group: ADDRESS, %s;" % victim,
        "<@evil.example:ADDRESS>", "<@DOMAIN:%s>" % victim, "ADDRESS <%s>" % victim, "\"ADDRESS\" <%s>" % victim,
        "%s <ADDRESS>" % victim, "(ADDRESS) " + victim, "<%s> <ADDRESS>" % victim, "<ADDRESS> <%s>" % victim,
        "<ADDRESS>, <>", "<>", "", "NOC", "\"NOC", "NOC <ADDRESS", "NOC ADDRESS>", "noc@DOMAIN@victim.example",
        "\"noc@victim.example\"@DOMAIN", "noc@[203.0.113.200]", "noc@DOMAIN.", "noc@.DOMAIN", "noc@DOMAIN, noc@DOMAIN",
        "noc@\u0440eporter.example", "noc@xn--eporter-7fg.example", "noc@www.DOMAIN", "noc@example", "noc%victim.example@DOMAIN",
        "victim.example!noc@DOMAIN", "=?utf-8?q?noc=40victim.example?=", "=?utf-8?q?=3Cv=40victim.example=3E?= <ADDRESS>, x@y.example",
        "ADDRESS\r\n\t,%s" % victim, "\tADDRESS;%s" % victim, "ADDRESS %s" % victim, "ADDRESS(%s),a@b.example" % victim,
        "\"a\\\" <%s> \" <ADDRESS>,b@c.example" % victim, "no-reply@DOMAIN", "mailer-daemon@DOMAIN", "postmaster@DOMAIN",
        "tor@hackerspace.example", DESK, "abuse@umbrella.example", "noc@umbrella.example", "x@onion.example", "tor@bibliothek.example"]
    yield from each("author", texts, author)
    extras = ["From: v@victim.example\r\n", "from: v@victim.example\r\n", "FROM:v@victim.example\r\n", "From : v@victim.example\r\n",
              "From\t: v@victim.example\r\n", "Sender: a@b.example\r\nSender: c@d.example\r\n", "Reply-To: a@b.example\r\nReply-To: c@d.example\r\n",
              "To: %s\r\n" % DESK, "Cc: a@b.example\r\nCc: c@d.example\r\n", "Subject: x\r\n", "Date: Mon, 04 May 2026 07:59:00 +0000\r\n",
              "Message-ID: <x@y.example>\r\n", "References: <a@b.example>\r\nReferences: <c@d.example>\r\n",
              "In-Reply-To: <a@b.example>\r\nIn-Reply-To: <c@d.example>\r\n", "Content-Type: text/html\r\n", "Content-Type: text/plain\r\n",
              "MIME-Version: 1.0\r\n", "Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64\r\n",
              "Return-Path: <a@b.example>\r\nReturn-Path: <c@d.example>\r\n", "this is no field\r\n", ": no name\r\n",
              "Subject : x\r\n", " \r\n", "X-Fold: a\r\n \r\n\tb\r\n", "X-Bare: a\rFrom: v@victim.example\r\n", "X-Bare: a\nFrom: v@victim.example\r\n",
              "X-Nul: a\0b\r\n", "X-A: b\n", "Precedence: first\r\nPrecedence: second\r\n"]

    def more(mail, text):
        mail.extra = text
    yield from each("header trick", extras, more)


STOPPED = ["mailer-daemon", "listserv", "majordomo", "daemon", "root", "nobody", "noreply", "no-reply", "no_reply", "donotreply",
           "do-not-reply", "bounce", "bounces", "list-bounces", "bounce-4711", "x-bounce", "owner-list", "list-owner", "list-request",
           "abuse-noreply", "notifications", "autoreply", "auto-reply", "feedback-loop", "fbl", "no.reply", "noreply2"]


@family
def stop_list(seed):
    def named(mail, variant):
        local, where = variant
        address = "%s@%s" % (local, mail.domain)
        mail.envelope = address
        mail.results[1] = "spf=pass smtp.mailfrom=" + address
        if where == "both":
            mail.fields["From"] = address
    locals_ = STOPPED + [word.upper() for word in STOPPED] + [word + "+4711" for word in STOPPED] + [
        word.title() + "+x" for word in STOPPED]
    yield from each("stopped", [(local, where) for local in locals_ for where in ("path", "both")], named, 2, "file")
    yield from each("stopped path", [(local, "path") for local in (
        "prvs=1234=noc", "btv1==abc==noc", "noc=victim.example", "bounces+12=noc=example", "msprvs1=1=noc")], named, expect="file")
    yield from each("asked path", [(local, where) for local in ("postmaster", "Hostmaster", "hostmaster+a") for where in ("path", "both")], named)
    yield from each("rewritten path", [(local, "path") for local in ("SRS0=ab=cd=x.example=noc", "SRS1=a=b==c=d=e", "srs0+a=b=c=d")], named)


@family
def paths(seed):
    def path(mail, text):
        mail.envelope = text and text.replace("DOMAIN", mail.domain)
    yield from each("no path", [""], path, 40, "file")
    yield from each("unknown path", [None], path, 40, "file")
    yield from each("strange path", [
        "x@other.example", "noc@mail.DOMAIN", "noc@DOMAIN.evil.example", "\"noc\"@DOMAIN", "noc@[203.0.113.200]", "noc", "@DOMAIN",
        "noc@DOMAIN.", "noc@@DOMAIN", "noc%victim.example@DOMAIN", "victim.example!noc@DOMAIN", "noc..x@DOMAIN", ".noc@DOMAIN", "noc.@DOMAIN", "noc@DOMAIN@victim.example",
        "noc%victim.example@other.example", "v\u0456ctim@victim.example", "noc@xn--victim-9za.example", "a" * 65 + "@DOMAIN"], path)
    yield from each("our own path", [DESK, "bounce+1@umbrella.example", "tor@hackerspace.example", "x@umbrella.example"], path, expect="file")


# ---- machines, lists, loops -----------------------------------------------

@family
def machines(seed):
    def more(mail, text):
        mail.extra = text
    files = ["Auto-Submitted: auto-replied\r\n", "AUTO-SUBMITTED: AUTO-REPLIED\r\n", "Auto-Submitted: auto-replied (vacation)\r\n",
             "Auto-Submitted:\r\n auto-replied; type=x\r\n", "Auto-Submitted: auto-notified\r\n", "Auto-Submitted: yes\r\n",
             "Auto-Submitted: maybe\r\n", "Auto-Submitted:\r\n", "Auto-Submitted: no\r\nAuto-Submitted: no\r\n",
             "Auto-Submitted: no\r\nAuto-Submitted: auto-replied\r\n", "Auto-Submitted: auto-replied\r\nAuto-Submitted: no\r\n",
             "Auto-Submitted: no auto-replied\r\n", "Auto-Submitted: \"no\"\r\n", "X-Auto-Response-Suppress: All\r\n",
             "X-Auto-Response-Suppress: DR, OOF, AutoReply\r\n", "X-Auto-Response-Suppress: autoreply\r\n", "x-auto-response-suppress:ALL\r\n",
             "X-Exitdesk-Loop: UA-2026-00001-W.0123456789abcdef01234567\r\n", "X-Exitdesk-Loop: x\r\n",
             "Message-ID: <x@umbrella.example>\r\n", "X-Autoreply: yes\r\n", "X-Autorespond: vacation\r\n"]

    def loop(mail, text):
        more(mail, text)
        if text.startswith("Message-ID"):
            mail.fields["Message-ID"] = None
    yield from each("answering machine", files, loop, expect="file")
    holds = ["Auto-Submitted: auto-generated\r\n", "Precedence: bulk\r\n", "Precedence: junk\r\n", "Precedence: list\r\n", "PRECEDENCE: BULK\r\n",
             "Precedence: auto_reply\r\n", "List-Id: <l.example>\r\n", "List-Unsubscribe: <mailto:u@l.example>\r\n", "List-Post: NO\r\n",
             "List-Help: <mailto:h@l.example>\r\n", "List-Owner: <mailto:o@l.example>\r\n", "List-Archive: <https://l.example>\r\n",
             "Mailing-List: contact x@l.example\r\n", "X-Mailing-List: x@l.example\r\n", "Feedback-ID: 1:2:3:x\r\n", "X-Spam-Flag: YES\r\n",
             "X-Spam-Status: Yes, score=9\r\n", "In-Reply-To: <UA-2026-00001-W@x.example>\r\n"]
    yield from each("bulk mail", [h for h in holds if not h.startswith("In-Reply")], more)

    def hops(mail, variant):
        count, host = variant
        mail.below = ("Received: from a.example by %s; Mon, 04 May 2026 07:58:00 +0000\r\n" % host) * count
    yield from each("goes round", [(51, "b.example"), (60, "b.example"), (150, "b.example")], hops, expect="file")
    yield from each("passed us", [(2, OURS), (3, OURS.upper()), (40, OURS)], hops)

    def typed(mail, variant):
        mail.fields["Content-Type"] = 'multipart/report; report-type=%s; boundary="b"' % variant
        mail.body = ("--b\r\nContent-Type: text/plain\r\n\r\n%s\r\n--b\r\nContent-Type: message/%s\r\n\r\n"
                     "Reporting-MTA: dns; x.example\r\nFeedback-Type: abuse\r\nUser-Agent: x\r\nVersion: 1\r\nSource-IP: 198.51.100.9\r\n"
                     "Original-Mail-From: <v@victim.example>\r\nReported-From: v@victim.example\r\n"
                     "Arrival-Date: Mon, 04 May 2026 07:41:10 +0000\r\n\r\nFinal-Recipient: rfc822; x@y.example\r\n"
                     "Action: failed\r\nStatus: 5.1.1\r\n--b--\r\n" % (BODY, variant.strip('"')))
    yield from each("report", ["delivery-status", "disposition-notification", '"delivery-status"', "DELIVERY-STATUS"], typed, expect="file")
    yield from each("feedback", ["feedback-report", '"feedback-report"', "Feedback-Report"], typed)

    def bounce(mail, kind):
        mail.envelope = ""
        typed(mail, kind)
    yield from each("bounce", ["delivery-status", "disposition-notification"], bounce, expect="noise")

    def subject(mail, text):
        mail.fields["Subject"] = text
    yield from each("says it answers", ["Re: [UA-2026-00001-W] SSH login attack", "AW: UA-2026-00001-W", "Auto: UA-2026-00001-W"], subject)

    def quotes(mail, text):
        mail.body = BODY + text
    yield from each("quotes us", ["> Our case: UA-2026-00001-W\r\n", "Your reference UA-2026-00001-W.\r\n"], quotes)
