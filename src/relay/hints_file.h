/*
 * hints_file.h - DIR/hints in memory and on disk, for hints.c and hints_file.c.
 */
#pragma once

#include "relay/hints.h"
#include "relay/intern.h"

#define HINT_NO_RELAY UINT32_MAX

/* Texts are numbers in memory, places in the text on disk. */
typedef struct {
    uint8_t fingerprint[20];
    uint32_t seen;
    uint32_t nickname, contact, as, country;
} HintRelay;

enum { HINT_OR_ADDRESS, HINT_EXIT_ADDRESS, HINT_BULK };

typedef struct {
    uint8_t address[16];
    uint32_t relay; /* or HINT_NO_RELAY */
    uint32_t seen, kind;
} HintAddress;

struct Hints {
    GArray *relays;       /* of HintRelay */
    Intern *fingerprints; /* of them, by number */
    GArray *addresses;    /* of HintAddress */
    Intern *keys;         /* address, relay, kind: by number */
    Intern *texts;
    bool is_changed;
};
