/*
 * early_file.h - what the files of DIR/early hold.
 *
 * For the files early_*.c. All are sections files (sections.h); times are
 * seconds since 1970, addresses 192.0.2.1 as 0xc0000201.
 */
#pragma once

#include "relay/early.h"
#include "relay/sections.h"

#define EARLY_NAME     "early"
#define EARLY_POLICIES "policies"
#define EARLY_NONE     UINT32_MAX

/* What one server said: DIR/early/v2-IDENTITY. */
typedef enum {
    SERVER_LISTINGS,  /* EarlyListing */
    SERVER_HOURS,     /* u32: when it spoke, ascending */
    SERVER_RUNS,      /* ServerRun, by from */
    SERVER_DOCUMENTS, /* EarlyDocument, by when, hash */
    SERVER_TEXT,
    SERVER_SECTIONS
} ServerSection;

/* All that it said between from and to has the listing. */
typedef struct {
    uint32_t listing, from, to;
} ServerRun;

typedef struct {
    uint32_t when;
    uint8_t sha256[32];
    uint32_t name; /* where it begins in the text */
} EarlyDocument;

/* Policies by digest: DIR/early/policies. */
typedef enum {
    POLICY_DIGESTS, /* 20 bytes each */
    POLICY_NUMBERS, /* u32: of each, where its policy begins in the text */
    POLICY_TEXT,
    POLICY_SECTIONS
} PolicySection;

/* What follows: DIR/early/v2. */
typedef enum {
    FOUND_HOURS,     /* FoundHour, ascending */
    FOUND_RUNS,      /* FoundRun, by address, from */
    FOUND_DOCUMENTS, /* EarlyDocument, by when, hash */
    FOUND_TEXT,
    FOUND_SECTIONS
} FoundSection;

/* Known from here for an hour. */
typedef struct {
    uint32_t from;
    uint16_t servers, heard; /* of that time; that spoke */
} FoundHour;

/* In all known hours from..to the relay was at the address. */
typedef struct {
    uint32_t address;
    uint32_t from, to;
    uint8_t fingerprint[20];
    char nickname[20];
    uint32_t flags;   /* EARLY_... */
    uint32_t policy;  /* text, or EARLY_NONE */
    uint32_t is_sure; /* 0: too few servers say so for a yes, too many for a
                         no */
} FoundRun;

extern const SectionLayout SERVER_LAYOUT, POLICY_LAYOUT, FOUND_LAYOUT;

/* One server, for early_build.c. */
typedef struct {
    const EarlyListing *listings;
    const uint32_t *hours;
    const ServerRun *runs;
    size_t listing_count, hour_count, run_count;
} ServerView;

/* The policy of a descriptor, or NULL. */
typedef const char *(*EarlyPolicyOf)(const uint8_t digest[20], gpointer data);

/* Derive the hours; documents and their text are taken over. The bytes of
 * DIR/early/v1 or v2. */
GBytes *early_build(const Authorities *authorities, guint protocol,
                    const ServerView *servers, guint count,
                    EarlyPolicyOf policy_of, gpointer data,
                    const GArray *documents, const GString *text);
