#include "base/log.h"

#include <unistd.h>

#include <atomic>
#include <cmath>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/trace.h"

namespace snowfield::base {
namespace {
std::atomic<LogLevel> least_level{LogLevel::kInfo};

const char* Name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

std::string JsonValue(const LogField& field) {
  if (const auto* number = std::get_if<int64_t>(&field.value)) return absl::StrFormat("%d", *number);
  if (const auto* real = std::get_if<double>(&field.value)) {
    return std::isfinite(*real) ? absl::StrFormat("%.6g", *real) : "null";
  }
  if (const auto* flag = std::get_if<bool>(&field.value)) return *flag ? "true" : "false";
  return JsonString(std::get<std::string>(field.value));
}
}  // namespace

void SetLogLevel(LogLevel level) { least_level.store(level); }

std::string JsonString(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < 0x20) {
      quoted += absl::StrFormat("\\u%04x", static_cast<int>(byte));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (level < least_level.load()) return;
  std::string line = absl::StrFormat("{\"time\":\"%s\",\"level\":\"%s\",\"event\":%s",
                                     absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(), absl::UTCTimeZone()),
                                     Name(level), JsonString(event));
  if (!CurrentTraceId().empty()) line += ",\"trace\":" + JsonString(CurrentTraceId());
  for (const LogField& field : fields) line += "," + JsonString(field.key) + ":" + JsonValue(field);
  line += "}\n";
  // A log line that can't be written must not stop the work it is about.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace snowfield::base
