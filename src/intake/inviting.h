/*
 * inviting.h - what is asked and told to a member's people about letters in
 * its name: the invitation with the words to agree to, one step of trust, a
 * step back.
 *
 * To agree is an act of its own: a mail to an address that stands in the
 * message alone and works once. An answer to the message goes to the desk's
 * people and agrees to nothing, and so does an automatic one, or silence. A
 * second address pauses everything, whenever mail comes to it.
 */
#pragma once

#include "settings/settings.h"
#include "store/trust.h"

/* The words to agree to, with their version; language "en" if there are none
 * in it. Static. */
typedef struct {
    const char *language, *version;
    const char *subject;
    const char *ask, *in_name, *rest; /* "ask DESK in_name MEMBER rest" */
} Delegation;
const Delegation *delegation_in(const char *language);

/* Who asks whom. */
typedef struct {
    Store *store;
    const Settings *settings;
    GBytes *loop_key;
    const char *by;
    Instant now;
} Inviter;

/* Invite: language NULL is the member's. text: what was done, yours. Errors:
 * MISSING, INVALID, LIMIT, those of the store. */
bool inviting_ask(const Inviter *inviter, const char *member,
                  const char *address, const char *language, char **text,
                  GError **error);
/* Ask for one step: letters of the kind may leave by themselves. */
bool inviting_ask_step(const Inviter *inviter, const Member *member,
                       const char *address, const char *category,
                       GError **error);
/* Tell one step back that nobody was told of yet, each once, to the member's
 * verified contact; at most one message a call. */
bool inviting_tell(Store *store, const Settings *settings, GBytes *loop_key,
                   Instant now, GError **error);
