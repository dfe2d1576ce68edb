/*
 * unread_words.h - words that mail programs put around a letter.
 *
 * Private to report/. "View in browser", "unsubscribe", the notice about
 * letters that went astray: they often stand in one half of an alternative
 * only. No sentence that orders, threatens or accuses can be made of them.
 */
#pragma once

#include <stdbool.h>

/* One word as unread.c cuts them: folded, of four bytes at least. */
bool unread_is_furniture(const char *word);
