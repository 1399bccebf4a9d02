// Log: one JSON object a line on standard error, for programs to read.
//
// Values are counts, ids, codes and durations. Names, addresses, positions, notes and tokens are never logged, and
// neither is the text of a database error (it may quote a row). Within a TraceScope each line names its trace.
// Thread safety: each line is written with one write(2); callable from any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace snowfield::base {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

struct LogField {
  std::string_view key;
  std::variant<int64_t, double, bool, std::string> value;

  LogField(std::string_view k, int64_t v) : key(k), value(v) {}
  LogField(std::string_view k, int v) : key(k), value(int64_t{v}) {}
  LogField(std::string_view k, size_t v) : key(k), value(static_cast<int64_t>(v)) {}
  LogField(std::string_view k, double v) : key(k), value(v) {}
  LogField(std::string_view k, bool v) : key(k), value(v) {}
  LogField(std::string_view k, std::string_view v) : key(k), value(std::string(v)) {}
  LogField(std::string_view k, const char* v) : key(k), value(std::string(v)) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(v) {}
};

// Lines below `level` are dropped. The start value is kInfo.
void SetLogLevel(LogLevel level);

// `event` is a constant, lower case with dots: "cut.finished".
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

// `text` quoted and escaped as a JSON string.
std::string JsonString(std::string_view text);

}  // namespace snowfield::base
