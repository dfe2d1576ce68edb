"""Commands that change something, each done twice on the demo's desk: once
for people and once with --json, from the same state. Used by schema.py.
"""
import contextlib
import json
import re
import shutil
import sqlite3

MEMBER = "hackerspace"
RELAY = 40 * "2"

# What the demo has no occasion for, so that each has something to be done to.
OCCASIONS = f"""
INSERT INTO notice (member, kind, relay, what, holds, noticed, as_of) VALUES
  ('{MEMBER}', 'moved-address', '{40 * "A"}',
   'It was at 192.0.2.1 and is at 192.0.2.2.', 0, 1777885200, 1777881600);
INSERT INTO breaker (opened, why) VALUES (1777885200, 'a wave');
INSERT INTO told_answer (number, what, why, member, sender, mail, at) VALUES
  (12, 'message', 'it is no plain yes or no', '{MEMBER}',
   'board@hackerspace.example', 'mail', 1777885200);
INSERT INTO form_task (ticket, form) SELECT max(number),
  'https://abuse.hoster.example/' FROM ticket WHERE state = 'drafted';
UPDATE mail SET mail_key = NULL WHERE joined IS NOT NULL;
"""

STATEMENTS = """statements:
  - name: remedy
    text: Lines for our torrc may be proposed to us.
    by: the board
    said: 2026-02-02
  - name: no-logs
    text: According to TMG we keep nothing.
    by: the board
    said: 2026-02-02
"""

# schema, words; {case}: one of the member's, {form}: one that a web form
# answers, {later}: a mail that joined a case, {token}: in the newest message.
STEPS = [
    ("config-check", "config check"),
    ("pause", "pause --note looks-wrong --offline"),
    ("resume", "resume --offline"),
    ("breaker-close", "breaker close --note looked --offline"),
    ("alert-acknowledge", "alert acknowledge all --by Mia --offline"),
    ("member-acknowledge", f"member acknowledge {MEMBER} --offline"),
    ("notice-list", "notice list"),
    ("notice-list", "notice list --all"),
    ("notice-seen", "notice seen 12 --offline"),
    ("notice-list", "notice list"),
    ("contact-verify",
     f"contact verify board@hackerspace.example --member {MEMBER} --offline"),
    ("contact-confirm", "contact confirm {token} --offline"),
    ("member-invite",
     f"member invite {MEMBER} board@hackerspace.example --offline"),
    ("member-consent", "member consent --token {token} --offline"),
    ("member-promote", f"member promote {MEMBER} --category "
     "connection/port_scan --to hold --offline"),
    ("member-promote", f"member promote {MEMBER} --category "
     "connection/port_scan --to auto --offline"),
    ("member-pause", f"member pause {MEMBER} --offline"),
    ("member-resume", f"member resume {MEMBER} --offline"),
    ("draft-edit", "draft edit {draft} --to ciso@shop.example --dry-run "
     "--offline"),
    ("draft-edit", "draft edit {draft} --to ciso@shop.example --offline"),
    ("draft-show", "draft show {draft} --version 1"),
    ("draft-approve", "draft approve {draft} --version 2 --offline"),
    ("draft-stop", "draft stop {draft} --offline"),
    ("draft-write", "draft write {draft} --template general --offline"),
    ("remedy-list", "remedy list"),
    ("remedy-propose", "remedy propose {case} --to 198.51.100.7 --port 22 "
     "--dry-run"),
    ("remedy-propose", "remedy propose {case} --to 198.51.100.7 --port 22 "
     "--owner phoned --offline"),
    ("remedy-agree", "remedy agree 1 --by Mia --offline"),
    ("remedy-look", "remedy look --offline"),
    ("remedy-list", "remedy list"),
    ("remedy-show", "remedy show 1"),
    ("remedy-torrc", f"remedy torrc {MEMBER}"),
    ("remedy-torrc", f"remedy torrc {MEMBER} --out {{desk}}/lines.conf"),
    ("remedy-withdraw", "remedy withdraw 1 --offline"),
    ("member-withdraw", f"member withdraw {MEMBER} --offline"),
    ("member-end", f"member end {MEMBER} --on 2026-06-30 --offline"),
    ("member-export", f"member export {MEMBER} -o {{desk}}/member.zip"),
    ("member-add", f"member add --from-relay {40 * '4'}"),
    ("member-add", f"member add new --from-relay {40 * '4'}"),
    ("member-add", f"member add {MEMBER} --from-relay {RELAY}"),
    ("key-make", "key make member.example"),
    ("relay-prove", "relay prove 192.0.2.77 2026-05-03T14:02Z -o "
     "{desk}/proof"),
    ("profile-make", "profile make --from {signed} --to abuse@hoster.example "
     "--name made"),
    ("profile-approve", "profile approve made --by Mia --offline"),
    ("profile-check", "profile check"),
    ("law-list", "law list"),
    ("law-list", "law list --country DE"),
    ("law-explain", "law explain copyright/p2p --country DE --lang de"),
    ("policy-show", "policy show AT"),
    ("policy-lint", "policy lint"),
    ("case-note", "case note {case} phoned --offline"),
    ("case-assign", "case assign {case} --to Mia --offline"),
    ("case-close", "case close {case} --why ours --offline"),
    ("case-reopen", "case reopen {case} --offline"),
    ("case-join", "case join {case} {signed} --offline"),
    ("case-split", "case split {later} --offline"),
    ("case-done", "case done {form} --note entered --offline"),
]


def prepare(desk):
    with contextlib.closing(sqlite3.connect(
            desk / "data" / "exitdesk.db")) as database:
        database.executescript(OCCASIONS)
    member = desk / "members.d" / f"{MEMBER}.yaml"
    member.write_text(member.read_text() + STATEMENTS)
    (desk / "policies").mkdir()


def token_sent(desk):
    """What the newest message to a member asks to be told."""
    with contextlib.closing(sqlite3.connect(
            desk / "data" / "exitdesk.db")) as database:
        rows = database.execute("SELECT bytes FROM message WHERE bytes IS NOT "
                                "NULL ORDER BY number DESC LIMIT 1").fetchall()
    mail = rows[0][0].replace(b"\r\n", b"\n") if rows else b""
    body = mail.split(b"\n\n", 1)[-1]
    found = re.search(rb"\b[0-9a-f]{32}\b", body.replace(b"=\n", b""))
    return found[0].decode() if found else "none"


def cases_of(run):
    """The cases and the mail of STEPS; signed is found so by our server."""
    rows = [json.loads(line) for line in
            run("case", "list", "--json").stdout.splitlines()]
    of_member = [row["case"] for row in rows if row["member"] == MEMBER]
    drafted = [row["case"] for row in rows if row["state"] == "drafted" and
               row["member"] == "stadtbibliothek"]
    signed = [row["case"] for row in rows if row["state"] == "answered"]
    form = [row["case"] for row in rows if row["form"]]
    later = [mail for row in rows for mail in json.loads(run(
        "case", "show", row["case"], "--json").stdout)["later_mails"]]
    return {"case": of_member[0], "draft": drafted[0],
            "signed": signed[0], "form": form[0],
            "later": later[0]}


def play(run, desk):
    """(schema, words, done for people, done with --json) of each step."""
    prepare(desk)
    kept = desk.with_name("kept")
    cases = cases_of(run)
    for schema, line in STEPS:
        words = line.format(desk=desk, token=token_sent(desk),
                            **cases).split()
        shutil.copytree(desk, kept, symlinks=True,
                        ignore=shutil.ignore_patterns(
                            "*.sock", "letters", "relay-documents",
                            "templates"))
        text = run(*words)
        for part in ("data", "keys", "members.d", "policies", "proof"):
            shutil.rmtree(desk / part, ignore_errors=True)
        shutil.copytree(kept, desk, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(kept)
        yield schema, words, text, run(*words, "--json")
