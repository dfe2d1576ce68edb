/*
 * member.h - a member organisation and which relays are its own.
 *
 * Membership is only ever what members.d/ID.yaml says: fingerprints and
 * prefixes with the times they held. ContactInfo, nickname or a one-sided
 * family never make a member (anyone can copy them).
 */
#pragma once

#include "base/instant.h"
#include "base/ipaddress.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define FINGERPRINT_BYTES 20

typedef enum { AUTOMATION_OFF, AUTOMATION_HOLD, AUTOMATION_AUTO } Automation;
const char *automation_word(Automation automation); /* off hold auto */

/* The highest level the member allows, whatever staff sets. */
typedef enum { CEILING_NEVER, CEILING_ASK, CEILING_AUTOMATIC } Ceiling;

typedef struct {
    char *category; /* "connection/login_attack", "connection/..." prefix
                       "connection", or "*" */
    Automation automation;
    Instant since;
} MemberMode;

typedef struct {
    IpPrefix prefix;
    Instant from, to; /* INSTANT_NONE: open end */
} MemberPrefix;

/* What the member says about itself, usable in letters while it holds. */
typedef struct {
    char *name; /* "no-logs" */
    char *text;
    char *by;
    Instant said, until;
} MemberStatement;

typedef struct {
    char *id;              /* file name without .yaml: [a-z0-9-]{1,40} */
    char *name;            /* legal name, goes into letters */
    char *country;         /* ISO 3166-1 "DE" */
    char *language;        /* BCP 47 "de", of its own people */
    char *website;         /* or NULL */
    char *address;         /* From of its letters; NULL: the desk's address */
    GPtrArray *contacts;   /* of char *: who is asked and told */
    char *pgp_signing_key; /* fingerprint for its letters, or NULL */
    char *notice_zone;     /* IANA name: whose clock notice_hour is of */
    uint32_t notice_hour;  /* of the digest */
    bool answers_by_mail;  /* a yes by mail counts */
    GPtrArray *pgp_keys;   /* of char *: fingerprints of who reads notices */
    GArray *fingerprints;  /* of uint8_t[FINGERPRINT_BYTES], sorted */
    GArray *prefixes;      /* of MemberPrefix */
    GPtrArray *statements; /* of MemberStatement */
    GPtrArray *modes;      /* of MemberMode, most specific wins */
    Automation automation; /* for categories without a mode; OFF at first */
    Ceiling ceiling;
    Instant consent_given; /* INSTANT_NONE: none on record */
    char *consent_by;
    char *mentor;            /* who reads its first letters, too; or NULL */
    uint32_t mentor_letters; /* how many */
    Instant ended;           /* INSTANT_NONE while a member */
} Member;
void member_free(Member *member);

/* All members, with lookups by what a complaint can be matched on. */
typedef struct Members Members;
/* Takes an array of Member over. Errors: CONFIG if two members claim one
 * fingerprint or one prefix at one time (both named). */
Members *members_new(GPtrArray *list, GError **error);
Members *members_ref(Members *members);
void members_unref(Members *members);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Members, members_unref)

guint members_count(const Members *members);
const Member *members_at(const Members *members, guint index);
const Member *members_by_id(const Members *members, const char *id);
const Member *members_by_fingerprint(
    const Members *members, const uint8_t fingerprint[FINGERPRINT_BYTES]);
/* Whose prefix held the address then. */
const Member *members_by_address(const Members *members, const IpAddress *ip,
                                 Instant when);

/* The level for a category: the most specific mode, else automation, and
 * never above the ceiling (ASK caps at HOLD, NEVER at OFF), OFF without
 * consent or after the end. */
Automation member_automation(const Member *member, const char *category,
                             Instant now);

/* How closely a pattern ("*", "connection", "connection/scan") fits: 0 not at
 * all, else more the closer. */
size_t member_category_fit(const char *pattern, const char *category);
/* The file's mode for it; NULL: member->automation counts. */
const MemberMode *member_mode(const Member *member, const char *category,
                              Instant now);
