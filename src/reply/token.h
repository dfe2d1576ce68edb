/*
 * token.h - making the marks that reply_bounce_token() and
 * reply_is_own_token() recognise.
 */
#pragma once

#include "reply/reply.h"

#define TOKEN_MIN 8
#define TOKEN_MAX 32 /* "bounce+TOKEN.MAC" must fit a local part's 64 */

bool token_is_valid(const char *token);

/* "bounce@umbrella.example" -> "bounce+TOKEN.MAC@umbrella.example". */
char *token_bounce_address_new(const char *bounce_address, const char *token,
                               GBytes *key);
/* "CASE.MAC" for X-Exitdesk-Loop. */
char *token_loop_new(const char *case_id, GBytes *key);
