/* The floor: connected sockets, epoll, a clock, one stamp per piece of one record; no HTTP and no event loop.
 *
 * Reads from stdin a line "HOST PORT STAGGER_NS LEAD_NS PROCESSOR...", then one path a line. Asks for path k at
 * start + k * stagger, where start is the lead after the last connection, and prints what streaming_clients.py prints:
 * {"seen": [[planned_ns, [arrival_ns, ...]], ...], "cpu_s": S}.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define STREAMS 4096
#define SPIN_NS 2000000LL /* how long before a send it stops sleeping: epoll counts whole milliseconds */
static const char TOKEN[] = "\"content\":\" tok\"";

struct stream {
    int fd;
    long long planned, *stamps;
    size_t n, room;
    char *path;
};
static struct stream streams[STREAMS];

static long long now_ns(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void stamp(struct stream *s, long long at) {
    if (s->n == s->room) {
        s->room = s->room ? 2 * s->room : 4096;
        s->stamps = realloc(s->stamps, s->room * sizeof *s->stamps);
        if (!s->stamps) fail("realloc");
    }
    s->stamps[s->n++] = at;
}

static void count(struct stream *s, const char *data, size_t length, long long at) {
    const char *end = data + length;
    while ((data = memmem(data, end - data, TOKEN, sizeof TOKEN - 1)) != NULL) {
        stamp(s, at);
        data += sizeof TOKEN - 1;
    }
}

static int connected(const char *host, int port) {
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    if (fd < 0 || inet_pton(AF_INET, host, &where.sin_addr) != 1) fail("socket");
    if (connect(fd, (struct sockaddr *)&where, sizeof where)) fail("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

int main(void) {
    char line[4096], host[64], request[4200], data[65536];
    int port, read_so_far, n = 0, unsent = 0, open_streams;
    long long stagger, lead;
    cpu_set_t processors;
    if (!fgets(line, sizeof line, stdin)) fail("stdin");
    if (sscanf(line, "%63s %d %lld %lld%n", host, &port, &stagger, &lead, &read_so_far) != 4) fail("job");
    CPU_ZERO(&processors);
    for (char *rest = line + read_so_far, *end; ; rest = end) {
        long cpu = strtol(rest, &end, 10);
        if (end == rest) break;
        CPU_SET(cpu, &processors);
    }
    if (sched_setaffinity(0, sizeof processors, &processors)) fail("sched_setaffinity");
    prctl(PR_SET_TIMERSLACK, 1UL, 0, 0, 0);
    int poll = epoll_create1(0);
    while (n < STREAMS && fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        streams[n].path = strdup(line);
        streams[n].fd = connected(host, port);
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = n};
        epoll_ctl(poll, EPOLL_CTL_ADD, streams[n].fd, &event);
        n++;
    }
    long long start = now_ns(CLOCK_MONOTONIC) + lead;
    for (int k = 0; k < n; k++) streams[k].planned = start + k * stagger;
    open_streams = n;
    while (open_streams) {
        while (unsent < n && streams[unsent].planned <= now_ns(CLOCK_MONOTONIC)) {
            int length = snprintf(request, sizeof request,
                "POST %s HTTP/1.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", streams[unsent].path);
            if (send(streams[unsent].fd, request, length, MSG_NOSIGNAL) != length) fail("send");
            unsent++;
        }
        int wait = -1;
        if (unsent < n) {
            long long left = streams[unsent].planned - now_ns(CLOCK_MONOTONIC) - SPIN_NS;
            wait = left > 0 ? (int)(left / 1000000) : 0;
        }
        struct epoll_event events[64];
        int ready = epoll_wait(poll, events, 64, wait);
        if (ready < 0 && errno != EINTR) fail("epoll_wait");
        for (int i = 0; i < ready; i++) {
            struct stream *s = &streams[events[i].data.u32];
            ssize_t length = recv(s->fd, data, sizeof data, 0);
            long long at = now_ns(CLOCK_MONOTONIC);
            if (length > 0) count(s, data, length, at);
            else {
                close(s->fd);
                open_streams--;
            }
        }
    }
    printf("{\"seen\": [");
    for (int k = 0; k < n; k++) {
        printf("%s[%lld, [", k ? ", " : "", streams[k].planned);
        for (size_t i = 0; i < streams[k].n; i++) printf("%s%lld", i ? ", " : "", streams[k].stamps[i]);
        printf("]]");
    }
    printf("], \"cpu_s\": %.6f}\n", now_ns(CLOCK_PROCESS_CPUTIME_ID) / 1e9);
    return 0;
}
