// Doctor: looks a deployment's database over, and says of each thing whether it is well and else the mend.
// Thread safety: Examine() is pure; RunDoctor() has connections of its own.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "db/store/doctor_store.h"

namespace snowfield::server {

enum class Grade { kGood, kWarning, kBad };
struct Finding {
  Grade grade = Grade::kGood;
  std::string what;  // "archiving"
  std::string says;  // how it is
  std::string mend;  // empty where it is well
};

// One finding for each thing, in the order in which they matter. `is_own`: the database of `serve --data`, whose login
// role owns the schema.
std::vector<Finding> Examine(const db::DatabaseFacts& facts, bool is_own);

// Prints the findings, as a table or JSON lines. FAILED_PRECONDITION UNWELL where one is bad; UNAVAILABLE where the
// database can't be reached; what Migrate() refuses.
absl::Status RunDoctor(const std::string& connection_string, bool is_own, bool json);

}  // namespace snowfield::server
