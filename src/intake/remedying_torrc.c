/*
 * The file that a member includes in its torrc.
 *
 * One for all its relays: a line in front of a policy that is closed anyway
 * does no harm. Except on a relay that lets nothing out: without ExitRelay in
 * its torrc the first ExitPolicy line would make it an exit, so those are named
 * in the head. No word of a complaint stands in it; case numbers say to the
 * desk alone whose they are.
 */
#include "intake/remedying.h"

#include "relay/portpolicy.h"

#define DAY_LENGTH 10 /* "2026-05-03" */

static bool lets_out(const char *policy)
{
    bool allows = false;
    for (int is_ipv6 = 0; is_ipv6 < 2; is_ipv6++) {
        PolicyReading reading = policy_read(policy, is_ipv6 != 0, -1);
        allows |= reading.allows_anything;
        g_free(reading.text);
    }
    return allows;
}

static void name_closed_relays(GString *out, const Desk *desk,
                               const Member *member, const RemedyRow *row)
{
    for (guint i = 0; i < member->fingerprints->len; i++) {
        const uint8_t *fingerprint =
            (const uint8_t *)member->fingerprints->data + i * FINGERPRINT_BYTES;
        g_auto(RemedyLook) look = {0};
        g_autofree char *relay = remedying_relay_text(fingerprint);
        remedy_look(desk->history, fingerprint, &row->target, &look);
        if (!look.policy)
            g_string_append_printf(out,
                                   "# %s: its policy is not known here. Only "
                                   "where it is an exit.\n",
                                   relay);
        else if (!lets_out(look.policy))
            g_string_append_printf(out,
                                   "# NOT on %s: it lets nothing out, and a "
                                   "line may make it an exit.\n",
                                   relay);
    }
}

static void head(GString *out, const Member *member, Instant now)
{
    char when[INSTANT_TEXT_MAX];
    g_string_append_printf(
        out,
        "# Exit rules that %s agreed to; written by exitdesk on %.*s.\n"
        "# In torrc, in front of every other ExitPolicy line (the first match "
        "wins):\n"
        "#   %%include /etc/tor/exitdesk-remedy.conf\n"
        "# then: tor --verify-config, and reload tor.\n",
        member->id, DAY_LENGTH, instant_text(now, when));
}

static void add_line(GString *out, GHashTable *seen, const RemedyRow *row)
{
    char until[INSTANT_TEXT_MAX];
    char *line = remedy_target_new_line(&row->target);
    g_string_append_printf(out, "\n# case %s, until %.*s\n", row->case_id,
                           DAY_LENGTH, instant_text(row->expires, until));
    if (g_hash_table_contains(seen, line))
        g_string_append(out, "# (the line stands above)\n");
    else
        g_string_append_printf(out, "%s\n", line);
    g_hash_table_add(seen, line);
}

char *remedying_torrc(const Desk *desk, const Member *member,
                      const GPtrArray *rows, Instant now)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint count = 0;
    head(out, member, now);
    for (guint i = 0; i < rows->len && count < REMEDY_LINES_MAX; i++) {
        const RemedyRow *row = rows->pdata[i];
        if (!remedy_is_wanted(row->state) || row->expires <= now ||
            !g_str_equal(row->member, member->id))
            continue;
        if (count++ == 0)
            name_closed_relays(out, desk, member, row);
        add_line(out, seen, row);
    }
    if (count == 0)
        g_string_append(out, "\n# No line is agreed to at present.\n");
    return g_string_free(out, FALSE);
}
