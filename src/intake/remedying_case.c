/*
 * What a case itself says for a remedy: which destination, and whose.
 *
 * Whose an address is no mail can prove: anybody may complain in the name of
 * an address that he wants cut off from Tor. The one proof at hand is the
 * registry: its abuse contact for the address is the very mailbox that the
 * complaint is proven to come from. A shared domain is none (a small hoster's
 * contact may be at a free mail provider), and neither is a name in the text.
 * For all else it is said that it is not known, and a person decides.
 */
#include "intake/remedying.h"

#include <string.h>

/* The one address that the incidents name as harmed, with its port if that is
 * the same everywhere; false: none, or several. */
bool remedying_target_of(const Judgement *judgement, const Ticket *ticket,
                         char **destination, char **ports)
{
    const char *found = NULL;
    int port = -2;
    for (guint i = 0; i < ticket->incidents->len; i++) {
        const Incident *incident =
            judgement->findings->incidents
                ->pdata[g_array_index(ticket->incidents, guint, i)];
        const char *words = incident->target ? incident->target->words : NULL;
        IpAddress ip;
        if (!words || !ip_parse(words, strlen(words), &ip) ||
            (found && !g_str_equal(found, words)))
            return false;
        found = words;
        port = port == -2 || port == incident->target_port
                   ? incident->target_port
                   : -1;
    }
    if (!found)
        return false;
    *destination = g_strdup(found);
    *ports = port > 0 ? g_strdup_printf("%d", port) : g_strdup("*");
    return true;
}

char *remedying_owner(const Judgement *judgement, const Whois *whois,
                      const RemedyTarget *target, bool *is_shown)
{
    const Authentication *sender = judgement->authentication;
    const char *from = sender->destination;
    const WhoisRange *range = whois_find(whois, &target->destination.base);
    *is_shown = false;
    if (!range || !range->address)
        return g_strdup("not known: no registry's answer about the address is "
                        "at hand (exitdesk relay whois import)");
    if (target->destination.bits < 128)
        return g_strdup("not known: it is a network, and the registry's answer "
                        "may be about a part of it");
    if (sender->level < AUTH_S2 || !from)
        return g_strdup_printf("not known: the registry names %s, and the "
                               "complaint's sender is not proven",
                               range->address);
    if (g_ascii_strcasecmp(from, range->address) != 0)
        return g_strdup_printf("not known: the registry names %s, the "
                               "complaint comes from %s",
                               range->address, from);
    *is_shown = true;
    return g_strdup_printf(
        "the registry names %s (%s), whence the complaint is "
        "proven to come",
        range->address, range->where);
}
