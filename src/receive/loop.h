/*
 * loop.h - the desk's event loop: the one thread that talks to sockets.
 *
 * receive/ is the only home of libuv; this is what the rest of the daemon
 * needs of it: timers, signals, a watched descriptor, and a way for other
 * threads to have something done here. All callbacks run on the thread that
 * called loop_run.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Loop Loop;
typedef void LoopCall(void *data);

Loop *loop_new(void);
/* Run until loop_stop. */
void loop_run(Loop *loop);
void loop_stop(Loop *loop);
/* Close what is still open on it, run the close callbacks, free it. */
void loop_free(Loop *loop);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Loop, loop_free)

/* Have call(data) run on the loop soon, in order. The only function here
 * that any thread may call. */
void loop_post(Loop *loop, LoopCall *call, void *data);

/* Run what is posted and has not run yet, without the loop: at the end, when
 * the threads that post have been joined. False: there was nothing. */
bool loop_settle(Loop *loop);

/* Call after ms milliseconds, and every repeat_ms after that (0: once). A
 * timer lives until loop_timer_free (also one that has fired). */
typedef struct LoopTimer LoopTimer;
LoopTimer *loop_timer(Loop *loop, uint64_t ms, uint64_t repeat_ms,
                      LoopCall *call, void *data);
/* Let it fire ms from now instead (again, if it has fired). */
void loop_timer_again(LoopTimer *timer, uint64_t ms);
void loop_timer_free(LoopTimer *timer);

/* Call whenever the signal comes; for as long as the loop lives. */
void loop_on_signal(Loop *loop, int signal_number, LoopCall *call, void *data);

/* Call while fd is readable (or its peer gone), until loop_watch_free. The
 * fd stays the caller's. */
typedef struct LoopWatch LoopWatch;
LoopWatch *loop_watch(Loop *loop, int fd, LoopCall *call, void *data);
void loop_watch_free(LoopWatch *watch);

/* Monotonic milliseconds. */
uint64_t loop_now_ms(void);
