#!/usr/bin/env python3
"""The recipe of contrib/: a tor that keeps the history fresh; TAP.

test_recipe.py EXITDESK CONTRIB LOCALNET. Asks tor whether it takes the torrc
and systemd whether it takes the units, then plays what they do on the cache
of a real tor 0.4.9.11 in a network of its own.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

AUTHORITY = "auth1 C55012636279D7AB02E6306FCEDDC05A8A1A7003\n"
UNITS = ["exitdesk-tor.service", "exitdesk-relays.service",
         "exitdesk-relays.timer", "exitdesk-relays.path"]
MOMENT = ("127.0.0.1", "2026-11-21T20:29:50Z")


class Tap:
    def __init__(self):
        self.count, self.failed = 0, False

    def result(self, name, problem):
        self.count += 1
        self.failed |= bool(problem)
        print(f"{'not ok' if problem else 'ok'} {self.count} {name}")
        for line in str(problem or "").splitlines()[-20:]:
            print(f"# {line}")

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} {name} # SKIP {why}")


def run(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True,
                          text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_torrc(tap, contrib, base):
    if not shutil.which("tor"):
        tap.skip("tor takes the torrc", "no tor")
        return
    status, out, err = run("tor", "--defaults-torrc", "/dev/null", "-f",
                           contrib / "tor" / "torrc", "--DataDirectory",
                           base / "tor", "--verify-config")
    tap.result("tor takes the torrc",
               None if status == 0 and "Configuration was valid" in out + err
               else out + err)


def test_units(tap, contrib, base):
    if not shutil.which("systemd-analyze"):
        tap.skip("systemd takes the units", "no systemd-analyze")
        return
    units = base / "units"
    units.mkdir()
    for name in UNITS:  # programs that are not installed here do not matter
        text = (contrib / "systemd" / name).read_text()
        for program in ("/usr/bin/exitdesk", "/usr/bin/tor"):
            text = text.replace(f"ExecStart={program}", "ExecStart=/bin/true")
        (units / name).write_text(text)
    status, out, err = run("systemd-analyze", "verify", "--man=no",
                           *(units / name for name in UNITS))
    mine = [line for line in (out + err).splitlines() if "exitdesk-" in line]
    tap.result("systemd takes the units", "\n".join(mine)
               or (None if status == 0 else out + err))


def desk(exitdesk, base, *arguments):
    return run(exitdesk, "-C", base / "exitdesk.yaml", *arguments)


def test_cache(tap, exitdesk, localnet, base):
    cache = base / "cache"
    shutil.copytree(localnet, cache)
    cache.chmod(0o755)
    (base / "authorities").write_text(AUTHORITY)
    (base / "exitdesk.yaml").write_text(
        "desk:\n    name: Test\n    address: abuse@desk.example\n"
        f"relays:\n    directory: {base}/history\n"
        f"    archive: {base}/archive\n    authorities: {base}/authorities\n"
        f"data: {base}/data\n")
    status, out, err = desk(exitdesk, base, "relay", "import", cache, "--json")
    told = json.loads(out) if out else {}
    new = {d["type"]: d["new"] for d in told.get("documents", [])}
    wanted = {"consensus": 2, "certificate": 1, "server-descriptor": 3,
              "microdescriptor": 3}
    problem = None
    if status or told.get("damaged") or told.get("archived") != 4 or \
            any(new.get(k) != v for k, v in wanted.items()):
        problem = f"{status} {out} {err}"
    tap.result("the cache of a real tor is read and archived", problem)
    status, out, err = desk(exitdesk, base, "relay", "import", cache, "--json")
    told = json.loads(out) if out else {}
    tap.result("once", None if not status and told.get("archived") == 0
               and told.get("published") is False else f"{out} {err}")
    status, out, err = desk(exitdesk, base, "relay", "lookup", MOMENT[0],
                            MOMENT[1], "--port", "443", "--json")
    tap.result("its exits are known", None if '"exit"' in out else out + err)
    shutil.rmtree(cache)
    status, out, err = desk(exitdesk, base, "relay", "prove", *MOMENT, "-o",
                            base / "proof")
    problem = None if status == 0 else out + err
    if not problem:
        status, out, err = run("sh", base / "proof" / "check.sh")
        problem = None if status == 0 else out + err
    tap.result("proved from the archive when tor has forgotten", problem)


def main():
    exitdesk, contrib, localnet = (pathlib.Path(a).absolute()
                                   for a in sys.argv[1:4])
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="recipe-") as folder:
        base = pathlib.Path(folder)
        test_torrc(tap, contrib, base)
        test_units(tap, contrib, base)
        if localnet.is_dir():
            test_cache(tap, exitdesk, localnet, base)
        else:
            tap.skip("the cache of a real tor", "shared/ is absent")
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
