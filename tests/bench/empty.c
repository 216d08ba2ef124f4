/*
 * empty - a process that does nothing: what starting any costs. Linked
 * statically.
 */
int main(void)
{
    return 0;
}
