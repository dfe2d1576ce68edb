#include "store/filing_inner.h"

#include "store/record.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/log.h"

#include <string.h>

#define FOREIGN_MAX 200 /* bytes of a stranger's words in the record */

char *decision_new_json(const Decision *decision)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "action", action_word(decision->action));
    json_put_text(&json, "rule", decision->rule);
    json_put_text(&json, "version", EXITDESK_VERSION);
    json_key(&json, "hits");
    json_array(&json);
    for (guint i = 0; decision->hits && i < decision->hits->len; i++) {
        const GateHit *hit = &g_array_index(decision->hits, GateHit, i);
        json_object(&json);
        json_put_text(&json, "rule", hit->id);
        json_put_text(&json, "action", action_word(hit->action));
        json_put_text(&json, "why", hit->why);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
    g_autofree char *outer = json_steal(&json);
    /* inputs is JSON already: it becomes the last member as it is */
    outer[strlen(outer) - 1] = 0;
    return g_strdup_printf("%s,\"inputs\":%s}", outer,
                           decision->inputs ? decision->inputs : "null");
}

char *seal_new_json(const char *name, const void *data, size_t length)
{
    uint8_t hash[SHA256_BYTES];
    digest_sha256(data, length, hash);
    g_autofree char *hex = hex_new(hash, sizeof hash);
    return g_strdup_printf("{\"%s_sha256\":\"%s\"}", name, hex);
}

char *seal_new_text(const char *name, const char *text)
{
    return text ? seal_new_json(name, text, strlen(text)) : NULL;
}

bool record_received(Store *store, const char *about, const MailRow *mail,
                     const char *reporter, GError **error)
{
    g_autofree char *from =
        foreign_text(reporter ? reporter : "an unknown sender", FOREIGN_MAX);
    g_autofree char *key = hex_new(mail->delivery_key, 32);
    g_autofree char *detail = g_strdup_printf(
        "{\"inbox_id\":\"%s\",\"delivery_key\":\"%s\"}", mail->id, key);
    return record_append(store, about, mail->received, RECORD_RECEIVED, detail,
                         error, "Mail from %s (%s)", from, mail->id);
}
