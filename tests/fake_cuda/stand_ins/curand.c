/* cuRAND: the provider is linked to it, and calls nothing of it. */
int curand_is_pretended(void) { return 1; }
