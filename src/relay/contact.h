/*
 * contact.h - how a relay's ContactInfo is read: whom it names, and how sure.
 *
 * ContactInfo is whatever bytes an operator wrote into torrc: the fields of
 * CIISS, one bare address (as the proposal of 2023-10-21 for a mandatory
 * address asks), or free text that hides an address from robots. It may be
 * no UTF-8, hold a CR, and be 15,004 characters long (seen in 2020).
 *
 * A wrong address is worse than none: a letter would go to a stranger. So
 * every doubt (two addresses without a label, a word to be taken out by hand,
 * an address whose beginning is not certain) is an answer without an address
 * and with the reason in words. Reading never verifies: anybody can write
 * anybody's address here. See attribution.h for what it may be used for.
 *
 * Authority: ContactInfo Information Sharing Specification, versions 1 to 3
 * (https://nusenu.github.io/ContactInfo-Information-Sharing-Specification/);
 * RFC 5321 for the lengths.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* A descriptor has at most 20,000 bytes (tor's MAX_DESCRIPTOR_UPLOAD_SIZE);
 * what is longer is not read. */
#define CONTACT_BYTES_MAX 32768

#define CIISS_VERSION_MAX 3
#define CIISS_URL_MAX     400 /* of the specification */

typedef enum {
    CONTACT_EMPTY,
    CONTACT_ADDRESS, /* the whole line is one address */
    CONTACT_CIISS,   /* key:value fields with a ciissversion */
    CONTACT_FREE,    /* anything else */
} ContactForm;

/* How the address was come by; none of them says that it is right. */
typedef enum {
    CONFIDENCE_NONE,       /* there is no address */
    CONFIDENCE_WORKED_OUT, /* "somebody AT example dot com" */
    CONFIDENCE_READ,       /* somebody@example.com amid other text */
    CONFIDENCE_STATED,     /* it is the whole line, or the field email */
} ContactConfidence;

typedef enum {
    PROOF_NONE, /* no field proof */
    PROOF_URI_RSA,
    PROOF_DNS_RSA,
    PROOF_URI_FAMILYID,
    PROOF_DNS_FAMILYID,
    PROOF_UNKNOWN, /* a word that no version knows */
} ContactProof;

typedef struct {
    ContactForm form;
    ContactConfidence confidence; /* of address */
    char *address;                /* domain in lower case; NULL: none */
    char *abuse;  /* where complaints are to go; NULL: not said */
    char *reason; /* why this address, or why none */
    char *url;    /* field url as it stands; NULL: none */
    char *domain; /* its host in lower case; NULL: none */
    ContactProof proof;
    guint ciiss_version; /* 0: not said */
} Contact;

/* Read one ContactInfo, without "contact " and the line's end. Never NULL. */
Contact *contact_read(const char *data, size_t length);
void contact_free(Contact *contact);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Contact, contact_free)

/* "empty", "address", "ciiss", "free"; "none", "worked out", "read",
 * "stated"; "none", "uri-rsa", ..., "unknown". Static. */
const char *contact_form_word(ContactForm form);
const char *contact_confidence_word(ContactConfidence confidence);
const char *contact_proof_word(ContactProof proof);
