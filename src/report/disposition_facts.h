/*
 * disposition_facts.h - what parts and header fields say a mail is. Private to
 * report/.
 */
#pragma once

#include "report/study.h"

/* Why it is what disposition then says, static; NULL if no fact tells. */
const char *disposition_fact(const Study *study, Disposition *disposition);
