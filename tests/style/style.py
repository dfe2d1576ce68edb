#!/usr/bin/env python3
"""The rules of the tree that a program can check; prints TAP.

style.py ROOT. What may be longer or elsewhere, and why, stands in the tables
at the top; a new exception needs a reason that a stranger accepts.
"""
import pathlib
import re
import shutil
import subprocess
import sys

# A file includes only what stands before it; equal numbers never each other.
ORDER = {"base": 0, "mail": 1, "report": 2, "incident": 3, "reader": 4,
         "relay": 5, "ticket": 6, "policy": 7, "reply": 8, "store": 9,
         "settings": 10, "intake": 11, "receive": 12, "courier": 12,
         "cli": 12, "daemon": 13}
RIM = 12

# Headers of a third-party library -> where its one home is.
HOMES = {
    "libfyaml.h": ["src/base/yaml.c"],
    "gmime/": ["src/mail/"],
    "libxml/": ["src/mail/"],
    "libexttextcat/": ["src/report/"],
    "jansson.h": ["src/report/", "src/relay/"],
    "expat.h": ["src/base/xml.c"],
    "archive": ["src/base/unpack", "src/base/pack.c"],
    "lzma.h": ["src/base/unpack_source.c"],
    "sqlite3.h": ["src/store/"],
    "uv.h": ["src/receive/"],
    "libetpan/": ["src/courier/"],
    "seccomp.h": ["src/reader/"],
    "systemd/": ["src/receive/"],
    # Digests; the pinned keys of Tor's authorities; TLS and DKIM.
    "openssl/": ["src/base/", "src/relay/", "src/courier/"],
    "gpgme.h": ["src/reply/pgp.c"],
}

HEADER_LINES = 120
FUNCTION_LINES = 60
FILE_LINES = 500
# Tables may be longer, each for its reason; a row is read by itself.
WORDS = "rows of one table, whose order and weights are compared across it"
LONG_FILES = {
    "src/incident/role_labels.c": "rows of one table, read by key",
    "src/incident/role_phrases.c": WORDS + "; the nearest phrase wins",
    "src/report/category_pairs.c": "pairs and their sides, numbered together",
    "src/report/category_words.c": WORDS + "; categories outweigh each other",
    "src/report/csv_heads.c": "rows of one table; each head stands there once",
    "src/report/deadline_words.c": WORDS + ", a language after the other",
    "src/report/demand_words.c": WORDS + ", a language after the other",
    "src/report/disposition_words.c": WORDS,
    "src/report/sender_words.c": WORDS,
    "src/report/sensitive_words.c": WORDS,
    "src/store/statements.c": "the only SQL: columns that are read in one "
                              "order stand there once, as macros",
    "src/store/statements.h": "the names of those, in the same order",
}

FORBIDDEN = [
    (r"\b(TODO|FIXME|XXX|HACK)\b", "a note to oneself"),
    (r"\bgoto\b", "goto"),
    (r"\bg(char|int|boolean|pointer \*|double|float)\b(?!\.)",
     "a GLib name for a C type"),
    (r"\bGS?List\b", "a GList"),
    (r"\bGRegex\b", "GRegex"),
    (r"\bg_return(_val)?_if_fail\b", "g_return_if_fail"),
    (r"\b(strcpy|strcat|sprintf|gets|strtok|system|popen)\s*\(",
     "an unsafe call"),
]
# Where a forbidden word is right, with the reason.
ALLOWED = {
    ("src/base/instant.c", "an unsafe call"),  # a buffer of fixed size
}


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = False

    def result(self, name, problems):
        self.count += 1
        ok = "not ok" if problems else "ok"
        self.failed |= bool(problems)
        print(f"{ok} {self.count} {name}")
        for problem in problems:
            print(f"# {problem}")

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} {name} # SKIP {why}")

    def end(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0


def without_comments(text):
    """The same lines with comments and string contents blanked."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.S)
    return pattern.sub(lambda m: '""' + "\n" * m[0].count("\n")
                       if m[0][0] == '"' else "\n" * m[0].count("\n"), text)


def stage(path, root):
    """The name in ORDER of a file under src/."""
    return path.relative_to(root / "src").parts[0]


def check_includes(root, files):
    problems = []
    for path in files:
        here = stage(path, root)
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = re.match(r'#include "([^"]+)"', line)
            if not found:
                continue
            where = f"{path.relative_to(root)}:{number}"
            target = root / "src" / found[1]
            if not target.is_file():
                problems.append(f"{where}: \"{found[1]}\" is not a path from "
                                "src/")
                continue
            there = stage(target, root)
            if here not in ORDER or there not in ORDER:
                problems.append(f"{where}: {here} or {there} has no place in "
                                "the order")
            elif here != there and ORDER[there] >= ORDER[here]:
                problems.append(f"{where}: {here} must not know {there}")
    return problems


def check_libraries(root, files):
    problems = []
    private = {}
    for path in files:
        name = str(path.relative_to(root))
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = re.match(r"#include <([^>]+)>", line)
            home = found and next((h for p, h in HOMES.items()
                                   if found[1].startswith(p)), None)
            if not home:
                continue
            if not any(name.startswith(h) for h in home):
                problems.append(f"{name}:{number}: <{found[1]}> has its home "
                                f"in {' and '.join(home)}")
            if path.suffix == ".h":
                private[str(path.relative_to(root / "src"))] = path.parent
    # A header that shows a library is its folder's own affair.
    for path in files:
        for header, folder in private.items():
            if (f'#include "{header}"' in path.read_text() and
                    path.parent != folder):
                problems.append(f"{path.relative_to(root)}: {header} shows a "
                                "library that is not at home here")
    return problems


def check_lengths(root, files):
    problems = []
    for path in files:
        name = str(path.relative_to(root))
        lines = path.read_text().splitlines()
        if (path.suffix == ".h" and len(lines) > HEADER_LINES and
                name not in LONG_FILES):
            problems.append(f"{name}: {len(lines)} lines, a header has at "
                            f"most {HEADER_LINES}")
        if len(lines) > FILE_LINES and name not in LONG_FILES:
            problems.append(f"{name}: {len(lines)} lines, at most "
                            f"{FILE_LINES}")
        start = None
        for number, line in enumerate(lines, 1):
            if line == "{":
                start = number
            elif line == "}" and start:
                if number - start - 1 > FUNCTION_LINES:
                    problems.append(f"{name}:{start}: a function of "
                                    f"{number - start - 1} lines, at most "
                                    f"{FUNCTION_LINES}")
                start = None
    return problems


def check_words(root, files):
    problems = []
    for path in files:
        name = str(path.relative_to(root))
        raw = path.read_text()
        code = without_comments(raw).splitlines()
        for pattern, what in FORBIDDEN:
            text = raw.splitlines() if "note" in what else code
            for number, line in enumerate(text, 1):
                if re.search(pattern, line) and (name, what) not in ALLOWED:
                    problems.append(f"{name}:{number}: {what}")
    return problems


def check_headers(root, files):
    problems = []
    for path in files:
        if path.suffix != ".h":
            continue
        text = path.read_text()
        name = str(path.relative_to(root))
        if not text.startswith(f"/*\n * {path.name} - "):
            problems.append(f"{name}: must begin with \"{path.name} - what it "
                            "is for\"")
        if "#pragma once" not in text:
            problems.append(f"{name}: #pragma once is missing")
    return problems


def check_names(root, files):
    bad = {"utils", "util", "common", "misc", "helpers"}
    return [f"{path.relative_to(root)}: a thing without a home means a "
            "missing noun" for path in files if path.stem in bad]


def check_format(files):
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *files],
                          capture_output=True, text=True)
    return [line for line in done.stderr.splitlines() if "error:" in line][:40]


def check_root(root):
    known = {"README.md", "meson.build", "LICENSE", "CHANGELOG.md", "demo",
             "check", "templates", "policies", "contrib", "tests", "src"}
    return [f"{path.name}: the root holds only {', '.join(sorted(known))}"
            for path in root.iterdir()
            if path.name not in known and not path.name.startswith(".") and
            not path.name.startswith("build") and path.name != "demo-data"]


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    files = sorted([*(root / "src").rglob("*.c"), *(root / "src").rglob("*.h")])
    tests = sorted((root / "tests").rglob("*.[ch]"))
    tap = Tap()
    tap.result("a file includes only what stands to its left",
               check_includes(root, files))
    tap.result("a library has one home", check_libraries(root, files))
    tap.result("lengths of files, headers and functions",
               check_lengths(root, files + tests))
    tap.result("words that must not stand there",
               check_words(root, files + tests))
    tap.result("headers say what they are for", check_headers(root, files))
    tap.result("no file without a noun", check_names(root, files))
    tap.result("the root is tidy", check_root(root))
    if shutil.which("clang-format"):
        tap.result("clang-format", check_format(files + tests))
    else:
        tap.skip("clang-format", "is not installed")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
