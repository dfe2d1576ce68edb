#include "relay/history_file.h"

const SectionLayout HISTORY_LAYOUT = {
    .magic = "EXDhist\n",
    .version = 1,
    .count = SECTION_COUNT,
    .item_bytes =
        {
            [SECTION_ABOUT] = sizeof(About),
            [SECTION_HOURS] = sizeof(Hour),
            [SECTION_RELAYS] = sizeof(Relay),
            [SECTION_PERIODS] = sizeof(Period),
            [SECTION_V4_BUCKETS] = sizeof(uint32_t),
            [SECTION_V4] = sizeof(V4Interval),
            [SECTION_V6] = sizeof(V6Interval),
            [SECTION_SCANS] = sizeof(Scan),
            [SECTION_PROOFS] = sizeof(Proof),
            [SECTION_DOCUMENTS] = sizeof(Document),
            [SECTION_TEXT] = 1,
        },
};

const char *document_type_word(uint32_t type)
{
    static const char *const WORDS[DOCUMENT_TYPES] = {
        [DOCUMENT_CONSENSUS] = "consensus",
        [DOCUMENT_CONSENSUS_MICRO] = "consensus-microdesc",
        [DOCUMENT_EXIT_LIST] = "exit-list",
        [DOCUMENT_DESCRIPTOR] = "server-descriptor",
        [DOCUMENT_MICRO] = "microdescriptor",
    };
    return type < DOCUMENT_TYPES ? WORDS[type] : "unknown";
}
