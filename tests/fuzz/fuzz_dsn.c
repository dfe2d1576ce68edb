/* The fields of a delivery status, and codes in any text. */
#include "mail/dsn.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_auto(Dsn) dsn = {0};
    char status[DSN_STATUS_SIZE];
    dsn_read((const char *)data, size, &dsn);
    dsn_status_in((const char *)data, size, status);
    return 0;
}
