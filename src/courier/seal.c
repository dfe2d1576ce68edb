#include "courier/seal.h"

#include "base/errors.h"
#include "reply/dkim.h"
#include "reply/pgp.h"

#include <string.h>

/* One of each kind. */
#define KEYS_MAX 2

typedef struct {
    char *domain, *selector;
    SigningKey *key;
} Signer;

typedef struct {
    char *member, *from, *pgp_key;
    bool may_be_unsigned;
    GPtrArray *readers; /* of char *, NULL at the end; or NULL */
} Sender;

typedef struct {
    char *address, *pgp_key;
} KeyHolder;

struct Sealer {
    bool signs;      /* by DKIM */
    GArray *signers; /* of Signer */
    GArray *senders; /* of Sender */
    GArray *readers; /* of KeyHolder */
    char *pgp_home;
};

static void clear_signer(void *data)
{
    Signer *signer = data;
    g_free(signer->domain);
    g_free(signer->selector);
    signing_key_free(signer->key);
}

static void clear_sender(void *data)
{
    Sender *sender = data;
    g_free(sender->member);
    g_free(sender->from);
    g_free(sender->pgp_key);
    g_clear_pointer(&sender->readers, g_ptr_array_unref);
}

static void clear_reader(void *data)
{
    KeyHolder *reader = data;
    g_free(reader->address);
    g_free(reader->pgp_key);
}

void sealer_free(Sealer *sealer)
{
    if (!sealer)
        return;
    g_array_unref(sealer->signers);
    g_array_unref(sealer->senders);
    g_array_unref(sealer->readers);
    g_free(sealer->pgp_home);
    g_free(sealer);
}

static bool is_taken(const Sealer *sealer, const Signer *signer)
{
    for (guint i = 0; i < sealer->signers->len; i++) {
        const Signer *other = &g_array_index(sealer->signers, Signer, i);
        if (g_ascii_strcasecmp(other->domain, signer->domain) == 0 &&
            signing_key_kind(other->key) == signing_key_kind(signer->key))
            return true;
    }
    return false;
}

static bool add_key(Sealer *sealer, const CourierKey *named, GError **error)
{
    g_autoptr(GError) cause = NULL;
    Signer signer = {.key = signing_key_read(named->file, &cause)};
    if (!signer.key) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG, "dkim.keys: %s",
                    cause->message);
        return false;
    }
    signer.domain = g_ascii_strdown(named->domain, -1);
    signer.selector = g_strdup(named->selector);
    if (is_taken(sealer, &signer)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                    "dkim.keys: two %s keys for %s; leave out the old one",
                    signing_kind_word(signing_key_kind(signer.key)),
                    signer.domain);
        clear_signer(&signer);
        return false;
    }
    g_array_append_val(sealer->signers, signer);
    return true;
}

static GPtrArray *copy_keys(const GPtrArray *keys)
{
    if (!keys || keys->len == 0)
        return NULL;
    GPtrArray *copy = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < keys->len; i++)
        g_ptr_array_add(copy, g_strdup(keys->pdata[i]));
    g_ptr_array_add(copy, NULL);
    return copy;
}

Sealer *sealer_new(const CourierConfig *config, GError **error)
{
    g_autoptr(Sealer) sealer = g_new0(Sealer, 1);
    sealer->signs = config->signs;
    sealer->signers = g_array_new(FALSE, FALSE, sizeof(Signer));
    g_array_set_clear_func(sealer->signers, clear_signer);
    sealer->senders = g_array_new(FALSE, FALSE, sizeof(Sender));
    g_array_set_clear_func(sealer->senders, clear_sender);
    sealer->readers = g_array_new(FALSE, FALSE, sizeof(KeyHolder));
    g_array_set_clear_func(sealer->readers, clear_reader);
    sealer->pgp_home = g_strdup(config->pgp_home);
    for (size_t i = 0; config->signs && i < config->key_count; i++)
        if (!add_key(sealer, &config->keys[i], error))
            return NULL;
    for (size_t i = 0; i < config->sender_count; i++) {
        const CourierSender *named = &config->senders[i];
        Sender sender = {.member = g_strdup(named->member),
                         .from = g_strdup(named->from),
                         .pgp_key = g_strdup(named->pgp_key),
                         .readers = copy_keys(named->readers),
                         .may_be_unsigned = named->may_be_unsigned};
        g_array_append_val(sealer->senders, sender);
    }
    for (size_t i = 0; i < config->reader_count; i++) {
        KeyHolder reader = {.address = g_strdup(config->readers[i].address),
                            .pgp_key = g_strdup(config->readers[i].pgp_key)};
        g_array_append_val(sealer->readers, reader);
    }
    return g_steal_pointer(&sealer);
}

/* ---- one letter ------------------------------------------------------- */

static const Sender *find_sender(const Sealer *sealer, const char *member)
{
    for (guint i = 0; i < sealer->senders->len; i++) {
        const Sender *sender = &g_array_index(sealer->senders, Sender, i);
        if (g_strcmp0(sender->member, member) == 0)
            return sender;
    }
    return NULL;
}

static GBytes *sign_by_dkim(const Sealer *sealer, const Sender *sender,
                            GBytes *letter, GError **error)
{
    DkimSigner signers[KEYS_MAX];
    size_t count = 0;
    const char *domain = strrchr(sender->from, '@') + 1;
    for (guint i = 0; i < sealer->signers->len && count < KEYS_MAX; i++) {
        const Signer *signer = &g_array_index(sealer->signers, Signer, i);
        if (g_ascii_strcasecmp(signer->domain, domain) == 0)
            signers[count++] = (DkimSigner){.domain = signer->domain,
                                            .selector = signer->selector,
                                            .key = signer->key};
    }
    if (count > 0)
        return dkim_sign(letter, signers, count);
    if (sender->may_be_unsigned)
        return g_bytes_ref(letter);
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                "no DKIM key for %s (exitdesk key make %s)", domain, domain);
    return NULL;
}

static GBytes *sign_by_pgp(const Sealer *sealer, const Sender *sender,
                           GBytes *letter, GError **error)
{
    if (!sender->pgp_key)
        return g_bytes_ref(letter);
    if (sealer->pgp_home)
        return pgp_sign_letter(sealer->pgp_home, sender->pgp_key, letter,
                               error);
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                "%s has a PGP key, but pgp.home is not set", sender->member);
    return NULL;
}

static const char *key_of_reader(const Sealer *sealer, const char *address)
{
    for (guint i = 0; i < sealer->readers->len; i++) {
        const KeyHolder *reader = &g_array_index(sealer->readers, KeyHolder, i);
        if (g_ascii_strcasecmp(reader->address, address) == 0)
            return reader->pgp_key;
    }
    return NULL;
}

/* A notice that has readers goes to nobody else: without their keys it does
 * not go. */
static GBytes *encrypt(const Sealer *sealer, const CourierLetter *letter,
                       GError **error)
{
    const Sender *named = find_sender(sealer, letter->readers);
    if (named && named->readers && sealer->pgp_home)
        return pgp_encrypt_notice(sealer->pgp_home,
                                  (const char *const *)named->readers->pdata,
                                  NULL, letter->bytes, error);
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                "the sending process knows no keys of %s's people "
                "(pgp.home, pgp.notice-keys); start exitdeskd again",
                letter->readers);
    return NULL;
}

/* An alert is for its reader alone, where there is a key. sender NULL: the next
 * hop signs for it. */
static GBytes *wrap(const Sealer *sealer, const Sender *sender,
                    const CourierLetter *letter, GError **error)
{
    const char *key = g_strcmp0(letter->member, COURIER_ALERT) == 0
                          ? key_of_reader(sealer, letter->to)
                          : NULL;
    if (letter->readers)
        return encrypt(sealer, letter, error);
    if (!key && !sender)
        return g_bytes_ref(letter->bytes);
    if (!key)
        return sign_by_pgp(sealer, sender, letter->bytes, error);
    const char *const KEYS[] = {key, NULL};
    if (sealer->pgp_home)
        return pgp_encrypt_notice(sealer->pgp_home, KEYS, NULL, letter->bytes,
                                  error);
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                "%s has a PGP key, but pgp.home is not set", letter->to);
    return NULL;
}

GBytes *sealer_seal(const Sealer *sealer, const CourierLetter *letter,
                    GError **error)
{
    const Sender *sender = find_sender(sealer, letter->member);
    if (!sender && !sealer->signs)
        return wrap(sealer, NULL, letter, error);
    if (!sender) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                    "the sending process knows no member %s; start exitdeskd "
                    "again",
                    letter->member ? letter->member : "-");
        return NULL;
    }
    if (!dkim_check(letter->bytes, sender->from, letter->to, error))
        return NULL;
    g_autoptr(GBytes) wrapped = wrap(sealer, sender, letter, error);
    if (!wrapped || !sealer->signs)
        return g_steal_pointer(&wrapped);
    return sign_by_dkim(sealer, sender, wrapped, error);
}
