#include "relay/tally.h"

void tally_init(ImportSummary *summary)
{
    *summary = (ImportSummary){
        .counts = g_array_new(FALSE, FALSE, sizeof(ImportCount)),
        .complaints = g_ptr_array_new_with_free_func(g_free),
    };
}

void import_summary_clear(ImportSummary *summary)
{
    g_clear_pointer(&summary->counts, g_array_unref);
    g_clear_pointer(&summary->complaints, g_ptr_array_unref);
    g_clear_pointer(&summary->anew, g_free);
}

static ImportCount *count_of(ImportSummary *summary, const char *word)
{
    for (guint i = 0; i < summary->counts->len; i++) {
        ImportCount *count = &g_array_index(summary->counts, ImportCount, i);
        if (g_str_equal(count->word, word))
            return count;
    }
    ImportCount fresh = {.word = word};
    g_array_append_val(summary->counts, fresh);
    return &g_array_index(summary->counts, ImportCount,
                          summary->counts->len - 1);
}

void tally_complain(const char *what, const char *why, gpointer data)
{
    ImportSummary *summary = data;
    if (summary->complaints->len < IMPORT_COMPLAINTS_MAX)
        g_ptr_array_add(summary->complaints,
                        g_strdup_printf("%s: %s", what, why));
}

void tally_document(ImportSummary *summary, const Source *source,
                    ReadResult result, const char *name, const char *why)
{
    const char *word = source ? source->word : "unknown";
    g_autofree char *what = g_strdup_printf("%s, %s", name, word);
    ImportCount *count = count_of(summary, word);
    switch (result) {
    case READ_NEW:
        count->fresh++;
        return;
    case READ_KNOWN:
        count->known++;
        return;
    case READ_SKIPPED:
        count->skipped++;
        return;
    case READ_UNVERIFIED:
        count->unverified++;
        summary->unverified++;
        tally_complain(what, why, summary);
        return;
    case READ_DAMAGED:
        count->damaged++;
        summary->damaged++;
        tally_complain(what, why, summary);
        return;
    case READ_RESULTS:
        break;
    }
    g_assert_not_reached();
}

void tally_file(ImportSummary *summary, const char *path, const char *why)
{
    count_of(summary, "file")->damaged++;
    summary->damaged++;
    tally_complain(path, why, summary);
}

/* Documents are counted by their source's word: both flavours together. */
static const char *word_of(uint32_t type)
{
    return document_type_word(
        type == DOCUMENT_CONSENSUS_MICRO ? DOCUMENT_CONSENSUS : type);
}

void tally_correct(ImportSummary *summary, const Facts *facts)
{
    for (uint32_t type = 0; type < DOCUMENT_TYPES; type++) {
        if (facts->forgotten[type] == 0 && facts->known[type] == 0)
            continue;
        ImportCount *count = count_of(summary, word_of(type));
        uint64_t forgotten = MIN(facts->forgotten[type], count->fresh);
        count->fresh -= forgotten;
        count->skipped += forgotten;
        uint64_t known = MIN(facts->known[type], count->fresh);
        count->fresh -= known;
        count->known += known;
    }
}
