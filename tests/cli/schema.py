#!/usr/bin/env python3
"""Every command that prints JSON prints what contrib/schema/ says; TAP.

schema.py EXITDESK ROOT. Runs the demo in a directory of its own and then each
command on it; a name that the schema does not know is a failure as well, and
so is an exit status that differs from the one without --json. That every
command takes --json is tests/cli/test_commands.c's.
"""
import contextlib
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

import deeds

# Of commands with many lines here, so many also run without --json.
COMPARED_MAX = 1
UNCOMPARED = ("demo", "template-lint")  # take long

TYPES = {"string": str, "integer": int, "boolean": bool, "object": dict,
         "array": list, "null": type(None)}
SCHEMAS = {}  # by file name, for "$ref"


def is_of(value, kind):
    if kind == "integer" and isinstance(value, bool):
        return False
    return isinstance(value, TYPES[kind])


def check(value, schema, where, problems):
    if "$ref" in schema:
        check(value, SCHEMAS[schema["$ref"]], where, problems)
        return
    kinds = schema["type"]
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if not any(is_of(value, kind) for kind in kinds):
        problems.append(f"{where}: {value!r} is not {' or '.join(kinds)}")
        return
    if "enum" in schema and value not in schema["enum"]:
        problems.append(f"{where}: {value!r} is not one of {schema['enum']}")
    if schema.get("format") == "date-time" and value is not None and (
            not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value)):
        problems.append(f"{where}: {value!r} is not a moment")
    if isinstance(value, dict) and "properties" in schema:
        for name in schema.get("required", []):
            if name not in value:
                problems.append(f"{where}: {name} is missing")
        for name, inner in value.items():
            if name not in schema["properties"]:
                problems.append(f"{where}: {name} is not documented")
            else:
                check(inner, schema["properties"][name], f"{where}.{name}",
                      problems)
    if isinstance(value, list) and "items" in schema:
        for number, inner in enumerate(value):
            check(inner, schema["items"], f"{where}[{number}]", problems)


def first_case(run, verb, field):
    for line in run("case", "list", "--json", "--max", "1000").splitlines():
        row = json.loads(line)
        if row["state"] in verb and row[field]:
            return row[field]
    return None


def notice_a_change(desk):
    """The demo's relays never change, so a change is written down."""
    with contextlib.closing(sqlite3.connect(
            desk / "data" / "exitdesk.db")) as database:
        database.execute(
            "INSERT INTO notice (member, kind, relay, what, holds, noticed, "
            "as_of) VALUES ('hackerspace', 'moved-address', ?, "
            "'It was at 192.0.2.1 and is at 192.0.2.2.', 0, 1777885200, "
            "1777881600)", (40 * "A",))
        database.commit()


def commands(run, root, folder):
    """Command line of each schema; None: nothing to run it on."""
    case = first_case(run, ("triage", "drafted", "sending", "answered",
                            "filed"), "case")
    drafts = run("draft", "list", "--all", "--json").splitlines()
    draft = json.loads(drafts[0])["case"] if drafts else None
    mails = sorted((root / "contrib/demo/mails").glob("*.eml"))
    for kind in sorted((root / "tests/golden").iterdir()):
        mails += sorted(kind.glob("*.eml"))[:1]
    return {
        "why": [["why", str(mail)] for mail in mails],
        "demo": [["demo", "--dir", str(folder / "another")]],
        "replay": [["replay", "--with", str(root),
                    "--now", "2026-05-05T00:00Z"]],
        "todo": [["todo"]],
        "case-list": [["case", "list"]],
        "case-brief": [["case", "brief", case]],
        "case-show": [["case", "show", case],
                      ["case", "show", case, "--for-member"]],
        "draft-list": [["draft", "list", "--all"]],
        "draft-show": [["draft", "show", draft]] if draft else [],
        "member-list": [["member", "list"]],
        "member-show": [["member", "show", json.loads(
            run("member", "list", "--json").splitlines()[0])["id"]]],
        "contact-list": [["contact", "list"]],
        "alert-list": [["alert", "list", "--all"]],
        "member-notices": [["member", "notices", "--all"]],
        "member-relays": [["member", "relays", "hackerspace"]],
        "member-suggest": [["member", "suggest"]],
        "relay-list": [["relay", "list"],
                       ["relay", "list", "--at", "2026-05-03T14:00Z"]],
        "relay-lookup": [["relay", "lookup", "192.0.2.77",
                          "2026-05-03T14:02Z", "--port", "22"]],
        "relay-status": [["relay", "status"]],
        "relay-coverage": [["relay", "coverage"]],
        "relay-whois": [["relay", "whois"]],
        "relay-import": [["relay", "import", str(root / "contrib/demo")]],
        "contact-read": [
            ["contact", "read", "email:a[]relays.example ciissversion:2"],
            ["contact", "read", "url:relays.example proof:uri-rsa "
             "ciissversion:2", "--fingerprint", 40 * "A"],
            ["contact", "read", "nobody"]],
        "config": [["config"], ["config", "--all"]],
        "doctor": [["doctor"]],
        "policy-explain": [["policy", "explain", "connection/login_attack",
                            "--country", "DE"]],
        "policy-list": [["policy", "list"]],
        "policy-rules": [["policy", "rules"]],
        "profile-list": [["profile", "list"]],
        "profile-show": [["profile", "show", "hetzner"]],
        "template-list": [["template", "list"]],
        "template-words": [["template", "words"]],
        "template-languages": [["template", "languages"]],
        "template-routes": [["template", "routes"]],
        "template-lint": [["template", "lint"]],
        "template-preview": [["template", "preview", "XX/login-attack.de"]],
    }


def try_command(run, words, schema, name, problems, compare):
    """One line with --json, and without: how many objects there were."""
    done = run(*words, "--json")
    if compare:
        plain = run(*words)
        if plain.returncode != done.returncode:
            problems.append(f"{' '.join(words)}: exit status "
                            f"{plain.returncode}, with --json "
                            f"{done.returncode}")
    return check_output(done.stdout, schema, name, problems)


def check_output(output, schema, name, problems):
    lines = output.splitlines()
    for line in lines:
        try:
            check(json.loads(line), schema, name, problems)
        except ValueError as error:
            problems.append(f"{error}: {line[:200]}")
    return len(lines)


def try_deeds(run, desk, schemas, results):
    """Fill in what became of the commands that change something."""
    for name, words, text, done in deeds.play(run, desk):
        problems, count = results.setdefault(name, ([], 0))
        if text.returncode != done.returncode:
            problems.append(f"{' '.join(words)}: exit status "
                            f"{text.returncode}, with --json "
                            f"{done.returncode}: {done.stderr}")
        count += check_output(done.stdout, schemas[name], name, problems)
        if done.returncode > 1 or (text.stdout and not done.stdout):
            problems.append(f"{' '.join(words)}: [{done.returncode}] "
                            f"{done.stderr or 'nothing printed'}")
        results[name] = (problems, count)


def try_all(run, lines, schemas, results):
    for name, commands_of in lines.items():
        problems, count = [], 0
        for number, words in enumerate(commands_of):
            count += try_command(run, words, schemas[name], name, problems,
                                 number < COMPARED_MAX and
                                 name not in UNCOMPARED)
        if commands_of and not count:
            problems.append("nothing was printed")
        results[name] = (problems, count if commands_of else None)


def main():
    exitdesk, root = sys.argv[1], pathlib.Path(sys.argv[2])
    schemas = {path.stem: json.loads(path.read_text())
               for path in (root / "contrib/schema").glob("*.json")}
    SCHEMAS.update((name + ".json", one) for name, one in schemas.items())
    results = {}
    with tempfile.TemporaryDirectory(prefix="exitdesk-") as folder:
        desk = pathlib.Path(folder) / "desk"

        def run(*words):
            return subprocess.run([exitdesk, "-C", str(desk), *words],
                                  capture_output=True, text=True, timeout=200)

        subprocess.run([exitdesk, "demo", "--dir", str(desk)], check=True,
                       capture_output=True, timeout=120)
        notice_a_change(desk)
        lines = commands(lambda *words: run(*words).stdout, root,
                         pathlib.Path(folder))
        try_all(run, lines, schemas, results)
        try_deeds(run, desk, schemas, results)
    names = sorted(set(schemas) - {"deed"})
    print(f"1..{len(names)}")
    failed = False
    for number, name in enumerate(names, 1):
        problems, count = results.get(
            name, (["no command of that name is known here"], 0))
        failed |= bool(problems)
        skip = " # SKIP nothing to show" if count is None else ""
        print(f"{'not ok' if problems else 'ok'} {number} {name}{skip}")
        for problem in problems[:20]:
            print(f"# {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
