/*
 * Onionoo's details document and the bulk exit list: hints only (hints.h).
 *
 *   {"version":"10.0",                       192.0.2.1
 *   "relays_published":"...",                192.0.2.2
 *   "relays":[
 *   {"nickname":"...","fingerprint":"...", ...},
 *
 * The server writes one relay a line, and only that is read: so a document of
 * 60 MB needs the memory of one line.
 */
#include "relay/sources.h"

#include "base/ipaddress.h"

ReadResult source_onionoo_read(Records *records, Text document,
                               const char *name, GError **error)
{
    (void)name;
    if (!records->hints)
        return READ_SKIPPED;
    Text line;
    guint count = 0;
    while (line_take(&document, &line)) {
        if (line.end > line.at && line.end[-1] == ',')
            line.end--;
        if (!text_begins(&line, "{\"") || text_begins(&line, "{\"version\""))
            continue;
        count += hints_put_relay(records->hints, line.at, text_length(&line));
    }
    if (count == 0)
        return source_damaged(error, "it has no relay, one a line as the "
                                     "server writes them");
    return READ_NEW;
}

ReadResult source_bulk_read(Records *records, Text document, const char *name,
                            GError **error)
{
    (void)name;
    if (!records->hints || records->fetched == INSTANT_NONE)
        return READ_SKIPPED;
    Text line;
    for (guint number = 1; line_take(&document, &line); number++) {
        IpAddress ip;
        /* Lists made for one target say so in comments. */
        if (text_length(&line) == 0 || *line.at == '#')
            continue;
        if (!ip_parse(line.at, text_length(&line), &ip))
            return source_damaged(error, "line %u is no address", number);
        hints_put_bulk(records->hints, &ip, records->fetched);
    }
    return READ_NEW;
}
