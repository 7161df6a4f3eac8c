#ifndef CTOML_H
#define CTOML_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What an entry of a TOML document is.
typedef enum ansatz_toml_kind {
    ANSATZ_TOML_TABLE,
    ANSATZ_TOML_ARRAY,
    ANSATZ_TOML_STRING,
    ANSATZ_TOML_INTEGER,
    ANSATZ_TOML_FLOAT,
    ANSATZ_TOML_BOOLEAN,
    ANSATZ_TOML_DATE
} ansatz_toml_kind;

/// A stretch of the text: lines and columns count from 1, columns count code points, the end is exclusive.
/// A line of 0 means that the parser knows no position.
typedef struct ansatz_toml_region {
    uint32_t begin_line, begin_column;
    uint32_t end_line, end_column;
} ansatz_toml_region;

/// One table, array or value. Entries come parents first; siblings are not in the order of the file.
typedef struct ansatz_toml_entry {
    ansatz_toml_kind kind;
    int64_t parent;                // index of the enclosing entry, -1 for the root
    const char *key;               // UTF-8, not terminated; null for the root and for elements of arrays
    size_t key_length;
    ansatz_toml_region key_region;
    ansatz_toml_region region;     // of the value; for a table under a header, of the header
    int is_inline;                 // tables: written as { … }
    int64_t integer;               // INTEGER, and BOOLEAN as 0 or 1
    double number;                 // FLOAT
    const char *text;              // STRING and DATE, UTF-8, not terminated
    size_t text_length;
} ansatz_toml_entry;

typedef struct ansatz_toml_document ansatz_toml_document;

/// Parses UTF-8 text; never null except when memory is exhausted. Free it with `ansatz_toml_free`.
ansatz_toml_document *ansatz_toml_parse(const char *text, size_t length);
void ansatz_toml_free(ansatz_toml_document *document);

/// The entries, the root table first; none when the text is not TOML.
size_t ansatz_toml_count(const ansatz_toml_document *document);
const ansatz_toml_entry *ansatz_toml_entries(const ansatz_toml_document *document);

/// What is wrong with the text (terminated, null when nothing is) and where.
const char *ansatz_toml_error(const ansatz_toml_document *document);
ansatz_toml_region ansatz_toml_error_region(const ansatz_toml_document *document);

#ifdef __cplusplus
}
#endif

#endif
