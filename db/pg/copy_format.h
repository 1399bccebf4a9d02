// The frame of binary COPY (PostgreSQL manual, COPY, "Binary Format"): a header, rows of counted fields, a trailer.
// Thread safety: a CopyReader is for one thread.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "db/pg/result.h"

namespace snowfield::db {

// Signature, flags, length of an extension that nobody has made.
void PutCopyHeader(std::string& out);
void PutCopyTrailer(std::string& out);

// Takes the messages of a COPY OUT in order and gives their rows. The server never splits a row over two messages.
class CopyReader {
 public:
  // The rows live as long as `message`. Returns the first failure of `on_row`.
  absl::Status Read(const std::string& message, absl::FunctionRef<absl::Status(const Row&)> on_row);

 private:
  bool header_is_read_ = false;
  std::vector<Cell> cells_;
};

}  // namespace snowfield::db
