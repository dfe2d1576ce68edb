#!/usr/bin/env python3
"""What help, manual and README show can be typed; TAP.

test_examples.py EXITDESK ROOT. Each example runs against the desk of "exitdesk
demo", with its daemon, in a working directory where the files it names are.
What stands for the reader's own (case ids, places) is replaced as in PLACES.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "faults"))
from rig import Sink  # noqa: E402

# What an example says, and what that is in the demo.
PLACES = [("/var/lib/tor", "collector/recent"), ("/tmp/try", "try")]
# What the demo has no occasion for: the answer that shows that the line was
# understood.
ANSWERS = [
    ("contact confirm", 66, "no question of ours has this token"),
    ("breaker close", 75, "the breaker is not open"),
    ("profile make", 65, "no signature of that mail passed"),
    ("profile make", 78, "the desk has no policies of its own"),
    ("profile approve", 66, "there is no profile"),
    ("key make", 75, "is there already"),
    ("alert acknowledge", 66, "there is no alert for"),
    ("notice seen", 66, "no mail of that number waits"),
    ("member consent", 66, "no question of ours has this token"),
    ("case assign", 75, "given to anna already"),
    ("case reopen", 75, "already open"),
    ("case join", 66, "no case UA-2026-00143-L"),
    ("case split", 66, "no mail with the id"),
    ("case done", 65, "goes into no web form"),
    ("draft approve", 75, "not version 2"),
    ("draft write", 75, "a letter waits already"),
    ("remedy propose", 64, "does not name one address that is harmed"),
    ("remedy propose", 77, "wants no lines proposed"),
    ("remedy show", 66, "there is no remedy 3"),
    ("remedy agree", 66, "there is no remedy 3"),
    ("remedy withdraw", 66, "there is no remedy 3"),
]
CASE, SHORT_CASE = "UA-2026-00142-K", "2026-142-k"
MEMBER = "bib-musterstadt"


class Tap:
    def __init__(self):
        self.count, self.failed = 0, False

    def result(self, name, problem):
        self.count += 1
        self.failed |= bool(problem)
        print(f"{'not ok' if problem else 'ok'} {self.count} {name}")
        for line in (problem or "").splitlines()[:20]:
            print(f"# {line}")


def blocks(page):
    """(the line before, the text) of each literal block of a man page."""
    text = page.read_text()
    for found in re.finditer(
            r"^(.*)\n\.Bd -literal.*\n((?:(?!\.Ed).*\n)*)\.Ed", text, re.M):
        yield found[1], found[2].replace("\\e", "\\").replace("\\&", "")


class Desk:
    """The demo's desk with one member more: that of exitdesk-member(5)."""

    def __init__(self, base, exitdesk, root):
        self.base, self.exitdesk, self.root = base, exitdesk, root
        self.home = base / "demo"
        self.runs = 0
        done = self.command("demo", "--dir", str(self.home))
        if done.returncode:
            raise SystemExit("Bail out! exitdesk demo: " + done.stderr)
        for before, text in blocks(root / "contrib/man/exitdesk-member.5"):
            if f"members.d/{MEMBER}.yaml" in before:
                (self.home / f"members.d/{MEMBER}.yaml").write_text(text)
        with tarfile.open(base / "consensuses.tar.xz", "w:xz") as archive:
            archive.add(self.home / "relay-documents/consensuses",
                        "consensuses-2026-05")
        with tarfile.open(base / "certs.tar.xz", "w:xz") as archive:
            archive.add(self.home / "relay-documents/certificates", "certs")

    def command(self, *words):
        return subprocess.run([self.exitdesk, *words], text=True,
                              stdin=subprocess.DEVNULL, timeout=200,
                              capture_output=True)

    def start(self):
        daemon = pathlib.Path(self.exitdesk).parent / "../daemon/exitdeskd"
        self.drafts = [
            json.loads(line)["case"] for line in self.command(
                "-C", str(self.home), "draft", "list",
                "--json").stdout.splitlines()]
        self.log = open(self.base / "exitdeskd.log", "wb")
        self.daemon = subprocess.Popen(
            [daemon.resolve(), "-C", self.home], stderr=self.log)
        sink = self.home / "sink.sock"  # the demo's own has ended with it
        sink.unlink()
        Sink(str(sink), str(self.home / "lmtp.sock"))
        for _ in range(500):
            if b"ready" in (self.base / "exitdeskd.log").read_bytes():
                return
            time.sleep(0.02)
        raise SystemExit("Bail out! exitdeskd does not start: " +
                         (self.base / "exitdeskd.log").read_text())

    def stop(self):
        self.daemon.send_signal(signal.SIGTERM)
        self.log.close()
        return self.daemon.wait(60)

    def working_directory(self):
        """A new one with all that examples name."""
        self.runs += 1
        work = self.base / f"work-{self.runs}"
        (work / ".local/share/bash-completion/completions").mkdir(
            parents=True)
        (work / "collector").mkdir()
        (work / "collector/recent").symlink_to(self.home / "relay-documents")
        (work / "consensuses-2026-05.tar.xz").symlink_to(
            self.base / "consensuses.tar.xz")
        (work / "certs.tar.xz").symlink_to(self.base / "certs.tar.xz")
        (work / "letter.txt").write_text(
            "Hello,\n\nwe look into it and write again tomorrow.\n")
        (work / "answers.txt").write_text(
            "inetnum: 192.0.2.0 - 192.0.2.255\n"
            "abuse-mailbox: abuse@hoster.example\n")
        (work / "templates").symlink_to(self.root / "templates")
        (work / "working-copy").mkdir()
        for part in ("policies", "templates"):
            (work / "working-copy" / part).symlink_to(self.root / part)
        shutil.copy(self.home / "exitdesk.yaml", work)
        shutil.copy(sorted((self.root / "contrib/demo/mails").iterdir())[0],
                    work / "complaint.eml")
        return work

    def type(self, line, statuses):
        """Run a line as typed at the desk; what is wrong with the result."""
        for shown, here in PLACES:
            line = line.replace(shown, here)
        # A letter can be decided once; each example gets one of its own.
        # What is changed needs its version for a yes: that is the first one.
        changes = "draft edit" in line or "draft write" in line
        case = self.drafts[0 if changes else -1]
        if re.search("draft approve|draft stop|case close", line):
            self.drafts.pop()
        line = line.replace(CASE, case).replace(
            SHORT_CASE, case[3:].replace("-0", "-").lower())
        own = "" if re.search(r" -[CD] ", line) else f" -C '{self.home}'"
        work = self.working_directory()
        done = subprocess.run(
            ["sh", "-c", f"exitdesk() {{ '{self.exitdesk}'{own} \"$@\"; }}\n"
             + line], cwd=work, text=True, timeout=200, capture_output=True,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(work), "LC_ALL": "C.UTF-8"})
        said = f"$ {line}\n[{done.returncode}]\n{done.stderr}{done.stdout}"
        if any(name in line and status == done.returncode and
               words in done.stderr for name, status, words in ANSWERS):
            return None
        if done.returncode not in statuses:
            return said
        if ">" not in line and not (done.stdout + done.stderr).strip():
            return "prints nothing\n" + said
        return self.not_json(done.stdout, said) if "--json" in line else None

    @staticmethod
    def not_json(output, said):
        try:
            for line in output.splitlines():
                json.loads(line)
        except ValueError as error:
            return f"{error}\n{said}"
        return None


def commands(desk):
    """"draft show" and so on, as "exitdesk help" lists them."""
    text = desk.command("help").stdout.split("Commands:\n")[1]
    for line in text.split("\n\n")[0].splitlines():
        yield re.match(r"  ([a-z]+( [a-z]+)?)(?=  | [^a-z])", line)[1]


def try_help(desk, tap):
    for name in commands(desk):
        text = (desk.command("help", *name.split()).stdout or
                desk.command("help", name.split()[0]).stdout)
        # "Exit status 1: any other answer" and the like.
        statuses = {0, 1} if re.search(r"(?i)status[^.]*\b1\b", text) else {0}
        examples = re.match(r"Examples:\n((?:  .*\n)+)", text)
        tap.result(f"help {name} has examples",
                   None if examples else text or "no help")
        for line in examples[1].splitlines() if examples else []:
            tap.result(line.strip(),
                       desk.type(line.strip(), statuses))


def try_manual(desk, tap):
    """Command lines of the pages; exitdesk(1) shows those of the help."""
    for page in sorted((desk.root / "contrib/man").glob("*.[1-9]")):
        if page.name == "exitdesk.1":
            continue
        for _, text in blocks(page):
            for line in text.splitlines():
                if line.startswith("exitdesk "):
                    tap.result(f"{page.name}: {line}",
                               desk.type(line, {0, 1}))


def try_files(desk, tap):
    """The files that pages show are files that the desk takes."""
    man = desk.root / "contrib/man"
    home = desk.base / "etc"
    (home / "members.d").mkdir(parents=True)
    settings = next(blocks(man / "exitdesk.yaml.5"))[1]
    (home / "exitdesk.yaml").write_text(
        settings + f"data: {desk.home}/data\n")
    for page in sorted(man.glob("*.5")):
        for before, text in blocks(page):
            found = re.match(r"\.Pa /etc/exitdesk/(\S+)", before)
            if not found:
                continue
            (home / found[1]).parent.mkdir(parents=True, exist_ok=True)
            (home / found[1]).write_text(text)
    for words in (("config", "check"), ("member", "show", MEMBER),
                  ("policy", "explain", "copyright/p2p", "--country", "DE"),
                  ("profile", "show", "hoster-example"),
                  ("template", "preview", "DE/login-attack.de"),
                  ("template", "lint", "DE/login-attack.de")):
        done = desk.command("-C", str(home), *words)
        tap.result("files of the manual: " + " ".join(words),
                   done.stderr + done.stdout if done.returncode else None)


def try_readme(desk, tap):
    """Commands the README names are commands."""
    text = (desk.root / "README.md").read_text()
    known = set(commands(desk))
    named = re.findall(r"`exitdesk ([a-z]+(?: [a-z]+)?)", text)
    tap.result("README.md names only commands there are", "\n".join(
        name for name in named
        if name not in known and name.split()[0] not in known))
    paths = re.findall(r"`((?:contrib|src|tests)/[\w./-]+)`", text)
    tap.result("README.md names only files there are", "\n".join(
        path for path in paths if not (desk.root / path).exists()))


def main():
    exitdesk, root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="exitdesk-") as base:
        desk = Desk(pathlib.Path(base), exitdesk, root.resolve())
        desk.start()
        try:
            try_help(desk, tap)
            try_manual(desk, tap)
            try_files(desk, tap)
            try_readme(desk, tap)
        finally:
            status = desk.stop()
        tap.result("the daemon ends well", status and f"status {status}")
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
