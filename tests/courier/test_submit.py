#!/usr/bin/env python3
"""The courier against mail servers that fail in every way at every step.

usage: test_submit.py SEND_LETTERS

Prints TAP. Certificates are made by openssl in a temporary directory.
"""
import base64
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from smtp_sink import FAULTS, STEPS, Sink

PROGRAM = sys.argv[1]
DIR = tempfile.mkdtemp(prefix="courier-")
LETTER = (b"From: desk@desk.example\r\nTo: reporter@example.org\r\n"
          b"Subject: answer\r\n\r\n.\r\n..two\r\n.three\r\nlast\r\n")
cases = []


def path(name):
    return os.path.join(DIR, name)


def write(name, data):
    with open(path(name), "wb") as file:
        file.write(data)
    return path(name)


def case(function):
    cases.append((function.__name__.replace("_", " "), function))
    return function


# ---- certificates ---------------------------------------------------------

def openssl(*words):
    subprocess.run(("openssl",) + words, check=True, cwd=DIR,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_certificate(name, alternative, start="20200101000000Z",
                     end="20990101000000Z", signed=True):
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", name + ".key", "-out", name + ".csr",
            "-subj", "/CN=" + name)
    write(name + ".ext", b"subjectAltName=" + alternative.encode() + b"\n")
    issuer = (["-cert", "ca.pem", "-keyfile", "ca.key"] if signed else
              ["-selfsign", "-keyfile", name + ".key"])
    openssl("ca", "-batch", "-config", "ca.conf", "-in", name + ".csr",
            "-out", name + ".pem", "-extfile", name + ".ext",
            "-startdate", start, "-enddate", end, "-notext", *issuer)


def make_certificates():
    write("ca.conf", b"[ca]\ndefault_ca=d\n[d]\ndatabase=index\n"
          b"new_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\n"
          b"policy=p\nunique_subject=no\n[p]\ncommonName=supplied\n"
          b"[req]\ndistinguished_name=n\n[n]\n"
          b"[v3]\nbasicConstraints=critical,CA:true\n")
    write("index", b"")
    openssl("req", "-x509", "-config", "ca.conf", "-extensions", "v3",
            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test",
            "-days", "3650")
    make_certificate("good", "DNS:localhost,IP:127.0.0.1")
    make_certificate("other", "DNS:other.example,IP:127.0.0.2")
    make_certificate("expired", "DNS:localhost", "20200101000000Z",
                     "20200201000000Z")
    make_certificate("selfsigned", "DNS:localhost", signed=False)


def certificate(name):
    return path(name + ".pem"), path(name + ".key")


# ---- running --------------------------------------------------------------

def send(sink, tls="none", user="-", what="yes", letters=None, host=None,
         via=None):
    """What the desk was told, as a list of lines."""
    scheme = "smtps" if tls == "implicit" else "smtp"
    via = via or "%s://%s:%d" % (scheme, host or "localhost", sink.port)
    ca = path("ca.pem") if tls != "none" else "-"
    password = path("password") if user != "-" else "-"
    ended = subprocess.run(
        [PROGRAM, via, tls, ca, user, password, what] +
        (letters or [path("letter")]),
        stdout=subprocess.PIPE, timeout=60, text=True, errors="replace")
    return ended.stdout.splitlines()


def equal(got, expected):
    if got != expected:
        raise AssertionError("%r is not %r" % (got, expected))


def outcome(lines):
    return [line.split()[2] for line in lines if line.startswith("done")]


# ---- the matrix -----------------------------------------------------------

def expected_outcome(step, fault):
    if fault == "split":
        return "ok"
    if STEPS.index(step) >= STEPS.index("MAIL") and fault == "5xx":
        return "failed"
    if step == "DOT" and fault not in ("421", "4xx"):
        return "unknown"
    return "retry"


def cell(step, fault):
    def run():
        tls = "starttls" if step in ("STARTTLS", "AUTH") else None
        sink = Sink(step, fault, tls, certificate=certificate("good"))
        begun = time.monotonic()
        lines = send(sink, tls or "none", "user" if tls else "-")
        took = time.monotonic() - begun
        sink.close()
        want = expected_outcome(step, fault)
        equal(outcome(lines), [want])
        asked = [line for line in lines if line.startswith("dot")]
        equal(len(asked), 1 if step == "DOT" or want == "ok" else 0)
        equal(len(sink.letters), len(asked))
        for line in lines:
            if len(line) > 600 or not line.isprintable():
                raise AssertionError("not fit to be shown: %r" % line[:900])
        if took > 10:
            raise AssertionError("took %.1f s" % took)
    cases.append(("%s × %s" % (step, fault), run))


# ---- single cases ---------------------------------------------------------

@case
def the_letter_arrives_byte_for_byte():
    sink = Sink()
    lines = send(sink)
    equal(lines, ["dot 1", "done 1 ok 2.0.0 250 2.0.0 Ok: queued as 4F2A"])
    equal(sink.letters, [LETTER])
    equal(sink.envelopes, [b"MAIL FROM:<bounce+1@desk.example>",
                           b"RCPT TO:<reporter@example.org>"])
    equal(sink.commands[0], b"EHLO desk.example")


@case
def where_dsn_is_offered_only_failures_are_asked_for():
    sink = Sink(offers=["8BITMIME", "DSN"])
    equal(outcome(send(sink)), ["ok"])
    equal(sink.envelopes,
          [b"MAIL FROM:<bounce+1@desk.example> RET=HDRS ENVID=1",
           b"RCPT TO:<reporter@example.org> NOTIFY=FAILURE "
           b"ORCPT=rfc822;reporter@example.org"])


@case
def several_letters_share_a_connection():
    sink = Sink()
    lines = send(sink, letters=[path("letter")] * 5)
    equal(outcome(lines), ["ok"] * 5)
    equal(sink.connections, 1)
    equal(sink.letters, [LETTER] * 5)


@case
def a_refused_letter_does_not_spoil_the_connection():
    sink = Sink("RCPT", "5xx")
    equal(outcome(send(sink, letters=[path("letter")] * 3)), ["failed"] * 3)
    equal(sink.connections, 1)


@case
def a_connection_that_died_meanwhile_is_made_anew():
    sink = Sink(after=0.2)
    lines = send(sink, what="pause", letters=[path("letter")] * 2)
    equal(outcome(lines), ["ok", "ok"])
    equal(sink.connections, 2)


@case
def a_denied_dot_sends_nothing():
    sink = Sink()
    lines = send(sink, what="no", letters=[path("letter")] * 2)
    equal(outcome(lines), ["retry", "retry"])
    time.sleep(0.2)
    equal(sink.letters, [])


@case
def a_courier_killed_before_the_dot_means_retry_and_a_new_one_comes():
    sink = Sink()
    lines = send(sink, what="die", letters=[path("letter")] * 2)
    equal(outcome(lines), ["retry", "retry"])
    equal([line.split()[0] for line in lines], ["dot", "done"] * 2)
    equal(sink.letters, [])


@case
def a_courier_killed_after_the_dot_means_unknown():
    sink = Sink("DOT", "delay")
    equal(outcome(send(sink, what="answer-die")), ["unknown"])
    equal(sink.letters, [LETTER])


@case
def what_the_server_says_before_the_dot_ends_the_letter():
    for said, want in ((b"552 5.3.4 too big\r\n", "failed"),
                       (b"421 4.4.2 bored\r\n", "retry"),
                       (b"250 2.0.0 queued\r\n", "retry")):
        sink = Sink(raw={"CONTENT": said})
        lines = send(sink, what="slow", letters=[path("long")])
        equal(outcome(lines), [want])
        equal(sink.letters, [])


@case
def replies_nobody_asked_for_end_the_connection():
    for step in ("CONNECT", "EHLO", "MAIL", "RCPT"):
        sink = Sink(raw={step: b"250 ok\r\n250 and more\r\n"
                         if step != "CONNECT"
                         else b"220 hello\r\n250 and more\r\n"})
        lines = send(sink)
        equal(outcome(lines), ["retry"])
        equal(sink.letters, [])
        assert "out of turn" in lines[-1], lines


@case
def lines_with_different_codes_are_no_reply():
    sink = Sink(raw={"MAIL": b"550-no\r\n250 yes\r\n"})
    lines = send(sink)
    equal(outcome(lines), ["retry"])
    assert "different codes" in lines[-1], lines


@case
def half_a_reply_is_no_reply():
    sink = Sink("DOT", "drop", raw={"RCPT": b"250 2.1.5 ok\r\n"})
    equal(outcome(send(sink)), ["unknown"])
    sink = Sink(raw={"DOT": b"250"}, after=0)
    equal(outcome(send(sink)), ["unknown"])


@case
def a_tab_in_the_auth_line_does_not_hang():
    sink = Sink(offers=["8BITMIME", "AUTH\tFOO\tPLAIN", "AUTH X\tY"])
    equal(outcome(send(sink)), ["ok"])


@case
def eight_bit_letters_need_8bitmime():
    sink = Sink(offers=["SIZE"])
    lines = send(sink, letters=[path("eightbit"), path("letter")])
    equal(outcome(lines), ["failed", "ok"])
    sink = Sink()
    equal(outcome(send(sink, letters=[path("eightbit")])), ["ok"])
    equal(sink.envelopes[0],
          b"MAIL FROM:<bounce+1@desk.example> BODY=8BITMIME")


@case
def letters_that_are_not_fit_are_refused():
    for name in ("barelf", "nul", "noend", "longline", "huge"):
        sink = Sink()
        lines = send(sink, letters=[path(name)])
        assert lines[0].startswith("refused 1"), lines
        equal(sink.connections, 0)


@case
def good_certificates_are_accepted():
    for tls in ("starttls", "implicit"):
        for host in ("localhost", "127.0.0.1"):
            sink = Sink(tls=tls, certificate=certificate("good"))
            equal(outcome(send(sink, tls, "user", host=host)), ["ok"])
            equal(sink.letters, [LETTER])
            equal(sink.secrets, [base64.b64encode(b"\0user\0secret word")])


@case
def bad_certificates_get_neither_password_nor_letter():
    for name, words in (("selfsigned", "self-signed"), ("other", "mismatch"),
                        ("expired", "expired")):
        for tls in ("starttls", "implicit"):
            sink = Sink(tls=tls, certificate=certificate(name))
            lines = send(sink, tls, "user")
            equal(outcome(lines), ["retry"])
            assert words in lines[-1], lines
            equal((sink.letters, sink.secrets), ([], []))


@case
def starttls_that_is_not_offered_is_not_done_without():
    sink = Sink()
    lines = send(sink, "starttls", "user")
    equal(outcome(lines), ["retry"])
    equal((sink.letters, sink.secrets, sink.envelopes), ([], [], []))


@case
def words_before_tls_are_an_attack():
    sink = Sink(tls="starttls", certificate=certificate("good"),
                raw={"STARTTLS": b"220 go on\r\n250 AUTH PLAIN\r\n"})
    lines = send(sink, "starttls", "user")
    equal(outcome(lines), ["retry"])
    assert "before TLS" in lines[-1], lines
    equal((sink.letters, sink.secrets), ([], []))


@case
def auth_login_is_spoken_where_plain_is_not():
    sink = Sink(tls="implicit", certificate=certificate("good"),
                offers=["AUTH GSSAPI LOGIN", "8BITMIME"])
    equal(outcome(send(sink, "implicit", "user")), ["ok"])
    equal(sink.secrets, [base64.b64encode(b"user"),
                         base64.b64encode(b"secret word")])


@case
def what_would_send_secrets_in_the_clear_is_refused():
    for via, tls, user in (("smtp://192.0.2.1", "none", "-"),
                           ("smtp://mail.example", "none", "-"),
                           ("smtp://localhost:1", "none", "user"),
                           ("unix:/tmp/x", "none", "user"),
                           ("unix:/tmp/x", "starttls", "-")):
        lines = send(None, tls, user, via=via)
        assert lines[0].startswith("config"), (via, lines)


@case
def nobody_there_means_retry():
    sink = Sink()
    sink.close()
    lines = send(sink)
    equal(outcome(lines), ["retry"])
    assert "cannot connect" in lines[-1], lines


# ---- main -----------------------------------------------------------------

def main():
    write("letter", LETTER)
    write("password", b"secret word\n")
    write("long", b"Subject: x\r\n\r\n" + b"line\r\n" * 10000)
    write("eightbit", "Subject: x\r\n\r\nGrüße\r\n".encode())
    write("barelf", b"Subject: x\r\n\r\na\nb\r\n")
    write("nul", b"Subject: x\r\n\r\na\0b\r\n")
    write("noend", b"Subject: x\r\n\r\nab")
    write("longline", b"Subject: x\r\n\r\n" + b"a" * 999 + b"\r\n")
    write("huge", b"Subject: x\r\n\r\n" + b"line\r\n" * 20000)
    make_certificates()
    for step in STEPS:
        for fault in FAULTS:
            cell(step, fault)
    failures = 0
    with ThreadPoolExecutor(16) as pool:
        runs = [(name, pool.submit(run)) for name, run in cases]
    print("1..%d" % len(cases))
    for number, (name, run) in enumerate(runs, 1):
        problem = run.exception()
        failures += problem is not None
        print("%s %d - %s" % ("not ok" if problem else "ok", number, name))
        if problem:
            print("# %s: %s" % (type(problem).__name__,
                                str(problem).replace("\n", " ")[:400]))
    shutil.rmtree(DIR)
    return 1 if failures else 0


sys.exit(main())
