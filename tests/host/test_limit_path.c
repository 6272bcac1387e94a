/* test_limit_path.c - runs every group of the path of a limit. */
#include "tests/host/limit_path.h"

int main(void)
{
    return test_limit_messages() + test_limit_records() + test_limit_reactions() +
           test_limit_whose();
}
