/*
 * xarf.h - what all generations of X-ARF and XARF share: the names they give
 * to kinds of abuse. Private to report/.
 *
 * Authority: x-arf.org schemas 0.1/0.2 (2010-2014), abusix/xarf v1-v3,
 * xarf/xarf-spec v4 (2026-03-20).
 */
#pragma once

/* Our category for a class ("Activity", "connection", may be NULL) and a type
 * ("LoginAttack", "login-attack", "login_attack"); static, or NULL if neither
 * is known. */
const char *xarf_category(const char *report_class, const char *type);
