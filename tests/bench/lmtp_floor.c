/*
 * lmtp_floor - the least an LMTP server on SQLite must do: the floor that
 * exitdeskd's accepting is measured against (see lmtp_load.c).
 *
 *   lmtp_floor DATABASE SOCKET
 *
 * A thread a session that knows five commands, one thread that commits all
 * waiting mails as blobs in one transaction (WAL, synchronous=FULL), 250
 * after that. For clients that pipeline. No checks, no limits, no duplicates, no log: nobody should run
 * this for anything else.
 */
#include <glib.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct {
    GString *mail;
    bool is_done;
} Waiting;

static GMutex lock;
static GCond came, done;
static GPtrArray *queue; /* of Waiting */

static void check(int code, sqlite3 *database)
{
    if (code == SQLITE_OK || code == SQLITE_DONE)
        return;
    fprintf(stderr, "lmtp_floor: %s\n", sqlite3_errmsg(database));
    exit(1);
}

static void *commit_all(void *data)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *insert;
    int code = sqlite3_open(data, &database);
    check(code, database);
    check(sqlite3_exec(database,
                       "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                       "CREATE TABLE IF NOT EXISTS inbox"
                       "(id INTEGER PRIMARY KEY, raw BLOB)",
                       NULL, NULL, NULL),
          database);
    check(sqlite3_prepare_v2(database, "INSERT INTO inbox(raw) VALUES(?1)", -1,
                             &insert, NULL),
          database);
    g_mutex_lock(&lock);
    for (;;) {
        while (queue->len == 0)
            g_cond_wait(&came, &lock);
        g_autoptr(GPtrArray) batch = queue;
        queue = g_ptr_array_new();
        g_mutex_unlock(&lock);
        check(sqlite3_exec(database, "BEGIN", NULL, NULL, NULL), database);
        for (guint i = 0; i < batch->len; i++) {
            const GString *mail = ((Waiting *)batch->pdata[i])->mail;
            sqlite3_bind_blob(insert, 1, mail->str, (int)mail->len,
                              SQLITE_STATIC);
            check(sqlite3_step(insert), database);
            sqlite3_reset(insert);
        }
        check(sqlite3_exec(database, "COMMIT", NULL, NULL, NULL), database);
        g_mutex_lock(&lock);
        for (guint i = 0; i < batch->len; i++)
            ((Waiting *)batch->pdata[i])->is_done = true;
        g_cond_broadcast(&done);
    }
    return NULL;
}

static void keep(GString *mail)
{
    Waiting waiting = {.mail = mail};
    g_mutex_lock(&lock);
    g_ptr_array_add(queue, &waiting);
    g_cond_signal(&came);
    while (!waiting.is_done)
        g_cond_wait(&done, &lock);
    g_mutex_unlock(&lock);
}

/* The mail after DATA, dots unstuffed. */
static void take_mail(FILE *in)
{
    char line[8192];
    g_autoptr(GString) mail = g_string_sized_new(8192);
    while (fgets(line, sizeof line, in) && strcmp(line, ".\r\n") != 0)
        g_string_append(mail, line[0] == '.' ? line + 1 : line);
    keep(mail);
}

static void *talk(void *data)
{
    int fd = GPOINTER_TO_INT(data);
    FILE *in = fdopen(fd, "r"), *out = fdopen(dup(fd), "w");
    char line[8192];
    fputs("220 floor LMTP\r\n", out);
    fflush(out);
    while (fgets(line, sizeof line, in)) {
        if (strncmp(line, "LHLO", 4) == 0) {
            fputs("250-floor\r\n250 PIPELINING\r\n", out);
        } else if (strncmp(line, "DATA", 4) == 0) {
            fputs("354 go on\r\n", out);
            fflush(out);
            take_mail(in);
            fputs("250 2.0.0 ok\r\n", out);
        } else {
            fputs("250 2.0.0 ok\r\n", out);
        }
        /* Replies to commands that came together go together. */
        if (__fpending(out) > 0 && strncmp(line, "MAIL", 4) != 0 &&
            strncmp(line, "RCPT", 4) != 0)
            fflush(out);
    }
    fclose(in);
    fclose(out);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: lmtp_floor DATABASE SOCKET\n", stderr);
        return 64;
    }
    signal(SIGPIPE, SIG_IGN); /* nobody reads the reply to QUIT */
    queue = g_ptr_array_new();
    g_thread_unref(g_thread_new("commit", commit_all, argv[1]));
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, argv[2], sizeof address.sun_path);
    unlink(argv[2]);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(listener, 128) < 0) {
        perror(argv[2]);
        return 1;
    }
    for (int fd; (fd = accept(listener, NULL, NULL)) >= 0;)
        g_thread_unref(g_thread_new("session", talk, GINT_TO_POINTER(fd)));
    return 1;
}
