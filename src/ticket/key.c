#include "base/digest.h"
#include "ticket/ticket.h"

#include <string.h>

/* Changing this makes every stored key miss: redeliveries that cross the
 * change would be filed twice. */
#define DELIVERY_TAG "exitdesk delivery 1"

void ticket_delivery_key(const char *envelope_from, GBytes *raw,
                         uint8_t out[32])
{
    const DigestPiece pieces[] = {
        {DELIVERY_TAG, strlen(DELIVERY_TAG)},
        {envelope_from, strlen(envelope_from)},
        {g_bytes_get_data(raw, NULL), g_bytes_get_size(raw)},
    };
    digest_pieces(pieces, G_N_ELEMENTS(pieces), out);
}
