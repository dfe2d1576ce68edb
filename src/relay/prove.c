/*
 * Collecting what an answer rests on.
 *
 * The history names documents by SHA-256 and by the file they came from. Files
 * of that name are read first, then all others, until everything is found: an
 * archive may have been renamed, but a hash has not.
 */
#include "relay/prove.h"

#include "relay/descriptor.h"
#include "relay/history_file.h"
#include "relay/places.h"
#include "relay/prove_early.h"
#include "relay/prove_text.h"
#include "relay/walk.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"
#include "base/log.h"

#include <string.h>

#define NAME_SHOWN_MAX 300  /* bytes of a missing document's */
#define HEAD_BYTES     4096 /* of a consensus; valid-after is the fourth line */

typedef struct {
    const char *into;
    const Authorities *authorities;
    Certificates *certificates;
    GHashTable *wanted; /* sha256 hex -> const RelayDocument */
    GHashTable *copies; /* sha256 hex wanted -> GBytes of the same consensus */
    GHashTable *named;  /* or: sha1 hex of descriptors that lists name */
    ProofText text;
    GPtrArray *descriptors, *micros, *lists;
    GArray *consensuses, *statements;
    GString *sums; /* SHA256SUMS */
    ProofSummary *summary;
    GError *error; /* of writing */
} Prove;

void proof_summary_clear(ProofSummary *summary)
{
    g_clear_pointer(&summary->lookup, lookup_free);
    g_clear_pointer(&summary->files, g_ptr_array_unref);
    g_clear_pointer(&summary->missing, g_ptr_array_unref);
}

static bool write_file(Prove *p, const char *name, const char *data,
                       size_t length)
{
    g_autofree char *path = g_build_filename(p->into, name, NULL);
    uint8_t sha256[SHA256_BYTES];
    digest_sha256(data, length, sha256);
    g_autofree char *hex = hex_new(sha256, sizeof sha256);
    if (p->error || !file_replace(path, data, length, 0644, &p->error))
        return false;
    g_string_append_printf(p->sums, "%s  %s\n", hex, name);
    g_ptr_array_add(p->summary->files, g_strdup(name));
    return true;
}

/* "2026-05-03-14-00-00-consensus"; descriptors are told apart by their hash. */
static char *file_name(const RelayDocument *document)
{
    if (document->when == INSTANT_NONE)
        return g_strdup_printf("%s-%.8s", document->type, document->sha256);
    Civil c = civil_from_instant(document->when, 0);
    g_autofree char *stem =
        g_strdup_printf("%04d-%02d-%02d-%02d-%02d-%02d-%s", c.year, c.month,
                        c.day, c.hour, c.minute, c.second, document->type);
    return g_str_has_suffix(document->type, "descriptor")
               ? g_strdup_printf("%s-%.8s", stem, document->sha256)
               : g_steal_pointer(&stem);
}

static void write_certificates(Prove *p, const GArray *signatures)
{
    for (guint i = 0; i < signatures->len; i++) {
        const ConsensusSignature *one =
            &g_array_index(signatures, ConsensusSignature, i);
        if (!one->is_valid)
            continue;
        g_autofree char *name = proof_certificate_name(one->authority);
        if (!g_ptr_array_find_with_equal_func(p->summary->files, name,
                                              g_str_equal, NULL))
            write_file(p, name, one->certificate->text,
                       strlen(one->certificate->text));
    }
}

static void add_consensus(Prove *p, const RelayDocument *document, Text text,
                          const char *file)
{
    Text part = consensus_signed_part(text);
    uint32_t when = (uint32_t)document->when;
    ProvedConsensus of = {
        .file = file,
        .is_micro = g_str_has_suffix(document->type, "microdesc"),
        .signed_bytes = text_length(&part),
        .valid_after = document->when,
        .needed = authorities_majority(p->authorities, when),
        .signatures =
            consensus_signatures(p->authorities, p->certificates, text, when),
    };
    write_certificates(p, of.signatures);
    g_array_append_val(p->consensuses, of);
}

/* A descriptor that a single server's list names. */
static void take_named(Prove *p, Text text)
{
    g_auto(DescriptorReading) r = {0};
    if (!descriptor_read(text, &r, NULL))
        return;
    g_autofree char *digest = hex_new(r.digest, sizeof r.digest);
    if (!g_hash_table_remove(p->named, digest))
        return;
    g_autofree char *file = g_strdup_printf("server-descriptor-%.8s", digest);
    if (write_file(p, file, text.at, text_length(&text)))
        g_ptr_array_add(p->descriptors,
                        p->summary->files->pdata[p->summary->files->len - 1]);
}

/* Two exit lists may be of one moment. */
static char *free_name(const Prove *p, const RelayDocument *document)
{
    g_autofree char *name = file_name(document);
    if (!g_ptr_array_find_with_equal_func(p->summary->files, name, g_str_equal,
                                          NULL))
        return g_steal_pointer(&name);
    return g_strdup_printf("%s-%.16s", name, document->sha256);
}

static void take_wanted(Prove *p, const RelayDocument *document, Text text)
{
    g_autofree char *file = free_name(p, document);
    if (!write_file(p, file, text.at, text_length(&text)))
        return;
    const char *kept =
        g_ptr_array_index(p->summary->files, p->summary->files->len - 1);
    if (g_str_has_prefix(document->type, "consensus"))
        add_consensus(p, document, text, kept);
    else if (g_str_equal(document->type, "server-descriptor"))
        g_ptr_array_add(p->descriptors, (gpointer)kept);
    else if (g_str_equal(document->type, "microdescriptor"))
        g_ptr_array_add(p->micros, (gpointer)kept);
    else
        g_ptr_array_add(p->lists, (gpointer)kept);
    g_hash_table_remove(p->wanted, document->sha256);
}

/* Is the text, by what it says, that consensus? */
static bool says_it_is(Text text, const RelayDocument *document)
{
    static const char WHEN[] = "\nvalid-after ";
    bool is_micro = text_begins(&text, "network-status-version 3 microdesc\n");
    const char *at = memmem(text.at, MIN(text_length(&text), HEAD_BYTES), WHEN,
                            sizeof WHEN - 1);
    uint32_t when;
    if (!at || !g_str_has_prefix(document->type, "consensus") ||
        g_str_has_suffix(document->type, "microdesc") != is_micro)
        return false;
    Text line, rest = {at + sizeof WHEN - 1, text.end};
    return line_take(&rest, &line) && time_take(&line, &when) &&
           when == document->when;
}

/* A consensus has copies that differ in what is not signed. Another than was
 * imported proves the same, if its signatures hold. */
static void take_copy(Prove *p, const RelayDocument *document, Text text)
{
    Text part = consensus_signed_part(text);
    uint8_t sha256[SHA256_BYTES];
    if (g_hash_table_contains(p->copies, document->sha256) ||
        !says_it_is(text, document))
        return;
    digest_sha256(part.at, text_length(&part), sha256);
    SignatureCheck check =
        consensus_check(p->authorities, p->certificates, text, part, sha256,
                        (uint32_t)document->when);
    if (check.standing == STANDING_VERIFIED)
        g_hash_table_insert(p->copies, g_strdup(document->sha256),
                            g_bytes_new(text.at, text_length(&text)));
}

static void look_for_copies(Prove *p, Text text)
{
    GHashTableIter iter;
    gpointer document;
    g_hash_table_iter_init(&iter, p->wanted);
    while (g_hash_table_iter_next(&iter, NULL, &document))
        take_copy(p, document, text);
}

/* What was not found itself. */
static void use_copies(Prove *p)
{
    GHashTableIter iter;
    gpointer sha256, copy;
    g_hash_table_iter_init(&iter, p->copies);
    while (g_hash_table_iter_next(&iter, &sha256, &copy)) {
        const RelayDocument *document = g_hash_table_lookup(p->wanted, sha256);
        gsize length;
        const char *data = g_bytes_get_data(copy, &length);
        if (document)
            take_wanted(p, document, text_of_bytes(data, length));
    }
}

static void take_document(const Source *source, Text text, const char *flaw,
                          const WalkPlace *place, gpointer data)
{
    Prove *p = data;
    (void)place;
    if (flaw || text_length(&text) == 0 || p->error)
        return;
    if (p->named) {
        if (g_str_equal(source->word, "server-descriptor"))
            take_named(p, text);
        return;
    }
    uint8_t sha256[SHA256_BYTES];
    digest_sha256(text.at, text_length(&text), sha256);
    g_autofree char *hex = hex_new(sha256, sizeof sha256);
    const RelayDocument *document = g_hash_table_lookup(p->wanted, hex);
    if (!document && g_str_equal(source->word, "consensus")) {
        look_for_copies(p, text);
    } else if (document && proved_statement_is(document)) {
        proved_statements_take(p->statements, p->authorities, p->text.when,
                               document, text);
        g_hash_table_remove(p->wanted, hex);
    } else if (document) {
        take_wanted(p, document, text);
    }
}

/* Is it the file that a wanted document came from, by its name? */
static bool is_named(const Prove *p, const char *path)
{
    g_autofree char *base = g_path_get_basename(path);
    size_t length = strlen(base);
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, p->wanted);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const RelayDocument *document = value;
        if (strncmp(document->name, base, length) == 0 &&
            (document->name[length] == '\0' || document->name[length] == ':'))
            return true;
    }
    return false;
}

static void ignore(const char *what, const char *why, gpointer data)
{
    (void)what;
    (void)why;
    (void)data;
}

static bool is_complete(const Prove *p)
{
    return g_hash_table_size(p->named ? p->named : p->wanted) == 0;
}

static bool search(Prove *p, const char *const *paths, GError **error)
{
    static const WalkReader READER = {.document = take_document};
    g_autoptr(GPtrArray) files = walk_list(paths, ignore, NULL, error);
    if (!files)
        return false;
    g_autofree bool *is_read = g_new0(bool, files->len + 1);
    for (int pass = 0; pass < 2; pass++)
        for (guint i = 0; i < files->len; i++) {
            const WalkFile *file = g_ptr_array_index(files, i);
            if (is_complete(p) || is_read[i] ||
                (pass == 0 && !is_named(p, file->path)))
                continue;
            is_read[i] = true;
            /* A damaged file is one that does not have the document. */
            walk_file(file->path, &READER, p, NULL);
        }
    return true;
}

static void name_missing(Prove *p)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, p->wanted);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const RelayDocument *document = value;
        g_autofree char *name = foreign_text(document->name, NAME_SHOWN_MAX);
        g_ptr_array_add(p->summary->missing,
                        g_strdup_printf("%s %s (sha256 %s)", document->type,
                                        name, document->sha256));
    }
}

/* What the servers said one by one, and then the descriptors that they name. */
static bool add_statements(Prove *p, const char *const *paths, GError **error)
{
    for (guint i = 0; i < p->statements->len; i++) {
        const ProvedStatement *one =
            &g_array_index(p->statements, ProvedStatement, i);
        write_file(p, one->file, g_bytes_get_data(one->document, NULL),
                   g_bytes_get_size(one->document));
        if (one->key)
            write_file(p, one->key_file, one->key, strlen(one->key));
    }
    if (p->statements->len == 0)
        return true;
    p->named = proved_statements_descriptors(p->statements, p->text.ip);
    if (!search(p, paths, error))
        return false;
    GHashTableIter iter;
    gpointer digest;
    g_hash_table_iter_init(&iter, p->named);
    while (g_hash_table_iter_next(&iter, &digest, NULL))
        g_ptr_array_add(
            p->summary->missing,
            g_strdup_printf("server-descriptor (sha1 %s)", (char *)digest));
    return true;
}

static bool write_words(Prove *p, GError **error)
{
    g_autoptr(GString) script = proof_script(&p->text);
    g_autoptr(GString) readme = proof_readme(&p->text, script->str);
    if (p->error) {
        g_propagate_error(error, g_steal_pointer(&p->error));
        return false;
    }
    g_autofree char *sums = g_build_filename(p->into, "SHA256SUMS", NULL);
    g_autofree char *check = g_build_filename(p->into, "check.sh", NULL);
    g_autofree char *about = g_build_filename(p->into, "README.txt", NULL);
    g_ptr_array_insert(p->summary->files, 0, g_strdup("README.txt"));
    g_ptr_array_insert(p->summary->files, 1, g_strdup("check.sh"));
    g_ptr_array_insert(p->summary->files, 2, g_strdup("SHA256SUMS"));
    return file_replace(sums, p->sums->str, p->sums->len, 0644, error) &&
           file_replace(check, script->str, script->len, 0755, error) &&
           file_replace(about, readme->str, readme->len, 0644, error);
}

static bool prepare_directory(const char *into, GError **error)
{
    g_autoptr(GDir) directory = g_dir_open(into, 0, NULL);
    if (directory && g_dir_read_name(directory)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "%s is not empty: name a directory for this proof alone",
                    into);
        return false;
    }
    return directory_ensure(into, error);
}

static bool prove(Prove *p, const char *const *paths, GError **error)
{
    const GPtrArray *documents = p->summary->lookup->documents;
    for (guint i = 0; i < documents->len; i++) {
        RelayDocument *document = g_ptr_array_index(documents, i);
        g_hash_table_insert(p->wanted, document->sha256, document);
    }
    if (!prepare_directory(p->into, error) || !search(p, paths, error))
        return false;
    use_copies(p);
    name_missing(p);
    if (!add_statements(p, paths, error))
        return false;
    if (p->consensuses->len + p->statements->len > 0 || p->error)
        return write_words(p, error);
    g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                "the document that decides it was not found%s%s: name the "
                "files or directories where it is",
                p->summary->missing->len ? "; missing is " : "",
                p->summary->missing->len
                    ? (char *)g_ptr_array_index(p->summary->missing, 0)
                    : "");
    return false;
}

static void clear_consensus(gpointer data)
{
    ProvedConsensus *of = data;
    g_array_unref((GArray *)of->signatures);
}

static void prove_clear(Prove *p)
{
    certificates_free(p->certificates);
    g_hash_table_unref(p->wanted);
    g_hash_table_unref(p->copies);
    g_clear_pointer(&p->named, g_hash_table_unref);
    g_ptr_array_unref(p->descriptors);
    g_ptr_array_unref(p->micros);
    g_ptr_array_unref(p->lists);
    g_array_unref(p->consensuses);
    g_array_unref(p->statements);
    g_string_free(p->sums, TRUE);
    g_clear_error(&p->error);
}

bool relay_prove(const char *directory, const Authorities *authorities,
                 const char *const *paths, const IpAddress *ip, Instant when,
                 int port, const char *into, ProofSummary *summary,
                 GError **error)
{
    *summary = (ProofSummary){
        .files = g_ptr_array_new_with_free_func(g_free),
        .missing = g_ptr_array_new_with_free_func(g_free),
    };
    g_autoptr(Authorities) public = authorities ? NULL : authorities_new();
    g_autoptr(History) history = history_open(directory, error);
    if (!history)
        return false;
    summary->lookup =
        history_lookup(history, ip, (Interval){when, when}, port, NULL);
    Prove p = {
        .into = into,
        .authorities = authorities ? authorities : public,
        .wanted = g_hash_table_new(g_str_hash, g_str_equal),
        .copies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify)g_bytes_unref),
        .descriptors = g_ptr_array_new(),
        .micros = g_ptr_array_new(),
        .lists = g_ptr_array_new(),
        .consensuses = g_array_new(FALSE, FALSE, sizeof(ProvedConsensus)),
        .statements = proved_statements_new(),
        .sums = g_string_new(NULL),
        .summary = summary,
    };
    g_array_set_clear_func(p.consensuses, clear_consensus);
    p.text = (ProofText){ip,
                         when,
                         port,
                         summary->lookup,
                         p.consensuses,
                         p.descriptors,
                         p.micros,
                         p.lists,
                         p.statements,
                         p.authorities};
    p.certificates =
        certificates_load(directory, p.authorities, ignore, NULL, error);
    g_auto(GStrv) places = paths ? NULL : places_read(directory);
    bool done = p.certificates &&
                prove(&p, paths ? paths : (const char *const *)places, error);
    prove_clear(&p);
    return done;
}
