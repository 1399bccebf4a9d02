#include "tests/structure/rules.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>

namespace snowfield::structure {
namespace {
constexpr std::string_view kRooms[] = {"base", "geo", "db", "proto", "services"};

bool IsIn(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
}

// "services/turf/x.h" -> "turf"; a file of services/ itself belongs to the server.
std::string_view ServiceOf(std::string_view path) {
  const std::string_view rest = path.substr(std::string_view("services/").size());
  const size_t slash = rest.find('/');
  return slash == std::string_view::npos ? "server" : rest.substr(0, slash);
}

std::string_view RoomOf(std::string_view path) {
  const auto room = std::find_if(std::begin(kRooms), std::end(kRooms), [&](auto r) { return IsIn(path, r); });
  return room == std::end(kRooms) ? std::string_view() : *room;
}

// Generated messages are included as "snowfield/turf/v1/turf.pb.h" or "google/rpc/status.pb.h".
bool IsGeneratedProto(std::string_view include) { return include.ends_with(".pb.h"); }

bool MayRoomInclude(std::string_view from, std::string_view to) {
  if (from == to || to == "base") return true;
  return from == "services" && (to == "geo" || to == "db" || to == "proto");
}

bool MayServiceInclude(std::string_view from, std::string_view to) {
  if (from == to || from == "server" || to == "rpc") return true;
  return to == "access" && from != "rpc" && from != "cli";
}

std::string ForeignOffence(std::string_view file, std::string_view include) {
  if (include == "libpq-fe.h" && !IsIn(file, "db/pg")) return "libpq-fe.h belongs to db/pg alone";
  if (include == "geos_c.h" && !IsIn(file, "geo/geos")) return "geos_c.h belongs to geo/geos alone";
  const bool is_rpc =
      include.starts_with("grpc") || include.starts_with("google/protobuf") || IsGeneratedProto(include);
  if (is_rpc && !IsIn(file, "services")) return "gRPC and protobuf belong to services";
  // Abseil and what the language and the system bring; a room below services that needs more says so here.
  const bool has_folder = include.find('/') != std::string_view::npos;
  const bool is_known =
      !RoomOf(include).empty() || !has_folder || include.starts_with("sys/") || include.starts_with("absl/");
  if (IsIn(file, "base") && !is_known) return "base knows Abseil and the standard library only";
  return "";
}

std::string IncludeOffence(std::string_view file, std::string_view include) {
  const std::string foreign = ForeignOffence(file, include);
  if (!foreign.empty()) return foreign;
  const std::string_view from = RoomOf(file);
  const std::string_view to = RoomOf(include);
  if (to.empty()) return "";
  if (!MayRoomInclude(from, to)) return std::string(from) + " may not include " + std::string(to);
  if (from != "services") return "";
  const std::string_view service = ServiceOf(file);
  if (service == "cli" && to == "db") return "services/cli is a client: no database";
  // The map that the client draws needs metres; cutting and walking are the server's.
  if (service == "cli" && to == "geo" && !IsIn(include, "geo/frame"))
    return "services/cli may draw, with geo/frame alone";
  if (to == "services" && !MayServiceInclude(service, ServiceOf(include))) {
    return "services/" + std::string(service) + " may not include services/" + std::string(ServiceOf(include));
  }
  return "";
}

// A string literal that reads like a statement: two words that only SQL puts together, in one literal.
bool HoldsSql(const std::string& text) {
  static const std::regex statement(
      "\"[^\"]*\\b(select\\s.*\\sfrom|insert\\s+into|update\\s+\\w+\\s+set|delete\\s+from|create\\s+(temporary\\s+|"
      "temp\\s+)?"
      "(table|index|role|database|extension)|alter\\s+(table|role|database)|drop\\s+(table|index|role|database)|"
      "truncate\\s+\\w|copy\\s+\\w+\\s+(from|to)\\s|set\\s+(local|role)\\s|returning\\s+\\w+_id|on\\s+conflict)\\b",
      std::regex::icase);
  return std::regex_search(text, statement);
}
}  // namespace

std::string Offence(const SourceLine& line) {
  static const std::regex include("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]");
  std::smatch match;
  if (std::regex_search(line.text, match, include)) return IncludeOffence(line.file, match[1].str());
  const bool may_hold_sql =
      IsIn(line.file, "db/queries") || IsIn(line.file, "db/migrations") || IsIn(line.file, "db/pg");
  const size_t first = line.text.find_first_not_of(' ');
  const bool is_comment = first != std::string::npos && line.text.compare(first, 2, "//") == 0;
  if (!may_hold_sql && !is_comment && HoldsSql(line.text)) return "SQL belongs to db/queries and db/migrations";
  return "";
}

std::vector<std::string> Offences(const std::string& root, int& file_count) {
  namespace fs = std::filesystem;
  std::vector<std::string> offences;
  for (const std::string_view room : kRooms) {
    const fs::path folder = fs::path(root) / room;
    if (!fs::exists(folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cc") continue;
      ++file_count;
      SourceLine line = {.file = entry.path().lexically_relative(root).string(), .text = {}};
      std::ifstream source(entry.path());
      while (std::getline(source, line.text)) {
        ++line.number;
        const std::string why = Offence(line);
        if (!why.empty()) offences.push_back(line.file + ":" + std::to_string(line.number) + ": " + why);
      }
    }
  }
  return offences;
}

}  // namespace snowfield::structure
