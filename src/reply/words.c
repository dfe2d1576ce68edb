/*
 * The words of letters. To add one: a function and a row in WORDS; lint, the
 * sample letters and the man page read the same table.
 *
 * A time is stated only if the complaint states it beyond doubt, once: a
 * letter never picks one reading of several. Where a word has no value it is
 * false as a section, and a template that uses it bare does not expand.
 */
#include "reply/words.h"

#include "base/errors.h"
#include "reply/claims.h"
#include "reply/digest_words.h"
#include "reply/law_words.h"
#include "reply/words_record.h"

#include <string.h>

#define CLAIM_PREFIX    "claim."
#define ADDRESSES_SHOWN 3
#define VALUE_MAX       1000 /* bytes; a member's statement is the longest */
#define REFERENCE_MAX   64

typedef char *(*WordFunction)(const ReplyContext *context); /* NULL: none */

static guint incident_count(const ReplyContext *context)
{
    return context->ticket->incidents->len;
}

static char *word_case_id(const ReplyContext *context)
{
    return g_strdup(context->case_id);
}

/* How a language joins the last of a list, and tells of the rest: "A, B and
 * C", "A, B, C and 2 more". Others get signs. */
static const struct {
    const char *language, *joint, *before, *after;
} LISTS[] = {
    {"en", " and ", "", " more"},  {"de", " und ", "", " weitere"},
    {"fr", " et ", "", " autres"}, {"nl", " en ", "nog ", ""},
    {"es", " y ", "", " más"},     {"it", " e ", "altri ", ""},
    {"pl", " i ", "jeszcze ", ""}, {"cs", " a ", "ještě ", ""},
    {"pt", " e ", "mais ", ""},    {"sv", " och ", "", " till"},
    {NULL, ", ", "+", ""},
};

/* Each address once, in the order of the incidents. */
static GPtrArray *distinct_addresses(const ReplyContext *context)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *addresses = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < incident_count(context); i++) {
        char *text = ip_new_text(&claims_incident(context, i)->address);
        if (g_hash_table_contains(seen, text)) {
            g_free(text);
            continue;
        }
        g_hash_table_add(seen, text);
        g_ptr_array_add(addresses, text);
    }
    return addresses;
}

/* All of up to four; of more three and how many more, so that the rest is
 * always plural. */
static char *list_addresses(const ReplyContext *context, guint *count)
{
    g_autoptr(GPtrArray) all = distinct_addresses(context);
    guint row = 0;
    while (LISTS[row].language &&
           (!context->language ||
            !g_str_has_prefix(context->language, LISTS[row].language)))
        row++;
    *count = all->len;
    guint shown = all->len > ADDRESSES_SHOWN + 1 ? ADDRESSES_SHOWN : all->len;
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < shown; i++) {
        bool is_last = i > 0 && i + 1 == all->len;
        g_string_append(list, i == 0 ? "" : is_last ? LISTS[row].joint : ", ");
        g_string_append(list, all->pdata[i]);
    }
    if (shown < all->len)
        g_string_append_printf(list, "%s%s%u%s", LISTS[row].joint,
                               LISTS[row].before, all->len - shown,
                               LISTS[row].after);
    return g_string_free(g_steal_pointer(&list), FALSE);
}

char *word_incident_address(const ReplyContext *context)
{
    guint count;
    return list_addresses(context, &count);
}

static char *word_addresses_several(const ReplyContext *context)
{
    guint count;
    g_free(list_addresses(context, &count));
    return count > 1 ? g_strdup_printf("%u", count) : NULL;
}

/* The port that was connected to, if one is cited throughout. */
static char *word_incident_port(const ReplyContext *context)
{
    int port = -1;
    for (guint i = 0; i < incident_count(context); i++) {
        int cited = claims_incident(context, i)->target_port;
        if (cited <= 0 || cited > 65535 || (i > 0 && cited != port))
            return NULL;
        port = cited;
    }
    return port > 0 ? g_strdup_printf("%d", port) : NULL;
}

static char *word_incidents_count(const ReplyContext *context)
{
    return g_strdup_printf("%u", incident_count(context));
}

static char *word_incidents_several(const ReplyContext *context)
{
    return incident_count(context) > 1 ? word_incidents_count(context) : NULL;
}

static char *word_member_name(const ReplyContext *context)
{
    return context->member ? g_strdup(context->member->name) : NULL;
}

static char *word_member_website(const ReplyContext *context)
{
    return context->member ? g_strdup(context->member->website) : NULL;
}

static char *word_desk_name(const ReplyContext *context)
{
    return g_strdup(context->desk_name);
}

static char *word_desk_address(const ReplyContext *context)
{
    return g_strdup(context->desk_address);
}

/* A ticket number, not a sentence and not a link: it has a digit, and no dot
 * before a letter as in a host name. */
static bool reference_is_plain(const char *text)
{
    size_t length = strlen(text);
    bool has_digit = false;
    if (length == 0 || length > REFERENCE_MAX)
        return false;
    for (const char *at = text; *at; at++) {
        has_digit |= g_ascii_isdigit(*at);
        if (!g_ascii_isalnum(*at) && !strchr(":#._-", *at))
            return false;
        if (*at == '.' && g_ascii_isalpha(at[1]))
            return false;
    }
    return has_digit;
}

char *word_reference(const ReplyContext *context)
{
    if (context->quote)
        return g_strdup(context->quote);
    const GPtrArray *references = context->findings->report->references;
    for (guint i = 0; references && i < references->len; i++) {
        const Reference *reference = references->pdata[i];
        if (reference_is_plain(reference->value->words))
            return g_strdup(reference->value->words);
    }
    return NULL;
}

static char *word_no_logs(const ReplyContext *context)
{
    const MemberStatement *statement = claims_statement(context, "no-logs");
    return statement ? g_strdelimit(g_strdup(statement->text), "\r\n\t", ' ')
                     : NULL;
}

/* The day of a statement that holds: "2026-02-02". */
static char *stated_day(const ReplyContext *context, const char *name)
{
    const MemberStatement *statement = claims_statement(context, name);
    char said[INSTANT_TEXT_MAX];
    return statement ? g_strndup(instant_text(statement->said, said), 10)
                     : NULL;
}

static char *word_stated_no_logs(const ReplyContext *context)
{
    return stated_day(context, "no-logs");
}

static char *word_stated_host_checked(const ReplyContext *context)
{
    return stated_day(context, "host-checked");
}

static char *word_stated_address_shared(const ReplyContext *context)
{
    return stated_day(context, "address-shared");
}

static char *word_held(const ReplyContext *context)
{
    return context->is_held ? g_strdup("yes") : NULL;
}

/* Has the word a value in every case? */
typedef enum { MAYBE, ALWAYS } Presence;

static const struct {
    const char *word;
    WordFunction make; /* NULL: a claim */
    Presence presence;
    const char *meaning;
} WORDS[] = {
    {"case.id", word_case_id, ALWAYS, "our case number"},
    {"incident.address", word_incident_address, ALWAYS,
     "the cited address; of several all, beyond four the first three and how "
     "many more"},
    {"addresses.several", word_addresses_several, MAYBE,
     "true, and how many, if more than one address is cited"},
    {"incident.port", word_incident_port, MAYBE,
     "the port that was connected to, if one is cited throughout"},
    {"incident.protocol", word_incident_protocol, MAYBE,
     "UDP or ICMP, if all that is cited is one of them"},
    {"incidents.count", word_incidents_count, ALWAYS,
     "how many events are cited"},
    {"incidents.several", word_incidents_several, MAYBE,
     "true, and how many, if more than one event is cited"},
    {"time.utc", word_time_utc, MAYBE,
     "the cited moment in UTC, only if all that is cited is of one moment "
     "and its time has one possible meaning"},
    {"evidence.exonerator", word_exonerator, MAYBE,
     "link to the Tor Project's public record for that address and day"},
    {"evidence.consensus", word_consensus, MAYBE,
     "hour (UTC) of the public relay list that shows it"},
    {"relay.fingerprint", word_fingerprint, MAYBE,
     "fingerprint of the relay, if it was one throughout"},
    {"relay.first-seen", word_first_seen, MAYBE,
     "since when (UTC) the public lists of that time named the relay without "
     "a break, if it was one throughout"},
    {"relay.last-seen", word_last_seen, MAYBE, "until when (UTC) they did"},
    {"relays.several", word_relays_several, MAYBE,
     "true, and how many, if more than one relay used the cited addresses"},
    {"relay.ports", word_ports, MAYBE,
     "the ports to which the relay let traffic out, if its policy lists them"},
    {"record.newest", word_record_newest, MAYBE,
     "hour (UTC) of the newest public relay list, if it is of the last day"},
    {"remedy.seen", word_remedy_seen, MAYBE,
     "hour (UTC) of the published rules that close the destination"},
    {"digest.several", word_digest_several, MAYBE,
     "true, and how many, if a digest answers more than one case"},
    {"digest.exit", word_digest_exit, MAYBE,
     "lines of the cases (number, addresses, times) whose addresses certainly "
     "were exits then"},
    {"digest.port-closed", word_digest_port_closed, MAYBE,
     "lines of those whose relay certainly was closed to the cited port"},
    {"digest.not-exit", word_digest_not_exit, MAYBE,
     "lines of those whose relay certainly was no exit"},
    {"digest.not-listed", word_digest_not_listed, MAYBE,
     "lines of those at whose addresses certainly no relay was"},
    {"digest.open", word_digest_open, MAYBE,
     "lines of those that the public record does not settle"},
    {"member.name", word_member_name, ALWAYS, "the member's legal name"},
    {"member.website", word_member_website, MAYBE, "the member's web page"},
    {"desk.name", word_desk_name, MAYBE, "name of the desk that answers"},
    {"desk.address", word_desk_address, MAYBE, "mail address of the desk"},
    {"complaint.reference", word_reference, MAYBE,
     "the reporter's own number of the matter"},
    {"statement.no-logs", word_no_logs, MAYBE,
     "what the member says about logs, while that statement holds"},
    {"stated.no-logs", word_stated_no_logs, MAYBE,
     "the day on which the member stated that it keeps no logs"},
    {"stated.host-checked", word_stated_host_checked, MAYBE,
     "the day on which the member stated that it checked the machine"},
    {"stated.address-shared", word_stated_address_shared, MAYBE,
     "the day on which the member stated that others use the address, too"},
    {"law", law_word_sentence, MAYBE,
     "true if a law of the member's country may be cited here"},
    {"law_sentence", law_word_sentence, MAYBE,
     "what that law says, in a sentence without its full stop"},
    {"law_citation", law_word_citation, MAYBE, "its short name"},
    {"law_hosting", law_word_hosting, MAYBE,
     "law by which a duty to act on notices falls on hosts only"},
    {"law_data_subject", law_word_data_subject, MAYBE,
     "law about requests for personal data of those not known"},
    {"law_no_monitoring", law_word_no_monitoring, MAYBE,
     "law by which nobody has to watch over all traffic"},
    {"letter.held", word_held, MAYBE,
     "true if a person reads the letter before it leaves"},
    {"claim.exit-then", NULL, MAYBE,
     "true if the address certainly was an exit at all cited times and let "
     "out what is cited"},
    {"claim.port-closed", NULL, MAYBE,
     "true if the relay certainly let nothing out to the cited port then, or "
     "what is cited is no TCP"},
    {"claim.not-exit-then", NULL, MAYBE,
     "true if a relay certainly was there at all cited times and was no exit"},
    {"claim.not-listed-then", NULL, MAYBE,
     "true if certainly no relay was there at any cited time, though the "
     "address is the member's, or once was"},
    {"claim.not-ours", NULL, MAYBE,
     "true if it certainly was no member's address at any cited time"},
    {"claim.spoof-likely", NULL, MAYBE,
     "true if all that is cited is UDP or ICMP, which Tor does not carry and "
     "whose source anybody can forge, and none of it asks for names (port 53)"},
    {"claim.destination-blocked", NULL, MAYBE,
     "true if the relay's published rules are closed to what is cited now"},
    {"claim.reduced-policy", NULL, MAYBE,
     "true if the relay then let traffic out to listed ports only"},
    {"claim.relay-gone", NULL, MAYBE,
     "true if the newest public list names no relay at the address any more"},
    {"claim.no-logs", NULL, MAYBE,
     "true if the member states that its relays keep no record of who "
     "connected to what, and its country has no duty to keep data"},
    {"claim.host-checked", NULL, MAYBE,
     "true if the member states, with an end of validity, that it checked the "
     "machine after all cited times and found no sign of a break-in"},
    {"claim.non-profit", NULL, MAYBE,
     "true if the member states that it is a non-profit organisation"},
    {"claim.address-shared", NULL, MAYBE,
     "true if the member states that others use the address, too"},
};

struct LetterWords {
    char *values[G_N_ELEMENTS(WORDS)]; /* NULL: no value */
    GPtrArray *claims;                 /* of Claim */
    bool *asked;                       /* parallel to claims */
    const ReplyContext *context;
    bool lists; /* a list of a digest was asked for */
};

const char *const *reply_words(void)
{
    static const char *words[G_N_ELEMENTS(WORDS) + 1];
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++)
            words[i] = WORDS[i].word;
        g_once_init_leave(&ready, 1);
    }
    return words;
}

const char *reply_word_meaning(const char *word)
{
    for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++)
        if (g_str_equal(WORDS[i].word, word))
            return WORDS[i].meaning;
    return NULL;
}

bool reply_word_is_optional(const char *word)
{
    for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++)
        if (g_str_equal(WORDS[i].word, word))
            return WORDS[i].presence == MAYBE;
    return false;
}

/* A list has line ends, and no others have. */
static bool is_list(const char *word)
{
    return g_str_has_prefix(word, DIGEST_PREFIX);
}

/* No control or direction character, no invalid UTF-8, not endless. */
static bool value_is_sound(const char *word, const char *value)
{
    size_t most = is_list(word) ? DIGEST_LIST_MAX : VALUE_MAX;
    if (strlen(value) > most || !g_utf8_validate(value, -1, NULL))
        return false;
    for (const char *at = value; *at; at = g_utf8_next_char(at)) {
        if (*at == '\n' && is_list(word))
            continue;
        GUnicodeType type = g_unichar_type(g_utf8_get_char(at));
        if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
            type == G_UNICODE_LINE_SEPARATOR ||
            type == G_UNICODE_PARAGRAPH_SEPARATOR ||
            type == G_UNICODE_PRIVATE_USE || type == G_UNICODE_UNASSIGNED)
            return false;
    }
    return true;
}

LetterWords *letter_words_new(const ReplyContext *context, GError **error)
{
    g_autoptr(LetterWords) words = g_new0(LetterWords, 1);
    words->claims = claims_evaluate(context);
    words->asked = g_new0(bool, words->claims->len);
    words->context = context;
    for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++) {
        if (!WORDS[i].make)
            continue;
        words->values[i] = WORDS[i].make(context);
        if (words->values[i] &&
            !value_is_sound(WORDS[i].word, words->values[i])) {
            g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                        "the value of {{%s}} cannot stand in a letter: "
                        "control characters, or too long",
                        WORDS[i].word);
            return NULL;
        }
    }
    return g_steal_pointer(&words);
}

void letter_words_free(LetterWords *words)
{
    if (!words)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++)
        g_free(words->values[i]);
    g_ptr_array_unref(words->claims);
    g_free(words->asked);
    g_free(words);
}

/* Index in WORDS, or -1. */
static int find_word(const char *word)
{
    for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++)
        if (g_str_equal(WORDS[i].word, word))
            return (int)i;
    return -1;
}

static const char *text_of(void *data, const char *word)
{
    LetterWords *words = data;
    int index = find_word(word);
    if (index < 0)
        return NULL;
    return words->values[index] ? words->values[index] : "";
}

static int claim_truth(LetterWords *words, const char *name)
{
    for (guint i = 0; i < words->claims->len; i++) {
        const Claim *claim = words->claims->pdata[i];
        if (!g_str_equal(claim->name, name))
            continue;
        words->asked[i] = true;
        return claim->answer == CLAIM_YES;
    }
    return -1;
}

static int truth_of(void *data, const char *word)
{
    LetterWords *words = data;
    if (g_str_has_prefix(word, CLAIM_PREFIX))
        return claim_truth(words, word + strlen(CLAIM_PREFIX));
    int index = find_word(word);
    if (index < 0)
        return -1;
    words->lists |= is_list(word);
    return words->values[index] && *words->values[index];
}

TemplateValues letter_words_values(LetterWords *words)
{
    return (TemplateValues){.text = text_of, .truth = truth_of, .data = words};
}

GPtrArray *letter_words_take_claims(LetterWords *words)
{
    GPtrArray *claims =
        g_ptr_array_new_with_free_func((GDestroyNotify)claim_free);
    for (guint i = 0; i < words->claims->len; i++) {
        const Claim *claim = words->claims->pdata[i];
        if (!words->asked[i])
            continue;
        Claim *copy = g_memdup2(claim, sizeof *claim);
        copy->exhibit = g_strdup(claim->exhibit);
        g_ptr_array_add(claims, copy);
    }
    if (words->lists)
        digest_add_claims(words->context, claims);
    return claims;
}
