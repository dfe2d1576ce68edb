#!/usr/bin/env python3
"""What other rules would have decided, over the demo's mails; TAP.

replay.py EXITDESK SOURCE. Each case changes one thing in a working copy and
says what must be found; the database must stay as it was, byte for byte.
"""
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

NOW = "2026-05-05T00:00:00Z"


def edit(path, pattern, new):
    text = path.read_text()
    changed = re.sub(pattern, new, text, flags=re.MULTILINE)
    assert changed != text, f"{path} has no {pattern}"
    path.write_text(changed)


def add_sentence(copy):
    for path in (copy / "templates" / "XX").glob("login-attack.*.txt"):
        path.write_text(path.read_text() + "\nWe thank you for the report.\n")


def forbid_letters(copy):
    for path in (copy / "policies").glob("??.yaml"):
        text = path.read_text()
        path.write_text(re.sub(r"^(\s+)reply: (yes|staff)\b", r"\1reply: no",
                               text, flags=re.MULTILINE))


def forbid_automatic(copy):
    for path in (copy / "policies").glob("??.yaml"):
        text = path.read_text()
        path.write_text(re.sub(r"^(\s+)automatic: allowed\b",
                               r"\1automatic: never", text,
                               flags=re.MULTILINE))


# what is changed, kinds that must be found, kinds that must not
CASES = [
    ("nothing", lambda copy: None, set(), None),
    ("a sentence", add_sentence, {"wording"},
     {"sent-now", "held-now", "letter-gone", "letter-new", "destination"}),
    ("no letters", forbid_letters, {"letter-gone"}, {"sent-now", "letter-new"}),
    ("nothing automatic", forbid_automatic, {"held-now"},
     {"sent-now", "letter-new"}),
]


def digest(home):
    return hashlib.sha256((home / "data" / "exitdesk.db").read_bytes()
                          if (home / "data").is_dir() else
                          next(home.rglob("exitdesk.db")).read_bytes()
                          ).hexdigest()


def replay(exitdesk, home, copy, *more):
    return subprocess.run(
        [exitdesk, "replay", "-C", str(home), "--with", str(copy), "--now", NOW,
         *more], capture_output=True, text=True, timeout=120)


def judge(exitdesk, home, copy, must, must_not):
    done = replay(exitdesk, home, copy, "--json")
    kinds = [json.loads(line)["kind"] for line in done.stdout.splitlines()]
    told = replay(exitdesk, home, copy)
    if done.returncode not in (0, 1):
        return done.stderr
    if done.returncode != (1 if kinds else 0):
        return f"exit status {done.returncode} with {len(kinds)} differences"
    if must_not is None and kinds:
        return f"unchanged rules differ: {done.stdout}"
    if not must <= set(kinds) or set(kinds) & (must_not or set()):
        return f"found {sorted(set(kinds))}, not {sorted(must)}"
    for kind in set(kinds):
        if not re.search(rf"^  {kind} +{kinds.count(kind)} ", told.stdout,
                         re.MULTILINE):
            return f"the summary counts {kind} otherwise: {told.stdout}"
    return None


def main(exitdesk, source):
    with tempfile.TemporaryDirectory() as base:
        home = pathlib.Path(base) / "demo"
        subprocess.run([exitdesk, "demo", "--dir", str(home)], check=True,
                       capture_output=True, timeout=120)
        before, failed = digest(home), False
        print(f"1..{len(CASES) + 2}")
        for number, (name, change, must, must_not) in enumerate(CASES, 1):
            copy = pathlib.Path(base) / f"copy{number}"
            for part in ("policies", "templates"):
                shutil.copytree(pathlib.Path(source) / part, copy / part)
            for local in ("policies", "templates"):
                if (home / local).is_dir():
                    shutil.copytree(home / local, copy / local,
                                    dirs_exist_ok=True)
            change(copy)
            why = judge(exitdesk, home, copy, must, must_not)
            failed |= why is not None
            print(f"{'not ok' if why else 'ok'} {number} {name}")
            for line in (why or "").splitlines():
                print(f"# {line}")
        same = digest(home) == before
        print(f"{'ok' if same else 'not ok'} {len(CASES) + 1} nothing written")
        empty = pathlib.Path(base) / "empty"
        empty.mkdir()
        done = replay(exitdesk, home, empty)
        told = done.returncode == 66 and "nothing to try" in done.stderr
        print(f"{'ok' if told else 'not ok'} {len(CASES) + 2} empty directory")
        return 0 if same and told and not failed else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
