/*
 * An import's view of DIR/early: servers and policies are read when the first
 * document of theirs comes, and written at the end. What follows from them is
 * taken away first, so that a crash leaves no answer rather than an old one
 * beside new statements; the next import makes it anew.
 */
#include "relay/early.h"

#include "relay/early_server.h"
#include "relay/intern.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POLICY_BYTES_MAX (UINT64_C(2) << 30)
#define PROTOCOLS        2

typedef struct {
    Intern *digests, *texts;
    GArray *numbers; /* u32: text of each digest */
    bool is_changed;
} Policies;

struct Early {
    char *directory;
    const Authorities *authorities;
    GHashTable *servers; /* "v2-IDENTITY" -> EarlyServer */
    Policies *policies;  /* or NULL: not read yet */
};

static void policies_free(Policies *policies)
{
    if (!policies)
        return;
    intern_free(policies->digests);
    intern_free(policies->texts);
    g_array_unref(policies->numbers);
    g_free(policies);
}

Early *early_new(const char *directory, const Authorities *authorities)
{
    Early *early = g_new0(Early, 1);
    early->directory = g_build_filename(directory, EARLY_NAME, NULL);
    early->authorities = authorities;
    early->servers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify)early_server_free);
    return early;
}

void early_free(Early *early)
{
    if (!early)
        return;
    g_hash_table_unref(early->servers);
    policies_free(early->policies);
    g_free(early->directory);
    g_free(early);
}

static char *path_of(const Early *early, const char *name)
{
    return g_build_filename(early->directory, name, NULL);
}

/* ---- servers ----------------------------------------------------------- */

static EarlyServer *server_of(Early *early, const char *name, GError **error)
{
    EarlyServer *server = g_hash_table_lookup(early->servers, name);
    if (server)
        return server;
    g_autofree char *path = path_of(early, name);
    server = early_server_load(path, error);
    if (server)
        g_hash_table_insert(early->servers, g_strdup(name), server);
    return server;
}

bool early_put(Early *early, const EarlyStatement *statement, bool *is_new,
               GError **error)
{
    g_autofree char *hex = hex_new(statement->server->identity, 20);
    g_autofree char *name = g_strdup_printf("v%u-%s", statement->protocol, hex);
    EarlyServer *server = server_of(early, name, error);
    *is_new = server && early_server_put(server, statement);
    return server != NULL;
}

/* ---- policies ---------------------------------------------------------- */

static bool fill_policies(Policies *policies, const Section *s)
{
    const uint8_t *digests = s[POLICY_DIGESTS].items;
    const uint32_t *numbers = s[POLICY_NUMBERS].items;
    const char *text = s[POLICY_TEXT].items;
    size_t length = s[POLICY_TEXT].count;
    if (s[POLICY_NUMBERS].count != s[POLICY_DIGESTS].count ||
        (length > 0 && text[length - 1] != 0))
        return false;
    for (size_t i = 0; i < s[POLICY_DIGESTS].count; i++) {
        if (numbers[i] >= length)
            return false;
        const char *policy = text + numbers[i];
        uint32_t number = intern_put(policies->texts, policy, strlen(policy));
        uint32_t digest = intern_put(policies->digests, digests + i * 20, 0);
        if (digest == policies->numbers->len)
            g_array_append_val(policies->numbers, number);
    }
    return true;
}

static bool read_policies(Policies *policies, const char *path, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) bytes = file_read(path, POLICY_BYTES_MAX, &cause);
    if (!bytes && g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING))
        return true;
    if (!bytes) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    Section sections[POLICY_SECTIONS];
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    if (!sections_open(&POLICY_LAYOUT, data, length, path, sections, error) ||
        !sections_verify(data, length, path, error))
        return false;
    if (fill_policies(policies, sections))
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "%s is damaged (numbers do not fit): remove it and import "
                "again",
                path);
    return false;
}

static Policies *policies_of(Early *early, GError **error)
{
    if (early->policies)
        return early->policies;
    Policies *policies = g_new0(Policies, 1);
    policies->digests = intern_new(20);
    policies->texts = intern_new(0);
    policies->numbers = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autofree char *path = path_of(early, EARLY_POLICIES);
    if (read_policies(policies, path, error))
        return early->policies = policies;
    policies_free(policies);
    return NULL;
}

bool early_wants(const Early *early, uint32_t published)
{
    for (guint protocol = 1; protocol <= PROTOCOLS; protocol++) {
        Instant end = authorities_end_early(early->authorities, protocol);
        if (end != INSTANT_NONE && published < end)
            return true;
    }
    return false;
}

bool early_put_policy(Early *early, const uint8_t digest[20],
                      const char *policy, GError **error)
{
    Policies *policies = policies_of(early, error);
    if (!policies)
        return false;
    uint32_t number = intern_put(policies->digests, digest, 0);
    if (number < policies->numbers->len)
        return true;
    uint32_t text = intern_put(policies->texts, policy, strlen(policy));
    g_array_append_val(policies->numbers, text);
    policies->is_changed = true;
    return true;
}

/* Numbers of texts become places in the text as it is written. */
static bool save_policies(const Early *early, GError **error)
{
    const Policies *policies = early->policies;
    if (!policies || !policies->is_changed)
        return true;
    uint32_t count = intern_count(policies->texts), at = 0;
    g_autofree uint32_t *places = g_new(uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        places[i] = at;
        at += (uint32_t)intern_length(policies->texts, i) + 1;
    }
    g_autofree uint32_t *numbers = g_new(uint32_t, policies->numbers->len + 1);
    for (guint i = 0; i < policies->numbers->len; i++)
        numbers[i] = places[g_array_index(policies->numbers, uint32_t, i)];
    size_t digest_bytes, text_bytes;
    const void *digests = intern_bytes(policies->digests, &digest_bytes);
    const void *text = intern_bytes(policies->texts, &text_bytes);
    Section sections[POLICY_SECTIONS] = {
        [POLICY_DIGESTS] = {digests, digest_bytes / 20},
        [POLICY_NUMBERS] = {numbers, policies->numbers->len},
        [POLICY_TEXT] = {text, text_bytes},
    };
    g_autoptr(GBytes) bytes = sections_pack(&POLICY_LAYOUT, sections);
    g_autofree char *path = path_of(early, EARLY_POLICIES);
    return file_replace(path, g_bytes_get_data(bytes, NULL),
                        g_bytes_get_size(bytes), 0644, error);
}

static const char *policy_of(const uint8_t digest[20], gpointer data)
{
    const Policies *policies = data;
    uint32_t number = intern_find(policies->digests, digest, 0);
    return number == EARLY_NONE
               ? NULL
               : intern_at(policies->texts,
                           g_array_index(policies->numbers, uint32_t, number));
}

/* ---- what follows ------------------------------------------------------ */

/* Those of that protocol that ever spoke. */
static GPtrArray *servers_of(Early *early, guint protocol, GError **error)
{
    g_autoptr(GPtrArray) names = directory_list(early->directory, "", error);
    if (!names)
        return NULL;
    g_autofree char *prefix = g_strdup_printf("v%u-", protocol);
    g_autoptr(GPtrArray) servers = g_ptr_array_new();
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        if (!g_str_has_prefix(name, prefix) || strlen(name) != 43)
            continue;
        EarlyServer *server = server_of(early, name, error);
        if (!server || !early_server_save(server, error))
            return NULL;
        g_ptr_array_add(servers, server);
    }
    return g_steal_pointer(&servers);
}

static bool derive(Early *early, guint protocol, const char *path,
                   GError **error)
{
    g_autoptr(GPtrArray) servers = servers_of(early, protocol, error);
    if (!servers || servers->len == 0)
        return servers != NULL;
    Policies *policies = policies_of(early, error);
    if (!policies)
        return false;
    g_autofree ServerView *views = g_new0(ServerView, servers->len + 1);
    g_autoptr(GArray) documents =
        g_array_new(FALSE, FALSE, sizeof(EarlyDocument));
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < servers->len; i++) {
        const EarlyServer *server = g_ptr_array_index(servers, i);
        views[i] = early_server_view(server);
        early_server_documents(server, documents, text);
    }
    g_autoptr(GBytes) bytes =
        early_build(early->authorities, protocol, views, servers->len,
                    policy_of, policies, documents, text);
    return file_replace(path, g_bytes_get_data(bytes, NULL),
                        g_bytes_get_size(bytes), 0644, error);
}

static bool is_changed(const Early *early)
{
    GHashTableIter all;
    gpointer server;
    g_hash_table_iter_init(&all, early->servers);
    while (g_hash_table_iter_next(&all, NULL, &server))
        if (early_server_is_changed(server))
            return true;
    return early->policies && early->policies->is_changed;
}

static bool save_all(Early *early, GError **error)
{
    GHashTableIter all;
    gpointer server;
    g_hash_table_iter_init(&all, early->servers);
    while (g_hash_table_iter_next(&all, NULL, &server))
        if (!early_server_save(server, error))
            return false;
    return save_policies(early, error);
}

bool early_is_known(const char *directory)
{
    g_autofree char *v1 = g_build_filename(directory, EARLY_NAME, "v1", NULL);
    g_autofree char *v2 = g_build_filename(directory, EARLY_NAME, "v2", NULL);
    return access(v1, F_OK) == 0 || access(v2, F_OK) == 0;
}

bool early_finish(Early *early, bool *changed, GError **error)
{
    *changed = is_changed(early);
    if (!*changed && access(early->directory, F_OK) != 0)
        return true;
    g_autofree char *v1 = path_of(early, "v1");
    g_autofree char *v2 = path_of(early, "v2");
    const char *const paths[PROTOCOLS] = {v1, v2};
    if (*changed) {
        unlink(paths[0]);
        unlink(paths[1]);
        if (!directory_ensure_readable(early->directory, error) ||
            !save_all(early, error))
            return false;
    }
    for (guint i = 0; i < PROTOCOLS; i++)
        if (access(paths[i], F_OK) != 0 &&
            !derive(early, i + 1, paths[i], error))
            return false;
    return true;
}
