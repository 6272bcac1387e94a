/* test_host.c - runs every group of the host room. */
#include "tests/host/test_host.h"

int main(void)
{
    return test_queue() + test_port() + test_hooks() + test_hooks_waited() + test_hooks_queue() +
           test_points() + test_scm_status() + test_printer() +
           test_tail();
}
