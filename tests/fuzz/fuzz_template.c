#include "reply/refill.h"
#include "reply/sample.h"
#include "reply/template_file.h"
#include "reply/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(data, size);
    g_autoptr(Sample) sample = sample_new(SAMPLE_USUAL, "messaging/spam");
    g_autoptr(LetterWords) words = letter_words_new(&sample->context, NULL);
    TemplateValues values = letter_words_values(words);
    Template *file = template_read("fuzz", "XX", "spam.en.txt", bytes);
    g_autofree char *text = file->body ? mustache_expand(file->body, &values,
                                                         NULL, NULL, NULL, NULL)
                                       : NULL;
    g_free(text ? refill_new(text) : NULL);
    template_free(file);
    return 0;
}
