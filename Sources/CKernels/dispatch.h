#ifndef ANSATZ_DISPATCH_H
#define ANSATZ_DISPATCH_H

// The functions that pick a version run before the thread sanitizer is ready for them.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ANSATZ_NO_CLONES
#endif
#endif

/// Compiles a function for the baseline, AVX2 with FMA (v3) and AVX-512 (v4); the loader picks one for the machine.
#if defined(__x86_64__) && !defined(ANSATZ_NO_CLONES)
#define ANSATZ_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define ANSATZ_CLONES
#endif

#endif
