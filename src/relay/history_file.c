#include "relay/history_file.h"

const SectionLayout HISTORY_LAYOUT = {
    .magic = "EXDhist\n",
    .version = 2,
    .count = SECTION_COUNT,
    .item_bytes =
        {
            [SECTION_PARTS] = sizeof(HistoryPart),
            [SECTION_HOURS] = sizeof(Hour),
            [SECTION_RELAYS] = sizeof(Relay),
            [SECTION_PERIODS] = sizeof(uint64_t),
            [SECTION_MANNERS] = sizeof(Manner),
            [SECTION_V4_BUCKETS] = sizeof(uint32_t),
            [SECTION_V4_ADDRESSES] = 4,
            [SECTION_V4_STARTS] = sizeof(uint32_t),
            [SECTION_V4_RUNS] = sizeof(uint64_t),
            [SECTION_V4_SCAN_STARTS] = sizeof(uint32_t),
            [SECTION_V4_SCANS] = sizeof(Scan),
            [SECTION_V6_ADDRESSES] = 16,
            [SECTION_V6_STARTS] = sizeof(uint32_t),
            [SECTION_V6_RUNS] = sizeof(uint64_t),
            [SECTION_V6_SCAN_STARTS] = sizeof(uint32_t),
            [SECTION_V6_SCANS] = sizeof(Scan),
            [SECTION_LISTS] = sizeof(uint32_t),
            [SECTION_TEXT_STARTS] = sizeof(uint32_t),
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
