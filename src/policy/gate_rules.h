/*
 * gate_rules.h - the rows of the reply gate; only gate.c and its test look.
 */
#pragma once

#include "policy/gate.h"

typedef struct {
    const char *id;
    Action action;
    bool (*matches)(const GateInput *in); /* NULL in the last row only */
    const char *why;                      /* one sentence for people */
    const char *authority;                /* RFC and section, or "policy" */
} GateRule;

/* In order; the last row is SEND and matches if no other does. */
extern const GateRule GATE_RULES[];
extern const guint GATE_RULE_COUNT;

/* More Received lines than this are a loop (Postfix's hopcount_limit). */
#define RECEIVED_MAX 50
/* Our own server is passed once, or twice with a content filter. */
#define OWN_RECEIVED_MAX 2

/* Letters in seven days to the address, and in a day to its domain, at the
 * level of this sender. */
uint32_t gate_address_limit(const GateInput *in);
uint32_t gate_domain_limit(const GateInput *in);

/* May a letter never go to such a local part? (stoplist.c) */
typedef enum { STOP_NO, STOP_ASK, STOP_NEVER } StopAnswer;
StopAnswer stop_list_ask(const char *address, bool is_envelope);

/* Conditions of the rows D00-D13, in gate_mail.c. */
bool is_sensitive(const GateInput *in);
bool sender_is_special(const GateInput *in);
bool category_is_special(const GateInput *in);
bool may_be_sensitive(const GateInput *in);
bool path_is_null_and_bounce(const GateInput *in);
bool path_is_null(const GateInput *in);
bool path_is_unknown(const GateInput *in);
bool is_old_mail(const GateInput *in);
bool sender_is_ours(const GateInput *in);
bool message_id_is_ours(const GateInput *in);
bool has_loop_token(const GateInput *in);
bool is_going_round(const GateInput *in);
bool passed_us_often(const GateInput *in);
bool is_auto_submitted(const GateInput *in);
bool is_delivery_report(const GateInput *in);
bool is_statistics(const GateInput *in);
bool is_no_complaint(const GateInput *in);
bool is_suppressed(const GateInput *in);
bool local_part_is_stopped(const GateInput *in);
bool member_keeps_silent(const GateInput *in);
bool local_part_is_role(const GateInput *in);
bool answers_our_letter(const GateInput *in);
bool header_is_doubtful(const GateInput *in);
bool readers_disagree(const GateInput *in);
bool is_unreadable(const GateInput *in);
bool is_spam(const GateInput *in);
bool is_bulk(const GateInput *in);
bool is_feedback_report(const GateInput *in);
bool is_not_to_us(const GateInput *in);
bool is_only_resent(const GateInput *in);
bool is_passed_on(const GateInput *in);
bool asks_for_no_answer(const GateInput *in);
bool is_not_plain_complaint(const GateInput *in);

/* Conditions of the rows D17, D18f to D19 and D01a to D01f, in gate_limits.c. */
bool is_answered(const GateInput *in);
bool address_has_enough(const GateInput *in);
bool letter_repeats(const GateInput *in);
bool domain_has_this_letter(const GateInput *in);
bool thread_has_enough(const GateInput *in);
bool budget_is_used_up(const GateInput *in);
bool is_among_the_first(const GateInput *in);
bool template_is_new(const GateInput *in);
bool address_is_suppressed(const GateInput *in);
bool relays_changed_implausibly(const GateInput *in);
bool is_paused(const GateInput *in);
bool breaker_is_open(const GateInput *in);
bool border_is_unproven(const GateInput *in);
bool is_observing(const GateInput *in);

/* What the reporter's profile says, in gate_reporter.c. */
bool reporter_wants_answers(const GateInput *in);
bool reporter_wants_none(const GateInput *in);
bool reporter_has_robot_path(const GateInput *in);
bool reporter_is_our_carrier(const GateInput *in);
bool reporter_has_form(const GateInput *in);
bool reporter_case_is_answered(const GateInput *in);
bool reporter_had_its_letter(const GateInput *in);
bool reporter_is_unreviewed(const GateInput *in);
bool reporter_is_counted(const GateInput *in);
bool path_is_null_and_strange(const GateInput *in);
bool path_is_null_but_known(const GateInput *in);
bool is_bulk_and_strange(const GateInput *in);
bool is_feedback_and_strange(const GateInput *in);
uint32_t reporter_limit(const GateInput *in); /* 0: that of the level */
