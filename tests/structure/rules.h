// The directions of the house as rules on lines of source: who may include whom, and where SQL may stand.
//
//   base -> Abseil and std      geo -> base      db -> base      services -> geo, db, proto, base
// libpq-fe.h only in db/pg, geos_c.h only in geo/geos, SQL only in db/queries and db/migrations (and the transaction
// words of db/pg). Of the services: server may include all, cli only rpc, and each other one only rpc, access and
// itself. Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace snowfield::structure {

struct SourceLine {
  std::string file;  // from the root of the repository: "services/turf/turf_service.cc"
  int number = 0;
  std::string text;
};

// Why the line breaks a rule; empty when it does not.
std::string Offence(const SourceLine& line);

// The offences of all .h and .cc files below `root` in base, geo, db, proto and services, as "file:line: why".
// `file_count` counts the files read.
std::vector<std::string> Offences(const std::string& root, int& file_count);

}  // namespace snowfield::structure
