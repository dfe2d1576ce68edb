#!/usr/bin/env python3
"""What staff do with the cases of the demo's desk; TAP.

casework.py EXITDESK. A day of two people: commands on the desk without its
daemon, then a mail that is split off while the daemon runs and reads it anew.
Last, whatever leaves the desk is searched for what they noted.
"""
import contextlib
import json
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile

SECRET = "Quittengelee"
FORM = "https://abuse.hoster.example/"


class Desk:
    def __init__(self, exitdesk, base):
        self.exitdesk, self.base = exitdesk, base
        self.home = base / "demo"
        self.count, self.failed = 0, False
        subprocess.run([exitdesk, "demo", "--dir", str(self.home)], check=True,
                       capture_output=True, timeout=120)

    def run(self, *words):
        return subprocess.run(
            [self.exitdesk, "-C", str(self.home), *words], text=True,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60)

    def rows(self, *words):
        return [json.loads(line) for line in
                self.run(*words, "--json").stdout.splitlines()]

    def sql(self, text, *values):
        with contextlib.closing(sqlite3.connect(
                self.home / "data/exitdesk.db")) as database:
            rows = database.execute(text, values).fetchall()
            database.commit()
            return rows

    def check(self, name, good, said=""):
        self.count += 1
        self.failed |= not good
        print(f"{'ok' if good else 'not ok'} {self.count} {name}")
        for line in [] if good else str(said).splitlines()[:20]:
            print(f"# {line}")

    def expect(self, status, words, *line):
        """Run it; with that exit status it must say these words."""
        done = self.run(*line)
        said = done.stderr + done.stdout
        self.check(" ".join(line), done.returncode == status and words in said,
                   f"[{done.returncode}] {said}\n-- not [{status}] {words}")


def work_on_cases(desk, bib, other):
    def offline(status, words, *line):
        desk.expect(status, words, *line, "--offline")
    offline(0, "Only staff see it", "case", "note", bib[0], SECRET)
    offline(75, "there already, by", "case", "note", bib[0], SECRET)
    offline(0, "is given to Zora", "case", "assign", bib[0], "--to", "Zora",
            "--why", SECRET)
    offline(75, "given to Zora", "case", "assign", bib[0], "--to", "Mia")
    offline(0, "is given to Mia", "case", "assign", bib[0], "--to", "Mia",
            "--from", "Zora", "--by", "Mia")
    for command in ("todo", "case list"):
        rows = desk.rows(*command.split(), "--to", "mia")
        desk.check(f"{command} --to", [row["case"] for row in rows] ==
                   [bib[0]], rows)
    desk.expect(0, "Mia: a yes to the draft", "todo")
    desk.expect(64, "exclude each other", "todo", "--mine", "--to", "Mia")
    desk.expect(0, "No case that waits is assigned to Zora", "todo", "--to",
                "Zora")
    offline(77, "no member learns of another", "case", "join", bib[1], other)
    offline(0, "Its letter is stopped", "case", "join", bib[1], bib[0])
    offline(75, "already joined to " + bib[0], "case", "join", bib[1], bib[0])
    desk.expect(0, "joined to " + bib[0], "case", "show", bib[1])
    offline(0, "Open again", "case", "reopen", bib[1])
    offline(64, "say why", "case", "close", bib[1])
    offline(0, "Closed.", "case", "close", bib[1], "--why", "a test")
    offline(75, "already closed, by", "case", "close", bib[1], "--why", "x")
    offline(75, "alert acknowledge", "case", "close",
            desk.rows("case", "list", "--state", "triage")[0]["case"],
            "--why", "x")


def queued_letter(desk, case):
    done = desk.run("draft", "approve", case, "--offline")
    desk.check("a letter is queued", done.returncode == 0, done.stderr)
    desk.expect(75, "exitdesk draft stop " + case, "case", "close", case,
                "--why", "x", "--offline")


def fill_in_form(desk, case):
    desk.sql("INSERT INTO form_task (ticket, form) "
             "SELECT number, ? FROM ticket WHERE id = ?", FORM, case)
    row = [row for row in desk.rows("todo") if row["form"] == FORM][0]
    draft = desk.rows("draft", "show", case)[0]
    desk.check("todo has the form's text", row["form_text"] == draft["text"],
               row)
    shown = desk.run("todo").stdout
    desk.check("todo shows it", f"To enter for {case}" in shown and
               draft["text"].split("\n")[0] in shown and
               "its web form" in shown, shown)
    desk.expect(0, "Noted", "case", "done", case, "--note", "their 4711",
                "--offline")
    desk.expect(75, "in the form already", "case", "done", case, "--offline")
    desk.check("nothing is left to enter",
               not [row for row in desk.rows("todo") if row["form"]])


def same_mail(desk):
    joint = [row["case"] for row in desk.rows("case", "list")
             if "two hosts" in (row["subject"] or "")]
    seen = desk.rows("case", "show", joint[0])[0]["same_mail"]
    desk.check("staff see the cases of one mail", sorted(seen) ==
               sorted(joint[1:]) and len(seen) == 2, seen)
    of_member = next(case for case in joint if desk.rows(
        "case", "show", case)[0]["member"])
    told = desk.run("case", "show", of_member, "--for-member")
    both = told.stdout + desk.run("case", "show", of_member, "--for-member",
                                  "--json").stdout
    desk.check("its member sees none of them", of_member in both and
               not any(case in both for case in joint if case != of_member),
               both)


def split_while_running(desk, daemon):
    """The demo's copy of a mail joined a case; by the text it is a complaint
    of its own."""
    desk.sql("UPDATE mail SET mail_key = NULL WHERE joined IS NOT NULL")
    case = desk.sql("SELECT joined FROM mail WHERE joined IS NOT NULL")[0][0]
    mail = desk.rows("case", "show", case)[0]["later_mails"][0]
    with open(desk.base / "log", "wb") as log:
        running = subprocess.Popen([daemon, "-C", desk.home], stderr=log)
    for _ in range(500):
        if b"ready" in (desk.base / "log").read_bytes():
            break
        time.sleep(0.02)
    desk.expect(0, "Split off from " + case, "case", "split", mail, "--by",
                "Mia")
    row = {}
    for _ in range(500):
        row = desk.rows("case", "show", mail)[0]
        if row["case"] and row["case"] != case:
            break
        time.sleep(0.02)
    desk.check("it is a case of its own", row["case"] != case and
               row["state"] in ("drafted", "triage"), row)
    desk.expect(75, "already split off from " + case, "case", "split", mail)
    desk.expect(0, "Noted", "case", "note", case, SECRET + " too", "--by",
                "Zora")
    running.send_signal(signal.SIGTERM)
    desk.check("the daemon ends well", running.wait(60) == 0)


def members_as_they_are_today(desk, member):
    """What was decided since their files were written."""
    def listed(word):
        lines = desk.run("member", "list").stdout.splitlines()
        return any(line.startswith(member) and f" {word} " in line
                   for line in lines)
    desk.check("a member's letters are held", listed("hold"))
    desk.run("member", "pause", member, "--offline")
    desk.check("the list shows a pause", listed("paused"))
    desk.run("member", "resume", member, "--offline")
    desk.run("member", "withdraw", member, "--offline")
    desk.check("the list shows that consent is taken back", listed("off"))
    row = [row for row in desk.rows("member", "list")
           if row["id"] == member][0]
    desk.check("so does JSON", row["in_force"] == "off", row)
    said = desk.run("doctor").stdout
    desk.check("so does doctor", "1 of 3 have given no consent" in said, said)


def search_what_leaves(desk, member, case):
    """No word of a note in what members, reporters and the mail server get."""
    found = []
    archive = desk.base / "member.zip"
    desk.expect(0, "", "member", "export", member, "-o", str(archive))
    with zipfile.ZipFile(archive) as files:
        record = files.read(f"cases/{case}/record.json").decode()
        desk.check("the export says that a note is there",
                   '"kind":"note"' in record, record)
        found += [name for name in files.namelist()
                  if SECRET.encode() in files.read(name) or
                  b"Zora" in files.read(name)]
    for line in (["case", "brief", case], ["draft", "show", case],
                 ["case", "show", case, "--for-member"],
                 ["case", "show", case, "--for-member", "--json"]):
        said = desk.run(*line).stdout
        desk.check(" ".join(line[:2]) + " prints", case in said, said)
        if SECRET in said or "Zora" in said:
            found.append(" ".join(line))
    for column in ("letter.bytes", "message.bytes"):
        table, name = column.split(".")
        found += [column for (data,) in
                  desk.sql(f"SELECT {name} FROM {table}")
                  if data and SECRET.encode() in data]
    desk.check("what staff noted leaves nowhere", not found, found)


def main(exitdesk):
    with tempfile.TemporaryDirectory(prefix="exitdesk-") as base:
        desk = Desk(exitdesk, pathlib.Path(base))
        rows = desk.rows("case", "list", "--state", "drafted")
        of = {}
        for row in rows:
            of.setdefault(row["member"], []).append(row["case"])
        bib = of["stadtbibliothek"]
        onion = of["example-onion"]
        work_on_cases(desk, bib, onion[0])
        queued_letter(desk, onion[0])
        fill_in_form(desk, onion[1])
        same_mail(desk)
        split_while_running(desk, pathlib.Path(exitdesk).parent /
                            "../daemon/exitdeskd")
        search_what_leaves(desk, "stadtbibliothek", bib[0])
        members_as_they_are_today(desk, "stadtbibliothek")
        print(f"1..{desk.count}")
        return 1 if desk.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
