#include "services/cli/files/row_maker.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/cli/files/coordinates.h"

namespace snowfield::cli {
namespace {

namespace pb = snowfield::territory::v1;
namespace geometry = snowfield::geometry::v1;

constexpr int kYearMin = 1850;
constexpr uint32_t kUnitCountMax = 5000;

std::vector<std::string> RequiredFields(const Mapping& mapping, const TableReader& table, const RowOptions& options) {
  switch (mapping.kind) {
    case pb::IMPORT_KIND_ADDRESSES:
      if (table.has_geometry()) return {"house_number", "street"};
      return {"longitude", "latitude", "house_number", "street"};
    case pb::IMPORT_KIND_STREETS:
      return {"source_class"};
    case pb::IMPORT_KIND_BARRIERS:
      return options.kind.empty() ? std::vector<std::string>{"kind"} : std::vector<std::string>{};
    case pb::IMPORT_KIND_BOUNDARIES:
      return options.kind.empty() ? std::vector<std::string>{"kind", "name"} : std::vector<std::string>{"name"};
    default:
      return {"external_id"};
  }
}

// "12", then "12/2", "12/3" for the further parts of one record; empty stays empty.
std::string PartId(const std::string& id, size_t part) {
  return id.empty() || part == 0 ? id : absl::StrCat(id, "/", part + 1);
}

absl::Status HandOver(ImportRow row, RowSink& sink) {
  const uint64_t line = LineOf(row);
  const size_t bytes = std::visit([](const auto& message) { return message.ByteSizeLong(); }, row);
  if (bytes > kRowBytesMax) {
    sink.TakeIssue(Rejection(
        line, "GEOMETRY_TOO_LARGE", "geometry",
        absl::StrCat("the feature takes more than ", kRowBytesMax, " bytes; simplify it or split it into parts")));
    return absl::OkStatus();
  }
  return sink.TakeRow(std::move(row));
}

bool Truth(const std::string& text) {
  const std::string value = absl::AsciiStrToLower(text);
  return !(value.empty() || value == "no" || value == "false" || value == "0" || value == "n" || value == "f");
}

pb::BarrierKind BarrierKindOf(const std::string& text) {
  const std::string value = absl::AsciiStrToLower(text);
  if (value == "water") return pb::BARRIER_KIND_WATER;
  if (value == "rail") return pb::BARRIER_KIND_RAIL;
  if (value == "motorway") return pb::BARRIER_KIND_MOTORWAY;
  if (value == "other") return pb::BARRIER_KIND_OTHER;
  return pb::BARRIER_KIND_UNSPECIFIED;
}

// The record's position: of its geometry, or of its columns. An issue goes to the sink.
std::optional<geometry::Point> PositionOf(const Record& record, const std::string& longitude,
                                          const std::string& latitude, RowSink& sink) {
  if (!record.parts.empty()) {
    if (auto issue = GeometryIssue(record.line, record.parts.front()); issue.has_value()) {
      sink.TakeIssue(*std::move(issue));
      return std::nullopt;
    }
    return MiddleOf(record.parts.front());
  }
  geometry::Point point;
  if (longitude.empty() || latitude.empty()) {
    sink.TakeIssue(Rejection(record.line, "COORDINATE_MISSING", longitude.empty() ? "longitude" : "latitude",
                             "the row has no position; geocode it or remove it"));
    return std::nullopt;
  }
  double x = 0;
  double y = 0;
  if (!absl::SimpleAtod(longitude, &x) || !absl::SimpleAtod(latitude, &y)) {
    sink.TakeIssue(Rejection(record.line, "COORDINATE_UNREADABLE",
                             absl::SimpleAtod(longitude, &x) ? "latitude" : "longitude",
                             "the coordinate is no number; write degrees with a decimal point, such as 38.9154"));
    return std::nullopt;
  }
  if (auto issue = PositionIssue(record.line, x, y); issue.has_value()) {
    sink.TakeIssue(*std::move(issue));
    return std::nullopt;
  }
  point.set_longitude(x);
  point.set_latitude(y);
  return point;
}

}  // namespace

int YearOfDate(std::string_view text, int this_year) {
  // The year is the run of four digits, or the first four of eight.
  for (size_t begin = 0; begin < text.size();) {
    size_t end = begin;
    while (end < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[end]))) ++end;
    int year = 0;
    if ((end - begin == 4 || end - begin == 8) && absl::SimpleAtoi(base::ToAbsl(text.substr(begin, 4)), &year)) {
      return year >= kYearMin && year <= this_year ? year : 0;
    }
    begin = end + 1;
  }
  return 0;
}

absl::StatusOr<RowMaker> RowMaker::For(const Mapping& mapping, const TableReader& table, const RowOptions& options) {
  if (mapping.kind == pb::IMPORT_KIND_BARRIERS && !options.kind.empty() &&
      BarrierKindOf(options.kind) == pb::BARRIER_KIND_UNSPECIFIED) {
    return base::InvalidField("kind", "KIND_UNKNOWN", "--kind of barriers must be water, rail, motorway or other");
  }
  const auto required = RequiredFields(mapping, table, options);
  auto bound = BoundMapping::Bind(mapping, table.columns(), required);
  if (!bound.ok() && base::DetailOf(bound.status()).field == "kind") {
    return base::InvalidField(
        "kind", "KIND_MISSING",
        absl::StrCat(base::MessageOf(bound.status()), ", or give the kind of the whole file with --kind"));
  }
  if (!bound.ok()) return bound.status();
  if (mapping.kind == pb::IMPORT_KIND_PEOPLE && !bound->Has("address_line") &&
      !(bound->Has("house_number") && bound->Has("street"))) {
    return BoundMapping::Bind(mapping, table.columns(), {"address_line"}).status();
  }
  return RowMaker(mapping.kind, *std::move(bound), options);
}

absl::Status RowMaker::Take(const Record& record, RowSink& sink) {
  const BoundMapping::Verdict verdict = mapping_.Filter(record);
  if (!verdict.column.empty()) {
    // What a voter's row says is never shown, except where the mapping says it first.
    const bool may_show = kind_ != pb::IMPORT_KIND_PEOPLE || verdict.listed;
    const bool room = may_show && skipped_.size() < kSkipReasonsMax;
    ++skipped_[{verdict.column, room ? verdict.value : "any other value"}];
    return absl::OkStatus();
  }
  if (!FieldsFit(record, sink)) return absl::OkStatus();
  switch (kind_) {
    case pb::IMPORT_KIND_ADDRESSES:
      return TakeAddress(record, sink);
    case pb::IMPORT_KIND_STREETS:
      return TakeStreet(record, sink);
    case pb::IMPORT_KIND_BARRIERS:
      return TakeBarrier(record, sink);
    case pb::IMPORT_KIND_BOUNDARIES:
      return TakeBoundary(record, sink);
    default:
      return TakePerson(record, sink);
  }
}

bool RowMaker::FieldsFit(const Record& record, RowSink& sink) const {
  for (const std::string& field : FieldsOf(kind_)) {
    if (mapping_.Value(field, record).size() <= kFieldBytesMax) continue;
    sink.TakeIssue(Rejection(record.line, "FIELD_TOO_LONG", field,
                             absl::StrCat("the value is longer than ", kFieldBytesMax, " bytes; shorten it")));
    return false;
  }
  return true;
}

absl::Status RowMaker::TakeAddress(const Record& record, RowSink& sink) const {
  AddressRow row;
  row.set_line(record.line);
  row.set_external_id(Value("external_id", record));
  row.set_house_number(Value("house_number", record));
  row.set_street(Value("street", record));
  row.set_unit(Value("unit", record));
  row.set_city(Value("city", record));
  row.set_postal_code(Value("postal_code", record));
  if (row.house_number().empty() || row.street().empty()) {
    const bool number = row.house_number().empty();
    sink.TakeIssue(
        Rejection(record.line, number ? "HOUSE_NUMBER_MISSING" : "STREET_MISSING", number ? "house_number" : "street",
                  number ? "the address has no house number; ask the addressing authority for one, or leave it out"
                         : "the address names no street; add it or leave it out"));
    return absl::OkStatus();
  }
  auto position = PositionOf(record, Value("longitude", record), Value("latitude", record), sink);
  if (!position.has_value()) return absl::OkStatus();
  *row.mutable_position() = *std::move(position);
  if (const std::string units = Value("unit_count", record); !units.empty()) {
    double count = 0;  // GIS files write counts as 3 or 3.0
    if (!absl::SimpleAtod(units, &count) || !(count >= 0 && count <= kUnitCountMax)) {
      sink.TakeIssue(
          Rejection(record.line, "UNIT_COUNT_UNREADABLE", "unit_count",
                    absl::StrCat("the number of units must be 0 to ", kUnitCountMax, "; mend it or empty it")));
      return absl::OkStatus();
    }
    row.set_unit_count(static_cast<uint32_t>(count));
  }
  if (int floor = 0; absl::SimpleAtoi(Value("floor", record), &floor) && floor >= -20 && floor <= 300) {
    row.set_floor(floor);
  }
  return HandOver(std::move(row), sink);
}

absl::Status RowMaker::TakeStreet(const Record& record, RowSink& sink) const {
  StreetRow row;
  row.set_line(record.line);
  row.set_name(Value("name", record));
  row.set_class_scheme(Value("class_scheme", record) == "mtfcc" ? pb::CLASS_SCHEME_MTFCC : pb::CLASS_SCHEME_OSM);
  row.set_source_class(Value("source_class", record));
  row.set_bridge_or_tunnel(Truth(Value("bridge_or_tunnel", record)));
  if (const std::string walkable = Value("walkable", record); !walkable.empty()) {
    row.set_walkability(Truth(walkable) ? pb::WALKABILITY_WALKABLE : pb::WALKABILITY_NOT_WALKABLE);
  }
  const std::string id = Value("external_id", record);
  if (row.source_class().empty()) {
    sink.TakeIssue(Rejection(record.line, "CLASS_MISSING", "source_class", "the street has no class; add it"));
    return absl::OkStatus();
  }
  for (size_t part = 0; part < record.parts.size(); ++part) {
    auto issue = GeometryIssue(record.line, record.parts[part]);
    if (!issue.has_value() && !record.parts[part].has_line()) {
      issue =
          Rejection(record.line, "GEOMETRY_KIND", "geometry", "a street must be a line; leave out points and areas");
    }
    if (issue.has_value()) {
      sink.TakeIssue(*std::move(issue));
      continue;
    }
    StreetRow copy = row;
    copy.set_external_id(PartId(id, part));
    *copy.mutable_line_string() = record.parts[part].line();
    SNOWFIELD_RETURN_IF_ERROR(HandOver(std::move(copy), sink));
  }
  return absl::OkStatus();
}

absl::Status RowMaker::TakeBarrier(const Record& record, RowSink& sink) const {
  const std::string named = Value("kind", record);
  const pb::BarrierKind kind = BarrierKindOf(options_.kind.empty() ? named : options_.kind);
  if (kind == pb::BARRIER_KIND_UNSPECIFIED) {
    sink.TakeIssue(Rejection(record.line, "KIND_UNKNOWN", "kind", "the kind must be water, rail, motorway or other"));
    return absl::OkStatus();
  }
  const std::string id = Value("external_id", record);
  for (size_t part = 0; part < record.parts.size(); ++part) {
    auto issue = GeometryIssue(record.line, record.parts[part]);
    if (!issue.has_value() && record.parts[part].has_point()) {
      issue =
          Rejection(record.line, "GEOMETRY_KIND", "geometry", "a barrier must be a line or an area; leave out points");
    }
    if (issue.has_value()) {
      sink.TakeIssue(*std::move(issue));
      continue;
    }
    BarrierRow row;
    row.set_line(record.line);
    row.set_external_id(PartId(id, part));
    row.set_kind(kind);
    *row.mutable_geometry() = record.parts[part];
    SNOWFIELD_RETURN_IF_ERROR(HandOver(std::move(row), sink));
  }
  return absl::OkStatus();
}

absl::Status RowMaker::TakeBoundary(const Record& record, RowSink& sink) const {
  BoundaryRow row;
  row.set_line(record.line);
  row.set_kind(absl::AsciiStrToLower(options_.kind.empty() ? Value("kind", record) : options_.kind));
  row.set_name(Value("name", record));
  row.set_code(Value("code", record));
  if (row.code().empty()) row.set_code(row.name());
  row.set_external_id(Value("external_id", record));
  std::optional<ImportIssue> issue;
  if (row.kind().empty() || row.name().empty()) {
    issue = Rejection(record.line, row.kind().empty() ? "KIND_MISSING" : "NAME_MISSING",
                      row.kind().empty() ? "kind" : "name", "a boundary needs a kind and a name; add what is missing");
  } else if (record.parts.size() != 1 || !record.parts.front().has_multi_polygon()) {
    issue =
        Rejection(record.line, "GEOMETRY_KIND", "area", "a boundary must be an area; close its line into a polygon");
  } else {
    issue = GeometryIssue(record.line, record.parts.front());
  }
  if (issue.has_value()) {
    sink.TakeIssue(*std::move(issue));
    return absl::OkStatus();
  }
  *row.mutable_area() = record.parts.front().multi_polygon();
  return HandOver(std::move(row), sink);
}

absl::Status RowMaker::TakePerson(const Record& record, RowSink& sink) const {
  PersonRow row;
  row.set_line(record.line);
  row.set_external_id(Value("external_id", record));
  if (row.external_id().empty()) {
    sink.TakeIssue(Rejection(record.line, "EXTERNAL_ID_MISSING", "external_id",
                             "the person has no id; add the voter file's id, so that a later import knows the person"));
    return absl::OkStatus();
  }
  row.set_first_name(Value("first_name", record));
  row.set_middle_name(Value("middle_name", record));
  row.set_last_name(Value("last_name", record));
  row.set_suffix(Value("suffix", record));
  row.set_house_number(Value("house_number", record));
  row.set_street(Value("street", record));
  row.set_unit(Value("unit", record));
  // The parts say more than the line; the line is for files that have nothing else.
  if (row.house_number().empty() || row.street().empty()) row.set_address_line(Value("address_line", record));
  row.set_city(Value("city", record));
  row.set_postal_code(Value("postal_code", record));
  row.set_sex(Value("sex", record));
  row.set_party(Value("party", record));
  row.set_phone(Value("phone", record));
  row.set_email(Value("email", record));
  int year = YearOfDate(Value("birth_year", record), options_.this_year);
  if (year == 0) year = YearOfDate(Value("birth_date", record), options_.this_year);
  if (int age = 0; year == 0 && absl::SimpleAtoi(Value("age", record), &age) && age > 0 && age < 130) {
    year = options_.this_year - age;
  }
  row.set_birth_year(year);
  return HandOver(std::move(row), sink);
}

void RowMaker::ReportSkipped(RowSink& sink) const {
  for (const auto& [key, count] : skipped_) {
    const auto& [column, value] = key;
    sink.TakeSkipped({count, "LEFT_OUT_BY_MAPPING", column,
                      absl::StrCat(count, count == 1 ? " row" : " rows", " left out because ", column, " is ",
                                   value.empty() ? "empty" : value, "; the preset's filters decide")});
  }
}

}  // namespace snowfield::cli
