/*
 * words_record.h - the words whose values come from the relay record and the
 * cited times; see words.h. Each is yours, NULL if there is no value.
 */
#pragma once

#include "reply/reply.h"

char *word_time_utc(const ReplyContext *context);
char *word_exonerator(const ReplyContext *context);
char *word_consensus(const ReplyContext *context);
char *word_fingerprint(const ReplyContext *context);
char *word_first_seen(const ReplyContext *context);
char *word_last_seen(const ReplyContext *context);
char *word_relays_several(const ReplyContext *context);
char *word_ports(const ReplyContext *context);
char *word_record_newest(const ReplyContext *context);
char *word_remedy_seen(const ReplyContext *context);
char *word_incident_protocol(const ReplyContext *context);
