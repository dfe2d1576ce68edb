#include "base/page.h"

#include "base/log.h"

#define TEXT_MAX 2000

void page_paragraph(GString *out, const char *first, const char *text)
{
    g_autofree char *safe = foreign_text(text, TEXT_MAX);
    g_auto(GStrv) words = g_strsplit_set(safe, " \t\n", -1);
    glong margin = g_utf8_strlen(first, -1), column = margin;
    bool is_first = true;
    g_string_append(out, first);
    for (char **word = words; *word; word++) {
        glong width = g_utf8_strlen(*word, -1);
        if (width == 0)
            continue;
        if (!is_first && column + 1 + width > PAGE_COLUMNS) {
            g_string_append_printf(out, "\n%*s", (int)margin, "");
            column = margin;
        } else if (!is_first) {
            g_string_append_c(out, ' ');
            column++;
        }
        g_string_append(out, *word);
        column += width;
        is_first = false;
    }
    g_string_append_c(out, '\n');
}
