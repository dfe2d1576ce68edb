#include "receive/loop.h"

#include "receive/loop_uv.h"

#include <signal.h>

#include <uv.h>

typedef struct {
    LoopCall *call;
    void *data;
} Post;

typedef struct {
    uv_signal_t handle;
    LoopCall *call;
    void *data;
} LoopSignal;

struct Loop {
    uv_loop_t uv;
    uv_async_t wake;
    GMutex lock;        /* of posts */
    GArray *posts;      /* of Post, in order */
    GPtrArray *signals; /* of LoopSignal */
};

struct LoopTimer {
    uv_timer_t handle;
    LoopCall *call;
    void *data;
};

struct LoopWatch {
    uv_poll_t handle;
    LoopCall *call;
    void *data;
};

/* uv_async_send coalesces: one wake-up may stand for many posts. */
static void run_posts(uv_async_t *wake)
{
    Loop *loop = wake->data;
    g_mutex_lock(&loop->lock);
    g_autoptr(GArray) posts = loop->posts;
    loop->posts = g_array_new(false, false, sizeof(Post));
    g_mutex_unlock(&loop->lock);
    for (guint i = 0; i < posts->len; i++) {
        const Post *post = &g_array_index(posts, Post, i);
        post->call(post->data);
    }
}

Loop *loop_new(void)
{
    Loop *loop = g_new0(Loop, 1);
    if (uv_loop_init(&loop->uv) != 0 ||
        uv_async_init(&loop->uv, &loop->wake, run_posts) != 0)
        g_error("cannot make an event loop");
    loop->wake.data = loop;
    g_mutex_init(&loop->lock);
    loop->posts = g_array_new(false, false, sizeof(Post));
    loop->signals = g_ptr_array_new_with_free_func(g_free);
    /* A peer that is gone is an error of the write, not the end of us. */
    signal(SIGPIPE, SIG_IGN);
    return loop;
}

struct uv_loop_s *loop_uv(Loop *loop)
{
    return &loop->uv;
}

void loop_run(Loop *loop)
{
    uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void loop_stop(Loop *loop)
{
    uv_stop(&loop->uv);
}

static void close_own(Loop *loop)
{
    uv_close((uv_handle_t *)&loop->wake, NULL);
    for (guint i = 0; i < loop->signals->len; i++) {
        LoopSignal *watched = loop->signals->pdata[i];
        uv_close((uv_handle_t *)&watched->handle, NULL);
    }
}

void loop_free(Loop *loop)
{
    run_posts(&loop->wake);
    close_own(loop);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    if (uv_loop_close(&loop->uv) != 0)
        g_error("something is still open on the event loop");
    g_array_unref(loop->posts);
    g_ptr_array_unref(loop->signals);
    g_mutex_clear(&loop->lock);
    g_free(loop);
}

void loop_post(Loop *loop, LoopCall *call, void *data)
{
    Post post = {.call = call, .data = data};
    g_mutex_lock(&loop->lock);
    g_array_append_val(loop->posts, post);
    g_mutex_unlock(&loop->lock);
    uv_async_send(&loop->wake);
}

bool loop_settle(Loop *loop)
{
    g_mutex_lock(&loop->lock);
    bool is_any = loop->posts->len > 0;
    g_mutex_unlock(&loop->lock);
    run_posts(&loop->wake);
    return is_any;
}

static void timer_fired(uv_timer_t *handle)
{
    LoopTimer *timer = handle->data;
    timer->call(timer->data);
}

LoopTimer *loop_timer(Loop *loop, uint64_t ms, uint64_t repeat_ms,
                      LoopCall *call, void *data)
{
    LoopTimer *timer = g_new0(LoopTimer, 1);
    timer->call = call;
    timer->data = data;
    uv_timer_init(&loop->uv, &timer->handle);
    timer->handle.data = timer;
    uv_update_time(&loop->uv);
    uv_timer_start(&timer->handle, timer_fired, ms, repeat_ms);
    return timer;
}

void loop_timer_again(LoopTimer *timer, uint64_t ms)
{
    uv_update_time(timer->handle.loop);
    uv_timer_start(&timer->handle, timer_fired, ms,
                   uv_timer_get_repeat(&timer->handle));
}

static void free_handle(uv_handle_t *handle)
{
    g_free(handle->data);
}

void loop_timer_free(LoopTimer *timer)
{
    uv_close((uv_handle_t *)&timer->handle, free_handle);
}

static void signal_came(uv_signal_t *handle, int signal_number)
{
    LoopSignal *watched = handle->data;
    watched->call(watched->data);
}

void loop_on_signal(Loop *loop, int signal_number, LoopCall *call, void *data)
{
    LoopSignal *watched = g_new0(LoopSignal, 1);
    watched->call = call;
    watched->data = data;
    uv_signal_init(&loop->uv, &watched->handle);
    watched->handle.data = watched;
    uv_signal_start(&watched->handle, signal_came, signal_number);
    uv_unref((uv_handle_t *)&watched->handle);
    g_ptr_array_add(loop->signals, watched);
}

static void became_readable(uv_poll_t *handle, int status, int events)
{
    LoopWatch *watch = handle->data;
    watch->call(watch->data);
}

LoopWatch *loop_watch(Loop *loop, int fd, LoopCall *call, void *data)
{
    LoopWatch *watch = g_new0(LoopWatch, 1);
    watch->call = call;
    watch->data = data;
    watch->handle.data = watch;
    if (uv_poll_init(&loop->uv, &watch->handle, fd) != 0)
        g_error("cannot watch descriptor %d", fd);
    uv_poll_start(&watch->handle, UV_READABLE | UV_DISCONNECT, became_readable);
    return watch;
}

void loop_watch_free(LoopWatch *watch)
{
    uv_close((uv_handle_t *)&watch->handle, free_handle);
}

uint64_t loop_now_ms(void)
{
    return uv_hrtime() / 1000000;
}
