/*
 * demo_border.h - the demo's own border: what the Postfix of
 * exitdesk-postfix(7) does with results that others forged in our name.
 */
#pragma once

#include <glib.h>

#define DEMO_AUTHSERV_ID "mx.umbrella.example"

/* The mail as it comes in: with our Received field on top, and without any
 * Authentication-Results field that has our name in it. */
GBytes *demo_border_pass(GBytes *mail);
