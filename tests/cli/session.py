#!/usr/bin/env python3
"""Command lines and what they print, as one text; TAP.

session.py EXITDESK FILE... Each file holds lines "$ exitdesk ...", what is
printed (standard error as well), and "[status]" if it is not 0. They run in a
copy of the folder config/ beside this file; those named desk-*.txt where
"demo" is the desk of "exitdesk demo", whose daemon has ended. To write a file
anew after reading the difference: session.py EXITDESK --accept FILE...
"""
import difflib
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def play(exitdesk, text, folder):
    """The text with the output that the commands give now."""
    played = []
    for line in text.splitlines():
        if not line.startswith("$ "):
            if line.startswith("#") or (not line and played and
                                        played[-1].startswith("#")):
                played.append(line)
            continue
        if played and not played[-1].startswith("#"):
            played.append("")
        words = shlex.split(line[2:])
        done = subprocess.run(
            [exitdesk, *words[1:]], cwd=folder, text=True, timeout=30,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"})
        played.append(line)
        played += [kept.rstrip().replace(str(folder), ".")
                   for kept in done.stdout.splitlines()]
        if done.returncode:
            played.append(f"[{done.returncode}]")
    return "\n".join(played) + "\n"


def main():
    exitdesk = os.path.abspath(sys.argv[1])
    accept = sys.argv[2] == "--accept"
    files = [pathlib.Path(name) for name in sys.argv[2 + accept:]]
    failed = False
    print(f"1..{len(files)}")
    for number, path in enumerate(files, 1):
        text = path.read_text()
        with tempfile.TemporaryDirectory(prefix="exitdesk-") as folder:
            shutil.copytree(HERE / "config", folder, dirs_exist_ok=True)
            if path.name.startswith("desk-"):
                subprocess.run([exitdesk, "demo", "--dir", folder + "/demo"],
                               check=True, capture_output=True, timeout=100)
            played = play(exitdesk, text, folder)
        if accept:
            path.write_text(played)
        failed |= played != text
        print(f"{'ok' if played == text else 'not ok'} {number} {path.stem}")
        for line in difflib.unified_diff(text.splitlines(),
                                         played.splitlines(), "expected",
                                         "actual", lineterm=""):
            print(f"# {line}")
    return 1 if failed and not accept else 0


if __name__ == "__main__":
    sys.exit(main())
