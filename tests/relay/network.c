#include "network.h"

#include "base/digest.h"
#include "relay/history_file.h"
#include "relay/month_map.h"
#include "relay/splitter.h"

#include <glib/gstdio.h>
#include <string.h>

#define AUTHORITIES 3

typedef struct {
    const char *directory;
    GPtrArray *paths;
    GHashTable *digests; /* name of a descriptor -> base64 of its digest */
    GString *document;   /* consensus or exit list being written */
    char *document_name;
    bool is_consensus;
} Writer;

const Signer *network_signer(void)
{
    static Signer *made;
    Civil from = {.year = 2026, .month = 1, .day = 1};
    if (!made)
        made = signer_new(AUTHORITIES, instant_from_civil(&from, 0),
                          instant_from_civil(&from, 0) + 365 * INSTANT_DAY_S);
    return made;
}

const Authorities *network_authorities(void)
{
    static Authorities *read;
    if (read)
        return read;
    g_autoptr(GString) list = signer_authorities(network_signer());
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("authorities-XXXXXX", &path, NULL);
    g_assert_true(g_close(fd, NULL) &&
                  g_file_set_contents(path, list->str, -1, NULL));
    read = authorities_read(path, NULL);
    g_assert_nonnull(read);
    g_unlink(path);
    return read;
}

static void take_certificate(const Source *source, Text document,
                             const char *flaw, gpointer data)
{
    bool is_new;
    g_assert_true(
        !flaw && source &&
        certificates_add(data, network_authorities(), document, &is_new, NULL));
}

Certificates *network_certificates(void)
{
    static Certificates *made;
    if (made)
        return made;
    made = certificates_new();
    g_autoptr(GString) text = signer_certificates(network_signer());
    g_autoptr(Splitter) splitter = splitter_new(take_certificate, made);
    splitter_feed(splitter, text->str, text->len);
    splitter_finish(splitter);
    return made;
}

void network_fingerprint(const char *nickname, uint8_t out[20])
{
    digest_sha1(nickname, strlen(nickname), out);
}

static char *base64(const uint8_t *data, size_t length)
{
    char *text = g_base64_encode(data, length);
    g_strdelimit(text, "=", 0);
    return text;
}

static void write_document(Writer *w, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(w->directory, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_ptr_array_add(w->paths, g_steal_pointer(&path));
}

static void finish_document(Writer *w)
{
    if (!w->document)
        return;
    if (w->is_consensus) {
        g_string_append(w->document, "directory-footer\n");
        signer_sign(network_signer(), AUTHORITIES, w->document, 0);
    }
    write_document(w, w->document_name, w->document->str);
    g_string_free(w->document, TRUE);
    g_free(w->document_name);
    w->document = NULL;
}

static void begin_document(Writer *w, const char *name, bool is_consensus)
{
    finish_document(w);
    w->document = g_string_new(NULL);
    w->document_name = g_strdelimit(g_strdup(name), ":", '-');
    w->is_consensus = is_consensus;
}

/* "2026-05-03T10:00" as Tor writes it. */
static char *tor_time(const char *text)
{
    char *time = g_strdup_printf("%s%s", text, strlen(text) == 16 ? ":00" : "");
    time[10] = ' ';
    return time;
}

static char *with_blank(const char *text)
{
    return g_strdelimit(g_strdup(text), "_", ' ');
}

/* "family alpha beta" and "self alpha" as Tor writes them; NULL: neither. */
static char *names_in_hex(const char *field)
{
    bool is_self = g_str_has_prefix(field, "self ");
    if (!is_self && !g_str_has_prefix(field, "family "))
        return NULL;
    g_auto(GStrv) names = g_strsplit(field, " ", -1);
    GString *line = g_string_new(is_self ? "fingerprint" : "family");
    for (char **name = names + 1; *name; name++) {
        uint8_t fingerprint[20];
        network_fingerprint(*name, fingerprint);
        g_autofree char *hex = hex_new(fingerprint, 20);
        g_string_append_printf(line, is_self ? " %s" : " $%s", hex);
    }
    return g_string_free(line, FALSE);
}

static void add_descriptor(Writer *w, char **fields, bool is_micro)
{
    g_auto(GStrv) head = g_strsplit(fields[0], " ", -1);
    g_autoptr(GString) text = g_string_new(NULL);
    if (is_micro) {
        g_string_append(text, "onion-key\nntor-onion-key AAAA\n");
    } else {
        bool has_time = head[3] && *head[3];
        g_autofree char *published =
            tor_time(has_time ? head[3] : "2026-05-03T05:00");
        g_string_append_printf(text,
                               "router %s %s 9001 0 0\nplatform Tor\n"
                               "published %s\n",
                               head[1], head[2], published);
    }
    for (char **field = fields + 1; *field; field++) {
        g_autofree char *plain = with_blank(g_strstrip(*field));
        g_autofree char *hex = names_in_hex(plain);
        const char *line = hex ? hex : plain;
        bool is_v6 = g_str_has_prefix(line, "v6 ");
        g_string_append_printf(text, "%s%s\n", is_v6 ? "ipv6-policy " : "",
                               line + (is_v6 ? 3 : 0));
    }
    uint8_t digest[32];
    if (!is_micro)
        g_string_append(text, "router-signature\n");
    if (is_micro)
        digest_sha256(text->str, text->len, digest);
    else
        digest_sha1(text->str, text->len, digest);
    if (!is_micro)
        g_string_append(text, "-----BEGIN SIGNATURE-----\nAAAA\n"
                              "-----END SIGNATURE-----\n");
    g_hash_table_insert(w->digests, g_strdup(head[1]),
                        base64(digest, is_micro ? 32 : 20));
    write_document(w, head[1], text->str);
}

static void add_hour(Writer *w, char **words)
{
    bool is_micro = g_str_equal(words[2], "micro");
    g_autofree char *name =
        g_strdup_printf("%s-consensus-%s", words[1], words[2]);
    g_autofree char *time = tor_time(words[1]);
    begin_document(w, name, true);
    g_string_append_printf(w->document,
                           "network-status-version 3%s\n"
                           "vote-status consensus\nconsensus-method %d\n"
                           "valid-after %s\nknown-flags Exit Running\n",
                           is_micro ? " microdesc" : "", words[3] ? 26 : 33,
                           time);
}

static const char *option(char **words, const char *prefix)
{
    for (; *words; words++)
        if (g_str_has_prefix(*words, prefix))
            return *words + strlen(prefix);
    return NULL;
}

static const char *digest_named(const Writer *w, const char *name)
{
    const char *known = name ? g_hash_table_lookup(w->digests, name) : NULL;
    return known ? known : "AAAAAAAAAAAAAAAAAAAAAAAAAAA";
}

static void add_relay(Writer *w, char **words)
{
    uint8_t fingerprint[20];
    network_fingerprint(words[1], fingerprint);
    g_autofree char *identity = base64(fingerprint, 20);
    const char *micro = option(words, "m=");
    const char *flags = option(words, "s="), *summary = option(words, "p=");
    bool is_micro = strstr(w->document_name, "-micro") != NULL;
    g_string_append_printf(
        w->document, "r %s %s%s%s 2026-05-03 05:00:00 %s 9001 0\n", words[1],
        identity, is_micro ? "" : " ",
        is_micro ? "" : digest_named(w, option(words, "d=")), words[2]);
    for (char **word = words; *word; word++)
        if (g_str_has_prefix(*word, "a="))
            g_string_append_printf(w->document, "a [%s]:9001\n", *word + 2);
    if (micro)
        g_string_append_printf(
            w->document, "m %s\n",
            g_hash_table_contains(w->digests, micro)
                ? digest_named(w, micro)
                : "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    g_autofree char *all = g_strdelimit(g_strdup(flags ? flags : ""), ",", ' ');
    g_string_append_printf(w->document, "s %s\n", all);
    g_autofree char *p = summary ? with_blank(summary) : NULL;
    if (p)
        g_string_append_printf(w->document, "p %s\n", p);
}

static void add_list(Writer *w, char **words)
{
    g_autofree char *name = g_strdup_printf("%s-list", words[1]);
    g_autofree char *time = tor_time(words[1]);
    begin_document(w, name, false);
    g_string_append_printf(w->document, "@type tordnsel 1.0\nDownloaded %s\n",
                           time);
}

static void add_exit(Writer *w, char **words)
{
    uint8_t fingerprint[20];
    network_fingerprint(words[1], fingerprint);
    g_autofree char *hex = hex_new(fingerprint, 20);
    g_autofree char *upper = g_ascii_strup(hex, -1);
    g_autofree char *time = tor_time(words[3]);
    g_string_append_printf(w->document,
                           "ExitNode %s\nPublished 2026-05-03 05:00:00\n"
                           "LastStatus 2026-05-03 06:00:00\n"
                           "ExitAddress %s %s\n",
                           upper, words[2], time);
}

static void add_line(Writer *w, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    g_auto(GStrv) fields = g_strsplit(line, " | ", -1);
    if (g_str_equal(words[0], "descriptor") || g_str_equal(words[0], "micro"))
        add_descriptor(w, fields, *words[0] == 'm');
    else if (g_str_equal(words[0], "hour"))
        add_hour(w, words);
    else if (g_str_equal(words[0], "r"))
        add_relay(w, words);
    else if (g_str_equal(words[0], "list"))
        add_list(w, words);
    else if (g_str_equal(words[0], "x"))
        add_exit(w, words);
    else
        g_error("network: what is \"%s\"?", line);
}

GPtrArray *network_write(const char *notation_path, const char *directory)
{
    g_autofree char *notation = NULL;
    g_assert_true(g_file_get_contents(notation_path, &notation, NULL, NULL));
    g_autoptr(GHashTable) digests =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Writer writer = {
        .directory = directory,
        .paths = g_ptr_array_new_with_free_func(g_free),
        .digests = digests,
    };
    g_auto(GStrv) lines = g_strsplit(notation, "\n", -1);
    for (char **line = lines; *line; line++)
        if (**line && **line != '#')
            add_line(&writer, *line);
    finish_document(&writer);
    g_autoptr(GString) certificates = signer_certificates(network_signer());
    write_document(&writer, "certificates", certificates->str);
    return writer.paths;
}

char *network_new_directory(void)
{
    char *directory = g_dir_make_tmp("relay-XXXXXX", NULL);
    g_assert_nonnull(directory);
    return directory;
}

static void remove_files(const char *directory)
{
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(directory, name, NULL);
        g_unlink(path);
    }
    g_rmdir(directory);
}

void network_remove_directory(const char *directory)
{
    g_autofree char *unverified =
        g_build_filename(directory, UNVERIFIED_NAME, NULL);
    g_autofree char *apart =
        g_build_filename(directory, UNVERIFIED_NAME, MONTHS_NAME, NULL);
    g_autofree char *months = g_build_filename(directory, MONTHS_NAME, NULL);
    remove_files(apart);
    remove_files(unverified);
    remove_files(months);
    remove_files(directory);
}
