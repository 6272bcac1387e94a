/* stage.h - a live view with the made-up fleet, and its frames as text. */
#ifndef JW_TESTS_VIEW_STAGE_H
#define JW_TESTS_VIEW_STAGE_H

#include "pages.h"

#include "service/view/top.h"

struct stage {
    struct top *top;
    unsigned frame, instances;
    uint64_t now; /* milliseconds */
};

/* setup and teardown of cmocka: 30 instances on 80x24, without a frame so far. */
int stage_open(void **state);
int stage_close(void **state);

/* N more frames, a second apart. */
void stage_frames(struct stage *s, unsigned n);
/* A frame of the test's own. */
void stage_reply(struct stage *s, const char *json);
/* Each character is a key. */
struct top_act stage_type(struct stage *s, const char *keys);
struct top_act stage_key(struct stage *s, enum key_code code);

/* The screen as text, without blanks at the ends of lines; from malloc. */
char *stage_text(struct stage *s);
/* Is PART to be seen, in one line? */
bool stage_shows(struct stage *s, const char *part);
/* The instance that is selected, by its look alone; "" when none is. */
const char *stage_selected(struct stage *s);
/* The names of the table from its top on, joined by blanks. */
const char *stage_names(struct stage *s, unsigned n);
/* Text and colours must be those of cases/NAME. */
void stage_expect(struct stage *s, const char *name);

#endif
