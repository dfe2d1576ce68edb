/*
 * Is another member named here?
 *
 * Names, ids, domains and contacts are looked for as words, for each member.
 * Relays have too many words for that, so the text's own words are looked up:
 * a fingerprint among the members', an address in the history and in their
 * networks, a nickname in a table.
 *
 * In doubt the answer is yes: words kept back can be asked for, words shown
 * cannot be taken back. So a nickname that is a word of the language hides a
 * text, too.
 */
#include "intake/apart.h"

#include "intake/joining.h"

#include <string.h>

#define NEEDLE_MIN 3 /* shorter names stand in any text */
/* Tor's name for who chose none. */
#define NO_NICKNAME "unnamed"
/* An address with a word before and a port behind it. */
#define RUN_MAX (IP_TEXT_MAX + 16)

struct Apart {
    const Members *members;
    const History *history;
    GHashTable *nicknames; /* folded -> GPtrArray of const Member */
};

guint apart_member_count(const Judgement *judgement)
{
    guint count = 0;
    for (guint i = 0; i < judgement->tickets->len; i++)
        count += ((JudgedTicket *)judgement->tickets->pdata[i])->member != NULL;
    return count;
}

static bool is_another(const char *found, const JudgedTicket *judged)
{
    return found && (!judged || g_strcmp0(found, judged->ticket->member) != 0);
}

static bool match_is_shared(const Match *match, const JudgedTicket *judged)
{
    if (is_another(match->member, judged))
        return true;
    for (guint i = 0; match->readings && i < match->readings->len; i++) {
        const ReadingMatch *reading = match->readings->pdata[i];
        if (is_another(reading->member, judged))
            return true;
    }
    return false;
}

bool apart_is_shared(const Judgement *judgement, const JudgedTicket *judged)
{
    if (apart_member_count(judgement) > 1)
        return true;
    for (guint i = 0; i < judgement->matches->len; i++)
        if (judgement->matches->pdata[i] &&
            match_is_shared(judgement->matches->pdata[i], judged))
            return true;
    return false;
}

/* ---- what members are known by ------------------------------------------ */

static void add_nickname(Apart *apart, const Member *member, const char *name)
{
    g_autofree char *folded = g_ascii_strdown(name, -1);
    if (strlen(folded) < NEEDLE_MIN || g_str_equal(folded, NO_NICKNAME))
        return;
    GPtrArray *owners = g_hash_table_lookup(apart->nicknames, folded);
    if (!owners) {
        owners = g_ptr_array_new();
        g_hash_table_insert(apart->nicknames, g_steal_pointer(&folded), owners);
    }
    g_ptr_array_add(owners, (gpointer)member);
}

static void add_nicknames(Apart *apart, const Member *member,
                          const People *people)
{
    for (guint i = 0; i < member->fingerprints->len; i++) {
        Fingerprint relay;
        Roster roster;
        memcpy(relay.bytes,
               member->fingerprints->data + (gsize)i * FINGERPRINT_BYTES,
               FINGERPRINT_BYTES);
        if (people_roster(people, &relay, people_newest(people), &roster))
            add_nickname(apart, member, roster.nickname);
    }
}

Apart *apart_new(const Members *members, const History *history,
                 const People *people)
{
    Apart *apart = g_new0(Apart, 1);
    apart->members = members;
    apart->history = history;
    apart->nicknames = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                             (GDestroyNotify)g_ptr_array_unref);
    for (guint i = 0; members && people && i < members_count(members); i++)
        add_nicknames(apart, members_at(members, i), people);
    return apart;
}

void apart_free(Apart *apart)
{
    if (!apart)
        return;
    g_hash_table_unref(apart->nicknames);
    g_free(apart);
}

/* ---- names and addresses of people --------------------------------------- */

static bool is_word_sign(char c)
{
    return g_ascii_isalnum(c) || c == '-' || (unsigned char)c >= 0x80;
}

/* Both folded. Within a word a short id would be found everywhere. */
static bool stands_in(const char *text, const char *needle)
{
    if (!needle)
        return false;
    g_autofree char *folded = g_utf8_casefold(needle, -1);
    size_t length = strlen(folded);
    if (length < NEEDLE_MIN)
        return false;
    for (const char *at = strstr(text, folded); at; at = strstr(at + 1, folded))
        if ((at == text || !is_word_sign(at[-1])) && !is_word_sign(at[length]))
            return true;
    return false;
}

static bool names(const Member *member, const char *text)
{
    if (stands_in(text, member->name) || stands_in(text, member->address) ||
        stands_in(text, address_domain(member->address)))
        return true;
    for (guint i = 0; member->contacts && i < member->contacts->len; i++)
        if (stands_in(text, member->contacts->pdata[i]))
            return true;
    return false;
}

/* ---- relays --------------------------------------------------------------- */

/* Whose a word is: this member's, others'. */
typedef struct {
    const char *member;
    bool is_own;
    const Member *other; /* the first; NULL: no other's */
} Owners;

static void add_owner(Owners *owners, const Member *owner)
{
    if (!owner)
        return;
    if (g_strcmp0(owner->id, owners->member) == 0)
        owners->is_own = true;
    else if (!owners->other)
        owners->other = owner;
}

/* At any time: who held the network once is named by it, too. */
static void add_holders(const Apart *apart, const IpAddress *ip, Owners *owners)
{
    for (guint i = 0; i < members_count(apart->members); i++) {
        const Member *member = members_at(apart->members, i);
        for (guint k = 0; k < member->prefixes->len; k++)
            if (ip_prefix_contains(
                    &g_array_index(member->prefixes, MemberPrefix, k).prefix,
                    ip))
                add_owner(owners, member);
    }
}

static void look_up_address(const Apart *apart, const char *word, size_t length,
                            Owners *owners)
{
    IpAddress ip;
    if (!ip_parse(word, length, &ip))
        return;
    add_holders(apart, &ip, owners);
    g_autoptr(GPtrArray) relays =
        apart->history ? history_address_relays(apart->history, &ip) : NULL;
    for (guint i = 0; relays && i < relays->len; i++)
        add_owner(owners,
                  members_by_fingerprint(apart->members, relays->pdata[i]));
}

/* The whole run, and where dots are in it what stands between its colons:
 * "192.0.2.77:443", "src:192.0.2.77", whose "c" is a hex digit. */
static void look_up_run(const Apart *apart, const char *run, size_t length,
                        Owners *owners)
{
    look_up_address(apart, run, length, owners);
    if (!memchr(run, '.', length) || !memchr(run, ':', length))
        return;
    for (size_t at = 0; at < length;) {
        const char *colon = memchr(run + at, ':', length - at);
        size_t piece = colon ? (size_t)(colon - run) - at : length - at;
        look_up_address(apart, run + at, piece, owners);
        at += piece + 1;
    }
}

static void look_up_fingerprint(const Apart *apart, const char *word,
                                Owners *owners)
{
    uint8_t bytes[FINGERPRINT_BYTES];
    for (guint i = 0; i < FINGERPRINT_BYTES; i++) {
        int high = g_ascii_xdigit_value(word[2 * i]);
        int low = g_ascii_xdigit_value(word[2 * i + 1]);
        if (high < 0 || low < 0)
            return;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    add_owner(owners, members_by_fingerprint(apart->members, bytes));
}

static void look_up_word(const Apart *apart, const char *word, size_t length,
                         Owners *owners)
{
    if (length == 2 * FINGERPRINT_BYTES)
        look_up_fingerprint(apart, word, owners);
    if (g_hash_table_size(apart->nicknames) == 0 || length >= 20)
        return;
    g_autofree char *folded = g_ascii_strdown(word, (gssize)length);
    const GPtrArray *named = g_hash_table_lookup(apart->nicknames, folded);
    for (guint i = 0; named && i < named->len; i++)
        add_owner(owners, named->pdata[i]);
}

static bool is_address_sign(char c)
{
    return g_ascii_isxdigit(c) || c == '.' || c == ':';
}

/* The next run of signs, without dots and colons at its end; NULL behind the
 * last. *at is moved behind it. */
static const char *next_run(const char **at, bool (*is_sign)(char),
                            size_t *length)
{
    while (**at && !is_sign(**at))
        (*at)++;
    const char *begin = *at;
    while (**at && is_sign(**at))
        (*at)++;
    *length = (size_t)(*at - begin);
    while (*length > 0 && (begin[*length - 1] == '.' ||
                           (begin[*length - 1] == ':' &&
                            !(*length > 1 && begin[*length - 2] == ':'))))
        (*length)--;
    return *at > begin ? begin : NULL;
}

static bool is_alnum(char c)
{
    return g_ascii_isalnum(c);
}

static const Member *relay_of_another(const Apart *apart, const char *member,
                                      const char *text, char **word)
{
    size_t length;
    const char *run, *at = text;
    while ((run = next_run(&at, is_address_sign, &length))) {
        Owners owners = {.member = member};
        if (length >= 3 && length < RUN_MAX)
            look_up_run(apart, run, length, &owners);
        if (!owners.other || owners.is_own)
            continue;
        *word = g_strndup(run, length);
        return owners.other;
    }
    for (at = text; (run = next_run(&at, is_alnum, &length));) {
        Owners owners = {.member = member};
        look_up_word(apart, run, length, &owners);
        if (!owners.other || owners.is_own)
            continue;
        *word = g_strndup(run, length);
        return owners.other;
    }
    return NULL;
}

static bool id_of_another(const Apart *apart, const char *member,
                          const char *text)
{
    if (!apart->members || !text)
        return false;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *folded = g_utf8_casefold(valid, -1);
    for (guint i = 0; i < members_count(apart->members); i++) {
        const char *id = members_at(apart->members, i)->id;
        if (g_strcmp0(id, member) != 0 && stands_in(folded, id))
            return true;
    }
    return false;
}

/* ---- answers --------------------------------------------------------------- */

const Member *apart_other_named(const Apart *apart, const char *member,
                                const char *text, char **word)
{
    *word = NULL;
    if (!apart->members || !text)
        return NULL;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *folded = g_utf8_casefold(valid, -1);
    for (guint i = 0; i < members_count(apart->members); i++) {
        const Member *other = members_at(apart->members, i);
        if (g_strcmp0(other->id, member) != 0 && names(other, folded))
            return other;
    }
    return relay_of_another(apart, member, valid, word);
}

bool apart_names_another(const Apart *apart, const char *member,
                         const char *text)
{
    g_autofree char *word = NULL;
    return apart_other_named(apart, member, text, &word) ||
           id_of_another(apart, member, text);
}

const char *apart_shown(const Apart *apart, const char *member,
                        const char *text)
{
    return apart_names_another(apart, member, text) ? APART_WITH_DESK : text;
}
