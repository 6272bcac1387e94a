/* main.c - runs the groups. */
#include "echo.h"

int main(void)
{
    return run_access() + run_exchange() + run_patience() + run_crowd() + run_ends() + run_client();
}
