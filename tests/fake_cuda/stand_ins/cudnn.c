/*
 * cuDNN 9, as far as convolutions and the layers around them want it; the provider looks functions up by name.
 *
 * A convolution is built as a graph of descriptors through the backend functions. Nothing of it is kept: whoever asks
 * is told of one engine without knobs, notes or workspace, so memory that a real convolution takes is missing here.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "card.h"

#define COUNTED(name) \
    int name(void) { return card_count_library(#name), 0; }
#define MAKES(name) \
    int name(void **made) { return *made = card_new_handle(), 0; }
#define SUCCEEDS(name) \
    int name(void) { return 0; }

size_t cudnnGetVersion(void) { return 91300; }
const char *cudnnGetErrorString(int status) { return "a pretended status"; }
void cudnnGetLastErrorString(char *text, size_t size) {
    if (size) *text = '\0';
}

MAKES(cudnnCreate)
SUCCEEDS(cudnnDestroy)
SUCCEEDS(cudnnSetStream)
int cudnnGetStream(void *handle, void **stream) { return *stream = NULL, 0; }

/* --- The backend functions -------------------------------------------------------------------------------------- */

/* cudnnBackendAttributeType_t and cudnnBackendAttributeName_t, as far as they matter. */
enum { TYPE_INT64 = 3, TYPE_DESCRIPTOR = 15, TYPE_INT32 = 23 };
enum { ENGINE_KNOBS = 302 };

int cudnnBackendCreateDescriptor(int kind, void **made) { return *made = card_new_handle(), 0; }
SUCCEEDS(cudnnBackendDestroyDescriptor)
SUCCEEDS(cudnnBackendFinalize)
SUCCEEDS(cudnnBackendSetAttribute)
COUNTED(cudnnBackendExecute)

int cudnnBackendGetAttribute(void *descriptor, int name, int type, int64_t wanted, int64_t *count, void *found) {
    int one = type == TYPE_INT64 || type == TYPE_INT32 || (type == TYPE_DESCRIPTOR && name != ENGINE_KNOBS);
    if (count) *count = one;
    if (found && wanted && type == TYPE_INT64) *(int64_t *)found = 0;
    if (found && wanted && type == TYPE_INT32) *(int32_t *)found = 0;
    return 0;
}

/* --- The functions of before ------------------------------------------------------------------------------------ */

MAKES(cudnnCreateActivationDescriptor)
MAKES(cudnnCreateConvolutionDescriptor)
MAKES(cudnnCreateFilterDescriptor)
MAKES(cudnnCreatePoolingDescriptor)
MAKES(cudnnCreateReduceTensorDescriptor)
MAKES(cudnnCreateTensorDescriptor)

SUCCEEDS(cudnnDestroyActivationDescriptor)
SUCCEEDS(cudnnDestroyConvolutionDescriptor)
SUCCEEDS(cudnnDestroyFilterDescriptor)
SUCCEEDS(cudnnDestroyPoolingDescriptor)
SUCCEEDS(cudnnDestroyReduceTensorDescriptor)
SUCCEEDS(cudnnDestroyTensorDescriptor)

SUCCEEDS(cudnnSetActivationDescriptor)
SUCCEEDS(cudnnSetConvolutionGroupCount)
SUCCEEDS(cudnnSetConvolutionMathType)
SUCCEEDS(cudnnSetConvolutionNdDescriptor)
SUCCEEDS(cudnnSetFilterNdDescriptor)
SUCCEEDS(cudnnSetPoolingNdDescriptor)
SUCCEEDS(cudnnSetReduceTensorDescriptor)
SUCCEEDS(cudnnSetTensorNdDescriptor)

COUNTED(cudnnActivationForward)
COUNTED(cudnnAddTensor)
COUNTED(cudnnConvolutionBiasActivationForward)
COUNTED(cudnnConvolutionForward)
COUNTED(cudnnPoolingForward)
COUNTED(cudnnReduceTensor)
COUNTED(cudnnSoftmaxForward)

int cudnnGetReductionWorkspaceSize(void *handle, void *reduction, void *from, void *to, size_t *size) {
    return *size = 0, 0;
}

int cudnnGetReductionIndicesSize(void *handle, void *reduction, void *from, void *to, size_t *size) {
    return *size = 0, 0;
}
