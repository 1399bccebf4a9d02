#include "db/pg/copy_format.h"

#include <string_view>

#include "base/status.h"
#include "db/pg/wire.h"

namespace snowfield::db {
namespace {
constexpr std::string_view kSignature("PGCOPY\n\377\r\n\0", 11);
constexpr size_t kHeaderBytes = 11 + 4 + 4;
constexpr int16_t kTrailer = -1;
}  // namespace

void PutCopyHeader(std::string& out) {
  out.append(kSignature);
  PutInt32(out, 0);
  PutInt32(out, 0);
}

void PutCopyTrailer(std::string& out) { PutInt16(out, kTrailer); }

absl::Status CopyReader::Read(const std::string& message, absl::FunctionRef<absl::Status(const Row&)> on_row) {
  const char* at = message.data();
  const char* const end = at + message.size();
  if (!header_is_read_) {
    if (!message.starts_with(kSignature) || message.size() < kHeaderBytes) Bug("a COPY OUT that is not binary");
    at += kHeaderBytes;
    header_is_read_ = true;
  }
  while (end - at >= 2) {
    const int16_t field_count = GetInt16(at);
    at += 2;
    if (field_count == kTrailer) return absl::OkStatus();
    cells_.assign(static_cast<size_t>(field_count), Cell());
    for (Cell& cell : cells_) {
      cell.length = GetInt32(at);
      cell.bytes = at + 4;
      at += 4 + (cell.length > 0 ? cell.length : 0);
    }
    SNOWFIELD_RETURN_IF_ERROR(on_row(Row(cells_)));
  }
  return absl::OkStatus();
}

}  // namespace snowfield::db
