#include "CTOML.h"

// Header-only, so that nothing needs to be linked; errors as values; shallow nesting, so that no recursion here or in
// the parser can exhaust the stack.
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_MAX_NESTED_VALUES 48
#define TOML_ENABLE_FORMATTERS 1
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#endif
#include <toml++/toml.h>
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#include <deque>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

struct ansatz_toml_document {
    toml::table root;
    std::vector<ansatz_toml_entry> entries;
    std::deque<std::string> texts;
    std::string error;
    bool failed = false;
    ansatz_toml_region error_region{};
};

namespace {

constexpr int maximum_key_parts = 32;

ansatz_toml_region region(const toml::source_region &source) {
    return {source.begin.line, source.begin.column, source.end.line, source.end.column};
}

/// Finds a key of very many parts (`a.a.a.…`): toml++ would build a table for each, and take them apart recursively.
/// Reads text as TOML does, so dots in strings, comments and numbers do not count.
bool has_long_key(std::string_view text, ansatz_toml_region &where) {
    uint32_t line = 1, column = 1;
    int parts = 1;
    ansatz_toml_region start{1, 1, 1, 1};
    size_t i = 0;
    const size_t count = text.size();
    auto advance = [&] {
        if (text[i] == '\n') {
            line += 1;
            column = 1;
        } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
            column += 1;
        }
        i += 1;
    };
    auto restart = [&] {
        parts = 1;
        start = {line, column, line, column};
    };
    while (i < count) {
        const char c = text[i];
        if (c == '#') {
            while (i < count && text[i] != '\n') advance();
        } else if (c == '"' || c == '\'') {
            const bool is_long = i + 2 < count && text[i + 1] == c && text[i + 2] == c;
            for (int k = is_long ? 3 : 1; k > 0; --k) advance();
            while (i < count) {
                if (c == '"' && text[i] == '\\' && i + 1 < count) {
                    advance();
                    advance();
                } else if (is_long) {
                    if (text[i] == c && i + 2 < count && text[i + 1] == c && text[i + 2] == c) {
                        for (int k = 3; k > 0; --k) advance();
                        break;
                    }
                    advance();
                } else {
                    const bool ends = text[i] == c || text[i] == '\n';
                    advance();
                    if (ends) break;
                }
            }
        } else if (c == '\n' || c == '=' || c == ',' || c == '[' || c == ']' || c == '{' || c == '}') {
            advance();
            restart();
        } else {
            if (c == '.') parts += 1;
            advance();
            if (parts > maximum_key_parts) {
                where = {start.begin_line, start.begin_column, line, column};
                return true;
            }
        }
    }
    return false;
}

struct collector {
    ansatz_toml_document &document;

    void add(const toml::node &node, int64_t parent, const toml::key *key) {
        ansatz_toml_entry entry{};
        entry.parent = parent;
        entry.region = region(node.source());
        if (key != nullptr) {
            entry.key = key->str().data();
            entry.key_length = key->str().size();
            entry.key_region = region(key->source());
        }
        switch (node.type()) {
            case toml::node_type::table:
                entry.kind = ANSATZ_TOML_TABLE;
                entry.is_inline = node.as_table()->is_inline() ? 1 : 0;
                break;
            case toml::node_type::array:
                entry.kind = ANSATZ_TOML_ARRAY;
                break;
            case toml::node_type::string: {
                const std::string &text = node.as_string()->get();
                entry.kind = ANSATZ_TOML_STRING;
                entry.text = text.data();
                entry.text_length = text.size();
                break;
            }
            case toml::node_type::integer:
                entry.kind = ANSATZ_TOML_INTEGER;
                entry.integer = node.as_integer()->get();
                break;
            case toml::node_type::floating_point:
                entry.kind = ANSATZ_TOML_FLOAT;
                entry.number = node.as_floating_point()->get();
                break;
            case toml::node_type::boolean:
                entry.kind = ANSATZ_TOML_BOOLEAN;
                entry.integer = node.as_boolean()->get() ? 1 : 0;
                break;
            default: {
                std::ostringstream stream;
                if (auto date = node.as_date()) stream << date->get();
                if (auto time = node.as_time()) stream << time->get();
                if (auto moment = node.as_date_time()) stream << moment->get();
                document.texts.push_back(stream.str());
                entry.kind = ANSATZ_TOML_DATE;
                entry.text = document.texts.back().data();
                entry.text_length = document.texts.back().size();
            }
        }
        const auto index = static_cast<int64_t>(document.entries.size());
        document.entries.push_back(entry);
        if (const toml::table *table = node.as_table()) {
            for (auto &&[name, value] : *table) add(value, index, &name);
        } else if (const toml::array *array = node.as_array()) {
            for (auto &&value : *array) add(value, index, nullptr);
        }
    }
};

}  // namespace

extern "C" ansatz_toml_document *ansatz_toml_parse(const char *text, size_t length) {
    ansatz_toml_document *document = nullptr;
    try {
        document = new ansatz_toml_document;
        const std::string_view view(text, length);
        if (has_long_key(view, document->error_region)) {
            document->failed = true;
            document->error = "a key has more than " + std::to_string(maximum_key_parts) + " parts";
            return document;
        }
        toml::parse_result result = toml::parse(view);
        if (!result) {
            document->failed = true;
            document->error = std::string(result.error().description());
            document->error_region = region(result.error().source());
            return document;
        }
        document->root = std::move(result).table();
        collector{*document}.add(document->root, -1, nullptr);
        return document;
    } catch (const std::bad_alloc &) {
        delete document;
        return nullptr;
    } catch (...) {
        if (document != nullptr) {
            document->failed = true;
            document->entries.clear();
            document->error = "the TOML reader gave up";
        }
        return document;
    }
}

extern "C" void ansatz_toml_free(ansatz_toml_document *document) { delete document; }

extern "C" size_t ansatz_toml_count(const ansatz_toml_document *document) { return document->entries.size(); }

extern "C" const ansatz_toml_entry *ansatz_toml_entries(const ansatz_toml_document *document) {
    return document->entries.data();
}

extern "C" const char *ansatz_toml_error(const ansatz_toml_document *document) {
    return document->failed ? document->error.c_str() : nullptr;
}

extern "C" ansatz_toml_region ansatz_toml_error_region(const ansatz_toml_document *document) {
    return document->error_region;
}
