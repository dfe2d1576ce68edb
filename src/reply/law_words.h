/*
 * law_words.h - the law of the member's country, as a letter may cite it.
 */
#pragma once

#include "reply/reply.h"

/* Every law that was considered for the letter, with what spoke against it;
 * yours. Empty if there are no policies, or the policy names no topic. */
GPtrArray *law_considered(const ReplyContext *context);

/* A law that the letter's text does not say was not cited after all: its
 * template has no place for it. */
void law_mark_unsaid(GPtrArray *laws, const char *text);

/* Values of words; yours, NULL if no law may be cited. */
char *law_word_sentence(const ReplyContext *context);
char *law_word_citation(const ReplyContext *context);
/* "sentence (citation)" for one topic, whatever the policy names. */
char *law_word_hosting(const ReplyContext *context);
char *law_word_data_subject(const ReplyContext *context);
char *law_word_no_monitoring(const ReplyContext *context);
