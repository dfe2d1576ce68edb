#include "relay/early_file.h"

const SectionLayout SERVER_LAYOUT = {
    .magic = "EXDears\n",
    .version = 1,
    .count = SERVER_SECTIONS,
    .item_bytes =
        {
            [SERVER_LISTINGS] = sizeof(EarlyListing),
            [SERVER_HOURS] = sizeof(uint32_t),
            [SERVER_RUNS] = sizeof(ServerRun),
            [SERVER_DOCUMENTS] = sizeof(EarlyDocument),
            [SERVER_TEXT] = 1,
        },
};

const SectionLayout POLICY_LAYOUT = {
    .magic = "EXDearp\n",
    .version = 1,
    .count = POLICY_SECTIONS,
    .item_bytes =
        {
            [POLICY_DIGESTS] = 20,
            [POLICY_NUMBERS] = sizeof(uint32_t),
            [POLICY_TEXT] = 1,
        },
};

const SectionLayout FOUND_LAYOUT = {
    .magic = "EXDearf\n",
    .version = 1,
    .count = FOUND_SECTIONS,
    .item_bytes =
        {
            [FOUND_HOURS] = sizeof(FoundHour),
            [FOUND_RUNS] = sizeof(FoundRun),
            [FOUND_DOCUMENTS] = sizeof(EarlyDocument),
            [FOUND_TEXT] = 1,
        },
};
