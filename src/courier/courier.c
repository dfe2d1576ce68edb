#include "courier/courier.h"

#include "base/errors.h"
#include "courier/keeper.h"
#include "courier/letter.h"
#include "courier/packets.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define STOP_PATIENCE_MS 1000

typedef enum {
    IDLE,
    CARRYING, /* a letter is with the courier */
    ASKING,   /* and it asks for the dot */
    DOTTED,   /* and it was told to send it */
} Stage;

struct Courier {
    int fd;
    pid_t keeper;
    CourierEvents events;
    Stage stage;
    uint32_t turn; /* of the letter under way, or the last one */
    int64_t id;
};

bool courier_check(const CourierConfig *config, GError **error)
{
    SubmitConfig read;
    if (!submit_config_read(config, &read, error))
        return false;
    submit_config_clear(&read);
    return true;
}

static void be_keeper(int fd, const SubmitConfig *config)
{
    /* Nothing of the desk's but the socket and the log. */
    int own = dup2(fd, 3);
    close_range(4, ~0u, 0);
    keeper_run(own, config);
}

static Courier *fork_keeper(const SubmitConfig *config, GError **error)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY,
                    "no socket for the courier: %s", g_strerror(errno));
        return NULL;
    }
    pid_t keeper = fork();
    if (keeper == 0)
        be_keeper(pair[1], config);
    close(pair[1]);
    if (keeper < 0) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY,
                    "no process for the courier: %s", g_strerror(errno));
        close(pair[0]);
        return NULL;
    }
    Courier *courier = g_new0(Courier, 1);
    courier->fd = pair[0];
    courier->keeper = keeper;
    return courier;
}

Courier *courier_start(const CourierConfig *config, const CourierEvents *events,
                       GError **error)
{
    SubmitConfig read;
    if (!submit_config_read(config, &read, error))
        return NULL;
    Courier *courier = fork_keeper(&read, error);
    submit_config_clear(&read);
    if (courier)
        courier->events = *events;
    return courier;
}

int courier_fd(const Courier *courier)
{
    return courier->fd;
}

bool courier_is_busy(const Courier *courier)
{
    return courier->stage != IDLE;
}

/* ---- events ----------------------------------------------------------- */

static void finish(Courier *courier, SentOutcome outcome, const char *reply,
                   const char *enhanced)
{
    courier->stage = IDLE;
    CourierOutcome ended = {
        .id = courier->id,
        .outcome = outcome,
        .reply = g_strdup(reply),
        .enhanced = g_strdup(enhanced),
    };
    courier->events.done(courier->events.data, &ended);
    courier_outcome_clear(&ended);
}

static void report_death(Courier *courier)
{
    if (courier->stage == IDLE)
        return;
    bool dotted = courier->stage == DOTTED;
    finish(courier, dotted ? SENT_UNKNOWN : SENT_RETRY,
           "the sending process died", NULL);
}

static void tell_dot(Courier *courier, uint32_t turn, bool may_send)
{
    Packet answer = {.kind = PACKET_DOT, .turn = turn, .may_send = may_send};
    packet_send(courier->fd, &answer);
}

static void hear_question(Courier *courier, uint32_t turn)
{
    /* A letter that we have given up already must not go out now. */
    if (turn != courier->turn || courier->stage != CARRYING) {
        tell_dot(courier, turn, false);
        return;
    }
    courier->stage = ASKING;
    courier->events.about_to_dot(courier->events.data, courier->id);
}

static void hear_end(Courier *courier, const Packet *packet)
{
    if (packet->turn != courier->turn || courier->stage == IDLE)
        return;
    bool dotted = courier->stage == DOTTED;
    /* Without our leave there was no dot; who says so has lost its mind. */
    bool is_lie = !dotted && (packet->outcome == SENT_OK ||
                              packet->outcome == SENT_UNKNOWN);
    if (is_lie)
        finish(courier, SENT_UNKNOWN, "the sending process broke its word",
               NULL);
    else
        finish(courier, packet->outcome, packet->reply, packet->enhanced);
}

bool courier_dispatch(Courier *courier)
{
    for (;;) {
        g_auto(Packet) packet = {0};
        int got = packet_receive(courier->fd, MSG_DONTWAIT, &packet);
        if (got < 0)
            return true;
        if (got == 0) {
            report_death(courier);
            return false;
        }
        switch (packet.kind) {
        case PACKET_ABOUT_TO_DOT:
            hear_question(courier, packet.turn);
            break;
        case PACKET_DONE:
            hear_end(courier, &packet);
            break;
        case PACKET_DIED:
            report_death(courier);
            break;
        case PACKET_LETTER:
        case PACKET_DOT:
            break;
        }
    }
}

/* ---- requests --------------------------------------------------------- */

bool courier_send(Courier *courier, const CourierLetter *letter, GError **error)
{
    g_assert(courier->stage == IDLE);
    if (!letter_check(letter->envelope_from, letter->to, letter->bytes,
                      COURIER_LETTER_BYTES_MAX, error))
        return false;
    Packet packet = {
        .kind = PACKET_LETTER,
        .turn = ++courier->turn,
        .member = (char *)letter->member,
        .readers = (char *)letter->readers,
        .envelope_from = (char *)letter->envelope_from,
        .to = (char *)letter->to,
        .bytes = letter->bytes,
    };
    if (!packet_send(courier->fd, &packet)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY,
                    "the courier takes no letter: %s", g_strerror(errno));
        return false;
    }
    courier->id = letter->id;
    courier->stage = CARRYING;
    return true;
}

void courier_dot(Courier *courier, bool may_send)
{
    if (courier->stage != ASKING)
        return; /* it died meanwhile, and that has been reported */
    courier->stage = may_send ? DOTTED : CARRYING;
    tell_dot(courier, courier->turn, may_send);
}

void courier_stop(Courier *courier)
{
    close(courier->fd);
    int patience = STOP_PATIENCE_MS;
    while (waitpid(courier->keeper, NULL, WNOHANG) == 0) {
        if (patience <= 0)
            kill(courier->keeper, SIGKILL); /* its worker goes with it */
        g_usleep(10 * 1000);
        patience -= 10;
    }
    g_free(courier);
}
