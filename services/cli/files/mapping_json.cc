// The JSON form of mappings.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "services/cli/files/mapping.h"

namespace snowfield::cli {
namespace {

using Json = nlohmann::ordered_json;

absl::Status Invalid(std::string_view message) { return base::InvalidField("map", "MAPPING_INVALID", message); }

absl::Status CheckField(ImportKind kind, const std::string& field) {
  const std::vector<std::string>& fields = FieldsOf(kind);
  if (std::find(fields.begin(), fields.end(), field) != fields.end()) return absl::OkStatus();
  return Invalid(absl::StrCat("there is no field ", field, " in ", KindName(kind), "; the fields are ",
                              absl::StrJoin(fields, ", ")));
}

absl::StatusOr<ColumnSource> ParseSource(const Json& json) {
  if (json.is_string()) return ColumnSource{{json.get<std::string>()}, ""};
  if (!json.is_object() || !json.contains("join")) {
    return Invalid("a source is a column name, or {\"join\": [columns], \"with\": \" \"}");
  }
  return ColumnSource{json.at("join").get<std::vector<std::string>>(), json.value("with", std::string(" "))};
}

absl::Status ParseColumns(const Json& json, Mapping& mapping) {
  for (const auto& [field, sources] : json.items()) {
    SNOWFIELD_RETURN_IF_ERROR(CheckField(mapping.kind, field));
    const Json list = sources.is_array() ? sources : Json::array({sources});
    for (const Json& source : list) {
      SNOWFIELD_ASSIGN_OR_RETURN(ColumnSource parsed, ParseSource(source));
      mapping.columns[field].push_back(std::move(parsed));
    }
  }
  return absl::OkStatus();
}

template <typename T>
absl::Status ParseByField(const Json& json, const Mapping& mapping, std::map<std::string, T>& out) {
  for (const auto& [field, value] : json.items()) {
    SNOWFIELD_RETURN_IF_ERROR(CheckField(mapping.kind, field));
    out[field] = value.template get<T>();
  }
  return absl::OkStatus();
}

absl::Status ParseFilters(const Json& json, Mapping& mapping) {
  for (const Json& item : json) {
    RowFilter filter;
    filter.column = item.at("column").get<std::string>();
    filter.take = item.value("take", std::vector<std::string>());
    filter.skip = item.value("skip", std::vector<std::string>());
    mapping.filters.push_back(std::move(filter));
  }
  return absl::OkStatus();
}

absl::Status ParseKey(const std::string& key, const Json& value, Mapping& mapping) {
  if (key == "kind") return absl::OkStatus();  // read first, by ParseObject
  if (key == "columns") return ParseColumns(value, mapping);
  if (key == "constants") return ParseByField(value, mapping, mapping.constants);
  if (key == "empty_values") return ParseByField(value, mapping, mapping.empty_values);
  if (key == "remove_prefix") return ParseByField(value, mapping, mapping.remove_prefix);
  if (key == "filters") return ParseFilters(value, mapping);
  if (key == "name") {
    mapping.name = value.get<std::string>();
  } else if (key == "about") {
    mapping.about = value.get<std::string>();
  } else if (key == "encoding") {
    mapping.encoding = value.get<std::string>();
  } else if (key == "delimiter") {
    const auto text = value.get<std::string>();
    if (text.size() != 1) return Invalid("delimiter must be one character: \",\", \";\" or \"\\t\"");
    mapping.delimiter = text[0];
  } else {
    return Invalid(absl::StrCat("there is no key ", key, " in a mapping; the keys are name, about, kind, delimiter, ",
                                "encoding, columns, constants, empty_values, remove_prefix and filters"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Mapping> ParseObject(const Json& json) {
  if (!json.is_object() || !json.contains("kind")) {
    return Invalid("a mapping is a JSON object with a kind: addresses, streets, barriers, boundaries or people");
  }
  Mapping mapping;
  mapping.kind = KindOfName(json.at("kind").get<std::string>());
  if (mapping.kind == snowfield::territory::v1::IMPORT_KIND_UNSPECIFIED) {
    return Invalid("kind must be addresses, streets, barriers, boundaries or people");
  }
  for (const auto& [key, value] : json.items()) {
    SNOWFIELD_RETURN_IF_ERROR(ParseKey(key, value, mapping));
  }
  return mapping;
}

Json SourceAsJson(const ColumnSource& source) {
  if (source.columns.size() == 1) return source.columns.front();
  return Json{{"join", source.columns}, {"with", source.separator}};
}

}  // namespace

absl::StatusOr<Mapping> ParseMapping(std::string_view json) {
  try {
    return ParseObject(Json::parse(json));
  } catch (const Json::exception& error) {
    return Invalid(absl::StrCat("the mapping can't be read: ", error.what()));
  }
}

std::string MappingAsJson(const Mapping& mapping) {
  Json json;
  json["name"] = mapping.name;
  json["about"] = mapping.about;
  json["kind"] = KindName(mapping.kind);
  if (mapping.delimiter != 0) json["delimiter"] = std::string(1, mapping.delimiter);
  if (!mapping.encoding.empty()) json["encoding"] = mapping.encoding;
  for (const std::string& field : FieldsOf(mapping.kind)) {
    const auto sources = mapping.columns.find(field);
    if (sources == mapping.columns.end()) continue;
    Json list = Json::array();
    for (const ColumnSource& source : sources->second) list.push_back(SourceAsJson(source));
    json["columns"][field] = list;
  }
  if (!mapping.constants.empty()) json["constants"] = mapping.constants;
  if (!mapping.empty_values.empty()) json["empty_values"] = mapping.empty_values;
  if (!mapping.remove_prefix.empty()) json["remove_prefix"] = mapping.remove_prefix;
  for (const RowFilter& filter : mapping.filters) {
    Json item{{"column", filter.column}};
    if (!filter.take.empty()) item["take"] = filter.take;
    if (!filter.skip.empty()) item["skip"] = filter.skip;
    json["filters"].push_back(item);
  }
  return json.dump(2) + "\n";
}

absl::Status OverrideColumn(Mapping& mapping, std::string_view assignment) {
  const size_t equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == assignment.size()) {
    return base::InvalidField("column", "COLUMN_ASSIGNMENT_INVALID", "--column must read field=COLUMN");
  }
  const std::string field(assignment.substr(0, equals));
  SNOWFIELD_RETURN_IF_ERROR(CheckField(mapping.kind, field));
  mapping.columns[field] = {ColumnSource{{std::string(assignment.substr(equals + 1))}, ""}};
  return absl::OkStatus();
}

}  // namespace snowfield::cli
