/*
 * Reading families.
 *
 * A certificate (cert-spec) is
 *
 *   version 1 | type 0x0C | expiry, hours since 1970, 4 bytes | key type 1 |
 *   certified key, 32 bytes | number of extensions | extensions | signature
 *
 * with extensions of length (2 bytes), type, flags, data. The certified key
 * must be the relay's own (master-key-ed25519), or a certificate could be
 * copied from any descriptor into any other; the signing key stands in the
 * extension of type 4 and is the family's id. The signature covers all before
 * it. Flag 1 of an unknown extension means "do not accept if you do not know
 * me"; other unknown ones are passed over. Two signing keys are refused: which
 * of them signed would be a guess.
 *
 * Tolerated in the line "family": entries that are neither a fingerprint nor a
 * nickname are flaws, not errors, since one bad entry must not hide the rest.
 * "$HEX=nick" and "$HEX~nick" count as $HEX, as in tor; a bare nickname names
 * nobody since nobody registers nicknames any more.
 */
#include "relay/family.h"

#include "relay/certificates.h"

#include "base/digest.h"

#define CERT_VERSION     1
#define CERT_TYPE_FAMILY 0x0c
#define CERT_KEY_ED25519 1
#define CERT_HEAD_BYTES  40 /* up to and with the number of extensions */
#define CERT_BYTES_MAX   1024
#define EXTENSION_SIGNER 4
#define EXTENSION_MUST   1
#define NICKNAME_MAX     19

Family *family_new(void)
{
    Family *family = g_new0(Family, 1);
    family->relays = g_array_new(false, false, sizeof(Fingerprint));
    family->ids = g_array_new(false, false, sizeof(FamilyId));
    family->flaws = g_ptr_array_new_with_free_func(g_free);
    return family;
}

void family_free(Family *family)
{
    if (!family)
        return;
    g_array_unref(family->relays);
    g_array_unref(family->ids);
    g_ptr_array_unref(family->flaws);
    g_free(family);
}

static void add_flaw(Family *family, const char *what)
{
    if (family->flaws->len < FAMILY_IDS_MAX)
        g_ptr_array_add(family->flaws, g_strdup(what));
}

static bool is_nickname(Text word)
{
    if (text_length(&word) > NICKNAME_MAX)
        return false;
    for (; word.at < word.end; word.at++)
        if (!g_ascii_isalnum(*word.at))
            return false;
    return true;
}

/* "$HEX", "$HEX=nick", "$HEX~nick". */
static bool parse_named(Text word, Fingerprint *out)
{
    char hex[2 * FINGERPRINT_BYTES + 1] = {0};
    if (text_length(&word) < sizeof hex || *word.at != '$')
        return false;
    memcpy(hex, word.at + 1, sizeof hex - 1);
    Text rest = {word.at + sizeof hex, word.end};
    if (rest.at < rest.end) {
        if (*rest.at != '=' && *rest.at != '~')
            return false;
        rest.at++;
        if (!is_nickname(rest))
            return false;
    }
    return hex_parse(hex, out->bytes, FINGERPRINT_BYTES);
}

static int compare_fingerprints(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(Fingerprint));
}

void fingerprints_settle(GArray *relays)
{
    guint kept = 0;
    g_array_sort(relays, compare_fingerprints);
    for (guint i = 0; i < relays->len; i++) {
        Fingerprint *list = &g_array_index(relays, Fingerprint, 0);
        if (kept == 0 || compare_fingerprints(&list[i], &list[kept - 1]) != 0)
            list[kept++] = list[i];
    }
    g_array_set_size(relays, kept);
}

bool fingerprints_hold(const GArray *relays, const Fingerprint *relay)
{
    return g_array_binary_search((GArray *)relays, relay, compare_fingerprints,
                                 NULL);
}

void family_read_relays(Family *family, Text names)
{
    Text word;
    while (word_take(&names, &word)) {
        Fingerprint fingerprint;
        if (family->relays->len + family->nicknames >= FAMILY_RELAYS_MAX) {
            add_flaw(family, "more relays than are read");
            break;
        }
        if (parse_named(word, &fingerprint))
            g_array_append_val(family->relays, fingerprint);
        else if (is_nickname(word))
            family->nicknames++;
        else
            add_flaw(family, "an entry is neither fingerprint nor nickname");
    }
    fingerprints_settle(family->relays);
}

char *family_id_new_text(const FamilyId *id)
{
    char *text = g_base64_encode(id->bytes, sizeof id->bytes);
    text[FAMILY_ID_CHARS] = '\0'; /* the "=" */
    return text;
}

/* The last character has two bits to spare: only one of four texts is the
 * one that tor writes. */
bool family_id_parse(const char *text, size_t length, FamilyId *out)
{
    if (length != FAMILY_ID_CHARS ||
        !base64_parse(text, length, out->bytes, sizeof out->bytes))
        return false;
    g_autofree char *again = family_id_new_text(out);
    return memcmp(again, text, length) == 0;
}

static void add_id(Family *family, const FamilyId *id)
{
    for (guint i = 0; i < family->ids->len; i++)
        if (memcmp(&g_array_index(family->ids, FamilyId, i), id, sizeof *id) ==
            0)
            return;
    if (family->ids->len < FAMILY_IDS_MAX)
        g_array_append_val(family->ids, *id);
    else
        add_flaw(family, "more family keys than are read");
}

void family_read_ids(Family *family, Text ids)
{
    static const char KIND[] = "ed25519:";
    Text word;
    while (word_take(&ids, &word)) {
        FamilyId id;
        if (!text_begins(&word, KIND))
            continue;
        word.at += sizeof KIND - 1;
        if (family_id_parse(word.at, text_length(&word), &id))
            add_id(family, &id);
        else
            add_flaw(family, "a family id is malformed");
    }
}

/* Walk the extensions; NULL and where the signature begins, or what is wrong
 * with them. */
static const char *find_signer(const uint8_t *certificate, size_t length,
                               size_t *signature, FamilyId *out)
{
    size_t at = CERT_HEAD_BYTES;
    bool found = false;
    for (int left = certificate[at - 1]; left > 0; left--) {
        if (length - at < 4)
            return "it is cut";
        size_t size = (size_t)certificate[at] << 8 | certificate[at + 1];
        uint8_t type = certificate[at + 2], flags = certificate[at + 3];
        at += 4;
        if (length - at < size)
            return "it is cut";
        if (type == EXTENSION_SIGNER) {
            if (found || size != sizeof out->bytes)
                return "its signing key is malformed";
            memcpy(out->bytes, certificate + at, sizeof out->bytes);
            found = true;
        } else if (flags & EXTENSION_MUST)
            return "it needs an extension that is not known";
        at += size;
    }
    *signature = at;
    return found ? NULL : "it names no signing key";
}

const char *family_certificate_check(const uint8_t *certificate, size_t length,
                                     const uint8_t master[ED25519_KEY_BYTES],
                                     uint32_t when, FamilyId *out)
{
    size_t signature = 0;
    FamilyId id;
    if (length < CERT_HEAD_BYTES + ED25519_SIGNATURE_BYTES)
        return "it is cut";
    if (length > CERT_BYTES_MAX)
        return "it is too long";
    if (certificate[0] != CERT_VERSION || certificate[1] != CERT_TYPE_FAMILY ||
        certificate[6] != CERT_KEY_ED25519)
        return "it is another kind of certificate";
    const char *flaw = find_signer(certificate, length, &signature, &id);
    if (flaw)
        return flaw;
    if (length - signature != ED25519_SIGNATURE_BYTES)
        return length - signature < ED25519_SIGNATURE_BYTES
                   ? "it is cut"
                   : "something stands behind its signature";
    if (memcmp(certificate + 7, master, ED25519_KEY_BYTES) != 0)
        return "it certifies another relay";
    uint64_t hours = (uint64_t)certificate[2] << 24 | certificate[3] << 16 |
                     certificate[4] << 8 | certificate[5];
    if (hours * 3600 <= when)
        return "it has expired";
    if (!ed25519_verify(id.bytes, certificate + signature, certificate,
                        signature))
        return "its signature does not hold";
    *out = id;
    return NULL;
}

/* What a descriptor says that is needed here. */
typedef struct {
    bool has_fingerprint, has_master, has_family;
    guint blocks; /* family certificates, good or bad */
    Fingerprint fingerprint;
    uint8_t master[ED25519_KEY_BYTES];
    GPtrArray *certificates; /* of GBytes */
} Reading;

/* "1856 63B7 C127 ...", in old ones without blanks. */
static bool parse_fingerprint(Text line, Fingerprint *out)
{
    char hex[2 * FINGERPRINT_BYTES + 1] = {0};
    size_t length = 0;
    for (; line.at < line.end; line.at++) {
        if (*line.at == ' ')
            continue;
        if (length == sizeof hex - 1)
            return false;
        hex[length++] = *line.at;
    }
    return length == sizeof hex - 1 &&
           hex_parse(hex, out->bytes, FINGERPRINT_BYTES);
}

/* The block behind a line "family-cert". A broken one may cost a look at the
 * rest of the document, so no more are looked at than may be there. */
static void take_certificate(Family *family, Reading *reading, Text *rest)
{
    if (reading->blocks++ >= FAMILY_IDS_MAX)
        return;
    GBytes *certificate = pem_take(rest, "FAMILY CERT");
    if (certificate)
        g_ptr_array_add(reading->certificates, certificate);
    else
        add_flaw(family, "a family certificate is cut");
}

/* The line may stand there once. */
static void take_relays(Family *family, bool *has_family, Text names)
{
    if (*has_family)
        add_flaw(family, "a second family line is not read");
    else
        family_read_relays(family, names);
    *has_family = true;
}

static void read_line(Family *family, Reading *reading, Text line, Text *rest)
{
    line_keyword(&line, "opt");
    if (!text_begins_any(&line, "fm"))
        return;
    if (line_keyword(&line, "family"))
        take_relays(family, &reading->has_family, line);
    else if (line_keyword(&line, "family-cert"))
        take_certificate(family, reading, rest);
    else if (line_keyword(&line, "fingerprint"))
        reading->has_fingerprint =
            parse_fingerprint(line, &reading->fingerprint);
    else if (line_keyword(&line, "master-key-ed25519"))
        reading->has_master =
            base64_parse(line.at, text_length(&line), reading->master,
                         sizeof reading->master);
}

static void check_certificates(Family *family, const Reading *reading,
                               uint32_t when)
{
    for (guint i = 0; i < reading->certificates->len; i++) {
        gsize length = 0;
        const uint8_t *data = g_bytes_get_data(
            g_ptr_array_index(reading->certificates, i), &length);
        FamilyId id;
        const char *flaw = reading->has_master
                               ? family_certificate_check(
                                     data, length, reading->master, when, &id)
                               : "the relay has no master key";
        if (!flaw) {
            add_id(family, &id);
            continue;
        }
        g_autofree char *told =
            g_strdup_printf("a family certificate does not count: %s", flaw);
        add_flaw(family, told);
    }
}

bool family_read_descriptor(Family *family, Text document, uint32_t when,
                            Fingerprint *out)
{
    Reading reading = {0};
    Text line;
    reading.certificates =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    while (line_take(&document, &line))
        read_line(family, &reading, line, &document);
    check_certificates(family, &reading, when);
    g_ptr_array_unref(reading.certificates);
    *out = reading.fingerprint;
    return reading.has_fingerprint;
}

void family_read_microdescriptor(Family *family, Text document)
{
    bool has_family = false;
    Text line;
    while (line_take(&document, &line)) {
        if (line_keyword(&line, "family"))
            take_relays(family, &has_family, line);
        else if (line_keyword(&line, "family-ids"))
            family_read_ids(family, line);
    }
}
