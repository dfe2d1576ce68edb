#include "base/suggest.h"

#include <glib.h>
#include <string.h>

#define WORD_MAX 64

/* Optimal string alignment distance (Damerau-Levenshtein without repeated
 * edits of one place). */
static int edit_distance(const char *a, const char *b)
{
    int la = (int)strlen(a), lb = (int)strlen(b);
    int d[WORD_MAX + 1][WORD_MAX + 1];
    if (la > WORD_MAX || lb > WORD_MAX)
        return WORD_MAX;
    for (int i = 0; i <= la; i++)
        d[i][0] = i;
    for (int j = 0; j <= lb; j++)
        d[0][j] = j;
    for (int i = 1; i <= la; i++)
        for (int j = 1; j <= lb; j++) {
            int cost = g_ascii_tolower(a[i - 1]) != g_ascii_tolower(b[j - 1]);
            d[i][j] = MIN(MIN(d[i - 1][j] + 1, d[i][j - 1] + 1),
                          d[i - 1][j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = MIN(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[la][lb];
}

const char *suggest_word(const char *text, const char *const *words)
{
    const char *best = NULL;
    int best_distance = WORD_MAX;
    for (; *words; words++) {
        int distance = edit_distance(text, *words);
        if (distance < best_distance) {
            best = *words;
            best_distance = distance;
        }
    }
    if (!best || best_distance * 3 > (int)MAX(strlen(best), strlen(text)))
        return NULL;
    return best;
}
