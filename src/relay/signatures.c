#include "relay/signatures.h"

#include "base/digest.h"

#define SIGNATURES_MAX 64 /* looked at; real consensuses have at most ten */

/* One directory-signature. */
typedef struct {
    uint8_t identity[AUTHORITY_BYTES], signing[AUTHORITY_BYTES];
    bool is_known; /* its algorithm */
    bool is_sha256;
    GBytes *signature;
} SignatureLine;

/* What is signed, hashed at most once each way. */
typedef struct {
    Text part;
    bool has[2];
    uint8_t digest[2][SHA256_BYTES];
} SignedPart;

Text consensus_signed_part(Text document)
{
    static const char KEYWORD[] = "\n" SIGNED_END;
    const char *at = memmem(document.at, text_length(&document), KEYWORD,
                            sizeof KEYWORD - 1);
    const char *end = at ? at + sizeof KEYWORD - 1 : document.at;
    return (Text){document.at, end};
}

static const uint8_t *digest_of(SignedPart *of, bool is_sha256)
{
    if (of->has[is_sha256])
        return of->digest[is_sha256];
    size_t length = text_length(&of->part);
    if (is_sha256)
        digest_sha256(of->part.at, length, of->digest[1]);
    else
        digest_sha1(of->part.at, length, of->digest[0]);
    of->has[is_sha256] = true;
    return of->digest[is_sha256];
}

/* As the authorities write it; check.sh of a proof knows no other spelling. */
static bool read_hex(const Text *word, uint8_t out[AUTHORITY_BYTES])
{
    for (const char *at = word->at; at < word->end; at++)
        if (!g_ascii_isdigit(*at) && !(*at >= 'A' && *at <= 'F'))
            return false;
    g_autofree char *hex = g_strndup(word->at, text_length(word));
    return hex_parse(hex, out, AUTHORITY_BYTES);
}

/* The words of a line with one blank between each. */
static bool read_words(Text line, Text words[3], guint *count)
{
    size_t length = text_length(&line);
    *count = 0;
    if (memchr(line.at, '\t', length))
        return false;
    while (*count < 3 && word_take(&line, &words[*count])) {
        length -= text_length(&words[*count]);
        ++*count;
    }
    return *count >= 2 && length == *count - 1;
}

/* "[sha1|sha256] IDENTITY SIGNING" */
static bool read_line(Text line, SignatureLine *out)
{
    Text words[3];
    guint count;
    if (!text_begins(&line, SIGNED_END))
        return false;
    line.at += strlen(SIGNED_END);
    if (!read_words(line, words, &count))
        return false;
    bool has_name = count == 3;
    out->is_sha256 = has_name && text_is(&words[0], "sha256");
    out->is_known = !has_name || out->is_sha256 || text_is(&words[0], "sha1");
    return read_hex(&words[has_name], out->identity) &&
           read_hex(&words[has_name + 1], out->signing);
}

/* Take one signature off: the line, and the block behind it. */
static bool take_signature(Text *text, SignatureLine *out)
{
    Text line, rest = *text;
    *out = (SignatureLine){0};
    if (!line_take(&rest, &line) || !read_line(line, out) ||
        !(out->signature = pem_take(&rest, "SIGNATURE")))
        return false;
    if (memchr(text->at, '\r', (size_t)(rest.at - text->at))) {
        g_clear_pointer(&out->signature, g_bytes_unref);
        return false;
    }
    *text = rest;
    return true;
}

static bool is_valid(const Certificate *certificate, SignedPart *part,
                     const SignatureLine *line, uint32_t valid_after)
{
    return certificate_is_in_force(certificate, valid_after) &&
           rsa_verify(certificate->key, g_bytes_get_data(line->signature, NULL),
                      g_bytes_get_size(line->signature),
                      digest_of(part, line->is_sha256),
                      line->is_sha256 ? SHA256_BYTES : SHA1_BYTES);
}

/* An authority counts once, whatever it signed again: after a change of
 * identity it signs with both for a while, the older first, whose certificate
 * may be known nowhere. */
static void put_once(GArray *signatures, const ConsensusSignature *one)
{
    for (guint i = 0; i < signatures->len; i++) {
        ConsensusSignature *before =
            &g_array_index(signatures, ConsensusSignature, i);
        if (!g_str_equal(before->authority->nickname, one->authority->nickname))
            continue;
        if (!before->is_valid && (one->is_valid || !before->certificate))
            *before = *one;
        return;
    }
    g_array_append_val(signatures, *one);
}

/* *is_whole: nothing but signatures follows what was signed. */
static GArray *check_all(const Authorities *authorities,
                         const Certificates *certificates, Text document,
                         SignedPart *part, uint32_t valid_after, bool *is_whole)
{
    GArray *signatures = g_array_new(FALSE, FALSE, sizeof(ConsensusSignature));
    *is_whole = false;
    if (text_length(&part->part) == 0)
        return signatures;
    Text rest = {part->part.end - strlen(SIGNED_END), document.end};
    SignatureLine line;
    for (guint i = 0; i < SIGNATURES_MAX && take_signature(&rest, &line); i++) {
        ConsensusSignature one = {
            .authority =
                authorities_find(authorities, line.identity, valid_after),
            .certificate = certificates_find(certificates, line.identity,
                                             line.signing, valid_after),
        };
        one.is_valid = one.authority && one.certificate && line.is_known &&
                       is_valid(one.certificate, part, &line, valid_after);
        if (one.authority && line.is_known)
            put_once(signatures, &one);
        g_bytes_unref(line.signature);
    }
    while (rest.at < rest.end &&
           *rest.at == '\n') /* some copies end with one */
        rest.at++;
    *is_whole = text_length(&rest) == 0;
    return signatures;
}

GArray *consensus_signatures(const Authorities *authorities,
                             const Certificates *certificates, Text document,
                             uint32_t valid_after)
{
    SignedPart part = {.part = consensus_signed_part(document)};
    bool is_whole;
    return check_all(authorities, certificates, document, &part, valid_after,
                     &is_whole);
}

static Standing judge(const SignatureCheck *check)
{
    if (check->is_ragged)
        return STANDING_REFUSED;
    if (check->valid >= check->needed)
        return STANDING_VERIFIED;
    return check->invalid == 0 && check->valid + check->missing >= check->needed
               ? STANDING_UNCHECKED
               : STANDING_REFUSED;
}

SignatureCheck consensus_check(const Authorities *authorities,
                               const Certificates *certificates, Text document,
                               Text signed_part, const uint8_t *part_sha256,
                               uint32_t valid_after)
{
    SignedPart part = {
        .part = signed_part,
        .has = {[true] = true},
    };
    memcpy(part.digest[true], part_sha256, SHA256_BYTES);
    SignatureCheck check = {
        .authorities = authorities_count(authorities, valid_after),
        .needed = authorities_majority(authorities, valid_after),
        .has_cr = memmem(document.at, MIN(text_length(&document), 256), "\r\n",
                         2) != NULL,
    };
    bool is_whole;
    g_autoptr(GArray) signatures = check_all(
        authorities, certificates, document, &part, valid_after, &is_whole);
    check.is_ragged = !is_whole;
    check.named = signatures->len;
    for (guint i = 0; i < signatures->len; i++) {
        const ConsensusSignature *one =
            &g_array_index(signatures, ConsensusSignature, i);
        check.valid += one->is_valid;
        check.missing += !one->certificate;
    }
    check.invalid = check.named - check.valid - check.missing;
    check.standing = judge(&check);
    return check;
}

char *signature_check_new_why(const SignatureCheck *check)
{
    const char *ends = check->has_cr ? " (its lines end with CRLF)" : "";
    switch (check->standing) {
    case STANDING_VERIFIED:
        return NULL;
    case STANDING_UNCHECKED:
        return g_strdup_printf(
            "of its signatures %u of the %u needed could be checked: the "
            "certificates of %u signing keys are missing",
            check->valid, check->needed, check->missing);
    case STANDING_REFUSED:
        if (check->is_ragged && check->invalid == 0)
            return g_strconcat("what follows its signed part is not just "
                               "whole signatures as the authorities write "
                               "them: it was cut or changed",
                               ends, NULL);
        if (check->invalid > 0)
            return g_strdup_printf("%u of its signatures do not hold and only "
                                   "%u do, where %u are needed: it was changed "
                                   "or forged%s",
                                   check->invalid, check->valid, check->needed,
                                   ends);
        return g_strdup_printf("it bears signatures of %u of the %u "
                               "authorities of that time, where %u are needed",
                               check->named, check->authorities, check->needed);
    }
    g_assert_not_reached();
}
