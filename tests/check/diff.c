/* diff.c - two texts, line by line. */
#include "golden.h"

/* How far a line is looked for, how much of one is shown, and how many. */
enum { NEAR = 64, SHOWN = 400, LINES = 80 };

static void show(const char *mark, struct str line)
{
    size_t n = line.n < SHOWN ? line.n : SHOWN;
    print_message("%s %.*s%s\n", mark, (int)n, n ? line.p : "", n < line.n ? "..." : "");
}

/* How many lines of TEXT stand before one like LINE; NEAR when there is none near. */
static size_t find(struct str text, struct str line)
{
    for (size_t i = 0; i < NEAR && text.n > 0; i++)
        if (str_eq(str_cut(&text, '\n'), line))
            return i;
    return NEAR;
}

void diff_print(struct str expected, struct str said)
{
    print_message("--- expected\n+++ said\n");
    for (int lines = 0; expected.n > 0 || said.n > 0; lines++) {
        struct str rest = said, old = expected;
        struct str a = str_cut(&old, '\n'), b = str_cut(&rest, '\n');
        if (lines == LINES) {
            print_message("... and so on\n");
            return;
        }
        if (expected.n > 0 && said.n > 0 && str_eq(a, b)) {
            show(" ", a);
            expected = old;
            said = rest;
        } else if (said.n == 0 || (expected.n > 0 && find(said, a) >= find(expected, b))) {
            show("-", a);
            expected = old;
        } else {
            show("+", b);
            said = rest;
        }
    }
}
