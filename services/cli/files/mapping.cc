#include "services/cli/files/mapping.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "base/status.h"

namespace snowfield::cli {
namespace {

namespace pb = snowfield::territory::v1;

constexpr size_t kNoColumn = std::numeric_limits<size_t>::max();

std::string Key(const std::string& name) { return absl::AsciiStrToLower(absl::StripAsciiWhitespace(name)); }

size_t FindColumn(const std::vector<std::string>& columns, const std::string& name) {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (Key(columns[i]) == Key(name)) return i;
  }
  return kNoColumn;
}

// Levenshtein's distance, for "did you mean".
size_t EditDistance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row.back();
}

std::string NearestColumn(const std::vector<std::string>& columns, const std::string& name) {
  std::string nearest;
  size_t best = std::numeric_limits<size_t>::max();
  for (const std::string& column : columns) {
    const size_t distance = EditDistance(Key(column), Key(name));
    if (distance < best) {
      best = distance;
      nearest = column;
    }
  }
  return best <= std::max<size_t>(3, name.size() / 2) ? nearest : "";
}

std::string SourcesInWords(const std::vector<ColumnSource>& sources) {
  return absl::StrJoin(sources, " or ", [](std::string* out, const ColumnSource& source) {
    absl::StrAppend(out, absl::StrJoin(source.columns, " + "));
  });
}

absl::Status ColumnMissing(const Mapping& mapping, const std::vector<std::string>& columns, const std::string& field) {
  const auto sources = mapping.columns.find(field);
  std::string message = absl::StrCat("the file has no column for ", field);
  if (sources != mapping.columns.end()) {
    absl::StrAppend(&message, " (looked for ", SourcesInWords(sources->second), ")");
    const std::string nearest = NearestColumn(columns, sources->second.front().columns.front());
    if (!nearest.empty()) absl::StrAppend(&message, "; nearest is ", nearest);
  }
  absl::StrAppend(&message, "; the columns are: ", absl::StrJoin(columns, ", "), ". Name the right one with --column ",
                  field, "=COLUMN");
  return base::InvalidField(field, "COLUMN_MISSING", message);
}

bool HoldsValue(const std::vector<std::string>& values, const std::string& value) {
  return std::any_of(values.begin(), values.end(),
                     [&](const std::string& one) { return absl::EqualsIgnoreCase(one, value); });
}

std::string CellAt(const Record& record, size_t index) {
  if (index >= record.values.size()) return "";
  return std::string(absl::StripAsciiWhitespace(record.values[index]));
}

void AppendJoined(std::string& text, const std::string& next, const std::string& separator) {
  if (next.empty()) return;
  if (!text.empty()) {
    const bool digits_meet = absl::ascii_isdigit(static_cast<unsigned char>(text.back())) &&
                             absl::ascii_isdigit(static_cast<unsigned char>(next.front()));
    text += separator.empty() && digits_meet ? " " : separator;
  }
  text += next;
}

}  // namespace

const std::vector<std::string>& FieldsOf(ImportKind kind) {
  static const auto* const kAddress =
      new std::vector<std::string>{"external_id", "longitude", "latitude",    "house_number", "street",
                                   "unit",        "city",      "postal_code", "unit_count",   "floor"};
  static const auto* const kStreet = new std::vector<std::string>{"external_id",  "name",     "class_scheme",
                                                                  "source_class", "walkable", "bridge_or_tunnel"};
  static const auto* const kBarrier = new std::vector<std::string>{"external_id", "kind"};
  static const auto* const kBoundary = new std::vector<std::string>{"external_id", "kind", "name", "code"};
  static const auto* const kPerson = new std::vector<std::string>{
      "external_id",  "first_name", "middle_name", "last_name", "suffix",      "address_line",
      "house_number", "street",     "unit",        "city",      "postal_code", "birth_year",
      "birth_date",   "age",        "sex",         "party",     "phone",       "email"};
  static const auto* const kNone = new std::vector<std::string>();
  switch (kind) {
    case pb::IMPORT_KIND_ADDRESSES:
      return *kAddress;
    case pb::IMPORT_KIND_STREETS:
      return *kStreet;
    case pb::IMPORT_KIND_BARRIERS:
      return *kBarrier;
    case pb::IMPORT_KIND_BOUNDARIES:
      return *kBoundary;
    case pb::IMPORT_KIND_PEOPLE:
      return *kPerson;
    default:
      return *kNone;
  }
}

namespace {

constexpr std::array<std::pair<ImportKind, const char*>, 5> kKindNames = {{
    {pb::IMPORT_KIND_ADDRESSES, "addresses"},
    {pb::IMPORT_KIND_STREETS, "streets"},
    {pb::IMPORT_KIND_BARRIERS, "barriers"},
    {pb::IMPORT_KIND_BOUNDARIES, "boundaries"},
    {pb::IMPORT_KIND_PEOPLE, "people"},
}};

}  // namespace

std::string KindName(ImportKind kind) {
  for (const auto& [value, name] : kKindNames) {
    if (value == kind) return name;
  }
  return "";
}

ImportKind KindOfName(std::string_view name) {
  for (const auto& [value, text] : kKindNames) {
    if (name == text) return value;
  }
  return pb::IMPORT_KIND_UNSPECIFIED;
}

absl::StatusOr<BoundMapping> BoundMapping::Bind(const Mapping& mapping, const std::vector<std::string>& columns,
                                                const std::vector<std::string>& fields_required) {
  BoundMapping bound;
  for (const auto& [field, constant] : mapping.constants) bound.fields_[field].constant = constant;
  for (const auto& [field, sources] : mapping.columns) {
    for (const ColumnSource& source : sources) {
      BoundSource bound_source{{}, source.separator};
      for (const std::string& column : source.columns) {
        if (const size_t index = FindColumn(columns, column); index != kNoColumn) bound_source.indexes.push_back(index);
      }
      if (!bound_source.indexes.empty()) bound.fields_[field].sources.push_back(std::move(bound_source));
    }
  }
  for (const std::string& field : fields_required) {
    const auto found = bound.fields_.find(field);
    if (found == bound.fields_.end()) return ColumnMissing(mapping, columns, field);
  }
  for (auto& [field, bound_field] : bound.fields_) {
    if (const auto it = mapping.empty_values.find(field); it != mapping.empty_values.end()) {
      bound_field.empty_values = it->second;
    }
    if (const auto it = mapping.remove_prefix.find(field); it != mapping.remove_prefix.end()) {
      bound_field.remove_prefix = it->second;
    }
  }
  for (const RowFilter& filter : mapping.filters) {
    const size_t index = FindColumn(columns, filter.column);
    if (index != kNoColumn) bound.filters_.push_back({index, filter});
  }
  return bound;
}

std::string BoundMapping::Value(std::string_view field, const Record& record) const {
  const auto found = fields_.find(field);
  if (found == fields_.end()) return "";
  const BoundField& bound = found->second;
  std::string value;
  for (const BoundSource& source : bound.sources) {
    for (const size_t index : source.indexes) {
      const std::string cell = CellAt(record, index);
      if (!HoldsValue(bound.empty_values, cell)) AppendJoined(value, cell, source.separator);
    }
    if (!value.empty()) break;
  }
  if (value.empty()) return bound.constant;
  absl::string_view rest = value;
  if (!bound.remove_prefix.empty()) absl::ConsumePrefix(&rest, bound.remove_prefix);
  return std::string(absl::StripAsciiWhitespace(rest));
}

BoundMapping::Verdict BoundMapping::Filter(const Record& record) const {
  for (const BoundFilter& bound : filters_) {
    const std::string value = CellAt(record, bound.index);
    const bool wanted = bound.filter.take.empty() || HoldsValue(bound.filter.take, value);
    const bool listed = HoldsValue(bound.filter.skip, value);
    if (!wanted || listed) return {bound.filter.column, value, listed};
  }
  return {};
}

}  // namespace snowfield::cli
