#!/usr/bin/env python3
"""Man pages are well formed and say what the files say; TAP. manual.py ROOT"""
import pathlib
import re
import shutil
import subprocess
import sys

# EXAMPLES come first on purpose: they are what people look for.
WANTED = "sections out of conventional order"


def lint(page):
    done = subprocess.run(["mandoc", "-Tlint", "-Wwarning", page],
                          capture_output=True, text=True)
    return [line for line in done.stdout.splitlines() if WANTED not in line]


def shape(page):
    """EXAMPLES before DESCRIPTION, and no reference to a page we lack."""
    text = page.read_text()
    problems = []
    if not 0 < text.find(".Sh EXAMPLES") < text.find(".Sh DESCRIPTION"):
        problems.append("EXAMPLES must stand before DESCRIPTION")
    for name, section in re.findall(r"^\.Xr (exitdesk\S*) (\d)", text, re.M):
        if not (page.parent / f"{name}.{section}").exists():
            problems.append(f"there is no {name}({section})")
    return problems


def copied(page, folder):
    """What is in the files to copy and not in the page that explains them."""
    text = page.read_text().replace("\\e", "\\")
    lines = {line.strip() for line in text.splitlines()}
    return [f"{path.name}: {line.strip()}"
            for path in sorted(folder.iterdir())
            for line in path.read_text().splitlines()
            if not line.startswith("#") and line.strip() not in lines]


def main():
    root = pathlib.Path(sys.argv[1])
    pages = sorted((root / "contrib/man").glob("*.[1-9]"))
    print(f"1..{len(pages)}")
    failed = False
    for number, page in enumerate(pages, 1):
        problems = shape(page)
        if page.name == "exitdesk-postfix.7":
            problems += copied(page, root / "contrib/postfix")
        skip = ""
        if shutil.which("mandoc"):
            problems += lint(page)
        else:
            skip = " # SKIP mandoc is not installed"
        failed |= bool(problems)
        print(f"{'not ok' if problems else 'ok'} {number} {page.name}{skip}")
        for problem in problems:
            print(f"# {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
