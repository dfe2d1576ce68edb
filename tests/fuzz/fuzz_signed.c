#include "base/unpack_signed.h"
#include "mail/anchors.h"
#include "mail/clearsigned.h"
#include "mail/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) content = NULL;
    unpack_signed(data, size, &content);
    g_autofree char *text = g_utf8_make_valid((const char *)data, (gssize)size);
    g_autoptr(GArray) anchors = anchors_new(), more = anchors_new();
    g_autoptr(GString) clear = clearsigned_undo(text, anchors);
    g_autoptr(GString) form = form_decode(text, more);
    return clear->len > size * 3 || !form;
}
