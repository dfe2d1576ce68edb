/*
 * Checking proofs of a domain.
 *
 * A file is read line by line: a line is an id, with blanks around it and a
 * comment behind "#", or it is nothing; so a web page (a host that answers
 * everything with its front page, "not found" with status 200) proves nothing
 * even if the fingerprint stands somewhere in it. Fingerprints are hex in
 * either case; family ids are base64, whose case matters. A file may list many
 * relays, and several family ids while a key is being replaced: one that fits
 * is enough.
 *
 * Zone data is read as dig and zone files write it, one record a line:
 * NAME [TTL] [IN] TXT STRING..., the name whole, with or without its last dot.
 *
 * Operators have published NAME.secret_family_key in place of the id; such a
 * file is refused before anything else is looked at, and no reason quotes
 * from what was handed in.
 */
#include "relay/aroi.h"

#include "base/digest.h"

#define VERSION_RSA      2
#define VERSION_FAMILYID 3

/* A secret has at least 64 bytes: 86 characters of base64. */
#define SECRET_CHARS 86
#define SECRET_BYTES 96 /* of a file NAME.secret_family_key */

#define RSA_PATH    "/.well-known/tor-relay/rsa-fingerprint.txt"
#define FAMILY_PATH "/.well-known/tor-relay/ed25519-family-id.txt"
#define RSA_TEXT    "we-run-this-tor-relay"
#define FAMILY_NAME "we-run-this-tor-ed25519-family-id"

#define TXT_MAX 4096

void aroi_answer_free(AroiAnswer *answer)
{
    if (!answer)
        return;
    g_free(answer->domain);
    g_free(answer->reason);
    g_free(answer);
}

static bool is_rsa(ContactProof proof)
{
    return proof == PROOF_URI_RSA || proof == PROOF_DNS_RSA;
}

static bool is_dns(ContactProof proof)
{
    return proof == PROOF_DNS_RSA || proof == PROOF_DNS_FAMILYID;
}

/* Why the contact claims nothing that could be proven; NULL: it does. */
static const char *claim_flaw(const Contact *contact)
{
    if (contact->ciiss_version == 0)
        return "the contact has no ciissversion";
    if (!contact->url)
        return "the contact has no url";
    if (!contact->domain)
        return "the contact's url has no usable domain";
    if (contact->proof == PROOF_NONE)
        return "the contact has no proof";
    if (contact->proof == PROOF_UNKNOWN)
        return "the contact's proof is of no known kind";
    if (is_rsa(contact->proof) && contact->ciiss_version != VERSION_RSA)
        return "an rsa proof counts under CIISS version 2 only";
    if (!is_rsa(contact->proof) && contact->ciiss_version != VERSION_FAMILYID)
        return "a family id proof counts under CIISS version 3 only";
    return NULL;
}

static char *new_hex(const Fingerprint *fingerprint)
{
    return hex_new(fingerprint->bytes, sizeof fingerprint->bytes);
}

char *aroi_new_place(const Contact *contact, const Fingerprint *fingerprint,
                     const char **why_not)
{
    g_autofree char *hex = new_hex(fingerprint);
    *why_not = claim_flaw(contact);
    if (*why_not)
        return NULL;
    switch (contact->proof) {
    case PROOF_URI_RSA:
        return g_strconcat("https://", contact->domain, RSA_PATH, NULL);
    case PROOF_URI_FAMILYID:
        return g_strconcat("https://", contact->domain, FAMILY_PATH, NULL);
    case PROOF_DNS_RSA:
        return g_strconcat(hex, ".", contact->domain, NULL);
    case PROOF_DNS_FAMILYID:
        return g_strconcat(FAMILY_NAME ".", contact->domain, NULL);
    case PROOF_NONE:
    case PROOF_UNKNOWN:
        break;
    }
    return NULL;
}

static bool is_base64(char c)
{
    return g_ascii_isalnum(c) || c == '+' || c == '/';
}

/* A run of base64 (or hex) that is long enough for a secret key. */
static bool has_long_run(const char *text, size_t length)
{
    size_t run = 0;
    for (size_t i = 0; i < length; i++) {
        run = is_base64(text[i]) ? run + 1 : 0;
        if (run >= SECRET_CHARS)
            return true;
    }
    return false;
}

bool aroi_looks_secret(const char *text, size_t length)
{
    static const char *const MARKS[] = {"ed25519v1-secret", "secret_family_key",
                                        "PRIVATE KEY", "fmly-id"};
    for (guint i = 0; i < G_N_ELEMENTS(MARKS); i++)
        if (memmem(text, length, MARKS[i], strlen(MARKS[i])))
            return true;
    if (length >= 32 && length <= SECRET_BYTES &&
        !g_utf8_validate(text, (gssize)length, NULL))
        return true;
    return has_long_run(text, length);
}

static Text without_comment(Text line)
{
    Text kept = {line.at, line.at};
    while (kept.end < line.end && *kept.end != '#')
        kept.end++;
    return kept;
}

/* The only word of a line of a file; false if there is none or another. */
static bool only_word(Text line, Text *word)
{
    Text rest = without_comment(line), more;
    return word_take(&rest, word) && !word_take(&rest, &more);
}

static bool is_fingerprint(Text word, const Fingerprint *wanted)
{
    uint8_t bytes[FINGERPRINT_BYTES];
    char hex[2 * FINGERPRINT_BYTES + 1] = {0};
    if (text_length(&word) != sizeof hex - 1)
        return false;
    memcpy(hex, word.at, sizeof hex - 1);
    return hex_parse(hex, bytes, sizeof bytes) &&
           memcmp(bytes, wanted->bytes, sizeof bytes) == 0;
}

static bool is_family_id(Text word, const GArray *ids)
{
    FamilyId id;
    if (!family_id_parse(word.at, text_length(&word), &id))
        return false;
    for (guint i = 0; ids && i < ids->len; i++)
        if (memcmp(&g_array_index(ids, FamilyId, i), &id, sizeof id) == 0)
            return true;
    return false;
}

static bool fits(const AroiQuestion *question, Text word)
{
    return is_rsa(question->contact->proof)
               ? is_fingerprint(word, question->fingerprint)
               : is_family_id(word, question->family_ids);
}

static bool file_names_relay(const AroiQuestion *question)
{
    static const char MARK[] = "\xef\xbb\xbf"; /* of UTF-8 editors */
    Text text = text_of_bytes(question->said, question->length), line, word;
    if (text_begins(&text, MARK))
        text.at += sizeof MARK - 1;
    while (line_take(&text, &line))
        if (only_word(line, &word) && fits(question, word))
            return true;
    return false;
}

/* Append a TXT record's strings ("..." or a bare word) to each other. */
static bool take_strings(Text line, GString *out)
{
    while (line.at < line.end && out->len < TXT_MAX) {
        if (*line.at == ' ' || *line.at == '\t')
            line.at++;
        else if (*line.at == ';')
            break;
        else if (*line.at == '"') {
            const char *end = memchr(line.at + 1, '"', text_length(&line) - 1);
            if (!end)
                return false;
            g_string_append_len(out, line.at + 1, end - line.at - 1);
            line.at = end + 1;
        } else {
            Text word;
            word_take(&line, &word);
            g_string_append_len(out, word.at, (gssize)text_length(&word));
        }
    }
    return out->len > 0;
}

static bool word_is(Text word, const char *literal)
{
    return text_length(&word) == strlen(literal) &&
           g_ascii_strncasecmp(word.at, literal, strlen(literal)) == 0;
}

static bool is_number(Text word)
{
    for (; word.at < word.end; word.at++)
        if (!g_ascii_isdigit(*word.at))
            return false;
    return true;
}

/* "NAME [TTL] [IN] TXT ..." of that name; what the strings say. */
static bool take_record(Text line, const char *name, GString *out)
{
    Text owner, word;
    if (!word_take(&line, &owner))
        return false;
    if (owner.end[-1] == '.')
        owner.end--;
    if (!word_is(owner, name) || !word_take(&line, &word))
        return false;
    if (is_number(word) && !word_take(&line, &word))
        return false;
    if (word_is(word, "IN") && !word_take(&line, &word))
        return false;
    g_string_truncate(out, 0);
    return word_is(word, "TXT") && take_strings(line, out);
}

static bool record_names_relay(const AroiQuestion *question, const GString *txt)
{
    if (is_rsa(question->contact->proof))
        return g_str_equal(txt->str, RSA_TEXT);
    Text line = text_of_bytes(txt->str, txt->len), word;
    while (word_take(&line, &word))
        if (fits(question, word))
            return true;
    return false;
}

static bool zone_names_relay(const AroiQuestion *question)
{
    const char *why_not;
    g_autofree char *name =
        aroi_new_place(question->contact, question->fingerprint, &why_not);
    g_autoptr(GString) txt = g_string_new(NULL);
    Text text = text_of_bytes(question->said, question->length), line;
    while (line_take(&text, &line))
        if (take_record(line, name, txt) && record_names_relay(question, txt))
            return true;
    return false;
}

/* Why the proof does not hold; NULL: it does. */
static const char *proof_flaw(const AroiQuestion *question)
{
    ContactProof proof = question->contact->proof;
    if (!is_rsa(proof) &&
        (!question->family_ids || question->family_ids->len == 0))
        return "the relay has no family id";
    if (!question->said)
        return "what the domain says was not handed in";
    if (question->length > AROI_BYTES_MAX)
        return "what the domain says is longer than a megabyte";
    if (aroi_looks_secret(question->said, question->length))
        return "it looks like a secret key: not read, and it must be replaced";
    if (is_dns(proof) ? !zone_names_relay(question)
                      : !file_names_relay(question))
        return is_rsa(proof) ? "the domain does not name the relay"
                             : "the domain does not name the relay's family id";
    if (question->is_authentic)
        return NULL;
    return is_dns(proof) ? "the domain names it, but DNSSEC was not checked"
                         : "the domain names it, but it did not come over a "
                           "checked HTTPS connection";
}

AroiAnswer *aroi_check(const AroiQuestion *question)
{
    AroiAnswer *answer = g_new0(AroiAnswer, 1);
    const char *flaw = claim_flaw(question->contact);
    answer->domain = g_strdup(question->contact->domain);
    if (!flaw)
        flaw = proof_flaw(question);
    answer->is_verified = !flaw;
    answer->reason =
        flaw ? g_strdup(flaw)
             : g_strdup_printf("%s by %s",
                               is_rsa(question->contact->proof)
                                   ? "the domain names the relay"
                                   : "the domain names the relay's family id",
                               contact_proof_word(question->contact->proof));
    return answer;
}
