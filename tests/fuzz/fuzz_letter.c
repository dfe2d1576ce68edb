#include "mail/document.h"
#include "mail/mail.h"
#include "mail/rtf.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mail_prepare();
    g_autoptr(GString) text = g_string_new(NULL);
    rtf_read((const char *)data, size, 1 << 20, text);
    size_t cost;
    document_read(data, size, 1 << 20, text, &cost);
    g_assert_true(g_utf8_validate(text->str, (gssize)text->len, NULL));
    return 0;
}
