/*
 * Two processes for each Courier: the keeper only forks workers and waits for
 * their end; the worker talks SMTP. Both come from the desk before it has
 * threads and before it holds a database, so that a worker that dies of what
 * a server said can be replaced at any time (a threaded desk must not fork),
 * and that what it knew of the desk is little.
 *
 * Signals that end the desk are ignored here: the processes end when the desk
 * closes its socket, at once if they are waiting for it or for the network.
 */
#include "courier/keeper.h"

#include "base/log.h"
#include "courier/packets.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define IDLE_MS    30000 /* then the connection is given back */
#define RESPAWN_MS 1000  /* a worker that dies at once must not spin */

typedef struct {
    int fd;
    uint32_t turn;
} Turn;

static bool ask_for_dot(void *data)
{
    const Turn *turn = data;
    Packet question = {.kind = PACKET_ABOUT_TO_DOT, .turn = turn->turn};
    g_auto(Packet) answer = {0};
    return packet_send(turn->fd, &question) &&
           packet_receive(turn->fd, 0, &answer) == 1 &&
           answer.kind == PACKET_DOT && answer.turn == turn->turn &&
           answer.may_send;
}

static void carry(Submitter *submitter, int fd, const Packet *packet)
{
    Turn turn = {.fd = fd, .turn = packet->turn};
    CourierLetter letter = {
        .member = packet->member,
        .readers = packet->readers,
        .envelope_from = packet->envelope_from,
        .to = packet->to,
        .bytes = packet->bytes,
    };
    CourierOutcome outcome = {0};
    submit_letter(submitter, &letter, ask_for_dot, &turn, &outcome);
    Packet done = {
        .kind = PACKET_DONE,
        .turn = packet->turn,
        .outcome = outcome.outcome,
        .reply = outcome.reply,
        .enhanced = outcome.enhanced,
    };
    packet_send(fd, &done);
    courier_outcome_clear(&outcome);
}

static void work(int fd, const SubmitConfig *config)
{
    g_autoptr(Submitter) submitter = submitter_new(config, fd);
    for (;;) {
        struct pollfd desk = {.fd = fd, .events = POLLIN};
        int patience = submitter_is_connected(submitter) ? IDLE_MS : -1;
        if (poll(&desk, 1, patience) == 0) {
            submitter_hang_up(submitter);
            continue;
        }
        g_auto(Packet) packet = {0};
        int got = packet_receive(fd, MSG_DONTWAIT, &packet);
        if (got == 0)
            return;
        if (got == 1 && packet.kind == PACKET_LETTER)
            carry(submitter, fd, &packet);
    }
}

/* Nothing that a mail server sends should give it more than this. */
static void give_up_rights(void)
{
    const struct rlimit nothing = {0, 0};
    setrlimit(RLIMIT_CORE, &nothing);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static void be_worker(int fd, const SubmitConfig *config, pid_t keeper)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != keeper)
        _exit(0);
    prctl(PR_SET_NAME, "exitdesk-send");
    give_up_rights();
    work(fd, config);
    _exit(0);
}

static void ignore_signals(void)
{
    static const int IGNORED[] = {SIGTERM, SIGINT, SIGHUP, SIGPIPE};
    for (guint i = 0; i < G_N_ELEMENTS(IGNORED); i++)
        signal(IGNORED[i], SIG_IGN);
    signal(SIGCHLD, SIG_DFL); /* ignored, waitpid would find no one */
}

void keeper_run(int fd, const SubmitConfig *config)
{
    prctl(PR_SET_NAME, "exitdesk-keep");
    ignore_signals();
    pid_t self = getpid();
    for (;;) {
        pid_t worker = fork();
        if (worker == 0)
            be_worker(fd, config, self);
        int status = 0;
        if (worker > 0)
            while (waitpid(worker, &status, 0) < 0)
                continue;
        if (worker > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
            _exit(0);
        log_error(NULL, "courier: the sending process died, status %d", status);
        Packet died = {.kind = PACKET_DIED};
        if (!packet_send(fd, &died))
            _exit(0);
        struct pollfd desk = {.fd = fd, .events = 0};
        poll(&desk, 1, RESPAWN_MS);
        if (desk.revents)
            _exit(0);
    }
}
