#include "relay/prove_early.h"

#include "relay/early.h"

#include "base/digest.h"

#include <string.h>

static void clear_statement(gpointer data)
{
    ProvedStatement *statement = data;
    g_clear_pointer(&statement->document, g_bytes_unref);
    g_free(statement->key);
    g_free(statement->file);
    g_free(statement->key_file);
}

GArray *proved_statements_new(void)
{
    GArray *statements = g_array_new(FALSE, FALSE, sizeof(ProvedStatement));
    g_array_set_clear_func(statements, clear_statement);
    return statements;
}

static guint protocol_of(const RelayDocument *document)
{
    if (g_str_equal(document->type, "v1-directory"))
        return 1;
    return g_str_equal(document->type, "v2-status") ? 2 : 0;
}

bool proved_statement_is(const RelayDocument *document)
{
    return protocol_of(document) != 0;
}

/* Two may have been published in the same second. */
static char *file_name(const ProvedStatement *statement)
{
    Civil c = civil_from_instant(statement->published, 0);
    return g_strdup_printf("%04d-%02d-%02d-%02d-%02d-%02d-%s-%s", c.year,
                           c.month, c.day, c.hour, c.minute, c.second,
                           statement->protocol == 1 ? "directory" : "status",
                           statement->server->nickname);
}

/* A place for what the server said; NULL: something newer stands there. */
static ProvedStatement *place_of(GArray *statements, const Authority *server,
                                 Instant published)
{
    for (guint i = 0; i < statements->len; i++) {
        ProvedStatement *one = &g_array_index(statements, ProvedStatement, i);
        if (!g_str_equal(one->server->nickname, server->nickname))
            continue;
        if (one->published >= published)
            return NULL;
        clear_statement(one);
        return one;
    }
    g_array_set_size(statements, statements->len + 1);
    return &g_array_index(statements, ProvedStatement, statements->len - 1);
}

bool proved_statements_take(GArray *statements, const Authorities *authorities,
                            Instant when, const RelayDocument *document,
                            Text text)
{
    guint protocol = protocol_of(document);
    Text part;
    const Authority *server;
    /* only full hours are looked at */
    if (document->when > when - when % INSTANT_HOUR_S ||
        !early_check(authorities, protocol, text, (uint32_t)document->when,
                     &part, &server, NULL))
        return false;
    ProvedStatement *place = place_of(statements, server, document->when);
    if (!place)
        return true;
    *place = (ProvedStatement){
        .protocol = protocol,
        .document = g_bytes_new(text.at, text_length(&text)),
        .signed_bytes = text_length(&part),
        .server = server,
        .published = document->when,
        .key = early_new_key_apart(part),
    };
    place->file = file_name(place);
    place->key_file =
        place->key ? g_strconcat("key-", server->nickname, NULL) : NULL;
    return true;
}

/* "r NICK IDENTITY DIGEST DATE TIME IP ORPORT DIRPORT" */
static void take_line(Text line, const char *ip, GHashTable *digests)
{
    Text word, digest = {0};
    if (!line_keyword(&line, "r"))
        return;
    for (guint i = 0; i < 6; i++) {
        if (!word_take(&line, &word))
            return;
        if (i == 2)
            digest = word;
    }
    if (!text_is(&word, ip) || text_length(&digest) != 27)
        return;
    g_autofree char *padded = g_strdup_printf("%.27s=", digest.at);
    gsize length;
    g_autofree guchar *bytes = g_base64_decode(padded, &length);
    if (length == SHA1_BYTES)
        g_hash_table_add(digests, hex_new(bytes, length));
}

GHashTable *proved_statements_descriptors(const GArray *statements,
                                          const IpAddress *ip)
{
    GHashTable *digests =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *address = ip_new_text(ip);
    for (guint i = 0; i < statements->len; i++) {
        const ProvedStatement *one =
            &g_array_index(statements, ProvedStatement, i);
        Text rest = text_of_bytes(g_bytes_get_data(one->document, NULL),
                                  one->signed_bytes);
        Text line;
        while (line_take(&rest, &line))
            take_line(line, address, digests);
    }
    return digests;
}
