/*
 * Key certificates of the directory authorities (dir-spec, "Creating key
 * certificates"): certificates.h checks and keeps them.
 */
#include "relay/sources.h"

#include "base/errors.h"

ReadResult source_certificate_read(Records *records, Text document,
                                   const char *name, GError **error)
{
    (void)name;
    bool is_new;
    g_autoptr(GError) cause = NULL;
    if (!certificates_add(records->certificates, records->authorities, document,
                          &is_new, &cause)) {
        /* Archives hold those of test networks and bridge authorities too. */
        if (g_error_matches(cause, DESK_ERROR, DESK_ERROR_DENIED))
            return READ_SKIPPED;
        g_propagate_error(error, g_steal_pointer(&cause));
        return READ_DAMAGED;
    }
    return is_new ? READ_NEW : READ_KNOWN;
}
