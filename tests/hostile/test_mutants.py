#!/usr/bin/env python3
"""Is every rule of the gate missed by a test when it is gone? And every
condition behind them?

usage: test_mutants.py GATE AUTHRES PIN [MUTANTS SURVIVORS]

GATE, AUTHRES and PIN are tests of policy/, built from sources in which each
rule, and with MUTANTS each condition, can be switched off (instrument.py,
mutant.c). SURVIVORS lists conditions whose loss changes nothing, with the
reason. The rules are asked by every run of the tests; the conditions, which
take minutes and of which some survive, by "meson compile mutants". Prints TAP.
"""
import concurrent.futures
import os
import re
import subprocess
import sys


def is_noticed(commands, **environment):
    for command in commands:
        try:
            ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env=dict(os.environ, **environment), timeout=60)
        except subprocess.TimeoutExpired:
            return True
        if ended.returncode != 0:
            return True
    return False


def rules_of(gate):
    source = os.environ["EXITDESK_GATE_RULES"]
    with open(source) as file:
        return re.findall(r'\{"(D\d\d\w*)", ACTION', file.read())


def load_survivors(path):
    with open(path) as file:
        return {line.split("  #")[0].strip() for line in file
                if line.strip() and not line.startswith("#")}


def jobs_of_conditions(mutants):
    with open(mutants) as file:
        conditions = [line.rstrip("\n").split(" ", 2) for line in file
                      if line.strip()]
    return [("%s %s" % (place, what),
             dict(EXITDESK_MUTANT=number))
            for number, place, what in conditions]


def main(gate, authres, pin, mutants=None, survivors=None):
    known = load_survivors(survivors) if survivors else set()
    jobs = [(("rule " + rule), dict(EXITDESK_WITHOUT_RULE=rule)) for rule in rules_of(gate)]
    jobs += jobs_of_conditions(mutants) if mutants else []
    print("1..3")
    # the quick table tests first, then all of them
    commands = [[authres], [pin], [gate, "-p", "/policy/gate/cases"], [gate]]
    whole = not is_noticed(commands)
    print("%sok 1 - with nothing missing all is well" % ("" if whole else "not "))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        noticed = list(pool.map(lambda job: is_noticed(commands, **job[1]), jobs))
    alive = sorted({name for (name, _), was in zip(jobs, noticed) if not was})
    unexpected = [name for name in alive if name not in known]
    print("%sok 2 - every loss is noticed" % ("not " if unexpected else ""))
    for name in unexpected:
        print("# nobody misses: " + name)
    stale = sorted(known - set(alive))
    print("%sok 3 - the list of survivors is true" % ("not " if stale else ""))
    for name in stale:
        print("# is missed after all, or gone: " + name)
    print("# %d asked, %d losses noticed, %d survive" %
          (len(jobs), sum(noticed), len(jobs) - sum(noticed)))
    return 0 if whole and not unexpected and not stale else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:6]))
