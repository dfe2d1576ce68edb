/*
 * reporter.h - whose mail is it? Picking the reporter's profile.
 *
 * intake.c asks once while reading, with the profiles in use, and once while
 * deciding, when the store can tell which proposed ones were approved.
 */
#pragma once

#include "intake/intake.h"

/* Prove the sender by a profile in use; else note whose mail it looks like. */
void reporter_find(const Desk *desk, const Delivery *delivery,
                   Judgement *judgement);
/* The same with proposed profiles that enough people approved; they go before
 * those in use. Errors: those of the store. */
bool reporter_find_proposed(const Desk *desk, const Delivery *delivery,
                            Judgement *judgement, GError **error);

/* What the gate is told of it, without counts. */
ReporterStanding reporter_standing(const Judgement *judgement, Instant now);
/* The template that its profile wants; NULL: that of the policy. */
const char *reporter_template(const Judgement *judgement);
/* It takes letters in its web form only: none may go to any address. */
bool reporter_has_no_address(const Judgement *judgement);
/* What a person must do that no program may (enter the answer in a web form);
 * NULL: nothing. Yours. */
char *reporter_task(const Judgement *judgement);
