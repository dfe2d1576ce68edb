"""Complaints that deserve a letter: reporters of many kinds, each with its
mail program, its words and its way of stating the time."""
from mails import DESK, Mail

FAMILIES = []


def family(function):
    FAMILIES.append((function.__name__, function))
    return function


WAYS = [
    "198.51.100.9 tried to log in to our SSH server 203.0.113.61 port 22 by brute force\r\nat 2026-05-04T07:41:10Z. Please look into it.\r\n",
    "Dear team,\r\n\r\nour firewall counted a port scan from your address 198.51.100.9 against\r\n203.0.113.61 port 443 on 2026-05-04 07:41:10 UTC.\r\n\r\nKind regards\r\nThe administrators\r\n",
    "Source: 198.51.100.9\r\nDestination: 203.0.113.61\r\nDestination port: 22\r\nProtocol: TCP\r\nTime: 2026-05-04 07:41:10 +0000\r\nReason: SSH brute force login attempts\r\n",
    "Hello,\r\n\r\nplease stop the brute force attacks on our web login. Log:\r\n\r\n198.51.100.9 - - [04/May/2026:07:41:10 +0000] \"POST /wp-login.php HTTP/1.1\" 200 1234 \"-\" \"x\"\r\n",
    "The following lines are from our server (all times UTC):\r\n\r\nMay  4 2026 07:41:10 ssh1 sshd[2177]: Failed password for root from 198.51.100.9 port 40112 ssh2\r\n",
    "A client at 198.51.100.9 tried SQL injection against our web server 203.0.113.61 port 443\r\non 2026-05-04 at 07:41:10 UTC. Please make it stop.\r\n",
]
NAMES = ["NOC <%s>", "%s", "\"Security Team, Shop\" <%s>", "<%s>", "%s (J. Doe)", "=?utf-8?q?Sicherheit_M=C3=BCnchen?= <%s>"]
SUBJECTS = ["SSH login attack", "Abuse from 198.51.100.9", "[Ticket#2026050410000471] attack", "Complaint about an attack", "=?utf-8?q?Angriff_=E2=9A=A0?= 198.51.100.9", "attack"]


@family
def reporters(seed):
    """36 of them: by signature and SPF, by signature alone, by SPF alone."""
    for number in range(36):
        mail = Mail("reporter %d" % number, 100 + number, local=["noc", "abuse", "security.team", "j-doe", "cert+in", "x"][number % 6])
        mail.expect = "send"
        mail.body = WAYS[number % 6]
        mail.fields["From"] = NAMES[(number // 6 + number) % 6] % mail.address
        mail.fields["Subject"] = SUBJECTS[(number // 3) % 6]
        if number % 3 == 1:
            mail.results[1] = "spf=softfail smtp.mailfrom=" + mail.address
        if number % 3 == 2:
            mail.results[0], mail.tags = "dkim=none", {}
        if number % 4 == 3:
            mail.fields["To"] = "\"Abuse\" <%s>, other@else.example" % DESK
        if number % 5 == 4:
            mail.extra = "Reply-To: elsewhere@victim.example\r\nX-Mailer: MARK\r\nUser-Agent: x\r\n"
        yield mail


@family
def harmless_oddities(seed):
    """What honest mail carries and must not be held back for."""
    def one(name, number, **fields):
        mail = Mail(name, 200 + number)
        mail.expect = "send"
        for key, value in fields.items():
            setattr(mail, key, value)
        return mail
    yield one("a stranger's verdict below", 1, extra="Authentication-Results: mx.other.example; dmarc=fail header.from=x.example\r\n")
    yield one("Auto-Submitted: no", 2, extra="Auto-Submitted: no\r\n")
    yield one("a hop before", 3, below="Received: from pc by mail.other.example; Mon, 04 May 2026 07:58:00 +0000\r\n" * 3)
    yield one("a filter of ours", 4, below="Received: from localhost by mx.umbrella.example; Mon, 04 May 2026 07:59:30 +0000\r\n")
    yield one("a spam verdict of no", 5, extra="X-Spam-Flag: NO\r\nX-Spam-Status: No, score=1\r\n")
    yield one("its own thread", 6, extra="In-Reply-To: <a@reporter206.example>\r\nReferences: <a@reporter206.example>\r\n")
    mail = one("Cc that is signed", 7)
    mail.fields["Cc"] = "boss@reporter207.example"
    mail.tags["h"] += ":cc"
    yield mail
    for number, harm in enumerate(["MARK{{case.id}}", "MARK%s%n", "MARK<script>", "MARK https://evil.test", "\u200fMARK", "${MARK}"], 10):
        mail = one("words that would do harm %d" % number, number)
        mail.body = mail.body + "\r\n" + harm + "\r\n"
        yield mail
