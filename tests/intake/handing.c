#include "handing.h"

#include "store/inbox.h"

#include <string.h>

Delivery *handed_new(const char *envelope_from, const char *to,
                     const char *text, Instant now)
{
    Delivery *delivery = g_new0(Delivery, 1);
    delivery->envelope_from = g_strdup(envelope_from);
    delivery->recipients = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(delivery->recipients,
                    g_strdup(to ? to : "abuse@umbrella.example"));
    delivery->raw = g_bytes_new(text, strlen(text));
    delivery->received = now;
    delivery->way = "lmtp";
    return delivery;
}

Judgement *hand_over(const Desk *desk, const char *envelope_from,
                     const char *to, const char *text, Instant now)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Delivery) delivery = handed_new(envelope_from, to, text, now);
    g_assert_true(store_accept(desk->store, &delivery, 1, &error));
    Judgement *judgement = intake_read(desk, delivery, now, &error);
    g_assert_no_error(error);
    g_assert_true(intake_file(desk, delivery, judgement, now, &error));
    g_assert_no_error(error);
    return judgement;
}
