#include "policy/authres_scan.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *value = g_strndup((const char *)data, size);
    g_autoptr(GPtrArray) results = authres_results_new();
    AuthresAnswer answer = authres_scan(value, "mx.example", results);
    g_assert_true(answer == AUTHRES_READ || results->len == 0);
    for (guint i = 0; i < results->len; i++)
        authres_property(results->pdata[i], "header.d");
    return 0;
}
