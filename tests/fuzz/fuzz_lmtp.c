#include "receive/lmtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool accepts(void *unused, const char *address)
{
    return *address != 'x';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Lmtp) lmtp =
        lmtp_new(&(LmtpConfig){"mx", 4096, accepts, NULL, NULL});
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t at = 0, used = 1; at < size && used > 0; at += used) {
        used = lmtp_feed(lmtp, data + at, size - at, out);
        if (lmtp_state(lmtp) == LMTP_WAITING) {
            lmtp_mail_free(lmtp_take_mail(lmtp));
            lmtp_answer(lmtp, "250 ok", out);
        }
    }
    return 0;
}
