/*
 * generators.h - texts that are as bad as a sender can make them, of any size.
 *
 * Each is a unit said again and again. A scanner that looks back, looks ahead
 * without a bound, or compares each thing with each, shows it on one of them.
 */
#pragma once

#include <glib.h>
#include <stddef.h>

/* In a unit: %n its number, %a an IPv4 and %6 an IPv6 address of its own, %t a
 * second of its own ("2026-04-30 12:00:01"), %% a per cent sign. */
typedef struct {
    const char *name;
    const char *unit;
    const char *close; /* said as often as the unit, behind all; or NULL */
    const char *head;  /* once, before all; or NULL */
} Generator;

/* Ends in a row without a name. */
extern const Generator GENERATORS[];

/* About so many bytes of it. */
GString *generator_new_text(const Generator *generator, size_t bytes);
