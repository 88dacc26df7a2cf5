/* cuBLASLt: as cublas.c. */
#include <string.h>

#include "card.h"

#define COUNTED(name) \
    int name(void) { return card_count_library(#name), 0; }
#define MAKES(name) \
    int name(void **made) { return *made = card_new_handle(), 0; }
#define SUCCEEDS(name) \
    int name(void) { return 0; }

COUNTED(cublasLtMatmul)
COUNTED(cublasLtMatrixTransform)

MAKES(cublasLtCreate)
MAKES(cublasLtMatmulDescCreate)
MAKES(cublasLtMatmulPreferenceCreate)
MAKES(cublasLtMatrixLayoutCreate)
MAKES(cublasLtMatrixTransformDescCreate)

SUCCEEDS(cublasLtDestroy)
SUCCEEDS(cublasLtMatmulAlgoConfigSetAttribute)
SUCCEEDS(cublasLtMatmulAlgoInit)
SUCCEEDS(cublasLtMatmulDescDestroy)
SUCCEEDS(cublasLtMatmulDescSetAttribute)
SUCCEEDS(cublasLtMatmulPreferenceDestroy)
SUCCEEDS(cublasLtMatmulPreferenceSetAttribute)
SUCCEEDS(cublasLtMatrixLayoutDestroy)
SUCCEEDS(cublasLtMatrixLayoutSetAttribute)
SUCCEEDS(cublasLtMatrixTransformDescDestroy)

/* One algorithm is found, all zeros: cublasLtMatmulHeuristicResult_t has 96 bytes. */
int cublasLtMatmulAlgoGetHeuristic(void *handle, void *operation, void *a, void *b, void *c, void *d, void *preference,
                                   int wanted, void *found, int *count) {
    memset(found, 0, 96);
    *count = 1;
    return 0;
}
