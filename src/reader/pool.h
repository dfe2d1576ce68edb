/*
 * pool.h - sandboxed children that answer requests, one at a time each.
 *
 * Knows processes and nothing of mail: a request is bytes, an answer is
 * bytes, the function that makes one from the other runs in a child without
 * files or network. A small parent ("zygote") is forked at the start, while
 * the caller is small and has no threads; it prepares everything once and
 * forks the children. It never sees a request.
 *
 * Children are used for a few requests and replaced, see CHILD_REQUESTS_MAX.
 */
#pragma once

#include "reader/sandbox.h"

#include <glib.h>

/* A child that was taken over could falsify the answers to the requests that
 * follow, so the fewer the better. CPU a mail of the corpus on a busy 2-core
 * machine, all stages: 1.0 ms without a sandbox; 2.7, 1.33, 1.25 ms with 1, 8,
 * 32 requests a child. Going from 8 to 32 saves 6 %, from 1 to 8 half. */
#define CHILD_REQUESTS_MAX 8

typedef struct {
    void (*prepare)(void);              /* in the zygote, once */
    GBytes *(*answer)(GBytes *request); /* in a child */
    SandboxLimits limits;
    unsigned seconds_max; /* wall clock for one answer */
    size_t answer_bytes_max;
} PoolJob;

typedef struct Pool Pool;
typedef struct PoolChild PoolChild;

/* Fork the zygote. job is copied. Errors: TEMPORARY. */
Pool *pool_start(const PoolJob *job, GError **error);
/* Ends zygote and children; no request may be under way. */
void pool_stop(Pool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pool, pool_stop)

/* Have a child answer. Any thread, many at a time. *child must be handed back
 * by pool_release if there is an answer.
 * Errors: TEMPORARY (no child to be had, the zygote is gone), LIMIT (time or memory used up; the
 * child is dead), INVALID (the child died or broke the protocol). */
GBytes *pool_ask(Pool *pool, GBytes *request, PoolChild **child,
                 GError **error);

/* Is the zygote gone? Then there will never be another child. Any thread. */
bool pool_is_lost(Pool *pool);

/* Give the child back; is_odd if it met anything unusual: it is replaced. */
void pool_release(Pool *pool, PoolChild *child, bool is_odd);
