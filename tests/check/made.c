/* made.c - cases that are too large, or too dull, to keep as files. */
#include "golden.h"

#include <string.h>

enum { MEBIBYTE = 1 << 20, COMMAND_MOST = 32766, LISTED_MOST = 10000, TOO_MANY = 10050 };

#define JOB "[job:web]\ncommand = web.exe\n"
/* What is printed of JOB. */
#define WILL_RUN ": 1 job, 1 instance\n\nservice Jobwarden\n\njob web: web.1 ("
#define WEB_RUNS "  command = web.exe\n"

static void repeat(struct buf *b, char c, size_t n)
{
    char part[4096];
    memset(part, c, sizeof part);
    for (size_t now; n > 0; n -= now) {
        now = n < sizeof part ? n : sizeof part;
        buf_add(b, part, now);
    }
}

static void expect_good(const char *name, struct buf *expected)
{
    buf_f(expected, "%s" WILL_RUN "%s:1)\n" WEB_RUNS, name, name);
}

/* --- lines -------------------------------------------------------------------------- */
static void line_of_one_mebibyte(const char *name, struct buf *ini, struct buf *expected)
{
    buf_z(ini, JOB "env.A = ");
    repeat(ini, 'a', MEBIBYTE);
    buf_z(ini, "\nrestart = sometimes\n");
    buf_f(expected,
          "%s:3: error[line-too-long]: the line has %d bytes, more than %d\n"
          "%s:4: error[bad-value]: restart: 'sometimes' is not one of its words; write always, "
          "on-failure, on-abnormal or never\n",
          name, MEBIBYTE + 8, CONFIG_LINE_MAX, name);
}

static void line_of_one_mebibyte_and_nothing_else(const char *name, struct buf *ini,
                                                  struct buf *expected)
{
    repeat(ini, 'a', MEBIBYTE);
    buf_f(expected, "%s:1: error[line-too-long]: the line has %d bytes, more than %d\n", name,
          MEBIBYTE, CONFIG_LINE_MAX);
}

static void line_at_the_limit(const char *name, struct buf *ini, struct buf *expected)
{
    buf_z(ini, JOB ";");
    repeat(ini, 'a', CONFIG_LINE_MAX - 1);
    buf_z(ini, "\r\n;");
    repeat(ini, 'a', CONFIG_LINE_MAX - 1);
    expect_good(name, expected);
}

static void line_above_the_limit(const char *name, struct buf *ini, struct buf *expected)
{
    buf_z(ini, JOB ";");
    repeat(ini, 'a', CONFIG_LINE_MAX);
    buf_z(ini, "\n");
    buf_f(expected, "%s:3: error[line-too-long]: the line has %d bytes, more than %d\n", name,
          CONFIG_LINE_MAX + 1, CONFIG_LINE_MAX);
}

static void lines_in_another_encoding(const char *name, struct buf *ini, struct buf *expected)
{
    enum { LINES = 100, SAID = 20 };
    buf_z(ini, JOB);
    for (int i = 0; i < LINES; i++) {
        buf_f(ini, "; M\xFCller %d\n", i);
        if (i < SAID)
            buf_f(expected,
                  "%s:%d: error[not-utf-8]: byte 0xFC at column 4 is not UTF-8; save the file as "
                  "UTF-8\n",
                  name, i + 3);
    }
    buf_z(ini, "restart = sometimes\n");
    buf_f(expected,
          "%s:%d: error[not-utf-8]: more lines of this file are not UTF-8 text; they are left out "
          "here\n"
          "%s:%d: error[bad-value]: restart: 'sometimes' is not one of its words; write always, "
          "on-failure, on-abnormal or never\n",
          name, SAID + 3, name, LINES + 3);
}

/* --- values ------------------------------------------------------------------------- */
static void command_at_the_limit(const char *name, struct buf *ini, struct buf *expected)
{
    buf_z(ini, "[job:web]\ncommand = web.exe ");
    repeat(ini, 'a', COMMAND_MOST - 8);
    buf_f(expected, "%s" WILL_RUN "%s:1)\n  command = web.exe ", name, name);
    repeat(expected, 'a', COMMAND_MOST - 8);
    buf_char(expected, '\n');
}

static void command_above_the_limit(const char *name, struct buf *ini, struct buf *expected)
{
    buf_z(ini, "[job:web]\ncommand = web.exe ");
    repeat(ini, 'a', COMMAND_MOST - 7);
    buf_f(expected,
          "%s:2: error[out-of-range]: command: the value has 32767 characters, more than 32766\n",
          name);
}

static void variable_above_the_limit(const char *name, struct buf *ini, struct buf *expected)
{
    buf_z(ini, JOB "env.A = ");
    repeat(ini, 'a', COMMAND_MOST + 1);
    buf_f(expected,
          "%s:3: error[out-of-range]: env.A: the value has 32767 characters, more than 32766\n",
          name);
}

/* Each ${service} is short in the file and long in the value. */
static void value_that_grows(const char *name, struct buf *ini, struct buf *expected)
{
    buf_z(ini, "[service]\nname = ");
    repeat(ini, 's', 63);
    buf_z(ini, "\n" JOB "env.A = ");
    for (int i = 0; i < 2100; i++)
        buf_z(ini, "${service}");
    buf_f(expected,
          "%s:5: error[value-too-long]: env.A: the value has more than %d bytes with its ${...} "
          "replaced\n",
          name, CONFIG_LINE_MAX);
}

/* --- files -------------------------------------------------------------------------- */
static void comments(struct buf *ini, size_t total)
{
    buf_z(ini, JOB);
    while (ini->n + 100 < total) {
        buf_char(ini, ';');
        repeat(ini, '-', 78);
        buf_char(ini, '\n');
    }
    buf_char(ini, ';');
    repeat(ini, '-', total - ini->n);
}

static void file_at_the_limit(const char *name, struct buf *ini, struct buf *expected)
{
    comments(ini, CONFIG_FILE_MAX);
    expect_good(name, expected);
}

static void file_above_the_limit(const char *name, struct buf *ini, struct buf *expected)
{
    comments(ini, CONFIG_FILE_MAX + 1);
    buf_f(expected, "%s: error[file-too-large]: it has %d bytes; at most %d are read\n", name,
          CONFIG_FILE_MAX + 1, CONFIG_FILE_MAX);
}

static void mistakes_above_the_limit(const char *name, struct buf *ini, struct buf *expected)
{
    buf_z(ini, JOB);
    for (int i = 0; i < TOO_MANY; i++) {
        buf_f(ini, "colour-%d = blue\n", i);
        if (i < LISTED_MOST)
            buf_f(expected,
                  "%s:%d: error[unknown-key]: unknown key 'colour-%d'; docs/reference.md lists "
                  "the keys\n",
                  name, i + 3, i);
    }
    buf_f(expected, "%d more were left out\n", TOO_MANY - LISTED_MOST);
}

#define MADE(f)                                                                                    \
    {                                                                                              \
#f ".ini", f                                                                               \
    }
const struct made made_cases[] = {
    MADE(line_of_one_mebibyte),      MADE(line_of_one_mebibyte_and_nothing_else),
    MADE(line_at_the_limit),         MADE(line_above_the_limit),
    MADE(lines_in_another_encoding), MADE(command_at_the_limit),
    MADE(command_above_the_limit),   MADE(variable_above_the_limit),
    MADE(value_that_grows),          MADE(file_at_the_limit),
    MADE(file_above_the_limit),      MADE(mistakes_above_the_limit),
};
const size_t made_count = sizeof made_cases / sizeof *made_cases;
