/* serve.c - the server of figure_health.c, in a process of its own: prints its port to standard
 * output and holds. */
#include "tests/host/answers.h"

#include <stdio.h>
#include <windows.h>

int main(void)
{
    struct answers *a = answers_open(false, 0);
    if (!a)
        return 2;
    printf("%u\n", answers_port(a));
    fflush(stdout);
    Sleep(INFINITE);
    return 0;
}
