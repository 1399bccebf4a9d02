#include "db/pg/wire.h"

#include <bit>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "base/log.h"

namespace snowfield::db {
namespace {
// 2000-01-01 00:00:00 UTC in seconds since 1970.
constexpr int64_t kPostgresEpochSeconds = 946684800;
constexpr int64_t kMicrosPerSecond = 1000000;
// PostgreSQL's last timestamp is in the year 294276, its first in 4714 BC.
constexpr int64_t kMicrosMax = 9223371331200000000 - 1;
constexpr int64_t kMicrosMin = -211813488000000000;
constexpr int64_t kInfinity = std::numeric_limits<int64_t>::max();
constexpr int64_t kMinusInfinity = std::numeric_limits<int64_t>::min();

template <typename Unsigned>
void PutBigEndian(std::string& out, Unsigned value) {
  char bytes[sizeof(Unsigned)];
  for (size_t i = 0; i < sizeof(Unsigned); ++i) bytes[i] = static_cast<char>(value >> (8 * (sizeof(Unsigned) - 1 - i)));
  out.append(bytes, sizeof(bytes));
}

template <typename Unsigned>
Unsigned GetBigEndian(const char* bytes) {
  Unsigned value = 0;
  for (size_t i = 0; i < sizeof(Unsigned); ++i) {
    value = static_cast<Unsigned>(value << 8 | static_cast<unsigned char>(bytes[i]));
  }
  return value;
}

int64_t ToPostgresMicros(absl::Time time) {
  if (time == absl::InfiniteFuture()) return kInfinity;
  if (time == absl::InfinitePast()) return kMinusInfinity;
  const absl::Duration since = time - absl::FromUnixSeconds(kPostgresEpochSeconds);
  const int64_t micros = absl::ToInt64Microseconds(absl::Floor(since, absl::Microseconds(1)));
  if (micros > kMicrosMax) return kInfinity;
  if (micros < kMicrosMin) return kMinusInfinity;
  return micros;
}
}  // namespace

TypeOid ArrayOf(TypeOid item) {
  switch (item) {
    case TypeOid::kBool:
      return TypeOid::kBoolArray;
    case TypeOid::kBytea:
      return TypeOid::kByteaArray;
    case TypeOid::kInt2:
      return TypeOid::kInt2Array;
    case TypeOid::kInt4:
      return TypeOid::kInt4Array;
    case TypeOid::kInt8:
      return TypeOid::kInt8Array;
    case TypeOid::kText:
      return TypeOid::kTextArray;
    case TypeOid::kFloat8:
      return TypeOid::kFloat8Array;
    case TypeOid::kTimestamptz:
      return TypeOid::kTimestamptzArray;
    case TypeOid::kUuid:
      return TypeOid::kUuidArray;
    default:
      return TypeOid::kInferred;
  }
}

TypeOid ItemOf(TypeOid array) {
  for (const TypeOid item : {TypeOid::kBool, TypeOid::kBytea, TypeOid::kInt2, TypeOid::kInt4, TypeOid::kInt8,
                             TypeOid::kText, TypeOid::kFloat8, TypeOid::kTimestamptz, TypeOid::kUuid}) {
    if (ArrayOf(item) == array) return item;
  }
  return TypeOid::kInferred;
}

void PutInt16(std::string& out, int16_t value) { PutBigEndian(out, static_cast<uint16_t>(value)); }
void PutInt32(std::string& out, int32_t value) { PutBigEndian(out, static_cast<uint32_t>(value)); }
void PutInt64(std::string& out, int64_t value) { PutBigEndian(out, static_cast<uint64_t>(value)); }
void PutDouble(std::string& out, double value) { PutBigEndian(out, std::bit_cast<uint64_t>(value)); }
void PutBool(std::string& out, bool value) { out.push_back(value ? '\1' : '\0'); }
void PutText(std::string& out, std::string_view value) { out.append(value); }
void PutUuid(std::string& out, const base::Uuid& value) {
  out.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
}
void PutTime(std::string& out, absl::Time value) { PutInt64(out, ToPostgresMicros(value)); }

int16_t GetInt16(const char* bytes) { return static_cast<int16_t>(GetBigEndian<uint16_t>(bytes)); }
int32_t GetInt32(const char* bytes) { return static_cast<int32_t>(GetBigEndian<uint32_t>(bytes)); }
int64_t GetInt64(const char* bytes) { return static_cast<int64_t>(GetBigEndian<uint64_t>(bytes)); }
float GetFloat(const char* bytes) { return std::bit_cast<float>(GetBigEndian<uint32_t>(bytes)); }
double GetDouble(const char* bytes) { return std::bit_cast<double>(GetBigEndian<uint64_t>(bytes)); }

base::Uuid GetUuid(const char* bytes) {
  base::Uuid uuid;
  std::memcpy(uuid.bytes.data(), bytes, uuid.bytes.size());
  return uuid;
}

absl::Time GetTime(const char* bytes) {
  const int64_t micros = GetInt64(bytes);
  if (micros == kInfinity) return absl::InfiniteFuture();
  if (micros == kMinusInfinity) return absl::InfinitePast();
  // In two steps, as microseconds since 1970 of the last centuries would not fit 64 bits.
  return absl::FromUnixSeconds(kPostgresEpochSeconds + micros / kMicrosPerSecond) +
         absl::Microseconds(micros % kMicrosPerSecond);
}

void SetInt32(std::string& out, size_t offset, int32_t value) {
  std::string bytes;
  PutInt32(bytes, value);
  out.replace(offset, bytes.size(), bytes);
}

void Bug(const std::string& message) {
  base::Log(base::LogLevel::kError, "db.bug", {{"message", message}});
  std::abort();
}

}  // namespace snowfield::db
