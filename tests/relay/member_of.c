#include "member_of.h"

#include "network.h"

#include <string.h>

static void add_relays(Member *member, const char *names)
{
    g_auto(GStrv) all = g_strsplit(names, ",", -1);
    for (char **name = all; *name; name++) {
        uint8_t fingerprint[FINGERPRINT_BYTES];
        network_fingerprint(*name, fingerprint);
        g_array_append_val(member->fingerprints, fingerprint);
    }
}

static void add_prefixes(Member *member, const char *texts)
{
    g_auto(GStrv) all = g_strsplit(texts, ",", -1);
    for (char **text = all; *text; text++) {
        g_auto(GStrv) parts = g_strsplit(*text, "@", 2);
        MemberPrefix held = {.from = INSTANT_NONE, .to = INSTANT_NONE};
        g_assert_true(ip_prefix_parse(parts[0], &held.prefix));
        g_auto(GStrv) times = parts[1] ? g_strsplit(parts[1], "..", 2) : NULL;
        if (times && *times[0])
            g_assert_true(instant_parse(times[0], &held.from));
        if (times && times[1] && *times[1])
            g_assert_true(instant_parse(times[1], &held.to));
        g_array_append_val(member->prefixes, held);
    }
}

Member *member_of(const char *words)
{
    g_auto(GStrv) all = g_strsplit(words, " ", -1);
    Member *member = g_new0(Member, 1);
    member->id = g_strdup(all[0]);
    member->name = g_strdup(all[0]);
    member->fingerprints = g_array_new(FALSE, FALSE, FINGERPRINT_BYTES);
    member->prefixes = g_array_new(FALSE, FALSE, sizeof(MemberPrefix));
    member->consent_given = member->ended = INSTANT_NONE;
    for (char **word = all + 1; *word; word++) {
        if (g_str_has_prefix(*word, "relay="))
            add_relays(member, *word + 6);
        else if (g_str_has_prefix(*word, "prefix="))
            add_prefixes(member, *word + 7);
        else
            g_error("member_of: what is \"%s\"?", *word);
    }
    return member;
}

Members *members_of(const char *const *all)
{
    GPtrArray *list =
        g_ptr_array_new_with_free_func((GDestroyNotify)member_free);
    for (; *all; all++)
        g_ptr_array_add(list, member_of(*all));
    g_autoptr(GError) error = NULL;
    Members *members = members_new(list, &error);
    g_assert_no_error(error);
    return members;
}
