/* test_output.c - runs every group; as `test_output say N` it is a worker that writes N lines. */
#include "tests/output/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int worker(int lines)
{
    for (int i = 0; i < lines; i++) {
        fprintf(stdout, "out %d\n", i);
        fflush(stdout);
        if (i % 100 == 0)
            fprintf(stderr, "err %d\n", i);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "say") == 0)
        return worker(atoi(argv[2]));
    return test_bytes() + test_roll() + test_trouble() + test_log();
}
