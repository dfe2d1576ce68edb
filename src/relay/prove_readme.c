/*
 * README.txt of a proof: for somebody who knows neither Tor nor this program
 * and wants to know what is claimed, how surely, and how to check it.
 */
#include "relay/prove_text.h"

#include "base/digest.h"

#include <string.h>

/* ---- the answer --------------------------------------------------------- */

/* Does only a summary of the rules speak for the port? */
static bool is_by_summary(const ProofText *proof)
{
    const GPtrArray *relays = proof->lookup->relays;
    for (guint i = 0; i < relays->len; i++)
        if (((RelaySighting *)relays->pdata[i])->policy == POLICY_ACCEPTED)
            return false;
    return proof->port >= 0;
}

static const char *plain_answer(const ProofText *proof)
{
    switch (proof->lookup->verdict) {
    case VERDICT_EXIT:
        return is_by_summary(proof)
                   ? "Yes; and to that port it was probably open."
                   : "Yes.";
    case VERDICT_PORT_CLOSED:
        return "It was a Tor relay then, but it let nothing out to that port.";
    case VERDICT_NOT_TCP:
        return "It was a Tor relay then, but Tor carries nothing of that kind.";
    case VERDICT_NOT_EXIT:
        return "It was a Tor relay then, but one that lets nothing out.";
    case VERDICT_NOT_LISTED:
    case VERDICT_NOT_OURS:
        return "No. The record lists no Tor relay at that address then.";
    case VERDICT_NEIGHBOUR:
        return "No. The record lists a relay nearby, but not at that address.";
    case VERDICT_UNDECIDABLE:
    case VERDICT_COUNT:
        return "That cannot be said from the record.";
    }
    g_assert_not_reached();
}

static const char *plain_certainty(Certainty certainty)
{
    switch (certainty) {
    case CERTAINTY_CERTAIN:
        return "certain: a list that was valid at that moment names it";
    case CERTAINTY_POSSIBLE:
        return "possible: the last list that names it was up to three hours "
               "old,\n    and clients still used it";
    case CERTAINTY_CONCEIVABLE:
        return "conceivable: the last list that names it was up to a day old";
    }
    g_assert_not_reached();
}

/* The two lines that follow what a summary is said to be. */
#define BY_SUMMARY                                                             \
    ": only a summary of its rules is known,\n    which speaks of most "       \
    "addresses"

static const char *plain_policy(PolicyAnswer policy, bool has_port)
{
    switch (policy) {
    case POLICY_UNKNOWN:
        return "its rules then are not known";
    case POLICY_ACCEPTED:
        return has_port ? "its own rules were open to that port"
                        : "its own rules let something out";
    case POLICY_PROBABLY_ACCEPTED:
        return has_port ? "probably open to that port" BY_SUMMARY
                        : "it probably let something out" BY_SUMMARY;
    case POLICY_PROBABLY_REJECTED:
        return has_port ? "probably closed to that port" BY_SUMMARY
                        : "it probably let nothing out" BY_SUMMARY;
    case POLICY_REJECTED:
        return has_port ? "its own rules were closed to that port"
                        : "its own rules let nothing out";
    }
    g_assert_not_reached();
}

static void append_relay(GString *text, const RelaySighting *s, bool has_port)
{
    g_autofree char *lower = hex_new(s->fingerprint, FINGERPRINT_BYTES);
    g_autofree char *upper = g_ascii_strup(lower, -1);
    g_string_append_printf(text, "\nRelay %s, %s\n  - %s\n  - %s\n",
                           s->nickname, upper, plain_certainty(s->certainty),
                           plain_policy(s->policy, has_port));
    if (s->by_exit_list)
        g_string_append(text, "  - known at this address by an exit scan "
                              "only, which nobody signed\n");
    if (s->ipv6_probable)
        g_string_append(text, "  - it listened on this IPv6 address; that it "
                              "also left from it is probable\n");
}

static void append_answer(GString *text, const ProofText *proof)
{
    const Lookup *lookup = proof->lookup;
    g_string_append_printf(
        text, "Answer: %s\n\n%s\n(In exitdesk's words: %s.)\n",
        plain_answer(proof), lookup->why, verdict_word(lookup->verdict));
    for (guint i = 0; i < lookup->relays->len; i++)
        append_relay(text, lookup->relays->pdata[i], proof->port >= 0);
}

/* ---- how to check and read it ------------------------------------------- */

static const char README_CHECK[] =
    "\nThe documents beside this file show it. They come from Tor's public "
    "record, are\nsigned by Tor's directory authorities, and are copied here "
    "byte by byte.\n\n"
    "How to check it\n---------------\n"
    "On any machine with a shell, openssl and sha256sum; no Tor, no exitdesk "
    "and no\nnetwork is needed:\n\n    sh check.sh\n\n"
    "It runs the commands at the end of this file, and nothing else. It ends "
    "with\n\"Everything holds.\", or with \"NOT PROVED\" and the reason.\n\n";

static const char README_READ[] =
    "How to read what it prints\n--------------------------\n"
    "Under 1: the files are those that SHA256SUMS names.\n"
    "Under 2: who signed the list of all relays (the consensus). The "
    "authorities agree\n    on one each hour; more than half of them have to "
    "sign.\n"
    "Under 3: the lines of that list about the address:\n"
    "    r   a relay: nickname, identity, digest of its own description, when "
    "that was\n        made (UTC), address, ports it listens on\n"
    "    a   a further address of it\n"
    "    s   what the authorities found of it; \"Exit\": it lets web traffic "
    "out\n"
    "    p   the ports that it lets out to, in short\n"
    "    exit scan: a program saw traffic leave from the address, and when\n"
    "Under 4: the relay's own rules, of which the first that fits counts; "
    "each\n    description is the one whose digest stands in the signed list."
    "\n"
    "All times are UTC. A list holds for the hour after the time in its "
    "name.\n\n";

static const char README_TRUST[] =
    "The identity keys of Tor's directory authorities, each named by the "
    "SHA-1 of its\n"
    "key. Tor's source code lists them (src/app/config/auth_dirs.inc), and "
    "every copy of\n"
    "tor carries them. Compare these with your own copy:\n\n";

static const char README_END[] =
    "\nWhat it does not show\n"
    "---------------------\n"
    "Who used the address. A Tor exit passes on the traffic of many people "
    "at once and\n"
    "keeps no record of whose it was; nobody can make one afterwards.\n"
    "An exit list is not signed by anybody: it is the word of one scanner.\n"
    "\nThe documents are described in https://spec.torproject.org/dir-spec/\n";

static void append_authorities(GString *text, const ProofText *proof)
{
    g_autoptr(GHashTable) said =
        g_hash_table_new(g_direct_hash, g_direct_equal);
    for (guint i = 0; i < proof->consensuses->len; i++) {
        const GArray *signatures =
            g_array_index(proof->consensuses, ProvedConsensus, i).signatures;
        for (guint k = 0; k < signatures->len; k++) {
            const ConsensusSignature *one =
                &g_array_index(signatures, ConsensusSignature, k);
            if (!one->is_valid ||
                !g_hash_table_add(said, (gpointer)one->authority))
                continue;
            g_autofree char *identity =
                proof_identity_text(one->authority->identity);
            g_string_append_printf(text, "    %-12s %s\n",
                                   one->authority->nickname, identity);
        }
    }
}

static void append_servers(GString *text, const GArray *statements)
{
    if (statements->len == 0)
        return;
    g_string_append(text,
                    "Before there was a consensus each directory server "
                    "signed its own list with its\nidentity key. These keys "
                    "stand in the source code of the tor of that time\n"
                    "(src/or/config.c, and src/config/dirservers of 2004):"
                    "\n\n");
    for (guint i = 0; i < statements->len; i++) {
        const ProvedStatement *one =
            &g_array_index(statements, ProvedStatement, i);
        g_autofree char *identity = proof_identity_text(one->server->identity);
        g_string_append_printf(text, "    %-12s %s\n", one->server->nickname,
                               identity);
    }
}

GString *proof_readme(const ProofText *proof, const char *script)
{
    GString *text = g_string_new(NULL);
    g_autofree char *ip = ip_new_text(proof->ip);
    g_autofree char *when = proof_time_text(proof->when);
    g_string_append_printf(text, "Was %s a Tor exit at %s UTC", ip, when);
    if (proof->port >= 0)
        g_string_append_printf(text, ", and could it reach port %d",
                               proof->port);
    g_string_append(text, "?\n\n");
    append_answer(text, proof);
    g_string_append(text, README_CHECK);
    g_string_append(text, README_READ);
    g_string_append(text, "What you have to trust\n"
                          "----------------------\n");
    if (proof->consensuses->len > 0)
        g_string_append(text, README_TRUST);
    append_authorities(text, proof);
    append_servers(text, proof->statements);
    g_string_append(text, README_END);
    g_string_append(text, "\nThe commands\n------------\n");
    g_auto(GStrv) lines = g_strsplit(script, "\n", -1);
    for (char **line = lines; *line; line++)
        g_string_append_printf(text, **line ? "    %s\n" : "%s\n", *line);
    return text;
}
