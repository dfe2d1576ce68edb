/* The nouns of wants.h: their words, their life, their way over a wire. */
#include "report/wants.h"

#include "report/report.h"

#include <string.h>

const char *channel_kind_word(ChannelKind kind)
{
    switch (kind) {
    case CHANNEL_MAIL:
        return "mail";
    case CHANNEL_FORM:
        return "form";
    case CHANNEL_NONE:
        return "none";
    case CHANNEL_COUNT:
        break;
    }
    g_assert_not_reached();
}

const char *demand_kind_word(DemandKind kind)
{
    switch (kind) {
    case DEMAND_STOP:
        return "stop";
    case DEMAND_INVESTIGATE:
        return "investigate";
    case DEMAND_IDENTITY:
        return "identity";
    case DEMAND_LOGS:
        return "logs";
    case DEMAND_PRESERVE:
        return "preserve";
    case DEMAND_CONFIRM:
        return "confirm";
    case DEMAND_CONTACT:
        return "contact";
    case DEMAND_STATEMENT:
        return "statement";
    case DEMAND_DECLARE:
        return "declare";
    case DEMAND_PAY:
        return "pay";
    case DEMAND_DELIST:
        return "delist";
    case DEMAND_COUNT:
        break;
    }
    g_assert_not_reached();
}

const char *work_kind_word(WorkKind kind)
{
    switch (kind) {
    case WORK_TITLE:
        return "title";
    case WORK_FILE:
        return "file";
    case WORK_HASH:
        return "hash";
    case WORK_COUNT:
        break;
    }
    g_assert_not_reached();
}

void channel_free(Channel *channel)
{
    if (!channel)
        return;
    g_free(channel->value);
    quote_free(channel->quote);
    g_free(channel->where);
    g_free(channel);
}

void demand_free(Demand *demand)
{
    if (!demand)
        return;
    quote_free(demand->quote);
    g_free(demand);
}

void work_free(NamedWork *work)
{
    if (!work)
        return;
    quote_free(work->quote);
    g_free(work);
}

/* --- between processes --- */

void wants_put(const GPtrArray *channels, const GPtrArray *demands,
               const GPtrArray *works, WireOut *out)
{
    wire_put_u32(out, channels->len);
    for (guint i = 0; i < channels->len; i++) {
        const Channel *channel = channels->pdata[i];
        wire_put_u8(out, (uint8_t)channel->kind);
        wire_put_text(out, channel->value);
        quote_put(channel->quote, out);
        wire_put_text(out, channel->where);
    }
    wire_put_u32(out, demands->len);
    for (guint i = 0; i < demands->len; i++) {
        const Demand *demand = demands->pdata[i];
        wire_put_u8(out, (uint8_t)demand->kind);
        quote_put(demand->quote, out);
    }
    wire_put_u32(out, works->len);
    for (guint i = 0; i < works->len; i++) {
        const NamedWork *work = works->pdata[i];
        wire_put_u8(out, (uint8_t)work->kind);
        quote_put(work->quote, out);
    }
}

static Channel *get_channel(WireIn *in)
{
    Channel *channel = g_new0(Channel, 1);
    channel->kind = wire_get_choice(in, CHANNEL_COUNT);
    channel->value = wire_get_text(in, CHANNEL_TEXT_MAX);
    channel->quote = quote_get(in);
    channel->where = wire_get_text(in, QUOTE_MAX);
    bool has_value = channel->value != NULL;
    if (!channel->quote || !channel->where ||
        has_value == (channel->kind == CHANNEL_NONE))
        in->broken = true;
    return channel;
}

static Demand *get_demand(WireIn *in)
{
    Demand *demand = g_new0(Demand, 1);
    demand->kind = wire_get_choice(in, DEMAND_COUNT);
    demand->quote = quote_get(in);
    in->broken = in->broken || !demand->quote;
    return demand;
}

static NamedWork *get_work(WireIn *in)
{
    NamedWork *work = g_new0(NamedWork, 1);
    work->kind = wire_get_choice(in, WORK_COUNT);
    work->quote = quote_get(in);
    in->broken = in->broken || !work->quote;
    return work;
}

void wants_get(GPtrArray *channels, GPtrArray *demands, GPtrArray *works,
               WireIn *in)
{
    uint32_t count = wire_get_count(in, CHANNELS_MAX);
    for (uint32_t i = 0; i < count && !in->broken; i++)
        g_ptr_array_add(channels, get_channel(in));
    count = wire_get_count(in, DEMAND_KINDS_MAX);
    for (uint32_t i = 0; i < count && !in->broken; i++)
        g_ptr_array_add(demands, get_demand(in));
    count = wire_get_count(in, WORKS_MAX);
    for (uint32_t i = 0; i < count && !in->broken; i++)
        g_ptr_array_add(works, get_work(in));
}
