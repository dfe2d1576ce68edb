/*
 * profile.h - reporters known by name: how each signs its mail, and whether,
 * where and how often that mail is answered.
 *
 * DIRECTORY/reporters/NAME.yaml of each policy directory, one a reporter. A
 * profile holds public knowledge only; what is not known is left out, and
 * then the reporter cannot be proven by it. RFC 3834 is absolute for programs
 * without a profile; with one that a person reviewed, the gate goes on.
 *
 * Authority: RFC 3834 sections 2 and 4, RFC 6376, RFC 8601.
 */
#pragma once

#include "policy/law.h" /* Confidence */
#include "report/report.h"

#define PROFILE_PER_DAY   200 /* letters to a proven reporter's domain */
#define PROFILE_TOKEN_MAX 64  /* bytes of a reporter's own number */
#define PROFILE_APPROVALS 2   /* different persons behind a proposed one */

typedef enum {
    REPORTER_FEED,
    REPORTER_HOSTER,
    REPORTER_ISP,
    REPORTER_CERT,
    REPORTER_RIGHTS,
    REPORTER_OTHER,
} ReporterKind;

/* How automatic mail of it is answered. */
typedef enum {
    ANSWER_NEVER,
    ANSWER_FORM_ONLY, /* in a web form, by a person */
    ANSWER_DIGEST,    /* one letter a day and member */
    ANSWER_CASE,      /* one letter for each of its cases */
} ReporterAnswer;

typedef enum { REFERENCE_IN_SUBJECT, REFERENCE_IN_TEXT } ReferencePlace;

const char *reporter_kind_word(ReporterKind kind);
const char *reporter_answer_word(ReporterAnswer answer);

typedef struct {
    char *id;                    /* the file's name: "hetzner" */
    char *file;                  /* where it stands */
    char *sha256;                /* of the file, hex: what an approval is for */
    char *name;                  /* for people */
    bool proposed;               /* has no effect without the approvals */
    GPtrArray *dkim, *selectors; /* of char *; empty: none pinned, any */
    GPtrArray *from;             /* addresses; one "*" in the local part */
    GPtrArray *envelope;         /* domains of its return path */
    bool robot_path; /* its From or return path is of the stop list */
    GPtrArray *subjects, *formats; /* how its mail looks; proves nothing */
    char *to;                      /* NULL: not known; or "return-path" */
    char *template;                /* NULL: that of the policy */
    char *reference;               /* pattern with {token}; or NULL */
    char *form;                    /* web form; or NULL */
    uint32_t deadline_s, per_day;  /* deadline 0: none named */
    GPtrArray *sources;            /* URLs of public knowledge */
    char *reviewed;                /* "none yet", or date and name */
    char *missing;                 /* what is not known; or NULL */
    ReporterKind kind;
    ReporterAnswer answer;
    ReferencePlace reference_in;
    Confidence confidence;
} Profile;
void profile_free(Profile *profile);

/* What the gate is told of the reporter. */
typedef struct {
    const Profile *profile; /* proven to have written; NULL: nobody known */
    const char *quote;      /* its own number as a letter quotes it; or NULL */
    uint32_t letters_1d;    /* to it in a day for this member */
    uint32_t waiting;       /* cases for its digest, and digests for a yes */
    uint32_t letters_of_quote; /* ever, about that number, for this member */
    bool is_reviewed;          /* a letter may leave that nobody reads first */
} ReporterStanding;

typedef struct Profiles Profiles;
/* Read the profiles of every policy directory; a later file replaces one of
 * the same name, but a proposed one stands beside it. Errors: CONFIG with
 * file:line:column, all of them. */
Profiles *profiles_load(const char *const *policy_directories, GError **error);
Profiles *profiles_ref(Profiles *profiles);
void profiles_unref(Profiles *profiles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Profiles, profiles_unref)

/* All of them by name; borrowed while profiles live. */
guint profiles_count(const Profiles *profiles);
const Profile *profiles_at(const Profiles *profiles, guint index);
/* The proposed one of that name if there is one, else that in use; or NULL. */
const Profile *profiles_by_id(const Profiles *profiles, const char *id);

/* Whose mail this looks like, by From, else by Subject or format: what it
 * claims to be, proven by nothing. NULL: nobody's. */
const Profile *profiles_claimed(const Profiles *profiles, const char *from,
                                const Report *report);

/* Is the address one that it writes from? A signature one of its own
 * (selector NULL: not told)? */
bool profile_writes_from(const Profile *profile, const char *address);
bool profile_signs(const Profile *profile, const char *domain,
                   const char *selector);
/* May it lead to a letter that nobody reads first: read by somebody within a
 * year, and not of low confidence? */
bool profile_is_reviewed(const Profile *profile, Instant now);

/* What a letter quotes: the pattern with the one token that stands in the
 * mail's Subject (or among the numbers read in its text), written anew; NULL
 * if there is none, or more than one. Yours. */
char *profile_quote(const Profile *profile, const Report *report);

/* The same for one text, in linear time; is_twice: another token stands
 * there, too. */
char *reference_find(const char *pattern, const char *text, bool *is_twice);
/* What is wrong with a pattern; NULL if nothing. */
const char *reference_objection(const char *pattern);
