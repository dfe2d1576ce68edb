"""Ordinary complaints as senders of many kinds write them, and what a person
in the field calls right for each: the letter, and whether it may leave alone.

A row is letter(name, local part, subject, body, action, letter); way="dkim" or
"spf" is what alone vouches for it. People write in
legit_people.py, mail of several parts is in legit_parts.py. Where
"hold" is right the reason stands beside it, as the rule that decides.

To add one: write down what you would do with it before you run it.
"""
import zlib
from email.header import Header

from mails import DESK, Mail

ROWS = []
LOGIN, SCAN, WEB = "login-attack", "port-scan", "web-attack"


def crlf(text):
    return text.lstrip("\n").replace("\r\n", "\n").replace("\n", "\r\n")


def letter(name, local, subject, body, action="send", template=LOGIN, **fields):
    """One mail with its expectation; fields with _ for - are header fields."""
    mail = Mail("ordinary: " + name, 700 + zlib.crc32(name.encode()) % 90000, local=local)
    mail.expect, _, mail.rule = action.partition(" ")
    mail.template = template
    mail.body = crlf(body)
    mail.fields["From"] = "%s <%s>" % (fields.pop("by", "NOC"), mail.address)
    mail.fields["Subject"] = subject if subject.isascii() else Header(subject, "utf-8").encode(linesep="\r\n")
    way = fields.pop("way", "both")
    if way == "dkim":
        mail.results[1] = "spf=softfail smtp.mailfrom=" + mail.address
    if way == "spf":
        mail.results[0], mail.tags = "dkim=none", {}
    for key, value in fields.items():
        mail.fields[key.replace("_", "-")] = value.replace("DOMAIN", mail.domain)
    ROWS.append(mail)
    return mail


# ---- programs that administrators run --------------------------------------

letter("fail2ban, complaint", "fail2ban", "Abuse from 198.51.100.9", """
Dear Sir or Madam,

our server has seen abuse from the address 198.51.100.9, which is on your network.
Please look into it and do what is needed.

Lines of the log are below; please ask if you need more. (Should you be the wrong
person, sorry: your address was taken from the whois record by a program.)

Note: the local time zone is +0200 (CEST)

2026-05-04 09:41:02 ssh1 sshd[2177]: Invalid user oracle from 198.51.100.9 port 40112
2026-05-04 09:41:10 ssh1 sshd[2177]: Failed password for invalid user oracle from 198.51.100.9 port 40112 ssh2
""", by="Fail2Ban", way="spf")
letter("fail2ban, syslog lines", "fail2ban", "[Fail2Ban] sshd: 198.51.100.9 banned from mail.reporter.example", """
Hi,

the IP 198.51.100.9 has just been banned by Fail2Ban after 5 attempts against sshd.

Lines containing 198.51.100.9 (all times are UTC):

May  4 07:41:02 mail sshd[10812]: Failed password for root from 198.51.100.9 port 51022 ssh2
May  4 07:41:06 mail sshd[10812]: Failed password for root from 198.51.100.9 port 51022 ssh2
May  4 07:41:10 mail sshd[10812]: Failed password for root from 198.51.100.9 port 51022 ssh2

Regards,

Fail2Ban
""", by="Fail2Ban", way="spf")
letter("lfd, by a person's address", "security", "lfd: 198.51.100.9 (NL/Netherlands/-) blocked for sshd attacks", """
Time:     Mon May  4 07:41:10 2026 +0000
IP:       198.51.100.9 (NL/Netherlands/-)
Failures: 5 (sshd)
Interval: 3600 seconds
Blocked:  Permanent Block [LF_SSHD]

Log entries:

May  4 07:40:51 web3 sshd[4471]: Failed password for root from 198.51.100.9 port 42110 ssh2
May  4 07:41:10 web3 sshd[4471]: Failed password for root from 198.51.100.9 port 42110 ssh2
""", by="lfd", way="spf")
letter("lfd, as root", "root", "lfd on web3: 198.51.100.9 blocked", """
Time:     Mon May  4 07:41:10 2026 +0000
IP:       198.51.100.9 (NL/Netherlands/-)
Failures: 5 (sshd)
Log entries:

May  4 07:41:10 web3 sshd[4471]: Failed password for root from 198.51.100.9 port 42110 ssh2
""", "file D08", way="spf")  # cron's root: nobody reads it
letter("denyhosts-like", "abuse", "SSH attack from 198.51.100.9", """
Greetings,

The following IP from your network was denied access to our SSH service:

    Address:   198.51.100.9
    Hits:      6
    First:     2026-05-04T07:38:44+00:00
    Last:      2026-05-04T07:41:10+00:00
    Port:      22/tcp

This is considered an attempted break-in. Please tell your customer.
""")
letter("sshguard by a script", "sysop", "abuse report 198.51.100.9", """
ip: 198.51.100.9
date: Mon, 04 May 2026 07:41:10 +0000
attack: ssh brute force
dst: 203.0.113.61:22
evidence:
  May 04 07:41:10 gw sshguard[881]: Attack from "198.51.100.9" on service SSH with danger 10.
""", way="dkim")
letter("modsecurity", "webmaster", "Attack on our website", """
Hello,

our web application firewall stopped this today. Server time is UTC.

[Mon May 04 07:41:10.123456 2026] [:error] [pid 1211] [client 198.51.100.9:51234] ModSecurity: Access denied with code 403 (phase 2). Pattern match "union.{1,100}select" at ARGS:id. [msg "SQL Injection Attack Detected"] [hostname "www.reporter.example"] [uri "/item.php"]

Please stop it.
""", template=WEB)
letter("wordfence-like", "info", "[Shop] Attack from your network", """
Our WordPress site blocked an IP of yours for repeated login attempts.

IP address: 198.51.100.9
Time of the last attempt: May 4, 2026 7:41:10 AM UTC
User names tried: admin, administrator, shop
URL: https://shop.reporter.example/wp-login.php

Please take care of it.
""")
letter("nginx lines of a person", "hostmaster1", "scan for vulnerabilities", """
Hi,

one of your machines probes our web server for holes. Please fix.

198.51.100.9 - - [04/May/2026:07:41:08 +0000] "GET /.env HTTP/1.1" 404 153 "-" "Mozilla/5.0"
198.51.100.9 - - [04/May/2026:07:41:09 +0000] "GET /.git/config HTTP/1.1" 404 153 "-" "Mozilla/5.0"
198.51.100.9 - - [04/May/2026:07:41:10 +0000] "GET /phpmyadmin/index.php HTTP/1.1" 404 153 "-" "Mozilla/5.0"

Thanks
Ina
""", template=WEB)
letter("iptables lines", "noc", "Port scan from 198.51.100.9", """
Dear abuse team,

we saw a port scan from your IP. Times are UTC.

May  4 07:41:10 fw1 kernel: [88123.1] DROP IN=eth0 OUT= SRC=198.51.100.9 DST=203.0.113.61 LEN=60 TOS=0x00 TTL=51 PROTO=TCP SPT=41022 DPT=3389 SYN
May  4 07:41:11 fw1 kernel: [88124.1] DROP IN=eth0 OUT= SRC=198.51.100.9 DST=203.0.113.61 LEN=60 TOS=0x00 TTL=51 PROTO=TCP SPT=41023 DPT=5900 SYN

Your cooperation is appreciated.
""", template=SCAN)
letter("suricata", "ids", "IDS alert: web attack", """
An intrusion detection sensor raised this alert (UTC):

05/04/2026-07:41:10.221030  [**] [1:2010963:7] ET WEB_SERVER SELECT USER SQL Injection Attempt in URI [**] [Classification: Web Application Attack] [Priority: 1] {TCP} 198.51.100.9:44120 -> 203.0.113.61:80

Please investigate.
-- 
Network security
Reporter Ltd
""", template=WEB)
letter("blocklist-like report", "reports", "abuse report about 198.51.100.9 - service: ssh", """
Hello Abuse-Team,

your server with the IP 198.51.100.9 has attacked one of our users' servers on the service ssh.
The attack was at Mon, 04 May 2026 09:41:10 +0200.
The IP was blocked there for some hours. If you have a customer behind it, please tell him.

Lines of the log (time zone +0200):
May  4 09:41:06 s1 sshd[771]: Invalid user test from 198.51.100.9 port 51002
May  4 09:41:10 s1 sshd[771]: Failed password for invalid user test from 198.51.100.9 port 51002 ssh2

Kind regards
the team
""", by="Reports")
letter("a database of reports", "abuse-db", "New reports of 198.51.100.9", """
We got new reports about an address of yours.

IP: 198.51.100.9
Reported at: 2026-05-04 07:41:10 UTC
Categories: SSH, Brute-Force
Comment: sshd: Failed password for root from 198.51.100.9 port 40112 ssh2
""", "hold D15", "?")  # when it was reported, not when it was
letter("a program, marked as one", "reports", "SSH attack from 198.51.100.9", """
IP: 198.51.100.9
Time: 2026-05-04T07:41:10Z
Port: 22
Attack: SSH brute force login
""", "hold D11b", Auto_Submitted="auto-generated")  # RFC 3834: no profile says it wants answers
letter("honeypot", "honeynet", "Honeypot: login attempts from 198.51.100.9", """
A honeypot of our university recorded login attempts from your address space.

    source ip      198.51.100.9
    source port    41022
    dest port      22
    first seen     2026-05-04 07:41:10 UTC
    last seen      2026-05-04 07:44:59 UTC
    logins tried   41

This is an information; what you do about it is up to you.
""")

# ---- who does nothing but this ---------------------------------------------

letter("a CERT in English", "cert", "[CERT-XY#2026050410000471] Brute force attacks from 198.51.100.9", """
Dear colleagues,

we are the computer emergency response team of the research network. A member reported
attacks that come from your network:

  IP address:   198.51.100.9
  Time (UTC):   2026-05-04 07:41:10
  Type:         SSH brute force
  Target port:  22

Please investigate and keep our ticket number in the subject when you answer.

Best regards
CERT on duty

TLP:GREEN
""", by="CERT")
letter("a CERT in German", "cert", "[CERT#20260504-77] Angriffe von 198.51.100.9", """
Guten Tag,

uns wurden Angriffe aus Ihrem Netz gemeldet:

  IP-Adresse:  198.51.100.9
  Zeit:        04.05.2026 09:41:10 MESZ
  Art:         SSH-Login-Versuche (Brute Force)
  Zielport:    22

Bitte prüfen Sie den Vorfall und informieren Sie gegebenenfalls den Betreiber des Systems.
Für Rückfragen stehen wir gerne zur Verfügung.

Mit freundlichen Grüßen
CERT der Hochschule
""", by="CERT")
letter("a CERT in Dutch", "cert", "[INC-2026-0471] Inlogpogingen vanaf 198.51.100.9", """
Geachte heer, mevrouw,

Wij ontvingen een melding over inlogpogingen (brute force) via SSH vanaf een IP-adres in uw netwerk.

  IP-adres:   198.51.100.9
  Tijdstip:   2026-05-04 07:41:10 UTC
  Poort:      22

Wilt u dit onderzoeken en de gebruiker informeren?

Met vriendelijke groet,
Het CERT
""", by="CERT")
letter("a CERT in Polish", "cert", "[CERT 2026/0471] Próby logowania z 198.51.100.9", """
Dzień dobry,

otrzymaliśmy zgłoszenie o próbach logowania SSH (brute force) z adresu w Państwa sieci.

  Adres IP:  198.51.100.9
  Czas:      2026-05-04 07:41:10 UTC
  Port:      22

Prosimy o sprawdzenie i podjęcie działań.

Pozdrawiamy
Zespół CERT
""", by="CERT")
letter("netcraft-like", "takedown", "[Issue 4711882] Phishing attack hosted at 198.51.100.9", """
Hello,

we have found a phishing page at the following URL on your network:

  hxxp://198.51.100.9/login/index.html

It was online at 2026-05-04 07:41:10 UTC. Please take it down as soon as possible.

Kind regards
Takedowns
""", "hold", "?")  # content: the policy leaves it to people
letter("bot-mitigation firm", "abuse-desk", "[Case 88213] Scraping from 198.51.100.9", """
Hello,

A bot at 198.51.100.9 is scraping a website of our customer without permission and ignores robots.txt.
It fetched 11,812 pages of www.shop.example. Last request: 2026-05-04 07:41:10 UTC, port 443.

Please make it stop.
""", template="scraping")
letter("copyright agent", "notices", "Notice ID: 22-8812 Notice of Claimed Infringement", """
Dear Sir or Madam:

We represent the owner of the work below. Someone at the IP address named here offered it by BitTorrent
without permission. We ask you to forward this notice to your customer.

Title: An Example Film
Infringing file: An.Example.Film.2026.mkv
Timestamp: 2026-05-04T07:41:10Z
IP Address: 198.51.100.9
Port: 51413
Protocol: BitTorrent

I have a good faith belief that use of the material is not authorized by the owner, its agent or the law.
The information in this notice is accurate. Under penalty of perjury, I am authorized to act for the owner.
""", "escalate D00a", "-")  # a draft would be better; lawyers "represent", too
letter("hoster's desk on its own behalf", "abuse", "Abuse Message [AbuseID:4A1B2C:19] SSH attack", """
Dear customer,

we have received information that your IP 198.51.100.9 attacks other servers. Please take the necessary
measures and answer within 24 hours.

  time: 2026-05-04 07:41:10 UTC
  type: SSH brute force on port 22

Kind regards
Your hoster's abuse team
""", "hold D13", "upstream")  # who has the contract is answered by a person

# ---- what mail servers and offices write below -----------------------------

PLAIN = """
Hello,

198.51.100.9 tried to log in to our SSH server by brute force at 2026-05-04 07:41:10 UTC, port 22.
Please look into it.

Kind regards
Carla Example
"""
FOOTERS = [
    ("a confidentiality notice", """
CONFIDENTIALITY NOTICE: This e-mail and any attachment may contain confidential or privileged information
and is intended only for the person to whom it is addressed. If you are not the intended recipient, please
notify the sender and delete it. Any unauthorized copying or disclosure is strictly prohibited."""),
    ("a German notice", """
Diese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen. Wenn Sie nicht der richtige
Adressat sind, informieren Sie bitte sofort den Absender und vernichten Sie diese Mail."""),
    ("a French notice", """
Ce message et ses pièces jointes peuvent contenir des informations confidentielles. Si vous n'êtes pas le
destinataire, merci de le détruire et d'en avertir l'expéditeur."""),
    ("company particulars", """
--
Reporter Inc. | 1 Example Street, Springfield | Tel. +1 202 555 0147 | www.reporter.example
Registered in England and Wales, company number 01234567, VAT GB123456789"""),
    ("privacy link", """
--
Information on how we process your personal data: https://www.reporter.example/privacy (GDPR)
Please consider the environment before printing this e-mail."""),
    ("virus scanner", """
--
This e-mail has been checked for viruses by a scanner. www.scanner.example"""),
    ("monitored mail", """
--
E-mail to and from this organisation may be monitored and recorded. You can reply to this message;
our desk is open from 9 to 5."""),
    ("please do not reply to the old address", """
--
Our old address noc@old.reporter.example is no longer monitored; this one is."""),
    ("external sender's banner", """
[EXTERNAL] This message came from outside of the organisation. Do not click links unless you know the sender."""),
]
for what, footer in FOOTERS:
    letter(what, "carla", "Brute force attack", PLAIN + footer + "\n", by="Carla Example")
letter("do not reply, automatic", "reports", "Brute force attack",
       PLAIN + "\nThis is an automated message, please do not reply to it.\n", "hold D07a")
letter("a mail program's own fields", "dave", "SSH attack", PLAIN, by='"Example, Dave"',
       X_Mailer="Microsoft Outlook 16.0", Thread_Index="AdxYz1==", X_Priority="3",
       Accept_Language="en-US", X_MS_Has_Attach="", Importance="high", To="\"abuse@umbrella.example\" <%s>" % DESK)
letter("as answer to itself", "erin", "Re: Brute force attack from 198.51.100.9",
       "Hello, it goes on, see below.\n" + PLAIN, by="Erin Example")
letter("a ticket of their own", "support", "[Reporter #48211] SSH attack from 198.51.100.9", PLAIN,
       by="\"Carla Example via RT\"", RT_Ticket="reporter.example #48211", X_RT_Originator="carla@DOMAIN")
letter("a list's member elsewhere", "abuse-list", "SSH attack from 198.51.100.9", PLAIN,
       "hold D13", by="\"Carla Example via Abuse\"", X_Original_From="carla@elsewhere.example")  # not the list's own
