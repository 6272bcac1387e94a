/* checks_scene.h - checks in a port's world, with a real server and real processes. */
#ifndef JW_TESTS_HOST_CHECKS_SCENE_H
#define JW_TESTS_HOST_CHECKS_SCENE_H

#include "tests/host/answers.h"
#include "tests/host/port_world.h"

#include "service/host/checks.h"

enum { TOLD_MAX = 512 };

struct told {
    uint64_t id;
    uint32_t serial;
    bool good;
    char text[ERR_TEXT];
};

struct scene {
    struct world world;
    void (*once)(struct scene *s); /* at the bell's next ring, instead */
    struct checks *checks;
    struct answers *server;
    uint32_t again; /* so many checks more are begun from inside the answer */
    size_t told_n;
    struct told told[TOLD_MAX];
};

/* Fixtures of one test; *state becomes a struct scene. */
int scene_set_up(void **state);
int scene_tear_down(void **state);
#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_set_up, scene_tear_down)
/* Before the rest: shuts and frees the checks and the hooks. */
void close_checks(struct scene *s);

/* A check of run ID, with ID + 1000 as its serial; TEXT of a port is its number. */
enum st try_begin(struct scene *s, uint64_t id, enum check_kind kind, const char *text, uint64_t ms,
                  struct err *e);
void begin(struct scene *s, uint64_t id, enum check_kind kind, const char *text, uint64_t ms);
void begin_http(struct scene *s, uint64_t id, const char *path, uint64_t ms);
void begin_port(struct scene *s, uint64_t id, unsigned port, uint64_t ms);

/* Turns the loop until N answers have come in all; none runs any more. */
void wait_until_told(struct scene *s, size_t n);
/* The same for the one check that was begun. */
const struct told *wait_answer(struct scene *s);
void expect_good(struct scene *s);
void expect_bad(struct scene *s, const char *words);
/* Turns the loop until the server holds N connections. */
void turn_until_held(struct scene *s, size_t n);
/* A port of this machine that nobody listens on. */
unsigned find_free_port(void);

extern const struct CMUnitTest http_tests[];
extern const size_t http_tests_n;

#endif
