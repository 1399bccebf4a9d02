// Mapping: which column of a foreign file says what. The presets are mappings; users write their own as JSON.
//
// The JSON form is described in docs/import.md. A field takes the first of its sources that has a value in the row; a
// source is one column or several joined. Column names are matched without regard to case and outer spaces.
// Thread safety: plain values.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/cli/files/row_sink.h"
#include "services/cli/files/table_reader.h"

namespace snowfield::cli {

struct ColumnSource {
  std::vector<std::string> columns;
  // Put between joined columns that have a value. Two digits never meet: "113" and "1/2" give "113 1/2".
  std::string separator;
};

// Decides by the value of a column whether a row is taken. Values are compared without regard to case.
struct RowFilter {
  std::string column;
  std::vector<std::string> take;  // when not empty: only rows with one of these values
  std::vector<std::string> skip;  // never rows with one of these values
};

struct Mapping {
  std::string name;
  std::string about;  // one sentence for --help and docs
  ImportKind kind = snowfield::territory::v1::IMPORT_KIND_UNSPECIFIED;
  char delimiter = 0;                                            // 0: found out from the header
  std::string encoding;                                          // empty: UTF-8
  std::map<std::string, std::vector<ColumnSource>> columns;      // by field
  std::map<std::string, std::string> constants;                  // by field; for fields without a value
  std::map<std::string, std::vector<std::string>> empty_values;  // by field: values that mean "none", such as 0
  std::map<std::string, std::string> remove_prefix;              // by field: "Precinct " of "Precinct 139"
  std::vector<RowFilter> filters;
};

// The fields that rows of `kind` have, in the order of the proto.
const std::vector<std::string>& FieldsOf(ImportKind kind);
// "addresses", "streets", ...; and back (IMPORT_KIND_UNSPECIFIED where unknown).
std::string KindName(ImportKind kind);
ImportKind KindOfName(std::string_view name);

// INVALID_ARGUMENT MAPPING_INVALID when the text is no JSON, or has a key or field that does not exist; the message
// names the ones that do.
absl::StatusOr<Mapping> ParseMapping(std::string_view json);
// The mapping as the JSON that ParseMapping reads, indented: where a user's own mapping starts from.
std::string MappingAsJson(const Mapping& mapping);
// `assignment` is "field=COLUMN", as --column has it; COLUMN becomes the field's only source.
absl::Status OverrideColumn(Mapping& mapping, std::string_view assignment);

// A mapping laid over the columns of one file.
class BoundMapping {
 public:
  // `columns_required`: fields that the file must have a column (or the mapping a constant) for. INVALID_ARGUMENT
  // COLUMN_MISSING names the missing columns, those that are there, and the nearest name.
  static absl::StatusOr<BoundMapping> Bind(const Mapping& mapping, const std::vector<std::string>& columns,
                                           const std::vector<std::string>& fields_required);

  // The value of a field in the row, trimmed; empty where there is none.
  std::string Value(std::string_view field, const Record& record) const;

  // Whether the file has a column, or the mapping a constant, for the field.
  bool Has(std::string_view field) const { return fields_.find(field) != fields_.end(); }

  // The filter's column and value when the row is to be left out; column is empty when it is taken.
  struct Verdict {
    std::string column;
    std::string value;
    bool listed = false;  // the mapping itself names the value, so that showing it tells nothing new
  };
  Verdict Filter(const Record& record) const;

 private:
  struct BoundSource {
    std::vector<size_t> indexes;
    std::string separator;
  };
  struct BoundField {
    std::vector<BoundSource> sources;
    std::string constant;
    std::vector<std::string> empty_values;
    std::string remove_prefix;
  };
  struct BoundFilter {
    size_t index = 0;
    RowFilter filter;
  };
  std::map<std::string, BoundField, std::less<>> fields_;
  std::vector<BoundFilter> filters_;
};

}  // namespace snowfield::cli
