// PostgreSQL's binary representation of the types that we use: network byte order, without the length word.
//
// Put...() append to a buffer; Get...() read a value whose length the caller has checked. Times are microseconds since
// 2000-01-01 UTC, with the two ends of the range as -/+ infinity (postgresql: datatype/timestamp.h).
// Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "base/uuid.h"

namespace snowfield::db {

// Object ids of PostgreSQL's built-in types (catalog/pg_type.dat); fixed since they were introduced.
enum class TypeOid : uint32_t {
  kInferred = 0,  // the server decides from the statement
  kBool = 16,
  kBytea = 17,
  kName = 19,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kText = 25,
  kJson = 114,
  kFloat4 = 700,
  kFloat8 = 701,
  kBoolArray = 1000,
  kByteaArray = 1001,
  kInt2Array = 1005,
  kInt4Array = 1007,
  kTextArray = 1009,
  kInt8Array = 1016,
  kFloat8Array = 1022,
  kBpchar = 1042,
  kVarchar = 1043,
  kTimestamptz = 1184,
  kTimestamptzArray = 1185,
  kUuid = 2950,
  kUuidArray = 2951,
  kJsonb = 3802,
};

// The array type of a scalar type, and back; kInferred where there is none.
TypeOid ArrayOf(TypeOid item);
TypeOid ItemOf(TypeOid array);

void PutInt16(std::string& out, int16_t value);
void PutInt32(std::string& out, int32_t value);
void PutInt64(std::string& out, int64_t value);
void PutDouble(std::string& out, double value);
void PutBool(std::string& out, bool value);
void PutText(std::string& out, std::string_view value);
void PutUuid(std::string& out, const base::Uuid& value);
// Rounds down to the microsecond; times that PostgreSQL can't hold become -/+ infinity.
void PutTime(std::string& out, absl::Time value);

int16_t GetInt16(const char* bytes);
int32_t GetInt32(const char* bytes);
int64_t GetInt64(const char* bytes);
float GetFloat(const char* bytes);
double GetDouble(const char* bytes);
base::Uuid GetUuid(const char* bytes);
absl::Time GetTime(const char* bytes);

// Overwrites four bytes at `offset` of `out`, which exist.
void SetInt32(std::string& out, size_t offset, int32_t value);

// Logs `message` (no data of users in it) and ends the program: for bugs of ours only, never for input.
[[noreturn]] void Bug(const std::string& message);

}  // namespace snowfield::db
