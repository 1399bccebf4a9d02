// A cell of a CSV that people open in a spreadsheet. Thread safety: pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/strings/str_replace.h"
#include "base/status.h"

namespace snowfield::cli {

// Quoted (RFC 4180), and never a formula: text that a spreadsheet would calculate gets an apostrophe before it.
// https://owasp.org/www-community/attacks/CSV_Injection
inline std::string CsvCell(std::string_view text) {
  const bool is_formula = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  return (is_formula ? "\"'" : "\"") + absl::StrReplaceAll(base::ToAbsl(text), {{"\"", "\"\""}}) + "\"";
}

}  // namespace snowfield::cli
