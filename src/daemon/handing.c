#include "daemon/handing.h"

#include "base/log.h"
#include "intake/alerting.h"

/* What the courier signs with, for each member; the strings are borrowed. */
static GArray *courier_senders(const Settings *settings)
{
    GArray *senders = g_array_new(FALSE, FALSE, sizeof(CourierSender));
    guint count = settings->members ? members_count(settings->members) : 0;
    for (guint i = 0; i < count; i++) {
        const Member *member = members_at(settings->members, i);
        CourierSender sender = {
            .member = member->id,
            .from = member->address ? member->address : settings->desk.address,
            .pgp_key = member->pgp_signing_key,
            .readers = member->pgp_keys};
        g_array_append_val(senders, sender);
    }
    if (settings->desk.address) {
        CourierSender desk = {.from = settings->desk.address};
        CourierSender alerts = {.member = COURIER_ALERT,
                                .from = settings->desk.address,
                                .may_be_unsigned = true};
        g_array_append_val(senders, desk);
        g_array_append_val(senders, alerts);
    }
    return senders;
}

/* To whom alerts go encrypted. */
static GArray *courier_readers(const Settings *settings)
{
    GArray *readers = g_array_new(FALSE, FALSE, sizeof(CourierReader));
    for (guint i = 0; i < settings->alerts.people->len; i++) {
        const AlertPerson *person = settings->alerts.people->pdata[i];
        CourierReader reader = {.address = person->address,
                                .pgp_key = person->pgp_key};
        if (person->pgp_key)
            g_array_append_val(readers, reader);
    }
    return readers;
}

static GArray *courier_keys(const Settings *settings)
{
    GArray *keys = g_array_new(FALSE, FALSE, sizeof(CourierKey));
    for (guint i = 0; i < settings->dkim.keys->len; i++) {
        const DkimKeyFile *file = settings->dkim.keys->pdata[i];
        CourierKey key = {.domain = file->domain,
                          .selector = file->selector,
                          .file = file->file};
        g_array_append_val(keys, key);
    }
    return keys;
}

Courier *handing_start(const Settings *settings, const CourierEvents *events,
                       GError **error)
{
    g_autoptr(GArray) senders = courier_senders(settings);
    g_autoptr(GArray) keys = courier_keys(settings);
    g_autoptr(GArray) readers = courier_readers(settings);
    CourierConfig config = {
        .via = settings->send.via,
        .tls = settings->send.tls,
        .user = settings->send.user,
        .password_file = settings->send.password_file,
        .ca_file = settings->send.ca_file,
        .hostname = g_get_host_name(),
        .signs = settings->dkim.signed_by == DKIM_BY_DESK,
        .keys = (const CourierKey *)(void *)keys->data,
        .key_count = keys->len,
        .senders = (const CourierSender *)(void *)senders->data,
        .sender_count = senders->len,
        .readers = (const CourierReader *)(void *)readers->data,
        .reader_count = readers->len,
        .pgp_home = settings->pgp.home,
    };
    return courier_start(&config, events, error);
}

/* ---- alerts ------------------------------------------------------------- */

static bool tell_people(Store *store, void *data, GError **error)
{
    const RequestsConfig *config = data;
    g_autoptr(Knowledge) knowledge = config->knowledge(config->data);
    guint told;
    if (!alerting_run(store, knowledge_settings(knowledge), config->loop_key,
                      clock_now(config->clock), &told, error))
        return false;
    if (told > 0)
        log_warning(NULL,
                    "alerts: %u message%s to people, see exitdesk alert list",
                    told, told == 1 ? "" : "s");
    return true;
}

static void people_told(void *data, const GError *error)
{
    if (error)
        log_error(NULL, "alerts: nobody could be told: %s", error->message);
}

void handing_alert(RequestsConfig *config)
{
    writer_run(config->writer, tell_people, people_told, config);
}
