/* ps.c - processes as a tree. */
#include "service/view/human.h"
#include "service/view/member.h"
#include "service/view/table.h"
#include "service/view/view.h"

#include <stdlib.h>

static const struct column columns[] = {
    {"PID", true, 0, 0},     {"CPU", true, 0, 4},     {"COMMIT", true, 0, 3},
    {"THREADS", true, 0, 1}, {"HANDLES", true, 0, 2}, {"PROCESS", false, 20, 0},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* Deeper ones are drawn at this depth; real trees have three or four. */
enum { DEPTH = 16 };

/* A process, and bit D: a later one at depth D has the same parent, so the line there goes on. */
struct node {
    yyjson_val *process;
    unsigned depth, goes_on;
};

/* Parents come before their children, so from the last to the first it is known what follows. */
static struct node *nodes_of(yyjson_val *list, size_t count)
{
    struct node *node = calloc(count, sizeof *node);
    yyjson_val *v;
    unsigned open = 0;
    size_t i, n;
    if (!node)
        return NULL;
    yyjson_arr_foreach(list, i, n, v)
    {
        uint64_t depth = member_count(v, "depth");
        node[i] = (struct node){v, depth < DEPTH ? (unsigned)depth : DEPTH, 0};
    }
    for (i = count; i-- > 0;) {
        unsigned bit = 1u << node[i].depth;
        node[i].goes_on = open & (bit | (bit - 1));
        open = (open & (bit - 1)) | bit;
    }
    return node;
}

static void draw_branch(const struct node *node, bool utf8, struct buf *out)
{
    for (unsigned d = 1; d <= node->depth; d++) {
        bool on = node->goes_on >> d & 1;
        if (d < node->depth)
            buf_z(out, !on ? "   " : utf8 ? "\xE2\x94\x82  " : "|  ");
        else if (utf8)
            buf_z(out, on ? "\xE2\x94\x9C\xE2\x94\x80 " : "\xE2\x94\x94\xE2\x94\x80 ");
        else
            buf_z(out, on ? "|- " : "`- ");
    }
}

static void add_node(struct table *t, const struct node *node, bool utf8)
{
    yyjson_val *v = node->process;
    struct str what = member_text(v, "command");
    uint64_t cpu = member_number(v, "cpu_ms"), commit = member_number(v, "commit");
    char text[HUMAN];
    struct buf b = {0};
    if (what.n == 0)
        what = member_text(v, "image");
    table_add_number(t, member_number(v, "pid"));
    table_add_z(t, INK_PLAIN, cpu == NOT_KNOWN ? "" : human_time(cpu, text));
    table_add_z(t, INK_PLAIN, commit == NOT_KNOWN ? "" : human_size(commit, text));
    table_add_number(t, member_number(v, "threads"));
    table_add_number(t, member_number(v, "handles"));
    draw_branch(node, utf8, &b);
    buf_str(&b, what.n > 0 ? what : STR("(unknown)"));
    table_add_buf(t, INK_PLAIN, &b);
}

static void add_instance(struct table *t, yyjson_val *instance, bool utf8)
{
    yyjson_val *list = member_list(instance, "processes");
    size_t n = yyjson_arr_size(list);
    struct buf b = {0};
    buf_str(&b, member_text(instance, "name"));
    buf_char(&b, ' ');
    buf_str(&b, member_text(instance, "state"));
    buf_z(&b, n > 0 ? "" : ": no processes");
    table_heading(t, &b);
    struct node *node = n > 0 ? nodes_of(list, n) : NULL;
    t->failed = t->failed || (n > 0 && !node);
    for (size_t i = 0; node && i < n; i++)
        add_node(t, &node[i], utf8);
    free(node);
}

void view_ps(yyjson_val *reply, const struct view_style *style, struct buf *out)
{
    yyjson_val *list = member_list(reply, "instances"), *v;
    struct table t;
    size_t i, n;
    if (yyjson_arr_size(list) == 0) {
        buf_z(out, "there are no instances\n");
        return;
    }
    table_start(&t, columns, COLUMNS);
    yyjson_arr_foreach(list, i, n, v) add_instance(&t, v, style->utf8);
    table_print(&t, style, out);
}
