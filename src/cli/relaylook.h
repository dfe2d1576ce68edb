/*
 * relaylook.h - the relays of a moment, with who is said to run them, for the
 * commands that list them.
 */
#pragma once

#include "cli/commands.h"
#include "relay/attribution.h"
#include "relay/people.h"

typedef struct {
    Fingerprint fingerprint;
    Roster roster;
    bool is_listed;       /* at the moment, or up to three hours before */
    Said contact, family; /* text NULL: not known */
    Contact *read;        /* of contact; NULL: not known or empty */
    const Member *member; /* whose file names it; NULL: nobody's */
    guint relatives;      /* related in both directions; see row_relatives */
    GPtrArray *states;    /* of char *: words of watch.h; NULL: not asked */
} RelayRow;

/* What the rows are drawn from; borrowed texts last as long. */
typedef struct {
    const Settings *settings;
    People *people;
    History *history; /* or NULL */
    Families *families;
    Instant when;   /* the moment */
    bool is_newest; /* it is that of the newest consensus */
} RelayLook;

/* --at, else the newest consensus. Errors: MISSING (nothing imported), usage.
 */
bool relay_look_open(CliContext *context, RelayLook *out, GError **error);
void relay_look_clear(RelayLook *look);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RelayLook, relay_look_clear)

/* All that are known to have been listed until then, by nickname. Array of
 * RelayRow; free with g_ptr_array_unref. */
GPtrArray *relay_look_rows(const RelayLook *look);
/* One of them, also if it was never listed; yours. */
RelayRow *relay_look_row(const RelayLook *look, const Fingerprint *relay);
void relay_row_free(RelayRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RelayRow, relay_row_free)

/* "192.0.2.10 2001:db8::10"; yours. */
char *relay_row_addresses(const RelayRow *row);
/* "A1B2..."; yours. */
char *fingerprint_new_text(const Fingerprint *relay);
/* The contact as it is read: an address, or why there is none; yours. */
char *relay_row_contact(const RelayRow *row);

/* One object of relay-list.json. */
void relay_row_put_json(Json *json, const RelayRow *row);
/* The rows that wanted() wants, as JSON lines or a table; how many. */
typedef bool RelayRowWanted(const RelayRow *row, gpointer data);
guint relay_rows_print(CliContext *context, const GPtrArray *rows,
                       RelayRowWanted *wanted, gpointer data);

#define FLAG_AT                                                                \
    {                                                                          \
        "at", "TIME", "as it was then, not in the newest consensus"            \
    }
