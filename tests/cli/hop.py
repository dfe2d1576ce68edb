#!/usr/bin/env python3
"""What the doctor says of send.via: who answers there, and who does not; TAP.

hop.py EXITDESK
"""
import json
import pathlib
import queue
import socket
import subprocess
import sys
import tempfile
import threading

SETTINGS = """desk:
  name: Onion Umbrella
  address: abuse@umbrella.example
  mode: %s
receive:
  socket: /nowhere/lmtp.sock
  authserv-id: mx.umbrella.example
send:
  via: %s
data: %s
"""


def serve(family, address, greeting):
    """A server that greets once; its socket and what it is told."""
    server, told = socket.socket(family), queue.Queue()
    server.bind(address)
    server.listen(1)

    def answer():
        peer = server.accept()[0]
        peer.sendall(greeting)
        told.put(peer.recv(100))
        peer.close()

    threading.Thread(target=answer, daemon=True).start()
    return server, told


def sending(exitdesk, home, via, mode="live"):
    """(result, words) of the row "sending"."""
    (home / "exitdesk.yaml").write_text(SETTINGS % (mode, via, home))
    said = subprocess.run([exitdesk, "-C", home, "doctor", "--json"],
                          capture_output=True, text=True, timeout=60).stdout
    for line in said.splitlines():
        row = json.loads(line)
        if row["check"] == "sending":
            return row["result"], row["words"] + " / " + (row["do"] or "")
    return "none", said


def cases(exitdesk, home):
    path = str(home / "smtp.sock")
    yield "no socket", *sending(exitdesk, home, "unix:" + path), \
        "FAIL", "No such file"
    server, told = serve(socket.AF_UNIX, path, b"220 mx.example ESMTP\r\n")
    yield "a socket", *sending(exitdesk, home, "unix:" + path), \
        "ok", "which answers"
    yield "told", "ok", repr(told.get(timeout=20)), "ok", "QUIT"
    server.close()
    yield "nobody behind the socket", \
        *sending(exitdesk, home, "unix:" + path), "FAIL", "start the mail"
    server, _ = serve(socket.AF_INET, ("127.0.0.1", 0), b"554 go away\r\n")
    via = "smtp://127.0.0.1:%d" % server.getsockname()[1]
    yield "no greeting", *sending(exitdesk, home, via), "FAIL", "554 go away"
    server.close()
    yield "a closed port", *sending(exitdesk, home, via), "FAIL", "refused"
    yield "in observe", *sending(exitdesk, home, via, "observe"), \
        "warn", "questions to members"
    server, _ = serve(socket.AF_INET6, ("::1", 0), b"220 mx.example\r\n")
    via = "smtp://[::1]:%d" % server.getsockname()[1]
    yield "IPv6", *sending(exitdesk, home, via), "ok", "which answers"
    server.close()


def main():
    failed = count = 0
    with tempfile.TemporaryDirectory(prefix="exitdesk-") as base:
        for name, result, words, wanted, said in cases(
                sys.argv[1], pathlib.Path(base)):
            count += 1
            good = result == wanted and said in words
            failed += not good
            print("%s %d %s" % ("ok" if good else "not ok", count, name))
            if not good:
                print("# %s: %s" % (result, words))
    print("1..%d" % count)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
