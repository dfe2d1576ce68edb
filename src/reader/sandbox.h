/*
 * sandbox.h - what a process that reads strangers' bytes may still do.
 *
 * Nothing but compute, allocate, and talk on the descriptors it holds: a
 * seccomp filter kills it for anything else; opening files fails with EACCES,
 * since libraries probe for them. rlimits bound memory and CPU. The only user
 * of libseccomp.
 *
 * Authority: seccomp(2), setrlimit(2), prctl(2).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Is this a build with AddressSanitizer (gcc's word, clang's word)? */
#ifdef __SANITIZE_ADDRESS__
#define SANDBOX_HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_HAS_ASAN 1
#endif
#endif
#ifndef SANDBOX_HAS_ASAN
#define SANDBOX_HAS_ASAN 0
#endif

typedef struct {
    unsigned cpu_seconds; /* of the process's whole life; then SIGXCPU */
    size_t memory_bytes;  /* address space */
} SandboxLimits;

/* Compile the filter (needs memory and files, costs a millisecond). Once,
 * before sandbox_enter. False if libseccomp cannot. */
bool sandbox_prepare(void);

/* Close the sandbox around this process for good. False if the kernel will
 * not; the process must exit then. */
bool sandbox_enter(const SandboxLimits *limits);
