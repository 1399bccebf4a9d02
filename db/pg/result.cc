#include "db/pg/result.h"

#include <libpq-fe.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace snowfield::db {
namespace {
bool Is(const Cell& cell, std::initializer_list<TypeOid> types) {
  if (cell.type == TypeOid::kInferred) return true;
  for (const TypeOid type : types) {
    if (cell.type == type) return true;
  }
  return false;
}

[[noreturn]] void WrongType(int column, const Cell& cell, const char* wanted) {
  Bug(absl::StrCat("column ", column, " was read as ", wanted, " but has type oid ", static_cast<uint32_t>(cell.type),
                   " and ", cell.length, " bytes: cast it in the query, or read it as what it is"));
}

void Require(bool right, int column, const Cell& cell, const char* wanted) {
  if (!right) WrongType(column, cell, wanted);
}
}  // namespace

int Row::column_count() const { return result_ != nullptr ? PQnfields(result_) : static_cast<int>(cells_.size()); }

Cell Row::CellAt(int column) const {
  if (column < 0 || column >= column_count()) {
    Bug(absl::StrCat("column ", column, " was read of a row that has ", column_count(), " columns"));
  }
  if (result_ == nullptr) return cells_[column];
  const auto type = static_cast<TypeOid>(PQftype(result_, column));
  if (PQgetisnull(result_, row_, column)) return {.type = type};
  return {.bytes = PQgetvalue(result_, row_, column), .length = PQgetlength(result_, row_, column), .type = type};
}

Cell Row::ValueAt(int column) const {
  const Cell cell = CellAt(column);
  if (cell.length < 0) Bug(absl::StrCat("column ", column, " is null: read it with the Optional accessor"));
  return cell;
}

bool Row::IsNull(int column) const { return CellAt(column).length < 0; }

int64_t Row::Int64(int column) const {
  const Cell cell = ValueAt(column);
  if (cell.length == 8 && Is(cell, {TypeOid::kInt8})) return GetInt64(cell.bytes);
  return Int32(column);
}

int32_t Row::Int32(int column) const {
  const Cell cell = ValueAt(column);
  if (cell.length == 2 && Is(cell, {TypeOid::kInt2})) return GetInt16(cell.bytes);
  Require(cell.length == 4 && Is(cell, {TypeOid::kInt4}), column, cell, "an integer");
  return GetInt32(cell.bytes);
}

double Row::Double(int column) const {
  const Cell cell = ValueAt(column);
  if (cell.length == 4 && Is(cell, {TypeOid::kFloat4})) return GetFloat(cell.bytes);
  Require(cell.length == 8 && Is(cell, {TypeOid::kFloat8}), column, cell, "a float8");
  return GetDouble(cell.bytes);
}

bool Row::Bool(int column) const {
  const Cell cell = ValueAt(column);
  Require(cell.length == 1 && Is(cell, {TypeOid::kBool}), column, cell, "a bool");
  return cell.bytes[0] != 0;
}

std::string_view Row::Text(int column) const {
  const Cell cell = ValueAt(column);
  if (cell.type == TypeOid::kJsonb && cell.length > 0) {
    return {cell.bytes + 1, static_cast<size_t>(cell.length - 1)};  // the first byte is jsonb's version
  }
  Require(Is(cell, {TypeOid::kText, TypeOid::kVarchar, TypeOid::kBpchar, TypeOid::kName, TypeOid::kJson}), column, cell,
          "a text");
  return {cell.bytes, static_cast<size_t>(cell.length)};
}

std::string_view Row::Bytea(int column) const {
  const Cell cell = ValueAt(column);
  Require(Is(cell, {TypeOid::kBytea}), column, cell, "a bytea");
  return {cell.bytes, static_cast<size_t>(cell.length)};
}

base::Uuid Row::Uuid(int column) const {
  const Cell cell = ValueAt(column);
  Require(cell.length == 16 && Is(cell, {TypeOid::kUuid}), column, cell, "a uuid");
  return GetUuid(cell.bytes);
}

absl::Time Row::Time(int column) const {
  const Cell cell = ValueAt(column);
  Require(cell.length == 8 && Is(cell, {TypeOid::kTimestamptz}), column, cell, "a timestamptz");
  return GetTime(cell.bytes);
}

std::optional<int64_t> Row::OptionalInt64(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Int64(column));
}
std::optional<int32_t> Row::OptionalInt32(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Int32(column));
}
std::optional<double> Row::OptionalDouble(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Double(column));
}
std::optional<bool> Row::OptionalBool(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Bool(column));
}
std::optional<std::string_view> Row::OptionalText(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Text(column));
}
std::optional<std::string_view> Row::OptionalBytea(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Bytea(column));
}
std::optional<base::Uuid> Row::OptionalUuid(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Uuid(column));
}
std::optional<absl::Time> Row::OptionalTime(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Time(column));
}

// The layout is in db/pg/fields.h. It comes from the server, so only the types are checked, which are ours to get
// wrong.
std::vector<Cell> Row::ItemsAt(int column, TypeOid item_type) const {
  const Cell cell = ValueAt(column);
  Require(cell.length >= 12 && Is(cell, {ArrayOf(item_type)}), column, cell, "an array");
  const int32_t dimension_count = GetInt32(cell.bytes);
  if (dimension_count == 0) return {};
  const auto stored_type = static_cast<TypeOid>(GetInt32(cell.bytes + 8));
  Require(dimension_count == 1 && stored_type == item_type, column, cell, "an array of one dimension");
  std::vector<Cell> items(static_cast<size_t>(GetInt32(cell.bytes + 12)));
  const char* at = cell.bytes + 20;
  for (Cell& item : items) {
    const int32_t length = GetInt32(at);
    Require(length >= 0, column, cell, "an array without nulls");
    item = {.bytes = at + 4, .length = length, .type = item_type};
    at += 4 + length;
  }
  return items;
}

std::vector<int64_t> Row::Int64s(int column) const {
  std::vector<int64_t> values;
  for (const Cell& item : ItemsAt(column, TypeOid::kInt8)) values.push_back(GetInt64(item.bytes));
  return values;
}

std::vector<int32_t> Row::Int32s(int column) const {
  std::vector<int32_t> values;
  for (const Cell& item : ItemsAt(column, TypeOid::kInt4)) values.push_back(GetInt32(item.bytes));
  return values;
}

std::vector<double> Row::Doubles(int column) const {
  std::vector<double> values;
  for (const Cell& item : ItemsAt(column, TypeOid::kFloat8)) values.push_back(GetDouble(item.bytes));
  return values;
}

std::vector<std::string> Row::Texts(int column) const {
  std::vector<std::string> values;
  for (const Cell& item : ItemsAt(column, TypeOid::kText)) {
    values.emplace_back(item.bytes, static_cast<size_t>(item.length));
  }
  return values;
}

std::vector<base::Uuid> Row::Uuids(int column) const {
  std::vector<base::Uuid> values;
  for (const Cell& item : ItemsAt(column, TypeOid::kUuid)) values.push_back(GetUuid(item.bytes));
  return values;
}

Result::Result(pg_result* result) : result_(result), row_count_(PQntuples(result)) {}

void Result::Clear::operator()(pg_result* result) const { PQclear(result); }

Row Result::operator[](int row) const {
  if (row < 0 || row >= row_count_) {
    Bug(absl::StrCat("row ", row, " was read of a result that has ", row_count_, " rows"));
  }
  return Row(result_.get(), row);
}

std::string Result::command_tag() const { return PQcmdStatus(result_.get()); }

int64_t Result::affected_row_count() const { return std::atoll(PQcmdTuples(result_.get())); }

}  // namespace snowfield::db
