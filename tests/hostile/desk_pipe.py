"""hostile_desk as an object: a mail in, what became of it out."""
import subprocess


class Outcome:
    def __init__(self, action, rule, template, letters):
        self.action, self.rule, self.letters = action, rule, letters
        self.template = template  # "XX/login-attack.en", "-" without a draft


class Desk:
    def __init__(self, program, *arguments):
        self.process = subprocess.Popen([program, *arguments],
                                        stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def give(self, mail):
        raw = mail.raw()
        sender = {None: "-", "": "<>"}.get(mail.envelope, mail.envelope)
        sender = sender.replace(" ", "_") or "-"
        head = "MAIL %s %d %s %s %d\n" % (mail.mode, mail.now, sender,
                                          mail.recipient, len(raw))
        self.process.stdin.write(head.encode("utf-8", "surrogateescape") + raw)
        self.process.stdin.flush()
        line = self.process.stdout.readline().split()
        if len(line) != 4:
            raise AssertionError("the desk died of " + mail.name)
        letters = []
        for _ in range(int(line[2])):
            to, path, length = self.process.stdout.readline().split()
            letters.append((to.decode(), path.decode(),
                            self.process.stdout.read(int(length))))
        return Outcome(line[0].decode(), line[1].decode(), line[3].decode(),
                       letters)

    def close(self):
        self.process.stdin.close()
        return self.process.wait(30)
