/*
 * A mail with forged results, and what is left of it.
 *
 * Problem. That a border removes fields with its own name cannot be read from
 * any configuration: it is done by Postfix's header_checks, by a milter or not
 * at all, and a pattern may know the usual spelling only. Approach: send
 * every spelling that our own reader (policy/authres_scan.c) believes, and ask
 * that very reader what it would believe of what comes in. A field that it
 * reads as ours, well formed or not, has got through.
 *
 * Each forged result names a domain below ".invalid" with the probe's token,
 * so that fields which the border rightly adds to the probe are told from
 * forged ones, and nobody is named whom a letter could reach.
 *
 * Rejected: mail from outside. The desk has no outside; a site whose letters
 * go out by another server than the one complaints come in by sees the probe
 * come in by that one, as any mail.
 */
#include "intake/probing.h"

#include "base/digest.h"
#include "base/errors.h"
#include "intake/joining.h"
#include "policy/authres_scan.h"
#include "reply/letter.h"
#include "reply/token.h"
#include "store/record.h"

#include <string.h>

#define TOKEN_BYTES 16

/* ---- the spellings ------------------------------------------------------ */

typedef struct {
    const char *name;   /* for people */
    const char *format; /* of the field's name and our server's: "%s" */
    bool is_upper;
    bool is_below; /* under a Received field of another server */
} Spelling;

static const Spelling SPELLINGS[] = {
    /* To add one: its row here. Only what authres_scan() reads as ours. */
    {"plain", "Authentication-Results: %s;", false, false},
    {"capitals", "AUTHENTICATION-RESULTS: %s;", true, false},
    {"after a comment", "Authentication-Results: (ours (checked)) %s;", false,
     false},
    {"before a comment", "Authentication-Results: %s (checked);", false, false},
    {"folded", "Authentication-Results:\r\n\t%s;\r\n\t", false, false},
    {"with a version", "Authentication-Results: %s 1;", false, false},
    {"quoted", "Authentication-Results: \"%s\";", false, false},
    {"below another server's Received", "Authentication-Results: %s;", false,
     true},
};

static char *field_new(guint index, const char *authserv_id, const char *token)
{
    const Spelling *spelling = &SPELLINGS[index];
    g_autofree char *id = spelling->is_upper ? g_ascii_strup(authserv_id, -1)
                                             : g_strdup(authserv_id);
    g_auto(GStrv) around = g_strsplit(spelling->format, "%s", 2);
    return g_strdup_printf("%s%s%s dmarc=pass header.from=p%u.%s.invalid\r\n",
                           around[0], id, around[1], index, token);
}

/* The number in "pN.TOKEN.invalid"; false if it is no forged one. */
static bool forged_index(const char *value, const char *token, guint *index)
{
    const char *at = strstr(value, token);
    if (!at || at == value || at[-1] != '.')
        return false;
    const char *digit = at - 1;
    while (digit > value && g_ascii_isdigit(digit[-1]))
        digit--;
    *index = (guint)g_ascii_strtoull(digit, NULL, 10);
    return *index < G_N_ELEMENTS(SPELLINGS);
}

/* The names of those that got through; "" if none did. */
static char *got_through_new(const StrictHeader *strict,
                             const char *authserv_id, const char *token)
{
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < strict->authentication->len; i++) {
        const StrictField *field = strict->authentication->pdata[i];
        guint index;
        if (!g_str_equal(field->name, "authentication-results") ||
            !forged_index(field->value, token, &index))
            continue;
        g_autoptr(GPtrArray) results = authres_results_new();
        if (authres_scan(field->value, authserv_id, results) !=
            AUTHRES_NOT_OURS)
            g_string_append_printf(names, "%s%s", names->len ? ", " : "",
                                   SPELLINGS[index].name);
    }
    return g_string_free(names, FALSE);
}

/* ---- sending ------------------------------------------------------------ */

bool probing_is_needed(const Settings *settings)
{
    return settings->desk.mode == MODE_LIVE && settings->send.via &&
           settings->send.bounce && settings->desk.address &&
           settings->receive.authserv_id;
}

static void put_forged(GString *out, const Settings *settings,
                       const char *token, bool below)
{
    for (guint i = 0; i < G_N_ELEMENTS(SPELLINGS); i++) {
        g_autofree char *field =
            field_new(i, settings->receive.authserv_id, token);
        if (SPELLINGS[i].is_below == below)
            g_string_append(out, field);
    }
}

static bool put_fields(GString *out, const Settings *settings,
                       const char *token, const char *to, const char *date,
                       GError **error)
{
    g_autofree char *id = g_strdup_printf(
        "<probe.%s@%s>", token, address_domain(settings->desk.address));
    return letter_mailbox_field(out, "From", settings->desk.name,
                                settings->desk.address, error) &&
           letter_field(out, "To", to, error) &&
           letter_field(out, "Subject", "Test of our own mail server", error) &&
           letter_field(out, "Date", date, error) &&
           letter_field(out, "Message-ID", id, error) &&
           letter_field(out, "Auto-Submitted", "auto-generated", error) &&
           letter_field(out, "MIME-Version", "1.0", error) &&
           letter_field(out, "Content-Type", "text/plain; charset=utf-8",
                        error) &&
           letter_field(out, "Content-Transfer-Encoding", "quoted-printable",
                        error);
}

static GBytes *compose(const Settings *settings, const char *token,
                       const char *to, Instant now, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *date = instant_new_mail_date(now);
    put_forged(out, settings, token, false);
    g_string_append_printf(
        out, "Received: from probe.invalid by %s.invalid; %s\r\n", token, date);
    put_forged(out, settings, token, true);
    if (!put_fields(out, settings, token, to, date, error))
        return NULL;
    g_string_append(out, "\r\n");
    letter_body(out, "The desk sent this to itself. The results of checks "
                     "above are forged: a\nmail server that is set up as "
                     "exitdesk-postfix(7) says has removed them.\n");
    return g_string_free_to_bytes(g_steal_pointer(&out));
}

bool probing_send(Store *store, const Settings *settings, GBytes *loop_key,
                  Instant now, GError **error)
{
    g_autofree char *token = random_hex_new(TOKEN_BYTES);
    g_autofree char *return_token = random_hex_new(TOKEN_BYTES);
    g_autofree char *to =
        token_bounce_address_new(settings->send.bounce, token, loop_key);
    g_autofree char *envelope_from =
        token_bounce_address_new(settings->send.bounce, return_token, loop_key);
    g_autoptr(GBytes) bytes = compose(settings, token, to, now, error);
    NewMessage message = {.about = RECORD_DESK,
                          .envelope_from = envelope_from,
                          .to = to,
                          .token = return_token,
                          .bytes = bytes,
                          .is_urgent = true};
    return bytes && store_probe_send(store, token, &message, now, error);
}

bool probing_renew(Store *store, const Settings *settings, GBytes *loop_key,
                   Instant started, Instant now, bool *lost, GError **error)
{
    g_auto(ProbeState) state = {0};
    *lost = false;
    if (!probing_is_needed(settings))
        return true;
    if (!store_probe_lose(store, now, lost, error) ||
        !store_probe_state(store, started, now, &state, error))
        return false;
    Instant every = state.is_proven ? PROBE_EVERY_S : PROBE_AGAIN_S;
    bool is_new = state.sent != INSTANT_NONE && state.sent >= started &&
                  state.sent <= now && now - state.sent < every;
    return is_new || probing_send(store, settings, loop_key, now, error);
}

bool probing_ask(const Desk *desk, Instant now, bool *may_be_queued,
                 bool *must_wait, GError **error)
{
    g_auto(ProbeState) state = {0};
    *may_be_queued = true;
    *must_wait = false;
    if (!desk->store || !probing_is_needed(desk->settings))
        return true;
    if (!store_probe_state(desk->store, desk->started, now, &state, error))
        return false;
    *may_be_queued = state.is_proven || state.is_under_way;
    *must_wait = !state.is_proven && state.is_under_way;
    return true;
}

/* ---- coming home -------------------------------------------------------- */

bool probing_find(const Desk *desk, const Delivery *delivery,
                  Judgement *judgement, GError **error)
{
    for (guint i = 0; desk->loop_key && i < delivery->recipients->len; i++) {
        g_autofree char *token =
            reply_bounce_token(delivery->recipients->pdata[i],
                               desk->settings->send.bounce, desk->loop_key);
        bool found = false;
        if (token && !store_probe_exists(desk->store, token, &found, error))
            return false;
        if (!found)
            continue;
        judgement->probe_token = g_steal_pointer(&token);
        g_ptr_array_set_size(judgement->tickets, 0);
        judgement->findings->report->disposition = DISPOSITION_AUTO_REPLY;
        return true;
    }
    return true;
}

bool probing_note(const Desk *desk, const Judgement *judgement, Instant now,
                  GError **error)
{
    const char *id = desk->settings->receive.authserv_id;
    if (!judgement->probe_token)
        return true;
    g_autofree char *got_through = got_through_new(
        judgement->strict, id ? id : "", judgement->probe_token);
    g_autoptr(GError) cause = NULL;
    if (store_probe_came(desk->store, judgement->probe_token, got_through, now,
                         &cause) ||
        g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING))
        return true; /* a second copy shows nothing new */
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}
