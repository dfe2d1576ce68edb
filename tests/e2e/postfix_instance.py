"""A Postfix of our own on high loopback ports, in a directory of its own.

Nothing of the system's Postfix is read or written: configuration, queue, data
and log are below the directory given. Only root can run one.
"""
import email
import os
import shutil
import smtplib
import socket
import subprocess
import time

DAEMONS = "/usr/lib/postfix/sbin"

MAIN_CF = """\
compatibility_level = 3.6
queue_directory = {base}/queue
data_directory = {base}/lib
command_directory = /usr/sbin
daemon_directory = {daemons}
maillog_file = {base}/maillog
maillog_file_prefixes = {base}
mail_owner = postfix
setgid_group = postdrop
myhostname = {host}
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_rate_limit = 0
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
smtp_tls_security_level = none
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = {domain}
virtual_transport = {lmtp}
virtual_mailbox_maps =
relayhost = [127.0.0.1]:{sink}
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 4s
in_flow_delay = 0
"""

# Complaints come in by the first smtpd, whose cleanup marks them as the site's
# own checks would; letters go out by the second. Both remove, as header_checks
# in main.cf would, what others wrote in our name; see border().
MASTER_CF = """\
127.0.0.1:{inbound} inet n - n - - smtpd -o cleanup_service_name=cleanup-in
127.0.0.1:{outbound} inet n - n - - smtpd -o cleanup_service_name=cleanup-in
pickup unix n - n 60 1 pickup
cleanup-in unix n - n - 0 cleanup -o header_checks=regexp:{base}/mark
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
"""


# The line of exitdesk-postfix(7), and two that many would write.
GOOD = "/^Authentication-Results:.*%s/ IGNORE"
FIRST_WORD_ONLY = "/^Authentication-Results: %s;/ IGNORE"


def why_not():
    """Why no instance can be run here, or None."""
    if os.geteuid() != 0:
        return "only root can run Postfix"
    if not os.path.exists(DAEMONS + "/master"):
        return "Postfix is not installed (package postfix)"
    return None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(question, seconds, what):
    """Ask until the answer is true; what it was, for the error."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError("not within %d s: %s" % (seconds, what))


class Postfix:
    def __init__(self, base, domain, lmtp, sink, host="mx.umbrella.example"):
        """lmtp: the transport, like "lmtp:inet:127.0.0.1:8024" or
        "lmtp:unix:/path"; sink: the port all letters go to."""
        self.base, self.host = base, host
        self.inbound, self.outbound = free_port(), free_port()
        self.config = os.path.join(base, "etc")
        for name in ("etc", "queue", "lib"):
            os.makedirs(os.path.join(base, name))
        shutil.chown(os.path.join(base, "lib"), "postfix", "postfix")
        words = dict(base=base, daemons=DAEMONS, host=host, domain=domain,
                     lmtp=lmtp, sink=sink, inbound=self.inbound,
                     outbound=self.outbound)
        self.write("etc/main.cf", MAIN_CF.format(**words))
        self.write("etc/master.cf", MASTER_CF.format(**words))
        self.removing, self.domains = "", {}
        self.remove(GOOD)

    def remove(self, what):
        """A line of header_checks that removes forged results, or ""."""
        self.removing = what % self.host.replace(".", "\\.") if what else ""
        self.mark(self.domains)

    def write(self, name, text):
        with open(os.path.join(self.base, name), "w") as file:
            file.write(text)

    def mark(self, domains):
        """What our checks say of mail from these domains: a dict of domain to
        the text of an Authentication-Results field. It is put above our own
        Received line, where a milter's would stand."""
        self.domains = domains
        lines = [self.removing + "\n"] + ["/^Received: from %s .*by %s/ PREPEND "
                 "Authentication-Results: %s; %s\n"
                 % (domain, self.host.replace(".", "\\."), self.host, text)
                 for domain, text in domains.items()]
        self.write("mark", "".join(lines))

    def command(self, *words):
        return subprocess.run(words, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)

    def start(self):
        ended = self.command("postfix", "-c", self.config, "start")
        if ended.returncode != 0:
            raise AssertionError("postfix start: " + ended.stdout)
        wait_until(self.listens, 10, "Postfix listens")

    def listens(self):
        try:
            for port in (self.inbound, self.outbound):
                socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            return False

    def reload(self):
        self.command("postfix", "-c", self.config, "reload")
        time.sleep(0.5)
        wait_until(self.listens, 10, "Postfix listens")

    def stop(self):
        self.command("postfix", "-c", self.config, "stop")

    def queue(self):
        """The queued mails, one line each."""
        return self.command("postqueue", "-c", self.config,
                            "-j").stdout.splitlines()

    def flush(self):
        self.command("postqueue", "-c", self.config, "-f")

    def wait_for_empty_queue(self, seconds=30):
        wait_until(lambda: not self.queue(), seconds, "Postfix's queue empty")

    def log(self):
        with open(os.path.join(self.base, "maillog"),
                  errors="replace") as file:
            return file.read()

    def send(self, sender, recipient, message):
        """Hand in one mail (bytes) as a client of the sender's domain."""
        name = sender.rsplit("@", 1)[-1] or "null.example"
        with smtplib.SMTP("127.0.0.1", self.inbound, name) as client:
            client.sendmail(sender, [recipient], message)


def parse(letter):
    return email.message_from_bytes(letter)
