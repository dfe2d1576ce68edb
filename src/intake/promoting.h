/*
 * promoting.h - what staff ask of the desk about a member's trust: invite,
 * promote, pause, resume, end, withdraw. One request is a line of words, the
 * verb first, as the command line sends it.
 */
#pragma once

#include "intake/intake.h"
#include "intake/inviting.h"

/* What stands between a kind and automatic letters. */
typedef enum {
    STEP_CONSENT,
    STEP_CONTACTS,
    STEP_RELAYS,
    STEP_TEXT,
    STEP_DRAFTS,
    STEP_CEILING,
    STEP_POLICY,
    STEP_AGREED, /* last: it is only asked for when all others hold */
    STEP_COUNT
} PromotionStep;
typedef struct {
    bool holds[STEP_COUNT];
    char *said[STEP_COUNT];
} Checklist;
void checklist_clear(Checklist *list);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Checklist, checklist_clear)
/* The lines that people see, "[x]" for what holds. Yours. */
char *checklist_text(const Checklist *list);
bool checklist_holds(const Checklist *list);

bool promoting_check(const Desk *desk, const Member *member,
                     const char *category, Instant now, Checklist *list,
                     GError **error);

/* Do one request: "invite ID ADDRESS [LANG]", "promote ID CATEGORY LEVEL",
 * "pause ID", "resume ID", "end ID SECONDS", "withdraw ID". note: why. *done
 * is false where a step still lacks something. Errors: INVALID, MISSING,
 * CONFLICT, LIMIT, those of the store. */
bool promoting_request(const Desk *desk, const char *subject, const char *note,
                       const char *by, Instant now, char **text, bool *done,
                       GError **error);
