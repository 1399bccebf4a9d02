// CopyWriter: COPY ... FROM STDIN (FORMAT BINARY), row by row, in constant memory.
//
//   SNOWFIELD_ASSIGN_OR_RETURN(CopyWriter writer, transaction.CopyIn(queries::kCopyStagedDoors));
//   for (const Door& door : doors) SNOWFIELD_RETURN_IF_ERROR(writer.Row().Int64(..).Text(..).EndRow());
//   SNOWFIELD_ASSIGN_OR_RETURN(int64_t row_count, writer.Finish());
//
// The fields of a row must have exactly the types of the columns (binary COPY converts nothing).
// PostgreSQL refuses COPY FROM into a table with row-level security for our role: copy into a temporary table
// (`create temporary table ... on commit drop`) and go on with insert ... select.
// Destroyed without Finish(), the copy is abandoned and its transaction has failed.
// Thread safety: one thread at a time; the Transaction must not be used meanwhile.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "db/pg/connection.h"
#include "db/pg/fields.h"

namespace snowfield::db {

// Bytes are sent when this many have gathered.
inline constexpr size_t kCopyChunkBytes = 64 * 1024;

class CopyWriter : public Fields<CopyWriter> {
 public:
  CopyWriter(Connection* connection, const Patience* patience);
  CopyWriter(CopyWriter&& other) noexcept;
  CopyWriter& operator=(CopyWriter&&) = delete;
  ~CopyWriter();

  // Opens a row; its fields follow.
  CopyWriter& Row();
  // Closes the row. Each row must have as many fields as the first. May send; errors as of a statement.
  absl::Status EndRow();
  // Ends the copy and returns the number of rows stored.
  absl::StatusOr<int64_t> Finish();

 private:
  friend class Fields<CopyWriter>;
  std::string& StartField(TypeOid type);
  void EndField();
  void NullField(TypeOid type);

  Connection* connection_;  // null: finished or moved from
  const Patience* patience_;
  std::string buffer_;
  size_t row_at_ = 0;
  size_t field_at_ = 0;
  int field_count_ = 0;
  int field_count_of_first_ = -1;
};

}  // namespace snowfield::db
