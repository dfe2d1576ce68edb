#include "intake/promoting.h"

#include "base/errors.h"
#include "intake/trusting.h"
#include "store/notices.h"

#include <stdlib.h>
#include <string.h>

void checklist_clear(Checklist *list)
{
    for (guint i = 0; i < STEP_COUNT; i++)
        g_clear_pointer(&list->said[i], g_free);
}

static const char *const STEPS[STEP_COUNT] = {
    [STEP_CONSENT] = "delegation agreed",
    [STEP_CONTACTS] = "two contacts answer mail",
    [STEP_RELAYS] = "relays verified",
    [STEP_TEXT] = "letter reviewed",
    [STEP_DRAFTS] = "drafts approved unchanged",
    [STEP_CEILING] = "member allows automatic",
    [STEP_POLICY] = "policy allows automatic",
    [STEP_AGREED] = "member agreed to this step",
};

char *checklist_text(const Checklist *list)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < STEP_COUNT; i++)
        g_string_append_printf(out, " [%c] %-27s %s\n",
                               list->holds[i] ? 'x' : ' ', STEPS[i],
                               list->said[i] ? list->said[i] : "");
    return g_string_free(out, FALSE);
}

bool checklist_holds(const Checklist *list)
{
    for (guint i = 0; i < STEP_COUNT; i++)
        if (!list->holds[i])
            return false;
    return true;
}

static void set(Checklist *list, PromotionStep step, bool holds, char *said)
{
    list->holds[step] = holds;
    list->said[step] = said;
}

/* ---- the steps ---------------------------------------------------------- */

static void check_consent(const Member *member, const TrustState *state,
                          Instant now, Checklist *list)
{
    bool holds = trust_has_consent(member, state, now);
    bool is_kept = state->consent != INSTANT_NONE;
    char day[INSTANT_TEXT_MAX];
    instant_text(is_kept ? state->consent : member->consent_given, day);
    set(list, STEP_CONSENT, holds,
        holds
            ? g_strdup_printf("%.10s, %s", day,
                              is_kept ? state->consent_by : member->consent_by)
            : g_strdup("not yet: exitdesk member invite"));
    set(list, STEP_CEILING, member->ceiling == CEILING_AUTOMATIC,
        g_strdup(member->ceiling == CEILING_AUTOMATIC
                     ? "ceiling: automatic"
                     : "its file's ceiling is lower"));
}

static bool check_contacts(const Desk *desk, const Member *member, Instant now,
                           Checklist *list, GError **error)
{
    g_autoptr(GPtrArray) rows = store_contacts(desk->store, error);
    GString *said = g_string_new(NULL);
    guint count = 0;
    for (guint i = 0; rows && i < rows->len; i++) {
        const ContactRow *row = rows->pdata[i];
        if (!g_str_equal(row->member, member->id) ||
            contact_state(row, now) != CONTACT_VERIFIED)
            continue;
        g_string_append_printf(said, "%s%s", count > 0 ? ", " : "",
                               row->address);
        count++;
    }
    if (count < TRUST_CONTACTS)
        g_string_append_printf(said, "%s%u of %d: exitdesk contact verify",
                               count > 0 ? "; " : "", count, TRUST_CONTACTS);
    set(list, STEP_CONTACTS, count >= TRUST_CONTACTS,
        g_string_free(said, FALSE));
    return rows != NULL;
}

/* Verified is what the desk looked at: it found each in the record, and no
 * notice about them waits for a person. */
static bool check_relays(const Desk *desk, const Member *member,
                         Checklist *list, GError **error)
{
    g_autoptr(GPtrArray) looked = store_watched(desk->store, member->id, error);
    if (!looked)
        return false;
    g_autoptr(GPtrArray) notices =
        store_notices(desk->store, member->id, false, error);
    if (!notices)
        return false;
    guint listed = 0, open = 0;
    for (guint i = 0; i < looked->len; i++) {
        const WatchedRelay *relay = looked->pdata[i];
        listed +=
            relay->is_listed && !g_str_equal(relay->fingerprint, WATCH_CLAIMS);
    }
    for (guint i = 0; i < notices->len; i++) {
        const NoticeRow *row = notices->pdata[i];
        open += !g_str_equal(row->kind, "stepped-back");
    }
    guint all = member->fingerprints->len;
    bool holds = all > 0 && listed >= all && open == 0;
    set(list, STEP_RELAYS, holds,
        g_strdup_printf("%u of %u listed, %u notice%s open", MIN(listed, all),
                        all, open, open == 1 ? "" : "s"));
    return true;
}

static void check_text(const Desk *desk, const Member *member,
                       const char *category, Instant now, Checklist *list)
{
    g_autoptr(PolicyRule) rule =
        desk->policies
            ? policy_explain(desk->policies, member->country, category)
            : NULL;
    bool may = rule && rule->automatic == AUTO_ALLOWED;
    set(list, STEP_POLICY, may,
        g_strdup_printf("automatic: %s", rule
                                             ? policy_auto_word(rule->automatic)
                                             : "no policy"));
    const Template *template = NULL;
    if (rule && rule->template && desk->templates) {
        g_autofree char *chain = policy_chain(desk->policies, member->country);
        const char *languages[] = {member->language, "en", NULL};
        template =
            templates_choose(desk->templates, chain, rule->template, languages);
    }
    if (!template) {
        set(list, STEP_TEXT, false, g_strdup("there is none for this kind"));
        return;
    }
    const char *reviewed = template_reviewed(template);
    set(list, STEP_TEXT, template_is_reviewed(template, now),
        g_strdup_printf("%s version %s, %s", template_id(template),
                        template_version(template),
                        reviewed ? reviewed : "none yet"));
}

static bool check_drafts(const Desk *desk, const Member *member,
                         const char *category, Checklist *list, GError **error)
{
    guint decided, approved;
    if (!store_trust_drafts(desk->store, member->id, category,
                            TRUST_DRAFTS_UNCHANGED, &decided, &approved, error))
        return false;
    set(list, STEP_DRAFTS, approved >= TRUST_DRAFTS_UNCHANGED,
        g_strdup_printf("%u of the last %u (needs %d)", approved, decided,
                        TRUST_DRAFTS_UNCHANGED));
    return true;
}

/* A yes counts for the step that was asked for, not for a later one after a
 * step back. */
static bool check_agreed(const Desk *desk, const Member *member,
                         const char *category, const TrustState *state,
                         Checklist *list, GError **error)
{
    Instant asked, agreed, since = INSTANT_NONE;
    if (!store_trust_step(desk->store, member->id, category, &asked, &agreed,
                          error))
        return false;
    for (guint i = 0; i < state->levels->len; i++) {
        const TrustLevel *level = state->levels->pdata[i];
        if (g_str_equal(level->category, category))
            since = level->since;
    }
    char day[INSTANT_TEXT_MAX];
    bool holds = agreed != INSTANT_NONE &&
                 (since == INSTANT_NONE || agreed > since) &&
                 (state->consent == INSTANT_NONE || agreed >= state->consent);
    set(list, STEP_AGREED, holds,
        holds ? g_strdup_printf("%.10s", instant_text(agreed, day))
        : asked != INSTANT_NONE
            ? g_strdup_printf("not yet, asked %.10s", instant_text(asked, day))
            : g_strdup("not yet"));
    return true;
}

bool promoting_check(const Desk *desk, const Member *member,
                     const char *category, Instant now, Checklist *list,
                     GError **error)
{
    g_autoptr(TrustState) state =
        store_trust(desk->store, member->id, false, error);
    if (!state)
        return false;
    check_consent(member, state, now, list);
    check_text(desk, member, category, now, list);
    return check_contacts(desk, member, now, list, error) &&
           check_relays(desk, member, list, error) &&
           check_drafts(desk, member, category, list, error) &&
           check_agreed(desk, member, category, state, list, error);
}

/* ---- promote ------------------------------------------------------------ */

static Inviter inviter_of(const Desk *desk, const char *by, Instant now)
{
    return (Inviter){.store = desk->store,
                     .settings = desk->settings,
                     .loop_key = desk->loop_key,
                     .by = by,
                     .now = now};
}

/* Ask for the step once all else holds, and not while a question is open. */
static bool ask_step(const Desk *desk, const Member *member,
                     const char *category, const Checklist *list,
                     const char *by, Instant now, GString *out, GError **error)
{
    Instant asked, agreed;
    for (guint i = 0; i < STEP_AGREED; i++)
        if (!list->holds[i])
            return true;
    if (!store_trust_step(desk->store, member->id, category, &asked, &agreed,
                          error))
        return false;
    if (asked != INSTANT_NONE && now - asked < CHALLENGE_EXPIRES_S &&
        (agreed == INSTANT_NONE || agreed < asked))
        return true;
    const char *to = NULL;
    g_autoptr(GPtrArray) rows = store_contacts(desk->store, error);
    for (guint i = 0; rows && !to && i < rows->len; i++) {
        const ContactRow *row = rows->pdata[i];
        if (g_str_equal(row->member, member->id) &&
            contact_state(row, now) == CONTACT_VERIFIED)
            to = row->address;
    }
    Inviter inviter = inviter_of(desk, by, now);
    if (!to || !inviting_ask_step(&inviter, member, to, category, error))
        return false;
    g_string_append_printf(out, "Asked %s to agree. ", to);
    return true;
}

static bool set_level(const Desk *desk, const Member *member,
                      const char *category, Automation level, const char *by,
                      const char *note, Instant now, GError **error)
{
    bool is_auto = level == AUTOMATION_AUTO;
    g_autoptr(PolicyRule) rule =
        is_auto && desk->policies
            ? policy_explain(desk->policies, member->country, category)
            : NULL;
    g_autofree char *hash = trusting_rule_hash(rule);
    g_autofree char *texts = is_auto ? trusting_texts(desk->templates) : NULL;
    TrustLevel kept = {
        .category = (char *)category,
        .level = level,
        .by = (char *)by,
        .why = (char *)(note && *note ? note
                        : is_auto     ? "every condition of the checklist holds"
                                      : "set by staff"),
        .texts = texts,
        .rule = hash,
    };
    return store_trust_set(desk->store, member->id, &kept, now, error);
}

static bool promote(const Desk *desk, const Member *member,
                    const char *category, const char *by, const char *note,
                    Instant now, char **text, bool *done, GError **error)
{
    g_auto(Checklist) list = {0};
    if (!strchr(category, '/')) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "letters leave by themselves for one category at a time, "
                    "like connection/login_attack; \"%s\" is none",
                    category);
        return false;
    }
    if (!promoting_check(desk, member, category, now, &list, error))
        return false;
    g_autofree char *lines = checklist_text(&list);
    g_autoptr(GString) out = g_string_new(NULL);
    g_string_append_printf(out, "Checklist for %s / %s\n%s", member->id,
                           category, lines);
    *done = checklist_holds(&list);
    bool ok =
        *done ? set_level(desk, member, category, AUTOMATION_AUTO, by, note,
                          now, error)
              : ask_step(desk, member, category, &list, by, now, out, error);
    if (!ok)
        return false;
    g_string_append(out, *done ? "Letters of this kind leave by themselves "
                                 "now."
                               : "The level stays as it is until all holds.");
    *text = g_string_free(g_steal_pointer(&out), FALSE);
    return true;
}

/* ---- requests ----------------------------------------------------------- */

static bool change_level(const Desk *desk, const Member *member, char **words,
                         const char *note, const char *by, Instant now,
                         char **text, bool *done, GError **error)
{
    const char *category = words[2], *level = words[3];
    if (g_str_equal(level, "auto"))
        return promote(desk, member, category, by, note, now, text, done,
                       error);
    Automation to =
        g_str_equal(level, "hold") ? AUTOMATION_HOLD : AUTOMATION_OFF;
    if (!set_level(desk, member, category, to, by, note, now, error))
        return false;
    *text = g_strdup_printf("Letters of %s for %s are on \"%s\" now.",
                            member->id, category, automation_word(to));
    return true;
}

static bool end(const Desk *desk, const Member *member, const char *when,
                const char *by, const char *note, Instant now, char **text,
                GError **error)
{
    Instant at = g_ascii_strtoll(when, NULL, 10);
    char shown[INSTANT_TEXT_MAX];
    if (!store_trust_end(desk->store, member->id, at, by, note, now, error))
        return false;
    *text = g_strdup_printf("%s ends at %s. From then on no letter leaves in "
                            "its name; the record stays.",
                            member->id, instant_text(at, shown));
    return true;
}

static bool pause_or_resume(const Desk *desk, const Member *member, bool paused,
                            const char *by, const char *note, Instant now,
                            char **text, GError **error)
{
    if (!store_trust_pause(desk->store, member->id, paused, by, note, now,
                           error))
        return false;
    *text = g_strdup_printf(
        paused ? "Paused. No letter leaves in the name of %s; those that "
                 "waited are held."
               : "Resumed. Letters of %s may leave again; those that were "
                 "held wait for a person.",
        member->id);
    return true;
}

static bool withdraw(const Desk *desk, const Member *member, const char *by,
                     const char *note, Instant now, char **text, GError **error)
{
    if (!store_trust_withdraw(desk->store, member->id, by, note, now, error))
        return false;
    *text = g_strdup_printf("The consent of %s is taken back. Nothing is "
                            "written in its name until it agrees again.",
                            member->id);
    return true;
}

/* To add one: a row, its case in do_request(), its command. */
static const struct {
    const char *verb;
    guint least, most; /* words behind the verb */
} VERBS[] = {
    {"invite", 2, 3}, {"promote", 3, 3}, {"pause", 1, 1},
    {"resume", 1, 1}, {"end", 2, 2},     {"withdraw", 1, 1},
};

static bool is_request(char **words)
{
    guint count = g_strv_length(words);
    for (guint i = 0; count > 0 && i < G_N_ELEMENTS(VERBS); i++)
        if (g_str_equal(VERBS[i].verb, words[0]))
            return count - 1 >= VERBS[i].least && count - 1 <= VERBS[i].most;
    return false;
}

bool promoting_request(const Desk *desk, const char *subject, const char *note,
                       const char *by, Instant now, char **text, bool *done,
                       GError **error)
{
    g_auto(GStrv) words = g_strsplit(subject, " ", 5);
    *done = true;
    if (!is_request(words)) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID,
                            "the request about a member is not whole");
        return false;
    }
    const Member *member =
        desk->settings->members
            ? members_by_id(desk->settings->members, words[1])
            : NULL;
    if (!member) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "there is no member \"%s\" (a new file counts after "
                    "systemctl reload exitdeskd)",
                    words[1]);
        return false;
    }
    Inviter inviter = inviter_of(desk, by, now);
    switch (words[0][0]) {
    case 'i':
        return inviting_ask(&inviter, words[1], words[2], words[3], text,
                            error);
    case 'e':
        return end(desk, member, words[2], by, note, now, text, error);
    case 'w':
        return withdraw(desk, member, by, note, now, text, error);
    case 'r':
        return pause_or_resume(desk, member, false, by, note, now, text, error);
    }
    return g_str_equal(words[0], "pause")
               ? pause_or_resume(desk, member, true, by, note, now, text, error)
               : change_level(desk, member, words, note, by, now, text, done,
                              error);
}
