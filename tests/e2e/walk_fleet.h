/* walk_fleet.h - a running fleet as its clients see it, over one connection: what is asked, and how
 * the instances are.  A reply that never comes fails the test. */
#ifndef JW_TESTS_E2E_WALK_FLEET_H
#define JW_TESTS_E2E_WALK_FLEET_H

#include "harness.h"
#include "walk_jobs.h"

#include <yyjson.h>

enum { FLEET_MAX = WALK_JOBS * WALK_SPAN };

struct fleet_one {
    char name[WALK_NAME];
    uint64_t pid, starts;
    bool running, changed;
};

struct fleet {
    size_t n;
    struct fleet_one one[FLEET_MAX];
};

/* Waits for the service and connects; closed with the world. */
struct pipe_client *fleet_connect(struct world *w);
/* Asks JSON without protocol and id, `"do":"check"`: the reply, one frame, freed by the caller. */
yyjson_doc *fleet_ask(struct pipe_client *c, const char *json);
void fleet_look(struct pipe_client *c, struct fleet *ret);
/* NULL: there is none of that name. */
const struct fleet_one *fleet_find(const struct fleet *f, const char *name);

/* Members by a path such as "/plan/same", which must be there. */
yyjson_val *reply_at(yyjson_doc *reply, const char *path);
uint64_t reply_number(yyjson_doc *reply, const char *path);
bool reply_ok(yyjson_doc *reply);

#endif
