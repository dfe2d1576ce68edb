/*
 * casepaper.h - cases for tests of what staff do with them.
 */
#pragma once

#include "paper.h"

#include "store/cases.h"
#include "store/casework.h"

#define CASE_NOON (PAPER_NOW + 3600)

extern Store *case_store;

/* Of login "desk", at CASE_NOON. */
CaseHand case_hand(const char *by, const char *why);

/* A case as filing makes it. member NULL: that of paper.h, "": none; form: a
 * draft for that web form; due 0: none. */
typedef struct {
    Action action;
    const char *member, *form, *alert, *template_id;
    Instant due;
} CaseStart;
char *case_file_start(const CaseStart *start);
/* A mail that belongs to the case; its inbox id. */
char *case_file_news(const char *case_id);

Case *case_look(const char *id);
/* "drafted waiting": the case and its newest letter, "-" for none. */
void case_expect_state(const char *id, const char *wanted);
/* Entries of that kind (NULL: any) with these words. */
guint case_count_entries(const char *id, const char *kind, const char *words);
