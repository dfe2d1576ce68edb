#!/usr/bin/env python3
"""A letter changed and written from the command line, in the demo's desk; TAP.

drafts.py EXITDESK. No daemon: every change is --offline.
"""
import contextlib
import email
import email.policy
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

OWN = """Hello,

192.0.2.77 was a Tor exit then; Stadtbibliothek Musterstadt says so.

A person wrote this.
"""


class Desk:
    def __init__(self, exitdesk, base):
        self.exitdesk, self.home = exitdesk, pathlib.Path(base) / "demo"
        done = subprocess.run([exitdesk, "demo", "--dir", str(self.home)],
                              capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise SystemExit("Bail out! exitdesk demo: " + done.stderr)

    def run(self, *words, expect=0, text=None, env=None):
        """What it printed; both streams."""
        done = subprocess.run(
            [self.exitdesk, "-C", str(self.home), *words],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
            input=(text or "").encode(), env={**os.environ, **(env or {})})
        said = done.stdout.decode()
        if done.returncode != expect:
            raise AssertionError(f"{' '.join(words)}: [{done.returncode}], "
                                 f"not [{expect}]\n{said}")
        return said

    def change(self, *words, **options):
        return self.run("draft", *words, "--offline", **options)

    def shown(self, case, *words):
        return json.loads(self.run("draft", "show", case, "--json", *words))

    def case(self, category):
        for line in self.run("case", "list", "--json").splitlines():
            row = json.loads(line)
            if row["category"] == category and row["verdict"] == "exit" and (
                    row["member"] == "stadtbibliothek"):
                return row["case"]
        raise AssertionError(f"the demo has no case of {category}")


def has(said, *wanted):
    for words in wanted:
        if words not in said:
            raise AssertionError(f"lacks \"{words}\":\n{said}")


def a_change_is_a_version(desk):
    case = desk.case("connection/login_attack")
    before = desk.shown(case)
    said = desk.run("draft", "show", case)
    has(said, "claims    exit-then: yes, consensus 2026-05-03T14:00:00Z")
    for claim in before["claims"]:
        has(said, f" {claim['name']}: {claim['answer']}"
            f"{', ' if claim['exhibit'] else ''}{claim['exhibit']}")
    has(desk.change("edit", case, "--template", "general", "--language", "en",
                    "--by", "Anna B."),
        f"draft approve {case} --version 2", "version   2, by Anna B.",
        "XX/general.en in place of " + before["template"])
    now = desk.shown(case)
    assert now["version"] == 2 and now["state"] == "waiting", now
    assert now["changed_by"] == "Anna B." and now["to"] == before["to"], now
    old = desk.shown(case, "--version", "1")
    assert old["text"] == before["text"] and old["state"] == "replaced", old
    lines = desk.run("draft", "show", case, "--changes").splitlines()
    old_lines = [line[2:].rstrip() for line in lines[2:] if line[:1] in " -"]
    for line in before["text"].splitlines():
        assert line.rstrip() in old_lines, line
    assert any(line.startswith("+ ") for line in lines), lines
    listed = [json.loads(line) for line in
              desk.run("draft", "list", "--all", "--json").splitlines()]
    assert [row["version"] for row in listed if row["case"] == case] == [2]


def a_trial_keeps_nothing(desk):
    case = desk.case("connection/login_attack")
    has(desk.change("edit", case, "--text", "-", "--dry-run", text=OWN),
        "Nothing is changed", "A person wrote this.")
    assert desk.shown(case)["version"] == 2


def own_words_are_looked_at(desk):
    case = desk.case("connection/login_attack")
    has(desk.change("edit", case, "--text", "-", expect=65,
                    text=OWN + "It will not happen again, says § 8 TMG.\n"),
        "will not happen again", "TMG")
    assert desk.shown(case)["version"] == 2


def the_letter_is_what_was_shown(desk):
    case = desk.case("connection/login_attack")
    desk.change("edit", case, "--text", "-", "--subject", "Your report",
                text=OWN)
    shown = desk.shown(case)
    assert shown["text"] == OWN and shown["template"] == "own-words", shown
    assert shown["subject"].startswith(f"[{case}] Your report"), shown
    raw = desk.run("draft", "show", case, "--raw")
    mail = email.message_from_string(raw, policy=email.policy.default)
    assert mail.get_content().replace("\r\n", "\n") == OWN
    assert mail["To"] == shown["to"] and mail["Auto-Submitted"], raw
    assert mail["In-Reply-To"] and mail["X-Exitdesk-Loop"], raw


def a_line_is_shown_whole(desk):
    case = desk.case("connection/login_attack")
    words = "and " * 400 + "the end"
    has(desk.change("edit", case, "--text", "-", "--dry-run",
                    text=OWN + words + "\n"), words)


def an_editor_opens(desk):
    """At a terminal only; script(1) makes one."""
    case = desk.case("connection/login_attack")
    desk.run("draft", "edit", case, "--offline", expect=64)
    line = f"'{desk.exitdesk}' -C '{desk.home}' draft edit {case} --offline"
    done = subprocess.run(
        ["script", "-qec", line, "/dev/null"], timeout=60, text=True,
        stdin=subprocess.DEVNULL, capture_output=True,
        env={**os.environ, "VISUAL": "sed -i s/wrote/typed/"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert desk.shown(case)["text"] == OWN.replace("wrote", "typed")


def the_address_is_one_of_theirs(desk):
    case = desk.case("connection/login_attack")
    for bad in ("abuse@umbrella.example", "no-reply@shop.example", "nobody"):
        desk.change("edit", case, "--to", bad, expect=77)
    has(desk.change("edit", case, "--to", "ciso@shop.example"), "typed by")
    assert desk.shown(case)["source"].startswith("typed by")


def a_yes_names_what_was_read(desk):
    case = desk.case("connection/login_attack")
    version = str(desk.shown(case)["version"])
    has(desk.change("approve", case, expect=75), "--version " + version)
    has(desk.change("approve", case, "--version", "2", expect=75),
        "there is version " + version)
    has(desk.change("approve", case, "--version", version), "Approved")
    has(desk.change("edit", case, "--to", "noc@shop.example", expect=75),
        "the letter is approved")
    has(desk.run("case", "show", case), "Letter approved changed (version")


def a_case_without_one_gets_one(desk):
    case = desk.case("legal/police")
    has(desk.change("edit", case, "--template", "authority", expect=66),
        "exitdesk draft write " + case)
    has(desk.change("write", case, "--template", "authority", expect=77),
        "--checked NAME")
    has(desk.change("write", case, "--template", "authority", "--checked",
                    "RA Beispiel"), "checklist RA Beispiel")
    assert desk.shown(case)["state"] == "waiting"


def nobodys_case_names_nobody(desk):
    case = next(json.loads(line)["case"] for line in
                desk.run("case", "list", "--json").splitlines()
                if json.loads(line)["verdict"] == "not-ours")
    has(desk.change("write", case, "--template", "general", expect=77),
        "Letters that name nobody")
    desk.change("write", case, "--template", "not-ours")
    shown = desk.shown(case)
    assert "Onion Umbrella" in shown["text"] and not shown["member"], shown


def a_relay_has_a_state(desk):
    """What is wrong with it as it stands, and what changed since."""
    has(desk.run("member", "relays", "hackerspace"), "  listed     ok     ")
    with contextlib.closing(sqlite3.connect(
            desk.home / "data" / "exitdesk.db")) as database:
        database.execute(
            "INSERT INTO notice (member, kind, relay, what, holds, noticed, "
            "as_of) VALUES ('hackerspace', 'moved-country', ?, 'It moved.', "
            "0, 1777885200, 1777881600)", (40 * "2",))
        database.commit()
    (desk.home / "members.d" / "unseen.yaml").write_text(
        "name: Unseen\ncountry: NL\nrelays:\n  fingerprints: [" + 40 * "9" +
        "]\ncontacts: []\n")
    told = [json.loads(line)["states"] for member, status in
            (("hackerspace", 0), ("unseen", 1)) for line in
            desk.run("member", "relays", member, "--json", "-q",
                     expect=status).splitlines()]
    (desk.home / "members.d" / "unseen.yaml").unlink()
    assert told == [["moved-country"], ["relay-gone", "contact-unknown"]], told
    kinds = desk.run("member", "notices", "--kinds")
    for word in told[0] + told[1] + ["proof-gone", "address-shared"]:
        has(kinds, f"  {word} ")


def words_of_a_time_have_readings(desk):
    ask = "relay", "lookup", "192.0.2.77"
    has(desk.run(*ask, "03/05/2026 14:02 UTC", expect=1),
        "undecidable: the cited time can be read in 2 ways",
        "\nundecidable  1 of 2 readings, best 2026-03-05T14:02:00Z (",
        "\nexit         1 of 2 readings, best 2026-05-03T14:02:00Z (",
        "demo@MusterBibliothek.example")
    said = json.loads(desk.run(*ask, "03/05/2026 14:02 UTC", "--json",
                               expect=1))
    assert [(row["from"], row["verdict"]) for row in said["readings"]] == [
        ("2026-03-05T14:02:00Z", "undecidable"),
        ("2026-05-03T14:02:00Z", "exit")], said
    one = json.loads(desk.run(*ask, "Sun, 3 May 2026 16:02:11 +0200",
                              "--json"))
    assert one["verdict"] == "exit" and len(one["readings"]) == 1, one
    assert one["readings"][0]["from"] == "2026-05-03T14:02:11Z", one


def a_case_tells_its_documents(desk):
    """By which it was decided, months later, too."""
    for options in ((), ("--for-member",)):
        said = desk.run("case", "show", desk.case("connection/login_attack"),
                        *options)
        has(said, "rests on  consensus          2026-05-03T14:00:00Z  ",
            "          server-descriptor  2026-05-02T11:00:00Z  ",
            "proof     exitdesk relay prove 192.0.2.77 2026-05-03T14:02:")
    command = said.split("proof     exitdesk ")[1].splitlines()[0].split()
    folder = desk.home / "proof"
    has(desk.run(*command[:-1], str(folder)), "check.sh")
    digest = said.split("2026-05-03T14:00:00Z  ")[1].split()[0]
    has((folder / "SHA256SUMS").read_text(), digest)
    nobody = next(json.loads(line)["case"] for line in
                  desk.run("case", "list", "--json").splitlines()
                  if json.loads(line)["subject"].startswith("May offers"))
    assert "rests on" not in desk.run("case", "show", nobody)


TESTS = [a_relay_has_a_state, words_of_a_time_have_readings,
         a_case_tells_its_documents, a_change_is_a_version,
         a_trial_keeps_nothing, own_words_are_looked_at,
         the_letter_is_what_was_shown, a_line_is_shown_whole, an_editor_opens,
         the_address_is_one_of_theirs, a_yes_names_what_was_read,
         a_case_without_one_gets_one, nobodys_case_names_nobody]


def main(exitdesk):
    failed = False
    with tempfile.TemporaryDirectory(prefix="exitdesk-") as base:
        desk = Desk(os.path.abspath(exitdesk), base)
        print(f"1..{len(TESTS)}")
        for number, test in enumerate(TESTS, 1):
            problem = ""
            try:
                test(desk)
            except AssertionError as error:
                problem = str(error) or "no words"
            failed |= bool(problem)
            print(f"{'not ok' if problem else 'ok'} {number} {test.__name__}")
            for line in problem.splitlines()[:30]:
                print(f"# {line}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
