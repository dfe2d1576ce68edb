/*
 * The form of a ContactInfo, and its fields.
 *
 * CIISS allows its fields at any place, mixed with free text; a field's first
 * occurrence counts. So the fields are collected first; if the field email
 * gives an address that is the answer, else the whole is read as free text
 * (where "email:" is a label like others). The fields url and proof are kept
 * whatever the version is: whether a proof counts is aroi.h's answer.
 *
 * Seen in the wild and tolerated: "email:contact[AT]example.org" and a plain
 * "@" in a field, fields without a ciissversion (then only labels), a url
 * without a scheme (which the specification allows).
 */
#include "relay/contact.h"

#include "relay/contact_ciiss.h"
#include "relay/contact_free.h"

#include <string.h>

static const char *const FORMS[] = {"empty", "address", "ciiss", "free"};
static const char *const CONFIDENCES[] = {"none", "worked out", "read",
                                          "stated"};
static const char *const PROOFS[] = {"none",
                                     "uri-rsa",
                                     "dns-rsa",
                                     "uri-familyid-ed25519",
                                     "dns-familyid-ed25519",
                                     "unknown"};

const char *contact_form_word(ContactForm form)
{
    return FORMS[form];
}

const char *contact_confidence_word(ContactConfidence confidence)
{
    return CONFIDENCES[confidence];
}

const char *contact_proof_word(ContactProof proof)
{
    return PROOFS[proof];
}

void contact_free(Contact *contact)
{
    if (!contact)
        return;
    g_free(contact->address);
    g_free(contact->abuse);
    g_free(contact->reason);
    g_free(contact->url);
    g_free(contact->domain);
    g_free(contact);
}

static bool value_is(CiissValue value, const char *word)
{
    return value.at && value.length == strlen(word) &&
           memcmp(value.at, word, value.length) == 0;
}

static ContactProof proof_of(CiissValue value)
{
    if (!value.at || value.length == 0)
        return PROOF_NONE;
    for (ContactProof proof = PROOF_URI_RSA; proof < PROOF_UNKNOWN; proof++)
        if (value_is(value, PROOFS[proof]))
            return proof;
    return PROOF_UNKNOWN;
}

static guint version_of(const CiissFields *fields)
{
    CiissValue version = fields->version;
    bool is_digit = version.at && version.length == 1 && version.at[0] >= '1' &&
                    version.at[0] <= '0' + CIISS_VERSION_MAX;
    return is_digit && fields->count > 0 ? (guint)(version.at[0] - '0') : 0;
}

/* The address in a field; NULL: none. *is_stated tells if it is as the
 * specification wants it, not spelled out in another way. */
static char *new_field_address(CiissValue value, bool *is_stated)
{
    g_autoptr(Contact) read = g_new0(Contact, 1);
    if (value.at && value.length > 0)
        contact_read_free(value.at, value.length, read, is_stated);
    return g_steal_pointer(&read->address);
}

static bool read_fields(const CiissFields *fields, Contact *out)
{
    bool is_stated = false, ignored;
    out->abuse = new_field_address(fields->abuse, &ignored);
    out->address = new_field_address(fields->email, &is_stated);
    if (!out->address)
        return false;
    out->confidence = is_stated ? CONFIDENCE_STATED : CONFIDENCE_WORKED_OUT;
    out->reason = g_strdup(is_stated ? "the field email"
                                     : "the field email, spelled out");
    return true;
}

static void read_url(const CiissFields *fields, Contact *out)
{
    out->proof = proof_of(fields->proof);
    if (!fields->url.at || fields->url.length == 0)
        return;
    out->url = g_strndup(fields->url.at, fields->url.length);
    out->domain = ciiss_new_domain(out->url);
}

static void read_text(const char *text, size_t length, Contact *out)
{
    bool is_whole = false;
    g_autofree char *abuse = g_steal_pointer(&out->abuse);
    contact_read_free(text, length, out, &is_whole);
    if (abuse) {
        g_free(out->abuse);
        out->abuse = g_steal_pointer(&abuse);
    }
    if (is_whole && out->form == CONTACT_FREE) {
        out->form = CONTACT_ADDRESS;
        out->confidence = CONFIDENCE_STATED;
        g_free(out->reason);
        out->reason = g_strdup("the whole line is one address");
    }
}

Contact *contact_read(const char *data, size_t length)
{
    Contact *contact = g_new0(Contact, 1);
    while (length > 0 && (unsigned char)data[0] <= ' ') {
        data++;
        length--;
    }
    while (length > 0 && (unsigned char)data[length - 1] <= ' ')
        length--;
    contact->form = length == 0 ? CONTACT_EMPTY : CONTACT_FREE;
    if (length == 0 || length > CONTACT_BYTES_MAX) {
        contact->reason =
            length == 0 ? g_strdup("it is empty")
                        : g_strdup_printf("longer than %d bytes: not read",
                                          CONTACT_BYTES_MAX);
        return contact;
    }
    CiissFields fields = ciiss_find(data, length);
    contact->ciiss_version = version_of(&fields);
    if (contact->ciiss_version > 0)
        contact->form = CONTACT_CIISS;
    read_url(&fields, contact);
    if (contact->ciiss_version == 0 || !read_fields(&fields, contact))
        read_text(data, length, contact);
    return contact;
}
