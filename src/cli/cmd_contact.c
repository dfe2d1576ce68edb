/*
 * contact read: how a relay's ContactInfo is read.
 *
 * For whoever writes one, and for whoever doubts what the desk made of it. With
 * --fingerprint it also tells where the proof of its domain is to be found,
 * and with --said whether what was found there proves it. Nothing is fetched;
 * with --keep the answer is kept (proofs.h).
 */
#include "cli/commands_list.h"
#include "cli/typed.h"

#include "base/digest.h"
#include "base/files.h"
#include "base/log.h"
#include "relay/aroi.h"
#include "relay/proofs.h"

#include <string.h>

#define SHOWN_MAX 500

/* A file may be a whole descriptor: twice tor's limit. */
#define FILE_BYTES_MAX (2 * CONTACT_BYTES_MAX)

typedef struct {
    Contact *contact;
    char *place; /* of the proof; NULL: none */
    const char *why_no_place;
    AroiAnswer *proof; /* NULL: not asked */
} ReadContact;

static void read_contact_clear(ReadContact *reading)
{
    contact_free(reading->contact);
    g_free(reading->place);
    aroi_answer_free(reading->proof);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReadContact, read_contact_clear)

/* Of a descriptor its contact line, else the whole. */
static Text contact_in(Text file)
{
    Text rest = file, line;
    while (line_take(&rest, &line)) {
        line_keyword(&line, "opt");
        if (line_keyword(&line, "contact"))
            return line;
    }
    return file;
}

/* What looks like a path and is no file is an error, not a contact. */
static bool take_contact(CliContext *context, ReadContact *out, GError **error)
{
    const char *said = cli_arg(context, 0);
    bool is_path = strchr("./~", said[0]) && !strpbrk(said, " @");
    if (!g_str_equal(said, "-") && !is_path &&
        !g_file_test(said, G_FILE_TEST_EXISTS)) {
        out->contact = contact_read(said, strlen(said));
        return true;
    }
    g_autoptr(GBytes) file = file_read(said, FILE_BYTES_MAX, error);
    if (!file)
        return false;
    gsize length = 0;
    const char *data = g_bytes_get_data(file, &length);
    Text text = contact_in(text_of_bytes(data, length));
    out->contact = contact_read(text.at, text_length(&text));
    return true;
}

static bool read_family_id(CliContext *context, GArray *ids, GError **error)
{
    const char *text = cli_flag(context, "family-id");
    FamilyId id;
    if (!text)
        return true;
    /* Not repeated: it might be the secret key, given by mistake. */
    if (!family_id_parse(text, strlen(text), &id))
        return cli_usage_error(error, "--family-id wants 43 characters of "
                                      "base64, as in NAME.public_family_id");
    g_array_append_val(ids, id);
    return true;
}

/* What the domain says, if it was handed in; NULL with no error: it was not.
 * A secret key stays out of every message. */
static GBytes *read_said(CliContext *context, GError **error)
{
    const char *path = cli_flag(context, "said");
    return path ? file_read(path, AROI_BYTES_MAX, error) : NULL;
}

static bool take_proof(CliContext *context, ReadContact *out, GError **error)
{
    const char *hex = cli_flag(context, "fingerprint");
    Fingerprint relay;
    GError *cause = NULL;
    if (!hex)
        return cli_flag(context, "said")
                   ? cli_usage_error(error, "--said needs --fingerprint: of "
                                            "which relay is it to speak?")
                   : true;
    if (!fingerprint_typed(hex, &relay, error))
        return false;
    g_autoptr(GArray) ids = g_array_new(false, false, sizeof(FamilyId));
    if (!read_family_id(context, ids, error))
        return false;
    out->place = aroi_new_place(out->contact, &relay, &out->why_no_place);
    g_autoptr(GBytes) said = read_said(context, &cause);
    if (cause) {
        g_propagate_error(error, cause);
        return false;
    }
    gsize length = 0;
    const char *data = said ? g_bytes_get_data(said, &length) : NULL;
    out->proof = aroi_check(&(AroiQuestion){
        .contact = out->contact,
        .fingerprint = &relay,
        .family_ids = ids,
        .said = said ? (data ? data : "") : NULL,
        .length = length,
        .is_authentic = cli_flag(context, "authentic") != NULL,
    });
    return true;
}

static void print_line(const char *name, const char *text)
{
    g_autofree char *safe = text ? foreign_text(text, SHOWN_MAX) : NULL;
    if (safe)
        cli_print("%-9s  %s\n", name, safe);
}

static void print_text(const ReadContact *reading)
{
    const Contact *contact = reading->contact;
    g_autofree char *address =
        contact->address
            ? g_strdup_printf("%s (%s: %s)", contact->address,
                              contact_confidence_word(contact->confidence),
                              contact->reason)
            : g_strdup_printf("none: %s", contact->reason);
    g_autofree char *form =
        contact->ciiss_version
            ? g_strdup_printf("ciiss, version %u", contact->ciiss_version)
            : g_strdup(contact_form_word(contact->form));
    print_line("form", form);
    print_line("address", address);
    print_line("abuse", contact->abuse);
    print_line("url", contact->url);
    if (contact->proof != PROOF_NONE)
        print_line("proof", contact_proof_word(contact->proof));
    print_line("found at", reading->place);
    if (!reading->proof)
        return;
    g_autofree char *proven =
        g_strdup_printf("%s: %s", reading->proof->is_verified ? "yes" : "no",
                        reading->proof->reason);
    print_line("proven", proven);
}

static void print_json(const ReadContact *reading)
{
    const Contact *contact = reading->contact;
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "form", contact_form_word(contact->form));
    json_put_text(&json, "address", contact->address);
    json_put_text(&json, "confidence",
                  contact_confidence_word(contact->confidence));
    json_put_text(&json, "abuse", contact->abuse);
    json_put_text(&json, "reason", contact->reason);
    json_put_number(&json, "ciiss_version", contact->ciiss_version);
    json_put_text(&json, "url", contact->url);
    json_put_text(&json, "domain", contact->domain);
    json_put_text(&json, "proof", contact_proof_word(contact->proof));
    json_put_text(&json, "found_at", reading->place);
    json_put_bool(&json, "is_proven",
                  reading->proof && reading->proof->is_verified);
    json_put_text(&json, "proof_reason",
                  reading->proof ? reading->proof->reason : NULL);
    json_end_object(&json);
    cli_print_json(&json);
}

/* What the check gave, for member suggest and the notices. Only what was
 * handed in can be kept: "not had" is no answer. */
static bool keep_proof(CliContext *context, const ReadContact *reading,
                       GError **error)
{
    Fingerprint relay;
    const char *hex = cli_flag(context, "fingerprint");
    if (!hex || !cli_flag(context, "said") || !reading->proof->domain)
        return cli_usage_error(error, "--keep needs --fingerprint, --said and "
                                      "a contact that names a domain");
    const Settings *settings = cli_settings_or_default(context, error);
    g_autoptr(Proofs) proofs =
        settings ? proofs_load(settings->relays.directory, error) : NULL;
    return fingerprint_typed(hex, &relay, error) && proofs &&
           proofs_put(proofs, &relay, reading->proof->domain,
                      reading->proof->is_verified, cli_now(context), error) &&
           proofs_save(proofs, settings->relays.directory, error);
}

static int run_contact_read(CliContext *context, GError **error)
{
    g_auto(ReadContact) reading = {0};
    if (!take_contact(context, &reading, error) ||
        !take_proof(context, &reading, error) ||
        (cli_flag(context, "keep") && !keep_proof(context, &reading, error)))
        return 0;
    if (cli_wants_json(context))
        print_json(&reading);
    else
        print_text(&reading);
    bool is_yes = reading.proof && cli_flag(context, "said")
                      ? reading.proof->is_verified
                      : reading.contact->address != NULL;
    return is_yes ? 0 : EXIT_NO;
}

static const CommandFlag READ_FLAGS[] = {
    {"fingerprint", "HEX", "the relay that says it; tells where its proof is"},
    {"family-id", "ID", "the relay's family id, for proofs by it"},
    {"said", "FILE", "what stands there: the file, or lines of the zone"},
    {"authentic", NULL, "it came over checked HTTPS, or with DNSSEC"},
    {"keep", NULL, "keep what the check gave, for half a year"},
    FLAG_NOW,
    {0},
};

const Command command_contact_read = {
    .noun = "contact",
    .verb = "read",
    .args = "TEXT|FILE|-",
    .min_args = 1,
    .max_args = 1,
    .summary = "how a relay's ContactInfo is read",
    .examples =
        "exitdesk contact read 'Jane Roe <jane AT relays dot example>'\n"
        "exitdesk contact read 'email:ops[]relays.example ciissversion:2' "
        "--json",
    .about =
        "Tells the address in it, or why none is taken: a wrong one is worse. "
        "How sure it\nis: stated, read or worked out; never that it is right. "
        "FILE may be a descriptor.\nNothing is fetched: what a domain says is "
        "handed in by --said. Exit status 1: no\naddress, or with --said no "
        "proof.",
    .flags = READ_FLAGS,
    .has_json = true,
    .run = run_contact_read,
};
