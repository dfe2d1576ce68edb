/*
 * What the gate's rules D17 to D19 and D01 ask of counts and switches: enough
 * said to this address, thread, domain, for this member, in this hour; a desk
 * or a letter so new that a person reads along; pause, breaker, probe.
 *
 * Authority: RFC 3834 section 2 (an interval of 7 days), RFC 5230 section 4.2
 * (count by the answer's identity, too).
 */
#include "policy/gate_rules.h"

static bool sender_is_signed(const GateInput *in)
{
    return in->authentication && in->authentication->level >= AUTH_S2;
}

/* ---- D17: enough said ------------------------------------------------- */

bool is_answered(const GateInput *in)
{
    return in->is_duplicate || in->counts.dkim_seen ||
           in->counts.case_letters >= in->limits.case_letters;
}

/* A sender that only SPF vouches for gets half of it, but not nothing. */
static uint32_t halved(const GateInput *in, uint32_t limit)
{
    return sender_is_signed(in) || limit < 2 ? limit : limit / 2;
}

uint32_t gate_address_limit(const GateInput *in)
{
    return halved(in, in->limits.address_7d);
}

bool address_has_enough(const GateInput *in)
{
    if (reporter_is_counted(in))
        return false;
    return in->counts.to_address_1d >= in->limits.address_1d ||
           in->counts.to_address_7d >= gate_address_limit(in);
}

/* The same text to the same address in the same name again: about something
 * new once a day, about the same once a week. */
bool letter_repeats(const GateInput *in)
{
    return !reporter_is_counted(in) &&
           (in->counts.same_1d > 0 || in->counts.same_7d > 0);
}

/* A ticket system has an address for each ticket: to the address each letter
 * is the first, to the domain it is the same again. */
bool domain_has_this_letter(const GateInput *in)
{
    return !reporter_is_counted(in) && in->counts.same_domain_1d > 0;
}

bool thread_has_enough(const GateInput *in)
{
    return in->counts.thread_letters >= halved(in, in->limits.thread_letters);
}

uint32_t gate_domain_limit(const GateInput *in)
{
    if (reporter_limit(in) > 0)
        return reporter_limit(in);
    uint32_t limit = sender_is_signed(in) ? in->limits.domain_s2_1d
                                          : in->limits.domain_s1_1d;
    return in->domain_is_new ? MIN(limit, in->limits.domain_new_1d) : limit;
}

bool budget_is_used_up(const GateInput *in)
{
    return in->counts.to_domain_1d >= gate_domain_limit(in) ||
           in->counts.by_member_1d >= in->limits.member_1d ||
           in->counts.all_1h >= in->limits.all_1h ||
           in->counts.all_1d >= in->limits.all_1d;
}

bool is_among_the_first(const GateInput *in)
{
    return in->counts.letters_ever < in->limits.first_letters;
}

bool template_is_new(const GateInput *in)
{
    return in->counts.of_template_ever < in->limits.first_of_template;
}

bool address_is_suppressed(const GateInput *in)
{
    return in->counts.address_suppressed;
}

/* ---- D01: switches ---------------------------------------------------- */

bool relays_changed_implausibly(const GateInput *in)
{
    return in->member_is_held;
}

bool is_paused(const GateInput *in)
{
    return in->is_paused;
}

bool breaker_is_open(const GateInput *in)
{
    return in->breaker_is_open;
}

bool border_is_unproven(const GateInput *in)
{
    return !in->border_is_proven;
}

bool is_observing(const GateInput *in)
{
    return in->is_observing;
}
