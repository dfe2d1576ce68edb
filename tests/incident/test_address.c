#include "incident/address.h"

#include <string.h>

#include "table.h"

static void append_hit(GString *out, const AddressHit *hit)
{
    char text[IP_TEXT_MAX];
    g_string_append_printf(out, "%s%s", out->len ? " " : "",
                           ip_text(&hit->ip, text));
    if (hit->port >= 0)
        g_string_append_printf(out, " port %d", hit->port);
    if (hit->prefix_bits >= 0)
        g_string_append_printf(out, " /%d", hit->prefix_bits);
    g_string_append(out, hit->in_url_host ? " url" : "");
    g_string_append(out, hit->in_url_path ? " path" : "");
    g_string_append(out, hit->in_name ? " name" : "");
    g_string_append(out, hit->in_mailbox ? " mailbox" : "");
    g_string_append(out, hit->is_range ? " range" : "");
    g_string_append_c(out, ';');
}

static char *answer(const char *text)
{
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(AddressHit));
    address_scan((Cursor){text, strlen(text)}, hits);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < hits->len; i++)
        append_hit(out, &g_array_index(hits, AddressHit, i));
    return g_string_free(out, FALSE);
}

static void test_table(void)
{
    table_run("address.table", answer);
}

/* Words under a hit must be inside the text, in order, not overlapping. */
static void check_hits(const GArray *hits, size_t length)
{
    size_t last = 0;
    for (guint i = 0; i < hits->len; i++) {
        const AddressHit *hit = &g_array_index(hits, AddressHit, i);
        g_assert_cmpuint(hit->at, >=, last);
        g_assert_cmpuint(hit->at + hit->length, <=, hit->end);
        g_assert_cmpuint(hit->end, <=, length);
        last = hit->end;
    }
}

/* A megabyte of each nasty pattern: bounds, and linear time. */
static void test_hostile(void)
{
    static const char *const PATTERNS[] = {
        "1",          "1.",           "1:",          ":",        "1.2.3.4",
        "1.2.3.4.",   "a:",           "[.]",         "1[.]",     "::",
        "%3A1",       "http://",      "//",          "ff:",      "1.2.3.4/",
        "[1.2.3.4]:", "2001:db8::1:", "1 [",         "0:0:0:0:", "1-",
        "1 dot ",     "1.2.3.4(",     "1.2.3.4.ssh", "1x1",      "1-2-3-4a",
    };
    size_t length = 1 << 20;
    g_autofree char *text = g_malloc(length);
    gint64 start = g_get_monotonic_time();
    for (size_t p = 0; p < G_N_ELEMENTS(PATTERNS); p++) {
        size_t period = strlen(PATTERNS[p]);
        for (size_t i = 0; i < length; i++)
            text[i] = PATTERNS[p][i % period];
        g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(AddressHit));
        address_scan((Cursor){text, length}, hits);
        check_hits(hits, length);
    }
    /* Quadratic time would be hours; this allows for slow machines. */
    g_assert_cmpint(g_get_monotonic_time() - start, <, 60 * G_USEC_PER_SEC);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/address/table", test_table);
    g_test_add_func("/address/hostile", test_hostile);
    return g_test_run();
}
