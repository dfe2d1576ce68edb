/*
 * apart_case.h - what a member may see of one of its cases: the one place
 * where that is made, for the file it takes home (member export) and for what
 * staff hand on (case show --for-member).
 *
 * Of a mail that concerns others, too, none of its words are in it; what was
 * computed and decided for this member is, unless it names another. The whole
 * mail's findings never are.
 */
#pragma once

#include "base/json.h"
#include "intake/apart.h"
#include "store/cases.h"
#include "store/drafts.h"

typedef struct {
    const Case *found;
    bool is_shared;       /* the mail concerns others, too */
    const char *reporter; /* these four: NULL, the words, APART_WITH_DESK */
    const char *subject;
    const char *why;
    const char *matches_json; /* NULL: it would tell of others */
    GPtrArray *record;        /* of const char *: what each entry says */
} MemberCase;

/* is_alone: store_trust_is_alone(). Borrows the case, which is of a member. */
MemberCase *member_case_new(const Apart *apart, const Case *found,
                            bool is_alone);
void member_case_free(MemberCase *seen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MemberCase, member_case_free)

/* The fields of a JSON object, without the record; the record as an array. The
 * names are those of case-show.json; what is never shown is null. */
void member_case_put(Json *json, const MemberCase *seen);
void member_case_put_record(Json *json, const MemberCase *seen);
/* Entries of any record about the member, as an array. */
void member_record_put(Json *json, const Apart *apart, const char *member,
                       const GPtrArray *entries);
/* May it have the mail's own bytes? */
bool member_case_may_have_mail(const Apart *apart, const MemberCase *seen,
                               GBytes *raw);
/* May it have the letter's words? Those of the desk's texts name nobody else;
 * what a person wrote or changed may. */
bool member_case_may_have_letter(const Apart *apart, const Draft *letter);
