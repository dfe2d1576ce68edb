/*
 * evidence.h - the documents that an answer rests on.
 *
 * The history itself needs none to answer; they are looked up in the monthly
 * part of the state (month_map.h), which is mapped for that. Where a part is
 * missing or damaged there is no evidence to show.
 */
#pragma once

#include "relay/sight.h"

typedef struct Evidence Evidence; /* the parts that are mapped at present */
Evidence *evidence_new(const char *directory);
void evidence_free(Evidence *evidence);

/* The document is borrowed for the call. */
typedef void EvidenceFound(const RelayDocument *document, gpointer data);

/* Consensuses of a known hour, of the flavours in bits (HOUR_...). */
void evidence_of_hour(const History *history, const Hour *hour, uint32_t bits,
                      EvidenceFound *found, gpointer data);
/* Descriptors of the relay with the consensuses that name them, and the exit
 * lists, of a sight of the address at t. */
void evidence_of_sight(const History *history, const IpAddress *ip,
                       const Sight *sight, Instant t, EvidenceFound *found,
                       gpointer data);
