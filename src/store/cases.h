/*
 * cases.h - what people look at: cases, their record, what waits.
 * See store.h for modes and errors.
 */
#pragma once

#include "store/store.h"

typedef struct {
    char *case_id, *inbox_id, *member, *category, *state, *action, *rule;
    char *why, *verdict, *reporter, *subject;
    Instant received, due, changed;
    char *assigned;  /* who looks after it; or NULL */
    char *form;      /* web form that wants its answer, by hand; or NULL */
    char *joined_to; /* the case of the same matter; or NULL */
} CaseRow;
void case_row_free(CaseRow *row);

/* Filters: NULL fields are not looked at. */
typedef struct {
    const char *member, *state, *reporter, *address; /* cited address text */
    const char *assigned; /* ASCII case does not count */
    Instant since, until;
    guint max;
} CaseFilter;
GPtrArray *store_cases(Store *store, const CaseFilter *filter, GError **error);
/* What waits for a person, by due date then age. Array of CaseRow. */
GPtrArray *store_todo(Store *store, GError **error);

/* One entry of the hash-chained record; appended, never edited. */
typedef struct {
    int64_t number; /* within the case, from 1 */
    Instant at;
    char *kind;       /* received computed public-record decided sent; note:
                         the desk's own, shown to staff only */
    char *what;       /* one sentence */
    char *detail;     /* JSON, or NULL */
    char *hash;       /* hex */
    bool is_unbroken; /* hash fits its predecessor and content */
} RecordEntry;
void record_entry_free(RecordEntry *entry);

typedef struct {
    CaseRow *row;
    char *decision_json, *findings_json, *matches_json;
    GPtrArray *record; /* of RecordEntry */
} Case;
void case_free(Case *found);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Case, case_free)
/* By case id or inbox id. Errors: MISSING. */
Case *store_case(Store *store, const char *id, GError **error);

/* Walk the whole chain. True if unbroken; else the first bad entry is named
 * in error (INVALID). */
bool store_verify_record(Store *store, GError **error);

typedef struct {
    int64_t mails, undecided, parked, cases, drafts_waiting, outbox_waiting,
        sent, failed;
    Instant last_mail, last_sent;
    int64_t database_bytes;
} StoreNumbers;
bool store_numbers(Store *store, StoreNumbers *out, GError **error);
