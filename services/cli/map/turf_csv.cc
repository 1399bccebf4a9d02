#include "services/cli/map/turf_csv.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace snowfield::cli {
namespace {

std::string Quoted(const std::string& text) {
  if (text.find_first_of("\",\r\n") == std::string::npos) return text;
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

}  // namespace

std::string WriteTurfCsv(const TurfMap& map) {
  std::string csv = absl::StrCat(kTurfCsvHeader, "\r\n");
  for (const auto& exported : map.turfs) {
    for (const turf::v1::TurfDoor& door : exported.doors()) {
      absl::StrAppendFormat(&csv, "%d,%d,%d,%s,%.7f,%.7f,", exported.turf().number(), door.sequence(), door.door_id(),
                            Quoted(door.external_id()), door.position().longitude(), door.position().latitude());
      absl::StrAppend(&csv, Quoted(door.house_number()), ",", Quoted(door.street()), ",", Quoted(door.unit()), ",",
                      exported.turf().region_number(), "\r\n");
    }
  }
  return csv;
}

}  // namespace snowfield::cli
