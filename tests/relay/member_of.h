/* member_of.h - members for tests, from a few words. */
#pragma once

#include "relay/member.h"

/* "ID relay=NICK,NICK prefix=192.0.2.0/24@FROM..TO,..." ; a relay's
 * fingerprint is that of network.h. */
Member *member_of(const char *words);
/* NULL-terminated list of the same. */
Members *members_of(const char *const *all);
