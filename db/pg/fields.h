// Fields: the typed values that go to PostgreSQL, one method for each type; shared by Params and CopyWriter.
//
// Every scalar may be std::nullopt, which is null. The plural forms make an array (for `unnest($1)` batches) from any
// sized range of the type or of std::optional of it; an empty range is an empty array, not null.
// Values are copied at once, so that nothing needs to outlive the call.
//
// Derived has: std::string& StartField(TypeOid), void EndField(), void NullField(TypeOid).
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/pg/wire.h"

namespace snowfield::db {

// More items than this in one array is a bug: a batch is to be split long before.
inline constexpr size_t kArrayItemsMax = 1 << 24;

template <typename Derived>
class Fields {
 public:
  Derived& Int64(std::optional<int64_t> value) { return Scalar(TypeOid::kInt8, value, PutInt64); }
  Derived& Int32(std::optional<int32_t> value) { return Scalar(TypeOid::kInt4, value, PutInt32); }
  Derived& Double(std::optional<double> value) { return Scalar(TypeOid::kFloat8, value, PutDouble); }
  Derived& Bool(std::optional<bool> value) { return Scalar(TypeOid::kBool, value, PutBool); }
  // UTF-8 without NUL: the server refuses other bytes.
  Derived& Text(std::optional<std::string_view> value) { return Scalar(TypeOid::kText, value, PutText); }
  Derived& Bytea(std::optional<std::string_view> value) { return Scalar(TypeOid::kBytea, value, PutText); }
  // EWKB bytes for a geometry column, or for `$1::geometry`. In arrays send Byteas and cast each item.
  Derived& Ewkb(std::optional<std::string_view> value) { return Scalar(TypeOid::kInferred, value, PutText); }
  // JSON as text, for a jsonb column.
  Derived& Jsonb(std::optional<std::string_view> value) { return Scalar(TypeOid::kJsonb, value, PutJsonb); }
  Derived& Uuid(std::optional<base::Uuid> value) { return Scalar(TypeOid::kUuid, value, PutUuid); }
  Derived& Time(std::optional<absl::Time> value) { return Scalar(TypeOid::kTimestamptz, value, PutTime); }
  // The zero id ("none") is null.
  template <typename Tag>
  Derived& Id(base::Id<Tag> id) {
    return Int64(AsOptional(id));
  }

  template <typename Range>
  Derived& Int64s(const Range& items) {
    return Array(TypeOid::kInt8, items, PutInt64);
  }
  template <typename Range>
  Derived& Int32s(const Range& items) {
    return Array(TypeOid::kInt4, items, PutInt32);
  }
  template <typename Range>
  Derived& Doubles(const Range& items) {
    return Array(TypeOid::kFloat8, items, PutDouble);
  }
  template <typename Range>
  Derived& Bools(const Range& items) {
    return Array(TypeOid::kBool, items, PutBool);
  }
  template <typename Range>
  Derived& Texts(const Range& items) {
    return Array(TypeOid::kText, items, PutText);
  }
  template <typename Range>
  Derived& Byteas(const Range& items) {
    return Array(TypeOid::kBytea, items, PutText);
  }
  template <typename Range>
  Derived& Uuids(const Range& items) {
    return Array(TypeOid::kUuid, items, PutUuid);
  }
  template <typename Range>
  Derived& Times(const Range& items) {
    return Array(TypeOid::kTimestamptz, items, PutTime);
  }
  // A range of base::Id<...>; the zero id is null.
  template <typename Range>
  Derived& Ids(const Range& items) {
    return Array(TypeOid::kInt8, items, PutInt64);
  }

 private:
  Derived& self() { return static_cast<Derived&>(*this); }

  static void PutJsonb(std::string& out, std::string_view value) {
    out.push_back('\1');  // version of jsonb's binary form
    out.append(value);
  }

  template <typename T>
  static const std::optional<T>& AsOptional(const std::optional<T>& item) {
    return item;
  }
  template <typename Tag>
  static std::optional<int64_t> AsOptional(const base::Id<Tag>& id) {
    return id ? std::optional<int64_t>(id.value) : std::nullopt;
  }
  template <typename T>
  static std::optional<T> AsOptional(const T& item) {
    return item;
  }

  template <typename T, typename Put>
  Derived& Scalar(TypeOid type, const std::optional<T>& value, Put put) {
    if (value.has_value()) {
      put(self().StartField(type), *value);
      self().EndField();
    } else {
      self().NullField(type);
    }
    return self();
  }

  // Dimensions, "has nulls", type of the items, length, lower bound, then each item with its length (array_recv).
  template <typename Range, typename Put>
  Derived& Array(TypeOid item_type, const Range& items, Put put) {
    const size_t count = std::size(items);
    if (count > kArrayItemsMax) Bug("an array parameter has too many items: split the batch");
    std::string& out = self().StartField(ArrayOf(item_type));
    PutInt32(out, count == 0 ? 0 : 1);
    const size_t has_null_at = out.size();
    PutInt32(out, 0);
    PutInt32(out, static_cast<int32_t>(item_type));
    if (count > 0) {
      PutInt32(out, static_cast<int32_t>(count));
      PutInt32(out, 1);
    }
    for (const auto& item : items) {
      const auto& value = AsOptional(item);
      const size_t length_at = out.size();
      PutInt32(out, -1);
      if (value.has_value()) {
        put(out, *value);
        SetInt32(out, length_at, static_cast<int32_t>(out.size() - length_at - 4));
      } else {
        SetInt32(out, has_null_at, 1);
      }
    }
    self().EndField();
    return self();
  }
};

}  // namespace snowfield::db
