// Result and Row: what a statement gave back, in binary, read by column number from 0.
//
// Reading a column as another type than it has, a null as a value, or a column or row that is not there is a bug of
// ours and ends the program with the column and type named (never the value). Views (Text, Bytea) live as long as the
// Result. Thread safety: a Result may be read from many threads at once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/pg/wire.h"

struct pg_result;  // libpq's PGresult

namespace snowfield::db {

// One value: `type` is kInferred where the server does not say (COPY), and then only the length is checked.
struct Cell {
  const char* bytes = nullptr;
  int length = -1;  // -1: null
  TypeOid type = TypeOid::kInferred;
};

class Row {
 public:
  Row(const pg_result* result, int row) : result_(result), row_(row) {}
  explicit Row(std::span<const Cell> cells) : cells_(cells) {}

  int column_count() const;
  bool IsNull(int column) const;

  int64_t Int64(int column) const;  // int8, int4 or int2
  int32_t Int32(int column) const;  // int4 or int2
  double Double(int column) const;  // float8 or float4; cast a numeric to float8 in the query
  bool Bool(int column) const;
  std::string_view Text(int column) const;   // text, varchar, char(n), name, json, jsonb; cast an enum to text
  std::string_view Bytea(int column) const;  // bytea; a geometry as st_asewkb(...)
  base::Uuid Uuid(int column) const;
  absl::Time Time(int column) const;  // timestamptz
  // A column that holds an id: row.Id<base::DoorId>(0). Null is the zero id.
  template <typename IdType>
  IdType Id(int column) const {
    return IsNull(column) ? IdType() : IdType(Int64(column));
  }

  std::optional<int64_t> OptionalInt64(int column) const;
  std::optional<int32_t> OptionalInt32(int column) const;
  std::optional<double> OptionalDouble(int column) const;
  std::optional<bool> OptionalBool(int column) const;
  std::optional<std::string_view> OptionalText(int column) const;
  std::optional<std::string_view> OptionalBytea(int column) const;
  std::optional<base::Uuid> OptionalUuid(int column) const;
  std::optional<absl::Time> OptionalTime(int column) const;

  // Arrays of one dimension without nulls.
  std::vector<int64_t> Int64s(int column) const;
  std::vector<int32_t> Int32s(int column) const;
  std::vector<double> Doubles(int column) const;
  std::vector<std::string> Texts(int column) const;
  std::vector<base::Uuid> Uuids(int column) const;
  template <typename IdType>
  std::vector<IdType> Ids(int column) const {
    std::vector<IdType> ids;
    for (const int64_t value : Int64s(column)) ids.emplace_back(value);
    return ids;
  }

 private:
  Cell CellAt(int column) const;   // may be null
  Cell ValueAt(int column) const;  // never null
  std::vector<Cell> ItemsAt(int column, TypeOid item_type) const;

  const pg_result* result_ = nullptr;
  int row_ = 0;
  std::span<const Cell> cells_;
};

class Result {
 public:
  explicit Result(pg_result* result);  // takes ownership

  int row_count() const { return row_count_; }
  bool empty() const { return row_count_ == 0; }
  Row operator[](int row) const;
  // What the server says it did: "INSERT 0 5", "COMMIT".
  std::string command_tag() const;
  // Rows that an insert, update, delete or select touched.
  int64_t affected_row_count() const;

  class Iterator {
   public:
    Iterator(const Result* result, int row) : result_(result), row_(row) {}
    Row operator*() const { return (*result_)[row_]; }
    Iterator& operator++() {
      ++row_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const Result* result_;
    int row_;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, row_count_}; }

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> result_;
  int row_count_ = 0;
};

}  // namespace snowfield::db
