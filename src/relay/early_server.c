/*
 * What one server said is kept as runs, like the history's (layer.h): a
 * listing, with all that it says of the relay, held in every statement
 * from..to. So statements may come in any order, and 30,000 statements of
 * 1,000 relays take a few megabytes.
 */
#include "relay/early_server.h"

#include "relay/history_file.h"
#include "relay/intern.h"
#include "relay/layer.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"

#include <stdlib.h>
#include <string.h>

#define FILE_BYTES_MAX (UINT64_C(4) << 30)

struct EarlyServer {
    char *path;
    Intern *listings, *relays;
    Layer *layer; /* of all that was saved or settled */
    LayerBuilder *builder;
    GHashTable *hashes; /* of known documents: GBytes */
    GArray *documents;  /* of EarlyDocument */
    GString *text;
    GArray *runs, *hours; /* of the view: ServerRun, u32 */
    bool is_changed;
};

static EarlyServer *server_new(const char *path)
{
    EarlyServer *server = g_new0(EarlyServer, 1);
    server->path = g_strdup(path);
    server->listings = intern_new(sizeof(EarlyListing));
    server->relays = intern_new(20);
    server->layer = layer_new();
    server->builder = layer_builder_new();
    server->hashes = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
                                           (GDestroyNotify)g_bytes_unref, NULL);
    server->documents = g_array_new(FALSE, FALSE, sizeof(EarlyDocument));
    server->text = g_string_new(NULL);
    server->runs = g_array_new(FALSE, FALSE, sizeof(ServerRun));
    server->hours = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    return server;
}

void early_server_free(EarlyServer *server)
{
    if (!server)
        return;
    intern_free(server->listings);
    intern_free(server->relays);
    layer_free(server->layer);
    layer_builder_free(server->builder);
    g_hash_table_unref(server->hashes);
    g_array_unref(server->documents);
    g_string_free(server->text, TRUE);
    g_array_unref(server->runs);
    g_array_unref(server->hours);
    g_free(server->path);
    g_free(server);
}

/* Number of a listing, and of its relay. */
static uint32_t put_listing(EarlyServer *server, const EarlyListing *listing,
                            uint32_t *relay)
{
    *relay = intern_put(server->relays, listing->fingerprint, 0);
    return intern_put(server->listings, listing, 0);
}

static void put_document(EarlyServer *server, uint32_t when,
                         const uint8_t *sha256, const char *name)
{
    EarlyDocument document = {when, {0}, (uint32_t)server->text->len};
    memcpy(document.sha256, sha256, sizeof document.sha256);
    g_array_append_val(server->documents, document);
    g_string_append_len(server->text, name, (gssize)strlen(name) + 1);
    g_hash_table_add(server->hashes, g_bytes_new(sha256, SHA256_BYTES));
}

/* ---- reading ----------------------------------------------------------- */

static bool fill_runs(EarlyServer *server, const Section *s)
{
    const EarlyListing *listings = s[SERVER_LISTINGS].items;
    const ServerRun *runs = s[SERVER_RUNS].items;
    for (size_t i = 0; i < s[SERVER_RUNS].count; i++) {
        if (runs[i].listing >= s[SERVER_LISTINGS].count ||
            runs[i].from > runs[i].to)
            return false;
        Run run = {.from = runs[i].from, .to = runs[i].to};
        run.value = put_listing(server, &listings[runs[i].listing], &run.relay);
        g_array_append_val(server->layer->runs[FACT_V4], run);
    }
    layer_sort_runs(server->layer->runs[FACT_V4]);
    return true;
}

static bool fill(EarlyServer *server, const Section *s)
{
    const uint32_t *hours = s[SERVER_HOURS].items;
    for (size_t i = 0; i < s[SERVER_HOURS].count; i++) {
        KnownHour hour = {hours[i], HOUR_NS};
        if (i > 0 && hours[i] <= hours[i - 1])
            return false;
        g_array_append_val(server->layer->hours, hour);
    }
    const EarlyDocument *documents = s[SERVER_DOCUMENTS].items;
    const char *text = s[SERVER_TEXT].items;
    size_t length = s[SERVER_TEXT].count;
    if (length > 0 && text[length - 1] != 0)
        return false;
    for (size_t i = 0; i < s[SERVER_DOCUMENTS].count; i++) {
        if (documents[i].name >= length)
            return false;
        put_document(server, documents[i].when, documents[i].sha256,
                     text + documents[i].name);
    }
    return fill_runs(server, s);
}

EarlyServer *early_server_load(const char *path, GError **error)
{
    g_autoptr(EarlyServer) server = server_new(path);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) bytes = file_read(path, FILE_BYTES_MAX, &cause);
    if (!bytes && g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING))
        return g_steal_pointer(&server);
    if (!bytes) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    Section sections[SERVER_SECTIONS];
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    if (!sections_open(&SERVER_LAYOUT, data, length, path, sections, error) ||
        !sections_verify(data, length, path, error))
        return NULL;
    if (fill(server, sections))
        return g_steal_pointer(&server);
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "%s is damaged (numbers do not fit): remove it and import "
                "again",
                path);
    return NULL;
}

/* ---- adding ------------------------------------------------------------ */

static void settle(EarlyServer *server)
{
    Layer *fresh = layer_builder_finish(server->builder);
    if (!fresh)
        return;
    Layer *both = layer_union(server->layer, fresh);
    layer_free(server->layer);
    layer_free(fresh);
    server->layer = both;
}

bool early_server_put(EarlyServer *server, const EarlyStatement *statement)
{
    g_autoptr(GBytes) hash = g_bytes_new(statement->sha256, SHA256_BYTES);
    if (g_hash_table_contains(server->hashes, hash))
        return false;
    server->is_changed = true;
    put_document(server, statement->published, statement->sha256,
                 statement->name);
    if (!layer_builder_hour(server->builder, statement->published, HOUR_NS)) {
        settle(server);
        g_assert(
            layer_builder_hour(server->builder, statement->published, HOUR_NS));
    }
    for (guint i = 0; i < statement->listings->len; i++) {
        uint32_t relay,
            value = put_listing(
                server, &g_array_index(statement->listings, EarlyListing, i),
                &relay);
        layer_builder_add(server->builder, FACT_V4, relay, value);
    }
    return true;
}

bool early_server_is_changed(const EarlyServer *server)
{
    return server->is_changed;
}

/* ---- writing ----------------------------------------------------------- */

static int compare_runs(gconstpointer a, gconstpointer b)
{
    const ServerRun *ra = a, *rb = b;
    if (ra->from != rb->from)
        return ra->from < rb->from ? -1 : 1;
    return (ra->listing > rb->listing) - (ra->listing < rb->listing);
}

static int compare_documents(gconstpointer a, gconstpointer b)
{
    const EarlyDocument *da = a, *db = b;
    if (da->when != db->when)
        return da->when < db->when ? -1 : 1;
    return memcmp(da->sha256, db->sha256, sizeof da->sha256);
}

static void make_view(EarlyServer *server)
{
    const GArray *runs = server->layer->runs[FACT_V4];
    g_array_set_size(server->runs, 0);
    for (guint i = 0; i < runs->len; i++) {
        const Run *run = &g_array_index(runs, Run, i);
        ServerRun one = {run->value, run->from, run->to};
        g_array_append_val(server->runs, one);
    }
    g_array_sort(server->runs, compare_runs);
    g_array_set_size(server->hours, 0);
    for (guint i = 0; i < server->layer->hours->len; i++) {
        const KnownHour *hour =
            &g_array_index(server->layer->hours, KnownHour, i);
        g_array_append_val(server->hours, hour->valid_after);
    }
    g_array_sort(server->documents, compare_documents);
}

bool early_server_save(EarlyServer *server, GError **error)
{
    settle(server);
    make_view(server);
    if (!server->is_changed)
        return true;
    size_t length;
    const void *listings = intern_bytes(server->listings, &length);
    Section sections[SERVER_SECTIONS] = {
        [SERVER_LISTINGS] = {listings, length / sizeof(EarlyListing)},
        [SERVER_HOURS] = {server->hours->data, server->hours->len},
        [SERVER_RUNS] = {server->runs->data, server->runs->len},
        [SERVER_DOCUMENTS] = {server->documents->data, server->documents->len},
        [SERVER_TEXT] = {server->text->str, server->text->len},
    };
    g_autoptr(GBytes) bytes = sections_pack(&SERVER_LAYOUT, sections);
    return file_replace(server->path, g_bytes_get_data(bytes, NULL),
                        g_bytes_get_size(bytes), 0644, error);
}

ServerView early_server_view(const EarlyServer *server)
{
    size_t length;
    const void *listings = intern_bytes(server->listings, &length);
    return (ServerView){
        .listings = listings,
        .hours = (const uint32_t *)server->hours->data,
        .runs = (const ServerRun *)server->runs->data,
        .listing_count = length / sizeof(EarlyListing),
        .hour_count = server->hours->len,
        .run_count = server->runs->len,
    };
}

void early_server_documents(const EarlyServer *server, GArray *documents,
                            GString *text)
{
    for (guint i = 0; i < server->documents->len; i++) {
        EarlyDocument document =
            g_array_index(server->documents, EarlyDocument, i);
        const char *name = server->text->str + document.name;
        document.name = (uint32_t)text->len;
        g_string_append_len(text, name, (gssize)strlen(name) + 1);
        g_array_append_val(documents, document);
    }
}
