#include "receive/lmtp.h"
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
static bool accepts(void *unused, const char *address)
{
    return *address != 'x';
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    LmtpConfig config = {
        .hostname = "mx", .max_bytes = 4096, .accepts = accepts};
    g_autoptr(Lmtp) lmtp = lmtp_new(&config);
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t at = 0; at < size && lmtp_state(lmtp) != LMTP_CLOSED;) {
        at += lmtp_feed(lmtp, data + at, size - at, out);
        if (lmtp_state(lmtp) == LMTP_WAITING) {
            lmtp_mail_free(lmtp_take_mail(lmtp));
            lmtp_answer(lmtp, "250 ok", out);
        }
    }
    return 0;
}
