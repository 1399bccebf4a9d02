// Text encodings of the files that people bring.
// Thread safety: IsUtf8 is pure; one TextDecoder, one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace snowfield::cli {

// True for well-formed UTF-8 (RFC 3629): no surrogates, no overlong forms.
bool IsUtf8(std::string_view text);

// Turns text of a named encoding into UTF-8.
class TextDecoder {
 public:
  // "utf-8" (or empty), "latin1" or "windows-1252"; INVALID_ARGUMENT ENCODING_UNKNOWN otherwise.
  static absl::StatusOr<TextDecoder> For(std::string_view encoding);

  // INVALID_ARGUMENT ENCODING_MISMATCH when the text is not in the encoding; the message says the mend.
  absl::StatusOr<std::string> Decode(std::string_view text) const;

 private:
  struct IconvClose {
    void operator()(void* handle) const;
  };
  std::unique_ptr<void, IconvClose> converter_;  // null for UTF-8, which is only checked
};

}  // namespace snowfield::cli
