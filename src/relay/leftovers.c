#include "relay/leftovers.h"

#include "relay/ledger.h"
#include "relay/month_map.h"

#include "base/files.h"

#include <glib/gstdio.h>
#include <string.h>

#define SUFFIX_LENGTH 6 /* of g_mkstemp() */

/* What only an import writes, under its lock. */
static const char *const NAMES[] = {"history", "people",   "certificates",
                                    "signed",  "traffic",  "hints",
                                    "places",  LEDGER_NAME};

/* Is it the suffix of g_mkstemp()? That has capital letters and digits only; a
 * copy that somebody called "history.backup" stays. */
static bool is_random(const char *suffix)
{
    return strlen(suffix) == SUFFIX_LENGTH &&
           strspn(suffix, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") ==
               SUFFIX_LENGTH;
}

static bool is_ours(const char *stem)
{
    uint32_t month;
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++)
        if (g_str_equal(stem, NAMES[i]))
            return true;
    return month_parse_name(stem, &month);
}

static void remove_in(const char *directory)
{
    g_autoptr(GPtrArray) names = directory_list(directory, "", NULL);
    for (guint i = 0; names && i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        const char *dot = strrchr(name, '.');
        g_autofree char *stem =
            dot ? g_strndup(name, (size_t)(dot - name)) : NULL;
        if (!stem || !is_random(dot + 1) || !is_ours(stem))
            continue;
        g_autofree char *path = g_build_filename(directory, name, NULL);
        g_unlink(path);
    }
}

void leftovers_remove(const char *directory)
{
    g_autofree char *months = g_build_filename(directory, MONTHS_NAME, NULL);
    remove_in(directory);
    remove_in(months);
}
