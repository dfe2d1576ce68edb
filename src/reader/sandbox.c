/*
 * An allow-list for what a parser needs after warming up: memory, its pipe,
 * clocks, random bytes, exit. mmap and mprotect are allowed only without
 * PROT_EXEC. Opening, stat and readlink answer EACCES instead of killing,
 * because glibc and GLib probe for optional files and go on without them.
 *
 * The filter is compiled once to BPF by libseccomp and loaded in each child
 * by prctl: building it there would cost a millisecond a fork.
 *
 * AddressSanitizer needs a few calls more and maps terabytes, so with it the
 * memory limit is left out and those calls are allowed.
 */
#include "reader/sandbox.h"

#include <errno.h>
#include <glib.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define FILTER_INSTRUCTIONS_MAX 1024

static struct sock_filter instructions[FILTER_INSTRUCTIONS_MAX];
static struct sock_fprog filter = {.filter = instructions};

static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(sendto),
    SCMP_SYS(recvfrom),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(sched_yield),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(restart_syscall),
};

static const int refused[] = {
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd),
    SCMP_SYS(ioctl),
    SCMP_SYS(fcntl),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(prlimit64),
    SCMP_SYS(getrlimit),
    SCMP_SYS(sched_getaffinity),
};

/* Only in sanitizer builds: stacks for signals, reports, thread registry. */
static const int allowed_for_asan[] = {
    SCMP_SYS(sigaltstack),       SCMP_SYS(rt_sigaction), SCMP_SYS(prctl),
    SCMP_SYS(getrusage),         SCMP_SYS(tgkill),       SCMP_SYS(getppid),
    SCMP_SYS(sched_setaffinity),
};

static bool add_rules(scmp_filter_ctx context)
{
    for (size_t i = 0; i < G_N_ELEMENTS(allowed); i++)
        if (seccomp_rule_add(context, SCMP_ACT_ALLOW, allowed[i], 0) < 0)
            return false;
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++)
        if (seccomp_rule_add(context, SCMP_ACT_ERRNO(EACCES), refused[i], 0) <
            0)
            return false;
    for (size_t i = 0; SANDBOX_HAS_ASAN && i < G_N_ELEMENTS(allowed_for_asan);
         i++)
        if (seccomp_rule_add(context, SCMP_ACT_ALLOW, allowed_for_asan[i], 0) <
            0)
            return false;
    struct scmp_arg_cmp not_exec = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    return seccomp_rule_add_array(context, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                                  &not_exec) == 0 &&
           seccomp_rule_add_array(context, SCMP_ACT_ALLOW, SCMP_SYS(mprotect),
                                  1, &not_exec) == 0;
}

/* Compile into instructions through a memory file. */
static bool export_filter(scmp_filter_ctx context)
{
    int fd = memfd_create("filter", MFD_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t length = -1;
    if (seccomp_export_bpf(context, fd) == 0 && lseek(fd, 0, SEEK_SET) == 0)
        length = read(fd, instructions, sizeof instructions);
    close(fd);
    if (length <= 0 || (size_t)length >= sizeof instructions)
        return false;
    filter.len = (unsigned short)((size_t)length / sizeof instructions[0]);
    return true;
}

bool sandbox_prepare(void)
{
    if (filter.len > 0)
        return true;
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!context)
        return false;
    /* A binary tree of calls instead of a list: half the instructions run. */
    seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    bool is_done = add_rules(context) && export_filter(context);
    seccomp_release(context);
    return is_done;
}

static bool limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard)
{
    struct rlimit both = {.rlim_cur = soft, .rlim_max = hard};
    return setrlimit(what, &both) == 0;
}

bool sandbox_enter(const SandboxLimits *limits)
{
    g_assert(filter.len > 0);
    if (!limit(RLIMIT_CORE, 0, 0) || !limit(RLIMIT_FSIZE, 0, 0) ||
        !limit(RLIMIT_NOFILE, 0, 0) ||
        !limit(RLIMIT_CPU, limits->cpu_seconds, limits->cpu_seconds + 1))
        return false;
    if (!SANDBOX_HAS_ASAN &&
        !limit(RLIMIT_AS, limits->memory_bytes, limits->memory_bytes))
        return false;
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}
