#!/usr/bin/env python3
"""Golden complaints through the whole pure pipeline.

Each FOLDER/NNN-what.eml is read by "exitdesk why", the operator's own command.
Beside it stands what a person says of it, in one or both of two forms:

  NNN-what.facts     facts that hold however the program works, written from the
                     mail alone; only what is stated is checked (see FACTS)
  NNN-what.expected  what "exitdesk why" prints, read by a person line by line;
                     for a few mails that show every part of the output. Of the
                     rules only the one that decides is kept: the others belong
                     to the policy, which has tests of its own

known-misses.txt lists mails that do not hold yet, each with the rule that is
missing; they are read all the same, counted by --rates and reported as skipped.

golden.py EXITDESK [MODE] [WORD...] looks at the mails whose name holds a WORD:
  (none)    TAP, one test a mail
  --show    TAP and the output of each mail that fails
  --rates   how many facts of each kind hold
  --accept  write the .expected that exist anew, after reading the difference
"""
import collections
import concurrent.futures
import datetime
import difflib
import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = 30
ZONES = datetime.timedelta(hours=14)  # no zone is further from UTC
ENVIRONMENT = {**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"}


def run(exitdesk, *arguments):
    done = subprocess.run([exitdesk, "why", *arguments], capture_output=True,
                          timeout=SECONDS, env=ENVIRONMENT)
    if done.returncode not in (0, 1):
        return f"exit status {done.returncode}\n{done.stderr.decode()}"
    return done.stdout.decode()


# Facts: "kind value [value...]", one a line, '#' begins a remark. A value may
# be several joined by '|': any of them is right. "todo" in front: it is right,
# and known not to be found yet.

def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def time_range(words):
    """2026-03-10T07:11:02Z, A..B, or ~A: A on a clock of unknown zone."""
    if words.startswith("~"):
        middle = instant(words[1:] + "Z")
        return middle - ZONES, middle + ZONES
    first, _, last = words.partition("..")
    return instant(first), instant(last or first)


def time_holds(time, words):
    if not words:
        return True
    if words[0] == "-":
        return time is None
    if not time or not time["readings"]:
        return False
    first, last = time_range(words[0])
    if not first <= instant(time["readings"][0]["from"]) <= last:
        return False
    return len(words) < 2 or time["certain"] == (words[1] == "certain")


def offenders(answer):
    return [i for i in answer["incidents"] if i["role"] == "offender"]


def check_offender(answer, words):
    """offender ADDRESS [- | TIME [certain | uncertain]]"""
    cited = [i for i in offenders(answer) if i["address"] == words[0]]
    if any(time_holds(i["time"], words[1:]) for i in cited):
        return None
    return " ".join(f"{i['address']} {i['role']} {i['time']}"
                    for i in answer["incidents"])


def check_no_offender(answer, words):
    found = [i["address"] for i in offenders(answer)]
    return " ".join(found) or None


def check_not_offender(answer, words):
    found = [i for i in offenders(answer) if i["address"] == words[0]]
    return found[0]["role_why"] if found else None


def check_target_port(answer, words):
    found = [str(i["target"]) for i in offenders(answer)]
    if any(f.endswith(f":{words[0]}") for f in found):
        return None
    return " ".join(found) or "none"


def check_target(answer, words):
    found = [i["target"] or "" for i in offenders(answer)]
    if any(f.partition(":")[0] == words[0] for f in found):
        return None
    return " ".join(found) or "none"


def check_protocol(answer, words):
    found = [str(i["protocol"]) for i in offenders(answer)]
    return None if words[0] in found else " ".join(found) or "none"


def check_one(field):
    def check(answer, words):
        value = str(answer[field])
        return None if value in words[0].split("|") else value
    return check


def check_deadline(answer, words):
    value = str(answer["deadline"])
    return None if value.startswith(words[0]) else value


def check_holds(field):
    def check(answer, words):
        found = set(answer[field])
        if found & set(" ".join(words).split("|")):
            return None
        return " ".join(found) or "none"
    return check


def check_no_reference(answer, words):
    return words[0] if words[0] in answer["references"] else None


def check_not_sensitive(answer, words):
    return " ".join(answer["sensitive"]) or None


FACTS = {
    "disposition": check_one("disposition"),
    "category": check_one("category"),
    "sender": check_one("sender_class"),
    "language": check_one("language"),
    "deadline": check_deadline,
    "reference": check_holds("references"),
    "no-reference": check_no_reference,
    "sensitive": check_holds("sensitive"),
    "not-sensitive": check_not_sensitive,
    "flag": check_holds("flags"),
    "offender": check_offender,
    "not-offender": check_not_offender,
    "no-offender": check_no_offender,
    "target": check_target,
    "target-port": check_target_port,
    "protocol": check_protocol,
}


def facts_of(mail):
    file = mail.with_suffix(".facts")
    if not file.exists():
        return []
    lines = (line.split("#", 1)[0] if line.startswith("#") else
             line.split(" # ")[0] for line in file.read_text().splitlines())
    return [line.split() for line in lines if line.strip()]


def check_fact(answer, words):
    """(kind, words, None or what was found instead, is it a todo)"""
    is_todo = words[0] == "todo"
    kind, *values = words[is_todo:]
    found = FACTS[kind](answer, values)
    return kind, values, found, is_todo


def check_facts(exitdesk, mail):
    facts = facts_of(mail)
    if not facts:
        return []
    text = run(exitdesk, "--json", str(mail))
    try:
        answer = json.loads(text)
    except ValueError:
        return [("disposition", [], text, False)]
    return [check_fact(answer, words) for words in facts]


RULE = re.compile(r"^ {10,}D\d\d[a-z]? \w+: .*\n", re.MULTILINE)


def compare(exitdesk, mail, mode):
    file = mail.with_suffix(".expected")
    if not file.exists():
        return []
    actual = RULE.sub("", run(exitdesk, str(mail)))
    expected = file.read_text()
    if actual != expected and mode == "--accept":
        file.write_text(actual)
    return list(difflib.unified_diff(
        expected.splitlines(), actual.splitlines(), "expected", "actual",
        lineterm=""))


def judge(exitdesk, mail, mode):
    facts = check_facts(exitdesk, mail)
    misses = [f"{kind} {' '.join(words)}: found {found}"
              for kind, words, found, is_todo in facts
              if found is not None and not is_todo]
    misses += [f"{kind} {' '.join(words)}: is found now, take off the todo"
               for kind, words, found, is_todo in facts
               if found is None and is_todo]
    misses += compare(exitdesk, mail, mode)
    if not (facts or mail.with_suffix(".expected").exists()):
        misses.append("neither .facts nor .expected says what is right")
    if misses and mode == "--show":
        misses += run(exitdesk, str(mail)).splitlines()
    return facts, misses


def known_misses():
    """{FOLDER/NNN-what: the rule that is missing}"""
    lines = (HERE / "known-misses.txt").read_text().splitlines()
    return dict(line.split(maxsplit=1) for line in lines
                if line.strip() and not line.startswith("#"))


def skipped(reason, facts, misses):
    """What to say of a listed mail, or None: no reason excuses a failed run."""
    if any(kind == "disposition" and not words for kind, words, _, _ in facts):
        return None
    return reason if misses else "holds now, take it off known-misses.txt"


def print_result(name, number, skip, misses, mode):
    if skip:
        print(f"ok {number} {name} # SKIP {skip}")
    else:
        print(f"{'not ok' if misses else 'ok'} {number} {name}")
    for miss in misses if not skip or mode == "--show" else []:
        print(f"# {miss}")
    return bool(misses) and not skip


def print_rates(results):
    stated, held = collections.Counter(), collections.Counter()
    for facts, _ in results:
        for kind, _, found, _ in facts:
            stated[kind] += 1
            held[kind] += found is None
    for kind in FACTS:
        print(f"{kind:14} {held[kind]:4} of {stated[kind]:4}")
    print(f"{'mails':14} {sum(not m for _, m in results):4} "
          f"of {len(results):4}")


def main():
    exitdesk, *arguments = sys.argv[1:]
    mode = next((a for a in arguments if a.startswith("--")), "")
    words = [a for a in arguments if not a.startswith("--")]
    mails = [m for m in sorted(HERE.glob("*/*.eml"))
             if not words or any(w in str(m.relative_to(HERE)) for w in words)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda m: judge(exitdesk, m, mode), mails))
    if mode == "--rates":
        print_rates(results)
        return 0
    known, failed = known_misses(), 0
    print(f"1..{len(mails)}")
    for number, (mail, (facts, misses)) in enumerate(zip(mails, results), 1):
        name = f"{mail.parent.name}/{mail.stem}"
        skip = name in known and skipped(known[name], facts, misses)
        failed += print_result(name, number, skip, misses, mode)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
