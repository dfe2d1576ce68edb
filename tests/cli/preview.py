#!/usr/bin/env python3
"""A preview is what leaves; TAP.

preview.py EXITDESK. Every draft and every sent letter of the demo is previewed
from its case, with its template: the same text and subject, and for what was
sent the text of the very bytes that were.
"""
import email
import email.policy
import json
import pathlib
import subprocess
import sys
import tempfile


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise SystemExit(f"Bail out! {' '.join(words)}: {done.stderr}")
    return done.stdout


def sent_texts(home):
    """Case id -> text of the bytes that left."""
    texts = {}
    for path in (home / "letters").glob("*.eml"):
        mail = email.message_from_bytes(path.read_bytes(),
                                        policy=email.policy.default)
        case = mail["Subject"].split("[")[1].split("]")[0]
        texts[case] = mail.get_content().replace("\r\n", "\n")
    return texts


def compare(desk, case, sent):
    shown = json.loads(run(*desk, "draft", "show", case, "--json"))
    seen = json.loads(run(*desk, "template", "preview", shown["template"],
                          "--case", case, "--json"))
    for key in ("text", "subject", "to"):
        if shown[key] != seen[key]:
            return f"{key}:\n{shown[key]}\n-- preview:\n{seen[key]}"
    if sent is not None and sent.strip() != seen["text"].strip():
        return f"sent:\n{sent}\n-- preview:\n{seen['text']}"
    return None


def main(exitdesk):
    with tempfile.TemporaryDirectory() as base:
        home = pathlib.Path(base) / "demo"
        run(exitdesk, "demo", "--dir", str(home))
        desk = [exitdesk, "-C", str(home)]
        drafts = [json.loads(line)["case"] for line in
                  run(*desk, "draft", "list", "--json").splitlines()]
        sent = sent_texts(home)
        failed = False
        cases = sorted(set(drafts) | set(sent))
        for number, case in enumerate(cases, 1):
            problem = compare(desk, case, sent.get(case))
            failed |= bool(problem)
            print(f"{'not ok' if problem else 'ok'} {number} {case}")
            for line in (problem or "").splitlines():
                print(f"# {line}")
        print(f"1..{len(cases)}")
        if len(drafts) < 5 or len(sent) < 2:
            raise SystemExit("Bail out! the demo has too few letters")
        return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
