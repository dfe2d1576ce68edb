/*
 * authres_scan.h - one Authentication-Results value, read strictly.
 *
 * Authority: RFC 8601 section 2.2.
 */
#pragma once

#include <glib.h>

#define AUTHRES_RESULTS_MAX    64 /* of all fields together */
#define AUTHRES_PROPERTIES_MAX 16 /* of one result */

typedef struct {
    char *method, *result;     /* lower case */
    GPtrArray *names, *values; /* "header.d" in lower case, parallel */
} AuthresResult;

typedef enum {
    AUTHRES_NOT_OURS, /* another server's, or no server's name */
    AUTHRES_READ,     /* results were added */
    AUTHRES_BROKEN,   /* ours by name, but not well formed */
} AuthresAnswer;

/* An empty array of AuthresResult. */
GPtrArray *authres_results_new(void);

/* Read the unfolded value of a field; its results are added to results if
 * its authserv-id is ours (any case) and all of it is well formed. */
AuthresAnswer authres_scan(const char *value, const char *authserv_id,
                           GPtrArray *results);

/* The value of a property, or NULL if it is missing or there twice. */
const char *authres_property(const AuthresResult *result, const char *name);
