/*
 * notices.h - changes of members' relays that wait for a person, and how the
 * relays were when the desk looked last. See store.h for modes and errors.
 */
#pragma once

#include "relay/watch.h"
#include "store/store.h"

/* How they were; empty if nobody looked yet. Array of WatchedRelay. */
GPtrArray *store_watched(Store *store, const char *member, GError **error);

/* Keep a look and what it brought, with an entry of the record (about
 * "member:ID") for each notice; one transaction. as_of: the consensus. */
bool store_notice(Store *store, const char *member, const GPtrArray *look,
                  const GPtrArray *notices, Instant as_of, Instant now,
                  GError **error);

typedef struct {
    int64_t number;
    char *member, *kind, *relay, *what;
    bool holds;
    Instant noticed, as_of;
    Instant settled; /* NONE: it waits */
    char *settled_by, *note;
} NoticeRow;
void notice_row_free(NoticeRow *row);
/* Newest first; member NULL: all; settled ones, too, if wanted. */
GPtrArray *store_notices(Store *store, const char *member, bool with_settled,
                         GError **error);

/* The kind of the oldest notice that holds the member's letters, or NULL.
 * Yours. */
char *store_notice_hold(Store *store, const char *member, GError **error);

/* A person has looked: all that wait for the member, or one (number > 0).
 * *count: how many. */
bool store_settle_notices(Store *store, const char *member, int64_t number,
                          const char *by, const char *note, Instant now,
                          guint *count, GError **error);
