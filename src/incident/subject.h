/*
 * subject.h - where the Subject and the text do not agree about the accused.
 */
#pragma once

#include "incident/role.h"

/* Do they accuse different addresses, or does the Subject cut one off? */
bool subject_contradicts(const Sheet *sheet, const Cast *cast);

/* Does the Subject accuse what the text shows only as a hop, beside another
 * hop? Which of the two handed the message in is then open. */
bool subject_names_hop(const Sheet *sheet, const Cast *cast);
