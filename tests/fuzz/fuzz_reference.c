/* First line a pattern, then a Subject: only what the pattern allows. */
#include "policy/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 2);
    bool is_twice;
    if (!lines[0] || !lines[1] || reference_objection(lines[0]))
        return 0;
    g_autofree char *got = reference_find(lines[0], lines[1], &is_twice);
    g_assert(!got || strlen(got) <= strlen(lines[0]) + PROFILE_TOKEN_MAX);
    return 0;
}
