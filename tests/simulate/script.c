/* script.c - scripts as text: a line a step, its name and its numbers; names of parameters are
 * written out. */
#include "tests/simulate/script.h"

#include "tests/simulate/params.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct step_row step_rows[STEPS] = {
    [STEP_SET] = {"set", 3, 0},
    [STEP_FLEET] = {"fleet", 2, 0},
    [STEP_BEGIN] = {"begin", 1, 0},
    [STEP_TAKE] = {"take", 0, 0},
    [STEP_ADVANCE] = {"advance", 1, 40},
    [STEP_LATE] = {"late", 1, 3},
    [STEP_WALL] = {"wall", 1, 1},
    [STEP_START] = {"start", 3, 4},
    [STEP_STOP] = {"stop", 3, 4},
    [STEP_RESTART] = {"restart", 3, 4},
    [STEP_KILL] = {"kill", 2, 2},
    [STEP_START_ALL] = {"start-all", 0, 1},
    [STEP_EXIT] = {"exit", 5, 10},
    [STEP_MEMBERS] = {"members", 4, 2},
    [STEP_NOTE] = {"note", 3, 3},
    [STEP_SIGNAL] = {"signal", 3, 2},
    [STEP_ANSWER] = {"answer", 4, 2},
    [STEP_PREPARED] = {"prepared", 4, 2},
    [STEP_RING] = {"ring", 2, 2},
    [STEP_LIMIT] = {"limit", 5, 5},
    [STEP_RUNG_FAILED] = {"rung-failed", 3, 2},
    [STEP_LOOK_ALL] = {"look-all", 0, 2},
    [STEP_STOP_ALL] = {"stop-all", 1, 0},
    [STEP_STOP_BEGIN] = {"stop-begin", 1, 0},
    [STEP_STOP_NEXT] = {"stop-next", 1, 0},
    [STEP_END_NOW] = {"end-now", 0, 0},
};

/* --- a list ------------------------------------------------------------------------- */
void script_add(struct script *s, struct script_step step)
{
    if (s->n == s->cap) {
        size_t cap = s->cap ? 2 * s->cap : 64;
        struct script_step *more = realloc(s->step, cap * sizeof *more);
        if (!more)
            abort();
        s->step = more;
        s->cap = cap;
    }
    s->step[s->n++] = step;
}

void script_copy(struct script *to, const struct script *from)
{
    to->n = 0;
    for (size_t i = 0; i < from->n; i++)
        script_add(to, from->step[i]);
}

void script_free(struct script *s)
{
    free(s->step);
    *s = (struct script){0};
}

/* --- text --------------------------------------------------------------------------- */
/* Which argument is the name of a parameter; ARGS_MAX: none. */
static uint32_t named(enum step_kind kind, const struct param_row **ret, uint32_t *ret_n)
{
    *ret = kind == STEP_SET ? params : fleet_params;
    *ret_n = kind == STEP_SET ? (uint32_t)PARAMS : (uint32_t)FLEET_PARAMS;
    return kind == STEP_SET ? 1 : kind == STEP_FLEET ? 0 : (uint32_t)ARGS_MAX;
}

void script_print(const struct script *s, struct buf *out)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct script_step *st = &s->step[i];
        const struct param_row *rows;
        uint32_t n, name = named(st->kind, &rows, &n);
        buf_z(out, step_rows[st->kind].name);
        for (uint32_t k = 0; k < step_rows[st->kind].args; k++)
            if (k == name && (uint64_t)st->arg[k] < n)
                buf_f(out, " %s", rows[st->arg[k]].name);
            else
                buf_f(out, " %" PRId64, st->arg[k]);
        buf_char(out, '\n');
    }
}

static bool read_arg(const char *word, const struct param_row *rows, uint32_t n, int64_t *ret)
{
    char *end;
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(rows[i].name, word) == 0) {
            *ret = (int64_t)i;
            return true;
        }
    *ret = strtoll(word, &end, 10);
    return n == 0 && *end == '\0' && end != word;
}

static bool read_line(char *line, struct script *to)
{
    struct script_step st = {0};
    const struct param_row *rows;
    char *word = strtok(line, " \t\r");
    while (st.kind < STEPS && strcmp(step_rows[st.kind].name, word) != 0)
        st.kind++;
    if (st.kind == STEPS)
        return false;
    uint32_t n, name = named(st.kind, &rows, &n);
    for (uint32_t k = 0; k < step_rows[st.kind].args; k++) {
        word = strtok(NULL, " \t\r");
        if (!word || !read_arg(word, rows, k == name ? n : 0, &st.arg[k]))
            return false;
    }
    script_add(to, st);
    return strtok(NULL, " \t\r") == NULL;
}

/* Empty lines, and those that begin with #, are nothing. */
bool script_parse(const char *text, struct script *ret, size_t *ret_line)
{
    char line[256];
    *ret_line = 0;
    while (*text) {
        size_t n = strcspn(text, "\n");
        ++*ret_line;
        if (n >= sizeof line)
            return false;
        memcpy(line, text, n);
        line[n] = '\0';
        text += n + (text[n] == '\n');
        if (line[strspn(line, " \t\r")] != '\0' && line[0] != '#' && !read_line(line, ret))
            return false;
    }
    return true;
}
