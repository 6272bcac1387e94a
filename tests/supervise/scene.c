/* scene.c - see scene.h. */
#include "tests/supervise/scene.h"

#include <string.h>

enum { STEP_MS = 50 };

void scene_open(struct scene *s, const char *a, const char *b, const char *c)
{
    const char *const what[] = {a, b, c};
    *s = (struct scene){0};
    for (size_t i = 0; i < sizeof what / sizeof *what && what[i]; i++)
        definitions_open(&s->set[i], what[i]);
}

void scene_versions(struct scene *s, const char *jobs, size_t n)
{
    static const char *const commands[] = {NULL, "new.exe", "newer.exe"};
    scene_open(s, jobs, jobs, n > 2 ? jobs : NULL);
    for (size_t i = 1; i < n; i++)
        scene_command(s, i, commands[i]);
}

void scene_run(struct scene *s)
{
    fake_open_jobs(&s->f, &s->set[0]);
    s->f.obeys = 1u << RUNG_CTRL_C;
    fake_supervise(&s->f);
    sup_start_all(s->f.sup);
    scene_live(s, 60000 - FAKE_EPOCH);
    fake_log_clear(&s->f);
}

void scene_take(struct scene *s, size_t i)
{
    struct err e = {0};
    assert_int_equal(sup_take(s->f.sup, &s->set[i].config, &s->done, &e), ST_OK);
}

void scene_restart(struct scene *s, const char *name)
{
    size_t slot[FAKE_SLOTS], n = 0;
    for (size_t i = 0; i < sup_count(s->f.sup); i++) {
        const struct job_spec *spec = fake_unit(&s->f, i)->spec;
        if (!name || (spec && strcmp(spec->unit, name) == 0))
            slot[n++] = i;
    }
    sup_restart(s->f.sup, slot, n);
}

void scene_counts(const struct scene *s, struct takeover want)
{
    const struct takeover *t = &s->done;
    assert_int_equal(t->same, want.same);
    assert_int_equal(t->live, want.live);
    assert_int_equal(t->relimit, want.relimit);
    assert_int_equal(t->roll, want.roll);
    assert_int_equal(t->added, want.added);
    assert_int_equal(t->removed, want.removed);
}

void scene_command(struct scene *s, size_t i, const char *command)
{
    SET_EACH(&s->set[i], 0, command, command);
}

size_t scene_with(const struct scene *s, size_t i)
{
    const struct definitions *d = &s->set[i];
    size_t n = 0;
    for (size_t k = 0; k < sup_count(s->f.sup); k++) {
        const struct job_spec *spec = fake_unit(&s->f, k)->spec;
        n += spec >= d->spec && spec < d->spec + d->config.n;
    }
    return n;
}

static void note_ends(struct scene *s)
{
    for (size_t i = 0; i < s->f.slots; i++)
        if (s->f.job[i].open && !s->f.job[i].main_alive)
            fake_note(&s->f, i);
}

void scene_live(struct scene *s, uint64_t ms)
{
    for (uint64_t end = s->f.now + ms; s->f.now < end;) {
        note_ends(s);
        fake_until(&s->f, s->f.now + STEP_MS < end ? s->f.now + STEP_MS : end);
        note_ends(s);
        fake_settle(&s->f);
    }
}

void scene_close(struct scene *s)
{
    fake_close(&s->f);
    for (size_t i = 0; i < SCENE_SETS; i++)
        definitions_close(&s->set[i]);
}

size_t scene_slot(const struct scene *s, const char *name)
{
    for (size_t i = 0; i < sup_count(s->f.sup); i++) {
        const struct unit *u = fake_unit(&s->f, i);
        if (u->spec && strcmp(u->spec->unit, name) == 0)
            return i;
    }
    return SIZE_MAX;
}

const struct unit *scene_unit(const struct scene *s, const char *name)
{
    size_t slot = scene_slot(s, name);
    if (slot == SIZE_MAX)
        fail_msg("there is no %s", name);
    return fake_unit(&s->f, slot);
}

void scene_is(const struct scene *s, const char *name, enum state at)
{
    enum state is = scene_unit(s, name)->at;
    if (is != at)
        fail_msg("%s is %s and not %s", name, state_names[is], state_names[at]);
}

size_t scene_count(const struct scene *s, enum state at)
{
    size_t n = 0;
    for (size_t i = 0; i < sup_count(s->f.sup); i++)
        n += fake_unit(&s->f, i)->spec && fake_unit(&s->f, i)->at == at;
    return n;
}
