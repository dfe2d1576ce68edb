#include "fake_store.h"

#include "base/errors.h"

#include <string.h>

struct Store {
    GMutex lock;
    GCond changed;
    GPtrArray *transactions;
    const char *poison;
    int poison_code;
    guint accepted;
    bool is_blocked, is_closed;
};

Store *fake_store_new(void)
{
    Store *store = g_new0(Store, 1);
    store->transactions = g_ptr_array_new_with_free_func(g_free);
    return store;
}

GPtrArray *fake_store_transactions(Store *store)
{
    return store->transactions;
}

void fake_store_poison(Store *store, const char *sender, int code)
{
    store->poison = sender;
    store->poison_code = code;
}

void fake_store_block(Store *store, bool blocked)
{
    g_mutex_lock(&store->lock);
    store->is_blocked = blocked;
    g_cond_broadcast(&store->changed);
    g_mutex_unlock(&store->lock);
}

bool fake_store_is_closed(const Store *store)
{
    return store->is_closed;
}

void fake_store_free(Store *store)
{
    g_ptr_array_unref(store->transactions);
    g_free(store);
}

void store_close(Store *store)
{
    store->is_closed = true;
}

void store_hand_over(Store *store)
{
}

void delivery_free(Delivery *delivery)
{
    g_free(delivery->envelope_from);
    g_ptr_array_unref(delivery->recipients);
    g_bytes_unref(delivery->raw);
    g_free(delivery);
}

bool store_accept(Store *store, Delivery *const *deliveries, guint count,
                  GError **error)
{
    g_mutex_lock(&store->lock);
    while (store->is_blocked)
        g_cond_wait(&store->changed, &store->lock);
    g_mutex_unlock(&store->lock);
    g_autoptr(GString) senders = g_string_new(NULL);
    for (guint i = 0; i < count; i++) {
        if (g_strcmp0(deliveries[i]->envelope_from, store->poison) == 0) {
            g_set_error(error, DESK_ERROR, store->poison_code, "poisoned");
            return false;
        }
        g_string_append_printf(senders, "%s%s", i > 0 ? " " : "",
                               deliveries[i]->envelope_from);
    }
    for (guint i = 0; i < count; i++)
        g_snprintf(deliveries[i]->id, INBOX_ID_SIZE, "F%u", ++store->accepted);
    g_ptr_array_add(store->transactions,
                    g_string_free(g_steal_pointer(&senders), FALSE));
    return true;
}

/* A group fails as a poisoned sender named "group" says. */
bool store_group_begin(Store *store, GError **error)
{
    return true;
}

bool store_group_commit(Store *store, GError **error)
{
    if (g_strcmp0(store->poison, "group") != 0)
        return true;
    g_set_error(error, DESK_ERROR, store->poison_code, "poisoned");
    return false;
}
