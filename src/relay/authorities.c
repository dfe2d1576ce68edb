/*
 * The pinned table.
 *
 * Identities and their order are those of tor's own list (src/app/config/
 * auth_dirs.inc, before 2018 in src/or/config.c). The dates say when an
 * identity counts as one of the electorate: those of the list's changes, and
 * from 2009 on rounded outwards from what real consensuses and certificates
 * show. An authority too many raises the majority by at most one, which
 * consensuses of so many have to spare; one too few would lower it. Before
 * there were only two to six, so their dates are exact.
 *
 * On 2008-05-13 moria1, tor26 and gabelmoo changed identities, because Debian's
 * OpenSSL had made keys that can be guessed (CVE-2008-0166). The older ones are
 * here, from the first consensus on, since nobody else signed enough; what
 * rests on them is said to be weak (basis.h). moria1 and gabelmoo changed again
 * in January 2010 after a break-in, so those of 2008 end there.
 *
 * To add one: a row here; the old identity's row gets an end some months
 * after the change.
 *
 * The servers of the protocol's versions 1 and 2 are those of tor's built-in
 * list (src/config/dirservers, from October 2004 on src/or/config.c) with the
 * dates of its changes; they signed with their identity keys. lefkada's rows
 * are rounded outwards too. All end with the break-in of January 2010, after
 * which moria1's key was worth nothing and consensuses had been there for two
 * years. Before May 2004 there was a moria3 in tor26's place.
 */
#include "relay/authorities.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"

#include <string.h>

#define FILE_BYTES_MAX  (1u << 20)
#define NICKNAME_MAX    19
#define AUTHORITIES_MAX 256

static const struct {
    const char *nickname, *identity, *from, *until;
} PINNED[] = {
    {"moria1", "5420FD8EA46BD4290F1D07A1883C9D85ECC486C4", "2007-10-27",
     "2008-05-20"},
    {"moria1", "E2A2AF570166665D738736D0DD58169CC61D8A8B", "2008-05-13",
     "2010-02-15"},
    {"moria1", "D586D18309DED4CD6D57C18FDB97EFA96D330566", "2010-01-15",
     "2023-11-11"},
    {"moria1", "F533C81CEF0BC0267857C99B2F471ADF249FA232", "2022-11-01", NULL},
    {"tor26", "A9AC67E64B200BBF2FA26DF194AC0469E2A948C6", "2007-10-27",
     "2008-05-20"},
    {"tor26", "14C131DFC5C6F93646BE72FA1401C02A8DF2E8B4", "2008-05-13",
     "2024-11-02"},
    {"tor26", "2F3DF9CA0E5D36F2685A2DA67184EB8DCB8CBA8C", "2024-10-01", NULL},
    {"lefkada", "0D95B91896E6089AB9A3C6CB56E724CAF898C43F", "2007-12-08",
     "2008-04-23"},
    {"dizum", "E8A9C45EDE6D711294FADF8E7951F4DE6CA56B58", "2008-04-23", NULL},
    {"turtles", "27B6B5996C426270A5C95488AA5BCEB6BCC86956", "2007-11-07",
     "2014-12-01"}, /* called ides until 2012 */
    {"gabelmoo", "EAA879B5C75032E462CB018630D2D0DF46EBA606", "2008-01-08",
     "2008-05-20"},
    {"gabelmoo", "81349FC1F2DBA2C2C11B45CB9706637D480AB913", "2008-05-13",
     "2010-02-15"},
    {"gabelmoo", "ED03BB616EB2F60BEC80151114BB25CEF515B226", "2010-01-15",
     NULL},
    {"dannenberg", "585769C78764D58426B8B52B6651A5A71137189A", "2008-01-22",
     "2016-03-01"},
    {"dannenberg", "0232AF901C31A04EE9848595AF9BB7620D4C5B2E", "2015-11-01",
     NULL},
    {"urras", "80550987E1D626E3EBA5E5E75A458DE0626D088C", "2009-08-10",
     "2016-03-01"},
    {"maatuska", "49015F787433103580E3B66A1707A00E60F2D15B", "2010-06-01",
     NULL},
    {"Faravahar", "EFCBE720AB3A82B99F9E953CD5BF50F7EEFC7B97", "2012-08-01",
     "2023-12-31"},
    {"Faravahar", "70849B868D606BAECFB6128C5E3D782029AA394F", "2024-05-01",
     NULL},
    {"longclaw", "23D15D965BC35114467363C165C4F724B64B4F66", "2014-10-01",
     NULL},
    {"bastet", "27102BC123E7AF1D4741AE047E160C91ADC76B21", "2017-07-01", NULL},
};

static const struct {
    guint protocol;
    const char *nickname, *identity, *from, *until;
} PINNED_EARLY[] = {
    {1, "moria1", "FFCB46DB1339DA84674C70D7CB586434C4370441", "2004-05-06",
     "2008-01-01"},
    {1, "moria2", "719BE45DE224B607C53707D0E2143E2D423E74CF", "2004-05-06",
     "2008-01-01"},
    {1, "tor26", "847B1F850344D7876491A54892F904934E4EB85D", "2004-05-06",
     "2008-01-01"},
    {2, "moria1", "FFCB46DB1339DA84674C70D7CB586434C4370441", "2005-10-01",
     "2010-01-19"},
    {2, "moria2", "719BE45DE224B607C53707D0E2143E2D423E74CF", "2005-10-01",
     "2010-01-19"},
    {2, "tor26", "847B1F850344D7876491A54892F904934E4EB85D", "2005-10-01",
     "2010-01-19"},
    {2, "lefkada", "38D4F5FCF7B1023228B895EA56EDE7D5CCDCAF32", "2006-03-21",
     "2008-11-01"},
    {2, "dizum", "7EA6EAD6FD83083C538F44038BBFA077587DD755", "2006-04-08",
     "2010-01-19"},
};

struct Authorities {
    GArray *list; /* of Authority; the nicknames are its own */
};

static void clear_authority(gpointer data)
{
    Authority *authority = data;
    g_free((char *)authority->nickname);
}

static Authorities *empty_new(void)
{
    Authorities *authorities = g_new(Authorities, 1);
    authorities->list = g_array_new(FALSE, FALSE, sizeof(Authority));
    g_array_set_clear_func(authorities->list, clear_authority);
    return authorities;
}

void authorities_free(Authorities *authorities)
{
    if (!authorities)
        return;
    g_array_unref(authorities->list);
    g_free(authorities);
}

static bool read_date(const char *text, Instant *out)
{
    *out = INSTANT_NONE;
    return !text || instant_parse(text, out);
}

static void pin(Authorities *authorities, guint protocol, const char *nickname,
                const char *identity, const char *from, const char *until)
{
    Authority authority = {
        .nickname = g_strdup(nickname),
        .protocol = protocol,
    };
    g_assert(hex_parse(identity, authority.identity, AUTHORITY_BYTES) &&
             read_date(from, &authority.from) &&
             read_date(until, &authority.until));
    g_array_append_val(authorities->list, authority);
}

Authorities *authorities_new(void)
{
    Authorities *authorities = empty_new();
    for (size_t i = 0; i < G_N_ELEMENTS(PINNED); i++)
        pin(authorities, 3, PINNED[i].nickname, PINNED[i].identity,
            PINNED[i].from, PINNED[i].until);
    for (size_t i = 0; i < G_N_ELEMENTS(PINNED_EARLY); i++)
        pin(authorities, PINNED_EARLY[i].protocol, PINNED_EARLY[i].nickname,
            PINNED_EARLY[i].identity, PINNED_EARLY[i].from,
            PINNED_EARLY[i].until);
    return authorities;
}

/* ---- a file ------------------------------------------------------------ */

static bool nickname_is_valid(const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isalnum(word[i]))
            return false;
    return length > 0 && length <= NICKNAME_MAX;
}

/* What is wrong with the word at that position of a line; NULL if nothing. */
static const char *read_word(guint position, const char *word,
                             Authority *authority)
{
    switch (position) {
    case 0:
        authority->nickname = word;
        return nickname_is_valid(word) ? NULL
                                       : "is no nickname (1 to 19 letters and "
                                         "digits)";
    case 1:
        return hex_parse(word, authority->identity, AUTHORITY_BYTES)
                   ? NULL
                   : "is no fingerprint (40 hex digits of the v3 identity key)";
    case 2:
    case 3:
        return read_date(word,
                         position == 2 ? &authority->from : &authority->until)
                   ? NULL
                   : "is no date like 2024-06-01";
    default:
        return "is one word too many: NICKNAME FINGERPRINT [FROM [UNTIL]]";
    }
}

static bool read_line(Authorities *authorities, char *line, const char *path,
                      guint number, GError **error)
{
    Authority authority = {
        .protocol = 3,
        .from = INSTANT_NONE,
        .until = INSTANT_NONE,
    };
    guint words = 0;
    line[strcspn(line, "#\r")] = 0;
    for (char *at = line; *(at += strspn(at, " \t"));) {
        char *word = at;
        at += strcspn(at, " \t");
        if (*at)
            *at++ = 0;
        if (words == 0 && authority.protocol == 3 &&
            (g_str_equal(word, "v1") || g_str_equal(word, "v2"))) {
            authority.protocol = (guint)(word[1] - '0');
            continue;
        }
        const char *wrong = read_word(words++, word, &authority);
        if (wrong) {
            g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                        "%s:%u:%u: \"%s\" %s", path, number,
                        (guint)(word - line) + 1, word, wrong);
            return false;
        }
    }
    if (words == 1) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                    "%s:%u:1: \"%s\" has no fingerprint behind it", path,
                    number, authority.nickname);
        return false;
    }
    if (words == 0 || authorities->list->len >= AUTHORITIES_MAX)
        return true;
    authority.nickname = g_strdup(authority.nickname);
    g_array_append_val(authorities->list, authority);
    return true;
}

Authorities *authorities_read(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = file_read(path, FILE_BYTES_MAX, error);
    if (!bytes)
        return NULL;
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    g_autofree char *text = g_strndup(data ? data : "", length);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(Authorities) authorities = empty_new();
    for (guint i = 0; lines[i]; i++)
        if (!read_line(authorities, lines[i], path, i + 1, error))
            return NULL;
    if (authorities->list->len > 0)
        return g_steal_pointer(&authorities);
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                "%s:1:1: it names no authority, so no consensus could ever be "
                "believed; take the setting out to use those of the public "
                "Tor network",
                path);
    return NULL;
}

/* ---- questions --------------------------------------------------------- */

static bool serves(const Authority *authority, guint protocol, Instant when)
{
    return authority->protocol == protocol &&
           (when == INSTANT_NONE ||
            ((authority->from == INSTANT_NONE || authority->from <= when) &&
             (authority->until == INSTANT_NONE || when < authority->until)));
}

void authorities_hash(const Authorities *authorities, uint8_t out[32])
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < authorities->list->len; i++) {
        const Authority *a = &g_array_index(authorities->list, Authority, i);
        g_autofree char *hex = hex_new(a->identity, AUTHORITY_BYTES);
        g_string_append_printf(
            text, "%u %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
            a->protocol, a->nickname, hex, a->from, a->until);
    }
    digest_sha256(text->str, text->len, out);
}

const Authority *authorities_find_early(const Authorities *authorities,
                                        guint protocol,
                                        const uint8_t identity[AUTHORITY_BYTES],
                                        Instant when)
{
    for (guint i = 0; i < authorities->list->len; i++) {
        const Authority *authority =
            &g_array_index(authorities->list, Authority, i);
        if (memcmp(authority->identity, identity, AUTHORITY_BYTES) == 0 &&
            serves(authority, protocol, when))
            return authority;
    }
    return NULL;
}

const Authority *authorities_find(const Authorities *authorities,
                                  const uint8_t identity[AUTHORITY_BYTES],
                                  Instant when)
{
    return authorities_find_early(authorities, 3, identity, when);
}

/* Does an earlier row of the same nickname serve then too? */
static bool is_counted(const Authorities *authorities, guint row, Instant when)
{
    const Authority *of = &g_array_index(authorities->list, Authority, row);
    for (guint i = 0; i < row; i++) {
        const Authority *other =
            &g_array_index(authorities->list, Authority, i);
        if (serves(other, of->protocol, when) &&
            g_str_equal(other->nickname, of->nickname))
            return true;
    }
    return false;
}

guint authorities_count_early(const Authorities *authorities, guint protocol,
                              Instant when)
{
    guint count = 0;
    for (guint i = 0; i < authorities->list->len; i++)
        if (serves(&g_array_index(authorities->list, Authority, i), protocol,
                   when) &&
            !is_counted(authorities, i, when))
            count++;
    return count;
}

guint authorities_count(const Authorities *authorities, Instant when)
{
    return authorities_count_early(authorities, 3, when);
}

guint authorities_majority(const Authorities *authorities, Instant when)
{
    return authorities_count(authorities, when) / 2 + 1;
}

Instant authorities_end_early(const Authorities *authorities, guint protocol)
{
    Instant end = INSTANT_NONE;
    for (guint i = 0; i < authorities->list->len; i++) {
        const Authority *one = &g_array_index(authorities->list, Authority, i);
        if (one->protocol != protocol)
            continue;
        if (one->until == INSTANT_NONE)
            return INSTANT_NONE;
        if (end == INSTANT_NONE || one->until > end)
            end = one->until;
    }
    return end;
}
