#!/usr/bin/env python3
"""Count what "meson test" left behind: tally.py BUILD-DIRECTORY...

Every TAP line of a test program counts as one test (meson's JUnit file); a
program that failed without a failing line of its own (a crash, a timeout, a
missing plan) counts as one failure more. Prints the names of what failed and
"N passed, M failed, K skipped"; exit status 1 if anything failed or nothing
ran.
"""
import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def count_subtests(path, tally, failed):
    """Add the test cases of one JUnit file; names of programs that failed."""
    unhappy = set()
    for suite in ElementTree.parse(path).getroot().iter("testsuite"):
        program = suite.get("name").split(" / ")[-1]
        for case in suite.iter("testcase"):
            name = f"{program}: {case.get('name')}"
            if case.find("failure") is not None or (
                    case.find("error") is not None):
                tally["failed"] += 1
                failed.append(name)
                unhappy |= {program, case.get("name").split(" / ")[-1]}
            elif case.find("skipped") is not None:
                tally["skipped"] += 1
            else:
                tally["passed"] += 1
    return unhappy


def count_programs(path, unhappy, tally, failed):
    """Add programs that failed without saying which test it was."""
    for line in path.read_text().splitlines():
        test = json.loads(line)
        name = test["name"].split(" / ")[-1]
        bad = test["result"] in ("FAIL", "ERROR", "TIMEOUT", "INTERRUPT",
                                 "UNEXPECTEDPASS")
        if bad and name not in unhappy:
            tally["failed"] += 1
            failed.append(f"{name}: {test['result'].lower()}")


def main():
    tally = {"passed": 0, "failed": 0, "skipped": 0}
    failed = []
    for directory in sys.argv[1:]:
        logs = pathlib.Path(directory) / "meson-logs"
        junit = next(iter(logs.glob("testlog*.junit.xml")), None)
        log = next(iter(logs.glob("testlog*.json")), None)
        if junit is None or log is None:
            tally["failed"] += 1
            failed.append(f"{directory}: no test ran")
            continue
        unhappy = count_subtests(junit, tally, failed)
        count_programs(log, unhappy, tally, failed)
    for name in failed:
        print(f"failed: {name}")
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**tally))
    return 1 if tally["failed"] or not tally["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
