/*
 * Forked processes close the sandbox around themselves and try what they must
 * not be able to do. A child answers by its exit status; being killed by
 * SIGSYS is what most attempts must end in.
 */
#include "reader/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB (1024u * 1024)

static const SandboxLimits limits = {.cpu_seconds = 1,
                                     .memory_bytes = 128 * MIB};

/* Run attempt in a sandboxed child; its wait status. */
static int run(int (*attempt)(void))
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(sandbox_enter(&limits) ? attempt() : 99);
    int status;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    return status;
}

static void check_exit(int (*attempt)(void), int code)
{
    int status = run(attempt);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, code);
}

static void check_killed(int (*attempt)(void), int signal_number)
{
    int status = run(attempt);
    g_assert_true(WIFSIGNALED(status));
    g_assert_cmpint(WTERMSIG(status), ==, signal_number);
}

static int do_compute(void)
{
    char *memory = malloc(MIB);
    if (!memory)
        return 1;
    memset(memory, 7, MIB);
    int last = memory[MIB - 1];
    free(memory);
    return last;
}

static int do_open(void)
{
    return open("/etc/passwd", O_RDONLY) < 0 ? errno : 0;
}

static int do_stat(void)
{
    return access("/etc/passwd", R_OK) < 0 ? errno : 0;
}

static int do_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0);
}

static int do_exec(void)
{
    char *arguments[] = {(char *)"true", NULL};
    return execve("/bin/true", arguments, NULL);
}

static int do_fork(void)
{
    return fork() < 0 ? errno : 0;
}

static int do_kill(void)
{
    return kill(getppid(), 0);
}

static int do_executable_memory(void)
{
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED;
}

static int do_make_executable(void)
{
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mprotect(memory, 4096, PROT_READ | PROT_EXEC);
}

static int do_dup(void)
{
    return dup(0);
}

static int do_ptrace(void)
{
    return (int)syscall(101, 0, 0, 0, 0); /* ptrace on x86-64 */
}

static int do_allocate(void)
{
    return mmap(NULL, 256 * MIB, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static int do_spin(void)
{
    volatile unsigned i = 0;
    while (i < 2)
        i = (i + 1) % 2;
    return 0;
}

static void test_may(void)
{
    check_exit(do_compute, 7);
}

static void test_files(void)
{
    check_exit(do_open, EACCES);
    check_exit(do_stat, EACCES);
    check_killed(do_dup, SIGSYS);
}

static void test_network(void)
{
    check_killed(do_socket, SIGSYS);
}

static void test_processes(void)
{
    check_killed(do_exec, SIGSYS);
    check_killed(do_fork, SIGSYS);
    check_killed(do_kill, SIGSYS);
#ifdef __x86_64__
    check_killed(do_ptrace, SIGSYS);
#endif
}

static void test_executable_memory(void)
{
    check_killed(do_executable_memory, SIGSYS);
    check_killed(do_make_executable, SIGSYS);
}

static void test_limits(void)
{
    if (!SANDBOX_HAS_ASAN)
        check_exit(do_allocate, 1);
    check_killed(do_spin, SIGXCPU);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(sandbox_prepare());
    g_test_add_func("/sandbox/may-compute", test_may);
    g_test_add_func("/sandbox/files", test_files);
    g_test_add_func("/sandbox/network", test_network);
    g_test_add_func("/sandbox/processes", test_processes);
    g_test_add_func("/sandbox/executable-memory", test_executable_memory);
    g_test_add_func("/sandbox/limits", test_limits);
    return g_test_run();
}
