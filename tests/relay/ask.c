/*
 * ask.c - the relay history at a prompt, for the checks that are not in C.
 *
 *   ask import DIR PATH...   import, print what was counted
 *   ask made NOTATION DOCUMENTS DIR
 *                            a network in network.txt's notation: write its
 *                            documents, import them
 *   ask lookup DIR           lines "ADDRESS FROM TO PORT [PROTOCOL]" (port -1:
 *                            none) on standard input; a line each out: verdict,
 *                            how many relays, why, and each relay as
 *                            FINGERPRINT/CERTAINTY/POLICY
 *   ask prove DIR ADDRESS SECONDS PORT INTO [PATH...]
 */
#include "network.h"

#include "base/digest.h"
#include "relay/history.h"
#include "relay/import.h"
#include "relay/prove.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int run_import(const char *directory, const char *const *paths,
                      const Authorities *authorities)
{
    ImportSummary summary;
    g_autoptr(GError) error = NULL;
    bool done = relay_import(directory, paths, authorities, NULL, NULL, NULL,
                             &summary, &error);
    if (!done)
        fprintf(stderr, "%s\n", error->message);
    for (guint i = 0; i < summary.counts->len; i++) {
        ImportCount *c = &g_array_index(summary.counts, ImportCount, i);
        printf("%s new=%" G_GUINT64_FORMAT " known=%" G_GUINT64_FORMAT
               " damaged=%" G_GUINT64_FORMAT " skipped=%" G_GUINT64_FORMAT
               " unverified=%" G_GUINT64_FORMAT "\n",
               c->word, c->fresh, c->known, c->damaged, c->skipped,
               c->unverified);
    }
    for (guint i = 0; i < summary.complaints->len; i++)
        printf("not believed: %s\n",
               (char *)g_ptr_array_index(summary.complaints, i));
    printf("files=%" G_GUINT64_FORMAT " bytes=%" G_GUINT64_FORMAT
           " history=%" G_GUINT64_FORMAT " published=%d\n",
           summary.files, summary.bytes, summary.history_bytes,
           summary.published);
    import_summary_clear(&summary);
    return done ? 0 : 1;
}

static int run_made(const char *notation, const char *documents,
                    const char *directory)
{
    const char *const paths[] = {documents, NULL};
    g_autoptr(GPtrArray) written = network_write(notation, documents);
    return run_import(directory, paths, network_authorities());
}

static void print_relay(const RelaySighting *s)
{
    g_autofree char *hex = hex_new(s->fingerprint, FINGERPRINT_BYTES);
    printf(" %s/%s/%s", hex, certainty_word(s->certainty),
           policy_answer_word(s->policy));
}

static int run_lookups(const char *directory)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(History) history = history_open(directory, &error);
    if (!history) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    char line[256], address[64], protocol[16];
    long long from, to;
    int port;
    while (fgets(line, sizeof line, stdin)) {
        IpAddress ip;
        int words = sscanf(line, "%63s %lld %lld %d %15s", address, &from, &to,
                           &port, protocol);
        if (words < 4 || !ip_parse(address, strlen(address), &ip))
            return 2;
        g_autoptr(Lookup) lookup =
            history_lookup(history, &ip, (Interval){from, to}, port,
                           words > 4 ? protocol : NULL);
        printf("%s\t%u\t%s\t", verdict_word(lookup->verdict),
               lookup->relays->len, lookup->why);
        for (guint i = 0; i < lookup->relays->len; i++)
            print_relay(g_ptr_array_index(lookup->relays, i));
        putchar('\n');
    }
    return 0;
}

static int run_prove(const char *directory, char **words)
{
    IpAddress ip;
    g_autoptr(GError) error = NULL;
    ProofSummary summary;
    if (!ip_parse(words[0], strlen(words[0]), &ip))
        return 2;
    bool done = relay_prove(
        directory, NULL, words[4] ? (const char *const *)words + 4 : NULL, &ip,
        atoll(words[1]), atoi(words[2]), words[3], &summary, &error);
    if (!done)
        fprintf(stderr, "%s\n", error->message);
    else
        printf("%s\n", verdict_word(summary.lookup->verdict));
    for (guint i = 0; i < summary.missing->len; i++)
        printf("missing: %s\n", (char *)g_ptr_array_index(summary.missing, i));
    proof_summary_clear(&summary);
    return done ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc > 3 && g_str_equal(argv[1], "import"))
        return run_import(argv[2], (const char *const *)argv + 3, NULL);
    if (argc == 5 && g_str_equal(argv[1], "made"))
        return run_made(argv[2], argv[3], argv[4]);
    if (argc == 3 && g_str_equal(argv[1], "lookup"))
        return run_lookups(argv[2]);
    if (argc >= 7 && g_str_equal(argv[1], "prove"))
        return run_prove(argv[2], argv + 3);
    return 64;
}
