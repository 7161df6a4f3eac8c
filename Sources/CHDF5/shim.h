#ifndef ANSATZ_CHDF5_SHIM_H
#define ANSATZ_CHDF5_SHIM_H

// HDF5's types and property classes are C globals behind macros, which Swift cannot name and Swift 6 would reject
// as shared mutable state. These functions read them.

#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdio.h>

static inline hid_t chdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t chdf5_native_int64(void) { return H5T_NATIVE_LLONG; }
static inline hid_t chdf5_file_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_file_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t chdf5_file_int32(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_file_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t chdf5_file_int64(void) { return H5T_STD_I64LE; }
/// Types that only other programs' files have: 0 int8, 1 uint16, 2 big-endian float64.
static inline hid_t chdf5_other_type(int index) {
    return index == 0 ? H5T_STD_I8LE : index == 1 ? H5T_STD_U16BE : H5T_IEEE_F64BE;
}
static inline hid_t chdf5_c_string(void) { return H5T_C_S1; }

static inline hid_t chdf5_file_create_class(void) { return H5P_FILE_CREATE; }
static inline hid_t chdf5_group_create_class(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_file_access_class(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_dataset_create_class(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_link_create_class(void) { return H5P_LINK_CREATE; }

static inline unsigned chdf5_creation_order(void) { return H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED; }
static inline unsigned chdf5_truncate(void) { return H5F_ACC_TRUNC; }
static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }

/// Whether a name in a group stands for an object itself, not for a path to another place.
static inline int chdf5_is_hard_link(hid_t group, const char *name) {
    H5L_info_t info;
    return H5Lget_info(group, name, &info, H5P_DEFAULT) >= 0 && info.type == H5L_TYPE_HARD;
}

/// Stops HDF5 from printing its error stack to standard error.
static inline void chdf5_silence(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

static herr_t chdf5_keep_innermost(unsigned depth, const H5E_error2_t *entry, void *pointer) {
    if (depth == 0 && entry->desc) *(const char **)pointer = entry->desc;
    return 0;
}

/// Copies the innermost entry of the error stack, at most `size` bytes with the final zero; "" if the stack is empty.
static inline void chdf5_last_message(char *text, size_t size) {
    const char *description = "";
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, chdf5_keep_innermost, &description);
    snprintf(text, size, "%s", description);
}

#endif
