/*
 * What a line closes besides what was complained of.
 *
 * The desk asks no name server and keeps no list of who hosts what; all it
 * knows are ranges that their operators publish as shared by their customers,
 * as files that somebody must keep (shared.h). So mostly the answer is that it
 * is not known, and it is said so: that an address is in no range here does not
 * make it one site's; and what nobody has compared with its source is said to
 * be unchecked, but counts.
 */
#include "relay/remedy.h"

#include <string.h>

#define GRAVE_BITS_V4 (96 + 24) /* shorter: more than 256 addresses */
#define GRAVE_BITS_V6 64        /* shorter: more than one network */
#define PORT_MAX      65535

void remedy_warning_free(RemedyWarning *warning)
{
    g_free(warning->text);
    g_free(warning);
}

static void warn(GPtrArray *list, bool is_grave, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static void warn(GPtrArray *list, bool is_grave, const char *format, ...)
{
    RemedyWarning *warning = g_new0(RemedyWarning, 1);
    va_list values;
    va_start(values, format);
    warning->text = g_strdup_vprintf(format, values);
    va_end(values);
    warning->is_grave = is_grave;
    g_ptr_array_add(list, warning);
}

/* "list checked on 2026-05-04" */
static char *standing_of(const SharedOperator *shared)
{
    return shared->checked
               ? g_strdup_printf("list of %s, compared on %s", shared->source,
                                 shared->checked)
               : g_strdup_printf("a list that nobody has compared with %s yet",
                                 shared->source);
}

GPtrArray *remedy_warnings(const RemedyTarget *target,
                           const GPtrArray *operators)
{
    GPtrArray *list =
        g_ptr_array_new_with_free_func((GDestroyNotify)remedy_warning_free);
    bool is_v4 = ip_is_v4(&target->destination.base);
    uint8_t bits = target->destination.bits;
    const SharedOperator *shared = shared_find(operators, &target->destination);
    g_autofree char *text = bits == 128
                                ? ip_new_text(&target->destination.base)
                                : ip_prefix_new_text(&target->destination);
    if (shared) {
        g_autofree char *standing = standing_of(shared);
        warn(list, true,
             "%s is of the addresses of %s, which a great many sites share "
             "(%s)",
             text, shared->name, standing);
    } else {
        warn(list, false,
             "it is not known here which other names or hosts use %s", text);
    }
    if (bits < (is_v4 ? GRAVE_BITS_V4 : GRAVE_BITS_V6))
        warn(list, true, "%s is a whole network: everybody in it is closed off",
             text);
    else if (is_v4 && bits < 128)
        warn(list, false, "%s holds %u addresses", text, 1u << (128 - bits));
    if (target->low == 1 && target->high == PORT_MAX)
        warn(list, false, "every port is closed, not only a complaint's");
    return list;
}
