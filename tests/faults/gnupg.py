"""Real OpenPGP keys in a GNUPGHOME of their own, made and used by gpg alone."""
import email
import os
import shutil
import subprocess


def is_there():
    return shutil.which("gpg") and shutil.which("gpg-agent")


class Keyring:
    def __init__(self, home):
        self.home = home
        os.mkdir(home, 0o700)

    def gpg(self, *words, data=None):
        return subprocess.run(
            ("gpg", "--homedir", self.home, "--batch", "--yes", "--no-tty",
             *words), input=data, check=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)

    def make(self, name, expired=False):
        """A key pair; its fingerprint."""
        then = ("--faked-system-time", "20200101T000000!") if expired else ()
        self.gpg(*then, "--pinentry-mode", "loopback", "--passphrase", "",
                 "--quick-generate-key", name, "future-default", "default",
                 "1d" if expired else "never")
        listed = self.gpg("--with-colons", "--list-keys", name).stdout.decode()
        return [line.split(":")[9] for line in listed.splitlines()
                if line.startswith("fpr:")][0]

    def read(self, raw):
        """The text in a message as RFC 3156 wraps it; outside it nothing but
        what every mail has."""
        message = email.message_from_bytes(raw)
        assert message.get_content_type() == "multipart/encrypted", raw
        version, body = message.get_payload()
        assert version.get_content_type() == "application/pgp-encrypted"
        assert body.get_content_type() == "application/octet-stream"
        opened = self.gpg("--decrypt", data=body.get_payload(decode=True))
        inner = email.message_from_bytes(opened.stdout)
        assert inner.get_content_type() == "text/plain", opened.stdout
        return inner.get_payload(decode=True).decode().replace("\r\n", "\n")

    def close(self):
        subprocess.run(["gpgconf", "--homedir", self.home, "--kill", "all"])
