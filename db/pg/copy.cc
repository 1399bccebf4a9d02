#include "db/pg/copy.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/pg/copy_format.h"

namespace snowfield::db {

CopyWriter::CopyWriter(Connection* connection, const Patience* patience)
    : connection_(connection), patience_(patience) {
  PutCopyHeader(buffer_);
}

CopyWriter::CopyWriter(CopyWriter&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)),
      patience_(other.patience_),
      buffer_(std::move(other.buffer_)),
      row_at_(other.row_at_),
      field_at_(other.field_at_),
      field_count_(other.field_count_),
      field_count_of_first_(other.field_count_of_first_) {}

CopyWriter::~CopyWriter() {
  if (connection_ == nullptr || !connection_->IsUsable()) return;
  // The server answers an abandoned copy with an error, as it should; there is nobody to tell.
  connection_->EndCopyIn(/*abandon=*/true, *patience_).status().IgnoreError();
}

CopyWriter& CopyWriter::Row() {
  row_at_ = buffer_.size();
  field_count_ = 0;
  PutInt16(buffer_, 0);
  return *this;
}

absl::Status CopyWriter::EndRow() {
  if (field_count_of_first_ < 0) field_count_of_first_ = field_count_;
  if (field_count_ != field_count_of_first_) {
    Bug(absl::StrCat("a row of a COPY has ", field_count_, " fields, the first had ", field_count_of_first_));
  }
  std::string count;
  PutInt16(count, static_cast<int16_t>(field_count_));
  buffer_.replace(row_at_, count.size(), count);
  if (buffer_.size() < kCopyChunkBytes) return absl::OkStatus();
  SNOWFIELD_RETURN_IF_ERROR(connection_->PutCopyBytes(buffer_, *patience_));
  buffer_.clear();
  return absl::OkStatus();
}

absl::StatusOr<int64_t> CopyWriter::Finish() {
  PutCopyTrailer(buffer_);
  SNOWFIELD_RETURN_IF_ERROR(connection_->PutCopyBytes(buffer_, *patience_));
  return std::exchange(connection_, nullptr)->EndCopyIn(/*abandon=*/false, *patience_);
}

std::string& CopyWriter::StartField(TypeOid) {
  PutInt32(buffer_, -1);
  field_at_ = buffer_.size();
  return buffer_;
}

void CopyWriter::EndField() {
  SetInt32(buffer_, field_at_ - 4, static_cast<int32_t>(buffer_.size() - field_at_));
  ++field_count_;
}

void CopyWriter::NullField(TypeOid) {
  PutInt32(buffer_, -1);
  ++field_count_;
}

}  // namespace snowfield::db
