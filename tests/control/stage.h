/* stage.h - the control room with a fleet in a fake world: what is asked, and what is answered. */
#ifndef JW_TEST_STAGE_H
#define JW_TEST_STAGE_H

#include "service/control/control.h"
#include "tests/supervise/scene.h"

#include <yyjson.h>

enum { STAGE_FRAMES = 64 };

struct sent {
    uint64_t client;
    bool last;
    yyjson_doc *doc;
};

struct stage {
    struct scene scene;
    struct journal *journal;
    struct control *control;
    struct sent sent[STAGE_FRAMES]; /* since stage_clear() */
    size_t n;
    struct buf log; /* what the control room has logged */
    struct log sink;
    /* what the fake world measures: of every instance that runs */
    struct measure measure;
    size_t measurings;
    /* levels above every instance: none unless set */
    const char *group, *fleet;
    struct limits group_limits, fleet_limits;
    struct holders holders;
    struct process_row process[4]; /* of every instance */
    size_t processes;
    /* what was ordered of the host */
    struct reload_order reload;
    uint64_t reload_client;
    size_t reloads;
    struct no reload_no; /* code set: refuses */
    struct tail_file tail[8];
    size_t tail_n, tails, untails, mores;
    uint64_t tail_lines, tail_client;
    bool tail_follow, tail_busy;
    void (*pause)(bool on); /* around what the stage does itself in the middle; NULL: nothing */
    bool loud;              /* frames and the log are kept; else dropped */
    /* Hears each frame before that; NULL: nobody does. */
    void (*hears)(void *ctx, uint64_t client, struct str frame, bool last);
    void *ctx;
};

/* The fleet of sets A, B, C (scene_open()), A running for a minute. */
void stage_open(struct stage *s, const char *a, const char *b, const char *c);
/* The same before the fleet is made, so that a test can change definitions; then stage_run(). */
void stage_prepare(struct stage *s, const char *a, const char *b, const char *c);
void stage_run(struct stage *s);
void stage_close(struct stage *s);

/* CLIENT, who may command or only look, asks for JSON without "protocol" and "id":
 * `"do":"status"`.  The id is 9. */
void stage_ask(struct stage *s, uint64_t client, bool may_command, const char *json);
/* As client 1, who may command; exactly one frame, the last, must come; returns it. */
yyjson_val *stage_once(struct stage *s, const char *json);
/* As stage_once(), but it must be refused by CODE with PIECE in its text. */
void stage_refused(struct stage *s, const char *json, const char *code, const char *piece);
/* Frame number I since stage_clear(). */
yyjson_val *stage_frame(struct stage *s, size_t i);
void stage_clear(struct stage *s);
/* Time goes by, with the ticks of the control room. */
void stage_live(struct stage *s, uint64_t ms);
/* A client has read what it was sent. */
void stage_read(struct stage *s, uint64_t client);

/* Members of a reply by a path such as "instances/0/name"; the test fails where there is none. */
yyjson_val *at(yyjson_val *v, const char *path);
const char *text_at(yyjson_val *v, const char *path);
uint64_t number_at(yyjson_val *v, const char *path);
bool has(yyjson_val *v, const char *path);

#endif
