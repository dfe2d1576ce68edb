/*
 * digesting.h - reporters that want one letter a day get one.
 *
 * The first case of a day is answered by itself (rule D17f counts it); what
 * comes behind it waits, as does what a person must approve anyhow. At the
 * desk's hour (send.digest-hour, in notices.zone) the cases of one reporter and
 * one member are decided again, each by itself by the whole gate; those that
 * may be answered get one letter, the others are held with their own rule. The
 * letter is one like any other: one draft or one outbox row, one count.
 *
 * Never two letters on one day of the desk, and none while the last digest
 * still waits for a yes. Where only one case waits its letter is that which it
 * would have had.
 */
#pragma once

#include "intake/intake.h"
#include "store/digests.h"

/* What a digest's letter is about, all its cases together; borrowed. For a
 * case that is decided by itself rows is NULL. */
struct DigestLetter {
    const GPtrArray *rows; /* of DigestRow (reply/digest_words.h) */
    const Findings *findings;
    const Ticket *ticket;
    const GPtrArray *matches;
    bool is_held; /* one of its cases needs a person's yes */
};

/* May these hits of the gate stand before a digest's letter? They speak of the
 * desk, the member or the reporter, not of the case. */
bool digesting_is_common(const Decision *decision);

/* After the gate: does the case wait for the digest? Then it has no letter
 * now. is_for_person: no review opens its letter. */
void digesting_settle(const Judgement *judgement, JudgedTicket *judged,
                      bool is_for_person);

/* Write the digests whose time has come; *written: how many letters. At most
 * one reporter's in a call: *more is true if others are due. Doing it twice is
 * harmless. Errors: those of the store and of reading. */
bool digesting_run(const Desk *desk, Instant now, guint *written, bool *more,
                   GError **error);

/* When the digest of these cases is written, if nothing changes: NONE while
 * another waits for a yes (*behind, yours, says which case). */
bool digesting_next(Store *store, const Settings *settings,
                    const DigestGroup *group, Instant now, Instant *when,
                    char **behind, GError **error);
/* "waits for the digest to feed, at 2026-05-05 06:00 UTC", or for a later one,
 * if those before it fill that; *out is NULL if the case waits for none. */
bool digesting_says(Store *store, const Settings *settings, const char *case_id,
                    Instant now, char **out, GError **error);
