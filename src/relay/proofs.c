#include "relay/proofs.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"

#include <string.h>

#define PROOFS_NAME    "proofs"
#define FILE_BYTES_MAX (16u << 20)

struct Proofs {
    GPtrArray *list; /* of KeptProof, by relay */
};

static void kept_proof_free(gpointer data)
{
    KeptProof *proof = data;
    g_free(proof->domain);
    g_free(proof);
}

void proofs_free(Proofs *proofs)
{
    if (!proofs)
        return;
    g_ptr_array_unref(proofs->list);
    g_free(proofs);
}

/* Where it stands, or would. */
static guint place_of(const Proofs *proofs, const Fingerprint *relay,
                      bool *found)
{
    guint low = 0, high = proofs->list->len;
    *found = false;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const KeptProof *proof = proofs->list->pdata[middle];
        int order = memcmp(&proof->relay, relay, sizeof *relay);
        if (order == 0)
            *found = true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const KeptProof *proofs_find(const Proofs *proofs, const Fingerprint *relay)
{
    bool found;
    guint place = place_of(proofs, relay, &found);
    return found ? proofs->list->pdata[place] : NULL;
}

bool proofs_put(Proofs *proofs, const Fingerprint *relay, const char *domain,
                bool is_proven, Instant when, GError **error)
{
    bool found;
    guint place = place_of(proofs, relay, &found);
    if (!found && proofs->list->len >= PROOFS_MAX) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_LIMIT,
                    "%d proofs are kept already", PROOFS_MAX);
        return false;
    }
    if (!found)
        g_ptr_array_insert(proofs->list, (int)place, g_new0(KeptProof, 1));
    KeptProof *proof = proofs->list->pdata[place];
    g_free(proof->domain);
    *proof = (KeptProof){.relay = *relay,
                         .domain = g_strdup(domain),
                         .when = when,
                         .is_proven = is_proven};
    return true;
}

static bool load_line(Proofs *proofs, const char *line)
{
    g_auto(GStrv) fields = g_strsplit(line, "\t", -1);
    Fingerprint relay;
    Instant when;
    return g_strv_length(fields) == 4 &&
           hex_parse(fields[0], relay.bytes, sizeof relay.bytes) &&
           *fields[1] && instant_parse(fields[2], &when) &&
           (g_str_equal(fields[3], "yes") || g_str_equal(fields[3], "no")) &&
           proofs_put(proofs, &relay, fields[1], *fields[3] == 'y', when, NULL);
}

Proofs *proofs_load(const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, PROOFS_NAME, NULL);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) bytes = file_read(path, FILE_BYTES_MAX, &cause);
    if (!bytes && !g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    g_autoptr(Proofs) proofs = g_new0(Proofs, 1);
    proofs->list = g_ptr_array_new_with_free_func(kept_proof_free);
    gsize length = 0;
    const char *data = bytes ? g_bytes_get_data(bytes, &length) : "";
    Text rest = text_of_bytes(data, length), line;
    for (guint number = 1; line_take(&rest, &line); number++) {
        g_autofree char *copy = g_strndup(line.at, text_length(&line));
        if (load_line(proofs, copy))
            continue;
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "%s:%u: not a line of ours; remove it and check that "
                    "relay's proof again",
                    path, number);
        return NULL;
    }
    return g_steal_pointer(&proofs);
}

bool proofs_save(const Proofs *proofs, const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, PROOFS_NAME, NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < proofs->list->len; i++) {
        const KeptProof *proof = proofs->list->pdata[i];
        g_autofree char *hex =
            hex_new(proof->relay.bytes, sizeof proof->relay.bytes);
        g_autofree char *when = instant_new_text(proof->when);
        g_string_append_printf(text, "%s\t%s\t%s\t%s\n", hex, proof->domain,
                               when, proof->is_proven ? "yes" : "no");
    }
    return directory_ensure_readable(directory, error) &&
           file_replace(path, text->str, text->len, 0644, error);
}

const char *proof_state_word(ProofState state)
{
    static const char *const WORDS[] = {"none", "holds", "expired", "gone"};
    return WORDS[state];
}

ProofState proofs_state(const Proofs *proofs, const Fingerprint *relay,
                        const char *claimed, Instant now)
{
    const KeptProof *proof = proofs ? proofs_find(proofs, relay) : NULL;
    if (!proof)
        return PROOF_STATE_NONE;
    if (!proof->is_proven || g_strcmp0(claimed, proof->domain) != 0)
        return PROOF_STATE_GONE;
    return now - proof->when > PROOF_HOLDS_S ? PROOF_STATE_EXPIRED
                                             : PROOF_STATE_HOLDS;
}
