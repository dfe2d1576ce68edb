/*
 * suggest.h - "did you mean": the nearest of a few known words.
 */
#pragma once

/* The word of the NULL-terminated list nearest to text by edits (swapped
 * neighbours count as one), if it is near enough that a person would have
 * meant it: at most a third of its letters wrong. Borrowed; else NULL. */
const char *suggest_word(const char *text, const char *const *words);
