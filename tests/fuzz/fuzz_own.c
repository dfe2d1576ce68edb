#include "reply/own.h"
#include "reply/sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(Sample) sample = sample_new(SAMPLE_USUAL, "messaging/spam");
    const OwnWords words = {.subject = "Your report", .text = text};
    g_ptr_array_unref(own_words_lint(&words, &sample->context, NULL));
    g_autoptr(Reply) reply = own_words_compose(&words, &sample->context, NULL);
    g_assert_true(!reply || g_utf8_validate(reply->text, -1, NULL));
    return 0;
}
