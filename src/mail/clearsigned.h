/*
 * clearsigned.h - text that PGP has signed and left legible.
 *
 * Authority: RFC 4880 section 7 (cleartext signature framework).
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Does the text hold such a frame? */
bool clearsigned_is_one(const char *text);

/* The text without frames, armor headers, signatures and dash-escapes; text
 * around and between them stays. anchors (of Anchor: result -> text) is
 * filled. Nothing is verified. */
GString *clearsigned_undo(const char *text, GArray *anchors);
