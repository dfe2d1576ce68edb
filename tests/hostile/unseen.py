"""Combinations of patterns that nobody wrote down, from a seed."""
import random

import legit
import patterns

COUNT = 3000
GRAFTED = ("envelope", "above", "below", "extra", "body", "results", "tags")


def combinations(seed):
    """Parts of hostile mails put upon each other. A part that is hostile
    stays so in any company that does not replace it: at least one does."""
    chance = random.Random(seed)
    hostile = [mail for _, make in patterns.FAMILIES for mail in make(seed)
               if mail.expect != "send" and mail.instead is None]
    for number in range(COUNT):
        first, second = chance.choice(hostile), chance.choice(hostile)
        mail = first.copy("%s + %s" % (first.name, second.name))
        # what makes the first hostile stays: only its other parts change
        plain = patterns.Mail("plain", first.number)
        for part in GRAFTED:
            theirs = getattr(second, part)
            is_ours = getattr(first, part) != getattr(plain, part)
            if part == "extra":
                mail.extra = first.extra + second.extra
            elif part not in ("results", "tags", "body") and not is_ours \
                    and theirs is not None and chance.random() < 0.7:
                setattr(mail, part, theirs)
            elif part == "body" and not is_ours and chance.random() < 0.5:
                mail.body = theirs
        mail.expect = "hold"
        yield mail
