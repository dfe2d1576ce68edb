/* What repeats the consensus before is read as if it were parsed. */
#include "relay/consensus.h"
#include "relay/facts_file.h"
#include "relay/signer.h"
#include "relay/sources.h"

#include "network.h"

#include <string.h>

/* Nobody's certificates: what is signed is kept apart, whatever it says. */
typedef struct {
    Records records;
    GString *told; /* results and reasons */
} Reading;

static void reading_begin(Reading *r, bool has_memory)
{
    *r = (Reading){
        .records =
            {
                .authorities = network_authorities(),
                .certificates = certificates_new(),
                .facts = facts_new(),
                .unverified = facts_new(),
                .memory = has_memory ? consensus_memory_new() : NULL,
            },
        .told = g_string_new(NULL),
    };
}

static void reading_clear(Reading *r)
{
    certificates_free(r->records.certificates);
    facts_free(r->records.facts);
    facts_free(r->records.unverified);
    consensus_memory_free(r->records.memory);
    g_string_free(r->told, TRUE);
}

static void read_text(Reading *r, guint stream, const char *text)
{
    g_autoptr(GError) error = NULL;
    facts_use_stream(r->records.facts, stream);
    facts_use_stream(r->records.unverified, stream);
    ReadResult result = source_consensus_read(
        &r->records, text_of_bytes(text, strlen(text)), "test", &error);
    g_string_append_printf(r->told, "%d %s\n", result,
                           error ? error->message : "");
}

static void assert_same(Reading *with, Reading *without)
{
    g_assert_cmpstr(with->told->str, ==, without->told->str);
    facts_settle(with->records.unverified);
    facts_settle(without->records.unverified);
    g_autoptr(GBytes) a = facts_pack(with->records.unverified);
    g_autoptr(GBytes) b = facts_pack(without->records.unverified);
    g_assert_true(g_bytes_equal(a, b));
}

/* ---- made-up consensuses -------------------------------------------------- */

/* Signatures in the right form; nobody can check them here. */
static const char *signatures(bool is_micro)
{
    static char *all[2];
    if (all[is_micro])
        return all[is_micro];
    GString *text =
        g_string_new(is_micro ? "network-status-version 3 microdesc\n"
                              : "network-status-version 3\n");
    gsize start = text->len;
    signer_sign(network_signer(), 3, text, 0);
    all[is_micro] = g_strdup(text->str + start);
    g_string_free(text, TRUE);
    return all[is_micro];
}

/* Identities ascend with the number. */
static char *relay_text(guint number, guint digest, guint bandwidth,
                        bool is_micro)
{
    g_autofree char *identity =
        g_strdup_printf("%c%cAAAAAAAAAAAAAAAAAAAAAAAAA", 'A' + number / 26 % 26,
                        'A' + number % 26);
    g_autofree char *named =
        g_strdup_printf("%c%c", 'A' + digest / 26 % 26, 'A' + digest % 26);
    g_autofree char *router =
        is_micro ? g_strdup("")
                 : g_strdup_printf(" %sAAAAAAAAAAAAAAAAAAAAAAAAA", named);
    g_autofree char *v6 =
        number % 2 ? g_strdup_printf("a [2001:db8::%x]:9001\n", number + 1)
                   : g_strdup("");
    g_autofree char *micro =
        is_micro ? g_strdup_printf(
                       "m %sAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", named)
                 : g_strdup("");
    return g_strdup_printf(
        "r nick%u %s%s 2026-05-03 09:00:00 192.0.2.%u 9001 0\n%s%s"
        "s %sRunning Valid\nv Tor 0.4.8.12\npr Cons=1-2 Desc=1-2\n"
        "w Bandwidth=%u\n%s",
        number, identity, router, number % 250, v6, micro,
        number % 3 ? "" : "Exit ", bandwidth,
        is_micro ? "" : "p accept 80,443\n");
}

static char *consensus_text(guint hour, bool is_micro, const char *relays)
{
    return g_strdup_printf(
        "network-status-version 3%s\nvote-status consensus\n"
        "consensus-method 33\nvalid-after 2026-05-%02u %02u:00:00\n"
        "known-flags Exit Running Valid\n%sdirectory-footer\n"
        "bandwidth-weights Wbd=%u\n%s",
        is_micro ? " microdesc" : "", 3 + hour / 24, hour % 24, relays, hour,
        signatures(is_micro));
}

static char *three_relays(guint bandwidth, bool is_micro)
{
    g_autofree char *a = relay_text(1, 1, 5, is_micro);
    g_autofree char *b = relay_text(2, 2, bandwidth, is_micro);
    g_autofree char *c = relay_text(5, 3, 7, is_micro);
    return g_strconcat(a, b, c, NULL);
}

/* ---- tests ---------------------------------------------------------------- */

/* Does the text begin with a repetition of the second relay of the hour before?
 */
static bool repeats_second(bool is_micro, const char *text)
{
    Reading r;
    guint lines = 0;
    reading_begin(&r, true);
    g_autofree char *relays = three_relays(6, is_micro);
    g_autofree char *hour = consensus_text(1, is_micro, relays);
    read_text(&r, 0, hour);
    Remembered *before =
        consensus_remembered(r.records.memory, r.records.facts, is_micro);
    g_auto(Consensus) c;
    g_autofree char *first = relay_text(1, 1, 5, is_micro);
    consensus_begin(&c, NULL, first);
    c.is_micro = is_micro;
    Text rest = text_of_bytes(first, strlen(first));
    g_assert_true(consensus_repeat(&c, before, &rest, &lines));
    c.text = text;
    rest = text_of_bytes(text, strlen(text));
    bool repeats = consensus_repeat(&c, before, &rest, &lines);
    g_assert_cmpuint(c.listings->len, ==, repeats ? 2 : 1);
    if (repeats)
        g_assert_cmpuint(text_length(&rest), ==, strlen("r next"));
    reading_clear(&r);
    return repeats;
}

static void test_bytes(void)
{
    for (int is_micro = 0; is_micro < 2; is_micro++) {
        g_autofree char *same = relay_text(2, 2, 6, is_micro);
        g_autofree char *faster = relay_text(2, 2, 60000, is_micro);
        g_autofree char *text = g_strconcat(same, "r next", NULL);
        g_autofree char *other = g_strconcat(faster, "r next", NULL);
        g_assert_true(repeats_second(is_micro, text));
        g_assert_true(repeats_second(is_micro, other));
        const char *w = strstr(text, "w Band"), *end = strchr(w, '\n');
        for (size_t i = 0; i < strlen(same); i++) {
            if (text + i > w + 1 && text + i < end)
                continue; /* of the bandwidth */
            text[i] ^= 1;
            g_assert_false(repeats_second(is_micro, text));
            text[i] ^= 1;
        }
    }
}

/* Every byte of an entry replaced by those that mean something. */
static void test_replaced(void)
{
    static const char CHARS[] = "1 \nwr";
    for (int is_micro = 0; is_micro < 2; is_micro++) {
        g_autofree char *relays = three_relays(6, is_micro);
        g_autofree char *first = consensus_text(1, is_micro, relays);
        g_autofree char *second = consensus_text(2, is_micro, relays);
        size_t from = (size_t)(strstr(second, "r nick2") - second);
        size_t until = (size_t)(strstr(second, "r nick5") - second);
        for (size_t i = from; i < until + 2; i++)
            for (const char *with = CHARS; *with; with++) {
                Reading a, b;
                char was = second[i];
                second[i] = *with;
                reading_begin(&a, true);
                reading_begin(&b, false);
                read_text(&a, 0, first);
                read_text(&a, 0, second);
                read_text(&b, 0, first);
                read_text(&b, 0, second);
                assert_same(&a, &b);
                reading_clear(&a);
                reading_clear(&b);
                second[i] = was;
            }
    }
}

static const char *odd_line(GRand *chance)
{
    static const char *const LINES[] = {
        "a [2001:db8::99]:9001\n",
        "w Bandwidth=1\n",
        "s Exit\n",
        "p reject 1-65535\n",
        "m BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "valid-after 2026-05-02 07:00:00\n",
        "network-status-version 3 microdesc\n",
        "consensus-method 5\n",
        "pr Link=1\n",
        "\n",
        "id ed25519 none\n",
        "p nonsense\n",
        "directory-signature A B\n",
        "directory-signatures\n",
        " directory-signature A B\n",
    };
    return g_rand_int_range(chance, 0, 4)
               ? ""
               : LINES[g_rand_int_range(chance, 0, G_N_ELEMENTS(LINES))];
}

/* An hour of relays that come, go, change and are out of order. */
static char *random_hour(GRand *chance, guint hour, bool is_micro)
{
    g_autoptr(GString) relays = g_string_new(NULL);
    for (guint i = 0; i < 20; i++) {
        if (g_rand_int_range(chance, 0, 12) == 0)
            continue;
        guint number = g_rand_int_range(chance, 0, 40) ? i : 19 - i;
        g_autofree char *relay = relay_text(
            number, (guint)g_rand_int_range(chance, 0, 10) ? 1 : hour,
            (guint)g_rand_int_range(chance, 0, 3), is_micro);
        g_string_append(relays, relay);
        if (g_rand_int_range(chance, 0, 10) == 0)
            g_string_append(relays, odd_line(chance));
    }
    return consensus_text(hour, is_micro, relays->str);
}

static void test_hours(void)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(11);
    for (guint round = 0; round < 150; round++) {
        Reading a, b;
        reading_begin(&a, true);
        reading_begin(&b, false);
        for (guint hour = 0; hour < 12; hour++) {
            bool is_micro = g_rand_int_range(chance, 0, 2);
            guint stream = (guint)g_rand_int_range(chance, 0, 2);
            g_autofree char *text = random_hour(chance, hour, is_micro);
            read_text(&a, stream, text);
            read_text(&b, stream, text);
        }
        assert_same(&a, &b);
        reading_clear(&a);
        reading_clear(&b);
    }
}

/* What was read as damaged is not compared with, and numbers of facts that it
 * was not put into are not used. */
static void test_others(void)
{
    Reading a, b;
    g_autofree char *relays = three_relays(6, false);
    g_autofree char *broken = g_strconcat(relays, "p nonsense\n", NULL);
    g_autofree char *one = consensus_text(1, false, relays);
    g_autofree char *two = consensus_text(2, false, broken);
    g_autofree char *three = consensus_text(3, false, relays);
    reading_begin(&a, true);
    reading_begin(&b, false);
    for (int i = 0; i < 2; i++) {
        Reading *r = i ? &b : &a;
        read_text(r, 0, one);
        Facts *fresh = facts_new();
        (void)facts_put_text(fresh, "another first text", 18);
        facts_free(r->records.unverified);
        r->records.unverified = fresh;
        read_text(r, 0, two);
        read_text(r, 0, three);
    }
    assert_same(&a, &b);
    reading_clear(&a);
    reading_clear(&b);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/consensus-memory/bytes", test_bytes);
    g_test_add_func("/consensus-memory/replaced", test_replaced);
    g_test_add_func("/consensus-memory/hours", test_hours);
    g_test_add_func("/consensus-memory/others", test_others);
    return g_test_run();
}
